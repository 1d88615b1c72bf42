"""A resident rung back: in the place they had, only when a call-taker is there, never a machine."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr import call_back_dial, call_end, left_for_desk, reconcile, record, rooms
from ivr.errors import GatewayError, GatewayTimeout
from ivr.rules.hours import Opening
from ivr.turns.caller import Caller
from models.call import Call
from models.call_back import CallBack, CallBackTry
from models.states import (
    CallBackOutcome,
    CallOutcome,
    CallPhase,
    EmergencyLevel,
    LineState,
    OfferState,
    PresenceState,
)
from models.voicemail import Voicemail
from tests.line.conftest import NUMBER, Stage, sid_of

pytestmark = pytest.mark.database

TEN_MINUTES, THREE_QUARTERS = 600, 2700


@dataclass
class Wish:
    """One wish on the stage: whom it is about, and how its tries stand."""

    stage: Stage
    call_id: str

    @property
    def row(self):
        with self.stage.runtime.sessions() as session:
            return session.scalar(select(CallBack).where(CallBack.call_id == self.call_id))

    @property
    def tries(self):
        wish_id = self.row.id
        with self.stage.runtime.sessions() as session:
            found = session.scalars(select(CallBackTry).order_by(CallBackTry.n))
            return [row for row in found if row.call_back_id == wish_id]

    @property
    def contact(self):
        contact_id = self.tries[-1].contact_id
        with self.stage.runtime.sessions() as session:
            return session.get(Call, contact_id)

    @property
    def who(self):
        return Caller(self.contact.call_sid, self.contact.id)

    def says(self, n, **fields):
        """Their telephone asks for the nth document."""
        sid = self.contact.call_sid
        return self.stage.post(f"/voice/call-back/{self.contact.id}/{n}", CallSid=sid, **fields)

    def leg(self, status):
        path = f"/voice/call-back/{self.contact.id}/leg"
        self.stage.post(path, CallSid=self.contact.call_sid, CallStatus=status)


def ask(stage, word="ana", number=NUMBER, in_line=False):
    """A caller asks to be called back and hangs up."""
    caller = stage.ring(word, number=number)
    if in_line:
        stage.join(caller)
        stage.pass_by(90)
    with stage.runtime.sessions() as session:
        left_for_desk.ask_call_back(
            session, stage.runtime.keyring, caller.call_id, "offer", number, stage.now
        )
        session.commit()
    stage.ends(caller.call_sid)
    return Wish(stage, caller.call_id)


def rung(stage):
    return [call.to for (call,) in stage.gateway.of("call_out")]


def open_offer(stage, staff_id):
    return next(o for o in stage.offers(OfferState.OPEN) if o.staff_id == staff_id)


def take_turn(stage, wish, staff_id):
    """The call-taker accepts and their softphone is in the room; returns the softphone's leg."""
    stage.sweep()
    offer = open_offer(stage, staff_id)
    assert offer.call_id == wish.contact.id
    stage.accept(offer.id, staff_id)
    sid, _ = stage.connect(offer.id, staff_id)
    stage.enters(wish.who, sid, f"call-taker-{offer.id}")
    return sid


def test_nobody_is_rung_before_a_call_taker_has_accepted(stage):
    wish = ask(stage)
    stage.pass_by(300)
    assert rung(stage) == []
    assert (wish.contact.phase, wish.tries[0].dialled_at) == (CallPhase.LINE, None)
    staff_id = stage.staff("carla")
    take_turn(stage, wish, staff_id)
    assert rung(stage) == [NUMBER]
    (call,) = stage.gateway.of("call_out")[0]
    assert (call.from_number, call.document.split("#")[0]) == (
        "+15205550100",
        f"https://311.example.test/voice/call-back/{wish.contact.id}/1",
    )


def test_the_wish_keeps_the_place_that_the_caller_had(stage):
    wish = ask(stage, "first", in_line=True)
    second = stage.ring("second", phase=CallPhase.LINE)
    stage.join(second)
    stage.sweep()
    began = wish.row.waiting_since
    assert stage.entry(wish.who).waiting_since == began == wish.row.asked_at - timedelta(seconds=90)
    stage.staff("carla")
    [offer] = stage.offer()
    assert offer.call_id == wish.contact.id


