"""Surveyed house numbers, imported from an official file: where they are known they are exact.

Kept by street in arrays, so that half a million fit into some ten megabytes. Knows no file format
but its own rows, and no speech.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from ivr.rules.folding import fold

SURVEYED_METRES = 25.0
"""How far a surveyed point may be from the door."""


@dataclass(frozen=True, slots=True)
class AddressPoint:
    """One house number: `direction` N, S, E, W or "", `type` the street's canonical type or ""."""

    number: int
    direction: str
    street: str
    type: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class _OnStreet:
    """The points of one street, by number."""

    numbers: "array[int]" = field(default_factory=lambda: array("L"))
    latitudes: "array[float]" = field(default_factory=lambda: array("d"))
    longitudes: "array[float]" = field(default_factory=lambda: array("d"))


class AddressPoints:
    """House numbers by street, direction and type."""

    def __init__(self, points: Iterable[AddressPoint] = ()) -> None:
        """Take points in any order; of two at one address the first counts."""
        self._streets: dict[tuple[str, str, str], _OnStreet] = {}
        self._types: dict[str, tuple[tuple[str, str], ...]] = {}
        self.names: dict[str, str] = {}
        self.count = 0
        for point in sorted(points, key=lambda one: one.number):
            self._add(point)

    def _add(self, point: AddressPoint) -> None:
        name, beside = fold(point.street), (point.direction, point.type)
        street = self._streets.setdefault((name, *beside), _OnStreet())
        if street.numbers and street.numbers[-1] == point.number:
            return
        street.numbers.append(point.number)
        street.latitudes.append(point.latitude)
        street.longitudes.append(point.longitude)
        self.names.setdefault(name, point.street)
        if beside not in self._types.get(name, ()):
            self._types[name] = (*self._types.get(name, ()), beside)
        self.count += 1

    def find(self, number: int, direction: str, street: str, kind: str) -> tuple[AddressPoint, ...]:
        """Every point that fits; a direction or type that was not said leaves them open."""
        name = fold(street)
        fitting = (
            (way, of)
            for way, of in self._types.get(name, ())
            if direction in ("", way) and kind in ("", of)
        )
        found = (self._at(name, way, of, number) for way, of in fitting)
        return tuple(point for point in found if point is not None)

    def _at(self, name: str, direction: str, kind: str, number: int) -> AddressPoint | None:
        street = self._streets[name, direction, kind]
        at = bisect_left(street.numbers, number)
        if at == len(street.numbers) or street.numbers[at] != number:
            return None
        point = street.latitudes[at], street.longitudes[at]
        return AddressPoint(number, direction, self.names[name], kind, *point)
