"""Says sentences from patterns: many persons, bodies and places from few lines a person can read.

A pattern's `[a|b|c]` is one of these and `@name` a word of a list. What is drawn comes from the
hash of the pattern, so that the same patterns always say the same. Knows nothing of danger.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ivr.errors import CityPackError
from models.states import Language

SAID = 4
"""Sentences that are said of one pattern, if it can say so many."""
_TRIES = 3 * SAID
_FRAMED = 64
"""Of 256: how many sentences are opened with words that tell nothing; ended so, half as many."""
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_LISTED = re.compile(r"@(\w+)")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Lists of words by name, and what callers open and end with in each language."""

    lists: Mapping[str, Sequence[str]]
    openings: Mapping[Language, Sequence[str]]
    endings: Mapping[Language, Sequence[str]]

    def say(self, pattern: str, language: Language) -> Iterator[str]:
        """Sentences of one pattern, no two of them the same.

        Raises:
            CityPackError: the pattern names a list that is not there.
        """
        said: set[str] = set()
        for turn in range(_TRIES):
            sentence = self._filled(pattern, turn)
            if sentence not in said and len(said) < SAID:
                said.add(sentence)
                yield self._framed(sentence, f"{turn} {pattern}", language)

    def _filled(self, pattern: str, turn: int) -> str:
        """The pattern with one word drawn for each choice."""
        drawn = _Drawn(f"{turn} {pattern}")
        listed = _LISTED.sub(lambda found: drawn.of(self._list(found[1])), pattern)
        return " ".join(_CHOICE.sub(lambda found: drawn.of(found[1].split("|")), listed).split())

    def _list(self, name: str) -> Sequence[str]:
        try:
            return self.lists[name]
        except KeyError as error:
            raise CityPackError([f"danger grammar: no list is called @{name}"]) from error

    def _framed(self, sentence: str, key: str, language: Language) -> str:
        """The sentence, now and then with an opening or an ending that tells nothing."""
        drawn = sha256(f"framed {key}".encode()).digest()
        if drawn[0] < _FRAMED:
            sentence = f"{_Drawn(f'opened {key}').of(self.openings[language])} {sentence}"
        if drawn[1] < _FRAMED // 2:
            sentence = f"{sentence} {_Drawn(f'ended {key}').of(self.endings[language])}"
        return sentence


class _Drawn:
    """Draws by hash: the same key draws the same words in the same order."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._draws = 0

    def of(self, options: Sequence[str]) -> str:
        """Draw one of the options."""
        self._draws += 1
        digest = sha256(f"{self._key} {self._draws}".encode()).digest()
        return options[int.from_bytes(digest[:4], "big") % len(options)]


def compile_grammar(document: Mapping[str, Any]) -> Grammar:
    """Read the city's lists, openings and endings: texts whose words are set apart by `|`."""
    lists, openings, endings = (document[name] for name in ("lists", "openings", "endings"))
    return Grammar(
        {name: words.split("|") for name, words in lists.items()},
        {language: openings[language.value].split("|") for language in Language},
        {language: endings[language.value].split("|") for language in Language},
    )
