"""Every history of a small room, walked to its end: nobody alone, nothing dialled twice, all ends.

The room around the machine is a model: a caller, at most one call-taker, and 911's legs. Everything
that can be reported in a state is reported, doubles and latecomers included, and each state reached
is looked at.
"""

from dataclasses import dataclass, replace

import pytest

from ivr.rules import transfer
from ivr.rules.transfer import CALLING, OVER, TALKING, Command, TransferEvent, advance
from models.states import TransferState

pytestmark = pytest.mark.rules

E, C = TransferEvent, Command
DESTINATIONS = ("a", "b")


@dataclass(frozen=True)
class Room:
    """The world: attempts as (destination, state), who is in the room, what was promised."""

    attempts: tuple[tuple[str, TransferState], ...] = (("a", TransferState.REQUESTED),)
    caller: bool = True
    call_taker: bool = True
    offered: bool = False
    task: bool = False
    briefed: bool = False
    at_front: bool = False
    said_failed: bool = False

    @property
    def states(self):
        return [state for _, state in self.attempts]

    @property
    def open(self):
        return transfer.of_attempts(self.states) not in OVER

    @property
    def current(self):
        state = transfer.of_attempts(self.states)
        return max(n for n, each in enumerate(self.states) if each is state)


REPORTS = (
    E.DIAL_SENT,
    E.DIAL_REFUSED,
    E.PSAP_RANG,
    E.PSAP_ANSWERED,
    E.PSAP_BUSY,
    E.RANG_OUT,
    E.PSAP_FAILED,
    E.PSAP_DECLINED,
    E.PSAP_LEFT,
)


def happenings(room):
    """Everything that can happen next: (event, attempt or None, who moves)."""
    for n in range(len(room.attempts)):
        for event in REPORTS:
            yield event, n, ""
    if room.call_taker:
        yield E.PSAP_ACCEPTED, room.current, ""
        yield E.CALL_TAKER_LOST, None, "lost"
        if transfer.may_leave(transfer.of_attempts(room.states)):
            yield E.CALL_TAKER_LEFT, None, "left"
    else:
        if room.offered and room.open:
            yield E.CALL_TAKER_JOINED, None, "joined"
        if room.caller:
            yield E.UNATTENDED_ELAPSED, room.current, ""
        else:
            yield E.EMPTY_CHAIR_ELAPSED, room.current, ""
    if room.caller:
        yield None, None, "hangs up"


def after(room, event, n, who):
    """The world after it: what the deeds do with the machine's commands."""
    if who == "hangs up":
        room = replace(room, caller=False)
        event = E.CALLER_LEFT if room.call_taker else E.ROOM_EMPTIED
    elif who in {"lost", "left"}:
        room = replace(room, call_taker=False)
        event = event if room.caller else E.ROOM_EMPTIED
    elif who == "joined":
        room = replace(room, call_taker=True, offered=False)
    if n is None:
        if not room.open:
            return settled(room)
        n = room.current
    destination, state = room.attempts[n]
    step = advance(state, event)
    attempts = list(room.attempts)
    attempts[n] = (destination, step.state)
    room = replace(room, attempts=tuple(attempts))
    for command in step.commands:
        room = carried_out(room, command)
    return settled(room)


def settled(room):
    """The room's own rule of being alone; and attempts of the past look alike, so worlds are few."""
    if room.caller and not room.call_taker and not room.open:
        room = replace(room, at_front=True)
    past = tuple(
        (destination, TransferState.FAILED if state in OVER else state)
        for destination, state in room.attempts[:-1]
    )
    return replace(room, attempts=(*past, room.attempts[-1]))


def carried_out(room, command):
    match command:
        case C.DIAL_NEXT | C.DIAL_ONCE_MORE:
            if any(state not in OVER for state in room.states):
                return room
            tried = [destination for destination, _ in room.attempts]
            chosen = transfer.next_destination(
                DESTINATIONS, tried, once_more=command is C.DIAL_ONCE_MORE
            )
            if chosen is None:
                return replace(room, said_failed=True)
            more = (chosen.destination, TransferState.REQUESTED)
            return replace(room, attempts=(*room.attempts, more))
        case C.OFFER_ABOVE_ALL:
            return replace(room, offered=True)
        case C.OPEN_CALL_BACK_TASK:
            return replace(room, task=True)
        case C.BRIEF_AND_END:
            return replace(room, briefed=True)
        case _:
            return room


def explore(limit):
    """Every reachable world of at most `limit` attempts, with the transitions between them."""
    begin = [Room(), Room(call_taker=False, offered=True)]
    seen, todo, moves = set(begin), list(begin), []
    while todo:
        room = todo.pop()
        for happening in happenings(room):
            then = after(room, *happening)
            moves.append((room, happening, then))
            if then not in seen and len(then.attempts) <= limit:
                seen.add(then)
                todo.append(then)
    return seen, moves


@pytest.fixture(scope="module")
def explored():
    worlds, moves = explore(limit=5)
    print(f"{len(worlds)} worlds, {len(moves)} transitions")
    return worlds, moves


def test_enough_is_walked_to_mean_something(explored):
    worlds, moves = explored
    assert len(worlds) > 100
    assert len(moves) > 3_000


