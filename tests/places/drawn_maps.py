"""Little maps that the tests draw themselves: shapefiles as the Census zips them, and GeoJSON."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import shapefile

Row = tuple[Mapping[str, str], Any]
"""Fields, and a GeoJSON geometry or None."""


def line(*points: tuple[float, float]) -> dict[str, Any]:
    """Through points of longitude and latitude."""
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in (*points, points[0])]]}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Clockwise, as shapefiles have an outer ring."""
    return polygon((west, south), (west, north), (east, north), (east, south))


def geojson(folder: Path, rows: Iterable[Row], name: str = "map.geojson", **more: Any) -> Path:
    features = [
        {"type": "Feature", "properties": dict(fields), "geometry": shape} for fields, shape in rows
    ]
    path = folder / name
    path.write_text(
        json.dumps({"type": "FeatureCollection", **more, "features": features}), "utf-8"
    )
    return path


def shapefile_parts(rows: Iterable[Row], kind: int, encoding: str = "utf-8") -> dict[str, bytes]:
    """The .shp and .dbf of rows; of shapefile's own shape types `kind`."""
    rows = list(rows)
    shp, shx, dbf = BytesIO(), BytesIO(), BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=kind, encoding=encoding) as writer:
        for name in dict.fromkeys(name for fields, _ in rows for name in fields):
            writer.field(name, "C", size=100)
        for fields, shape in rows:
            writer.record(**fields)
            writer.null() if shape is None else writer.shape(shape)
        writer.close()
    return {"shp": shp.getvalue(), "dbf": dbf.getvalue()}


def zipped(folder: Path, parts: Mapping[str, bytes], name: str = "tl_2024_04019_roads") -> Path:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(f"{name}.{part}", data)
    return path


def roads_zip(folder: Path, rows: Iterable[Row]) -> Path:
    return zipped(folder, shapefile_parts(rows, shapefile.POLYLINE))


def outlines_zip(folder: Path, rows: Iterable[Row], name: str = "tl_2024_04_place") -> Path:
    return zipped(folder, shapefile_parts(rows, shapefile.POLYGON), name)
