"""From words to a place, in both languages: addresses, corners, landmarks.

Pure: what names exist is handed in (`Names`, built from a city's gazetteer); without it streets
are still found by number, direction and type. Says only what was said; it places nothing.
"""

import re
from collections.abc import Sequence

from ivr.rules.folding import LONGEST, fold
from ivr.rules.numbers_spoken import first_number, house_number
from ivr.rules.spoken_amendment import amended, crosswise
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_corners import corner
from ivr.rules.street_finding import Street, Utterance, all_streets, typed_after, unknown_street
from ivr.rules.street_names import NO_NAMES, Names
from ivr.rules.street_words import (
    ASIDE,
    BEFORE_HOMOPHONE,
    BLOCK_NAMES,
    BLOCK_WORDS,
    DIRECTIONS,
    NUMBER_WORDS,
    TYPES,
    UNIT_WORDS,
    corrections,
    skip,
)
from models.states import Language

__all__ = ["NO_NAMES", "Names", "PlaceKind", "SpokenPlace", "read"]

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OF_STREET = frozenset({"de", "la", "el", "something"})
_NO_DIGITS = re.compile(r"(?<=\d),(?=\d{3}\b)|(?<=\d)\s1/2\b")
""" "2,200" has a comma, and "415 1/2" the half of an alley's house."""
_AND_SIGNS = str.maketrans(dict.fromkeys("&@+/", " and "))
_UNIT_SIGN = re.compile(r"#(?=\s?\w{1,5}\s+\d)")
""" "#4 1030 N Alvernon": the sign before a first of two numbers is a home's."""
_SHORT_REPLIES = (ASIDE - {"the", "la", "el"}) | frozenset(
    {"nope", "nah", "wrong", "yes", "si", "actually", "should", "be"}
)
"""What stands before the part that is changed; an article may belong to a street's name."""
MOST_WORDS = 400
"""Words of an utterance in which a place is looked for: the last ones, where it is."""
CORRECTED_WORDS = 60
"""Words before and after a self-correction that are held against each other."""
NUMBER_WORDS_MOST = 16
"""Words of a house number at most; six digits said one by one need half of that."""
SHORTEST_BARE = 3
"""Digits that a number needs before a bare name: "two Broadway tickets" is no address."""


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
    for start, end, clear in reversed(corrections(utterance.words)):
        place = _corrected(utterance, start, end, clear=clear)
        if place is not None:
            return place
    return _read(utterance)


def amend(earlier: SpokenPlace, text: str, names: Names = NO_NAMES) -> tuple[SpokenPlace, ...]:
    """Change just the part of a place that later words name: "no, Sixth Avenue", "West", "2300".

    Args:
        earlier: The place that was read back.
        text: What the caller said to that, without a whole place in it.
        names: Streets that exist.

    Returns:
        What it may be now, the likeliest first; of a corner either street may be the wrong one.
        Empty when the words name no part of it.
    """
    utterance = _utterance(text, names).part(0, CORRECTED_WORDS)
    later = utterance.part(skip(utterance.words, 0, _SHORT_REPLIES, 6))
    later.streets = all_streets(later)
    if len(later.streets) > 1 or not _begins_at_once(later):
        return ()
    named = _as_alone(later, later.streets[:1])
    changed = [amended(earlier, named, later.words)]
    if earlier.kind is PlaceKind.INTERSECTION:
        turned = amended(crosswise(earlier), named, later.words)
        changed.append(crosswise(turned))
    return tuple(one for one in dict.fromkeys(changed) if one != earlier)


def _corrected(utterance: Utterance, start: int, end: int, *, clear: bool) -> SpokenPlace | None:
    """The place after a correction at words[start:end], or the earlier one with a part changed.

    A `clear` correction ("I mean") may be followed by any place; a bare "no" only directly by
    what takes the earlier one's place. None when nothing was corrected.
    """
    later = utterance.part(end, end + CORRECTED_WORDS)
    place = _read(later)
    at_once = _begins_at_once(later)
    if place.kind is not PlaceKind.NONE and clear:
        return place
    before = utterance.part(max(0, start - CORRECTED_WORDS), start)
    earlier = _read(before)
    if not at_once or (not clear and not _says_something(earlier, before)):
        return earlier if clear and earlier.kind is not PlaceKind.NONE else None
    if place.kind is not PlaceKind.NONE:
        return place
    named = place if place.street else _as_alone(later, later.streets[:1])
    return amended(earlier, named, later.words)


