"""Reads a corner out of the streets of an utterance, in the phrasings of both languages.

"Speedway and Campbell", "on Swan, south of Sunrise", "la Broadway entre Kolb y Pantano". Works on
streets that were found before; knows no house number.
"""

from itertools import pairwise

from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_finding import ORDINARY_ORDINALS, Street, Utterance, unknown_street
from ivr.rules.street_words import (
    BETWEEN,
    BETWEEN_STREETS,
    CONNECTORS,
    CORNER_WORDS,
    DIRECTIONS,
    DISTANCES,
    LENGTHS,
    PREPOSITIONS,
    RELATIONS,
    skip,
)

NEIGHBOURS = 8
"""Words between the two streets of a corner."""
MOST_HALF_KNOWN = 12
"""Streets, the last ones, beside which an unknown one is looked for."""
_ALONG = frozenset({"on", "en", "along", "sobre", "por"})


def corner(utterance: Utterance) -> SpokenPlace | None:
    """The corner that was named, or None."""
    return _known_corner(utterance) or _half_known_corner(utterance)


def _known_corner(utterance: Utterance) -> SpokenPlace | None:
    for one, other in pairwise(utterance.streets):
        between = utterance.words[one.end : other.start]
        near = len(between) <= NEIGHBOURS and set(between) <= BETWEEN_STREETS | BETWEEN | DISTANCES
        if near and _joined(utterance, one, other, between) and _differ(one, other):
            return _between(utterance, one, other) or _as_corner(utterance, one, other)
    return None


def _joined(utterance: Utterance, one: Street, other: Street, between: list[str]) -> bool:
    """Whether the words make the two streets meet, rather than only follow each other."""
    if _only_counted(utterance, one, other) or _only_things(utterance, one, other):
        return False
    linked = set(between) & (CONNECTORS | RELATIONS) or _relation_ends(between)
    before = utterance.words[max(0, one.start - 3) : one.start]
    placed_first = _relation_ends(before) and set(between) & _ALONG
    return bool(linked or placed_first) or (one.sure and other.sure)


def _relation_ends(words: list[str]) -> bool:
    """ "north of", "al sur de la": a relation of place stands at the end of the words."""
    kept = [word for word in words if word not in {"the", "la", "el"}]
    if len(kept) >= 2 and kept[-1] in {"of", "de", "from"}:
        return kept[-2] in DIRECTIONS or kept[-2] in LENGTHS
    return bool(kept) and kept[-1] in RELATIONS | {"off"}


def _only_counted(utterance: Utterance, one: Street, other: Street) -> bool:
    """ "the first and second time" counts; "corner of first and second" is a place."""
    streets = (one, other)
    counting = all(utterance.word(street.start) in ORDINARY_ORDINALS for street in streets)
    if not counting or one.sure or other.sure:
        return False
    before = utterance.words[max(0, one.start - 3) : one.start]
    return not set(before) & CORNER_WORDS


def _only_things(utterance: Utterance, one: Street, other: Street) -> bool:
    """ "the church and the park": English puts no article before a street."""
    ordinary = not (one.sure or other.sure or one.is_numbered or other.is_numbered)
    return ordinary and all(utterance.word(street.start - 1) == "the" for street in (one, other))


def _differ(one: Street, other: Street) -> bool:
    """Two different streets; "sixth and sixth" is a street and an avenue of one number."""
    same = one.name == other.name and one.suffix == other.suffix
    return not same or one.is_numbered


def _between(utterance: Utterance, one: Street, other: Street) -> SpokenPlace | None:
    """ "Speedway between Swan and Craycroft" is at Speedway and Swan, or a little further."""
    before = set(utterance.words[max(0, one.start - 2) : one.start])
    third = next((s for s in utterance.streets if s not in (one, other)), None)
    if third is None or not before & BETWEEN:
        return None
    return _as_corner(utterance, third, one)


def _half_known_corner(utterance: Utterance) -> SpokenPlace | None:
    """One street known, the other by its type or by its spelling."""
    words = utterance.words
    for street in utterance.streets[-MOST_HALF_KNOWN:]:
        if utterance.word(street.end) in CONNECTORS:
            begin = skip(words, street.end, CONNECTORS | {"the", "la", "el"}, 3)
            other = unknown_street(utterance, begin, numbered=False)
            if other is not None and _is_new(utterance, other):
                return _as_corner(utterance, street, other)
        if street.start > 1 and words[street.start - 1] in CONNECTORS:
            before = _before(utterance, street.start - 1)
            if before is not None and _is_new(utterance, before):
                return _as_corner(utterance, before, street)
    return None


def _is_new(utterance: Utterance, other: Street) -> bool:
    """Whether it overlaps no known street: of those it was already said that they do not meet."""
    return all(
        other.end <= street.start or street.end <= other.start for street in utterance.streets
    )


def _before(utterance: Utterance, connector: int) -> Street | None:
    """The street whose words end at the connector and begin after a preposition."""
    for begin in range(connector - 1, max(-1, connector - 5), -1):
        if begin == 0 or utterance.words[begin - 1] in PREPOSITIONS:
            street = unknown_street(utterance, begin, numbered=False)
            return street if street is not None and street.end == connector else None
    return None


def _as_corner(utterance: Utterance, one: Street, other: Street) -> SpokenPlace:
    return SpokenPlace(
        PlaceKind.INTERSECTION,
        direction=one.direction,
        street=one.name,
        suffix=one.suffix,
        cross_street=other.name,
        cross_suffix=other.suffix,
        text=utterance.text(min(one.start, other.start), max(one.end, other.end)),
    )
