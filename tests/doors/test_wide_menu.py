"""Every road that the menu can now take, at the telephone's door: heard, written, and done once."""

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from ivr import record
from ivr.jobs import send_text
from ivr.rules.hours import Opening
from ivr.sounds import RecordedSounds
from ivr.turns.asking import expected_wait_seconds
from models import request_number
from models.call import Call
from models.call_back import CALL_BACK_NUMBER, CallBack
from models.effects import DeskEvent, OutboxEntry
from models.intake import MESSAGE_TO, ServiceRequest, TextMessage
from models.journal import ContactFact, JournalEntry
from models.line import LineEntry
from models.menu_parts import PromptRecording
from models.states import CallOutcome, CallPhase, EmergencyLevel, Language, RequestState
from models.voicemail import Voicemail
from tests.doors import a_wide_menu
from tests.doors.a_wide_menu import RECORDED, WideMenus, entry
from tests.doors.telephone import door, path_of
from tests.doors.test_turn_door import call_of, ring
from tests.fakes import NOON, PUBLIC_URL, OneMenu

pytestmark = pytest.mark.database

SAID = {"RecordingSid": "RE" + "1" * 32, "RecordingDuration": "12", "RecordingUrl": "https://evil"}
MESSAGE, CALL_ME, COOLING, PARKS, STATUS, KNOWN, SUNG = "1234567"


@pytest.fixture
def wide(voice_runtime, call_sid):
    """A runtime with the wide menu; every test's recording has a Sid of its own."""
    directory = {
        "parks": entry("parks", "120", fall_back="water"),
        "water": entry("water", "121", line="office"),
    }
    return replace(
        voice_runtime, menus=WideMenus(), city=replace(voice_runtime.city, directory=directory)
    )


@pytest.fixture
def caller(wide, call_sid):
    """A caller in English who takes one road; gives what they hear."""
    twilio = door(wide)

    def takes(road: str, **fields: str):
        heard = twilio.says(ring(twilio, call_sid, **fields).next_path, Digits="1")
        return twilio.says(heard.next_path, Digits=road)

    takes.twilio = twilio
    return takes


def rows(runtime, model, sid) -> list:
    with runtime.sessions() as session:
        call_id = session.scalar(select(Call.id).where(Call.call_sid == sid))
        return list(session.scalars(select(model).where(model.call_id == call_id)))


def journal(runtime, sid) -> list[str]:
    return [row.kind for row in rows(runtime, JournalEntry, sid)]


def recorded(sid: str, **fields: str) -> dict[str, str]:
    return SAID | {"RecordingSid": "RE" + hashlib.md5(sid.encode()).hexdigest()} | fields


# A message.


def test_a_message_is_kept_once_with_its_length_and_language_and_thanked_for(
    caller, wide, call_sid
):
    heard = caller(MESSAGE)
    assert heard.verbs == ["Gather", "Record", "Redirect"]
    end = path_of(heard.one("Record").get("action"))
    assert end == path_of(heard.one("Redirect").text) == f"/voice/t/{call_sid}/3"
    thanked = [caller.twilio.says(end, **recorded(call_sid, Digits="#")) for _ in range(2)]
    assert thanked[0].words == "Thank you for your message."
    assert thanked[0].verbs == ["Say", "Hangup"]
    assert thanked[0].bytes == thanked[1].bytes
    [kept] = rows(wide, Voicemail, call_sid)
    assert (kept.seconds, kept.language, kept.kept_at) == (12, Language.EN, None)
    assert journal(wide, call_sid).count("voicemail_recorded") == 1


