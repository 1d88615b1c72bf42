"""From words to a place, in both languages: addresses, corners, landmarks.

Pure: what names exist is handed in (`Names`, built from a city's gazetteer); without it streets
are still found by number, direction and type. Says only what was said; it places nothing.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ivr.rules.folding import LONGEST, fold
from ivr.rules.numbers_spoken import cardinal_as_ordinal, house_number, ordinal
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_names import NO_NAMES, Names
from ivr.rules.street_words import (
    BETWEEN,
    BETWEEN_STREETS,
    BLOCK_WORDS,
    CONNECTORS,
    DIRECTIONS,
    NUMBER_WORDS,
    PREPOSITIONS,
    STOP_WORDS,
    TYPES,
    TYPES_BEFORE,
    after_correction,
    skip,
)
from models.states import Language

__all__ = ["NO_NAMES", "Names", "PlaceKind", "SpokenPlace", "read"]

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
MOST_WORDS = 400
"""Words of an utterance in which a place is looked for: the last ones, where it is."""
NEIGHBOURS = 5
"""Words between the two streets of a corner."""


@dataclass(frozen=True, slots=True)
class _Street:
    """A street's name at words[start:end]; `sure` unless the name is also an ordinary word."""

    start: int
    end: int
    name: str
    direction: str = ""
    suffix: str = ""
    sure: bool = True


@dataclass(slots=True)
class _Utterance:
    """The words as spoken and folded, index by index."""

    spoken: list[str]
    words: list[str]
    names: Names
    streets: list[_Street] = field(default_factory=list)

    def text(self, start: int, end: int) -> str:
        return " ".join(self.spoken[start:end])


def read(text: str, language: Language, names: Names = NO_NAMES) -> SpokenPlace:
    """Read a place out of words.

    Args:
        text: What the recogniser returned; any length, of which the last 400 words are read.
        language: The caller's; both languages are always understood.
        names: Streets and landmarks that exist.

    Returns:
        The place as said, of kind `none` when there is none; then `street` may still hold a
        street that was named alone.
    """
    del language
    utterance = _utterance(text, names)
    corrected = after_correction(utterance.words)
    if corrected:
        later = _read(_slice(utterance, corrected))
        if later.kind is not PlaceKind.NONE:
            return later
        earlier = _read(utterance)
        return _amended(earlier, later)
    return _read(utterance)


def _amended(earlier: SpokenPlace, later: SpokenPlace) -> SpokenPlace:
    """ "Sixth Street and Stone, I mean Sixth Avenue": change the part that was corrected."""
    if not later.street or earlier.kind is PlaceKind.NONE:
        return earlier
    if later.street == earlier.cross_street:
        return replace(earlier, cross_suffix=later.suffix)
    return replace(earlier, street=later.street, suffix=later.suffix or earlier.suffix)


def _utterance(text: str, names: Names) -> _Utterance:
    plain = _THOUSANDS.sub("", text[:LONGEST]).replace("&", " and ")
    spoken = _TOKEN.findall(plain)[-MOST_WORDS:]
    pairs = [(word, fold(word)) for word in spoken]
    kept = [(word, folded) for word, folded in pairs if folded and " " not in folded]
    return _Utterance([w for w, _ in kept], [f for _, f in kept], names)


def _slice(utterance: _Utterance, start: int) -> _Utterance:
    return _Utterance(utterance.spoken[start:], utterance.words[start:], utterance.names)


def _read(utterance: _Utterance) -> SpokenPlace:
    utterance.streets = _all_streets(utterance)
    return (
        _address(utterance)
        or _corner(utterance)
        or _landmark(utterance)
        or _street_alone(utterance)
        or SpokenPlace()
    )


# Streets.


def _all_streets(utterance: _Utterance) -> list[_Street]:
    """Every street that the names know, left to right, none overlapping."""
    found: list[_Street] = []
    at = 0
    while at < len(utterance.words):
        street = _known(utterance, at)
        if street is None:
            at += 1
        else:
            found.append(street)
            at = street.end
    return found


def _known(utterance: _Utterance, at: int) -> _Street | None:
    """A known or numbered street at `at`, with its direction before and its type around."""
    words = utterance.words
    direction = DIRECTIONS.get(words[at], "")
    begin = at + 1 if direction else at
    if begin >= len(words):
        return None
    return _named(utterance, at, begin, direction) or _typed_before(utterance, at, begin, direction)


