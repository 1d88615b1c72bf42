"""Somebody of the directory called into a call: the table, and what may never happen to the caller."""

from itertools import product

import pytest

from ivr.rules.referral import (
    ACCEPTED,
    ANSWERED,
    BUSY,
    CALLING,
    CANCELLED,
    DIALLING,
    ENDED,
    FAILED,
    NO_ANSWER,
    OVER,
    REQUESTED,
    RINGING,
    TALKING,
    Deed,
    ReferralEvent,
    Step,
    advance,
    has_the_caller,
    when_room_changes,
)
from ivr.rules.transfer_room import Caller, Room, is_alone, why_not_leave
from models.states import DestinationKind, ReferralState

pytestmark = pytest.mark.rules

E, D = ReferralEvent, Deed
CRISIS, INTERPRETER = DestinationKind.CRISIS, DestinationKind.INTERPRETER
GONE, HERE = Caller.GONE, Caller.IN_ROOM
BOTH = (D.HANG_UP, D.UNHOLD)

CASES = [
    # kind        state      event                then       deeds
    (CRISIS, REQUESTED, E.DIAL_SENT, DIALLING, ()),
    (CRISIS, REQUESTED, E.DIAL_REFUSED, FAILED, (D.UNHOLD,)),
    (CRISIS, REQUESTED, E.RANG, RINGING, ()),
    (CRISIS, REQUESTED, E.CANCELLED, CANCELLED, BOTH),
    (CRISIS, DIALLING, E.DIAL_REFUSED, DIALLING, ()),
    (CRISIS, DIALLING, E.BUSY, BUSY, (D.UNHOLD,)),
    (CRISIS, RINGING, E.DIAL_SENT, RINGING, ()),
    (CRISIS, RINGING, E.ANSWERED, ANSWERED, ()),
    (CRISIS, RINGING, E.ACCEPTED, RINGING, ()),
    (CRISIS, RINGING, E.RANG_OUT, NO_ANSWER, BOTH),
    (CRISIS, RINGING, E.CANCELLED, CANCELLED, BOTH),
    (CRISIS, RINGING, E.CALLER_LEFT, CANCELLED, (D.HANG_UP,)),
    (CRISIS, RINGING, E.CALL_TAKERS_LEFT, CANCELLED, BOTH),
    (CRISIS, RINGING, E.EMERGENCY_BEGAN, CANCELLED, (D.HANG_UP,)),
    (CRISIS, ANSWERED, E.ACCEPTED, ACCEPTED, (D.UNHOLD,)),
    (CRISIS, ANSWERED, E.LEFT, ENDED, (D.UNHOLD,)),
    (CRISIS, ANSWERED, E.CALL_TAKERS_LEFT, ANSWERED, (D.UNHOLD,)),
    (CRISIS, ANSWERED, E.EMERGENCY_BEGAN, ANSWERED, ()),
    (CRISIS, ANSWERED, E.RANG_OUT, ANSWERED, ()),
    (CRISIS, ACCEPTED, E.CALL_TAKERS_LEFT, ACCEPTED, (D.UNHOLD,)),
    (CRISIS, ACCEPTED, E.CALLER_LEFT, ENDED, (D.HANG_UP,)),
    (CRISIS, NO_ANSWER, E.ANSWERED, NO_ANSWER, (D.HANG_UP,)),
    (CRISIS, CANCELLED, E.DIAL_SENT, CANCELLED, (D.HANG_UP,)),
    (CRISIS, ENDED, E.LEFT, ENDED, ()),
    (INTERPRETER, ANSWERED, E.ACCEPTED, ANSWERED, ()),
    (INTERPRETER, ANSWERED, E.CANCELLED, ENDED, BOTH),
    (INTERPRETER, ANSWERED, E.CALL_TAKERS_LEFT, ENDED, (D.HANG_UP,)),
    (INTERPRETER, RINGING, E.CALL_TAKERS_LEFT, CANCELLED, BOTH),
]


@pytest.mark.parametrize(("kind", "state", "event", "then", "deeds"), CASES)
def test_what_becomes_of_one_who_is_called(kind, state, event, then, deeds):
    assert advance(kind, state, event) == Step(then, deeds)


EVERYTHING = list(product(DestinationKind, ReferralState, ReferralEvent))


def test_every_event_in_every_state_has_an_answer_for_every_kind():
    for kind, state, event in EVERYTHING:
        assert advance(kind, state, event).state in ReferralState