def test_the_report_about_the_file_and_the_messages_end_are_one_message_in_any_order(
    caller, wide, call_sid
):
    heard = caller(MESSAGE)
    report = path_of(heard.one("Record").get("recordingStatusCallback"))
    fields = recorded(call_sid, CallSid=call_sid, RecordingStatus="completed")
    for _ in range(3):
        assert caller.twilio.says(report, **fields).verbs == []
    caller.twilio.says(path_of(heard.one("Record").get("action")), **recorded(call_sid))
    [kept] = rows(wide, Voicemail, call_sid)
    assert kept.kept_at is not None
    assert journal(wide, call_sid).count("voicemail_kept") == 1
    with wide.sessions() as session:
        told = select(func.count()).where(
            DeskEvent.kind == "tasks_changed", DeskEvent.call_id == kept.call_id
        )
        assert session.scalar(told) == 2


def test_who_hangs_up_in_the_message_has_left_one(caller, wide, call_sid):
    heard = caller(MESSAGE)
    caller.twilio.says("/voice/status", CallSid=call_sid, CallStatus="completed")
    assert call_of(wide, call_sid).outcome is CallOutcome.ABANDONED
    report = path_of(heard.one("Record").get("recordingStatusCallback"))
    caller.twilio.says(report, **recorded(call_sid, RecordingStatus="completed"))
    assert len(rows(wide, Voicemail, call_sid)) == 1
    assert call_of(wide, call_sid).outcome is CallOutcome.VOICEMAIL


NO_MESSAGE = [
    {},
    {"RecordingDuration": "1"},
    {"RecordingDuration": "-5"},
    {"RecordingDuration": "1e9"},
    {"RecordingDuration": "999999"},
    {"RecordingSid": "REnot-one"},
    {"RecordingSid": "../../etc"},
    {"RecordingSid": "RE" + "A" * 32},
]


@pytest.mark.parametrize("fields", NO_MESSAGE)
def test_what_is_no_recording_leaves_nothing_and_the_caller_is_asked_again(
    caller, wide, call_sid, fields
):
    end = path_of(caller(MESSAGE).one("Record").get("action"))
    sent = recorded(call_sid) | fields if fields else {}
    assert "Record" in caller.twilio.says(end, **sent).verbs
    assert rows(wide, Voicemail, call_sid) == []


@pytest.mark.parametrize("status", ["", "absent", "in-progress", "COMPLETED"])
def test_only_a_file_that_is_there_is_reported(caller, wide, call_sid, status):
    heard = caller(MESSAGE)
    report = path_of(heard.one("Record").get("recordingStatusCallback"))
    caller.twilio.says(report, **recorded(call_sid, RecordingStatus=status))
    assert rows(wide, Voicemail, call_sid) == []


def test_nine_in_the_message_dials_911_and_what_was_said_is_kept(caller, wide, gateway, call_sid):
    end = path_of(caller(MESSAGE).one("Record").get("action"))
    heard = caller.twilio.says(end, **recorded(call_sid, Digits="9"))
    assert heard.one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1
    assert len(rows(wide, Voicemail, call_sid)) == 1


def test_zero_in_the_message_is_a_person(caller, wide, call_sid):
    end = path_of(caller(MESSAGE).one("Record").get("action"))
    assert "Enqueue" in caller.twilio.says(end, **recorded(call_sid, Digits="0")).verbs
    assert len(rows(wide, LineEntry, call_sid)) == 1


BEFORE_THE_TONE = [
    # what comes, verbs, times that 911 is dialled
    ({"Digits": "9"}, ["Say", "Dial"], 1),
    ({"Digits": "0"}, ["Say", "Enqueue"], 0),
    ({"SpeechResult": "there is a fire"}, ["Gather", "Redirect"], 0),
    ({"SpeechResult": "hello my name is Ana"}, ["Record", "Redirect"], 0),
    ({"Digits": "#"}, ["Record", "Redirect"], 0),
    ({}, ["Record", "Redirect"], 0),
]


@pytest.mark.parametrize(("fields", "verbs", "dialled"), BEFORE_THE_TONE)
def test_the_exits_work_before_the_tone_and_other_words_wait_for_it(
    caller, gateway, fields, verbs, dialled
):
    early = path_of(caller(MESSAGE).one("Gather").get("action"))
    assert caller.twilio.says(early, **fields).verbs == verbs
    assert len(gateway.of("dial_into_room")) == dialled