def test_a_caller_without_a_call_taker_has_911_or_is_at_the_front(explored):
    for room in explored[0]:
        if room.caller and not room.call_taker and not room.at_front:
            state = transfer.of_attempts(room.states)
            assert state in CALLING | TALKING, room


def test_a_failed_attempt_is_followed_until_it_is_said_aloud(explored):
    for room in explored[0]:
        last = transfer.of_attempts(room.states)
        if last in OVER - {TransferState.ENDED, TransferState.CALLER_GONE}:
            assert room.said_failed, room


def test_an_empty_chair_before_911_has_the_caller_is_offered(explored):
    for room in explored[0]:
        state = transfer.of_attempts(room.states)
        if not room.call_taker and state in CALLING | {TransferState.ANSWERED}:
            assert room.offered, room


def test_a_caller_who_hung_up_before_911_had_them_leaves_a_task_or_a_person(explored):
    for room in explored[0]:
        gone = not room.caller and not room.call_taker
        if gone and transfer.of_attempts(room.states) in CALLING | {TransferState.ANSWERED}:
            assert room.task, room


def test_no_briefing_while_anybody_is_there(explored):
    for before, (event, _, _), then in explored[1]:
        if then.briefed and not before.briefed:
            assert event is E.EMPTY_CHAIR_ELAPSED
            assert not before.caller
            assert not before.call_taker


def test_one_report_dials_at_most_one_destination_and_never_beside_a_live_one(explored):
    for before, happening, then in explored[1]:
        assert len(then.attempts) - len(before.attempts) in {0, 1}, happening
        alive = [state for state in then.states if state not in OVER]
        assert len(alive) <= 1, (before, happening)


def test_911_has_the_caller_only_after_it_answered_and_then_until_its_end(explored):
    for before, happening, then in explored[1]:
        for was, now in zip(before.states, then.states, strict=False):
            if now is TransferState.ACCEPTED:
                assert was in TALKING, happening
            if was is TransferState.ACCEPTED:
                assert now in {TransferState.ACCEPTED, TransferState.ENDED}, happening


def test_a_leg_that_rings_goes_on_whoever_leaves(explored):
    for before, (event, n, _), then in explored[1]:
        if n is None and event not in REPORTS and before.open:
            was = before.states[before.current]
            if was in CALLING:
                assert then.states[before.current] is was, event


def test_the_same_report_twice_dials_once(explored):
    for _, (event, n, who), then in explored[1]:
        if n is not None and not who:
            assert len(after(then, event, n, who).attempts) == len(then.attempts)


def test_every_history_ends_when_the_destinations_keep_failing():
    room = Room()
    for _ in range(20):
        if not room.open:
            break
        room = after(room, E.PSAP_BUSY, room.current, "")
    assert room.said_failed
    assert [destination for destination, _ in room.attempts] == ["a", "b", "a", "b"]


def test_from_every_world_the_end_can_be_reached(explored):
    worlds, moves = explored
    followers = {}
    for before, _, then in moves:
        followers.setdefault(then, set()).add(before)
    ends = [room for room in followers if not room.open]
    reached, todo = set(ends), list(ends)
    while todo:
        for before in followers.get(todo.pop(), ()):
            if before not in reached:
                reached.add(before)
                todo.append(before)
    assert worlds <= reached


@pytest.mark.parametrize(
    ("planted", "step"),
    [
        ((TransferState.RINGING, E.RANG_OUT), transfer.Step(TransferState.NO_ANSWER)),
        ((TransferState.ANSWERED, E.PSAP_LEFT), transfer.Step(TransferState.FAILED)),
        (
            (TransferState.ACCEPTED, E.RANG_OUT),
            transfer.Step(TransferState.NO_ANSWER, (C.DIAL_NEXT,)),
        ),
        ((TransferState.DIALLING, E.PSAP_ACCEPTED), transfer.Step(TransferState.ACCEPTED)),
        ((TransferState.RINGING, E.ROOM_EMPTIED), transfer.Step(TransferState.RINGING)),
        ((TransferState.REQUESTED, E.DIAL_REFUSED), transfer.Step(TransferState.FAILED)),
        ((TransferState.RINGING, E.CALL_TAKER_LOST), transfer.Step(TransferState.RINGING)),
        (
            (TransferState.RINGING, E.CALLER_LEFT),
            transfer.Step(TransferState.CALLER_GONE, (C.END_ROOM,)),
        ),
    ],
)
def test_a_fault_planted_in_the_machine_is_seen(monkeypatch, planted, step):
    monkeypatch.setattr(transfer, "STEPS", dict(transfer.STEPS) | {planted: step})
    explored = explore(limit=2)
    promises = (
        test_a_failed_attempt_is_followed_until_it_is_said_aloud,
        test_an_empty_chair_before_911_has_the_caller_is_offered,
        test_a_caller_who_hung_up_before_911_had_them_leaves_a_task_or_a_person,
        test_one_report_dials_at_most_one_destination_and_never_beside_a_live_one,
        test_911_has_the_caller_only_after_it_answered_and_then_until_its_end,
        test_a_leg_that_rings_goes_on_whoever_leaves,
    )

    def is_broken(promise):
        try:
            promise(explored)
        except AssertionError:
            return True
        return False

    assert any(is_broken(promise) for promise in promises)
