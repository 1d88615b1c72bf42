"""Holidays out of the library, as plain days with names in both languages."""

from datetime import date, timedelta

import pytest

from config.holidays import days_of, hours_of
from ivr.errors import CityPackError
from models.states import Language

pytestmark = pytest.mark.rules

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2026, 11, 26), "Thanksgiving Day", "Día de Acción de Gracias"),
        (date(2026, 12, 25), "Christmas Day", "Navidad"),
        (date(2027, 7, 5), "Independence Day (observed)", "Día de la Independencia (día de descanso)"),
    ],
)  # fmt: skip
def test_a_holiday_of_the_country_has_its_name_in_both_languages(day, english, spanish):
    assert days_of(["US", "AZ"], TODAY)[day] == {Language.EN: english, Language.ES: spanish}


def test_az_after_us_is_arizona_and_not_azerbaijan():
    days = days_of(["US", "AZ"], TODAY)
    assert not any("Azerbaijan" in names[Language.EN] for names in days.values())
    assert any("Azerbaijan" in names[Language.EN] for names in days_of(["AZ"], TODAY).values())


def test_arizona_alone_adds_nothing_that_has_no_spanish_name():
    untranslated = [
        names[Language.EN]
        for names in days_of(["US", "AZ"], TODAY).values()
        if names[Language.EN] == names[Language.ES]
    ]
    assert untranslated == []


def test_holidays_are_known_for_more_than_the_400_days_that_the_gate_looks_ahead():
    days = days_of(["US"], TODAY)
    assert max(days) > TODAY + timedelta(days=500)
    assert min(days) < TODAY


@pytest.mark.parametrize("names", [["Narnia"], ["US", "ZZ"], ["AZ", "TX"], ["../US"], [""]])
def test_a_calendar_that_is_not_known_is_named(names):
    with pytest.raises(CityPackError) as error:
        days_of(names, TODAY)
    assert all("no calendar" in mistake for mistake in error.value.mistakes)


def test_the_hours_of_a_city_keep_the_days_of_the_calendars_it_names():
    document = {
        "time_zone": "America/Phoenix",
        "holidays": {"library": ["US", "AZ"], "not": ["Christmas Day"]},
        "lines": {"main": {"always_open": True}},
    }
    days = hours_of(document, TODAY).holidays
    assert date(2026, 11, 26) in days
    assert date(2026, 12, 25) not in days
