"""Reads how each destination of 911 is tested: its own test number, or when somebody tested it by hand.

Names every mistake. Knows no file.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ivr.rules.dialling import is_domestic
from ivr.rules.line_tests import LineToTest
from ivr.runtime import Destination


def tested_lines_of(
    document: Mapping[str, Any],
    points: Mapping[str, tuple[Destination, ...]],
    mistakes: list[str],
) -> tuple[LineToTest, ...]:
    """One line a destination, by key; `mistakes` gets every mistake.

    A test number is an ordinary number that nobody in the document is called at: no machine rings 911.
    """
    called = {point.number for group in points.values() for point in group}
    directory = document.get("directory")
    for row in (directory if isinstance(directory, Mapping) else {}).values():
        called.add(str(row.get("number", "")) if isinstance(row, Mapping) else "")
    by_key = {point.key: point for group in points.values() for point in group}
    found: dict[str, LineToTest] = {}
    for where, row in _rows(document):
        point = by_key.get(str(row.get("key", "")))
        if point is None:
            continue
        number = row.get("test_number") or ""
        if number and (not isinstance(number, str) or not is_domestic(number)):
            mistakes.append(f"{where}: test_number {number!r} is not an ordinary number")
        if number in called:
            mistakes.append(f"{where}: test_number {number} is a line that people answer")
        line = LineToTest(
            key=point.key,
            name=point.name,
            number=str(number),
            ring_seconds=point.ring_seconds,
            by_hand_on=_date(row.get("last_tested_on"), where, mistakes),
        )
        if found.setdefault(point.key, line) != line:
            mistakes.append(f"{where}: is tested otherwise than where it stood before")
    return tuple(found.values())


def _rows(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for jurisdiction, rows in document.get("jurisdictions", {}).items():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping):
                yield f"{jurisdiction}: {row.get('key')}", row


def _date(given: object, where: str, mistakes: list[str]) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        mistakes.append(f"{where}: last_tested_on {given!r} is not a date")
        return None
