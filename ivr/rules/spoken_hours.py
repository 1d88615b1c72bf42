"""How a day and an hour are said to a caller: "tomorrow at 8 in the morning".

Grammar of two languages and nothing else: which moment is meant, others decide.
"""

from datetime import datetime

from models.states import Language

_DAYS = {
    language: tuple(names.split(" "))
    for language, names in {
        Language.EN: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        Language.ES: "lunes martes miércoles jueves viernes sábado domingo",
    }.items()
}
_MONTHS = {
    language: tuple(names.split(" "))
    for language, names in {
        Language.EN: "January February March April May June July August September October November December",
        Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    }.items()
}
_WEEK = 7


def spoken_opening(moment: datetime, now: datetime, language: Language) -> str:
    """Say when a line opens, from `now`: today, tomorrow, a weekday, or a date after a week.

    `moment` is aware and in the city's zone: its days and hours are what is said.
    """
    here = now.astimezone(moment.tzinfo)
    ahead = (moment.date() - here.date()).days
    day = _english_day(moment, ahead) if language is Language.EN else _spanish_day(moment, ahead)
    return f"{day} {spoken_time(moment, language)}"


def spoken_time(moment: datetime, language: Language) -> str:
    """Say an hour of the day, with its preposition: "at 8 in the morning", "a la 1 de la tarde"."""
    return _english_time(moment) if language is Language.EN else _spanish_time(moment)


def spoken_duration(seconds: float, language: Language) -> str:
    """Say about how long something takes, in whole minutes: "less than a minute", "5 minutes"."""
    minutes = round(seconds / 60)
    if language is Language.EN:
        few = {0: "less than a minute", 1: "1 minute"}
        return few.get(max(0, minutes), f"{minutes} minutes")
    few = {0: "menos de un minuto", 1: "1 minuto"}
    return few.get(max(0, minutes), f"{minutes} minutos")


def _english_day(moment: datetime, ahead: int) -> str:
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    weekday = f"on {_DAYS[Language.EN][moment.weekday()]}"
    if 0 < ahead < _WEEK:
        return weekday
    return f"{weekday}, {_MONTHS[Language.EN][moment.month - 1]} {moment.day},"


def _spanish_day(moment: datetime, ahead: int) -> str:
    if ahead in (0, 1):
        return ("hoy", "mañana")[ahead]
    weekday = f"el {_DAYS[Language.ES][moment.weekday()]}"
    if 0 < ahead < _WEEK:
        return weekday
    number = "primero" if moment.day == 1 else str(moment.day)
    return f"{weekday} {number} de {_MONTHS[Language.ES][moment.month - 1]}"


def _clock(moment: datetime) -> tuple[int, str]:
    """The hour on a dial of twelve, and the same with its minutes unless they are none."""
    hour = moment.hour % 12 or 12
    return hour, f"{hour}:{moment.minute:02d}" if moment.minute else str(hour)


def _english_time(moment: datetime) -> str:
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "at noon" if moment.hour else "at midnight"
    _, told = _clock(moment)
    part = "morning" if moment.hour < 12 else "afternoon" if moment.hour < 17 else "evening"
    return f"at {told} in the {part}"


def _spanish_time(moment: datetime) -> str:
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "al mediodía" if moment.hour else "a la medianoche"
    hour, told = _clock(moment)
    article = "la" if hour == 1 else "las"
    part = "mañana" if moment.hour < 12 else "tarde" if moment.hour < 19 else "noche"
    return f"a {article} {told} de la {part}"
