"""Places read out of speech: how many are right on the cases held back from tuning, and how quick."""

import statistics
from collections.abc import Iterable, Iterator
from time import perf_counter_ns

from ivr.places.finder import place_reader
from ivr.places.gazetteer import Gazetteer
from ivr.places.jurisdictions import Jurisdictions
from ivr.places.streets import Street
from ivr.rules.spoken_address import read
from models.states import Language
from tests.bench.figures import Figure
from tests.cases.understanding.places import PlaceCase, cases, is_right
from tests.rules.tucson_pack import tucson

GOAL_RIGHT = 95.0
GOAL_SPANISH_BEHIND = 3.0
READ_MILLISECONDS = 2.0
JURISDICTION_MILLISECONDS = 0.1
PLACING_MILLISECONDS = 10.0
SEGMENTS = 30_000
_ROUNDS = 200
_FIRST = [
    "bar",
    "cal",
    "dor",
    "fen",
    "gar",
    "hol",
    "jun",
    "kel",
    "lam",
    "mor",
    "nor",
    "pal",
    "quin",
    "ros",
    "sal",
    "tam",
    "ur",
    "vel",
    "wes",
    "yar",
]
_SECOND = [
    "ado",
    "bert",
    "canto",
    "dale",
    "eno",
    "ford",
    "gate",
    "hurst",
    "ilo",
    "lock",
    "mont",
    "ner",
    "ola",
    "port",
    "rado",
    "stead",
]


def measure() -> Iterator[Figure]:
    """Both splits, both languages on the one held back, then the times."""
    held_back = [case for case in cases() if case.is_held_back]
    tuning = [case for case in cases() if not case.is_held_back]
    yield Figure("places right, tuning split", _right(tuning), "%")
    yield Figure(
        f"places right, held back ({len(held_back)} cases)", _right(held_back), "%", GOAL_RIGHT
    )
    english, spanish = (
        _right(case for case in held_back if case.language is language)
        for language in (Language.EN, Language.ES)
    )
    yield Figure("places right, held back, English", english, "%")
    yield Figure("places right, held back, Spanish", spanish, "%")
    yield Figure(
        "places, Spanish behind English",
        english - spanish,
        "points",
        GOAL_SPANISH_BEHIND,
        at_least=False,
    )
    yield from _times()


def _right(chosen: Iterable[PlaceCase]) -> float:
    names = tucson().gazetteer.names()
    read_right = [is_right(case, read(case.text, case.language, names)) for case in chosen]
    return 100.0 * sum(read_right) / len(read_right)


def _times() -> Iterator[Figure]:
    names, areas = tucson().gazetteer.names(), tucson().jurisdictions
    reading = [
        _milliseconds(lambda case=case: read(case.text, case.language, names)) for case in cases()
    ]
    yield Figure(
        "one place read, median",
        statistics.median(reading),
        "ms",
        READ_MILLISECONDS,
        at_least=False,
    )
    lookup = statistics.median(_lookups(areas))
    yield Figure(
        "jurisdiction lookup, median", lookup, "ms", JURISDICTION_MILLISECONDS, at_least=False
    )
    placing = sorted(_placings())
    worst = statistics.quantiles(placing, n=100, method="inclusive")[98]
    yield Figure(
        f"read and placed among {SEGMENTS} streets, p99",
        worst,
        "ms",
        PLACING_MILLISECONDS,
        at_least=False,
    )


def _placings() -> Iterator[float]:
    """Addresses and corners, every fourth misspelt, among generated streets."""
    town = generated_town(SEGMENTS)
    find = place_reader(town, tucson().jurisdictions)
    find("warm up", Language.EN)
    for number in range(_ROUNDS):
        one, other = (town.streets[(number * step) % SEGMENTS].name for step in (131, 977))
        heard = one[:2] + one[3:] if number % 4 == 0 else one
        said = (
            f"at {100 + number} north {heard}" if number % 2 else f"corner of {heard} and {other}"
        )
        yield _milliseconds(lambda said=said: find(said, Language.EN))


def generated_town(segments: int) -> Gazetteer:
    """A gazetteer of so many streets of invented names, on Tucson's numbering."""
    shipped = tucson().gazetteer
    parts = [first + second for first in _FIRST for second in _SECOND]
    streets = tuple(
        Street(
            f"{parts[number % len(parts)]} {parts[number // len(parts) % len(parts)]}".title(),
            ("Street", "Avenue")[number % 2],
            ("ew", "ns")[number % 2],
            32.0 + number * 1e-5 if number % 2 == 0 else -111.2 + number * 1e-5,
        )
        for number in range(segments)
    )
    return Gazetteer(streets, (), shipped.numbering, shipped.errors)


def _lookups(areas: Jurisdictions) -> Iterator[float]:
    for number in range(_ROUNDS):
        latitude, longitude = 32.0 + number * 0.002, -111.2 + number * 0.003
        yield _milliseconds(lambda y=latitude, x=longitude: areas.at(y, x, 250))


def _milliseconds(deed) -> float:
    began = perf_counter_ns()
    deed()
    return (perf_counter_ns() - began) / 1e6