# Calling back.


def test_a_wish_to_be_called_back_is_one_row_with_the_callers_own_number(caller, wide, call_sid):
    heard = caller(CALL_ME)
    assert "ends in 0 1 4 0" in heard.words
    told = [caller.twilio.says(heard.next_path, Digits="1") for _ in range(2)]
    assert told[0].words == "We will call you."
    assert told[0].bytes == told[1].bytes
    [wish] = rows(wide, CallBack, call_sid)
    assert wide.keyring.unseal(CALL_BACK_NUMBER, wish.id, wish.number) == "+15205550140"
    assert (wish.language, wish.node) == (Language.EN, "call_me")
    assert b"5550140" not in wish.number
    caller.twilio.says("/voice/status", CallSid=call_sid, CallStatus="completed")
    assert call_of(wide, call_sid).outcome is CallOutcome.CALL_BACK


@pytest.mark.parametrize("withheld", ["anonymous", "+266696687", "sip:a@b.test", "client:x"])
def test_a_withheld_number_is_offered_no_call_back_and_no_text(caller, wide, call_sid, withheld):
    heard = caller(CALL_ME, From=withheld)
    assert "Choose a road." in heard.words
    heard = caller.twilio.says(heard.next_path, Digits=COOLING)
    assert "I cannot send it." in caller.twilio.says(heard.next_path, Digits="1").words
    assert rows(wide, CallBack, call_sid) == rows(wide, TextMessage, call_sid) == []


# A text.


def test_an_answer_is_texted_once_to_the_caller_however_often_it_is_asked_for(
    caller, wide, gateway, call_sid
):
    heard = caller(COOLING)
    for _ in range(3):
        heard = caller.twilio.says(heard.next_path, Digits="1")
        assert "I am sending it." in heard.words
    [message] = rows(wide, TextMessage, call_sid)
    assert message.menu_node == "cooling"
    assert wide.keyring.unseal(MESSAGE_TO, message.id, message.to_number) == "+15205550140"
    with wide.sessions() as session:
        [entry_] = session.scalars(
            select(OutboxEntry).where(OutboxEntry.key == f"send_text:{message.id}")
        )
    assert json.dumps(entry_.payload) == json.dumps({"text_message_id": message.id})
    for _ in range(2):
        send_text(wide, message.id)
    assert gateway.of("send_text") == [("+15205550140", "Cooling centers: ask 3-1-1.")]


def test_who_hangs_up_after_an_answer_has_not_given_up(caller, wide, call_sid):
    caller.twilio.says(caller(COOLING).next_path, Digits="2")
    caller.twilio.says("/voice/status", CallSid=call_sid, CallStatus="completed")
    assert call_of(wide, call_sid).outcome is CallOutcome.GOODBYE
    facts = [(fact.field, fact.value) for fact in rows(wide, ContactFact, call_sid)]
    assert facts.count(("disposition", "information")) == 1
    assert facts.count(("disposition_code", "13")) == 1


def test_a_text_whose_node_is_gone_from_the_version_is_not_sent_and_not_tried_for_ever(
    caller, wide, gateway, call_sid
):
    caller.twilio.says(caller(COOLING).next_path, Digits="1")
    [message] = rows(wide, TextMessage, call_sid)
    send_text(replace(wide, menus=OneMenu()), message.id)
    assert gateway.of("send_text") == []
    assert rows(wide, TextMessage, call_sid)[0].failed_code == 0


# A transfer.


