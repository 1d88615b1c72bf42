"""How a day and an hour are said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.rules.spoken_hours import spoken_duration, spoken_opening, spoken_time
from models.states import Language

pytestmark = pytest.mark.rules

PHOENIX = ZoneInfo("America/Phoenix")
NOW = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)  # Wednesday, November 25, 18:30 in Tucson


def at(month, day, hour, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=PHOENIX)


@pytest.mark.parametrize(
    ("moment", "english", "spanish"),
    [
        (at(11, 25, 20), "today at 8 in the evening", "hoy a las 8 de la noche"),
        (at(11, 26, 8), "tomorrow at 8 in the morning", "mañana a las 8 de la mañana"),
        (at(11, 30, 8), "on Monday at 8 in the morning", "el lunes a las 8 de la mañana"),
        (at(12, 1, 13), "on Tuesday at 1 in the afternoon", "el martes a la 1 de la tarde"),
        (at(12, 2, 8), "on Wednesday, December 2, at 8 in the morning",
         "el miércoles 2 de diciembre a las 8 de la mañana"),
        (at(1, 1, 9, 30, 2027), "on Friday, January 1, at 9:30 in the morning",
         "el viernes primero de enero a las 9:30 de la mañana"),
        (at(11, 27, 12), "on Friday at noon", "el viernes al mediodía"),
        (at(11, 27, 0), "on Friday at midnight", "el viernes a la medianoche"),
        (at(11, 27, 0, 15), "on Friday at 12:15 in the morning", "el viernes a las 12:15 de la mañana"),
        (at(11, 27, 12, 15), "on Friday at 12:15 in the afternoon", "el viernes a las 12:15 de la tarde"),
        (at(11, 27, 13, 5), "on Friday at 1:05 in the afternoon", "el viernes a la 1:05 de la tarde"),
        (at(11, 27, 17), "on Friday at 5 in the evening", "el viernes a las 5 de la tarde"),
    ],
)  # fmt: skip
def test_an_opening_is_said_as_a_neighbour_would(moment, english, spanish):
    assert spoken_opening(moment, NOW, Language.EN) == english
    assert spoken_opening(moment, NOW, Language.ES) == spanish


def test_every_hour_of_the_day_has_words_in_both_languages():
    for language in Language:
        said = {spoken_time(at(11, 27, hour), language) for hour in range(24)}
        assert len(said) == 24


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (0, "less than a minute", "menos de un minuto"),
        (-5, "less than a minute", "menos de un minuto"),
        (60, "1 minute", "1 minuto"),
        (150, "2 minutes", "2 minutos"),
        (3600, "60 minutes", "60 minutos"),
    ],
)
def test_a_wait_is_said_in_whole_minutes(seconds, english, spanish):
    assert spoken_duration(seconds, Language.EN) == english
    assert spoken_duration(seconds, Language.ES) == spanish
