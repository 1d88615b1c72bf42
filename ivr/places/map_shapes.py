"""The shapes of an official map, judged: lines of streets and outlines of areas, in degrees.

What comes in is GeoJSON's geometry from a file of somebody else's; nothing in it is trusted. Knows
no file and no name.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from ivr.places.streets import Street

LINES = frozenset({"LineString", "MultiLineString"})
POLYGONS = frozenset({"Polygon", "MultiPolygon"})
_GRID = 1e-6
"""Degrees to which imported points are kept, some 10 cm."""
_SMOOTH = 0.00005
"""Degrees, some 5 m, by which a street's line may be drawn with fewer points."""
_NEAR_DEGREES = 0.05
"""Some 5 km: farther than any of our own outlines is off."""
_BROKEN = (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class ShapeError(ValueError):
    """A shape that cannot be used; the text says why."""


def lines_of(geometry: Mapping[str, Any] | None) -> shapely.Geometry:
    """A street's lines.

    Raises:
        ShapeError: no lines, or not in degrees.
    """
    lines = _shape(geometry, LINES, "lines")
    if not shapely.length(lines):
        raise ShapeError("the line has no length")
    return lines


def outline_of(geometry: Mapping[str, Any] | None) -> tuple[shapely.Geometry, bool]:
    """An area's outline, and whether it crossed itself and was mended.

    Raises:
        ShapeError: no polygon, not in degrees, or nothing is left of it.
    """
    given = _shape(geometry, POLYGONS, "a polygon")
    sound = bool(shapely.is_valid(given))
    outline = _polygons(given if sound else shapely.make_valid(given))
    if not shapely.area(outline):
        raise ShapeError("the outline holds no ground, even when mended")
    return outline, not sound


def joined(outlines: Iterable[shapely.Geometry]) -> Any:
    """Several outlines as one, in GeoJSON; the same ones always give the same.

    Raises:
        ShapeError: they cannot be joined, or nothing is left.
    """
    try:
        whole = shapely.set_precision(shapely.union_all(list(outlines)), _GRID)
    except ShapelyError as wrong:
        raise ShapeError(f"the outlines cannot be joined ({wrong})") from wrong
    if not shapely.area(whole):
        raise ShapeError("the outline is too small to hold a place")
    return json.loads(shapely.to_geojson(shapely.normalize(_polygons(whole))))


def drawn(lines: Iterable[shapely.Geometry]) -> list[list[list[float]]]:
    """All lines of one street, longitude first, with no more points than it needs.

    Raises:
        ShapeError: they cannot be joined.
    """
    try:
        merged = shapely.line_merge(shapely.union_all(list(lines)))
        plain = shapely.normalize(shapely.set_precision(shapely.simplify(merged, _SMOOTH), _GRID))
    except ShapelyError as wrong:
        raise ShapeError(f"the lines cannot be joined ({wrong})") from wrong
    found = [part for part in _points_of(shapely.get_parts(plain)) if len(part) > 1]
    if not found:
        raise ShapeError("the lines are too short to be a street")
    return found


def _points_of(parts: Any) -> list[list[list[float]]]:
    """The points of each part, rounded all at once: a county has a hundred thousand parts."""
    points, of_part = shapely.get_coordinates(parts, return_index=True)
    found: list[list[list[float]]] = [[] for _ in range(len(parts))]
    for point, part in zip(points.round(6).tolist(), of_part.tolist(), strict=True):
        found[part].append(point)
    return found


def drawn_streets(rows: Sequence[Mapping[str, Any]]) -> tuple[Street, ...]:
    """Streets from the rows of the file of imported streets, all at once: there are thousands.

    Raises:
        KeyError, TypeError, ValueError: a value is missing, or the lines are none.
    """
    points: list[Any] = []
    of_line: list[int] = []
    of_street: list[int] = []
    for number, row in enumerate(rows):
        if not row["lines"]:
            raise ValueError(f"{row['name']!r} has no lines")
        for line in row["lines"]:
            points += line
            of_line += [len(of_street)] * len(line)
            of_street.append(number)
    try:
        lines = shapely.linestrings(points, indices=of_line)
        shapes = shapely.multilinestrings(lines, indices=of_street)
    except ShapelyError as wrong:
        raise ValueError(f"lines: {wrong}") from wrong
    return tuple(_street(row, shape) for row, shape in zip(rows, shapes, strict=True))


def _street(row: Mapping[str, Any], lines: shapely.Geometry) -> Street:
    return Street(
        name=str(row["name"]),
        type=str(row["type"]),
        axis="line",
        aliases=tuple(str(alias) for alias in row["aliases"]),
        lines=lines,
        directions=str(row["directions"]),
    )


def _shape(
    geometry: Mapping[str, Any] | None, wanted: frozenset[str], what: str
) -> shapely.Geometry:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if geometry is None or kind is None:
        raise ShapeError("there is no shape")
    if kind not in wanted:
        raise ShapeError(f"the shape is a {str(kind)[:40]}, not {what}")
    try:
        made = shapely.force_2d(shape(dict(geometry)))
    except _BROKEN as wrong:
        raise ShapeError(f"the shape is damaged ({type(wrong).__name__})") from wrong
    _check_degrees(made)
    return made


def _check_degrees(made: shapely.Geometry) -> None:
    points = shapely.get_coordinates(made)
    if not points.size:
        raise ShapeError("the shape has no points")
    if not isfinite(float(points.sum())):  # the bounds would pass over what is no number
        raise ShapeError("a point of the shape is no number")
    west, south, east, north = (float(edge) for edge in shapely.bounds(made))
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ShapeError(
            f"{west:.0f}, {south:.0f} is no point in degrees: save the file in WGS 84 or NAD 83"
            " (EPSG 4326 or 4269)"
        )
    if shapely.covers(made, shapely.Point(0, 0)):
        raise ShapeError("the shape reaches 0, 0, which stands for no point at all")


def _polygons(made: shapely.Geometry) -> shapely.Geometry:
    """Only the ground of a shape: mending may leave lines and points beside it."""
    parts = shapely.get_parts(made)
    ground = [
        part for part in _flat(parts) if shapely.get_type_id(part) == shapely.GeometryType.POLYGON
    ]
    return shapely.union_all(ground)


def _flat(parts: Iterable[shapely.Geometry]) -> Iterable[shapely.Geometry]:
    for part in parts:
        yield from shapely.get_parts(part)


def lies_near(outline: shapely.Geometry, others: Iterable[shapely.Geometry]) -> bool:
    """Whether an outline touches or nearly touches one of the others."""
    return any(shapely.dwithin(outline, other, _NEAR_DEGREES) for other in others)