def _named(utterance: _Utterance, start: int, at: int, direction: str) -> _Street | None:
    words, names = utterance.words, utterance.names
    found = names.street_at(words, at)
    numbered = ordinal(words, at) if found is None else None
    if found is not None:
        name, end, common = found
    elif numbered is not None:
        name, end, common = numbered[0], numbered[1], words[at] in _ORDINARY_ORDINALS
    else:
        return None
    suffix = TYPES.get(words[end], "") if end < len(words) else ""
    sure = bool(direction or suffix) or not common
    return _Street(start, end + bool(suffix), name, direction, suffix, sure)


_ORDINARY_ORDINALS = frozenset(
    {"first", "second", "third", "primera", "segunda", "tercera", "cuarta", "quinta"}
)


def _typed_before(utterance: _Utterance, start: int, at: int, direction: str) -> _Street | None:
    """ "calle sexta", "avenida Campbell", "la calle veintidós"."""
    words = utterance.words
    kind = TYPES_BEFORE.get(words[at])
    if kind is None:
        return None
    begin = skip(words, at + 1, {"la", "el", "de"}, 2)
    if begin >= len(words):
        return None
    if (number := cardinal_as_ordinal(words, begin)) is not None:
        return _Street(start, number[1], number[0], direction, kind)
    found = utterance.names.street_at(words, begin)
    if found is not None:
        return _Street(start, found[1], found[0], direction, "")
    street = _named(utterance, start, begin, direction)
    return street and replace(street, suffix=street.suffix or kind, sure=True)


def _unknown(utterance: _Utterance, at: int, *, numbered: bool) -> _Street | None:
    """A street that no name knows: up to four words before a type, or after number and direction.

    Near misses of known names ("cambell") are mended by spelling.
    """
    words = utterance.words
    if at >= len(words):
        return None
    direction = DIRECTIONS.get(words[at], "")
    begin = at + 1 if direction else at
    mended = utterance.names.like(words, begin)
    if mended is not None:
        suffix = TYPES.get(words[mended[1]], "") if mended[1] < len(words) else ""
        return _Street(at, mended[1] + bool(suffix), mended[0], direction, suffix)
    for end in range(begin + 1, min(begin + 5, len(words))):
        if words[end - 1] in STOP_WORDS or words[end - 1].isdigit():
            return None
        if words[end] in TYPES:
            return _titled(utterance, at, begin, end, direction, TYPES[words[end]])
    bare = numbered and direction and begin < len(words) and len(words) - begin <= 3
    if bare and not set(words[begin:]) & STOP_WORDS:
        return _titled(utterance, at, begin, len(words), direction, "")
    return None


def _titled(
    utterance: _Utterance, start: int, begin: int, end: int, direction: str, suffix: str
) -> _Street:
    name = " ".join(word.capitalize() for word in utterance.spoken[begin:end])
    return _Street(start, end + bool(suffix), name, direction, suffix)


# Addresses.


def _address(utterance: _Utterance) -> SpokenPlace | None:
    """A house or block number with its street, in either order."""
    inside = {at for street in utterance.streets for at in range(street.start, street.end)}
    at = 0
    while at < len(utterance.words):
        number = None if at in inside else house_number(utterance.words, at)
        if number is None:
            at += 1
            continue
        place = _numbered(utterance, at, *number)
        if place is not None:
            return place
        at = number[1]
    return _number_after(utterance)


def _numbered(utterance: _Utterance, start: int, digits: str, end: int) -> SpokenPlace | None:
    words = utterance.words
    begin = skip(words, end, BLOCK_WORDS, 4)
    street = _street_from(utterance, begin) or _unknown(utterance, begin, numbered=True)
    if street is None and begin != end:
        street = _unknown(utterance, end, numbered=True)
    if street is None or (begin > end and not _block(words[end:begin])):
        return None
    return _as_address(utterance, digits, street, start, street.end)


def _block(between: list[str]) -> bool:
    """Between number and street only words like "block of" may stand, not "on" alone."""
    return bool({"block", "cuadra", "bloque"} & set(between)) or set(between) <= {"de", "la", "el"}


def _street_from(utterance: _Utterance, at: int) -> _Street | None:
    return next((street for street in utterance.streets if street.start == at), None)


