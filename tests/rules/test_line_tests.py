"""When a destination's test number is rung, what its tests say, and which numbers may stand there."""

import copy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.directory import read_destinations
from config.settings import ROOT
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from ivr.rules.line_tests import LastTests, LineToTest, Standing, is_due, standing
from models.states import Language

pytestmark = pytest.mark.rules

NOW = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
NAMES = {Language.EN: "City 911", Language.ES: "9-1-1"}
LINE = LineToTest("city-911", NAMES, "+15205550132", 25, None)
BY_HAND = LineToTest("county-911", NAMES, "", 25, date(2026, 2, 20))
DOCUMENT = read_yaml((ROOT / "config/tucson/first/destinations.yaml").read_text())


def ago(**spans):
    return NOW - timedelta(**spans)


def passed(**spans):
    return LastTests(ago(**spans), ago(**spans), ended_as="completed")


def failed(ended_as="busy", **spans):
    return LastTests(ago(**spans), ago(hours=25), ended_as=ended_as)


@pytest.mark.parametrize(
    ("last", "due", "stands"),
    [
        (LastTests(), True, Standing.NEW),
        (LastTests(ago(seconds=5), is_open=True), False, Standing.NEW),
        (passed(hours=1), False, Standing.PASSED),
        (passed(hours=24), True, Standing.PASSED),
        (LastTests(ago(seconds=5), ago(hours=24), is_open=True), False, Standing.PASSED),
        (passed(hours=27), True, Standing.OVERDUE),
        (failed(minutes=10), False, Standing.FAILED),
        (failed(minutes=60), True, Standing.FAILED),
        (LastTests(ago(minutes=2), None, ended_as="no-answer"), False, Standing.FAILED),
    ],
)
def test_a_line_is_rung_daily_and_sooner_after_a_failure(last, due, stands):
    assert is_due(LINE, last, NOW) is due
    assert standing(LINE, last, NOW) is stands


@pytest.mark.parametrize(
    ("by_hand_on", "stands"),
    [
        (None, Standing.BY_HAND_OVERDUE),
        (date(2026, 2, 20), Standing.PASSED),
        (date(2026, 1, 15), Standing.BY_HAND_OVERDUE),
    ],
)
def test_a_line_without_a_test_number_is_never_rung_and_is_overdue_after_a_month(
    by_hand_on, stands
):
    line = LineToTest("county-911", NAMES, "", 25, by_hand_on)
    assert not is_due(line, LastTests(), NOW)
    assert standing(line, LastTests(), NOW) is stands


@given(st.integers(0, 400), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_a_line_under_test_is_never_rung_beside_itself(hours, has_passed, is_open):
    last = LastTests(ago(hours=hours), ago(hours=hours) if has_passed else None, is_open, "")
    assert not (is_open and is_due(LINE, last, NOW))


def with_tests(**tests):
    document = copy.deepcopy(DOCUMENT)
    for rows in document["jurisdictions"].values():
        for row in rows:
            row.update(tests.get(row["key"].replace("-", "_"), {}))
    return document


def test_a_destination_of_several_jurisdictions_is_tested_once():
    number = {"test_number": "+15205550189", "last_tested_on": "2026-02-20"}
    tested = read_destinations(with_tests(city_911=number)).tested
    keys = [line.key for line in tested]
    assert len(keys) == len(set(keys))
    city = next(line for line in tested if line.key == "city-911")
    assert (city.number, city.by_hand_on, city.ring_seconds) == (
        "+15205550189",
        date(2026, 2, 20),
        25,
    )
    assert all(line.number == "" for line in tested if line.key != "city-911")
    assert "+15205550189" in read_destinations(with_tests(city_911=number)).numbers()


@pytest.mark.parametrize(
    ("tests", "mistake"),
    [
        ({"test_number": "+15205550191"}, "is a line that people answer"),
        ({"test_number": "+15205550193"}, "is a line that people answer"),
        ({"test_number": "+15205550121"}, "is a line that people answer"),
        ({"test_number": "911"}, "is not an ordinary number"),
        ({"test_number": 5205550189}, "is not an ordinary number"),
        ({"last_tested_on": "in spring"}, "is not a date"),
    ],
)
def test_no_line_that_people_answer_can_be_a_test_number(tests, mistake):
    with pytest.raises(CityPackError) as refused:
        read_destinations(with_tests(city_911=tests))
    assert any(mistake in each for each in refused.value.mistakes)


def test_one_destination_cannot_have_two_test_numbers():
    document = with_tests()
    for n, rows in enumerate(document["jurisdictions"].values()):
        rows[0]["test_number"] = f"+1520555018{n}"
    with pytest.raises(CityPackError) as refused:
        read_destinations(document)
    assert any("tested otherwise" in each for each in refused.value.mistakes)
