"""The embedded gazetteer: arterials with axes, landmarks and communities, from a city's file.

Corners are computed from the axes, house numbers placed by the numbering of the grid; both are
approximate and say so. Knows no jurisdiction and no telephone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from ivr.places.address_points import SURVEYED_METRES, AddressPoints
from ivr.places.nearest_corner import nearest_corner
from ivr.places.streets import (
    SURVEYED_CORNER_METRES,
    Met,
    Point,
    Street,
    corner_of,
    directions_of,
    interpolate,
    middle_of,
    never_meet,
    passing,
)
from ivr.rules.folding import fold
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from ivr.rules.street_names import Names, names_of
from ivr.rules.street_words import DIRECTION_NAMES

_HOUSE_NUMBER = re.compile(r"^([1-9]\d)(\d\d)(?= )")


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
    `candidates` name the places that fit equally well; one or none means it is clear. `apart`: the
    two streets of a corner are known, and known not to meet.
    """

    text: str
    spoken: dict[str, str]
    latitude: float | None
    longitude: float | None
    uncertainty_metres: float | None
    approximate: bool = True
    candidates: tuple[str, ...] = ()
    apart: bool = False


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

    def near(self, at: Point) -> dict[str, str] | None:
        """How a point (WGS84 degrees) is said, by language: by the nearest corner; None if none is."""
        corner = nearest_corner(self.streets, at)
        if corner is None:
            return None
        said = _spoken(f"{_full(corner[0])} {{and}} {_full(corner[1])}")
        return {"en": f"a place near {said['en']}", "es": f"un lugar cerca de {said['es']}"}

    # Corners.

    def _corner(self, place: SpokenPlace) -> Located:
        both = list(
            product(
                self._streets(place.street, place.suffix),
                self._streets(place.cross_street, place.cross_suffix),
            )
        )
        pairs = [
            (one, other, met) for one, other in both if (met := corner_of(one, other)) is not None
        ]
        if not pairs:
            said = f"{_named(place.street, place.suffix)} {{and}} "
            unplaced = _unplaced(said + _named(place.cross_street, place.cross_suffix))
            apart = bool(both) and all(never_meet(one, other) for one, other in both)
            return replace(unplaced, apart=apart)
        one, other, met = pairs[0]
        error = self._corner_error(one, other) + met.spread_metres
        candidates = tuple(f"{_full(a)} and {_full(b)}" for a, b, _ in pairs)
        return _placed(f"{_full(one)} {{and}} {_full(other)}", met.at, error, candidates)

    def _corner_error(self, one: Street, other: Street) -> float:
        """The less exact of two streets decides."""
        axes = {one.axis, other.axis}
        if "curved" in axes:
            return self.errors.curved
        return SURVEYED_CORNER_METRES if axes == {"line"} else self.errors.straight

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
            (street, direction, met)
            for street in self._streets(place.street, place.suffix)
            for direction in directions_of(street, place.direction)
            if (met := self._at_number(street, direction, int(place.number))) is not None
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
        fits: Sequence[tuple[Street, str, Met]],
        candidates: tuple[str, ...],
    ) -> Located:
        """One fit is clear; several are read back as said and reach from one to the other."""
        street, direction, met = fits[0]
        error = self.errors.house_number + max(fit[2].spread_metres for fit in fits)
        if len(fits) > 1:
            middle, reach = middle_of([fit[2].at for fit in fits])
            said = f"{place.number} {_named(place.street, place.suffix or _one_type(fits))}"
            return _placed(said, middle, error + reach, candidates)
        said = f"{place.number} {_slot(direction)} {_full(street)}"
        return _placed(said, met.at, error, candidates)

    def _at_number(self, street: Street, direction: str, number: int) -> Met | None:
        along = interpolate(self.numbering.get(direction, ()), number)
        return None if along is None else passing(street, direction, along)

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
    return _anew(gazetteer, gazetteer.streets, points)


def with_streets(gazetteer: Gazetteer, imported: Sequence[Street]) -> Gazetteer:
    """The same gazetteer with official streets in the place of our own of the same name and type.

    What callers call a street, and how it is numbered where its signs do not say, stays ours.
    """
    own = {_key(street): street for street in gazetteer.streets}
    official = {_key(street): _known_as(street, own.get(_key(street))) for street in imported}
    kept = (street for street in gazetteer.streets if _key(street) not in official)
    return _anew(gazetteer, (*kept, *official.values()), gazetteer.points)


def _key(street: Street) -> tuple[str, str]:
    return fold(street.name), street.type


def _known_as(street: Street, own: Street | None) -> Street:
    """An official street under our own names; a new one of a single word may be an ordinary word."""
    if own is None:
        ordinary = street.name.isalpha()
        return replace(street, common=ordinary)
    numbered = {"ew": "EW", "ns": "NS"}.get(own.axis, "")
    return replace(
        street,
        name=own.name,
        common=own.common,
        aliases=tuple(dict.fromkeys((*own.aliases, *street.aliases))),
        directions=street.directions or numbered,
    )


def _anew(gazetteer: Gazetteer, streets: Sequence[Street], points: AddressPoints) -> Gazetteer:
    return Gazetteer(
        tuple(streets),
        gazetteer.landmarks,
        gazetteer.numbering,
        gazetteer.errors,
        gazetteer.tribal_words,
        points,
    )


def _one_type(fits: Iterable[tuple[Street, str, Met]]) -> str:
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
