"""Finds the streets in an utterance: known by name, numbered, or unknown with their type.

The ground of the address and corner readers; says where in the words each street stands. Knows
no house number, no corner and no position on a map.
"""

from dataclasses import dataclass, field, replace

from ivr.rules.numbers_spoken import (
    cardinal_as_ordinal,
    first_number,
    ordinal,
)
from ivr.rules.street_names import Names
from ivr.rules.street_words import (
    CONNECTORS,
    DETERMINERS,
    DIRECTIONS,
    NAME_PARTICLES,
    NAME_STARTERS,
    NOT_A_STREET_AFTER,
    PREPOSITIONS,
    STOP_WORDS,
    TYPES,
    TYPES_AFTER_NUMBER,
    TYPES_BEFORE,
    UNIT_WORDS,
    skip,
)

LIKE_WORDS = 80
"""Words of an utterance in which streets are looked for by sound."""
_SHORTEST_HEARD = 5
_SHORTEST_PAIRED = 3
"""Letters of a numbered street that "y" or "con" alone make a street: 22nd, not 2nd."""
_PAIRING = frozenset({"y", "con"})
_NEVER_FIRST = (STOP_WORDS | DETERMINERS | DIRECTIONS.keys()) - NAME_PARTICLES
"""Words with which no misheard street begins."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name at words[start:end]; `sure` unless the name is also an ordinary word."""

    start: int
    end: int
    name: str
    direction: str = ""
    suffix: str = ""
    sure: bool = True

    @property
    def is_numbered(self) -> bool:
        """Whether the name is a number: 6th."""
        return self.name[:1].isdigit()


@dataclass(slots=True)
class Utterance:
    """The words as spoken and folded, index by index, with the streets found in them."""

    spoken: list[str]
    words: list[str]
    names: Names
    streets: list[Street] = field(default_factory=list)

    def text(self, start: int, end: int) -> str:
        """The caller's own words of a stretch."""
        return " ".join(self.spoken[start:end])

    def part(self, start: int, end: int | None = None) -> "Utterance":
        """The same for a stretch of the words, its streets not yet looked for."""
        return Utterance(self.spoken[start:end], self.words[start:end], self.names)

    def word(self, at: int) -> str:
        """The folded word at `at`; "" outside."""
        return self.words[at] if 0 <= at < len(self.words) else ""


def all_streets(utterance: Utterance, *, by_sound: bool = False) -> list[Street]:
    """Every street that the names know, left to right, none overlapping.

    With `by_sound` also misheard names, where a street's name may begin.
    """
    found: list[Street] = []
    at = 0
    while at < len(utterance.words):
        street = _known(utterance, at)
        if street is None and by_sound and len(utterance.words) - at <= LIKE_WORDS:
            street = _heard(utterance, at)
        if street is not None:
            found.append(street)
        at = street.end if street is not None else at + 1
    return found


def _known(utterance: Utterance, at: int) -> Street | None:
    """A known or numbered street at `at`, with its direction before and its type around."""
    words = utterance.words
    direction = DIRECTIONS.get(words[at], "")
    begin = at + 1 if direction else at
    if begin >= len(words):
        return None
    street = _named(utterance, at, begin, direction) or _typed_before(
        utterance, at, begin, direction
    )
    thing = street is not None and not street.sure and utterance.word(at - 1) in DETERMINERS
    return None if thing else street


def _named(utterance: Utterance, start: int, at: int, direction: str) -> Street | None:
    words, names = utterance.words, utterance.names
    found = names.street_at(words, at)
    if found is None:
        return _numbered(utterance, start, at, direction)
    name, end, common = found
    suffix = TYPES.get(utterance.word(end), "")
    sure = bool(direction or suffix) or not common
    return Street(start, end + bool(suffix), name, direction, suffix, sure)


ORDINARY_ORDINALS = frozenset(
    {"first", "second", "third", "primera", "segunda", "tercera", "cuarta", "quinta"}
)


def _numbered(utterance: Utterance, start: int, at: int, direction: str) -> Street | None:
    """ "sixth avenue", "sexta avenida", "doce avenida", "la doce"."""
    found = ordinal(utterance.words, at)
    cardinal = cardinal_as_ordinal(utterance.words, at) if found is None else None
    number = found or cardinal
    if number is None:
        return None
    name, end = number
    kinds = TYPES_AFTER_NUMBER if utterance.word(end + 1) not in NOT_A_STREET_AFTER else {}
    suffix = kinds.get(utterance.word(end), "")
    if found is None and not suffix:
        return _the_numbered(utterance, start, at, direction, number)
    common = utterance.word(at) in ORDINARY_ORDINALS
    sure = bool(direction or suffix) or not common
    return Street(start, end + bool(suffix), name, direction, suffix, sure)


def _the_numbered(
    utterance: Utterance, start: int, at: int, direction: str, number: tuple[str, int]
) -> Street | None:
    """ "la doce", "la 22", "Craycroft con veintidós", "veintidós y Kolb": Spanish without its type."""
    name, end = number
    if name == "1st" or first_number(utterance.words, end) is not None:
        return None  # one o'clock, or the beginning of a longer number: "la dos mil tres este Lee"
    before, after = utterance.word(start - 1), utterance.word(end)
    article = before == "la" and utterance.word(start - 2) != "a" and after != "de"
    ends = not after or after in STOP_WORDS | PREPOSITIONS
    paired = (before in _PAIRING and ends) or _pairs(utterance, end)
    spelt = not utterance.word(at).isdigit()
    if article or (spelt and (direction or (paired and len(name) > _SHORTEST_PAIRED))):
        return Street(start, end, name, direction, sure=False)
    return None


