"""Brings a county's official roads into its pack: the Census's TIGER file, or a city's own.

All records of one name and type become one street with its lines, its type written out and the
directions of its signs. The pack reads `imported/streets.json` at start.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.importing import Imported, ImportRefusedError, Told, write_whole
from config.map_file import MapFile, Record
from ivr.errors import CityPackError
from ivr.places.map_shapes import drawn, drawn_streets, lines_of
from ivr.places.road_names import RoadName, road_name
from ivr.places.streets import Street
from ivr.rules.folding import fold

IMPORTED = "imported/streets.json"
CENSUS_NAME = "FULLNAME"
STREETS = frozenset({"S1100", "S1200", "S1400", "S1640", "S1740"})
"""The Census's classes (MTFCC) that callers name: highways, arterials, streets, frontage, private.

Left out are ramps, paths, alleys, tracks and car parks.
"""


@dataclass(slots=True)
class _Collected:
    """One street while its records come in."""

    road: RoadName
    first_record: int
    directions: set[str] = field(default_factory=set)
    lines: list[Any] = field(default_factory=list)


def import_roads(
    roads: MapFile,
    pack: Path,
    name_column: str = CENSUS_NAME,
    seen: Callable[[int], None] = lambda _record: None,
) -> Imported:
    """Put the named streets of a map file into a city pack; an older import is replaced whole.

    Args:
        roads: The open file: lines with a name column and, from the Census, `MTFCC`.
        pack: The folder of the city pack.
        name_column: The column with the full name.
        seen: Told every record, for a progress bar.

    Raises:
        ImportRefusedError: nothing in it can be used; the pack is as it was.
        OSError: a file cannot be read or written.
    """
    column = roads.column(name_column, "--name-column")
    streets: dict[tuple[str, str], _Collected] = {}
    told, passed_over = Told(), 0
    for record in roads.records:
        seen(record.number)
        try:
            passed_over += not _collect(streets, record, column)
        except ValueError as wrong:
            told.add(record.number, str(wrong))
    rows = list(_rows(streets, told))
    if not rows:
        first = f" (record {told.kept[0].at}: {told.kept[0].what})" if told.kept else ""
        raise ImportRefusedError(f"no record of the file holds a street that can be used{first}")
    write_whole(pack / IMPORTED, _document(rows))
    return Imported(len(rows), told.count, tuple(told.kept), passed_over)


def _collect(streets: dict[tuple[str, str], _Collected], record: Record, column: str) -> bool:
    """Add a record to its street; False when it is none that callers name.

    Raises:
        ValueError: what is wrong with it.
    """
    if record.wrong:
        raise ValueError(record.wrong)
    if record.fields.get("MTFCC", "S1400") not in STREETS:
        return False
    road = road_name(record.fields.get(column, ""))
    if road is None:
        return False
    lines = lines_of(record.shape)
    street = streets.setdefault((fold(road.name), road.type), _Collected(road, record.number))
    street.directions.update(road.direction)
    street.lines.append(lines)
    return True


def _rows(streets: Mapping[tuple[str, str], _Collected], told: Told) -> Iterator[dict[str, Any]]:
    """Streets in the order of their names: the same input gives the same bytes."""
    for key in sorted(streets):
        try:
            yield _row(streets[key])
        except ValueError as wrong:
            told.add(streets[key].first_record, f"{streets[key].road.name}: {wrong}")


def _document(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One street a line."""
    yield '{"streets": [\n'
    for at, row in enumerate(rows):
        yield (",\n" if at else "") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _row(street: _Collected) -> dict[str, Any]:
    return {
        "name": street.road.name,
        "type": street.road.type,
        "directions": _numbered(street.directions),
        "aliases": list(street.road.aliases),
        "lines": drawn(street.lines),
    }


def _numbered(directions: set[str]) -> str:
    """The pair that a street is numbered by; "" when its signs say none, or both."""
    pairs = [pair for pair in ("EW", "NS") if directions.intersection(pair)]
    return pairs[0] if len(pairs) == 1 else ""


def imported_streets(pack: Path) -> tuple[Street, ...]:
    """The imported streets of a city pack; none where nothing was imported.

    Raises:
        CityPackError: the file is damaged.
    """
    path = pack / IMPORTED
    if not path.exists():
        return ()
    try:
        rows = json.loads(path.read_text("utf-8"))["streets"]
        return drawn_streets(rows)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise CityPackError([f"{IMPORTED}: {wrong!r}: run import-roads again"]) from wrong
