"""The wait that callers are told: honest, a range, and left unsaid where too little is known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.announcements import (
    KEY_SECONDS,
    MUSIC_SECONDS,
    SPOKEN_WINDOW_SECONDS,
    Standing,
    Telling,
    announcement,
)
from ivr.rules.expected_wait import LONGEST_MINUTES, Minutes, Wait, expected_wait
from ivr.rules.line_danger import Choice
from models.states import Language

pytestmark = pytest.mark.rules

SENTENCES = Path(__file__).parents[2] / "config/tucson/sentences.yaml"
NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)


def ago(minutes):
    return NOON - timedelta(minutes=minutes)


def steady(answers, every, waited=5.0):
    """One answer each `every` minutes, up to now, each after so many minutes of waiting."""
    return [Wait(ago(n * every + waited), ago(n * every)) for n in range(answers)]


CASES = [
    # what                          waits              position  range
    ("nothing was seen", [], 1, None),
    ("four answers say nothing", steady(4, 2), 1, None),
    ("one answer a minute, next", steady(30, 1), 1, Minutes(0, 3)),
    ("one answer a minute, third", steady(30, 1), 3, Minutes(1, 5)),
    ("one answer a minute, tenth", steady(30, 1), 10, Minutes(6, 14)),
    ("half as many people answer", steady(15, 2), 3, Minutes(2, 10)),
    ("beyond an hour nothing is said", steady(6, 5), 30, None),
    ("a telephone that rings is no line", steady(30, 1, waited=0.2), 3, None),
    ("what was before half an hour does not count", [Wait(ago(60), ago(31 + n)) for n in range(9)], 1, None),
    ("no place in the line", steady(30, 1), 0, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "waits", "position", "said"), CASES, ids=[row[0] for row in CASES]
)
def test_the_wait_is_told_as(what, waits, position, said):
    assert expected_wait(waits, position, NOON) == said


def test_a_line_that_stands_still_lengthens_the_wait_with_every_minute():
    was_quick = [Wait(ago(25 - n), ago(20 - n)) for n in range(6)]
    still = [Wait(ago(14))]
    moving = expected_wait(was_quick, 2, ago(14))
    standing = expected_wait([*was_quick, *still], 2, NOON)
    assert standing.low > moving.low
    assert standing.high > moving.high


def test_two_of_three_callers_are_answered_within_the_range_they_were_told():
    chance, right, told = Random(311), 0, 0
    for _ in range(120):
        takers, talk = chance.randint(2, 8), chance.uniform(2, 6)
        answers, at = [], 0.0
        while at < 60:
            at += chance.expovariate(takers / talk)
            answers.append(at)
        seen = [Wait(ago(30 - a + 4), ago(30 - a)) for a in answers if a <= 30]
        position = chance.randint(1, 8)
        said = expected_wait(seen, position, NOON)
        to_come = [a - 30 for a in answers if a > 30]
        if said is None or len(to_come) < position:
            continue
        told += 1
        right += said.low <= to_come[position - 1] <= said.high
    assert told > 80
    assert right / told >= 2 / 3


spans = st.tuples(st.floats(-5, 60), st.floats(0, 40) | st.none())


@given(st.lists(spans, max_size=30), st.integers(-1, 50))
@settings(max_examples=100, deadline=None)
def test_a_range_is_whole_minutes_in_order_and_never_more_than_an_hour(rows, position):
    waits = [Wait(ago(at + (long or 0)), None if long is None else ago(at)) for at, long in rows]
    said = expected_wait(waits, position, NOON)
    assert said is None or 0 <= said.low < said.high <= LONGEST_MINUTES + 2


WAIT, BOTH = Minutes(3, 6), frozenset(Choice)
POSITION, WINDOW = Telling.POSITION, Telling.EMERGENCY_WINDOW
TOLD = [
    # standing                                   round  told
    (Standing(), 1, (WINDOW,)),
    (Standing(2), 1, (POSITION, WINDOW)),
    (Standing(2, WAIT), 1, (POSITION, Telling.WAIT, WINDOW)),
    (Standing(2, Minutes(0, 2)), 3, (POSITION, Telling.WAIT_SHORT, WINDOW)),
    (Standing(2, WAIT, BOTH), 1, (POSITION, Telling.WAIT, WINDOW)),
    (Standing(2, WAIT, BOTH), 2, (POSITION, Telling.WAIT, Telling.CHOICE, WINDOW)),
    (Standing(2, None, BOTH), 3, (POSITION, WINDOW)),
    (Standing(2, None, frozenset({Choice.MESSAGE})), 2, (POSITION, Telling.CHOICE_MESSAGE, WINDOW)),
]


@pytest.mark.parametrize(("standing", "n", "told"), TOLD)
def test_a_round_tells_the_place_the_wait_and_in_time_the_other_ways(standing, n, told):
    assert announcement(standing, n) == told


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("n", [1, 2])
def test_a_round_lasts_between_45_and_60_seconds(language, n):
    told = announcement(Standing(2, WAIT, BOTH), n)
    sentences = yaml.safe_load(SENTENCES.read_text("utf-8"))
    words = sum(len(sentences[one.value][language.value].split()) for one in told)
    spoken = words / 2.9
    rest = SPOKEN_WINDOW_SECONDS + 2 * (MUSIC_SECONDS + KEY_SECONDS)
    assert 45 <= spoken + rest <= 60
