"""The embedded gazetteer: arterials with axes, landmarks and communities, from a city's file.

Corners are computed from the axes, house numbers placed by the numbering of the grid; both are
approximate and say so. Knows no jurisdiction and no telephone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from math import cos, hypot, radians

from ivr.places.address_points import SURVEYED_METRES, AddressPoints
from ivr.rules.folding import fold
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_names import Names, names_of
from ivr.rules.street_words import DIRECTION_NAMES

_HOUSE_NUMBER = re.compile(r"^([1-9]\d)(\d\d)(?= )")
METRES_PER_DEGREE = 111_320.0
Point = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""


@dataclass(frozen=True, slots=True)
class Street:
    """One street: `axis` ew (constant latitude `at`), ns (constant longitude `at`) or curved."""

    name: str
    type: str
    axis: str
    at: float = 0.0
    via: tuple[Point, ...] = ()
    common: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named point, or a community when `uncertainty_metres` is large."""

    name: Mapping[str, str]
    at: Point
    uncertainty_metres: float
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """Where a spoken place is, as far as this gazetteer knows.

    `spoken` reads it back by language. `approximate` is true but for imported house numbers.
    `candidates` name the places that fit equally well; one or none means it is clear.
    """

    text: str
    spoken: dict[str, str]
    latitude: float | None
    longitude: float | None
    uncertainty_metres: float | None
    approximate: bool = True
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Errors:
    """How far off each kind of place may be, in metres."""

    straight: float
    curved: float
    house_number: float
    landmark: float
    community: float


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Streets, landmarks and the grid's numbering.

    `numbering` holds for N, S, E, W the pairs (house number, degrees of latitude or longitude),
    rising by number.
    """

    streets: tuple[Street, ...]
    landmarks: tuple[Landmark, ...]
    numbering: Mapping[str, tuple[tuple[float, float], ...]]
    errors: Errors
    tribal_words: tuple[str, ...] = ()
    points: AddressPoints = field(default_factory=AddressPoints)
    """House numbers of an official file, if the city has imported one."""
    _by_name: dict[str, list[Street]] = field(default_factory=dict)
    _landmark_by_name: dict[str, Landmark] = field(default_factory=dict)
    _names: list[Names] = field(default_factory=list)

    def __post_init__(self) -> None:
        for street in self.streets:
            self._by_name.setdefault(fold(street.name), []).append(street)
        for landmark in self.landmarks:
            self._landmark_by_name.setdefault(fold(landmark.name["en"]), landmark)

    def names(self) -> Names:
        """Every name for the readers of speech; built once."""
        if not self._names:
            self._names.append(self._all_names())
        return self._names[0]

    def _all_names(self) -> Names:
        return names_of(
            self._street_names(),
            (
                (mark.name["en"], (mark.name.get("es", ""), *mark.aliases))
                for mark in self.landmarks
            ),
        )

    def _street_names(self) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
        """Streets of the file, then those that only the imported house numbers know."""
        yield from ((street.name, street.common, street.aliases) for street in self.streets)
        yield from (
            (name, False, ()) for key, name in self.points.names.items() if key not in self._by_name
        )

    def is_tribal(self, folded: str) -> bool:
        """Say whether folded words name a tribal place: that goes to a person, never a route."""
        padded = f" {folded} "
        return any(f" {word} " in padded for word in self.tribal_words)

    def locate(self, place: SpokenPlace) -> Located | None:
        """Put a spoken place on the map, or None when there is no place in it.

        A place whose street is unknown is returned without a point, to be read back all the same.
        """
        match place.kind:
            case PlaceKind.ADDRESS:
                return self._address(place)
            case PlaceKind.INTERSECTION:
                return self._corner(place)
            case PlaceKind.LANDMARK:
                return self._landmark(place)
            case PlaceKind.NONE:
                return None

    # Corners.

    def _corner(self, place: SpokenPlace) -> Located:
        pairs = [
            (one, other, point)
            for one, other in product(
                self._streets(place.street, place.suffix),
                self._streets(place.cross_street, place.cross_suffix),
            )
            if (point := crossing(one, other)) is not None
        ]
        if not pairs:
            said = f"{_named(place.street, place.suffix)} {{and}} "
            return _unplaced(said + _named(place.cross_street, place.cross_suffix))
        one, other, point = pairs[0]
        curved = "curved" in (one.axis, other.axis)
        error = self.errors.curved if curved else self.errors.straight
        candidates = tuple(f"{_full(a)} and {_full(b)}" for a, b, _ in pairs)
        return _placed(f"{_full(one)} {{and}} {_full(other)}", point, error, candidates)

    def _streets(self, name: str, suffix: str) -> Sequence[Street]:
        """Streets of a name; of the said type when there is such a one.

        A type that people mistake is forgiven; one that tells streets apart is not: "6th Avenue"
        is never 6th Street, and a stravenue is nothing else.
        """
        found = self._by_name.get(fold(name), [])
        fitting = [street for street in found if street.type == suffix]
        telling = suffix == "Stravenue" or (suffix and name[:1].isdigit())
        return fitting if fitting or telling else found

    # Addresses.

    def _address(self, place: SpokenPlace) -> Located:
        surveyed = self._surveyed(place)
        if surveyed is not None:
            return surveyed
        fits = [
            (street, direction, point)
            for street in self._streets(place.street, place.suffix)
            for direction in _directions(street, place.direction)
            if (point := self._point_of_number(street, direction, int(place.number))) is not None
        ]
        if not fits:
            street = _named(place.street, place.suffix)
            return _unplaced(" ".join(filter(None, (place.number, _slot(place.direction), street))))
        candidates = tuple(f"{place.number} {_in('en', d)} {_full(s)}" for s, d, _ in fits)
        return self._fitted(place, fits, candidates)

    def _surveyed(self, place: SpokenPlace) -> Located | None:
        """The one imported house number that fits; of several none is taken, they are told apart."""
        number = int(place.number)
        found = self.points.find(number, place.direction, place.street, place.suffix)
        if len(found) != 1:
            return None
        [one] = found
        street = _named(one.street, one.type)
        said = " ".join(filter(None, (place.number, _slot(one.direction), street)))
        point = (one.latitude, one.longitude)
        placed = _placed(said, point, SURVEYED_METRES, (_filled(said, "en"),))
        return replace(placed, approximate=False)

    def _fitted(
        self,
        place: SpokenPlace,
        fits: Sequence[tuple[Street, str, Point]],
        candidates: tuple[str, ...],
    ) -> Located:
        """One fit is clear; several are read back as said and reach from one to the other."""
        street, direction, point = fits[0]
        error = self.errors.house_number
        if len(fits) > 1:
            middle, reach = _middle([fit[2] for fit in fits])
            said = f"{place.number} {_named(place.street, place.suffix or _one_type(fits))}"
            return _placed(said, middle, error + reach, candidates)
        said = f"{place.number} {_slot(direction)} {_full(street)}"
        return _placed(said, point, error, candidates)

    def _point_of_number(self, street: Street, direction: str, number: int) -> Point | None:
        table = self.numbering.get(direction)
        if table is None or street.axis == "curved":
            return None
        along = interpolate(table, number)
        if along is None:
            return None
        return (street.at, along) if street.axis == "ew" else (along, street.at)

    # Landmarks.

    def _landmark(self, place: SpokenPlace) -> Located | None:
        mark = self._landmark_by_name.get(fold(place.street))
        if mark is None:
            return None
        spoken = {language: mark.name.get(language, place.street) for language in ("en", "es")}
        return Located(
            place.street, spoken, *mark.at, mark.uncertainty_metres, candidates=(place.street,)
        )


def replace_points(gazetteer: Gazetteer, points: AddressPoints) -> Gazetteer:
    """The same gazetteer with other house numbers; its books of names are made anew."""
    return Gazetteer(
        gazetteer.streets,
        gazetteer.landmarks,
        gazetteer.numbering,
        gazetteer.errors,
        gazetteer.tribal_words,
        points,
    )


def _directions(street: Street, said: str) -> tuple[str, ...]:
    """The directions that a number on this street can have; the said one when it is possible."""
    possible = ("E", "W") if street.axis == "ew" else ("N", "S")
    return (said,) if said in possible else possible


def interpolate(table: Sequence[tuple[float, float]], number: float) -> float | None:
    """Degrees of a house number between the table's pairs; None beyond its last number."""
    for (low, start), (high, end) in pairwise(table):
        if low <= number <= high:
            return start + (end - start) * (number - low) / (high - low)
    return None


