"""Every history of a room with 911, searched: nobody alone, nobody held, nothing twice, all ends.

The model, the moves and the promises stand beside this file (`transfer_scene`, `transfer_world`,
`transfer_moves`, `transfer_line`, `transfer_search`). Each way of breaking the machine, or the room's own rules, must be caught.
"""

import pytest

from ivr.rules import transfer, transfer_room
from ivr.rules.transfer import Command, Step, TransferEvent
from ivr.rules.transfer_room import Caller
from models.states import TransferState
from tests.rules.transfer_moves import Bounds, Move
from tests.rules.transfer_scene import Person, Psap, World
from tests.rules.transfer_search import EVERYTHING, OF_DEEDS, beginnings, search

pytestmark = pytest.mark.rules

E, C, S = TransferEvent, Command, TransferState
ONE, TWO = ("a",), ("a", "b")

SEARCHES = {
    # name                      bounds                             begin                  rounds, most
    "two call-takers": (Bounds(ONE, 0, 2), {"faults": 0, "asks": 1}, 1, 8_000),
    "one fault": (Bounds(ONE, 0, 1), {"faults": 1, "asks": 0, "backs": 0}, 1, 9_000),
    "the staffed line": (Bounds(ONE, 0, 1), {"faults": 0, "asks": 0, "in_round": 2}, 2, 9_000),
}
DEEPER = {
    "one fault, to its end": (Bounds(ONE, 0, 1), {"faults": 1, "asks": 1}, 1, 1_000_000),
    "the staffed line, to its end": (Bounds(ONE, 0, 1), {"faults": 0, "asks": 1}, 2, 1_000_000),
    "two destinations": (Bounds(TWO, 1, 1), {"faults": 0, "asks": 1}, 2, 1_000_000),
    "much under way": (Bounds(ONE, 3, 2), {"faults": 0, "asks": 1}, 1, 1_000_000),
}


def _search(monkeypatch, name, bounds, begin, rounds, most):
    monkeypatch.setattr(transfer, "ROUNDS", rounds)
    found = search(beginnings(bounds, **begin), bounds, most)
    print(f"{name}: {len(found.reached)} states, {found.transitions} transitions")
    assert not found.broken, "\n".join(map(found.history, found.broken))
    return found


@pytest.mark.parametrize("name", SEARCHES)
def test_no_history_breaks_a_promise(monkeypatch, name):
    found = _search(monkeypatch, name, *SEARCHES[name])
    assert len(found.reached) > 5_000
    assert found.transitions > 15_000
    if "staffed line" in name:
        assert sum(world.line.real == "up" for world in found.reached) > 1_000


@pytest.mark.parametrize("name", DEEPER)
def test_no_longer_history_breaks_a_promise(monkeypatch, name, depth):
    bounds, begin, rounds, most = DEEPER[name]
    _search(monkeypatch, name, bounds, begin, rounds, most if depth == "full" else 1_500)