def _says_something(place: SpokenPlace, utterance: Utterance) -> bool:
    """Whether there is a place, or a number at the end, that a bare "no" could take back."""
    if place.kind is not PlaceKind.NONE:
        return True
    last = range(max(0, len(utterance.words) - 4), len(utterance.words))
    ends = (house_number(utterance.words, at) for at in last)
    return any(number is not None and number[1] == len(utterance.words) for number in ends)


def _begins_at_once(later: Utterance) -> bool:
    """Whether the words begin with a number, a direction or a street, small words aside."""
    at = skip(later.words, 0, ASIDE, 3)
    type_alone = later.word(at) in TYPES and len(later.words) == at + 1
    return type_alone or (
        house_number(later.words, at) is not None
        or later.word(at) in DIRECTIONS
        or any(street.start <= at for street in later.streets[:1])
    )


def _utterance(text: str, names: Names) -> Utterance:
    plain = _UNIT_SIGN.sub(" unit ", _NO_DIGITS.sub("", text[:LONGEST]))
    plain = plain.translate(_AND_SIGNS)
    spoken = _TOKEN.findall(plain)[-MOST_WORDS:]
    pairs = [(word, fold(word)) for word in spoken]
    kept = [(word, folded) for word, folded in pairs if folded and " " not in folded]
    return Utterance([w for w, _ in kept], [f for _, f in kept], names)


def _read(utterance: Utterance) -> SpokenPlace:
    utterance.streets = all_streets(utterance)
    return (
        _address(utterance)
        or corner(utterance)
        or _by_sound(utterance)
        or _landmark(utterance)
        or _street_alone(utterance)
        or SpokenPlace()
    )


def _by_sound(utterance: Utterance) -> SpokenPlace | None:
    """The corner of streets that were misheard; known names alone made none."""
    heard = utterance.part(0)
    heard.streets = all_streets(heard, by_sound=True)
    return corner(heard) if len(heard.streets) > len(utterance.streets) else None


# Addresses.


def _address(utterance: Utterance) -> SpokenPlace | None:
    """A house or block number with its street, in either order."""
    inside = {at for street in utterance.streets for at in range(street.start, street.end)}
    at = 0
    while at < len(utterance.words):
        if (unit_end := _after_unit(utterance, at)) > at:
            at = unit_end
            continue
        number = None if at in inside else _house_number(utterance, at)
        place = _numbered(utterance, at, *number) if number is not None else None
        if place is not None:
            return place
        at = number[1] if number is not None else at + 1
    return _number_after(utterance)


def _after_unit(utterance: Utterance, at: int) -> int:
    """Index after "apartment 12": its number is no house number; `at` when there is no unit."""
    if utterance.word(at) not in UNIT_WORDS:
        return at
    begin = skip(utterance.words, at + 1, NUMBER_WORDS, 1)
    found = first_number(utterance.words, begin)
    return found[1] if found is not None else at + 1


def _house_number(utterance: Utterance, at: int) -> tuple[str, int] | None:
    """The number at `at`, ending where the next street begins."""
    begins = (street.start for street in utterance.streets if street.start > at)
    end = min(next(begins, len(utterance.words)), at + NUMBER_WORDS_MOST)
    may_mishear = at == 0 or utterance.word(at - 1) in BEFORE_HOMOPHONE
    number = house_number(utterance.words[at:end], 0, may_mishear=may_mishear)
    return number and (number[0], at + number[1])


