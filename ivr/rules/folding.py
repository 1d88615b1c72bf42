"""Words without case, accents and marks, so that spelling does not decide what was meant.

Used by every reader of speech; knows no language and no meaning.
"""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
LONGEST = 10_000
"""Characters of an utterance that are read; a recogniser returns far fewer."""


def fold(text: str) -> str:
    """Return `text` lower case, without accents, apostrophes closed up, one blank between words."""
    plain = text[:LONGEST].translate(_APOSTROPHES).casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def holds(folded: str, phrase: str) -> bool:
    """Say whether the folded `phrase` stands in the folded text as whole words."""
    return f" {phrase} " in f" {folded} "
