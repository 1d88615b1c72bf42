"""Shapefiles, bare or in the Census's zip, as records: read whole into memory and never trusted.

Sizes and counts in their headers are checked before anything is read by them. Nothing is unpacked
to the disk. Knows no street and no area.
"""

import codecs
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import shapefile

from config.importing import ImportRefusedError
from config.map_file import LARGEST, MapFile, Record, as_text, checked_count

PARTS = ("shp", "dbf", "cpg", "prj")
_BROKEN = (
    *(shapefile.ShapefileException, shapefile.RingSamplingError, shapefile.GeoJSON_Error),
    *(struct.error, ValueError, TypeError, LookupError, AttributeError, AssertionError),
    *(ArithmeticError, EOFError),
)
"""What the library raises on a damaged file."""
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_HEADER_BYTES = 100
_RECORD_HEADER_BYTES = 8
_SHP_MAGIC = struct.pack(">i", 9994)


def read_shapefile(path: Path, encoding: str) -> MapFile:
    """Open a .shp (its .dbf beside it) or a zip that holds one.

    Args:
        path: The file.
        encoding: Of the texts; "" takes what the .cpg says, else UTF-8.

    Raises:
        ImportRefusedError: not a shapefile, a part is missing, too large, or not in degrees.
        OSError: it cannot be read.
    """
    zipped = path.suffix.casefold() == ".zip"
    parts = _unzipped(path) if zipped else _beside(path)
    if "dbf" not in parts:
        raise ImportRefusedError(
            f"{path.name}: the .dbf with the names is missing; give the whole zip, or put it beside"
        )
    _check_projection(parts.get("prj", b""))
    places = _places(parts["shp"])
    reader = _opened(parts, _codec(encoding, parts.get("cpg", b"")))
    if reader.numRecords != len(places):
        raise ImportRefusedError(
            f"{path.name}: {len(places)} shapes but {reader.numRecords} rows of names: the files do"
            " not belong together, or the download was cut short"
        )
    columns = tuple(str(one.name) for one in reader.data_fields)
    return MapFile(path.name, checked_count(len(places)), columns, _records(reader, places))


def _beside(path: Path) -> dict[str, bytes]:
    """The parts in a folder; a part's name may be in capitals."""
    found = {}
    for one in sorted(path.parent.iterdir()):
        part = one.suffix.casefold().lstrip(".")
        if one.stem == path.stem and part in PARTS:
            if one.stat().st_size > LARGEST:
                raise _too_large(one.name)
            found[part] = one.read_bytes()
    return found


def _unzipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return {part: _member(archive, info) for part, info in _members(archive, path.name)}
    except _BROKEN_ZIP as wrong:
        raise ImportRefusedError(
            f"{path.name} is not a zip that can be read ({type(wrong).__name__}): download it again"
        ) from wrong


def _members(archive: zipfile.ZipFile, name: str) -> list[tuple[str, zipfile.ZipInfo]]:
    """The parts of the one shapefile in an archive; its folders and other files do not matter."""
    paths = {PurePosixPath(info.filename): info for info in archive.infolist()}
    shapes = [p for p in paths if p.suffix.casefold() == ".shp" and p.parts[0] != "__MACOSX"]
    if len(shapes) != 1:
        told = ", ".join(sorted(p.name for p in shapes)[:10]) or "none"
        raise ImportRefusedError(f"{name} must hold one .shp; it holds {told}")
    [shape] = shapes
    return [
        (part, info)
        for path, info in paths.items()
        if path.with_suffix("") == shape.with_suffix("")
        and (part := path.suffix.casefold().lstrip(".")) in PARTS
    ]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Never more is unpacked than the archive claims, so what it claims is what is checked."""
    if info.file_size > LARGEST:
        raise _too_large(info.filename)
    return archive.read(info)


def _too_large(name: str) -> ImportRefusedError:
    return ImportRefusedError(f"{name} is larger than {LARGEST} bytes: take one county's file")


def _check_projection(text: bytes) -> None:
    if text.lstrip().upper().startswith((b"PROJCS", b"PROJCRS")):
        raise ImportRefusedError(
            "the file is projected (its .prj says so), not in degrees: save it in WGS 84 or NAD 83"
            " (EPSG 4326 or 4269)"
        )


def _codec(chosen: str, told: bytes) -> str:
    name = chosen or told.decode("ascii", "replace").strip() or "utf-8"
    for one in (name, f"cp{name}"):
        try:
            return codecs.lookup(one).name
        except (LookupError, ValueError):
            continue
    raise ImportRefusedError(f"encoding {name[:40]!r} is not known: give one with --encoding")


def _places(shp: bytes) -> list[tuple[int, int]]:
    """Where each shape begins and how long it is, walked through by the lengths in the file."""
    if not shp.startswith(_SHP_MAGIC):
        raise ImportRefusedError("the .shp is no shapefile: download it again")
    places: list[tuple[int, int]] = []
    at = _HEADER_BYTES
    while at + _RECORD_HEADER_BYTES <= len(shp):
        length = 2 * struct.unpack_from(">i", shp, at + 4)[0]
        if length < 4 or at + _RECORD_HEADER_BYTES + length > len(shp):
            raise ImportRefusedError(
                f"the .shp is damaged at its record {len(places) + 1}: download it again"
            )
        places.append((at, length))
        at += _RECORD_HEADER_BYTES + length
    checked_count(len(places))
    return places


def _opened(parts: Mapping[str, bytes], encoding: str) -> shapefile.Reader:
    """Only ever by open files: given a name, the library would also open addresses."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return shapefile.Reader(
                shp=BytesIO(parts["shp"]), dbf=BytesIO(parts["dbf"]), encoding=encoding
            )
    except _BROKEN as wrong:
        raise ImportRefusedError(
            f"the .dbf or .shp is damaged ({type(wrong).__name__}): download it again"
        ) from wrong


def _records(reader: shapefile.Reader, places: list[tuple[int, int]]) -> Iterator[Record]:
    for at, (offset, length) in enumerate(places):
        try:
            with warnings.catch_warnings(action="ignore"):
                record = _record(reader, at, offset, length)
        except _BROKEN as wrong:
            record = Record(at + 1, {}, wrong=_told(wrong, reader.encoding))
        yield record


def _told(wrong: Exception, encoding: str) -> str:
    if isinstance(wrong, (UnicodeDecodeError, shapefile.dbfFileException)):
        return f"its text is not {encoding}: give the right one with --encoding"
    return f"it cannot be read ({type(wrong).__name__})"


def _record(reader: shapefile.Reader, at: int, offset: int, length: int) -> Record:
    row = reader.record(at)
    if row is None:
        return Record(at + 1, {}, wrong="it is marked as deleted")
    fields = {str(name): as_text(value) for name, value in row.as_dict().items()}
    drawn = reader.shp_reader.shape(at, offset, length)
    return Record(at + 1, fields, _geometry(drawn))


def _geometry(drawn: Any) -> Mapping[str, Any] | None:
    if drawn is None or drawn.shapeType == shapefile.NULL:
        return None
    geometry: Mapping[str, Any] = drawn.__geo_interface__
    return geometry