def test_an_entry_is_rung_and_who_answers_is_recorded_once(caller, wide, call_sid):
    heard = caller(PARKS)
    dial = heard.one("Dial")
    assert heard.words == "I am ringing the parks."
    assert (heard.one("Number").text, dial.get("timeout")) == ("+15205550120", "20")
    leg = path_of(heard.one("Number").get("statusCallback"))
    for _ in range(2):
        caller.twilio.says(leg, CallSid="CA" + "2" * 32, CallStatus="in-progress")
    caller.twilio.says("/voice/status", CallSid=call_sid, CallStatus="completed")
    assert call_of(wide, call_sid).outcome is CallOutcome.TRANSFERRED
    facts = [(fact.field, fact.value) for fact in rows(wide, ContactFact, call_sid)]
    assert facts.count(("destination_actual", "parks")) == 1
    assert facts.count(("disposition", "referred")) == 1
    assert facts.count(("disposition_code", "15")) == 1


def test_after_a_talk_nobody_is_left_alone(caller, wide, call_sid):
    end = path_of(caller(PARKS).one("Dial").get("action"))
    talked = {"DialCallStatus": "completed", "DialBridged": "true", "CallStatus": "in-progress"}
    heard = [caller.twilio.says(end, CallSid=call_sid, **talked) for _ in range(2)]
    assert "Enqueue" in heard[0].verbs
    assert heard[0].bytes == heard[1].bytes
    assert journal(wide, call_sid).count("transfer_connected") == 1


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "rubbish"])
def test_unanswered_the_fall_backs_are_rung_in_order_and_then_the_failed_road_is_taken(
    caller, wide, call_sid, status
):
    heard, numbers = caller(PARKS), []
    while "Dial" in heard.verbs:
        numbers.append(heard.one("Number").text)
        end = path_of(heard.one("Dial").get("action"))
        heard = caller.twilio.says(end, CallSid=call_sid, DialCallStatus=status)
        again = caller.twilio.says(end, CallSid=call_sid, DialCallStatus=status)
        assert again.bytes == heard.bytes
    assert numbers == ["+15205550120", "+15205550121", "+15205550110"]
    assert "Nobody answered." in heard.words
    assert journal(wide, call_sid).count("transfer_unanswered") == 3
    assert call_of(wide, call_sid).phase is CallPhase.MENU


def test_a_closed_entry_and_one_that_may_not_be_dialled_are_passed_over(wide, call_sid):
    directory = {
        "parks": replace(entry("parks", "120", fall_back="water"), number="+19005550120"),
        "water": entry("water", "121", line="office"),
    }
    closed = replace(wide.readers, opening=lambda line, now: Opening(is_open=line != "office"))
    runtime = replace(wide, readers=closed, city=replace(wide.city, directory=directory))
    twilio = door(runtime)
    heard = twilio.says(ring(twilio, call_sid).next_path, Digits="1")
    assert twilio.says(heard.next_path, Digits=PARKS).one("Number").text == "+15205550110"


@pytest.mark.parametrize("directory", [{}, {"parks": entry("parks", "120", fall_back="")}])
def test_with_nobody_to_ring_the_failed_road_is_taken(wide, gateway, call_sid, directory):
    gateway.may_dial = lambda to: False
    twilio = door(replace(wide, city=replace(wide.city, directory=directory)))
    heard = twilio.says(ring(twilio, call_sid).next_path, Digits="1")
    heard = twilio.says(heard.next_path, Digits=PARKS)
    assert heard.verbs == ["Say", "Redirect"]
    heard = twilio.says(path_of(heard.one("Redirect").text), CallSid=call_sid)
    assert "Nobody answered." in heard.words


def test_who_hangs_up_while_it_rings_is_recorded_as_gone(caller, wide, call_sid):
    end = path_of(caller(PARKS).one("Dial").get("action"))
    gone = {"CallStatus": "completed", "DialCallStatus": "canceled"}
    assert caller.twilio.says(end, CallSid=call_sid, **gone).verbs == []
    assert call_of(wide, call_sid).phase is CallPhase.ENDED


def test_a_fact_is_new_once_on_both_engines(voice_runtime, call_sid):
    firsts = []
    for _ in range(3):
        with voice_runtime.sessions() as session:
            firsts.append(record.is_first(session, f"fact:{call_sid}", NOON))
            session.commit()
    assert firsts == [True, False, False]


# How far a report is.


