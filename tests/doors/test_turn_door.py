"""Calls through the voice door, turn by turn, on both engines."""

import json
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.call import CALLER_NUMBER, MENU_STATE, Call, CallTurn
from models.escalation import Escalation
from models.journal import JOURNAL_WORDS, ContactFact, JournalEntry
from models.line import LineEntry
from models.states import CallPhase, EscalationCause, Language, NumberPresentation, Origin
from tests.doors.telephone import Heard, path_of, sign

pytestmark = pytest.mark.database

CALLER = {"From": "+15205550140", "To": "+15205550100", "Direction": "inbound"}


def ring(twilio, sid, **fields):
    return twilio.says("/voice/incoming", CallSid=sid, **{**CALLER, **fields})


def call_of(runtime, sid) -> Call:
    with runtime.sessions() as session:
        return session.scalars(select(Call).where(Call.call_sid == sid)).one()


def journal_of(session: Session, call: Call) -> list[JournalEntry]:
    return list(
        session.scalars(
            select(JournalEntry).where(JournalEntry.call_id == call.id).order_by(JournalEntry.id)
        )
    )


def test_a_call_is_greeted_in_both_languages_and_written(twilio, voice_runtime, call_sid):
    heard = ring(twilio, call_sid, StirVerstat="TN-Validation-Passed-A", CallToken="tok")
    assert heard.verbs == ["Gather", "Redirect"]
    assert "Emergency, press 9" in heard.words
    assert "Emergencia, oprima 9" in heard.words
    assert heard.next_path == f"/voice/t/{call_sid}/1"
    call = call_of(voice_runtime, call_sid)
    assert (call.origin, call.phase, call.step) == (Origin.LINE_311, CallPhase.MENU, 1)
    assert call.number_presentation is NumberPresentation.GIVEN
    assert call.stir_verstat == "TN-Validation-Passed-A"
    keyring = voice_runtime.keyring
    assert keyring.unseal(CALLER_NUMBER, call.id, call.caller_number) == "+15205550140"
    with voice_runtime.sessions() as session:
        facts = session.execute(
            select(ContactFact.field, ContactFact.value).where(ContactFact.call_id == call.id)
        ).all()
    assert ("clock.ringing", None) in [tuple(fact) for fact in facts]
    assert ("origin", "311") in [tuple(fact) for fact in facts]


def test_silence_is_sent_back_as_a_turn_and_nothing_falls_off_the_end(twilio, call_sid):
    heard = ring(twilio, call_sid)
    gather = heard.one("Gather")
    assert gather.get("actionOnEmptyResult") == "true"
    assert gather.get("numDigits") == "1"
    assert gather.get("finishOnKey") == ""
    assert path_of(heard.one("Redirect").text) == heard.next_path


def test_what_a_caller_says_is_kept_sealed_and_what_is_meant_is_recorded(
    twilio, voice_runtime, call_sid
):
    path = ring(twilio, call_sid).next_path
    path = twilio.says(path, Digits="1").next_path
    heard = twilio.says(path, SpeechResult="a big pothole on Speedway", Confidence="0.9")
    assert "1200 East Speedway Boulevard" in heard.words
    call = call_of(voice_runtime, call_sid)
    assert (call.language, call.intent, call.jurisdiction) == (Language.EN, "pothole", "tucson")
    twilio.says(heard.next_path, Digits="1")
    with voice_runtime.sessions() as session:
        rows = journal_of(session, call)
        fields = set(
            session.scalars(select(ContactFact.field).where(ContactFact.call_id == call.id))
        )
        raw = session.execute(
            select(Call.menu_state, CallTurn.answer)
            .join(CallTurn, CallTurn.call_sid == Call.call_sid)
            .where(Call.id == call.id)
        ).all()
    said = [row for row in rows if row.kind == "caller_input" and row.words]
    assert (
        voice_runtime.keyring.unseal(JOURNAL_WORDS, said[0].entry_id, said[0].words)
        == "a big pothole on Speedway"
    )
    assert {"intent_read", "place_read", "line_spoke", "call_rang"} <= {row.kind for row in rows}
    assert {"language", "entry_type", "jurisdiction", "clock.location_verified"} <= fields
    assert b"pothole on" not in b"".join(blob for row in raw for blob in row)
    assert "Speedway" not in json.dumps([row.data for row in rows])


