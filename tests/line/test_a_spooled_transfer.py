"""911 without a database in time: dialled once, whoever asks, and written once when it is back."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from ivr import spool, warm_transfer
from ivr.dial_rows import LOOK_SECONDS, next_look
from ivr.errors import GatewayError, NotAllowedError
from ivr.waiting_line import Accepted
from models.states import CallPhase, EscalationCause, TransferState

pytestmark = pytest.mark.database

IDS = ["d" * 32, "e" * 32, "f" * 32]


def _away():
    raise RuntimeError("the database refuses writes")


class _DeadBell:
    def ring(self):
        raise ConnectionError("redis is gone")


@pytest.fixture
def away(stage):
    """The same line with the database refusing writes and Redis gone."""
    return replace(stage.runtime, intent_sessions=_away, sessions=_away, bell=_DeadBell())


def _escalate(runtime, caller, escalation_id, cause=EscalationCause.KEY):
    warm_transfer.escalate(runtime, caller.call_id, cause, "caller", escalation_id)


def _psaps(stage):
    return [label for _, label in stage.dialled() if label.startswith("psap-")]


def test_three_ids_that_race_past_the_limit_dial_once(stage, away):
    caller, _, _ = stage.talk()
    start = Barrier(3)

    def ask(escalation_id):
        start.wait(5)
        _escalate(away, caller, escalation_id)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(ask, IDS))
    assert len(_psaps(stage)) == 1
    warm_transfer.replay_spool(stage.runtime)
    written = [stage.attempts(escalation_id) for escalation_id in IDS]
    assert sum(len(attempts) for attempts in written) == 1


def test_a_second_id_after_the_first_was_dialled_looks_into_the_room_and_dials_nothing(stage, away):
    caller, _, _ = stage.talk()
    _escalate(away, caller, IDS[0])
    stage.runtime.clock.now += timedelta(seconds=30)
    _escalate(away, caller, IDS[1])
    assert len(_psaps(stage)) == 1
    assert warm_transfer.replay_spool(stage.runtime) > 0
    assert stage.escalation(IDS[0]).state is TransferState.DIALLING


def test_one_written_in_time_and_one_spooled_dial_once(stage, away):
    caller, _, _ = stage.talk()
    first = stage.escalate(caller)
    _escalate(away, caller, IDS[1])
    stage.runtime.clock.now += timedelta(seconds=30)
    _escalate(away, caller, IDS[2])
    assert _psaps(stage) == [f"psap-{first}-1"]


def test_one_spooled_and_one_written_afterwards_share_the_leg(stage, away):
    caller, _, _ = stage.talk()
    _escalate(away, caller, IDS[0])
    _escalate(stage.runtime, caller, IDS[1])
    assert _psaps(stage) == [f"psap-{IDS[0]}-1"]
    leg = stage.gateway.labels[f"room-{caller.call_id}", f"psap-{IDS[0]}-1"]
    assert [attempt.call_sid for attempt in stage.attempts(IDS[1])] == [leg]


def test_a_room_that_cannot_be_looked_into_stops_no_dial(stage, away):
    caller, _, _ = stage.talk()
    stage.gateway.fail("labels_in_room", GatewayError("down", None, 503))
    _escalate(away, caller, IDS[0])
    assert len(_psaps(stage)) == 1


def test_after_every_destination_was_refused_911_can_be_asked_for_at_once(stage, away):
    caller, _, _ = stage.talk()
    stage.gateway.fail("dial_into_room", *[NotAllowedError("not ours")] * 4)
    _escalate(away, caller, IDS[0])
    refused = len(_psaps(stage))
    _escalate(away, caller, IDS[1])
    assert len(_psaps(stage)) == refused + 1


def test_a_full_disk_stops_no_dial(stage, away, tmp_path):
    caller, _, _ = stage.talk()
    (tmp_path / "full").write_text("")
    _escalate(replace(away, spool=tmp_path / "full" / "spool.jsonl"), caller, IDS[0])
    assert len(_psaps(stage)) == 1


def test_from_the_menu_to_the_replay_and_a_call_taker_enters(stage, away):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.MENU)
    _escalate(away, caller, IDS[0])
    stage.enters(caller)
    assert warm_transfer.replay_spool(stage.runtime) == 2
    assert warm_transfer.replay_spool(stage.runtime) == 0
    stage.psap_answers(caller, IDS[0])
    stage.pass_by(1)
    (offer,) = [offer for offer in stage.offers() if offer.state == "open"]
    assert isinstance(stage.accept(offer.id, carla), Accepted)
    assert len(_psaps(stage)) == 1
    assert len(stage.attempts(IDS[0])) == 1


def test_a_claim_cut_short_by_the_power_binds_nobody(stage, away):
    caller, _, _ = stage.talk()
    away.spool.with_name(f"{away.spool.name}.{caller.call_id}.dialling").write_text("2026-")
    _escalate(away, caller, IDS[0])
    assert len(_psaps(stage)) == 1


def test_old_claims_are_forgotten(stage):
    now = stage.now
    assert spool.claim(stage.runtime.spool, "c1", now)
    assert not spool.claim(stage.runtime.spool, "c1", now)
    assert spool.claim(stage.runtime.spool, "c1", now + timedelta(seconds=6))
    spool.sweep_claims(stage.runtime.spool, now + timedelta(seconds=20))
    assert list(stage.runtime.spool.parent.glob("*.dialling")) == []


def test_a_leg_that_is_over_before_its_intent_was_written_is_followed_within_seconds(stage, away):
    caller, _, _ = stage.talk()
    _escalate(away, caller, IDS[0])
    warm_transfer.replay_spool(stage.runtime)
    stage.gateway.legs[stage.attempts(IDS[0])[0].call_sid] = "completed"
    stage.pass_by(LOOK_SECONDS + 0.5)
    assert stage.attempts(IDS[0])[0].state is TransferState.FAILED
    assert _psaps(stage)[1:] == [f"psap-{IDS[0]}-2"]


def test_a_room_report_that_overtakes_the_spooled_intent_is_not_lost(stage, away):
    caller, _, _ = stage.talk()
    _escalate(away, caller, IDS[0])
    label, sid = f"psap-{IDS[0]}-1", next(iter(stage.gateway.legs))
    stage.leaves(caller, sid, status="busy", label=label)
    assert stage.attempts(IDS[0])[0].state is TransferState.BUSY
    assert _psaps(stage)[1:] == [f"psap-{IDS[0]}-2"]


@pytest.mark.parametrize(("rings", "looked_at"), [(25, 4), (3, 3), (0.2, 1), (-5, 1)])
def test_a_ringing_leg_is_looked_at_soon_and_at_the_end_of_its_time(stage, rings, looked_at):
    due = next_look(stage.now + timedelta(seconds=rings), stage.now)
    assert due == stage.now + timedelta(seconds=looked_at)


def _hung_up_before_it_was_written(stage, caller):
    """The intent stands written, what became of the dial is on the disk alone, and 911 has hung up."""
    _escalate(replace(stage.runtime, sessions=_away), caller, IDS[0])
    label = f"psap-{IDS[0]}-1"
    leg = stage.gateway.labels.pop((f"room-{caller.call_id}", label))
    stage.gateway.legs[leg] = "completed"
    assert stage.attempts(IDS[0])[0].state is TransferState.REQUESTED
    return label


def test_a_dial_that_only_the_disk_knows_is_written_and_not_dialled_anew(stage):
    caller, _, _ = stage.talk()
    label = _hung_up_before_it_was_written(stage, caller)
    stage.pass_by(8)
    assert _psaps(stage) == [label, f"psap-{IDS[0]}-2"]
    assert stage.attempts(IDS[0])[0].state is TransferState.FAILED


def test_a_dial_that_cannot_be_written_yet_is_not_dialled_anew(stage, monkeypatch):
    caller, _, _ = stage.talk()
    label = _hung_up_before_it_was_written(stage, caller)
    with monkeypatch.context() as broken:
        broken.setattr(warm_transfer.spool_replay, "replay", lambda runtime: _away())
        stage.pass_by(8)
        assert _psaps(stage) == [label]
    stage.pass_by(8)
    assert _psaps(stage) == [label, f"psap-{IDS[0]}-2"]


def test_a_late_report_of_an_earlier_leg_says_nothing_of_the_one_dialled_since(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.psap(escalation, 1, "completed", sid="CA" + "9" * 32)
    assert [attempt.state for attempt in stage.attempts(escalation)] == [TransferState.DIALLING]
    assert len(_psaps(stage)) == 1


def test_the_room_s_late_report_of_an_earlier_leg_neither(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    earlier, label = "CA" + "9" * 32, f"psap-{escalation}-1"
    stage.enters(caller, earlier, label)
    stage.leaves(caller, earlier)
    assert [attempt.state for attempt in stage.attempts(escalation)] == [TransferState.DIALLING]
    assert len(_psaps(stage)) == 1


def test_a_claim_knows_whether_its_process_lives():
    done = subprocess.Popen(["true"])
    done.wait()
    assert spool._is_alive(os.getpid())
    assert spool._is_alive(1)
    assert not spool._is_alive(done.pid)
