"""How a street's name sounds, as a key that spellings of one sound share, English or Spanish.

"houten" and "Houghton", "valensia" and "Valencia", "la choya" and "La Cholla" have a key in
common. Knows no street and decides nothing: the caller of these keys also looks at the letters.
"""

import re

_LETTERS = (
    (r"^(?:kn|gn)", "n"),
    (r"^wr", "r"),
    (r"gh(?=t)", ""),
    (r"gh", "g"),
    (r"ph", "f"),
    (r"mpb", "mp"),
    (r"tch|ch", "C"),
    (r"sh", "C"),
    (r"ck|qu?", "k"),
    (r"th", "t"),
    (r"sc(?=[eiy])", "s"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"v", "b"),
    (r"d$", "t"),
    (r"h", ""),
    (r"y(?=[aeou])", "Y"),
    (r"w(?=[aeio])", "W"),
)
_ENGLISH = tuple((re.compile(pattern), to) for pattern, to in _LETTERS)
_SPANISH = ((re.compile(r"ll"), "Y"), (re.compile(r"j"), "h"), *_ENGLISH)
_VOWELS = re.compile(r"(?<!^)[aeiouyw]+")
_FIRST_VOWEL = re.compile(r"^[aeiouyw]+")
_DOUBLE = re.compile(r"(.)\1+")


def sounds(folded: str) -> tuple[str, ...]:
    """The keys of a folded name: as English reads it and, where that differs, as Spanish does."""
    joined = folded.replace(" ", "")
    english, spanish = _key(joined, _ENGLISH), _key(joined, _SPANISH)
    return (english,) if english == spanish else (english, spanish)


def _key(letters: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, to in rules:
        letters = pattern.sub(to, letters)
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", _FIRST_VOWEL.sub("A", letters)))