def _pairs(utterance: Utterance, end: int) -> bool:
    """Whether "y Kolb", "con la Kolb" follows: a number that a street's name is joined to."""
    if utterance.word(end) not in _PAIRING:
        return False
    begin = skip(utterance.words, end + 1, {"la"}, 1)
    found = utterance.names.street_at(utterance.words, begin)
    return found is not None and not found[2]


def _typed_before(utterance: Utterance, start: int, at: int, direction: str) -> Street | None:
    """ "calle sexta", "avenida Campbell", "la calle veintidós"."""
    words = utterance.words
    kind = TYPES_BEFORE.get(words[at])
    if kind is None:
        return None
    begin = skip(words, at + 1, {"la", "el", "de"}, 2)
    if begin >= len(words):
        return None
    if (number := cardinal_as_ordinal(words, begin)) is not None:
        return Street(start, number[1], number[0], direction, kind)
    found = utterance.names.street_at(words, begin)
    if found is not None:
        return Street(start, found[1], found[0], direction, "")
    street = _named(utterance, start, begin, direction)
    return street and replace(street, suffix=street.suffix or kind, sure=True)


def _heard(utterance: Utterance, at: int) -> Street | None:
    """A misheard name after a direction, a connector, a preposition or the start."""
    words = utterance.words
    direction = DIRECTIONS.get(words[at], "")
    begin = at + 1 if direction else at
    before = utterance.word(at - 1)
    may_begin = not before or direction or before in CONNECTORS | PREPOSITIONS
    if not may_begin or len(utterance.word(begin)) < _SHORTEST_HEARD:
        return None
    return _like(utterance, at, begin, direction)


def _like(utterance: Utterance, start: int, begin: int, direction: str) -> Street | None:
    first = utterance.word(begin)
    if first in _NEVER_FIRST or first_number([first], 0) is not None:
        return None
    mended = utterance.names.like(utterance.words, begin)
    if mended is None:
        return None
    suffix = TYPES.get(utterance.word(mended[1]), "")
    sure = bool(direction or suffix)
    return Street(start, mended[1] + bool(suffix), mended[0], direction, suffix, sure)


# Streets that no name knows.


def unknown_street(utterance: Utterance, at: int, *, numbered: bool) -> Street | None:
    """A street that no name knows: words before a type, a Spanish name, or a mended near miss.

    Args:
        utterance: The words.
        at: Where the street, or its direction, begins.
        numbered: Whether a house number stands before it: then a bare name after a direction
            is enough.
    """
    words = utterance.words
    if at >= len(words):
        return None
    direction = DIRECTIONS.get(words[at], "")
    begin = at + 1 if direction else at
    return (
        _like(utterance, at, begin, direction)
        or _spanish(utterance, at, begin, direction)
        or typed_after(utterance, at, begin, direction)
        or (_bare(utterance, at, begin, direction) if numbered and direction else None)
    )


def typed_after(utterance: Utterance, start: int, begin: int, direction: str) -> Street | None:
    """Up to four words and their type: "Elm Grove Lane"."""
    words = utterance.words
    for end in range(begin + 1, min(begin + 5, len(words))):
        if words[end - 1] in STOP_WORDS or words[end - 1].isdigit():
            return None
        if words[end] in TYPES:
            return _titled(utterance, start, begin, end, direction, TYPES[words[end]])
    return None


def _spanish(utterance: Utterance, start: int, begin: int, direction: str) -> Street | None:
    """ "Paseo Del Norte", "Placita De La Paz": a starter, its particles and what they lead to."""
    if utterance.word(begin) not in NAME_STARTERS:
        return None
    end = _after_name(utterance, begin + 1)
    while end > begin + 1 and utterance.word(end) in NAME_PARTICLES:
        further = _after_name(utterance, end)
        if further == end:
            break
        end = further
    if end == begin + 1:
        return None
    kind = TYPES.get(utterance.word(end), "")
    return _titled(utterance, start, begin, end, direction, kind)


def _after_name(utterance: Utterance, at: int) -> int:
    """Index after particles and one word of a name; `at` itself when there is none."""
    end = skip(utterance.words, at, NAME_PARTICLES, 2)
    word = utterance.word(end)
    ends = not word or word in STOP_WORDS or word in UNIT_WORDS or word in TYPES or word.isdigit()
    return at if ends else end + 1


def _bare(utterance: Utterance, start: int, begin: int, direction: str) -> Street | None:
    """The last words after a number and a direction, when they are few and none is ordinary."""
    rest = utterance.words[begin:]
    end = next((at for at, word in enumerate(rest) if word in UNIT_WORDS), len(rest)) + begin
    if not 0 < end - begin <= 3 or set(utterance.words[begin:end]) & STOP_WORDS:
        return None
    return _titled(utterance, start, begin, end, direction, "")


def _titled(
    utterance: Utterance, start: int, begin: int, end: int, direction: str, suffix: str
) -> Street:
    name = " ".join(word.capitalize() for word in utterance.spoken[begin:end])
    return Street(start, end + bool(suffix), name, direction, suffix)
