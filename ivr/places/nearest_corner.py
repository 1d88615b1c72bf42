"""The corner nearest to a point: how a position that a telephone sent is said in words.

Only streets whose extent is known count (a `span`, points, surveyed lines): a corner that does not
exist must not be read back. Knows no words and no jurisdiction.
"""

from collections.abc import Iterable
from itertools import combinations

import shapely

from ivr.places.streets import Point, Street, corner_of, metres_between

FARTHEST_METRES = 3000.0
"""A corner farther away than this names nothing to anybody."""
_NEIGHBOURS = 12
_BEYOND_DEGREES = 0.004


def nearest_corner(streets: Iterable[Street], at: Point) -> tuple[Street, Street] | None:
    """The two streets whose corner is nearest to a point (WGS84 degrees); None if none is near.

    The one that runs east and west is named first, as people do.
    """
    near = sorted(_near(streets, at), key=lambda one: one[0])[:_NEIGHBOURS]
    corners = [
        (metres_between(at, met.at), one, other)
        for (_, one), (_, other) in combinations(near, 2)
        if (met := corner_of(one, other)) is not None
        and _reaches(one, met.at)
        and _reaches(other, met.at)
    ]
    if not corners:
        return None
    metres, one, other = min(corners, key=lambda corner: corner[0])
    if metres > FARTHEST_METRES:
        return None
    return (other, one) if other.axis == "ew" else (one, other)


def _near(streets: Iterable[Street], at: Point) -> list[tuple[float, Street]]:
    """Streets of known extent within reach, each with its distance in metres."""
    found, drawn = [], []
    for street in streets:
        if street.lines is not None:
            drawn.append(street)
        elif street.span is not None or street.via:
            found.append((_metres_to(street, at), street))
    if drawn:
        point = shapely.Point(at[1], at[0])
        closest = shapely.distance([street.lines for street in drawn], point)
        likely = sorted(zip(closest, drawn, strict=True), key=lambda one: float(one[0]))
        found += [(_metres_to(street, at), street) for _, street in likely[:_NEIGHBOURS]]
    return [one for one in found if one[0] <= FARTHEST_METRES]


def _metres_to(street: Street, at: Point) -> float:
    if street.axis == "ew":
        along = _held(at[1], street.span)
        return metres_between(at, (street.at, along))
    if street.axis == "ns":
        along = _held(at[0], street.span)
        return metres_between(at, (along, street.at))
    line = street.lines or shapely.LineString([(east, north) for north, east in street.via])
    on = shapely.get_point(shapely.shortest_line(line, shapely.Point(at[1], at[0])), 0)
    return metres_between(at, (on.y, on.x))


def _held(degrees: float, span: tuple[float, float] | None) -> float:
    return degrees if span is None else min(max(degrees, span[0]), span[1])


def _reaches(street: Street, at: Point) -> bool:
    if street.span is None:
        return True
    along = at[1] if street.axis == "ew" else at[0]
    return street.span[0] - _BEYOND_DEGREES <= along <= street.span[1] + _BEYOND_DEGREES