@pytest.fixture
def report(wide) -> str:
    with wide.sessions() as session:
        taken = session.scalar(select(func.count()).select_from(ServiceRequest)) or 0
        number = request_number.of(9_110_000 + taken)
        session.add(
            ServiceRequest(
                id=wide.new_id(), number=number, category="pothole", department="streets",
                state=RequestState.FORWARDED, created_by="x", created_at=NOON,
            )
        )  # fmt: skip
        session.commit()
    return number


def test_a_report_is_found_by_its_number_even_one_that_begins_with_911(caller, gateway, report):
    heard = caller(STATUS)
    gather = heard.one("Gather")
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == (None, "#")
    heard = caller.twilio.says(heard.next_path, Digits=report)
    assert " ".join(report[:4]) in heard.words
    assert "pothole, is in work" in heard.words
    assert gateway.of("dial_into_room") == []


UNKNOWN = ["12345678", "1", "0000000", "99999990", "#", "1" * 32]


@pytest.mark.parametrize("keys", UNKNOWN)
def test_a_number_that_is_none_is_asked_for_again_and_at_last_a_person_takes_it(
    caller, wide, gateway, call_sid, keys
):
    heard = caller(STATUS)
    for _ in range(6):  # the first silence is let pass
        if "Enqueue" in heard.verbs:
            break
        heard = caller.twilio.says(heard.next_path, Digits=keys)
    assert "Enqueue" in heard.verbs
    assert gateway.of("dial_into_room") == []


@pytest.mark.parametrize("keys", ["9", "911"])
def test_nine_alone_and_911_dial_where_a_number_is_asked_for(caller, gateway, keys):
    assert caller.twilio.says(caller(STATUS).next_path, Digits=keys).one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1


def test_a_late_number_is_no_911_and_a_late_nine_is(caller, wide, gateway, call_sid, report):
    heard = caller(STATUS)
    caller.twilio.says(heard.next_path, Digits="0")
    late = f"/voice/t/{call_sid}/9"
    assert caller.twilio.says(late, Digits=report).verbs == ["Enqueue"]
    assert gateway.of("dial_into_room") == []
    assert caller.twilio.says(late, Digits="9").one("Conference") is not None


def test_without_the_database_a_number_is_no_911_and_a_person_is_rung(
    caller, wide, gateway, report
):
    class Broken:
        def __getattr__(self, name):
            raise RuntimeError("away")

    path = caller(STATUS).next_path
    twilio = door(replace(wide, turn_engine=Broken()))
    twilio.says(path, Digits=report)
    assert gateway.of("dial_into_room") == []
    assert twilio.says(path, Digits="911").one("Conference") is not None


def test_a_report_is_not_found_rather_than_waited_for(wide, call_sid, report):
    class Slow:
        """Sessions that the database does not answer."""

        def __call__(self):
            from sqlalchemy.exc import OperationalError

            raise OperationalError("SELECT", None, Exception("canceling statement"))

    twilio = door(wide)
    heard = twilio.says(ring(twilio, call_sid).next_path, Digits="1")
    heard = twilio.says(heard.next_path, Digits=STATUS)
    heard = door(replace(wide, sessions=Slow())).says(heard.next_path, Digits=report)
    assert "There is no such report." in heard.words


# Facts around the caller.


def test_who_has_called_before_is_known_by_the_number_alone(wide, caller, call_sid):
    number = f"+1520555{int(call_sid[2:8], 16) % 9000 + 1000}"
    assert "Welcome." in caller(KNOWN, From=number).words
    twilio, second = caller.twilio, "CA" + call_sid[2:][::-1]
    heard = twilio.says(ring(twilio, second, From=number).next_path, Digits="1")
    assert "Welcome back." in twilio.says(heard.next_path, Digits=KNOWN).words