def test_a_repeated_webhook_gets_the_same_bytes_and_does_nothing(twilio, voice_runtime, call_sid):
    first = ring(twilio, call_sid)
    assert ring(twilio, call_sid).bytes == first.bytes
    answered = twilio.says(first.next_path, Digits="1")
    assert twilio.says(first.next_path, Digits="1").bytes == answered.bytes
    assert twilio.says(first.next_path, Digits="2").bytes == answered.bytes
    call = call_of(voice_runtime, call_sid)
    assert call.step == 2
    with voice_runtime.sessions() as session:
        kinds = [row.kind for row in journal_of(session, call)]
    assert kinds.count("language_chosen") == 1
    assert kinds.count("call_rang") == 1


def test_two_at_once_are_one_turn(twilio, voice_runtime, call_sid):
    path = ring(twilio, call_sid).next_path
    pairs = [("Digits", "1")]
    answers: list[bytes] = []

    def ask():
        answers.append(twilio.client.application.test_client().post(
            path, data={"Digits": "1"}, headers={"X-Twilio-Signature": sign(path, pairs)}
        ).data)  # fmt: skip

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    call = call_of(voice_runtime, call_sid)
    assert call.step == 2
    assert len(set(answers)) == 1
    with voice_runtime.sessions() as session:
        kinds = [row.kind for row in journal_of(session, call)]
    assert kinds.count("language_chosen") == 1


def test_a_step_out_of_order_goes_to_the_awaited_one(twilio, call_sid):
    ring(twilio, call_sid)
    heard = twilio.says(f"/voice/t/{call_sid}/7", Digits="1")
    assert heard.verbs == ["Redirect"]
    assert path_of(heard.one("Redirect").text) == f"/voice/t/{call_sid}/1"


def test_nine_dials_911_once_whatever_is_pressed_after_it(twilio, voice_runtime, gateway, call_sid):
    path = ring(twilio, call_sid, CallToken="token-1").next_path
    heard = twilio.says(path, Digits="9")
    assert "connecting you to 911" in heard.words
    conference = heard.one("Conference")
    call = call_of(voice_runtime, call_sid)
    assert conference.text == f"room-{call.id}"
    assert conference.get("endConferenceOnExit") == "false"
    assert conference.get("beep") == "false"
    assert conference.get("participantLabel") == "caller"
    assert call.phase is CallPhase.ROOM
    assert twilio.says(path, Digits="9").bytes == heard.bytes
    for step in (2, 3):
        twilio.says(f"/voice/t/{call_sid}/{step}", Digits="1")
    dials = gateway.of("dial_into_room")
    assert [dial.to for (dial,) in dials] == ["+15205550191"]
    assert dials[0][0].room == f"room-{call.id}"
    with voice_runtime.sessions() as session:
        escalation = session.scalars(select(Escalation).where(Escalation.call_id == call.id)).one()
    assert escalation.cause is EscalationCause.KEY


def test_words_of_an_emergency_are_confirmed_and_silence_dials(
    twilio, voice_runtime, gateway, call_sid
):
    path = ring(twilio, call_sid).next_path
    asked = twilio.says(path, SpeechResult="my house is on fire", Confidence="0.8")
    assert "say no or press star" in asked.words
    assert asked.next_path == f"/voice/t/{call_sid}/2/escalation_confirm"
    heard = twilio.says(asked.next_path, Digits="", SpeechResult="")
    assert heard.one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1
    call = call_of(voice_runtime, call_sid)
    with voice_runtime.sessions() as session:
        fields = set(
            session.scalars(select(ContactFact.field).where(ContactFact.call_id == call.id))
        )
    assert "clock.first_red_flag" in fields


