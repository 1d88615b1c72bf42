"""Callbacks lost, doubled, late and in any order: the record comes right all the same."""

import json
import random
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from ivr import again, reconcile, rooms, spool
from ivr.errors import GatewayError
from models.states import CallOutcome, CallPhase, LegState, OfferState, TransferState

pytestmark = pytest.mark.database


def test_a_silent_call_that_is_over_there_is_closed_here(stage):
    caller, _, _ = stage.talk()
    stage.runtime.clock.pass_by(59)
    assert reconcile.run(stage.runtime, stage.now) == 0
    stage.runtime.clock.pass_by(2)
    stage.gateway.legs[caller.call_sid] = "completed"
    assert reconcile.run(stage.runtime, stage.now) == 1
    assert stage.call(caller).outcome is CallOutcome.HELPED
    assert reconcile.run(stage.runtime, stage.now) == 0


def test_a_silent_call_that_is_alive_is_asked_after_leg_by_leg_once_a_minute(stage):
    caller, _, desk_sid = stage.talk()
    stage.gateway.legs[caller.call_sid] = "in-progress"
    stage.runtime.clock.pass_by(61)
    reconcile.run(stage.runtime, stage.now)
    stage.runtime.clock.pass_by(30)
    reconcile.run(stage.runtime, stage.now)
    assert stage.gateway.of("leg") == [(caller.call_sid,), (desk_sid,)]
    assert stage.call(caller).phase is CallPhase.ROOM


def test_a_company_that_does_not_answer_closes_nothing(stage):
    caller, _, _ = stage.talk()
    stage.gateway.fail("leg", GatewayError("broken", None, 500))
    stage.runtime.clock.pass_by(61)
    assert reconcile.run(stage.runtime, stage.now) == 0
    assert stage.call(caller).phase is CallPhase.ROOM


@pytest.mark.parametrize("seed", range(6))
def test_the_same_reports_in_any_order_and_doubled_end_the_same(stage, seed):
    chance = random.Random(seed)
    caller, carla, desk_sid = stage.talk()
    rooms.hang_up(stage.runtime, caller.call_id, carla)
    reports = [
        ("participant-leave", desk_sid, 10),
        ("participant-leave", caller.call_sid, 11),
        ("conference-end", "", 12),
        ("participant-join", caller.call_sid, 0),
        ("participant-join", desk_sid, 1),
    ] * 2
    chance.shuffle(reports)
    for kind, sid, number in reports:
        status = "completed" if kind == "participant-leave" else ""
        stage.event(caller, kind, sid, status=status, sequence=number)
    stage.ends(caller.call_sid)
    call = stage.call(caller)
    assert (call.phase, call.outcome) == (CallPhase.ENDED, CallOutcome.HELPED)
    assert {leg.state for leg in stage.legs(caller).values()} == {LegState.LEFT}
    assert stage.journal(caller).count("call_ended") == 1
    assert "call_taker_lost" not in stage.journal(caller)
    stage.pass_by(30)
    assert stage.gateway.of("redirect")[1:] == []


def test_a_join_that_comes_after_its_leave_is_not_believed(stage):
    caller, _, desk_sid = stage.talk()
    daniel_leg = "CA" + "d" * 32
    stage.event(caller, "participant-leave", desk_sid, status="completed", sequence=20)
    stage.event(caller, "participant-join", desk_sid, sequence=15)
    assert stage.legs(caller)[desk_sid].state is LegState.LEFT
    stage.event(caller, "participant-join", daniel_leg, label="nobody we know", sequence=21)
    assert daniel_leg not in stage.legs(caller)


def test_an_ended_call_stays_ended(stage):
    caller, _, desk_sid = stage.talk()
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    before = stage.call(caller)
    stage.enters(caller)
    stage.enters(caller, desk_sid)
    stage.ends(caller.call_sid)
    stage.post(f"/voice/line/{caller.call_sid}/left", CallSid=caller.call_sid, QueueResult="hangup")
    after = stage.call(caller)
    assert (after.phase, after.ended_at) == (CallPhase.ENDED, before.ended_at)
    assert stage.journal(caller).count("call_ended") == 1
    assert stage.offer() == []


def test_a_softphones_own_end_counts_when_the_rooms_report_is_lost(stage):
    caller, carla, desk_sid = stage.talk()
    stage.ends(desk_sid)
    assert "call_taker_lost" in stage.journal(caller)
    stage.pass_by(2.25)
    assert "/line_returning" in stage.gateway.of("redirect")[-1][1]
    assert [o.staff_id for o in stage.offers(OfferState.OPEN)] == [carla]


def test_every_report_of_911_lost_is_asked_for_until_it_ends(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.gateway.legs[stage.attempts(escalation)[0].call_sid] = "busy"
    stage.pass_by(27)
    assert [a.state for a in stage.attempts(escalation)] == [
        TransferState.BUSY,
        TransferState.DIALLING,
    ]


def test_a_busy_database_is_asked_again_for_a_report(stage, monkeypatch):
    monkeypatch.setattr(again, "PAUSES", (0, 0))
    caller, _, _ = stage.talk()
    sessions, refusals = stage.runtime.sessions, iter(range(2))

    def busy_twice():
        if next(refusals, None) is not None:
            raise OperationalError("BEGIN IMMEDIATE", None, _locked())
        return sessions()

    object.__setattr__(stage.runtime, "sessions", busy_twice)
    stage.leaves(caller)
    object.__setattr__(stage.runtime, "sessions", sessions)
    assert stage.call(caller).phase is CallPhase.ENDED


def _locked():
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def test_what_is_no_databases_fault_is_not_done_again():
    tries = []

    def broken():
        tries.append(1)
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        again.persistently(broken)
    assert len(tries) == 1


def test_spooled_lines_are_kept_until_a_replay_has_succeeded(tmp_path):
    path = tmp_path / "spool.jsonl"
    spool.append(path, {"n": 1})

    def replay_in_vain():
        with spool.taken(path) as lines:
            assert lines == [{"n": 1}]
            raise RuntimeError("the database is still away")

    with pytest.raises(RuntimeError):
        replay_in_vain()
    spool.append(path, {"n": 2})
    assert not spool.is_empty(path)
    with spool.taken(path) as lines:
        assert sorted(line["n"] for line in lines) == [1, 2]
    assert spool.is_empty(path)


def test_a_line_cut_short_does_not_lose_the_others(tmp_path):
    path = tmp_path / "spool.jsonl"
    spool.append(path, {"n": 1})
    with path.open("a") as file:
        file.write('{"n": 2, "cut')
    with spool.taken(path) as lines:
        assert lines == [json.loads('{"n": 1}')]