def test_a_caller_who_is_on_the_telephone_still_is_not_rung(stage):
    staff_id = stage.staff("carla")
    caller = stage.ring("ana")
    with stage.runtime.sessions() as session:
        keyring = stage.runtime.keyring
        left_for_desk.ask_call_back(session, keyring, caller.call_id, "offer", NUMBER, stage.now)
        session.commit()
    stage.pass_by(600)
    assert stage.offers() == []
    stage.ends(caller.call_sid)
    stage.sweep()
    assert open_offer(stage, staff_id).call_id == Wish(stage, caller.call_id).contact.id


def test_only_a_key_or_a_clear_word_brings_them_into_the_room(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    take_turn(stage, wish, staff_id)
    first = wish.says(1)
    assert "press 1 or say yes" in first
    assert "<Conference" not in first
    machine = wish.says(2, SpeechResult="No one is available, please leave a message")
    assert "press 1 or say yes" in machine
    assert "<Conference" not in machine
    text = wish.says(3, Digits="1")
    assert f"room-{wish.contact.id}" in text
    stage.enters(wish.who)
    assert stage.legs(wish.who)[wish.contact.call_sid].state == "in_room"
    assert wish.tries[0].outcome is CallBackOutcome.TAKEN
    assert stage.presence(staff_id) is PresenceState.ON_CALL


def test_who_was_talked_to_is_done_and_nobody_rings_again(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    take_turn(stage, wish, staff_id)
    wish.says(2, SpeechResult="yes")
    stage.enters(wish.who)
    rooms.hang_up(stage.runtime, wish.contact.id, staff_id)
    stage.leaves(wish.who)
    assert (wish.contact.phase, wish.contact.outcome) == (CallPhase.ENDED, CallOutcome.HELPED)
    assert (wish.row.done_by, wish.row.next_try_at) == (staff_id, None)
    assert stage.presence(staff_id) is PresenceState.WRAP_UP
    stage.pass_by(86_400)
    assert (rung(stage), len(wish.tries)) == ([NUMBER], 1)


UNREACHED = [
    ("busy", CallBackOutcome.BUSY),
    ("no-answer", CallBackOutcome.NO_ANSWER),
    ("failed", CallBackOutcome.FAILED),
    ("completed", CallBackOutcome.MACHINE),
]


@pytest.mark.parametrize(("status", "outcome"), UNREACHED)
def test_a_try_that_reaches_nobody_frees_the_desk_and_comes_again(stage, status, outcome):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    take_turn(stage, wish, staff_id)
    for _ in range(2):
        wish.leg(status)
    assert (wish.tries[0].outcome, wish.contact.outcome) == (outcome, CallOutcome.NOT_REACHED)
    assert stage.presence(staff_id) is PresenceState.AVAILABLE
    stage.sweep()
    assert wish.row.next_try_at == stage.now + timedelta(seconds=TEN_MINUTES)
    stage.pass_by(TEN_MINUTES - 1)
    assert len(wish.tries) == 1
    stage.pass_by(1)
    assert [row.ended_at is None for row in wish.tries] == [False, True]
    assert stage.entry(wish.who).waiting_since == wish.row.asked_at


def test_after_the_third_try_a_person_decides(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    for pause in (TEN_MINUTES, THREE_QUARTERS, 86_400):
        take_turn(stage, wish, staff_id)
        wish.leg("no-answer")
        stage.pass_by(pause)
    assert rung(stage) == [NUMBER] * 3
    assert (wish.row.next_try_at, wish.row.done_at, len(wish.tries)) == (None, None, 3)
    assert stage.journal(Caller("", wish.call_id)).count("call_back_gave_up") == 1


def test_a_telephone_that_never_reports_is_given_up_by_time(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    take_turn(stage, wish, staff_id)
    leg = wish.contact.call_sid
    stage.pass_by(61)
    assert wish.tries[0].outcome is CallBackOutcome.NO_ANSWER
    assert stage.presence(staff_id) is PresenceState.AVAILABLE
    assert stage.gateway.of("hang_up") == [(leg,)]


def test_a_request_without_an_answer_is_never_repeated(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    stage.gateway.fail("call_out", GatewayTimeout("call out"))
    take_turn(stage, wish, staff_id)
    stage.pass_by(20)
    call_back_dial.dial(stage.runtime, wish.contact.id)
    assert len(rung(stage)) == 1
    sid = sid_of("rung after all")
    text = stage.post(f"/voice/call-back/{wish.contact.id}/2", CallSid=sid, Digits="1")
    assert "<Conference" in text
    assert wish.contact.call_sid == sid


def test_a_refusal_is_an_outcome_and_the_call_taker_is_free(stage):
    wish = ask(stage)
    staff_id = stage.staff("carla")
    stage.gateway.fail("call_out", GatewayError("call out", 21215, 400))
    take_turn(stage, wish, staff_id)
    assert wish.tries[0].outcome is CallBackOutcome.FAILED
    assert stage.presence(staff_id) is PresenceState.AVAILABLE


def test_a_number_that_may_not_be_dialled_bothers_no_desk(stage):
    stage.staff("carla")
    wish = ask(stage, number="+19005550142")
    stage.pass_by(60)
    assert (rung(stage), wish.tries, stage.offers()) == ([], [], [])
    assert "call_back_not_allowed" in stage.journal(Caller("", wish.call_id))


def closing_at(stage, opens_in, now):
    """A line that is closed from now on for so long."""

    def opening(_line, at):
        closed = now <= at < now + opens_in
        return Opening(not closed, now + opens_in if closed else None)

    stage.runtime = replace(stage.runtime, readers=replace(stage.runtime.readers, opening=opening))


def test_a_wish_at_night_waits_for_the_opening_whoever_is_at_a_desk(stage):
    closing_at(stage, timedelta(hours=8), stage.now)
    staff_id = stage.staff("carla")
    wish = ask(stage)
    stage.pass_by(7 * 3600)
    assert wish.tries == []
    assert wish.row.next_try_at == wish.row.asked_at + timedelta(hours=8)
    stage.set_presence(staff_id, PresenceState.BREAK)
    stage.pass_by(3600)
    assert len(wish.tries) == 1


def test_who_agreed_is_rung_after_hours_too(stage):
    closing_at(stage, timedelta(hours=8), stage.now)
    wish = ask(stage)
    wish_id = wish.row.id
    with stage.runtime.sessions() as session:
        session.get(CallBack, wish_id).after_hours = True
        session.commit()
    stage.sweep()
    assert len(wish.tries) == 1


def test_a_place_leaves_the_line_when_the_line_closes(stage):
    wish = ask(stage)
    stage.pass_by(5)
    assert stage.entry(wish.who).state is LineState.WAITING
    closing_at(stage, timedelta(hours=8), stage.now)
    stage.pass_by(61)
    assert stage.entry(wish.who).state is LineState.ABANDONED
    assert wish.tries[0].outcome is CallBackOutcome.PUT_OFF
    stage.sweep()
    assert wish.row.next_try_at is not None
    assert rung(stage) == []


def test_two_cancels_by_key_and_by_text_end_the_wish_whatever_it_does(stage):
    by_key, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, by_key, staff_id)
    assert "will not call you again" in by_key.says(2, Digits="2")
    by_text = ask(stage, "bea", number="+15205550143")
    stage.sweep()
    text_from(stage, "+15205550143", "CANCELAR por favor")
    for wish, outcome in ((by_key, "declined"), (by_text, "cancelled")):
        assert (wish.tries[0].outcome, wish.row.done_by) == (CallBackOutcome(outcome), None)
        assert wish.row.done_at is not None
    stage.pass_by(86_400)
    assert rung(stage) == [NUMBER]


def text_from(stage, number, body, sid="SM" + "0" * 32):
    return stage.post("/voice/texts", MessageSid=sid, From=number, To="+15205550100", Body=body)


def test_a_text_stops_a_telephone_that_rings(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    leg = wish.contact.call_sid
    text_from(stage, NUMBER, "Stop")
    assert stage.gateway.of("hang_up") == [(leg,)]
    assert wish.tries[0].outcome is CallBackOutcome.CANCELLED
    assert stage.presence(staff_id) is PresenceState.AVAILABLE


HOSTILE = [
    {"From": NUMBER, "Body": "please do not cancel"},
    {"From": "+15205550199", "Body": "STOP"},
    {"From": "anonymous", "Body": "STOP"},
    {"From": "client:staff-" + "0" * 32, "Body": "STOP"},
    {"From": "sip:x@y", "Body": "STOP"},
    {"From": NUMBER, "Body": ""},
    {"From": NUMBER, "Body": "\x00\ud800" + "x" * 9_000},
    {"From": NUMBER, "Body": "<Response><Dial>911</Dial></Response>"},
    {"From": "' OR 1=1 --", "Body": "STOP"},
    {"From": NUMBER},
    {},
]


@pytest.mark.parametrize("fields", HOSTILE)
def test_no_strange_text_cancels_anything_or_is_answered_with_a_verb(stage, fields):
    wish = ask(stage)
    fields = {name: value.encode(errors="replace").decode() for name, value in fields.items()}
    for sid in ("SM" + "0" * 32, "XX", ""):
        answer = stage.post("/voice/texts", MessageSid=sid, **fields)
        assert "<Dial" not in answer
    stage.sweep()
    assert (wish.row.done_at, len(wish.tries)) == (None, 1)


def test_a_text_about_something_else_is_answered_once_an_hour(stage):
    answers = [text_from(stage, NUMBER, "there is a fire") for _ in range(3)]
    assert ["In an emergency call or text 911" in one for one in answers] == [True, False, False]
    stage.pass_by(3600)
    assert "<Message>" in text_from(stage, NUMBER, "hello")


def test_a_strange_leg_is_told_goodbye_and_moves_nobody(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    path = f"/voice/call-back/{wish.contact.id}/2"
    text = stage.post(path, CallSid=sid_of("somebody else"), Digits="1")
    assert "<Hangup" in text
    assert wish.tries[0].outcome is None


def test_nine_dials_911_into_the_room_where_the_call_taker_waits(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    text = wish.says(1, Digits="9")
    assert f"room-{wish.contact.id}" in text
    [(dial,)] = stage.gateway.of("dial_into_room")
    assert (dial.room, dial.to) == (f"room-{wish.contact.id}", "+15205550191")


def test_words_of_danger_reach_the_call_taker_and_dial_nobody_by_themselves(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    text = wish.says(2, SpeechResult="if there is a fire hang up and dial 911")
    assert f"room-{wish.contact.id}" in text
    assert stage.gateway.of("dial_into_room") == []


def test_the_red_button_dials_while_their_telephone_rings(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    escalation_id = stage.escalate(wish.who, actor=staff_id)
    assert [to for to, _ in stage.dialled()] == ["+15205550191"]
    wish.leg("no-answer")
    assert wish.contact.phase is CallPhase.ROOM
    stage.psap_answers(wish.who, escalation_id)
    assert stage.gateway.of("end_room") == []


def test_a_desk_that_hangs_up_leaves_no_telephone_ringing(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)
    leg = wish.contact.call_sid
    rooms.hang_up(stage.runtime, wish.contact.id, staff_id)
    assert (leg,) in stage.gateway.of("hang_up")
    assert wish.tries[0].outcome is CallBackOutcome.BROKEN_OFF
    assert wish.contact.phase is CallPhase.ENDED


def test_a_desk_that_is_lost_while_it_rings_does_not_lose_the_resident(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    desk_sid = take_turn(stage, wish, staff_id)
    stage.leaves(wish.who, desk_sid, label="")
    wish.says(2, Digits="1")
    stage.enters(wish.who)
    stage.pass_by(3)
    assert stage.entry(wish.who).state is LineState.WAITING
    assert stage.gateway.of("redirect")[-1][0] == wish.contact.call_sid
    assert f"/voice/back/{wish.contact.call_sid}" in stage.gateway.of("redirect")[-1][1]


def test_a_softphone_that_never_joins_moves_no_telephone_that_rings(stage):
    wish, staff_id = ask(stage), stage.staff("carla")
    stage.sweep()
    offer = open_offer(stage, staff_id)
    stage.accept(offer.id, staff_id)
    stage.connect(offer.id, staff_id)
    stage.pass_by(12)
    assert stage.gateway.of("redirect") == []
    assert "Enqueue" in wish.says(2, Digits="1")


def test_what_is_dialled_leaves_half_of_the_rate_free_and_stops_for_911(stage):
    first, second = ask(stage), ask(stage, "bea", number="+15205550143")
    for name in ("carla", "dora"):
        stage.staff(name)
    stage.sweep()
    for offer in stage.offers(OfferState.OPEN):
        stage.accept(offer.id, offer.staff_id)
        sid, _ = stage.connect(offer.id, offer.staff_id)
        stage.enters(Caller("", offer.call_id), sid, f"call-taker-{offer.id}")
    assert len(rung(stage)) == 1
    stage.pass_by(4)
    assert sorted(rung(stage)) == [NUMBER, "+15205550143"]
    assert first.tries[0].dialled_at != second.tries[0].dialled_at


def test_a_message_with_danger_read_rings_at_every_desk(stage):
    staff = {stage.staff("carla"), stage.staff("dora")}
    caller = stage.ring("ana")
    with stage.runtime.sessions() as session:
        record.lock_call(session, caller.call_id).emergency_level = EmergencyLevel.POSSIBLE
        left_for_desk.keep_message(session, caller.call_id, "RE" + "1" * 32, 9, stage.now)
        session.commit()
    stage.ends(caller.call_sid)
    stage.sweep()
    wish = Wish(stage, caller.call_id)
    assert {o.staff_id for o in stage.offers(OfferState.OPEN)} == staff
    assert wish.contact.emergency_level is EmergencyLevel.POSSIBLE
    with stage.runtime.sessions() as session:
        assert session.get(Call, caller.call_id).outcome is CallOutcome.VOICEMAIL
        assert session.scalar(select(Voicemail)).done_at is None


def test_an_ordinary_message_rings_nobody(stage):
    stage.staff("carla")
    caller = stage.ring("ana")
    with stage.runtime.sessions() as session:
        left_for_desk.keep_message(session, caller.call_id, "RE" + "1" * 32, 9, stage.now)
        session.commit()
    stage.ends(caller.call_sid)
    stage.pass_by(60)
    assert stage.offers() == []


def test_the_reconciler_asks_nobody_after_a_telephone_that_was_not_rung(stage):
    wish = ask(stage)
    stage.pass_by(5)
    stage.runtime.clock.pass_by(300)
    reconcile.run(stage.runtime, stage.now)
    assert stage.gateway.of("leg") == []
    assert wish.contact.phase is CallPhase.LINE


def test_a_call_that_nobody_asked_to_return_ends_as_before(stage):
    caller = stage.ring("ana", phase=CallPhase.LINE)
    call_end.leg_ended(stage.runtime, caller.call_sid)
    stage.pass_by(60)
    assert stage.call(caller).outcome is CallOutcome.ABANDONED


def test_nine_in_the_line_dials_into_the_room_of_their_own_call(stage):
    """Their call does not follow from the CallSid: we have rung them."""
    wish, staff_id = ask(stage), stage.staff("carla")
    desk_sid = take_turn(stage, wish, staff_id)
    stage.leaves(wish.who, desk_sid, label="")
    wish.says(2, Digits="1")
    stage.enters(wish.who)
    stage.pass_by(3)
    sid = wish.contact.call_sid
    text = stage.post(f"/voice/heard/{sid}/1/said", CallSid=sid, Digits="9")
    assert "<Leave" in text
    [(dial,)] = stage.gateway.of("dial_into_room")
    assert dial.room == f"room-{wish.contact.id}"
    assert stage.call(wish.who).phase is CallPhase.ROOM


def test_a_fault_behind_their_telephone_is_answered_like_a_callers(stage, monkeypatch):
    wish, staff_id = ask(stage), stage.staff("carla")
    take_turn(stage, wish, staff_id)

    def broken(*_arguments):
        raise RuntimeError("broken")

    monkeypatch.setattr("ivr.webhooks.call_back.meaning", broken)
    text = wish.says(2, Digits="1", Direction="outbound-api")
    assert "+15205550110" in text
