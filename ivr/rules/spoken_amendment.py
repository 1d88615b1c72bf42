"""Changes just the part of a place that the caller took back.

"2200 East Speedway, sorry, West", "Sixth Street, I mean Sixth Avenue". Pure; the reader hands in
what was said before and after the correction.
"""

from collections.abc import Sequence
from dataclasses import replace

from ivr.rules.numbers_spoken import house_number
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_words import ASIDE, DIRECTIONS, TYPES, skip


def amended(earlier: SpokenPlace, later: SpokenPlace, words: Sequence[str]) -> SpokenPlace:
    """The earlier place with the part that the later words name.

    Args:
        earlier: What was understood before the correction.
        later: What was understood after it: no whole place, perhaps a street.
        words: The folded words after the correction, for a number, direction or type alone.
    """
    if earlier.kind is PlaceKind.INTERSECTION and later.street:
        return _corner_amended(earlier, later)
    if earlier.kind is not PlaceKind.ADDRESS:
        return earlier
    if later.street:
        return _street_amended(earlier, later)
    return _part_amended(earlier, list(words))


def crosswise(place: SpokenPlace) -> SpokenPlace:
    """The same corner with its streets named the other way round; the direction goes with neither."""
    return replace(
        place,
        direction="",
        street=place.cross_street,
        suffix=place.cross_suffix,
        cross_street=place.street,
        cross_suffix=place.suffix,
    )


def _corner_amended(earlier: SpokenPlace, later: SpokenPlace) -> SpokenPlace:
    """A street of the same name gets the new type; another one takes the place of the last."""
    if later.street == earlier.street != earlier.cross_street:
        return replace(
            earlier,
            suffix=later.suffix or earlier.suffix,
            direction=later.direction or earlier.direction,
        )
    same = later.street == earlier.cross_street
    kept = earlier.cross_suffix if same else ""
    return replace(earlier, cross_street=later.street, cross_suffix=later.suffix or kept)


def _street_amended(earlier: SpokenPlace, later: SpokenPlace) -> SpokenPlace:
    kept = earlier.suffix if later.street == earlier.street else ""
    return replace(
        earlier,
        street=later.street,
        suffix=later.suffix or kept,
        direction=later.direction or earlier.direction,
    )


def _part_amended(earlier: SpokenPlace, words: list[str]) -> SpokenPlace:
    """A number, a direction or a type said alone."""
    at = skip(words, 0, ASIDE, 3)
    number = house_number(words, at)
    if number is not None and number[1] == len(words):
        return replace(earlier, number=number[0].lstrip("0"))
    rest = words[at:]
    if len(rest) == 1 and rest[0] in DIRECTIONS:
        return replace(earlier, direction=DIRECTIONS[rest[0]])
    if len(rest) == 1 and rest[0] in TYPES:
        return replace(earlier, suffix=TYPES[rest[0]])
    return earlier