def _number_after(utterance: _Utterance) -> SpokenPlace | None:
    """ "Speedway número 2200", "calle Stone 400 norte"."""
    words = utterance.words
    for street in utterance.streets:
        begin = skip(words, street.end, NUMBER_WORDS | {"al"}, 2)
        number = house_number(words, begin)
        if number is None or not street.sure or len(number[0]) < 3:
            continue
        digits, end = number
        direction = DIRECTIONS.get(words[end], "") if end < len(words) else ""
        facing = replace(street, direction=street.direction or direction)
        return _as_address(utterance, digits, facing, street.start, end + bool(direction))
    return None


def _as_address(
    utterance: _Utterance, digits: str, street: _Street, start: int, end: int
) -> SpokenPlace:
    return SpokenPlace(
        PlaceKind.ADDRESS,
        number=digits.lstrip("0"),
        direction=street.direction,
        street=street.name,
        suffix=street.suffix,
        text=utterance.text(start, end),
    )


# Corners.


def _corner(utterance: _Utterance) -> SpokenPlace | None:
    return _known_corner(utterance) or _half_known_corner(utterance)


def _known_corner(utterance: _Utterance) -> SpokenPlace | None:
    streets = utterance.streets
    for one, other in pairwise(streets):
        between = utterance.words[one.end : other.start]
        near = len(between) <= NEIGHBOURS and set(between) <= BETWEEN_STREETS | BETWEEN
        joined = bool(set(between) & CONNECTORS) or (one.sure and other.sure)
        if near and joined and _differ(one, other):
            return _between(utterance, one, other) or _as_corner(utterance, one, other)
    return None


def _differ(one: _Street, other: _Street) -> bool:
    """Two different streets; "sixth and sixth" is a street and an avenue of one number."""
    same = one.name == other.name and one.suffix == other.suffix
    return not same or one.name[:1].isdigit()


def _between(utterance: _Utterance, one: _Street, other: _Street) -> SpokenPlace | None:
    """ "Speedway between Swan and Craycroft" is at Speedway and Swan, or a little further."""
    before = set(utterance.words[max(0, one.start - 2) : one.start])
    third = next((s for s in utterance.streets if s not in (one, other)), None)
    if third is None or not before & BETWEEN:
        return None
    return _as_corner(utterance, third, one)


def _half_known_corner(utterance: _Utterance) -> SpokenPlace | None:
    """One street known, the other by its type or by its spelling."""
    words = utterance.words
    for street in utterance.streets:
        if street.end < len(words) and words[street.end] in CONNECTORS:
            begin = skip(words, street.end, CONNECTORS | {"the", "la", "el"}, 3)
            other = _unknown(utterance, begin, numbered=False)
            if other is not None:
                return _as_corner(utterance, street, other)
        if street.start > 1 and words[street.start - 1] in CONNECTORS:
            before = _before(utterance, street.start - 1)
            if before is not None:
                return _as_corner(utterance, before, street)
    return None


def _before(utterance: _Utterance, connector: int) -> _Street | None:
    """The street whose words end at the connector and begin after a preposition."""
    for begin in range(connector - 1, max(-1, connector - 5), -1):
        if begin == 0 or utterance.words[begin - 1] in PREPOSITIONS:
            street = _unknown(utterance, begin, numbered=False)
            return street if street is not None and street.end == connector else None
    return None


def _as_corner(utterance: _Utterance, one: _Street, other: _Street) -> SpokenPlace:
    return SpokenPlace(
        PlaceKind.INTERSECTION,
        direction=one.direction,
        street=one.name,
        suffix=one.suffix,
        cross_street=other.name,
        cross_suffix=other.suffix,
        text=utterance.text(min(one.start, other.start), max(one.end, other.end)),
    )


# The rest.


def _landmark(utterance: _Utterance) -> SpokenPlace | None:
    for at in range(len(utterance.words)):
        found = utterance.names.landmark_at(utterance.words, at)
        if found is not None:
            name, end = found
            return SpokenPlace(PlaceKind.LANDMARK, street=name, text=utterance.text(at, end))
    return None


def _street_alone(utterance: _Utterance) -> SpokenPlace | None:
    """A street without number or corner is not a place yet, but it is worth keeping."""
    street = next((street for street in utterance.streets if street.sure), None)
    if street is None:
        return None
    return SpokenPlace(
        PlaceKind.NONE,
        direction=street.direction,
        street=street.name,
        suffix=street.suffix,
        text=utterance.text(street.start, street.end),
    )