def _numbered(utterance: Utterance, start: int, digits: str, end: int) -> SpokenPlace | None:
    words = utterance.words
    end = _after_half(utterance, end)
    begin = skip(words, end, BLOCK_WORDS, 4)
    street = _street_from(utterance, begin) or unknown_street(utterance, begin, numbered=True)
    if street is None and begin != end:
        begin, street = end, unknown_street(utterance, end, numbered=True)
    of_block = utterance.word(start - 1) in BLOCK_NAMES or (
        begin > end and _block(words[end:begin])
    )
    if street is None or (begin > end and not of_block):
        return None
    facing = _facing(utterance, street)
    if len(digits) < SHORTEST_BARE and not (facing.direction or facing.suffix or of_block):
        return None
    return _as_address(utterance, digits, facing, start, _after_unit(utterance, facing.end))


def _after_half(utterance: Utterance, at: int) -> int:
    """Index after "and a half", which alley houses have; the house before it is near enough."""
    begin = skip(utterance.words, at, {"and", "y"}, 1)
    half = skip(utterance.words, begin, {"a", "one", "un"}, 1)
    return half + 1 if utterance.word(half) in {"half", "medio"} else at


def _block(between: list[str]) -> bool:
    """Between number and street only words like "block of" may stand, not "on" alone."""
    return bool(BLOCK_NAMES & set(between)) or set(between) <= _OF_STREET


def _street_from(utterance: Utterance, at: int) -> Street | None:
    """The known street at `at`, or a longer unknown one that begins with its name."""
    street = next((street for street in utterance.streets if street.start == at), None)
    if street is None or street.suffix:
        return street
    begin = at + bool(street.direction)
    longer = typed_after(utterance, at, begin, street.direction)
    crossed = longer and any(at < other.start < longer.end for other in utterance.streets)
    return longer if longer and longer.end > street.end + 1 and not crossed else street


def _facing(utterance: Utterance, street: Street) -> Street:
    """ "2200 Speedway East": the direction may stand after the street, not before "of"."""
    direction = DIRECTIONS.get(utterance.word(street.end), "")
    leads_on = utterance.word(street.end + 1) in {"of", "de", "del", "from", "on"}
    if street.direction or not direction or leads_on:
        return street
    end = street.end + 1
    return Street(street.start, end, street.name, direction, street.suffix, street.sure)


def _number_after(utterance: Utterance) -> SpokenPlace | None:
    """ "Speedway número 2200", "calle Stone 400 norte"."""
    words = utterance.words
    for street in utterance.streets:
        begin = skip(words, street.end, NUMBER_WORDS | {"al"}, 2)
        number = house_number(words, begin)
        if number is None or not street.sure or len(number[0]) < 3:
            continue
        digits, end = number
        direction = DIRECTIONS.get(utterance.word(end), "")
        facing = Street(
            street.start, street.end, street.name, street.direction or direction, street.suffix
        )
        return _as_address(utterance, digits, facing, street.start, end + bool(direction))
    return None


def _as_address(
    utterance: Utterance, digits: str, street: Street, start: int, end: int
) -> SpokenPlace:
    return SpokenPlace(
        PlaceKind.ADDRESS,
        number=digits.lstrip("0"),
        direction=street.direction,
        street=street.name,
        suffix=street.suffix,
        text=utterance.text(start, end),
    )


# The rest.


def _landmark(utterance: Utterance) -> SpokenPlace | None:
    for at in range(len(utterance.words)):
        found = utterance.names.landmark_at(utterance.words, at)
        if found is not None:
            name, end = found
            return SpokenPlace(PlaceKind.LANDMARK, street=name, text=utterance.text(at, end))
    return None


def _street_alone(utterance: Utterance) -> SpokenPlace | None:
    """A street without number or corner is not a place yet, but it is worth keeping."""
    sure = [street for street in utterance.streets if street.sure]
    return _as_alone(utterance, sure) if sure else None


def _as_alone(utterance: Utterance, streets: Sequence[Street]) -> SpokenPlace:
    """The first of the streets as no place yet; nothing when there is none."""
    if not streets:
        return SpokenPlace()
    street = streets[0]
    return SpokenPlace(
        PlaceKind.NONE,
        direction=street.direction,
        street=street.name,
        suffix=street.suffix,
        text=utterance.text(street.start, street.end),
    )
