"""Opens a map file of any kind that importers take: GeoJSON, shapefile, or the Census's zip.

Judges no shape and knows no street.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config.importing import ImportRefusedError
from config.map_file import LARGEST, MapFile, Record, as_text, checked_count
from config.shapefiles import read_shapefile

_SHAPEFILES = frozenset({".shp", ".zip"})
_GEOJSON = frozenset({".geojson", ".json"})
_DEGREES = ("CRS84", "4326", "4269")
"""What a coordinate system's name ends in when its numbers are degrees."""


def open_map(path: Path, encoding: str = "") -> MapFile:
    """Open a map file by the ending of its name.

    Raises:
        ImportRefusedError: not a kind that is read, or nothing in it can be.
        OSError: it cannot be read.
    """
    ending = path.suffix.casefold()
    if ending in _SHAPEFILES:
        return read_shapefile(path, encoding)
    if ending in _GEOJSON:
        return _read_geojson(path, encoding)
    raise ImportRefusedError(f"{path.name}: give a .zip or .shp of the Census, or a .geojson")


def _read_geojson(path: Path, encoding: str) -> MapFile:
    document = _document(path, encoding)
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list):
        raise ImportRefusedError(f"{path.name} is no GeoJSON FeatureCollection")
    _check_degrees(document.get("crs"))
    count = checked_count(len(features))
    columns: dict[str, None] = {}
    for feature in features:
        columns.update(dict.fromkeys(_properties(feature)))
    return MapFile(path.name, count, tuple(columns), _records(features))


def _document(path: Path, encoding: str) -> Any:
    if path.stat().st_size > LARGEST:
        raise ImportRefusedError(f"{path.name} is larger than {LARGEST} bytes: take a smaller area")
    try:
        return json.loads(path.read_text(encoding or "utf-8-sig"))
    except (UnicodeDecodeError, LookupError) as wrong:
        raise ImportRefusedError(
            f"{path.name} is not {encoding or 'UTF-8'}: give the right one with --encoding"
        ) from wrong
    except (ValueError, RecursionError) as wrong:
        raise ImportRefusedError(f"{path.name} is no JSON that can be read: {wrong}") from wrong


def _check_degrees(system: object) -> None:
    """Old GeoJSON may name a coordinate system; without one it is in degrees."""
    if not system:
        return
    named = system.get("properties") if isinstance(system, Mapping) else None
    name = str(named.get("name", "")) if isinstance(named, Mapping) else ""
    if not name.endswith(_DEGREES):
        raise ImportRefusedError(
            f"the file is in {name[:60] or 'a coordinate system without a name'}, not in degrees:"
            " save it in WGS 84 (EPSG 4326)"
        )


def _properties(feature: object) -> Mapping[str, Any]:
    given = feature.get("properties") if isinstance(feature, Mapping) else None
    return given if isinstance(given, Mapping) else {}


def _records(features: list[Any]) -> Iterator[Record]:
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, Mapping):
            yield Record(number, {}, wrong="it is no feature")
            continue
        fields = {str(name): as_text(value) for name, value in _properties(feature).items()}
        shape = feature.get("geometry")
        yield Record(number, fields, shape if isinstance(shape, Mapping) else None)
