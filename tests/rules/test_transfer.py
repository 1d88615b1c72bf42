"""What a warm transfer does next: the table, and what may never happen."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.transfer import (
    ACCEPTED,
    ANSWERED,
    BUSY,
    CALLER_GONE,
    CALLING,
    DECLINED,
    DIALLING,
    ENDED,
    FAILED,
    NO_ANSWER,
    OVER,
    REQUESTED,
    RINGING,
    ROUNDS,
    STEPS,
    TALKING,
    Command,
    Next,
    Step,
    TransferEvent,
    advance,
    may_leave,
    may_ring_another,
    next_destination,
    of_attempts,
    outlives_room,
    sent_to,
)
from models.states import TransferState

pytestmark = pytest.mark.rules

E, C = TransferEvent, Command

CASES = [
    # state     event                  then         commands
    (REQUESTED, E.DIAL_SENT, DIALLING, (C.WATCH_RINGING,)),
    (REQUESTED, E.DIAL_REFUSED, FAILED, (C.DIAL_NEXT,)),
    (REQUESTED, E.PSAP_RANG, RINGING, (C.WATCH_RINGING,)),
    (REQUESTED, E.PSAP_BUSY, BUSY, (C.DIAL_NEXT,)),
    (DIALLING, E.PSAP_RANG, RINGING, ()),
    (DIALLING, E.DIAL_SENT, DIALLING, ()),
    (DIALLING, E.DIAL_REFUSED, DIALLING, ()),
    (DIALLING, E.PSAP_ACCEPTED, DIALLING, ()),
    (RINGING, E.PSAP_ANSWERED, ANSWERED, (C.WATCH_UNATTENDED, C.WATCH_EMPTY_CHAIR)),
    (RINGING, E.RANG_OUT, NO_ANSWER, (C.DIAL_NEXT,)),
    (RINGING, E.PSAP_BUSY, BUSY, (C.DIAL_NEXT,)),
    (RINGING, E.PSAP_FAILED, FAILED, (C.DIAL_NEXT,)),
    (RINGING, E.PSAP_LEFT, FAILED, (C.DIAL_ONCE_MORE,)),
    (RINGING, E.CALLER_LEFT, RINGING, (C.CALL_CALLER_BACK,)),
    (RINGING, E.ROOM_EMPTIED, RINGING, (C.OFFER_ABOVE_ALL, C.OPEN_CALL_BACK_TASK)),
    (RINGING, E.CALL_TAKER_LOST, RINGING, (C.OFFER_ABOVE_ALL, C.ALERT_SUPERVISOR)),
    (RINGING, E.PSAP_ACCEPTED, RINGING, ()),
    (RINGING, E.UNATTENDED_ELAPSED, RINGING, ()),
    (ANSWERED, E.PSAP_ANSWERED, ANSWERED, ()),
    (ANSWERED, E.PSAP_RANG, ANSWERED, ()),
    (ANSWERED, E.RANG_OUT, ANSWERED, ()),
    (ANSWERED, E.PSAP_BUSY, ANSWERED, ()),
    (ANSWERED, E.PSAP_ACCEPTED, ACCEPTED, (C.ALLOW_LEAVE,)),
    (ANSWERED, E.UNATTENDED_ELAPSED, ACCEPTED, (C.ALLOW_LEAVE,)),
    (ANSWERED, E.PSAP_DECLINED, DECLINED, (C.DIAL_NEXT,)),
    (ANSWERED, E.PSAP_LEFT, FAILED, (C.DIAL_ONCE_MORE,)),
    (ANSWERED, E.CALLER_LEFT, ANSWERED, (C.CALL_CALLER_BACK,)),
    (ANSWERED, E.EMPTY_CHAIR_ELAPSED, CALLER_GONE, (C.BRIEF_AND_END,)),
    (ACCEPTED, E.CALL_TAKER_LEFT, ACCEPTED, ()),
    (ACCEPTED, E.CALLER_LEFT, ACCEPTED, ()),
    (ACCEPTED, E.PSAP_LEFT, ENDED, (C.TELL_CALLER,)),
    (ACCEPTED, E.ROOM_EMPTIED, ENDED, (C.END_ROOM,)),
    (ACCEPTED, E.EMPTY_CHAIR_ELAPSED, ACCEPTED, ()),
    (ENDED, E.PSAP_ANSWERED, ENDED, ()),
    (BUSY, E.PSAP_ANSWERED, BUSY, ()),
    (CALLER_GONE, E.PSAP_LEFT, CALLER_GONE, ()),
    (NO_ANSWER, E.PSAP_ANSWERED, ANSWERED, (C.WATCH_UNATTENDED, C.WATCH_EMPTY_CHAIR)),
    (NO_ANSWER, E.PSAP_LEFT, FAILED, ()),
    (NO_ANSWER, E.RANG_OUT, NO_ANSWER, ()),
]


@pytest.mark.parametrize(("state", "event", "then", "commands"), CASES)
def test_each_event_moves_the_transfer_as_agreed(state, event, then, commands):
    assert advance(state, event) == Step(then, commands)


def test_every_state_answers_every_event():
    assert set(STEPS) == set(product(TransferState, TransferEvent))


def test_every_state_is_calling_talking_or_over():
    assert set(TransferState) == CALLING | TALKING | OVER
    assert len(TransferState) == len(CALLING) + len(TALKING) + len(OVER)


REPORTS_OF_THE_LEG = {
    E.PSAP_ANSWERED,
    E.PSAP_BUSY,
    E.RANG_OUT,
    E.PSAP_FAILED,
    E.PSAP_DECLINED,
    E.PSAP_LEFT,
    E.DIAL_REFUSED,
}


def test_once_dialled_nothing_takes_a_911_leg_back_before_it_has_answered():
    ours = {C.BRIEF_AND_END, C.END_ROOM}
    for (state, event), step in STEPS.items():
        if state in CALLING:
            assert not ours & set(step.commands), (state, event)
            if event not in REPORTS_OF_THE_LEG:
                assert step.state in CALLING, (state, event)


def test_leaving_is_allowed_by_accepted_alone():
    assert [state for state in TransferState if may_leave(state)] == [ACCEPTED]
    for (state, event), step in STEPS.items():
        if C.ALLOW_LEAVE in step.commands:
            assert step.state is ACCEPTED, (state, event)
        if state is not ACCEPTED and step.state is ACCEPTED:
            assert (state, event) in {
                (ANSWERED, E.PSAP_ACCEPTED),
                (ANSWERED, E.UNATTENDED_ELAPSED),
            }


def test_what_is_over_stays_over_and_does_nothing():
    for state, event in product(OVER - {NO_ANSWER}, TransferEvent):
        assert advance(state, event) == Step(state)


def test_a_silent_destination_dials_nobody_any_more_and_comes_back_by_its_answer_alone():
    for event in TransferEvent:
        step = advance(NO_ANSWER, event)
        assert not sent_to(step.commands), event
        assert (step.state in OVER) is (event is not E.PSAP_ANSWERED), event


def test_a_repeated_report_changes_nothing_and_dials_nothing():
    for (state, event), step in STEPS.items():
        again = advance(step.state, event)
        assert again.state is step.state, (state, event)
        if event in REPORTS_OF_THE_LEG:
            assert again.commands == (), (state, event)


def test_whoever_fails_before_it_has_the_caller_is_followed():
    for (state, event), step in STEPS.items():
        if state not in OVER and step.state in OVER - {ENDED, CALLER_GONE}:
            assert sent_to(step.commands), (state, event)
        if sent_to(step.commands):
            assert step.state in {BUSY, NO_ANSWER, FAILED, DECLINED}, (state, event)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([REQUESTED], REQUESTED),
        ([BUSY, RINGING], RINGING),
        ([ANSWERED, RINGING], ANSWERED),
        ([FAILED, ACCEPTED], ACCEPTED),
        ([BUSY, NO_ANSWER], NO_ANSWER),
        ([NO_ANSWER, ENDED], ENDED),
    ],
)
def test_the_furthest_live_attempt_speaks_for_the_transfer(states, whole):
    assert of_attempts(states) is whole


@pytest.mark.parametrize(
    ("state", "others", "stays"),
    [
        (NO_ANSWER, [], True),
        (NO_ANSWER, [BUSY, FAILED], True),
        (NO_ANSWER, [ACCEPTED], False),
        (NO_ANSWER, [ENDED], False),
        (CALLER_GONE, [], True),
        (CALLER_GONE, [ENDED], True),
        (ENDED, [NO_ANSWER], False),
        (DECLINED, [NO_ANSWER], False),
        (RINGING, [ENDED], False),
    ],
)
def test_a_silent_leg_outlives_the_room_only_while_911_has_not_had_the_caller(state, others, stays):
    assert outlives_room(state, [state, *others]) is stays


@pytest.mark.parametrize(
    ("states", "may"),
    [
        ([BUSY], True),
        ([NO_ANSWER, FAILED, DECLINED], True),
        ([NO_ANSWER, RINGING], False),
        ([BUSY, ANSWERED], False),
        ([ENDED, FAILED], False),
        ([ACCEPTED, FAILED], False),
    ],
)
def test_nobody_is_rung_beside_a_live_attempt_or_after_one_that_had_the_caller(states, may):
    assert may_ring_another(states) is may


@pytest.mark.parametrize(
    ("tried", "once_more", "chosen"),
    [
        (["a"], False, Next("b")),
        (["a"], True, Next("a")),
        (["a", "a"], True, Next("b")),
        (["a", "a"], False, Next("b")),
        (["a", "b"], False, Next("c")),
        (["a", "b", "c"], False, Next("a", new_round=True)),
        (["a", "b", "b", "c"], False, Next("a", new_round=True)),
        (["a", "b", "c", "a"], True, Next("a")),
        (["a", "b", "c", "a", "b", "c"], False, None),
        (["a", "b", "c", "a", "b", "c"], True, Next("c")),
        (["a", "b", "c", "a", "b", "c", "c"], True, None),
    ],
)
def test_destinations_follow_in_order_once_more_and_then_a_second_round(tried, once_more, chosen):
    assert next_destination(["a", "b", "c"], tried, once_more=once_more) == chosen


@given(st.integers(1, 5), st.lists(st.booleans(), max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_fails_however_the_list_is_gone_through_and_ends(count, hung_up):
    destinations = [f"d{n}" for n in range(count)]
    tried = [destinations[0]]
    for once_more in hung_up + [False] * 30:
        chosen = next_destination(destinations, tried, once_more=once_more)
        if chosen is None:
            break
        tried.append(chosen.destination)
    assert chosen is None
    assert set(tried) == set(destinations)
    assert len(tried) <= 2 * ROUNDS * count
