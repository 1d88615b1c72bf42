"""Somebody of the directory called into a call: the crisis line, an interpreter, a department."""

import pytest

from ivr import referrals, rooms
from ivr.errors import GatewayError
from ivr.referral_rows import Wanted
from ivr.referrals import ReferralRefused
from ivr.rooms import LeaveRefused, NotInCallError
from models.referral import Referral
from models.states import CallPhase, LegKind, LegState, ReferralState
from tests.line.conftest import new_id, sid_of

pytestmark = pytest.mark.database

CRISIS, INTERPRETER, LINE = "+15205550128", "+15205550130", "+15205550100"


def refer(stage, caller, staff_id, destination="crisis_line", consult=False, referral_id=None):
    wanted = Wanted(referral_id or new_id(), caller.call_id, staff_id, consult)
    referrals.refer(stage.runtime, wanted, destination)
    return wanted.id


def row(stage, referral_id):
    with stage.runtime.sessions() as session:
        return session.get(Referral, referral_id)


def reported(stage, referral_id, status, sid=None):
    sid = sid or row(stage, referral_id).call_sid
    stage.post(f"/voice/referral/{referral_id}", CallSid=sid, CallStatus=status)
    return sid


def answers(stage, caller, referral_id):
    sid = reported(stage, referral_id, "in-progress")
    stage.enters(caller, sid, f"refer-{referral_id}")
    return sid


def is_held(stage, caller):
    """Whether the telephone company was last asked to hold the caller."""
    held = [url for _, sid, url in stage.gateway.of("hold") if sid == caller.call_sid]
    return bool(held) and held[-1] is not None


def test_the_crisis_line_is_called_straight_in_and_keeps_the_caller_when_it_says_so(stage):
    caller, carla, desk = stage.talk()
    crisis = refer(stage, caller, carla)
    ((dial,),) = stage.gateway.of("dial_into_room")
    assert (dial.to, dial.from_number, dial.call_token) == (CRISIS, LINE, None)
    assert (dial.room, dial.label) == (f"room-{caller.call_id}", f"refer-{crisis}")
    assert stage.gateway.of("hold") == []
    for step in (
        lambda: reported(stage, crisis, "ringing"),
        lambda: answers(stage, caller, crisis),
    ):
        step()
        with pytest.raises(LeaveRefused, match="not_taken"):
            rooms.leave(stage.runtime, caller.call_id, carla)
    referrals.they_have_them(stage.runtime, caller.call_id, carla, crisis)
    rooms.leave(stage.runtime, caller.call_id, carla)
    stage.leaves(caller, desk, label="desk")
    stage.pass_by(30)
    assert row(stage, crisis).state is ReferralState.ACCEPTED
    assert stage.call(caller).phase is CallPhase.ROOM
    assert stage.gateway.of("hang_up") == []
    assert stage.gateway.of("redirect")[1:] == []


def test_with_the_caller_gone_the_crisis_line_is_let_go_and_the_call_is_over(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    sid = answers(stage, caller, crisis)
    stage.leaves(caller)
    assert (sid,) in stage.gateway.of("hang_up")
    assert row(stage, crisis).ended_at is not None
    assert stage.call(caller).phase is CallPhase.ENDED


def test_ringing_for_a_caller_who_has_gone_is_cancelled(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    reported(stage, crisis, "ringing")
    stage.ends(caller.call_sid)
    assert stage.gateway.of("hang_up") == [(row(stage, crisis).call_sid,)]
    assert row(stage, crisis).state is ReferralState.CANCELLED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("busy", ReferralState.BUSY),
        ("no-answer", ReferralState.NO_ANSWER),
        ("failed", ReferralState.FAILED),
    ],
)
def test_a_caller_on_hold_is_taken_off_it_when_nobody_could_be_asked(stage, status, state):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla, consult=True)
    assert is_held(stage, caller)
    reported(stage, crisis, status)
    stage.pass_by(1)
    assert row(stage, crisis).state is state
    assert not is_held(stage, caller)
    assert stage.call(caller).hold_since is None


