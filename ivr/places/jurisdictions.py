"""Which city or county a point lies in, and whether that can be relied on.

The outlines have an error of their own; a point nearer to a line than that plus its own
uncertainty is *uncertain*: the line asks, it does not decide. Knows no gazetteer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import shape

from ivr.places.streets import METRES_PER_DEGREE

OUTSIDE = "outside"
_EAST = cos(radians(32.2))
"""Shrinks degrees of longitude to the length of those of latitude; within a county it is steady."""
_ORDER = ("tribal", "municipality", "county")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """An area's key ("outside" when in none), its kind, and whether the point is well inside."""

    key: str
    certain: bool
    kind: str = ""

    @property
    def tribal(self) -> bool:
        """Tribal land is handed to a person, never routed by itself."""
        return self.kind == "tribal"


@dataclass(frozen=True, slots=True)
class Area:
    """One outline: kind is tribal, municipality or county; earlier ones win over later ones."""

    key: str
    kind: str
    name: Mapping[str, str]
    error_metres: float
    outline: shapely.Geometry


def area_of(feature: Mapping[str, Any]) -> Area:
    """Read one feature of the areas file.

    Raises:
        KeyError, TypeError, ValueError: a property is missing, or the geometry is not one.
    """
    properties = feature["properties"]
    outline = shape(feature["geometry"])
    if not outline.is_valid or outline.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError("the outline is not a valid polygon")
    if properties["kind"] not in _ORDER:
        raise ValueError(f"kind {properties['kind']!r} is none of {', '.join(_ORDER)}")
    error = float(properties["error_metres"])
    return Area(properties["key"], properties["kind"], properties["name"], error, outline)


class Jurisdictions:
    """The outlines of a city pack, ready for quick asking."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(sorted(areas, key=lambda area: _ORDER.index(area.kind)))
        outlines = [shapely.transform(area.outline, _metres) for area in self.areas]
        self._outlines = outlines
        self._boundaries = [shapely.boundary(outline) for outline in outlines]
        for outline in outlines:
            shapely.prepare(outline)

    def at(self, latitude: float, longitude: float, uncertainty_metres: float) -> Jurisdiction:
        """Say where a point (WGS84 degrees) lies.

        `certain` is False when any line is nearer than its error plus the point's uncertainty.
        Near tribal land the answer is the tribal area itself: a person decides.
        """
        x, y = longitude * METRES_PER_DEGREE * _EAST, latitude * METRES_PER_DEGREE
        point = shapely.Point(x, y)
        inside = shapely.contains(self._outlines, point)
        distances = shapely.distance(self._boundaries, point)
        near = [
            bool(distance < area.error_metres + uncertainty_metres)
            for area, distance in zip(self.areas, distances, strict=True)
        ]
        found = next((a for a, within in zip(self.areas, inside, strict=True) if within), None)
        for area, close in zip(self.areas, near, strict=True):
            if close and area.kind == "tribal":
                return Jurisdiction(area.key, certain=False, kind="tribal")
        if found is None:
            return Jurisdiction(OUTSIDE, not any(near), "")
        return Jurisdiction(found.key, not any(near), found.kind)


def _metres(coordinates: Any) -> Any:
    return coordinates * METRES_PER_DEGREE * (_EAST, 1.0)