PLANTED = {
    # what the machine does          state       event                  instead, and what catches it
    "follows no busy destination": (
        *((S.DIALLING, E.PSAP_BUSY), Step(S.BUSY)),
        "every destination is tried before a transfer fails",
    ),
    "follows no decline": (
        *((S.ANSWERED, E.PSAP_DECLINED), Step(S.DECLINED)),
        "every destination is tried before a transfer fails",
    ),
    "does not dial once more": (
        *((S.ANSWERED, E.PSAP_LEFT), Step(S.FAILED)),
        "every destination is tried before a transfer fails",
    ),
    "waits for a silent one": (
        *((S.DIALLING, E.RANG_OUT), Step(S.DIALLING)),
        "an open transfer has a leg",
    ),
    "takes a ringing leg back": (
        *((S.DIALLING, E.ROOM_EMPTIED), Step(S.CALLER_GONE, (C.BRIEF_AND_END,))),
        "once dialled, 911 is not taken back",
    ),
    "ends the room with its caller": (
        *((S.DIALLING, E.CALLER_LEFT), Step(S.CALLER_GONE, (C.END_ROOM,))),
        "once dialled, 911 is not taken back",
    ),
    "believes that an answer accepts": (
        *((S.DIALLING, E.PSAP_ANSWERED), Step(S.ACCEPTED)),
        "nobody leaves before 911 has accepted",
    ),
    "overlooks that 911 hung up": (
        *((S.ACCEPTED, E.PSAP_LEFT), Step(S.ACCEPTED)),
        "an open transfer has a leg",
    ),
    "lets 911 listen to nobody": (
        *((S.ANSWERED, E.EMPTY_CHAIR_ELAPSED), Step(S.ANSWERED)),
        "911 is not left with nobody",
    ),
    "does not watch an answered leg": (
        *((S.DIALLING, E.PSAP_ANSWERED), Step(S.ANSWERED, (C.WATCH_UNATTENDED,))),
        "911 is not left with nobody",
    ),
    "offers no chair": (
        *((S.DIALLING, E.CALL_TAKER_LOST), Step(S.DIALLING, (C.ALERT_SUPERVISOR,))),
        "an empty chair is offered at once",
    ),
    "forgets who gave up": (
        *((S.DIALLING, E.ROOM_EMPTIED), Step(S.DIALLING, (C.OFFER_ABOVE_ALL,))),
        "a caller who gave up is called back by somebody",
    ),
    "ends the room beside a call-taker": (
        *((S.ACCEPTED, E.CALLER_LEFT), Step(S.ENDED, (C.END_ROOM,))),
        "no call-taker is cut off from 911",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_fault_in_the_machine_is_caught(monkeypatch, name):
    where, planted, promise = PLANTED[name]
    monkeypatch.setattr(transfer, "STEPS", dict(transfer.STEPS) | {where: planted})
    _caught(monkeypatch, promise, faults=0)


def test_a_silent_leg_answered_after_all_is_not_forgotten(monkeypatch):
    steps = dict(transfer.STEPS) | {(S.NO_ANSWER, E.PSAP_ANSWERED): Step(S.NO_ANSWER)}
    monkeypatch.setattr(transfer, "STEPS", steps)
    _caught(monkeypatch, "no leg stays for a call that has ended", faults=1)


IN_THE_ROOM = {
    # rule                   broken so                              what catches it         faults
    "is_empty_chair": (
        lambda room: room.caller is not Caller.IN_ROOM and not room.call_takers,
        *("no caller is cut off from 911", 0),
    ),
    "may_go_to_front": (
        lambda room: not (room.call_takers + room.outside),
        *("no caller is taken out of the room from 911", 1),
    ),
    "is_over": (
        lambda room: room.caller is Caller.GONE,
        *("once dialled, 911 is not taken back", 0),
    ),
    "is_alone": (lambda room: False, "no caller is alone", 0),
    "may_call_taker_leave": (lambda room: True, "nobody leaves before 911 has accepted", 0),
    "has_the_caller": (lambda room: True, "911 is not left with nobody", 0),
    "stays_in_line": (lambda room: False, "the caller is where the rows say", 1),
}


@pytest.mark.parametrize("rule", IN_THE_ROOM)
def test_a_fault_in_the_rules_of_the_room_is_caught(monkeypatch, rule):
    broken, promise, faults = IN_THE_ROOM[rule]
    monkeypatch.setattr(transfer_room, rule, broken)
    _caught(monkeypatch, promise, faults=faults)


SILENT = Psap(1, "a", S.NO_ANSWER, "ring")
HAS_THEM = Psap(2, "b", S.ACCEPTED, "up", here=True)
ANSWERS_LATE = Psap(3, "c", S.ANSWERED, "up", here=True)
HAD_THEM = World(
    people=(Person(real=True, seen="in"),),
    psaps=(SILENT, HAS_THEM),
    tried=("a", "b"),
    open=True,
    accepted="taker",
    faults=0,
    asks=0,
)
"""One destination rings on, given up as silent, while the next has had the caller."""

AFTER_ACCEPTED = {
    # what the machine does               state       event               instead, from where, what catches it
    "takes the silent leg back beside a caller": (
        *((S.ACCEPTED, E.CALL_TAKER_LEFT), Step(S.ENDED, (C.END_ROOM,)), HAD_THEM),
        "once dialled, 911 is not taken back",
    ),
    "offers no chair to the next that answers": (
        *((S.ANSWERED, E.CALL_TAKER_LOST), Step(S.ANSWERED, (C.ALERT_SUPERVISOR,))),
        *(HAD_THEM._replace(psaps=(ANSWERS_LATE,)), "an empty chair is offered at once"),
    ),
}


@pytest.mark.parametrize("name", AFTER_ACCEPTED)
def test_a_fault_after_911_had_the_caller_is_caught(monkeypatch, name):
    where, planted, begin, promise = AFTER_ACCEPTED[name]
    bounds = Bounds(("a", "b", "c"), 0, 1)
    assert not search([begin], bounds, 3_000).broken
    monkeypatch.setattr(transfer, "STEPS", dict(transfer.STEPS) | {where: planted})
    assert promise in search([begin], bounds, 3_000, until_broken=True).broken


@pytest.mark.parametrize(
    ("kind", "begin", "is_kept"),
    [
        ("line", HAD_THEM._replace(caller="gone"), True),
        ("line", HAD_THEM, False),
        ("line", HAD_THEM._replace(caller="gone", accepted=""), False),
        ("line", HAD_THEM._replace(caller="gone", psaps=(SILENT._replace(seen=S.RINGING),)), False),
        ("life", HAD_THEM, True),
    ],
    ids=["call over", "caller there", "nobody had them", "not given up", "by people"],
)
def test_a_ringing_leg_is_cut_in_one_case_alone(kind, begin, is_kept):
    cut = Move(kind, "deed: end", begin, (("cut", 1, "ring"),))
    assert OF_DEEDS["once dialled, 911 is not taken back"](begin, cut) is is_kept


def test_two_faults_leave_no_911_leg_up_for_an_ended_call(monkeypatch):
    """Its answer was not reported, and asked after in vain: given up as silent, and really up."""
    monkeypatch.setattr(transfer, "ROUNDS", 1)
    up = World(
        caller="gone",
        leg="left",
        phase="ended",
        faults=0,
        asks=0,
        psaps=(SILENT._replace(real="up"),),
        accepted="",
    )
    found = search([up], Bounds(ONE, 0, 1))
    assert not found.broken
    assert any(psap.seen == S.CALLER_GONE for world in found.reached for psap in world.psaps)


def _caught(monkeypatch, promise, *, faults):
    """The search finds it, says which promise is broken, and how it came to that."""
    monkeypatch.setattr(transfer, "ROUNDS", 1)
    bounds = Bounds(ONE, 0, 1)
    begin = beginnings(bounds, faults=faults, asks=1 - faults, backs=1 - faults)
    found = search(begin, bounds, 30_000, until_broken=True)
    assert promise in found.broken
    history = found.history(promise).splitlines()
    assert history[0] == f"{promise}:"
    assert 2 < len(history) < 20


def test_every_promise_has_a_name_of_its_own():
    assert len(set(EVERYTHING)) == len(EVERYTHING)
