"""What the search of every history found, played with the real deeds: a report lost, a request refused."""

import pytest

from ivr import caller_leg, given_up, reconcile, rooms, warm_transfer
from ivr.errors import GatewayError
from ivr.transfer_rows import EffectKind
from models.states import (
    CallPhase,
    EscalationCause,
    LineState,
    TransferState,
)
from tests.line.conftest import sid_of

pytestmark = pytest.mark.database

REFUSED = GatewayError("refused", 20500, 500)


def _from_the_menu(stage):
    caller = stage.ring(phase=CallPhase.ROOM)
    return caller, stage.escalate(caller, EscalationCause.KEY)


def _really_in_room(stage, caller):
    """The caller enters, and the report of it is lost."""
    room = sid_of("room" + caller.call_id, "CF")
    stage.gateway.labels[room, "caller"] = caller.call_sid


def test_a_caller_whose_coming_was_not_reported_is_not_cut_off_from_911(stage):
    caller, escalation = _from_the_menu(stage)
    stage.psap_answers(caller, escalation)
    _really_in_room(stage, caller)
    stage.pass_by(30)
    assert stage.gateway.of("speak_and_end") == []
    assert stage.gateway.of("redirect") == []
    assert stage.escalation(escalation).state is TransferState.ACCEPTED


def test_a_caller_called_back_without_a_report_is_not_spoken_over(stage):
    caller, _, desk_sid = stage.talk()
    escalation = stage.escalate(caller)
    stage.psap_answers(caller, escalation)
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    label, back = stage.dialled()[-1][1], sid_of("back")
    stage.gateway.labels[stage.call(caller).conference_sid, label] = back
    stage.leaves(caller, desk_sid)
    stage.pass_by(25)
    assert stage.gateway.of("speak_and_end") == []
    assert stage.call(caller).call_sid == back


def test_whoever_is_being_connected_to_911_is_not_sent_to_the_line(stage):
    """What tells them that a transfer has ended may run after they asked for 911 again."""
    caller, _ = _from_the_menu(stage)
    stage.enters(caller)
    caller_leg.to_front(stage.runtime, caller.call_id, "psap_ended")
    assert stage.gateway.of("redirect") == []
    assert stage.call(caller).phase is CallPhase.ROOM


def test_a_caller_is_taken_off_hold_for_911_until_the_telephone_company_says_yes(stage):
    caller, carla, _ = stage.talk()
    rooms.hold(stage.runtime, caller.call_id, carla, on=True)
    stage.gateway.fail("hold", REFUSED, REFUSED)
    stage.escalate(caller, actor=carla)
    stage.pass_by(5)
    unheld = [url for _, _, url in stage.gateway.of("hold") if url is None]
    assert len(unheld) == 3


def test_a_hold_that_comes_through_after_the_red_button_is_ended(stage):
    caller, carla, _ = stage.talk()
    stage.escalate(caller, actor=carla)
    stage.event(caller, "participant-hold", caller.call_sid, "caller")
    stage.pass_by(1)
    assert stage.gateway.of("hold")[-1][2] is None


def test_a_silent_destination_that_answers_after_all_is_met_by_the_caller(stage):
    caller, _, desk_sid = stage.talk()
    escalation = stage.escalate(caller)
    for n in range(1, 5):
        stage.gateway.legs[stage.attempts(escalation)[-1].call_sid] = "ringing"
        stage.pass_by(27) if n == 1 else stage.psap(escalation, n, "busy")
    stage.leaves(caller, desk_sid)
    stage.pass_by(3)
    stage.leaves(caller, status="in-progress")
    assert stage.call(caller).phase is CallPhase.LINE
    stage.psap_answers(caller, escalation)
    assert stage.escalation(escalation).ended_at is None
    stage.pass_by(1)
    assert stage.gateway.of("redirect")[-1][1].startswith(
        f"https://311.example.test/voice/room/{caller.call_sid}/"
    )


