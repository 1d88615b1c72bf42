"""How long a sentence takes to speak, before anybody has spoken it.

150 words a minute is the pace that the prompts are written for; a recording's own measured
length wins. Knows no menu and no voice: it counts what a voice would say, digits included.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

WORDS_A_MINUTE = 150
_SECONDS_A_WORD = 60 / WORDS_A_MINUTE
_PIECE = re.compile(r"\{\w+\}|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*")
PLACEHOLDER_WORDS: Mapping[str, int] = {
    "place": 6,
    "request_number": 8,
    "number": 4,
    "opens_at": 7,
    "wait": 3,
    "position": 1,
    "answer": 8,
    "intent": 3,
    "status": 6,
    "service": 3,
}
"""Words that each variable is taken to become; a variable not named here counts as four."""


def spoken_words(text: str) -> int:
    """Count the words of `text` as a voice says them.

    A number of up to two digits is one word and a longer one a word a digit ("311", house
    numbers, request numbers): long numbers are read slowly, so the count errs to the long side.
    """
    return sum(_words_of(piece) for piece in _PIECE.findall(text))


def _words_of(piece: str) -> int:
    if piece.startswith("{"):
        return PLACEHOLDER_WORDS.get(piece[1:-1], 4)
    if piece.isdigit():
        return 1 if len(piece) <= 2 else len(piece)
    return 1


@lru_cache(maxsize=20_000)
def seconds_of(text: str) -> float:
    """Seconds that `text` takes at 150 words a minute; 0 for nothing to say."""
    return spoken_words(text) * _SECONDS_A_WORD


def total_seconds(parts: Iterable[tuple[str, str]], recordings: Mapping[str, float]) -> float:
    """Seconds of several parts, each (text, id of its recording or "").

    `recordings` holds measured seconds by id; a recording that is not there is taken by its text.
    """
    return sum(recordings.get(recording, seconds_of(text)) for text, recording in parts)
