"""When residents are rung back: never early, never a fourth time, never at night unasked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules import calling_back
from ivr.rules.calling_back import (
    FINAL,
    MOST_TRIES,
    PAUSES,
    Answer,
    Past,
    Promise,
    Window,
    gave_up,
    is_cancelling,
    meaning,
    next_try,
    promise,
    slot,
    window,
)
from ivr.rules.dialling import Allowed, may_call_back
from ivr.rules.hours import Opening
from ivr.rules.menu import CallerInput
from models.states import CallBackOutcome, EmergencyLevel

pytestmark = pytest.mark.rules

NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
OPENS, CLOSES = 8, 17
"""By the clock of these tests, which is UTC."""


def always(_at):
    return Opening(is_open=True)


def by_day(at):
    if OPENS <= at.hour < CLOSES:
        return Opening(is_open=True)
    day = at if at.hour < OPENS else at + timedelta(days=1)
    return Opening(is_open=False, next_open=day.replace(hour=OPENS, minute=0, second=0))


def tried(tries, outcome=CallBackOutcome.NO_ANSWER, **more):
    return Past(NOON, tries, NOON if tries else None, outcome if tries else None, **more)


NEXT = [
    ("at once", tried(0), always, NOON),
    ("after the first", tried(1), always, NOON + PAUSES[0]),
    ("after a busy one", tried(1, CallBackOutcome.BUSY), always, NOON + PAUSES[0]),
    ("after the second", tried(2), always, NOON + PAUSES[1]),
    ("never a fourth", tried(3), always, None),
    ("reached", tried(1, CallBackOutcome.TAKEN), always, None),
    ("cancelled by key", tried(1, CallBackOutcome.DECLINED), always, None),
    ("cancelled by text", tried(1, CallBackOutcome.CANCELLED), always, None),
    ("done by a note", tried(0, is_over=True), always, None),
    ("an emergency", tried(0, by_hand=True), always, None),
    ("closed", tried(0), by_day, datetime(2026, 3, 3, OPENS, 0, tzinfo=UTC)),
    ("closed, agreed", tried(0, after_hours=True), by_day, NOON),
]


@pytest.mark.parametrize(("_case", "past", "opening", "due"), NEXT)
def test_the_next_try_is_due(_case, past, opening, due):
    assert next_try(past, opening, NOON) == due


def test_a_line_that_never_opens_again_rings_nobody():
    assert next_try(tried(0), lambda _: Opening(is_open=False), NOON) is None


pasts = st.builds(
    Past,
    asked_at=st.just(NOON),
    tries=st.integers(0, 6),
    last_ended_at=st.none() | st.integers(0, 90_000).map(lambda s: NOON + timedelta(seconds=s)),
    last_outcome=st.none() | st.sampled_from(CallBackOutcome),
    after_hours=st.booleans(),
    by_hand=st.booleans(),
    is_over=st.booleans(),
)


@given(past=pasts, later=st.integers(-3600, 200_000))
@settings(max_examples=150)
def test_nobody_is_rung_early_too_often_or_at_night_unasked(past, later):
    now = NOON + timedelta(seconds=later)
    due = next_try(past, by_day, now)
    if due is None:
        return
    assert due >= now
    assert due >= past.asked_at
    assert past.tries < MOST_TRIES
    assert past.last_outcome not in FINAL
    assert not gave_up(past)
    assert not any((past.by_hand, past.is_over))
    assert by_day(due).is_open or past.after_hours
    if past.tries and past.last_ended_at:
        assert due - past.last_ended_at >= PAUSES[min(past.tries, len(PAUSES)) - 1]


WINDOWS = [
    (None, None),
    (0, Window(5, 15)),
    (4 * 60, Window(5, 15)),
    (20 * 60, Window(20, 40)),
    (22 * 60, Window(20, 45)),
    (90 * 60, Window(90, 180)),
    (91 * 60, None),
]


@pytest.mark.parametrize(("wait", "told"), WINDOWS)
def test_a_window_is_as_wide_as_the_figure_is_honest(wait, told):
    assert window(wait) == told


PROMISES = [
    (20 * 60, always, Promise.MINUTES),
    (None, always, Promise.TODAY),
    (20 * 60, lambda at: Opening(at < NOON + timedelta(minutes=30)), Promise.TODAY),
    (20 * 60, by_day, Promise.WHEN_OPEN),
]


@pytest.mark.parametrize(("wait", "opening", "told"), PROMISES)
def test_minutes_are_promised_only_if_the_line_is_open_at_their_end(wait, opening, told):
    assert promise(wait, opening, NOON)[0] is told


NONE, POSSIBLE, SURE = EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY
ANSWERS = [
    ("1", "", NONE, 1, Answer.TAKE),
    ("0", "", NONE, 1, Answer.TAKE),
    ("2", "", NONE, 1, Answer.CANCEL),
    ("9", "", NONE, 1, Answer.DIAL_911),
    ("911", "", NONE, 2, Answer.DIAL_911),
    ("", "yes", NONE, 1, Answer.TAKE),
    ("", "sí", NONE, 1, Answer.TAKE),
    ("", "no", NONE, 1, Answer.CANCEL),
    ("", "there is a fire", SURE, 1, Answer.TAKE),
    ("2", "fire", SURE, 1, Answer.TAKE),
    ("", "I am not sure, somebody is shouting", POSSIBLE, 1, Answer.TAKE),
    ("", "", NONE, 1, Answer.ASK_AGAIN),
    ("", "", NONE, 2, Answer.NOBODY),
    ("7", "", NONE, 1, Answer.ASK_AGAIN),
    ("", "No one is here to take your call", NONE, 2, Answer.NOBODY),
    ("", "Yes you have reached Bob, leave a message", NONE, 2, Answer.NOBODY),
    ("", "Sí, deje su mensaje después del tono", NONE, 2, Answer.NOBODY),
]


@pytest.mark.parametrize(("keys", "speech", "level", "question", "answer"), ANSWERS)
def test_whoever_picked_up_means(keys, speech, level, question, answer):
    heard = CallerInput(digits=keys or None, speech=speech or None, silent=not (keys or speech))
    assert meaning(heard, level, question) is answer


@pytest.mark.parametrize(
    ("body", "cancels"),
    [
        ("STOP", True),
        ("cancel", True),
        (" Cancelar, gracias ", True),
        ("¡Alto!", True),
        ("please do not stop", False),
        ("", False),
        ("cancellation of my water bill", False),
        ("9", False),
    ],
)
def test_a_text_cancels_by_its_first_word_alone(body, cancels):
    assert is_cancelling(body) is cancels


def test_half_of_the_accounts_rate_stays_free():
    moments = [NOON + timedelta(seconds=s / 10) for s in range(100)]
    assert len({slot(at, 1.0) for at in moments}) == 5
    assert len({slot(at, 4.0) for at in moments}) == 20


NUMBERS = [
    ("+15205550142", True, True),
    ("+15205550142", False, True),
    ("+16025550142", True, True),
    ("+16025550142", False, False),
    ("+19005550142", True, False),
    ("+15209760142", True, False),
    ("+18765550142", True, False),
    ("+525555550142", True, False),
    ("911", True, False),
    ("+1911", True, False),
    ("client:staff-" + "0" * 32, True, False),
    ("sip:someone@example.test", True, False),
    ("+15205550142;ext=1", True, False),
]


@pytest.mark.parametrize(("number", "production", "allowed"), NUMBERS)
def test_only_an_ordinary_number_of_theirs_is_rung(number, production, allowed):
    policy = Allowed(production, frozenset({"+15205550142"}), emergency=True)
    assert may_call_back(policy, number) is allowed


def test_words_that_end_a_wish_are_words_that_are_never_tried_again():
    assert all(next_try(tried(1, final), always, NOON) is None for final in FINAL)
    assert calling_back.CARRIERS_WORDS <= calling_back.CANCEL_WORDS