def test_zero_is_a_person_and_the_place_in_line_is_written_with_the_turn(
    twilio, voice_runtime, call_sid
):
    path = ring(twilio, call_sid).next_path
    heard = twilio.says(path, Digits="0")
    enqueue = heard.one("Enqueue")
    assert enqueue.text == "line"
    assert path_of(enqueue.get("waitUrl")) == f"/voice/wait/{call_sid}/1"
    assert path_of(enqueue.get("action")).startswith("/voice/line/")
    call = call_of(voice_runtime, call_sid)
    assert call.phase is CallPhase.LINE
    with voice_runtime.sessions() as session:
        assert (
            session.scalars(select(LineEntry).where(LineEntry.call_id == call.id)).one().skill
            == "general"
        )
    assert voice_runtime.bell.rings >= 1
    assert twilio.says(path, Digits="0").bytes == heard.bytes
    with voice_runtime.sessions() as session:
        assert (
            len(session.scalars(select(LineEntry).where(LineEntry.call_id == call.id)).all()) == 1
        )


def test_silence_all_the_way_ends_with_a_person(twilio, voice_runtime, call_sid):
    heard = ring(twilio, call_sid)
    for _ in range(6):
        if "Enqueue" in heard.verbs:
            break
        heard = twilio.says(heard.next_path, Digits="", SpeechResult="", Confidence="0.0")
    assert heard.one("Enqueue") is not None
    assert call_of(voice_runtime, call_sid).phase is CallPhase.LINE


NUMBERS = [
    # From, presentation
    ("+15205550140", NumberPresentation.GIVEN),
    ("anonymous", NumberPresentation.WITHHELD),
    ("+266696687", NumberPresentation.WITHHELD),
    ("", NumberPresentation.WITHHELD),
    ("sip:alice@example.test", NumberPresentation.SIP),
    ("client:staff-1", NumberPresentation.CLIENT),
    ("+1", NumberPresentation.WITHHELD),
]


@pytest.mark.parametrize(("sent", "presentation"), NUMBERS)
def test_every_way_a_number_is_shown_is_taken(twilio, voice_runtime, call_sid, sent, presentation):
    ring(twilio, call_sid, From=sent)
    call = call_of(voice_runtime, call_sid)
    assert call.number_presentation is presentation
    assert (call.caller_number is not None) is (presentation is NumberPresentation.GIVEN)


def test_911_calling_back_skips_the_menu(twilio, voice_runtime, call_sid):
    heard = ring(twilio, call_sid, From="+15205550191")
    assert heard.one("Enqueue") is not None
    call = call_of(voice_runtime, call_sid)
    assert (call.origin, call.phase) == (Origin.TRANSFER_IN, CallPhase.LINE)
    with voice_runtime.sessions() as session:
        entry = session.scalars(select(LineEntry).where(LineEntry.call_id == call.id)).one()
    assert entry.priority.value == "from_911"


def test_the_newest_call_token_is_kept(twilio, voice_runtime, call_sid):
    from models.call import CALL_TOKEN

    path = ring(twilio, call_sid, CallToken="first").next_path
    twilio.says(path, Digits="1", CallToken="second")
    call = call_of(voice_runtime, call_sid)
    assert voice_runtime.keyring.unseal(CALL_TOKEN, call.id, call.call_token) == "second"
    assert voice_runtime.keyring.unseal(MENU_STATE, call.id, call.menu_state).startswith("{")


def test_a_call_we_never_saw_begin_still_reaches_a_person(twilio, call_sid, gateway):
    heard = twilio.says(f"/voice/t/{call_sid}/3", Digits="4")
    assert "press 9" in heard.words
    ringing = Heard(twilio.post(heard.next_path, {"Digits": ""}))
    assert ringing.one("Number").text == "+15205550110"
    assert gateway.asked == []


def test_after_its_end_a_call_has_no_effect_any_more(twilio, voice_runtime, gateway, call_sid):
    path = ring(twilio, call_sid).next_path
    with voice_runtime.sessions() as session:
        call = session.scalars(select(Call).where(Call.call_sid == call_sid)).one()
        call.phase = CallPhase.ENDED
        session.commit()
    heard = twilio.says(path, Digits="9")
    assert heard.one("Number").text == "+15205550110"
    assert gateway.of("dial_into_room") == []
