"""Reads the document of destinations: 911 by jurisdiction, and the directory that menus transfer to.

Names every mistake. Knows no file and no menu.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.city_parts import SHORTEST_RING_SECONDS, destinations_of
from config.tested_lines import tested_lines_of
from ivr.errors import CityPackError
from ivr.rules.dialling import is_domestic
from ivr.rules.line_tests import LineToTest
from ivr.runtime import HUMAN_LINE, Destination, DirectoryEntry
from models.states import DestinationKind, Language

LONGEST_RING_SECONDS = 60
_FIELDS = frozenset(
    {"name", "number", "ring_seconds", "line", "always_open", "fall_back", "verified_on"}
    | {"rehearsal", "key", "source", "kind", "stay_until_accepted"}
)
_KINDS = frozenset(kind.value for kind in DestinationKind)


@dataclass(frozen=True, slots=True)
class Destinations:
    """Whom the line may dial.

    `verified` is when each entry of the directory was tried last; `tested` how each of 911's is tried.
    """

    answering_points: Mapping[str, tuple[Destination, ...]]
    directory: Mapping[str, DirectoryEntry]
    verified: Mapping[str, date | None]
    tested: tuple[LineToTest, ...] = ()

    def numbers(self) -> frozenset[str]:
        """Every number in it."""
        points = (point.number for points in self.answering_points.values() for point in points)
        tests = (line.number for line in self.tested if line.number)
        return frozenset((*points, *tests, *(entry.number for entry in self.directory.values())))


def read_destinations(document: object, lines: Container[str] | None = None) -> Destinations:
    """Compile a document of destinations; `lines` are the opening hours that exist, if known.

    Raises:
        CityPackError: lists every mistake.
    """
    mistakes: list[str] = []
    points: dict[str, tuple[Destination, ...]] = {}
    try:
        points = destinations_of(document)
    except CityPackError as wrong:
        mistakes.extend(wrong.mistakes)
    given = document.get("directory", {}) if isinstance(document, Mapping) else {}
    if not isinstance(given, Mapping):
        raise CityPackError([*mistakes, "directory: is not a map"])
    entries = {str(key): _entry(str(key), row, mistakes) for key, row in given.items()}
    directory = {key: entry for key, entry in entries.items() if entry is not None}
    mistakes.extend(_astray(directory, frozenset(entries), lines))
    verified = {key: _verified(key, given[key], mistakes) for key in directory if key in given}
    tested = tested_lines_of(document, points, mistakes) if isinstance(document, Mapping) else ()
    if mistakes:
        raise CityPackError(mistakes)
    return Destinations(points, directory, verified, tested)


def _entry(key: str, row: object, mistakes: list[str]) -> DirectoryEntry | None:
    given: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
    where, before = f"directory: {key}", len(mistakes)
    mistakes.extend(f"{where}: {name!r} is not known" for name in given if name not in _FIELDS)
    number, ring = given.get("number"), given.get("ring_seconds")
    if not isinstance(number, str) or not is_domestic(number):
        mistakes.append(f"{where}: {number!r} is not an ordinary number like +15205550120")
    if isinstance(ring, bool) or not isinstance(ring, int) or not _rings(ring):
        mistakes.append(
            f"{where}: rings {ring!r} s; {SHORTEST_RING_SECONDS} to {LONGEST_RING_SECONDS}"
        )
    names = given.get("name")
    names = names if isinstance(names, Mapping) else {}
    if any(not isinstance(names.get(one.value), str) or not names[one.value] for one in Language):
        mistakes.append(f"{where}: has no name in every language")
    line, fall_back = given.get("line", ""), given.get("fall_back", HUMAN_LINE)
    if not isinstance(line, str) or bool(line) is (given.get("always_open") is True):
        mistakes.append(f"{where}: name either its line (of the hours) or always_open: true")
    if not isinstance(fall_back, str) or not fall_back:
        mistakes.append(f"{where}: fall_back is missing")
    mistakes.extend(_unkind(where, given))
    if len(mistakes) > before:
        return None
    return DirectoryEntry(
        key=key,
        name={one: str(names[one.value]) for one in Language},
        number=str(number),
        ring_seconds=int(ring or 0),
        line=str(line),
        fall_back=str(fall_back),
        kind=DestinationKind(given.get("kind", "department")),
        stay_until_accepted=given.get("stay_until_accepted", False),
    )


def _unkind(where: str, given: Mapping[str, Any]) -> Iterator[str]:
    """What kind of house it is, and whether a call-taker stays until they have the caller."""
    kind, stay = given.get("kind", "department"), given.get("stay_until_accepted", False)
    if not isinstance(kind, str) or kind not in _KINDS:
        yield f"{where}: kind {kind!r} is none of {', '.join(sorted(_KINDS))}"
    if not isinstance(stay, bool):
        yield f"{where}: stay_until_accepted is true or false"
    elif stay and kind == DestinationKind.INTERPRETER:
        yield f"{where}: an interpreter never takes the caller over: no stay_until_accepted"


def _rings(seconds: int) -> bool:
    return SHORTEST_RING_SECONDS <= seconds <= LONGEST_RING_SECONDS


def _astray(
    directory: Mapping[str, DirectoryEntry],
    named: frozenset[str],
    lines: Container[str] | None,
) -> Iterator[str]:
    """Fall-backs and lines that do not exist, and fall-backs that lead in a circle."""
    for key, entry in directory.items():
        if entry.line and lines is not None and entry.line not in lines:
            yield f"directory: {key}: line {entry.line!r} is not one of the hours"
        if entry.fall_back != HUMAN_LINE and entry.fall_back not in named:
            yield f"directory: {key}: fall_back {entry.fall_back!r} does not exist"
        if _circles(directory, key):
            yield f"directory: {key}: its fall-backs lead in a circle"


def _circles(directory: Mapping[str, DirectoryEntry], key: str) -> bool:
    seen, at = {key}, directory[key].fall_back
    while at in directory:
        if at in seen:
            return True
        seen.add(at)
        at = directory[at].fall_back
    return False


def _verified(key: str, row: Mapping[str, Any], mistakes: list[str]) -> date | None:
    given = row.get("verified_on")
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        mistakes.append(f"directory: {key}: verified_on {given!r} is not a date")
        return None