@pytest.mark.parametrize(
    ("position", "call_takers", "talk", "seconds"),
    [
        (1, 1, 240.0, 240),
        (5, 2, 240.0, 600),
        (1, 4, 240.0, 60),
        (1, 3, 31.0, 30),
        (2, 0, 240.0, None),
    ],
)
def test_a_wait_is_told_in_half_minutes_or_not_at_all(position, call_takers, talk, seconds):
    assert expected_wait_seconds(position, call_takers, talk) == seconds


# Recordings.


@pytest.fixture
def sounds(wide):
    with wide.sessions() as session:
        if session.get(PromptRecording, RECORDED) is None:
            session.add(
                PromptRecording(
                    id=RECORDED, media_type="audio/mpeg", seconds=2.5, data=b"ID3 sound",
                    name="notice", uploaded_by="x", uploaded_at=NOON,
                )
            )  # fmt: skip
            session.commit()
    return RecordedSounds(wide.sessions, wide.addresses, "s" * 40)


def test_a_recorded_prompt_is_played_from_an_address_that_only_we_can_make(wide, call_sid, sounds):
    twilio = door(replace(wide, sounds=sounds))
    heard = twilio.says(ring(twilio, call_sid).next_path, Digits="1")
    heard = twilio.says(heard.next_path, Digits=SUNG)
    address = heard.one("Play").text
    assert address.startswith(f"{PUBLIC_URL}/voice/recordings/{RECORDED}/")
    assert "A recorded notice." not in heard.words
    path = path_of(address)
    played = twilio.client.get(path)
    assert (played.status_code, played.mimetype, played.data) == (200, "audio/mpeg", b"ID3 sound")
    assert twilio.client.head(path).status_code == 200


def test_a_recording_that_is_not_there_is_spoken(caller, wide):
    assert "A recorded notice." in caller(SUNG).words
    nothing = RecordedSounds(wide.sessions, wide.addresses, "s" * 40)
    assert nothing.address("cd" * 32) is None


WRONG = [
    lambda good: good[:-1],
    lambda good: good[:-64],
    lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"),
    lambda good: good.replace(RECORDED, "cd" * 32),
    lambda good: good.replace(RECORDED, "%2e%2e"),
    lambda good: good.upper(),
    lambda good: good + "é",
]


@pytest.mark.parametrize("wrong", WRONG)
def test_any_other_address_is_404_in_plain_text(wide, sounds, wrong):
    twilio = door(replace(wide, sounds=sounds))
    good = sounds.address(RECORDED).removeprefix(PUBLIC_URL)
    answer = twilio.client.get(wrong(good).replace("/VOICE/RECORDINGS", "/voice/recordings"))
    assert (answer.status_code, answer.mimetype) in {(404, "text/plain"), (403, "text/plain")}
    assert b"ID3" not in answer.data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_a_recordings_address_is_only_read(wide, sounds, method):
    path = sounds.address(RECORDED).removeprefix(PUBLIC_URL)
    answer = door(replace(wide, sounds=sounds)).client.open(path, method=method)
    assert answer.status_code in {200, 403}
    assert answer.mimetype in {"text/xml", "text/plain"}
    assert b"ID3" not in answer.data


def test_another_secret_makes_other_addresses(wide, sounds):
    other = RecordedSounds(wide.sessions, wide.addresses, "t" * 40)
    assert other.address(RECORDED) != sounds.address(RECORDED)


# A trial.


def test_calls_to_the_trial_number_run_the_draft_and_no_other_call_does(wide, call_sid):
    graph = a_wide_menu.wide_menu()
    trial = ("1" * 32, replace(graph, start="message"))
    city = replace(wide.city, trial_number="+15205550101")
    twilio = door(replace(wide, menus=WideMenus(trial), city=city))
    assert "Record" in ring(twilio, call_sid, To="+15205550101").verbs
    assert "Record" not in ring(twilio, "CA" + call_sid[2:][::-1]).verbs
    none = door(replace(wide, city=city))
    assert "Gather" in ring(none, "CA" + "c" + call_sid[3:], To="+15205550101").verbs
    assert call_of(wide, call_sid).emergency_level is EmergencyLevel.NONE
