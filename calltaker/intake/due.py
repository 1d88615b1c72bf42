"""From when on a follow-up is due: the day that a call-taker chose, in the city's own time. Pure.

A follow-up of today is due at once; one of another day from that day's midnight on, so that whoever
begins the shift finds it. Knows no row.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from calltaker.errors import RefusedError

FARTHEST = timedelta(days=366)
KEPT_TO_ONESELF = timedelta(days=1)
"""So long a follow-up of one person is theirs alone once it is due; then it is everybody's."""


class Preset(StrEnum):
    """The days that are one key."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    IN_3_DAYS = "in_3_days"


DAYS = {Preset.TODAY: 0, Preset.TOMORROW: 1, Preset.IN_3_DAYS: 3}


def due_at(when: str, zone: str, now: datetime) -> datetime:
    """The instant from which a follow-up is due, UTC.

    Args:
        when: A preset, or a day as `2026-03-05`.
        zone: The city's time zone, IANA.
        now: The present instant, aware.

    Raises:
        RefusedError: no day, one that is past, or more than `FARTHEST` away.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    day = _day(when, today)
    if not today <= day <= today + FARTHEST:
        raise RefusedError("That day is past, or more than a year away.", "Choose another day.")
    if day == today:
        return now
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _day(when: str, today: date) -> date:
    try:
        return today + timedelta(days=DAYS[Preset(when)])
    except ValueError:
        pass
    try:
        return date.fromisoformat(when)
    except ValueError:
        raise RefusedError("That is no day.", "Choose today, tomorrow or a date.") from None
