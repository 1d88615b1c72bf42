"""A street's position, and where two of them meet: by its axis, by points, or by surveyed lines.

Streets of our own file are straight or roughly drawn; imported ones carry the lines of an official
map. Knows no words and no jurisdiction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

import shapely

METRES_PER_DEGREE = 111_320.0
Point = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""
SURVEYED_CORNER_METRES = 50.0
"""How far off the corner of two imported streets may be."""
_MEETS_DEGREES = 0.0002
"""Some 20 m: a side street that ends so near to another meets it."""
_APART_DEGREES = 0.004
"""Some 400 m: our own axes are not so wrong that streets so far apart would meet."""
_BETWEEN_NUMBERS = 0.0005
"""Less than a block: two numbered streets are parallel, however near."""
_BEYOND_DEGREES = 0.003
"""Some 300 m: the grid's numbers are off by so much that a last house lies beyond its street."""
_FAR = 180.0


@dataclass(frozen=True, slots=True)
class Street:
    """One street: `axis` is ew (constant latitude `at`), ns (constant longitude `at`), curved or line.

    A curved one goes through `via`. A line has `lines`, longitude first as maps have it, and
    `directions`, the letters on its signs: "EW" is numbered from west to east. `span` is about where
    a straight one begins and ends, in degrees along itself; None: nobody has said. One that `bends`
    leaves its axis somewhere, so it may meet a street that runs beside it.
    """

    name: str
    type: str
    axis: str
    at: float = 0.0
    via: tuple[Point, ...] = ()
    common: bool = False
    aliases: tuple[str, ...] = ()
    lines: shapely.Geometry | None = None
    directions: str = ""
    span: tuple[float, float] | None = None
    bends: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """Where streets meet: the middle of all such points, and how far the farthest is from it."""

    at: Point
    spread_metres: float = 0.0


def directions_of(street: Street, said: str) -> tuple[str, ...]:
    """The directions that a number on this street can have; the said one when it is possible."""
    match street.axis:
        case "ew":
            possible: tuple[str, ...] = ("E", "W")
        case "line":
            possible = tuple(street.directions)
        case _:
            possible = ("N", "S")
    return (said,) if said in possible else possible


def interpolate(table: Sequence[tuple[float, float]], number: float) -> float | None:
    """Degrees of a house number between the table's pairs; None beyond its last number."""
    for (low, start), (high, end) in pairwise(table):
        if low <= number <= high:
            return start + (end - start) * (number - low) / (high - low)
    return None


def passing(street: Street, direction: str, degrees: float) -> Met | None:
    """Where a street passes a longitude (direction E, W) or a latitude (N, S); None if nowhere."""
    match street.axis:
        case "ew":
            return Met((street.at, degrees))
        case "ns":
            return Met((degrees, street.at))
        case "line" if street.lines is not None:
            across = _straight("ns" if direction in "EW" else "ew", degrees)
            return _met(shapely.intersection(street.lines, across)) or _end(street.lines, across)
        case _:
            return None


def corner_of(one: Street, other: Street) -> Met | None:
    """Where two streets cross, or None for parallels and lines that do not meet."""
    if "line" in (one.axis, other.axis):
        return _meeting(_drawn(one), _drawn(other))
    point = _crossing(one, other)
    return None if point is None else Met(point)


def never_meet(one: Street, other: Street) -> bool:
    """Whether two streets are known not to meet; doubt about how they run says no."""
    if one.lines is not None and other.lines is not None:
        return not shapely.dwithin(one.lines, other.lines, _APART_DEGREES)
    straight = one.axis == other.axis and one.axis in ("ew", "ns")
    if not straight or one.bends or other.bends:
        return False
    numbered = one.name[:1].isdigit() and other.name[:1].isdigit()
    return abs(one.at - other.at) >= (_BETWEEN_NUMBERS if numbered else _APART_DEGREES)


def _crossing(one: Street, other: Street) -> Point | None:
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


def _drawn(street: Street) -> shapely.Geometry:
    if street.lines is not None:
        return street.lines
    if street.axis == "curved":
        return shapely.LineString([(longitude, latitude) for latitude, longitude in street.via])
    return _straight(street.axis, street.at)


def _straight(axis: str, at: float) -> shapely.Geometry:
    """A line across the whole map: along a latitude (ew) or a longitude (ns)."""
    ends = [(-_FAR, at), (_FAR, at)] if axis == "ew" else [(at, -_FAR), (at, _FAR)]
    return shapely.LineString(ends)


def _meeting(one: shapely.Geometry, other: shapely.Geometry) -> Met | None:
    if shapely.intersects(one, other):
        return _met(shapely.intersection(one, other))
    if shapely.dwithin(one, other, _MEETS_DEGREES):
        return _met(shapely.shortest_line(one, other))
    return None


def _end(lines: shapely.Geometry, across: shapely.Geometry) -> Met | None:
    """The end of a street that a house number lies just beyond."""
    if not shapely.dwithin(lines, across, _BEYOND_DEGREES):
        return None
    return _met(shapely.get_point(shapely.shortest_line(lines, across), 0))


def _met(shape: shapely.Geometry) -> Met | None:
    """Several points are one place whose middle is taken: the two carriageways of an arterial."""
    points = [(float(y), float(x)) for x, y in shapely.get_coordinates(shape)]
    if not points:
        return None
    return Met(*middle_of(points))


def middle_of(points: Sequence[Point]) -> tuple[Point, float]:
    """The middle of points and how far, in metres, the farthest of them is."""
    middle = (
        sum(point[0] for point in points) / len(points),
        sum(point[1] for point in points) / len(points),
    )
    return middle, max(metres_between(middle, point) for point in points)


def metres_between(one: Point, other: Point) -> float:
    """Distance of two points, good within a county."""
    north = (one[0] - other[0]) * METRES_PER_DEGREE
    east = (one[1] - other[1]) * METRES_PER_DEGREE * cos(radians(one[0]))
    return hypot(north, east)
