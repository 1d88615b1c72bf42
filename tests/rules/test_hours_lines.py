"""Hours of each line: special days, holidays, and when a closed line opens next."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import CityPackError
from ivr.rules.hours import WEEKDAYS, holiday, is_open, next_open, opening
from ivr.rules.hours_document import calendars, compile_hours
from models.states import Language

pytestmark = pytest.mark.rules

PHOENIX = ZoneInfo("America/Phoenix")
THANKSGIVING = date(2026, 11, 26)
LIBRARY = {
    date(2026, 11, 11): {Language.EN: "Veterans Day", Language.ES: "Día de los Veteranos"},
    THANKSGIVING: {Language.EN: "Thanksgiving Day", Language.ES: "Día de Acción de Gracias"},
}
WORK = {day: [["08:00", "17:00"]] for day in WEEKDAYS[:5]} | {day: [] for day in WEEKDAYS[5:]}


def document(**main):
    return {
        "key": "hours",
        "time_zone": "America/Phoenix",
        "verified_on": None,
        "holidays": {
            "library": ["US", "AZ"],
            "own": [{"on": "2027-02-25", "name": {"en": "Rodeo day", "es": "Día del rodeo"}}],
            "not": ["Veterans Day"],
        },
        "lines": {
            "main": {"weekdays": WORK, "special_days": {}, "holidays": "closed"} | main,
            "parks": {"weekdays": WORK, "holidays": [["10:00", "12:00"]]},
            "water": {"always_open": True},
            "always_staffed": {"weekdays": WORK, "holidays": "open"},
        },
    }


def hours(**main):
    return compile_hours(document(**main), LIBRARY)


def at(year, month, day, hour=12, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=PHOENIX)


@pytest.mark.parametrize(
    ("line", "moment", "expected"),
    [
        ("main", at(2026, 11, 25), True),
        ("main", at(2026, 11, 26), False),  # Thanksgiving
        ("main", at(2026, 11, 11), True),  # a holiday that the city does not keep
        ("main", at(2027, 2, 25), False),  # the city's own
        ("parks", at(2026, 11, 26, 11), True),  # holiday hours of its own
        ("parks", at(2026, 11, 26, 13), False),
        ("water", at(2026, 11, 26, 3), True),
        ("always_staffed", at(2026, 11, 26), True),
        ("nobody_knows_it", at(2026, 11, 25), True),  # the main line's
    ],
)
def test_each_line_has_hours_of_its_own(line, moment, expected):
    assert is_open(hours(), moment, line) is expected


def test_special_hours_of_one_day_stand_above_its_holiday():
    special = {"2026-11-26": {"spans": [["09:00", "10:00"]], "name": {"en": "Short day", "es": "Día corto"}}}  # fmt: skip
    known = hours(special_days=special)
    assert is_open(known, at(2026, 11, 26, 9), "main")
    assert not is_open(known, at(2026, 11, 26, 11), "main")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(2026, 11, 25, 7), at(2026, 11, 25, 8)),
        (at(2026, 11, 25, 17), at(2026, 11, 27, 8)),  # over Thanksgiving
        (at(2026, 11, 27, 18), at(2026, 11, 30, 8)),  # over the weekend
        (at(2026, 11, 28, 0), at(2026, 11, 30, 8)),
    ],
)
def test_a_closed_line_opens_on_its_next_day_of_work(moment, opens):
    found = opening(hours(), "main", moment.astimezone(UTC))
    assert not found.is_open
    assert found.next_open == opens
    assert found.next_open.tzinfo == PHOENIX


def test_an_open_line_has_nothing_to_say_of_its_opening():
    assert opening(hours(), "main", at(2026, 11, 25)).next_open is None
    assert next_open(hours(), "main", at(2026, 11, 25)) == at(2026, 11, 27, 8)
    assert next_open(hours(), "water", at(2026, 11, 25)) is None


def test_a_line_that_never_opens_promises_nothing():
    never = hours(weekdays={day: [] for day in WEEKDAYS})
    assert opening(never, "main", at(2026, 11, 25)).next_open is None


def test_a_holiday_is_known_by_its_name():
    assert holiday(hours(), at(2026, 11, 26)) == "Thanksgiving Day"
    assert opening(hours(), "water", at(2026, 11, 26)).holiday == "Thanksgiving Day"
    assert holiday(hours(), at(2026, 11, 11)) == ""
    assert holiday(hours(), datetime(2026, 11, 27, 6, 59, tzinfo=UTC)) == "Thanksgiving Day"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 120 * 24 * 60),
    st.sampled_from(["main", "parks", "always_staffed"]),
)
def test_a_line_is_closed_until_the_opening_that_was_promised_and_open_then(minutes, line):
    known, now = hours(), at(2026, 11, 1, 0) + timedelta(minutes=minutes)
    found = opening(known, line, now)
    if found.is_open:
        return
    assert is_open(known, found.next_open, line)
    assert not is_open(known, found.next_open - timedelta(seconds=1), line)
    halfway = now + (found.next_open - now) / 2
    assert not is_open(known, halfway, line)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"lines": {"parks": {"weekdays": WORK}}}, "main is missing"),
        ({"lines": {"main": {"weekdays": WORK, "colour": 1}}}, "'colour' is not known"),
        ({"lines": {"main": {"weekdays": WORK, "holidays": "maybe"}}}, "holidays"),
        ({"lines": {"main": {"weekdays": WORK | {"someday": []}}}}, "'someday'"),
        ({"lines": {"main": {"weekdays": WORK | {"monday": [["08:00", "12:00"], ["11:00", "13:00"]]}}}}, "overlap"),
        ({"lines": {"main": {"weekdays": WORK | {"monday": "08:00-17:00"}}}}, "monday"),
        ({"lines": {"main": {"weekdays": WORK | {"monday": [[8.5, 17]]}}}}, "monday"),
        ({"lines": {"main": {"always_open": "no", "weekdays": WORK}}}, "neither true nor false"),
        ({"lines": []}, "lines is not a map"),
        ({"holidays": {"own": [{"on": "someday", "name": {"en": "a", "es": "b"}}]}}, "not a date"),
        ({"holidays": {"own": [{"on": "2027-02-25", "name": {"en": "a"}}]}}, "no name in es"),
        ({"holidays": {"own": 3}}, "not a list"),
        ({"holidays": {"library": [3]}}, "not a calendar"),
        ({"holidays": {"colour": 3}}, "'colour'"),
        ({"time_zone": None}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"nonsense": 1}, "'nonsense'"),
    ],
)  # fmt: skip
def test_a_mistake_of_the_hours_is_named(change, named):
    with pytest.raises(CityPackError) as error:
        compile_hours(document() | change, LIBRARY)
    assert any(named in mistake for mistake in error.value.mistakes)


RUBBISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["time_zone", "holidays", "lines", "main"]), RUBBISH)
def test_rubbish_in_the_hours_is_a_fault_and_nothing_else(where, rubbish):
    whole = document()
    if where == "main":
        whole["lines"]["main"] = rubbish
    else:
        whole[where] = rubbish
    try:
        lines = compile_hours(whole, LIBRARY).lines
    except CityPackError as error:
        lines = error.mistakes
    assert lines


def test_times_that_yaml_reads_as_numbers_are_times():
    known = hours(weekdays=WORK | {"saturday": [[480, 1020]]})  # 08:00 and 17:00, unquoted
    assert is_open(known, at(2026, 11, 28, 8), "main")
    assert not is_open(known, at(2026, 11, 28, 17), "main")


def test_the_calendars_that_a_document_names_are_read_from_any_document():
    assert calendars(document()) == ("US", "AZ")
    for odd in (None, 3, [], {}, {"holidays": 3}, {"holidays": {"library": "US"}}):
        assert calendars(odd) == ()