def _a_silent_leg_rings_on(stage, caller, escalation):
    silent = stage.attempts(escalation)[0].call_sid
    stage.gateway.legs[silent] = "ringing"
    stage.pass_by(27)
    assert stage.attempts(escalation)[0].state is TransferState.NO_ANSWER
    return silent


def test_a_silent_leg_that_rings_is_let_go_with_the_room_once_another_had_the_caller(stage):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    _a_silent_leg_rings_on(stage, caller, escalation)
    stage.psap_answers(caller, escalation, n=2)
    stage.pass_by(21)
    assert stage.escalation(escalation).state is TransferState.ACCEPTED
    stage.leaves(caller)
    assert stage.gateway.of("end_room")[0] == (stage.call(caller).conference_sid,)


def test_nobody_is_left_in_the_room_in_which_a_silent_leg_rings_on(stage):
    caller, _, desk_sid = stage.talk()
    escalation = stage.escalate(caller)
    silent = _a_silent_leg_rings_on(stage, caller, escalation)
    stage.gateway.labels[stage.call(caller).conference_sid, "psap-silent"] = silent
    for n in range(2, 5):
        stage.psap(escalation, n, "busy")
    assert stage.escalation(escalation).ended_at is not None
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.call(caller).phase is CallPhase.ENDED
    assert stage.gateway.of("end_room") == []
    assert set(stage.gateway.of("hang_up")) == {(desk_sid,)}


def _given_up_and_really(stage, status):
    """The caller has hung up, everybody else was busy, and the first one was given up as silent."""
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    silent = _a_silent_leg_rings_on(stage, caller, escalation)
    for n in range(2, 5):
        stage.psap(escalation, n, "busy")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.call(caller).phase is CallPhase.ENDED
    stage.gateway.legs[silent] = status
    return caller, escalation, silent


def test_a_silent_leg_that_is_up_is_briefed_though_no_report_of_it_came(stage):
    _, escalation, silent = _given_up_and_really(stage, "in-progress")
    reconcile.run(stage.runtime, stage.now)
    assert [sid for sid, _ in stage.gateway.of("speak_and_end")] == [silent]
    assert stage.attempts(escalation)[0].state is TransferState.CALLER_GONE
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("speak_and_end")) == 1


@pytest.mark.parametrize(
    ("status", "asked"), [("ringing", 2), ("no-answer", 1), ("busy", 1), ("completed", 1)]
)
def test_a_silent_leg_is_asked_after_until_it_is_over(stage, status, asked):
    _, _, silent = _given_up_and_really(stage, status)
    before = stage.gateway.of("leg").count((silent,))
    for _ in range(2):
        given_up.look_after(stage.runtime, stage.now)
    assert stage.gateway.of("leg").count((silent,)) - before == asked
    assert stage.gateway.of("speak_and_end") == []


def test_a_silent_leg_that_cannot_be_asked_after_is_asked_after_again(stage):
    _, _, silent = _given_up_and_really(stage, "in-progress")
    stage.gateway.fail("leg", REFUSED)
    given_up.look_after(stage.runtime, stage.now)
    assert stage.gateway.of("speak_and_end") == []
    given_up.look_after(stage.runtime, stage.now)
    assert [sid for sid, _ in stage.gateway.of("speak_and_end")] == [silent]


def test_a_caller_in_the_line_is_brought_to_a_silent_911_that_is_up(stage):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    silent = _a_silent_leg_rings_on(stage, caller, escalation)
    for n in range(2, 5):
        stage.psap(escalation, n, "busy")
    stage.pass_by(3)
    assert stage.call(caller).phase is CallPhase.LINE
    stage.gateway.legs[silent] = "in-progress"
    reconcile.run(stage.runtime, stage.now)
    assert stage.call(caller).phase is CallPhase.ROOM
    assert stage.escalation(escalation).state is TransferState.ANSWERED


