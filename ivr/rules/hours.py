"""Is the line staffed at a moment, by the city's own clock?

Pure: the moment comes in aware, the time zone by name, holidays as the document's special days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.errors import CityPackError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Span = tuple[timedelta, timedelta]
"""Opening and closing, counted from the day's midnight; a closing of 24 h is the day's end."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When the line is staffed. `special` days replace their weekday, () means closed."""

    zone: ZoneInfo
    always_open: bool
    weekdays: Mapping[int, tuple[Span, ...]]
    special: Mapping[date, tuple[Span, ...]]


def is_open(hours: Hours, now: datetime) -> bool:
    """Say whether the line is staffed at `now` (aware; any zone)."""
    if hours.always_open:
        return True
    local = now.astimezone(hours.zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    spans = hours.special.get(local.date(), hours.weekdays[local.weekday()])
    return any(opens <= since_midnight < closes for opens, closes in spans)


def compile_hours(document: object) -> Hours:
    """Compile a document of hours.

    Raises:
        CityPackError: lists every mistake.
    """
    mistakes: list[str] = []
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    zone = _zone(given.get("time_zone"), mistakes)
    rows = _map(given.get("weekdays"), "weekdays", mistakes)
    weekdays = {n: _spans(rows.get(day), day, mistakes) for n, day in enumerate(WEEKDAYS)}
    special = {
        day: _spans(spans, str(day), mistakes)
        for name, spans in _map(given.get("special_days"), "special_days", mistakes).items()
        if (day := _day(name, mistakes)) is not None
    }
    if mistakes or zone is None:
        raise CityPackError(mistakes)
    return Hours(zone, bool(given.get("always_open", False)), weekdays, special)


def _zone(given: object, mistakes: list[str]) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(given))
    except (ZoneInfoNotFoundError, ValueError):
        mistakes.append(f"hours: time_zone {given!r} is not one")
        return None


def _map(given: object, name: str, mistakes: list[str]) -> Mapping[Any, Any]:
    if isinstance(given, Mapping):
        return given
    mistakes.append(f"hours: {name} is not a map")
    return {}


def _day(given: object, mistakes: list[str]) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        mistakes.append(f"hours: special day {given!r} is not a date")
        return None


def _spans(given: object, where: str, mistakes: list[str]) -> tuple[Span, ...]:
    try:
        spans = tuple((_moment(opens), _moment(closes)) for opens, closes in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        mistakes.append(f"hours: {where}: {given!r} is not a list of pairs of times")
        return ()
    mistakes.extend(f"hours: {where}: closes before it opens" for a, b in spans if a >= b)
    return spans


def _moment(given: object) -> timedelta:
    if given == "24:00":
        return timedelta(hours=24)
    at = time.fromisoformat(str(given))
    return timedelta(hours=at.hour, minutes=at.minute)
