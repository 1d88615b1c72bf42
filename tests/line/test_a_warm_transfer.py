"""911 from the desk, from the menu and from the line: dialled once, never alone, always recorded."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from ivr import rooms, spool, transfer_rows, transfer_word, warm_transfer
from ivr.errors import (
    GatewayError,
    GatewayTimeout,
    LabelInUseError,
    NotAllowedError,
)
from ivr.gateway import LegView
from ivr.rooms import LeaveRefused
from ivr.transfer_intent import spooled_intent
from ivr.transfer_rows import EffectKind
from ivr.waiting_line import Accepted
from models.escalation import SNAPSHOT, EscalationAttempt
from models.staff import Staff
from models.states import (
    AcceptedBy,
    CallOutcome,
    CallPhase,
    EscalationCause,
    LegState,
    OfferState,
    PresenceState,
    PriorityClass,
    Role,
    TransferState,
)
from tests.line.conftest import sid_of

pytestmark = pytest.mark.database

CITY, SECOND, HUMAN = "+15205550191", "+15205550192", "+15205550110"
NUMBER = "+15205550142"


def test_the_red_button_dials_into_the_live_room_and_shows_the_caller(stage):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    ((dial,),) = stage.gateway.of("dial_into_room")
    assert (dial.to, dial.from_number, dial.call_token) == (CITY, NUMBER, "token-1")
    assert dial.label == f"psap-{escalation}-1"
    assert dial.room == f"room-{caller.call_id}"
    assert dial.conference_callback.startswith(
        f"https://311.example.test/voice/room/{caller.call_id}/events"
    )
    assert stage.gateway.of("hold") == []
    assert [attempt.state for attempt in stage.attempts(escalation)] == [TransferState.DIALLING]


def test_from_ringing_to_accepted_and_leaving(stage):
    caller, carla, desk_sid = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    stage.psap(escalation, 1, "ringing")
    with pytest.raises(LeaveRefused, match="not_accepted"):
        rooms.leave(stage.runtime, caller.call_id, carla)
    stage.psap_answers(caller, escalation)
    with pytest.raises(LeaveRefused, match="not_accepted"):
        rooms.leave(stage.runtime, caller.call_id, carla)
    with stage.runtime.sessions() as session:
        transfer_word.they_have_it(session, escalation, carla, stage.now)
        session.commit()
    assert stage.escalation(escalation).accepted_by is AcceptedBy.CALL_TAKER
    rooms.leave(stage.runtime, caller.call_id, carla)
    assert stage.gateway.of("remove")[0][1] == desk_sid
    stage.leaves(caller, desk_sid)
    stage.pass_by(25)
    assert stage.gateway.of("redirect")[1:] == []
    assert stage.presence(carla) is PresenceState.WRAP_UP
    assert stage.news("supervisor_alert") == []
    facts = [field for field, _ in stage.facts(caller) if field.startswith("clock.")]
    assert facts[-5:] == [
        "clock.target_dialled",
        "clock.target_ringing",
        "clock.target_answered",
        "clock.transfer_accepted",
        "clock.transfer_completed",
    ]
    assert ("destination_actual", "city-911") in stage.facts(caller)
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.call(caller).outcome is CallOutcome.TRANSFERRED_TO_911
    assert stage.escalation(escalation).ended_at is not None


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer"])
def test_the_next_destination_is_dialled_at_once(stage, status):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    stage.psap(escalation, 1, status)
    assert stage.dialled() == [(CITY, f"psap-{escalation}-1"), (SECOND, f"psap-{escalation}-2")]


def test_the_same_failure_reported_twice_dials_once(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    sid = stage.psap(escalation, 1, "busy")
    stage.psap(escalation, 1, "busy")
    stage.leaves(caller, sid, status="busy", label=f"psap-{escalation}-1")
    assert len(stage.dialled()) == 2


def test_911_hanging_up_before_it_has_the_caller_is_dialled_once_more_then_the_next(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.psap_answers(caller, escalation)
    stage.psap(escalation, 1, "completed")
    stage.psap_answers(caller, escalation, 2)
    stage.psap(escalation, 2, "completed")
    assert [to for to, _ in stage.dialled()] == [CITY, CITY, SECOND]


def test_a_silent_destination_rings_out_after_its_own_time(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.psap(escalation, 1, "ringing")
    stage.pass_by(25)
    assert len(stage.dialled()) == 1
    stage.pass_by(2)
    assert [to for to, _ in stage.dialled()] == [CITY, SECOND]
    assert stage.gateway.of("hang_up") == []


def test_a_lost_report_of_the_answer_is_asked_for(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.gateway.legs[stage.attempts(escalation)[0].call_sid] = "in-progress"
    stage.pass_by(27)
    assert stage.attempts(escalation)[0].state is TransferState.ANSWERED
    assert len(stage.dialled()) == 1


def test_who_declines_is_followed_by_the_next_and_not_hung_up(stage):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    stage.psap(escalation, 1, "ringing")
    assert _declined(stage, escalation, carla) == []
    stage.psap_answers(caller, escalation)
    warm_transfer.act(stage.runtime, _declined(stage, escalation, carla))
    assert stage.attempts(escalation)[0].state is TransferState.DECLINED
    assert [to for to, _ in stage.dialled()] == [CITY, SECOND]
    assert stage.gateway.of("hang_up") == []
    with pytest.raises(LeaveRefused, match="not_accepted"):
        rooms.leave(stage.runtime, caller.call_id, carla)


def test_nothing_is_dialled_beside_a_silent_one_that_has_answered_meanwhile(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.psap(escalation, 1, "ringing")
    with stage.runtime.sessions() as session:
        first = session.get(EscalationAttempt, stage.attempts(escalation)[0].id)
        first.state = TransferState.ANSWERED
        new = transfer_rows.new_attempt(
            session, escalation, caller.call_id, 2, "city-911-second", stage.now
        )
        session.commit()
    warm_transfer.dial_attempt(stage.runtime, new.id)
    assert len(stage.dialled()) == 1
    assert [each.state for each in stage.attempts(escalation)] == [
        TransferState.ANSWERED,
        TransferState.FAILED,
    ]


def _dialled_and_not_written(stage):
    """The dial is out, its row still says `requested`, and the busy leg is gone."""
    caller, _, _ = stage.talk()
    first = stage.attempts(stage.escalate(caller))[0]
    with stage.runtime.sessions() as session:
        session.get(EscalationAttempt, first.id).state = TransferState.REQUESTED
        session.commit()
    stage.gateway.labels.clear()
    return first.id


def test_one_attempt_is_dialled_once_by_the_slow_and_by_who_looks_after_it(stage):
    attempt_id = _dialled_and_not_written(stage)
    warm_transfer.dial_attempt(stage.runtime, attempt_id)
    stage.pass_by(9)
    warm_transfer.dial_attempt(stage.runtime, attempt_id)
    assert len(stage.dialled()) == 1, "its request may still be under way"
    stage.pass_by(6)
    assert len(stage.dialled()) == 2, "no request takes so long"


def test_an_attempt_whose_dialler_died_is_dialled_by_who_looks_after_it(stage, monkeypatch):
    attempt_id = _dialled_and_not_written(stage)
    monkeypatch.setattr(spool, "_is_alive", lambda process_id: False)
    stage.runtime.clock.now += timedelta(seconds=1)
    warm_transfer.dial_attempt(stage.runtime, attempt_id)
    assert len(stage.dialled()) == 1
    stage.runtime.clock.now += timedelta(seconds=2)
    warm_transfer.dial_attempt(stage.runtime, attempt_id)
    assert len(stage.dialled()) == 2


def _declined(stage, escalation, who):
    with stage.runtime.sessions() as session:
        effects = transfer_word.they_decline(session, escalation, who, stage.now)
        session.commit()
    return effects


def test_the_last_one_who_declines_ends_a_call_without_its_caller(stage):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller)
    for n in range(1, 4):
        stage.psap(escalation, n, "busy")
    stage.psap_answers(caller, escalation, 4)
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    effects = _declined(stage, escalation, carla)
    assert stage.call(caller).phase is CallPhase.ENDED
    assert EffectKind.END_ROOM in {effect.kind for effect in effects}


def test_a_caller_is_brought_from_the_line_to_the_staffed_line_that_answers_late(stage):
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller)
    stage.enters(caller)
    for n in range(1, 5):
        stage.psap(escalation, n, "busy")
    label = next(label for _, label in stage.dialled() if label.startswith("human"))
    stage.leaves(caller, status="in-progress")
    assert stage.call(caller).phase is CallPhase.LINE
    stage.enters(caller, "CA" + "8" * 32, label)
    assert stage.call(caller).phase is CallPhase.ROOM
    before = len(stage.gateway.of("redirect"))
    stage.pass_by(1)
    assert "/voice/room/" in stage.gateway.of("redirect")[before][1]


def _staffed_line_answers_unreported(stage, caller):
    """It is in the room, and no report of it comes."""
    label = next(label for _, label in stage.dialled() if label.startswith("human"))
    leg = next(leg for leg in stage.legs(caller).values() if leg.label == label)
    stage.gateway.legs[leg.call_sid] = "in-progress"
    stage.gateway.labels[stage.call(caller).conference_sid, label] = leg.call_sid
    return leg.call_sid


def test_a_caller_is_brought_to_the_staffed_line_whose_coming_was_not_reported(stage):
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller)
    stage.enters(caller)
    for n in range(1, 5):
        stage.psap(escalation, n, "busy")
    stage.leaves(caller, status="in-progress")
    assert stage.call(caller).phase is CallPhase.LINE
    staffed = _staffed_line_answers_unreported(stage, caller)
    before = len(stage.gateway.of("redirect"))
    stage.pass_by(12)
    assert stage.legs(caller)[staffed].state is LegState.IN_ROOM
    assert stage.call(caller).phase is CallPhase.ROOM
    assert "/voice/room/" in stage.gateway.of("redirect")[before][1]


def test_the_staffed_line_is_looked_for_while_a_caller_is_called_back(stage):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    for n in range(1, 3):
        stage.psap(escalation, n, "busy")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.dialled()[-1][1].startswith("caller-back-")
    staffed = _staffed_line_answers_unreported(stage, caller)
    stage.pass_by(12)
    assert stage.legs(caller)[staffed].state is LegState.IN_ROOM


@pytest.mark.parametrize(("seconds", "is_found"), [(12, False), (22, True)])
def test_a_caller_called_back_whose_coming_is_not_reported_is_found_soon(stage, seconds, is_found):
    caller, carla, _ = stage.talk()
    stage.psap(stage.escalate(caller, actor=carla), 1, "ringing")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    stage.pass_by(12)
    back = "CA" + "b" * 32
    stage.gateway.labels[stage.call(caller).conference_sid, stage.dialled()[-1][1]] = back
    stage.pass_by(seconds - 12)
    assert (stage.call(caller).call_sid == back) is is_found


def test_a_caller_who_does_not_come_back_is_not_looked_for_for_ever(stage):
    caller, carla, _ = stage.talk()
    stage.psap(stage.escalate(caller, actor=carla), 1, "ringing")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    label = stage.dialled()[-1][1]
    stage.pass_by(150)
    asked = stage.gateway.of("find_in_room")
    stage.pass_by(90)
    assert stage.gateway.of("find_in_room") == asked
    assert 5 <= [each for _, each in asked].count(label) <= 11


@pytest.mark.parametrize(("status", "state"), [("ringing", "dialling"), ("no-answer", "left")])
def test_the_staffed_line_is_asked_after_until_it_came_or_is_over(stage, status, state):
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller)
    stage.enters(caller)
    for n in range(1, 4):
        stage.psap(escalation, n, "busy" if n < 3 else "ringing")
    label = next(label for _, label in stage.dialled() if label.startswith("human"))
    leg = next(leg for leg in stage.legs(caller).values() if leg.label == label)
    stage.gateway.legs[leg.call_sid] = status
    stage.pass_by(25)
    assert stage.legs(caller)[leg.call_sid].state == state
    asked = stage.gateway.of("leg").count((leg.call_sid,))
    assert asked == (1 if state == "left" else 2)


def test_all_destinations_are_tried_twice_with_a_person_then_it_is_said_aloud(stage):
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller)
    stage.enters(caller)
    for n in range(1, 5):
        stage.psap(escalation, n, "busy")
    assert [to for to, label in stage.dialled() if label.startswith("psap")] == [CITY, SECOND] * 2
    assert [to for to, label in stage.dialled() if label.startswith("human")] == [HUMAN]
    assert stage.escalation(escalation).state is TransferState.BUSY
    assert stage.escalation(escalation).ended_at is not None
    assert "transfer_failed" in stage.journal(caller)
    assert "/human_line_unanswered" in stage.gateway.of("redirect")[-1][1]


def test_the_same_escalation_and_a_second_one_dial_nothing(stage):
    caller, _, _ = stage.talk()
    stage.escalate(caller)
    stage.escalate(caller)
    stage.escalate(caller, word="two")
    assert len(stage.dialled()) == 1


def test_after_an_ended_transfer_911_can_be_asked_for_again(stage):
    caller, carla, _ = stage.talk()
    first = stage.escalate(caller)
    stage.psap_answers(caller, first)
    with stage.runtime.sessions() as session:
        transfer_word.they_have_it(session, first, carla, stage.now)
        session.commit()
    stage.psap(first, 1, "completed")
    assert stage.escalation(first).state is TransferState.ENDED
    stage.escalate(caller, word="two")
    assert len(stage.dialled()) == 2


def test_an_empty_chair_is_offered_to_everybody_and_one_enters_the_live_room(stage):
    staff = [
        stage.staff("carla"),
        stage.staff("daniel", state=PresenceState.BREAK),
        stage.staff("sofia", role=Role.SUPERVISOR, state=PresenceState.WRAP_UP),
    ]
    stage.staff("olga", state=PresenceState.OFFLINE)
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    made = stage.offers(OfferState.OPEN)
    assert sorted(o.staff_id for o in made) == sorted(staff)
    assert all(o.entry_id is None and o.ends_at is None for o in made)

    mine = next(o for o in made if o.staff_id == staff[0])
    answer = stage.accept(mine.id, staff[0])
    assert isinstance(answer, Accepted)
    assert answer.in_room
    desk_sid, document = stage.connect(mine.id, staff[0])
    assert "<Conference" in document
    assert stage.gateway.of("redirect") == []
    stage.enters(caller, desk_sid, f"call-taker-{mine.id}")
    assert stage.offers(OfferState.OPEN) == []
    assert len(stage.dialled()) == 1
    assert stage.escalation(escalation).state is TransferState.DIALLING


def test_nobody_entering_911_has_the_caller_after_twenty_seconds_with_both(stage):
    stage.staff("carla")
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    stage.psap_answers(caller, escalation)
    stage.pass_by(19)
    assert stage.escalation(escalation).state is TransferState.ANSWERED
    stage.pass_by(2)
    found = stage.escalation(escalation)
    assert (found.state, found.accepted_by) == (TransferState.ACCEPTED, AcceptedBy.UNATTENDED)
    assert len(stage.offers(OfferState.OPEN)) == 1
    stage.psap(escalation, 1, "completed")
    assert "/psap_ended" in stage.gateway.of("redirect")[-1][1]
    assert stage.entry(caller).priority is PriorityClass.RETURNING


def test_a_caller_waiting_for_911_is_never_pulled_out_of_the_room(stage):
    stage.staff("carla")
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    stage.psap(escalation, 1, "ringing")
    stage.pass_by(24)
    assert stage.gateway.of("redirect") == []


def test_the_caller_hangs_up_while_911_rings_with_a_call_taker(stage):
    caller, carla, desk_sid = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    stage.psap(escalation, 1, "ringing")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.gateway.of("end_room") == []
    assert stage.gateway.of("hang_up") == []
    back = stage.dialled()[-1]
    assert back == (NUMBER, f"caller-back-{caller.call_id}-1")
    assert stage.call(caller).phase is CallPhase.ROOM

    again = "CA" + "b" * 32
    stage.enters(caller, again, back[1])
    assert stage.call(caller).call_sid == again
    stage.psap_answers(caller, escalation)
    with stage.runtime.sessions() as session:
        transfer_word.they_have_it(session, escalation, carla, stage.now)
        session.commit()
    rooms.leave(stage.runtime, caller.call_id, carla)
    stage.leaves(caller, desk_sid)
    stage.leaves(caller, again, label=back[1])
    assert stage.call(caller).phase is CallPhase.ENDED
    assert len(stage.gateway.of("end_room")) == 1


def test_the_caller_hangs_up_while_911_rings_and_the_chair_is_empty(stage):
    stage.staff("carla")
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    stage.psap(escalation, 1, "ringing")
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    assert stage.news("call_back_task")
    assert stage.offers(OfferState.OPEN)
    sid = stage.psap_answers(caller, escalation)
    stage.pass_by(19)
    assert stage.gateway.of("speak_and_end") == []
    stage.pass_by(2)
    ((spoken_to, document),) = stage.gateway.of("speak_and_end")
    assert spoken_to == sid
    assert "cut off before you answered" in document
    assert "5 2 0, 5 5 5, 0 1 4 2" in document
    assert "<Hangup" in document
    assert stage.offers(OfferState.OPEN) == []
    stage.psap(escalation, 1, "completed")
    assert stage.call(caller).phase is CallPhase.ENDED
    assert stage.escalation(escalation).state is TransferState.CALLER_GONE
    assert stage.journal(caller).count("call_back_task_opened") == 1


def test_911_is_not_told_of_a_cut_line_by_a_caller_whom_they_have_spoken_with(stage):
    stage.staff("carla")
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    stage.psap_answers(caller, escalation)
    stage.pass_by(5)
    stage.leaves(caller)
    stage.ends(caller.call_sid)
    stage.pass_by(21)
    ((_, document),) = stage.gateway.of("speak_and_end")
    assert "The caller has left the call" in document
    assert "5 2 0, 5 5 5, 0 1 4 2" in document


def test_somebody_entering_the_empty_chair_stops_the_briefing(stage):
    carla = stage.staff("carla")
    caller = stage.ring(phase=CallPhase.ROOM)
    escalation = stage.escalate(caller, EscalationCause.KEY)
    stage.enters(caller)
    stage.leaves(caller)
    stage.psap_answers(caller, escalation)
    (offer,) = stage.offers(OfferState.OPEN)
    assert isinstance(stage.accept(offer.id, carla), Accepted)
    desk_sid, _ = stage.connect(offer.id, carla)
    stage.enters(caller, desk_sid, f"call-taker-{offer.id}")
    stage.pass_by(25)
    assert stage.gateway.of("speak_and_end") == []
    stage.leaves(caller, desk_sid)
    stage.pass_by(21)
    assert len(stage.gateway.of("speak_and_end")) == 1


def test_a_call_taker_lost_while_911_rings_leaves_the_dial_and_the_caller_where_they_are(stage):
    caller, carla, desk_sid = stage.talk()
    daniel = stage.staff("daniel")
    escalation = stage.escalate(caller, actor=carla)
    stage.leaves(caller, desk_sid)
    assert len(stage.dialled()) == 1
    stage.pass_by(5)
    assert stage.gateway.of("redirect")[1:] == []
    assert sorted(o.staff_id for o in stage.offers(OfferState.OPEN)) == sorted([carla, daniel])
    assert stage.news("supervisor_alert")
    assert stage.escalation(escalation).ended_at is None


def test_a_supervisor_may_leave_before_with_a_reason(stage):
    caller, sofia, _ = stage.talk("ana", "sofia")
    escalation = stage.escalate(caller)
    with pytest.raises(LeaveRefused, match="override_not_yours"):
        rooms.leave(stage.runtime, caller.call_id, sofia, "nobody answers")
    with stage.runtime.sessions() as session:
        session.get(Staff, sofia).role = Role.SUPERVISOR
        session.commit()
    rooms.leave(stage.runtime, caller.call_id, sofia, "nobody answers")
    assert stage.escalation(escalation).override_reason == "nobody answers"
    assert ("override", "leave") in stage.facts(caller)


def test_hanging_up_is_refused_while_911_is_there(stage):
    caller, carla, _ = stage.talk()
    stage.escalate(caller)
    with pytest.raises(LeaveRefused, match="911_is_there"):
        rooms.hang_up(stage.runtime, caller.call_id, carla)
    with pytest.raises(LeaveRefused, match="911_is_there"):
        rooms.hold(stage.runtime, caller.call_id, carla, on=True)


def test_the_red_button_ends_a_hold(stage):
    caller, carla, _ = stage.talk()
    rooms.hold(stage.runtime, caller.call_id, carla, on=True)
    stage.escalate(caller, actor=carla)
    assert stage.gateway.of("hold")[-1][2] is None
    assert stage.call(caller).hold_since is None


@pytest.mark.parametrize(
    "refusal", [GatewayError("number", 21210, 400), GatewayError("number", 21212, 403)]
)
def test_a_refused_number_is_replaced_by_the_lines_at_once(stage, refusal):
    caller, _, _ = stage.talk()
    stage.gateway.fail("dial_into_room", refusal)
    escalation = stage.escalate(caller)
    shown = [dial.from_number for (dial,) in stage.gateway.of("dial_into_room")]
    assert shown == [NUMBER, "+15205550100"]
    assert stage.attempts(escalation)[0].caller_number_shown is False


def test_a_withheld_number_shows_the_lines(stage):
    caller = stage.ring(phase=CallPhase.ROOM, number=None)
    stage.escalate(caller)
    ((dial,),) = stage.gateway.of("dial_into_room")
    assert (dial.from_number, dial.call_token) == ("+15205550100", None)


def test_a_dial_without_an_answer_is_looked_up_before_it_is_sent_again(stage):
    caller, _, _ = stage.talk()
    stage.gateway.fail("dial_into_room", GatewayTimeout("no answer"))
    stage.escalate(caller)
    order = [name for name, _ in stage.gateway.asked if name in {"dial_into_room", "find_in_room"}]
    assert order == ["dial_into_room", "find_in_room", "dial_into_room"]


def test_a_dial_that_was_carried_out_without_an_answer_is_not_sent_again(stage):
    caller, _, _ = stage.talk()
    room = stage.call(caller).conference_sid
    stage.gateway.fail("dial_into_room", GatewayTimeout("no answer"))
    escalation_id = "e" * 32
    stage.gateway.labels[room, f"psap-{escalation_id}-1"] = "CA" + "7" * 32
    warm_transfer.escalate(
        stage.runtime, caller.call_id, EscalationCause.RED_BUTTON, "caller", escalation_id
    )
    assert len(stage.dialled()) == 1
    assert stage.attempts(escalation_id)[0].call_sid == "CA" + "7" * 32


def test_a_label_in_use_is_the_leg_that_was_dialled_before(stage):
    caller, _, _ = stage.talk()
    stage.gateway.fail("dial_into_room", LabelInUseError("in use", 16026, 400))
    escalation = stage.escalate(caller)
    assert stage.attempts(escalation)[0].state is TransferState.DIALLING
    assert len(stage.dialled()) == 1


def test_a_room_that_died_with_a_busy_911_is_not_met_again(stage):
    caller = stage.ring(phase=CallPhase.ROOM)
    dial = stage.gateway.dial_into_room
    escalation = "a" * 32

    def busy_at_once(order):
        dialled = dial(order)
        if order.label.endswith("-1"):
            first = {"room": "first", "label": order.label, "status": "busy"}
            stage.event(caller, "participant-leave", dialled.call_sid, **first)
            stage.event(caller, "conference-end", room="first")
        return replace(dialled, conference_sid=sid_of("first" + caller.call_id, "CF"))

    stage.gateway.dial_into_room = busy_at_once
    warm_transfer.escalate(stage.runtime, caller.call_id, EscalationCause.KEY, "caller", escalation)
    stage.enters(caller, room="second")
    second = sid_of("second" + caller.call_id, "CF")
    assert stage.call(caller).conference_sid == second
    assert {order.room for (order,) in stage.gateway.of("dial_into_room")} == {
        f"room-{caller.call_id}"
    }
    stage.leaves(caller, room="first")
    stage.enters(caller, room="first")
    assert stage.call(caller).conference_sid == second
    assert stage.legs(caller)[caller.call_sid].state is LegState.IN_ROOM


def test_a_number_that_may_not_be_dialled_is_passed_over(stage):
    caller, _, _ = stage.talk()
    stage.gateway.fail("dial_into_room", NotAllowedError("not ours"))
    stage.escalate(caller)
    assert [to for to, _ in stage.dialled()] == [CITY, SECOND]


def test_rest_failing_for_good_goes_on_to_the_next_destination(stage):
    caller, _, _ = stage.talk()
    broken = [GatewayError("broken", None, 500)] * 4
    stage.gateway.fail("dial_into_room", *broken)
    escalation = stage.escalate(caller)
    assert [to for to, _ in stage.dialled()] == [CITY] * 4 + [SECOND]
    assert [a.state for a in stage.attempts(escalation)] == [
        TransferState.FAILED,
        TransferState.DIALLING,
    ]


def test_a_report_before_rests_answer_is_taken_in(stage):
    caller, _, _ = stage.talk()
    escalation = "a" * 32
    gateway, dial = stage.gateway, stage.gateway.dial_into_room

    def reports_first(order):
        dialled = dial(order)
        stage.psap(escalation, 1, "ringing", sid=dialled.call_sid)
        return dialled

    gateway.dial_into_room = reports_first
    warm_transfer.escalate(
        stage.runtime, caller.call_id, EscalationCause.RED_BUTTON, "caller", escalation
    )
    (attempt,) = stage.attempts(escalation)
    assert attempt.state is TransferState.RINGING
    assert len(stage.dialled()) == 1


def test_a_process_that_dies_before_the_dial_is_followed_by_a_sweep(stage, monkeypatch):
    monkeypatch.setattr(spool, "_is_alive", lambda process_id: False)
    caller, _, _ = stage.talk()
    dial = stage.gateway.dial_into_room
    stage.gateway.dial_into_room = lambda order: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(SystemExit):
        stage.escalate(caller)
    stage.gateway.dial_into_room = dial
    stage.pass_by(4)
    assert len(stage.dialled()) == 1


def test_a_dead_bell_and_a_snapshot_that_fails_delay_no_dial(stage):
    class DeadBell:
        def ring(self):
            raise ConnectionError("redis is gone")

    caller, _, _ = stage.talk()
    object.__setattr__(stage.runtime, "bell", DeadBell())
    with pytest.raises(ConnectionError):
        stage.runtime.bell.ring()
    stage.escalate(caller)
    assert len(stage.dialled()) == 1


def test_the_snapshot_is_sealed_and_holds_what_911_needs(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    row = stage.escalation(escalation)
    assert NUMBER.encode() not in row.snapshot
    text = stage.runtime.keyring.unseal(SNAPSHOT, escalation, row.snapshot)
    assert json.loads(text)["call_back_number"] == NUMBER
    assert row.packet_saved_at is not None


class Hanging:
    """A database that answers nothing until it is let."""

    def __init__(self):
        self.answers = threading.Event()

    def __call__(self):
        self.answers.wait(5)
        raise RuntimeError("the database is gone")


def test_a_hanging_database_delays_the_dial_by_its_limit_and_the_spool_keeps_it(stage, monkeypatch):
    monkeypatch.setattr("ivr.transfer_intent.INTENT_SECONDS", 0.15)
    caller, _, _ = stage.talk()
    hanging = Hanging()
    broken = replace(stage.runtime, intent_sessions=hanging, sessions=_broken)
    warm_transfer.escalate(broken, caller.call_id, EscalationCause.KEY, "caller", "d" * 32)
    hanging.answers.set()
    ((dial,),) = stage.gateway.of("dial_into_room")
    assert (dial.room, dial.to) == (f"room-{caller.call_id}", CITY)
    kept = stage.runtime.spool.read_text()
    assert [json.loads(line)["kind"] for line in kept.splitlines()] == ["intent", "outcome"]
    assert NUMBER not in kept

    assert warm_transfer.replay_spool(stage.runtime) == 2
    assert warm_transfer.replay_spool(stage.runtime) == 0
    row = stage.escalation("d" * 32)
    assert (row.spooled, row.state) == (True, TransferState.DIALLING)
    stage.psap("d" * 32, 1, "in-progress")
    assert stage.escalation("d" * 32).state is TransferState.ANSWERED


def _broken():
    raise RuntimeError("the database is gone")


def test_a_report_that_comes_before_the_spool_was_written_is_not_lost(stage):
    caller, _, _ = stage.talk()
    broken = replace(stage.runtime, intent_sessions=_broken, sessions=_broken)
    warm_transfer.escalate(broken, caller.call_id, EscalationCause.KEY, "caller", "d" * 32)
    leg = stage.gateway.labels[f"room-{caller.call_id}", f"psap-{'d' * 32}-1"]
    told = warm_transfer.leg_reported(stage.runtime, "d" * 32, 1, leg, "ringing")
    assert told == caller.call_id
    assert stage.escalation("d" * 32).state is TransferState.RINGING


def test_a_report_of_nobodys_leg_is_taken_though_the_spool_cannot_be_read(stage):
    stage.runtime.spool.mkdir(parents=True)
    sid = "CA" + "9" * 32
    answer = stage.post(f"/voice/leg/{'e' * 32}/1", CallSid=sid, CallStatus="ringing")
    assert "<Response" in answer


def test_without_a_database_a_refused_destination_is_followed_by_the_next(stage):
    caller, _, _ = stage.talk()
    broken = replace(stage.runtime, intent_sessions=_broken, sessions=_broken)
    stage.gateway.fail("dial_into_room", NotAllowedError("not ours"))
    warm_transfer.escalate(broken, caller.call_id, EscalationCause.KEY, "caller", "d" * 32)
    assert [to for to, _ in stage.dialled()] == [CITY, SECOND]
    warm_transfer.replay_spool(stage.runtime)
    assert [a.state for a in stage.attempts("d" * 32)] == [
        TransferState.FAILED,
        TransferState.DIALLING,
    ]


def test_a_held_spool_of_an_intent_that_was_written_late_is_harmless(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    spooled_intent(stage.runtime, caller.call_id, EscalationCause.KEY, "caller", escalation)
    assert warm_transfer.replay_spool(stage.runtime) == 0
    assert len(stage.attempts(escalation)) == 1


def test_reports_in_any_order_end_the_same(stage):
    caller, carla, _ = stage.talk()
    escalation = stage.escalate(caller, actor=carla)
    for status in ("in-progress", "ringing", "queued", "initiated", "in-progress"):
        stage.psap(escalation, 1, status)
    assert stage.attempts(escalation)[0].state is TransferState.ANSWERED
    moments = [entry.at for entry in stage.entries(caller)]
    assert all(earlier <= later for earlier, later in pairwise(moments))


def test_a_silent_leg_that_the_company_does_not_know_rings_out(stage):
    caller, _, _ = stage.talk()
    escalation = stage.escalate(caller)
    stage.gateway.leg = lambda sid: LegView(sid, "no-answer")
    stage.pass_by(27)
    assert stage.attempts(escalation)[0].state is TransferState.NO_ANSWER
