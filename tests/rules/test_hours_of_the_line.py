"""Open or closed by the city's clock."""

from datetime import UTC, datetime

import pytest

from ivr.errors import CityPackError
from ivr.rules.hours import WEEKDAYS, is_open
from ivr.rules.hours_document import compile_hours

pytestmark = pytest.mark.rules


def document(**changes):
    days = {day: [["08:00", "17:00"]] for day in WEEKDAYS[:5]} | {day: [] for day in WEEKDAYS[5:]}
    return {
        "time_zone": "America/Phoenix",
        "always_open": False,
        "weekdays": days,
        "special_days": {"2026-11-26": [], "2026-11-28": [["09:00", "24:00"]]},
    } | changes


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ((2026, 11, 23, 14, 59), False),  # Monday 07:59 in Tucson
        ((2026, 11, 23, 15, 0), True),
        ((2026, 11, 23, 23, 59), True),
        ((2026, 11, 24, 0, 0), False),  # Monday 17:00
        ((2026, 11, 26, 18, 0), False),  # Thanksgiving
        ((2026, 11, 28, 18, 0), True),  # a Saturday with hours of its own
        ((2026, 11, 29, 6, 59), True),  # until the day's end
        ((2026, 11, 29, 7, 0), False),
        ((2026, 7, 6, 15, 0), True),  # no daylight saving in Arizona
    ],
)
def test_open_follows_tucson_time(utc, expected):
    assert is_open(compile_hours(document()), datetime(*utc, tzinfo=UTC)) is expected


def test_a_line_may_always_be_open():
    hours = compile_hours(document(always_open=True))
    assert is_open(hours, datetime(2026, 11, 29, 7, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Mars/Olympus"},
        {"weekdays": None},
        {"weekdays": {"monday": [["17:00", "08:00"]]}},
        {"special_days": {"someday": []}},
        {"special_days": {"2026-12-25": "closed"}},
    ],
)
def test_a_mistake_is_named(changes):
    with pytest.raises(CityPackError) as error:
        compile_hours(document(**changes))
    assert error.value.mistakes