def test_a_held_caller_hears_that_somebody_is_being_called_in_their_language(stage):
    caller, carla, _ = stage.talk()
    path = f"/voice/room/{caller.call_id}/hold"
    assert "looking something up" in stage.post(path, CallSid=caller.call_sid)
    refer(stage, caller, carla, consult=True)
    assert "calling someone who can help" in stage.post(path, CallSid=caller.call_sid)


def test_nobody_leaves_a_caller_on_hold_and_acceptance_brings_them_in(stage):
    caller, carla, _ = stage.talk()
    water = refer(stage, caller, carla, "water", consult=True)
    answers(stage, caller, water)
    with pytest.raises(LeaveRefused, match="caller_held"):
        rooms.leave(stage.runtime, caller.call_id, carla)
    referrals.they_have_them(stage.runtime, caller.call_id, carla, water)
    stage.pass_by(1)
    assert not is_held(stage, caller)
    rooms.leave(stage.runtime, caller.call_id, carla)


def test_a_hold_that_is_refused_calls_nobody(stage):
    caller, carla, _ = stage.talk()
    stage.gateway.fail("hold", GatewayError("refused", 20429, 429))
    with pytest.raises(GatewayError):
        refer(stage, caller, carla, consult=True)
    stage.pass_by(60)
    assert stage.dialled() == []
    assert stage.call(caller).hold_since is None


def test_an_interpreter_is_no_company_and_goes_when_let_go(stage):
    caller, carla, _ = stage.talk()
    interpreter = refer(stage, caller, carla, "interpreter")
    sid = answers(stage, caller, interpreter)
    with pytest.raises(LeaveRefused, match="nobody_else"):
        rooms.leave(stage.runtime, caller.call_id, carla)
    referrals.cancel(stage.runtime, caller.call_id, carla, interpreter)
    assert stage.gateway.of("hang_up") == [(sid,)]
    stage.leaves(caller, sid, label=f"refer-{interpreter}")
    assert stage.call(caller).phase is CallPhase.ROOM


def test_a_caller_left_with_an_interpreter_alone_goes_to_the_front_of_the_line(stage):
    caller, carla, desk = stage.talk()
    interpreter = refer(stage, caller, carla, "interpreter")
    sid = answers(stage, caller, interpreter)
    stage.leaves(caller, desk, label="desk")
    stage.pass_by(3)
    assert stage.call(caller).phase is CallPhase.LINE
    assert (sid,) in stage.gateway.of("hang_up")


def test_an_interpreter_stays_for_the_crisis_line_and_goes_with_the_caller(stage):
    caller, carla, desk = stage.talk()
    interpreter = refer(stage, caller, carla, "interpreter")
    helper = answers(stage, caller, interpreter)
    crisis = refer(stage, caller, carla)
    answers(stage, caller, crisis)
    referrals.they_have_them(stage.runtime, caller.call_id, carla, crisis)
    rooms.leave(stage.runtime, caller.call_id, carla)
    stage.leaves(caller, desk, label="desk")
    stage.pass_by(5)
    assert stage.gateway.of("hang_up") == []
    stage.leaves(caller)
    assert (helper,) in stage.gateway.of("hang_up")


def test_a_call_taker_who_is_lost_while_it_rings_leaves_nobody_ringing(stage):
    caller, carla, desk = stage.talk()
    crisis = refer(stage, caller, carla, consult=True)
    reported(stage, crisis, "ringing")
    stage.leaves(caller, desk, label="desk")
    stage.pass_by(3)
    assert row(stage, crisis).state is ReferralState.CANCELLED
    assert stage.gateway.of("hang_up") == [(row(stage, crisis).call_sid,)]
    assert stage.call(caller).phase is CallPhase.LINE


def test_the_crisis_line_hanging_up_on_a_caller_left_with_it_brings_them_back_to_the_line(stage):
    caller, carla, desk = stage.talk()
    crisis = refer(stage, caller, carla)
    sid = answers(stage, caller, crisis)
    referrals.they_have_them(stage.runtime, caller.call_id, carla, crisis)
    rooms.leave(stage.runtime, caller.call_id, carla)
    stage.leaves(caller, desk, label="desk")
    stage.leaves(caller, sid, label=f"refer-{crisis}")
    stage.pass_by(3)
    assert stage.call(caller).phase is CallPhase.LINE


