"""The desk's map under the pin: the pack's own outlines and streets as GeoJSON, no tiles needed.

Straight arterials are drawn across the part of the city that the outlines cover; they are as
approximate as the gazetteer, and the desk says so beside a pin.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.places.gazetteer import Gazetteer
from ivr.places.streets import Street

WEST, EAST = -111.10, -110.70
SOUTH, NORTH = 32.05, 32.42
"""How far straight streets are drawn: Tucson's built-up area, degrees WGS84."""


def base_map(gazetteer: Gazetteer, areas: object) -> Mapping[str, Any]:
    """Outlines first, then streets, as one FeatureCollection."""
    outlines = list(areas["features"]) if isinstance(areas, Mapping) else []
    return {"type": "FeatureCollection", "features": [*outlines, *_streets(gazetteer)]}


def _streets(gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    for street in gazetteer.streets:
        points = _line(street)
        if len(points) > 1:
            yield {
                "type": "Feature",
                "properties": {"kind": "street", "name": f"{street.name} {street.type}".strip()},
                "geometry": {"type": "LineString", "coordinates": points},
            }


def _line(street: Street) -> list[list[float]]:
    """GeoJSON order: longitude, latitude."""
    match street.axis:
        case "ew":
            return [[WEST, street.at], [EAST, street.at]]
        case "ns":
            return [[street.at, SOUTH], [street.at, NORTH]]
        case _:
            return [[longitude, latitude] for latitude, longitude in street.via]
