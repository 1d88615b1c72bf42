"""From a document of hours to `Hours`: every mistake named at once.

Two shapes are read: lines by name, and the older one of a single line without a name. The library's
holidays come in as days with their names; which of them the city keeps, the document says.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.errors import CityPackError
from ivr.rules.hours import MAIN, WEEKDAYS, Hours, LineHours, Names, Span, Spans
from ivr.rules.menu_values import UNSPEAKABLE, is_too_large, shown
from models.states import Language

_TOP = {"key", "time_zone", "verified_on", "holidays", "lines"}
_LINE = {"always_open", "weekdays", "special_days", "holidays", "verified_on"}
_MOST = 1000
_MOST_MISTAKES = 200


def compile_hours(document: object, library: Mapping[date, Names] | None = None) -> Hours:
    """Compile a document of hours; `library` are the days of the calendars that it names.

    Raises:
        CityPackError: lists every mistake, at most 200.
    """
    return _Compiler().hours(document, library or {})


def calendars(document: object) -> tuple[str, ...]:
    """The calendars whose holidays a document of hours keeps, such as ("US", "AZ")."""
    given = document.get("holidays") if isinstance(document, Mapping) else None
    named = given.get("library", []) if isinstance(given, Mapping) else []
    return tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()


class _Compiler:
    """Reads a document part by part and collects what is wrong with it."""

    def __init__(self) -> None:
        self._mistakes: list[str] = []

    def hours(self, document: object, library: Mapping[date, Names]) -> Hours:
        if is_too_large(document):
            raise CityPackError(["hours: the document is too large"])
        given = self._map(document, "document")
        zone = self._zone(given.get("time_zone"))
        lines = self._lines(given)
        holidays = self._holidays(given.get("holidays"), library)
        if self._mistakes or zone is None:
            raise CityPackError(self._mistakes[:_MOST_MISTAKES])
        return Hours(zone, MappingProxyType(lines), MappingProxyType(holidays))

    def _lines(self, given: Mapping[Any, Any]) -> dict[str, LineHours]:
        if "lines" not in given:
            return {MAIN: self._line({**given, "holidays": "closed"}, "")}
        self._known(given, _TOP, "document")
        lines = {}
        for name, line in self._map(given["lines"], "lines").items():
            if not isinstance(name, str) or not name or UNSPEAKABLE.search(name):
                self._wrong(f"lines: {shown(name)} is not a name")
                continue
            fields = self._map(line, name)
            self._known(fields, _LINE, name)
            lines[name] = self._line(fields, f"{name}: ")
        if MAIN not in lines:
            self._wrong(f"lines: {MAIN} is missing")
        return lines

    def _line(self, line: Mapping[Any, Any], where: str) -> LineHours:
        always = line.get("always_open", False)
        if not isinstance(always, bool):
            self._wrong(f"{where}always_open {shown(always)} is neither true nor false")
        rows = self._map(line.get("weekdays", {} if always else None), f"{where}weekdays")
        self._known(rows, set(WEEKDAYS), f"{where}weekdays")
        weekdays = {
            n: self._spans(rows.get(day, [] if always else None), f"{where}{day}")
            for n, day in enumerate(WEEKDAYS)
        }
        special: dict[date, Spans] = {}
        names: dict[date, Names] = {}
        for given, row in self._map(line.get("special_days", {}), f"{where}special_days").items():
            day = self._day(given, f"{where}special day")
            if day is not None:
                special[day], names[day] = self._special(row, f"{where}{day}")
        holidays = self._holiday_spans(line.get("holidays", "closed"), where)
        named = {day: name for day, name in names.items() if name}
        return LineHours(always is True, weekdays, special, holidays, named)

    def _special(self, row: object, where: str) -> tuple[Spans, Names]:
        """Hours of one day: spans, or spans with the day's name."""
        if not isinstance(row, Mapping):
            return self._spans(row, where), {}
        self._known(row, {"spans", "name"}, where)
        name = self._names(row["name"], where) if row.get("name") is not None else {}
        return self._spans(row.get("spans"), where), name

    def _holiday_spans(self, given: object, where: str) -> Spans | None:
        if given == "closed":
            return ()
        if given == "open":
            return None
        return self._spans(given, f"{where}holidays")

    # Holidays.

    def _holidays(self, given: object, library: Mapping[date, Names]) -> dict[date, Names]:
        """The library's days but for those the city does not keep, and the city's own."""
        holidays = self._map({} if given is None else given, "holidays")
        self._known(holidays, {"library", "own", "not"}, "holidays")
        if any(
            not isinstance(one, str) for one in self._list(holidays.get("library", []), "library")
        ):
            self._wrong("holidays: library holds something that is not a calendar's name")
        not_kept = {
            one for one in self._list(holidays.get("not", []), "not") if isinstance(one, str)
        }
        kept = {
            day: names
            for day, names in library.items()
            if not not_kept.intersection(names.values())
        }
        for row in self._list(holidays.get("own", []), "own"):
            own = self._map(row, "holidays: own")
            self._known(own, {"on", "name"}, "holidays: own")
            day = self._day(own.get("on"), "holidays: own")
            names = self._names(own.get("name"), "holidays: own")
            if day is not None:
                kept[day] = names
        return kept

    def _names(self, given: object, where: str) -> Names:
        names = self._map(given, f"{where}: name")
        self._known(names, {language.value for language in Language}, f"{where}: name")
        found = {}
        for language in Language:
            name = names.get(language.value)
            if not isinstance(name, str) or not name.strip() or UNSPEAKABLE.search(name):
                self._wrong(f"{where}: no name in {language}")
            else:
                found[language] = " ".join(name.split())[:100]
        return found

    # Values.

    def _zone(self, given: object) -> ZoneInfo | None:
        try:
            return ZoneInfo(given if isinstance(given, str) else "")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._wrong(f"time_zone {shown(given)} is not one")
            return None

    def _day(self, given: object, where: str) -> date | None:
        if isinstance(given, date) and not isinstance(given, datetime):
            return given
        try:
            return date.fromisoformat(given if isinstance(given, str) else "")
        except ValueError:
            self._wrong(f"{where}: {shown(given)} is not a date")
            return None

    def _spans(self, given: object, where: str) -> Spans:
        found: list[Span] = []
        pairs: list[Any] = given if isinstance(given, list) else [None]
        for pair in pairs:
            try:
                opens, closes = pair
                found.append((_moment(opens), _moment(closes)))
            except (TypeError, ValueError):
                self._wrong(f"{where}: {shown(given)} is not a list of pairs of times")
                return ()
        found.sort()
        if any(opens >= closes for opens, closes in found):
            self._wrong(f"{where}: closes before it opens")
        if any(one[1] > other[0] for one, other in pairwise(found)):
            self._wrong(f"{where}: two spans of a day overlap")
        return tuple(found)

    def _map(self, given: object, where: str) -> Mapping[Any, Any]:
        if isinstance(given, Mapping) and len(given) <= _MOST:
            return given
        self._wrong(f"{where} is not a map")
        return {}

    def _list(self, given: object, where: str) -> list[Any]:
        if isinstance(given, list) and len(given) <= _MOST:
            return given
        self._wrong(f"holidays: {where} is not a list")
        return []

    def _known(self, given: Mapping[Any, Any], names: set[str], where: str) -> None:
        for name in given:
            if name not in names:
                self._wrong(f"{where}: {shown(name)} is not known here")

    def _wrong(self, what: str) -> None:
        self._mistakes.append(f"hours: {what}")


def _moment(given: object) -> timedelta:
    """A time of day. YAML 1.1 reads an unquoted 17:00 as base 60: 1020 minutes."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 24 * 60:
        return timedelta(minutes=given)
    if given == "24:00":
        return timedelta(hours=24)
    at = time.fromisoformat(given if isinstance(given, str) else "")
    if at.tzinfo is not None:
        raise ValueError("a time of the day has no zone")
    return timedelta(hours=at.hour, minutes=at.minute)