def test_911_takes_back_what_still_rings_and_nobody_is_called_beside_it(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    stage.escalate(caller, actor=carla)
    assert row(stage, crisis).state is ReferralState.CANCELLED
    assert stage.gateway.of("hang_up") == [(row(stage, crisis).call_sid,)]
    with pytest.raises(ReferralRefused, match="911_first"):
        refer(stage, caller, carla)


def test_the_same_order_again_and_another_for_the_caller_dial_once(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    refer(stage, caller, carla, referral_id=crisis)
    for other in ("crisis_line", "water"):
        with pytest.raises(ReferralRefused, match="is_called"):
            refer(stage, caller, carla, other)
    assert len(stage.dialled()) == 1


@pytest.mark.parametrize("destination", ["nobody", "city-911", "+15205550191"])
def test_only_the_directory_is_called(stage, destination):
    caller, carla, _ = stage.talk()
    with pytest.raises(ReferralRefused, match="not_in_directory"):
        refer(stage, caller, carla, destination)
    assert stage.dialled() == []


def test_somebody_elses_call_is_not_referred(stage):
    caller, _, _ = stage.talk()
    with pytest.raises(NotInCallError):
        refer(stage, caller, stage.staff("otto"))
    assert stage.dialled() == []


def test_hanging_up_would_cut_the_caller_off_from_whom_they_talk_to(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    answers(stage, caller, crisis)
    with pytest.raises(LeaveRefused, match="others_are_there"):
        rooms.hang_up(stage.runtime, caller.call_id, carla)
    referrals.cancel(stage.runtime, caller.call_id, carla, crisis)
    rooms.hang_up(stage.runtime, caller.call_id, carla)


def test_taken_back_before_the_dial_has_answered_it_is_ended_when_it_is_heard_of(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    sid = row(stage, crisis).call_sid
    referrals.cancel(stage.runtime, caller.call_id, carla, crisis)
    reported(stage, crisis, "in-progress")
    assert stage.gateway.of("hang_up") == [(sid,), (sid,)]
    assert row(stage, crisis).state is ReferralState.CANCELLED


def test_a_process_that_died_before_the_dial_is_made_good_by_the_next_sweep(stage, monkeypatch):
    caller, carla, _ = stage.talk()
    with monkeypatch.context() as patched:
        patched.setattr("ivr.referrals.act", lambda *_: None)
        crisis = refer(stage, caller, carla)
    assert stage.dialled() == []
    stage.pass_by(6)
    assert stage.dialled() == [(CRISIS, f"refer-{crisis}")]


def test_silence_without_any_report_ends_after_its_own_ring_time(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla, consult=True)
    stage.pass_by(40)
    assert row(stage, crisis).state is ReferralState.NO_ANSWER
    assert not is_held(stage, caller)
    assert (row(stage, crisis).call_sid,) in stage.gateway.of("hang_up")


def test_an_answer_whose_report_was_lost_is_asked_after(stage):
    caller, carla, _ = stage.talk()
    crisis = refer(stage, caller, carla)
    stage.gateway.legs[row(stage, crisis).call_sid] = "in-progress"
    stage.pass_by(40)
    assert row(stage, crisis).state is ReferralState.ANSWERED


def test_the_rooms_report_may_come_before_the_dial_is_answered(stage, monkeypatch):
    caller, carla, _ = stage.talk()
    with monkeypatch.context() as patched:
        patched.setattr("ivr.referrals.act", lambda *_: None)
        crisis = refer(stage, caller, carla)
    early = sid_of("early")
    stage.enters(caller, early, f"refer-{crisis}")
    assert row(stage, crisis).state is ReferralState.ANSWERED
    leg = stage.legs(caller)[early]
    assert (leg.kind, leg.state) == (LegKind.REFERRAL, LegState.IN_ROOM)
