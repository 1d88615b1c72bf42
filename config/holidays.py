"""The calendars of holidays, as plain days with their names: the one place that knows the library.

`ivr.rules.hours` gets the days handed in. Nothing here needs a network: the library computes.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ivr.errors import CityPackError
from ivr.rules.hours import Hours, Names
from ivr.rules.hours_document import calendars, compile_hours
from models.states import Language

if TYPE_CHECKING:
    from holidays import HolidayBase

DAYS_BEFORE = 40
DAYS_AHEAD = 800
"""How far holidays are known from the day of reading; the gate looks 400 days ahead."""
_OBSERVED = " (observed)"
_SPANISH = {
    "New Year's Day": "Año Nuevo",
    "Martin Luther King Jr. Day": "Día de Martin Luther King Jr.",
    "Dr. Martin Luther King Jr. / Civil Rights Day": "Día de Martin Luther King Jr.",
    "Washington's Birthday": "Día de los Presidentes",
    "Lincoln/Washington Presidents' Day": "Día de los Presidentes",
    "Memorial Day": "Día de los Caídos",
    "Juneteenth National Independence Day": "Juneteenth, Día de la Emancipación",
    "Independence Day": "Día de la Independencia",
    "Labor Day": "Día del Trabajo",
    "Columbus Day": "Día de la Raza",
    "Veterans Day": "Día de los Veteranos",
    "Thanksgiving Day": "Día de Acción de Gracias",
    "Christmas Day": "Navidad",
}
"""The library has no Spanish for these calendars; a name that is missing here stays English."""


def hours_of(document: object, today: date) -> Hours:
    """Compile a document of hours with the holidays that it keeps, as known on `today`.

    Raises:
        CityPackError: lists every mistake; a calendar that is not known is one.
    """
    return compile_hours(document, days_of(calendars(document), today))


def days_of(names: Iterable[str], today: date) -> dict[date, Names]:
    """The holidays of calendars such as US and AZ, from a month before `today` to 800 days after.

    A calendar is a country, or a part of one named before it. Where two name one day, the earlier
    calendar's name stands.

    Raises:
        CityPackError: lists every calendar that is not known.
    """
    first, last = today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AHEAD)
    years = range(first.year, last.year + 1)
    found: dict[date, Names] = {}
    for calendar in _calendars(tuple(names), years):
        for day, name in calendar.items():
            if first <= day <= last:
                found.setdefault(day, _named(name))
    return dict(sorted(found.items()))


def _calendars(names: tuple[str, ...], years: range) -> "list[HolidayBase]":
    """A part of the country before it goes first: AZ after US is Arizona, not Azerbaijan."""
    # Only here: the library reads every country of the world, a second of each command's start.
    import holidays

    opened: list[HolidayBase] = []
    unknown, country = [], ""
    parts: tuple[str, ...] = ()
    for name in names:
        try:
            if name in parts:
                opened.append(holidays.country_holidays(country, subdiv=name, years=years))
            else:
                opened.append(holidays.country_holidays(name, years=years))
                country, parts = name, opened[-1].subdivisions
        except NotImplementedError:
            unknown.append(f"hours: holidays: no calendar {name[:40]!r} is known")
    if unknown:
        raise CityPackError(unknown)
    return opened


def _named(name: str) -> Names:
    plain = name.removesuffix(_OBSERVED)
    spanish = _SPANISH.get(plain, plain)
    observed = " (día de descanso)" if plain != name else ""
    return {Language.EN: name, Language.ES: spanish + observed}