def crossing(one: Street, other: Street) -> Point | None:
    """Where two streets cross, or None for parallels and curves that do not meet."""
    axes = {one.axis, other.axis}
    if axes == {"ew", "ns"}:
        ew, ns = (one, other) if one.axis == "ew" else (other, one)
        return ew.at, ns.at
    if one.axis == "curved" and other.axis != "curved":
        return _along(one.via, other)
    if other.axis == "curved" and one.axis != "curved":
        return _along(other.via, one)
    return None


def _along(via: Sequence[Point], straight: Street) -> Point | None:
    """Where a curved street passes the line of a straight one."""
    index = 0 if straight.axis == "ew" else 1
    for start, end in pairwise(via):
        low, high = sorted((start[index], end[index]))
        if low <= straight.at <= high and high > low:
            share = (straight.at - start[index]) / (end[index] - start[index])
            return (
                start[0] + share * (end[0] - start[0]),
                start[1] + share * (end[1] - start[1]),
            )
    return None


def metres_between(one: Point, other: Point) -> float:
    """Distance of two points, good within a county."""
    north = (one[0] - other[0]) * METRES_PER_DEGREE
    east = (one[1] - other[1]) * METRES_PER_DEGREE * cos(radians(one[0]))
    return hypot(north, east)


def _middle(points: Sequence[Point]) -> tuple[Point, float]:
    """The middle of points and how far the farthest of them is."""
    middle = (
        sum(point[0] for point in points) / len(points),
        sum(point[1] for point in points) / len(points),
    )
    return middle, max(metres_between(middle, point) for point in points)


