"""When each line is staffed, by the city's own clock: open now, a holiday, and when it opens next.

Pure: the moment comes in aware, the time zone by name, the library's holidays as days with their
names. How a day and an hour are said stands in `ivr.rules.spoken_hours`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from models.states import Language

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAIN = "main"
"""The line that is meant where none is named, or none of that name exists."""
Span = tuple[timedelta, timedelta]
"""Opening and closing, counted from the day's midnight; a closing of 24 h is the day's end."""
Spans = tuple[Span, ...]
Names = Mapping[Language, str]
_FARTHEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class LineHours:
    """When one line is staffed. `special` days stand above holidays, those above weekdays.

    () is closed. `holidays` are the spans of every holiday, None: the weekday's own.
    """

    always_open: bool = False
    weekdays: Mapping[int, Spans] = field(default_factory=dict)
    special: Mapping[date, Spans] = field(default_factory=dict)
    holidays: Spans | None = ()
    special_names: Mapping[date, Names] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of every line of a city, and its holidays with their names."""

    zone: ZoneInfo
    lines: Mapping[str, LineHours]
    holidays: Mapping[date, Names] = field(default_factory=dict)

    def line(self, name: str) -> LineHours:
        """The hours of a line; those of the main line for a name that is not known."""
        return self.lines.get(name) or self.lines[MAIN]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a caller may be told of a line at a moment.

    `next_open` is when it opens next, aware and in the city's zone; None while it is open, and
    where it does not open within 400 days. `holiday` is the day's name, "" on other days.
    """

    is_open: bool
    next_open: datetime | None = None
    holiday: str = ""


def opening(hours: Hours, line: str, now: datetime) -> Opening:
    """Read all about a line at `now` (aware; any zone)."""
    staffed = is_open(hours, now, line)
    return Opening(staffed, None if staffed else next_open(hours, line, now), holiday(hours, now))


def is_open(hours: Hours, now: datetime, line: str = MAIN) -> bool:
    """Say whether a line is staffed at `now` (aware; any zone)."""
    asked = hours.line(line)
    if asked.always_open:
        return True
    local = now.astimezone(hours.zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    spans = spans_of(hours, asked, local.date())
    return any(opens <= since_midnight < closes for opens, closes in spans)


def next_open(hours: Hours, line: str, now: datetime) -> datetime | None:
    """The first moment from `now` on at which a span of the line begins, in the city's zone.

    For a line that is open this is its next opening after the present one; None when there is none
    within 400 days, and for a line that never closes.
    """
    asked, local = hours.line(line), now.astimezone(hours.zone)
    if asked.always_open:
        return None
    for ahead in range(_FARTHEST_DAYS + 1):
        day = local.date() + timedelta(days=ahead)
        midnight = datetime.combine(day, time(), hours.zone)
        starts = sorted(midnight + opens for opens, _ in spans_of(hours, asked, day))
        later = next((moment for moment in starts if moment >= local), None)
        if later is not None:
            return later
    return None


def holiday(hours: Hours, now: datetime) -> str:
    """The English name of the holiday that `now` falls on in the city, or ""."""
    names = hours.holidays.get(now.astimezone(hours.zone).date())
    return "" if names is None else names.get(Language.EN) or next(iter(names.values()), "")


def spans_of(hours: Hours, line: LineHours, day: date) -> Spans:
    """When a line is staffed on a day: its special hours, a holiday's, or the weekday's."""
    special = line.special.get(day)
    if special is not None:
        return special
    if line.holidays is not None and day in hours.holidays:
        return line.holidays
    return line.weekdays.get(day.weekday(), ())


ALWAYS: Mapping[str, LineHours] = MappingProxyType({MAIN: LineHours(always_open=True)})
"""The lines of a city that never closes."""