def test_nobody_is_rung_beside_911_that_had_the_caller(stage):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    _a_silent_leg_rings_on(stage, caller, escalation)
    stage.psap_answers(caller, escalation, n=1)
    stage.pass_by(21)
    assert stage.escalation(escalation).state is TransferState.ACCEPTED
    stage.leaves(caller)
    stage.psap(escalation, 2, "canceled")
    assert len(stage.attempts(escalation)) == 2
    assert stage.call(caller).phase is CallPhase.ENDED


def test_a_process_that_dies_before_it_tells_the_caller_leaves_nobody_alone(stage, monkeypatch):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    do = warm_transfer._do

    def dies_before_telling(runtime, effect):
        if effect.kind is not EffectKind.SAY_IT_FAILED:
            do(runtime, effect)

    monkeypatch.setattr(warm_transfer, "_do", dies_before_telling)
    for n in range(1, 5):
        stage.psap(escalation, n, "busy")
    assert stage.escalation(escalation).ended_at is not None
    assert stage.gateway.of("redirect") == []
    stage.pass_by(3)
    assert len(stage.gateway.of("redirect")) == 1
    assert stage.entry(caller).state is LineState.WAITING


def test_a_briefing_that_was_refused_is_spoken_later(stage):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    sid = stage.psap_answers(caller, escalation)
    stage.gateway.legs[sid] = "in-progress"
    stage.gateway.fail("speak_and_end", REFUSED, REFUSED)
    stage.pass_by(21)
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("speak_and_end")) == 3
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("speak_and_end")) == 3, "spoken anew, it begins again"
    stage.gateway.legs[sid] = "completed"
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("speak_and_end")) == 3


def test_a_room_that_refused_to_end_is_ended_again(stage):
    caller, _, desk_sid = stage.talk()
    stage.leaves(caller)
    stage.gateway.fail("end_room", REFUSED)
    stage.ends(caller.call_sid)
    asked = len(stage.gateway.of("end_room"))
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("end_room")) == asked + 1
    stage.event(caller, "conference-end")
    reconcile.run(stage.runtime, stage.now)
    assert len(stage.gateway.of("end_room")) == asked + 1
    assert stage.legs(caller)[desk_sid].left_at is not None


def test_a_lost_report_that_911_left_accepts_nobody(stage):
    caller, escalation = _from_the_menu(stage)
    stage.enters(caller)
    sid = stage.psap_answers(caller, escalation)
    stage.gateway.legs[sid] = "completed"
    stage.pass_by(21)
    assert stage.attempts(escalation)[0].state is TransferState.FAILED
    assert len([label for _, label in stage.dialled() if label.startswith("psap")]) == 2


def test_an_old_report_takes_no_caller_out_of_the_line(stage):
    caller, _, desk_sid = stage.talk()
    stage.leaves(caller, desk_sid)
    stage.pass_by(2.25)
    assert stage.call(caller).phase is CallPhase.LINE
    stage.enters(caller, sequence=50)
    assert stage.call(caller).phase is CallPhase.LINE


def test_a_lost_report_of_the_way_to_the_line_moves_the_caller_once(stage):
    caller, _, desk_sid = stage.talk()
    stage.leaves(caller, desk_sid)
    stage.pass_by(2.25)
    moved = len(stage.gateway.of("redirect"))
    stage.gateway.labels.clear()
    stage.pass_by(20)
    assert len(stage.gateway.of("redirect")) == moved


def test_a_call_taker_whose_leaving_was_not_reported_is_asked_after(stage):
    caller, _, desk_sid = stage.talk()
    stage.gateway.legs |= {caller.call_sid: "in-progress", desk_sid: "completed"}
    stage.pass_by(61)
    reconcile.run(stage.runtime, stage.now)
    stage.pass_by(3)
    assert stage.call(caller).phase is CallPhase.LINE