def _one_type(fits: Iterable[tuple[Street, str, Point]]) -> str:
    types = {street.type for street, _, _ in fits}
    return types.pop() if len(types) == 1 else ""


def _full(street: Street) -> str:
    return _named(street.name, street.type)


def _named(name: str, suffix: str) -> str:
    return f"{name} {suffix}".strip()


def _slot(direction: str) -> str:
    """A place for the direction's word, filled in each language's own."""
    return f"{{{direction}}}" if direction else ""


def _in(language: str, direction: str) -> str:
    return DIRECTION_NAMES[language].get(direction, "")


def _spoken(template: str) -> dict[str, str]:
    """Fill the template in each language; street names stay as the signs write them."""
    filled = {language: _filled(template, language) for language in DIRECTION_NAMES}
    return {**filled, "en": _HOUSE_NUMBER.sub(_paired, filled["en"])}


def _filled(template: str, language: str) -> str:
    text = template.replace("{and}", {"en": "and", "es": "y"}[language])
    for direction, name in DIRECTION_NAMES[language].items():
        text = text.replace(f"{{{direction}}}", name)
    return text


def _paired(found: re.Match[str]) -> str:
    """A house number as English says it: 2200 "22 hundred", 2205 "22 oh 5", 4321 "43 21"."""
    head, tail = found[1], found[2]
    if tail == "00":
        return f"{head} hundred"
    return f"{head} oh {tail[1]}" if tail[0] == "0" else f"{head} {tail}"


def _placed(
    template: str, point: Point, uncertainty_metres: float, candidates: tuple[str, ...]
) -> Located:
    spoken = _spoken(template)
    return Located(
        _filled(template, "en"), spoken, *point, uncertainty_metres, candidates=candidates
    )


def _unplaced(template: str) -> Located:
    spoken = _spoken(template)
    return Located(_filled(template, "en"), spoken, None, None, None)
