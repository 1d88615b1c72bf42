"""Brings a city's official address points into its pack: a CSV file, with its columns named.

Every line is judged by itself; what is wrong is told by line, and the rest is taken. Running it
again with a newer file replaces the older one whole. The pack reads `imported/addresses.csv` at start.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from config.importing import Imported, ImportRefusedError, Told, write_whole
from ivr.places.address_points import AddressPoint, AddressPoints
from ivr.rules.folding import fold
from ivr.rules.street_words import DIRECTIONS, TYPES

IMPORTED = "imported/addresses.csv"
FIELDS = ("number", "direction", "street", "type", "latitude", "longitude")
NEEDED = ("number", "street", "latitude", "longitude")
_HIGHEST_NUMBER = 999_999


def columns_of(chosen: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    """Which column holds which field: as chosen (`number=ADDRNUM`), else of the same name.

    Raises:
        ImportRefusedError: a field or column that does not exist, or a needed one without a column.
    """
    known = {fold(name): name for name in header}
    columns = {name: known[name] for name in FIELDS if name in known}
    for one in chosen:
        name, _, column = one.partition("=")
        if name not in FIELDS or fold(column) not in known:
            raise ImportRefusedError(
                f"--column {one}: fields are {', '.join(FIELDS)}; columns of the file are"
                f" {', '.join(header)}"
            )
        columns[name] = known[fold(column)]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise ImportRefusedError(
            f"no column for {', '.join(missing)}: name it, for example --column {missing[0]}=..."
            f" (the file has {', '.join(header)})"
        )
    return columns


def import_addresses(
    source: Path,
    pack: Path,
    chosen: Sequence[str] = (),
    seen: Callable[[int], None] = lambda _line: None,
) -> Imported:
    """Read a CSV of address points and put what is sound into a city pack.

    Args:
        source: UTF-8 CSV with a header.
        pack: The folder of the city pack.
        chosen: Columns by field, `field=COLUMN`.
        seen: Told every line, for a progress bar.

    Raises:
        ImportRefusedError: nothing in it can be used; the pack is as it was.
        OSError: a file cannot be read or written.
    """
    told = Told()
    points: dict[tuple[str, ...], AddressPoint] = {}
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = columns_of(chosen, reader.fieldnames or ())
        for line, row in enumerate(reader, start=2):
            seen(line)
            try:
                point = _point({name: (row[at] or "").strip() for name, at in columns.items()})
            except ValueError as wrong:
                told.add(line, str(wrong))
                continue
            points.setdefault(_key(point), point)
    if not points:
        raise ImportRefusedError("no line of the file holds an address that can be used")
    write_whole(pack / IMPORTED, _rows(points[key] for key in sorted(points)))
    return Imported(len(points), told.count, tuple(told.kept))


def _key(point: AddressPoint) -> tuple[str, ...]:
    return (fold(point.street), point.type, point.direction, f"{point.number:06}")


def _point(row: Mapping[str, str]) -> AddressPoint:
    """Raises: ValueError: names what is wrong."""
    number = _number(row["number"], "number")
    if number != int(number) or not 0 < number <= _HIGHEST_NUMBER:
        raise ValueError(f"number {row['number']!r} is no house number")
    if not fold(row["street"]):
        raise ValueError("no street")
    latitude, longitude = (_number(row[name], name) for name in ("latitude", "longitude"))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or not (latitude or longitude):
        raise ValueError(f"{row['latitude']}, {row['longitude']} is no point in degrees")
    return AddressPoint(
        int(number),
        _one_of(DIRECTIONS, row.get("direction", ""), "direction"),
        " ".join(word.capitalize() for word in row["street"].split()),
        _one_of(TYPES, row.get("type", ""), "type"),
        latitude,
        longitude,
    )


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is no number") from None


def _one_of(table: Mapping[str, str], text: str, name: str) -> str:
    """The canonical form of a direction or type; "" where there is none."""
    said = fold(text)
    if not said:
        return ""
    if said not in table:
        raise ValueError(f"{name} {text!r} is not known")
    return table[said]


def _rows(points: Iterable[AddressPoint]) -> Iterator[str]:
    """The lines of the pack's own CSV, header first."""
    for row in (FIELDS, *([getattr(one, name) for name in FIELDS] for one in points)):
        line = StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def address_points(pack: Path) -> AddressPoints:
    """The imported house numbers of a city pack; none where nothing was imported."""
    path = pack / IMPORTED
    return AddressPoints(_read(path)) if path.exists() else AddressPoints()


def _read(path: Path) -> Iterator[AddressPoint]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _point(row)