def test_what_is_over_stays_over_and_a_leg_heard_of_then_is_ended():
    for kind, state, event in EVERYTHING:
        if state in OVER:
            step = advance(kind, state, event)
            assert step.state is state
            heard = event in {E.DIAL_SENT, E.RANG, E.ANSWERED}
            assert step.deeds == ((D.HANG_UP,) if heard else ())


def test_nobody_rings_or_stays_for_a_caller_who_is_gone():
    for kind, state, _ in EVERYTHING:
        step = advance(kind, state, E.CALLER_LEFT)
        assert step.state in OVER
        assert state in OVER or D.HANG_UP in step.deeds


def test_a_caller_on_hold_is_taken_off_it_whenever_the_call_for_them_ends():
    """But for their own end, and 911, which takes them off hold itself."""
    for kind, state, event in EVERYTHING:
        ends = state not in OVER and advance(kind, state, event).state in OVER
        by_itself = event in {E.CALLER_LEFT, E.EMERGENCY_BEGAN}
        helper_alone = kind is INTERPRETER and event is E.CALL_TAKERS_LEFT
        if ends and not by_itself and not (helper_alone and state in TALKING):
            assert D.UNHOLD in advance(kind, state, event).deeds, (kind, state, event)


def test_no_leg_that_may_still_be_up_is_given_up_without_being_ended():
    reported_down = {E.BUSY, E.FAILED, E.LEFT, E.DIAL_REFUSED}
    for kind, state, event in EVERYTHING:
        step = advance(kind, state, event)
        if state not in OVER and step.state in OVER and event not in reported_down:
            assert D.HANG_UP in step.deeds, (kind, state, event)


@pytest.mark.parametrize(
    ("kind", "state", "stay", "has"),
    [
        (CRISIS, RINGING, True, False),
        (CRISIS, ANSWERED, True, False),
        (CRISIS, ACCEPTED, True, True),
        (DestinationKind.UTILITY, RINGING, False, False),
        (DestinationKind.UTILITY, ANSWERED, False, True),
        (INTERPRETER, ANSWERED, False, False),
        (INTERPRETER, ACCEPTED, False, False),
        (CRISIS, ENDED, True, False),
    ],
)
def test_who_has_the_caller(kind, state, stay, has):
    assert has_the_caller(kind, state, stay_until_accepted=stay) is has


@pytest.mark.parametrize(
    ("kind", "room", "event"),
    [
        (CRISIS, Room(HERE, call_takers=1, outside=1), None),
        (CRISIS, Room(HERE, outside=1), E.CALL_TAKERS_LEFT),
        (CRISIS, Room(HERE, coming=True, outside=1), None),
        (CRISIS, Room(GONE, call_takers=1, outside=1), E.CALLER_LEFT),
        (INTERPRETER, Room(HERE, call_takers=1), None),
        (INTERPRETER, Room(HERE), E.CALL_TAKERS_LEFT),
        (INTERPRETER, Room(HERE, outside=1), None),
        (INTERPRETER, Room(GONE, outside=1), E.CALLER_LEFT),
    ],
)
def test_what_the_room_means_for_who_was_called(kind, room, event):
    assert when_room_changes(kind, room) is event


@pytest.mark.parametrize(
    ("room", "why_not"),
    [
        (Room(HERE, call_takers=1, outside=1), None),
        (Room(HERE, call_takers=1, outside=1, not_taken=True), "not_taken"),
        (Room(HERE, call_takers=1, not_taken=True), "not_taken"),
        (Room(HERE, call_takers=1, outside=1, held=True), "caller_held"),
        (Room(HERE, call_takers=1), "nobody_else"),
        (Room(HERE, call_takers=1, held=True), "nobody_else"),
        (Room(HERE, call_takers=2, not_taken=True), None),
        (Room(GONE, call_takers=1, not_taken=True), None),
    ],
)
def test_why_a_call_taker_may_not_leave(room, why_not):
    assert why_not_leave(room) == why_not


def test_with_an_interpreter_alone_a_caller_is_alone():
    assert is_alone(Room(HERE))
    assert not is_alone(Room(HERE, outside=1))


def test_every_history_can_end():
    """From wherever it stands one order of the call-taker ends it."""
    for kind, state in product(DestinationKind, [*CALLING, *TALKING]):
        assert advance(kind, state, E.CANCELLED).state in OVER
