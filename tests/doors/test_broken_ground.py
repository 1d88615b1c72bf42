"""The voice door with its database away, cut or held: the caller still hears something useful."""

import sqlite3
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from ivr.turns.caller import Caller
from models.database import open_engine, open_sessions, open_turn_engine
from models.faults import Fault, fault_of
from models.states import CallPhase
from models.turn_store import TurnStore
from tests.doors.telephone import Heard, door, path_of
from tests.doors.test_turn_door import call_of, ring

pytestmark = pytest.mark.database

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"


@pytest.fixture
def cut_off(voice_runtime):
    """The same runtime with no database behind it."""
    engine = open_engine(NOWHERE)
    return replace(
        voice_runtime,
        turn_engine=open_turn_engine(NOWHERE),
        sessions=open_sessions(engine),
        intent_sessions=open_sessions(engine),
    )


def test_without_a_database_a_call_is_answered_and_reaches_a_person(cut_off, call_sid):
    twilio = door(cut_off)
    heard = ring(twilio, call_sid)
    assert "press 9" in heard.words
    assert "oprima 9" in heard.words
    ringing = Heard(twilio.post(heard.next_path, {"Digits": "", "SpeechResult": ""}))
    assert ringing.one("Number").text == "+15205550110"
    assert "dial 911" in ringing.words


@pytest.mark.parametrize("digits", ["9", "911"])
def test_without_a_database_nine_still_dials_into_the_callers_own_room(
    cut_off, gateway, call_sid, digits
):
    twilio = door(cut_off)
    first = ring(twilio, call_sid)
    heard = twilio.says(first.next_path, Digits=digits)
    room = f"room-{Caller.of(call_sid).call_id}"
    assert heard.one("Conference").text == room
    assert [(dial.to, dial.room) for (dial,) in gateway.of("dial_into_room")] == [
        ("+15205550191", room)
    ]
    assert cut_off.spool.exists()


def test_nine_pressed_into_the_very_turn_that_fails_is_not_lost(cut_off, gateway, call_sid):
    twilio = door(cut_off)
    heard = twilio.says(f"/voice/t/{call_sid}/4", Digits="9")
    assert heard.one("Conference") is not None
    twilio.says(f"/voice/t/{call_sid}/4", Digits="9")
    assert len({dial.label for (dial,) in gateway.of("dial_into_room")}) == 1


def test_words_of_danger_into_a_failing_turn_are_confirmed(cut_off, gateway, call_sid):
    twilio = door(cut_off)
    asked = twilio.says(f"/voice/t/{call_sid}/4", SpeechResult="there is a fire")
    assert "say no or press star" in asked.words
    assert gateway.asked == []
    assert twilio.says(asked.next_path, Digits="").one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1


@pytest.mark.parametrize("taken_back", [{"Digits": "*"}, {"SpeechResult": "no"}])
def test_danger_taken_back_without_a_database_is_a_person(cut_off, gateway, call_sid, taken_back):
    twilio = door(cut_off)
    heard = twilio.says(f"/voice/t/{call_sid}/4/escalation_confirm", **taken_back)
    assert heard.one("Number").text == "+15205550110"
    assert gateway.asked == []


def test_silence_after_the_danger_sentence_dials_though_the_database_went(
    voice_runtime, cut_off, gateway, call_sid
):
    path = ring(door(voice_runtime), call_sid).next_path
    asked = door(voice_runtime).says(path, SpeechResult="my house is on fire")
    heard = door(cut_off).says(asked.next_path, Digits="", SpeechResult="")
    assert heard.one("Conference").text == f"room-{Caller.of(call_sid).call_id}"
    assert len(gateway.of("dial_into_room")) == 1


def test_an_escalating_turn_that_cannot_be_written_is_dialled_all_the_same(
    voice_runtime, gateway, call_sid
):
    path = ring(door(voice_runtime), call_sid).next_path

    class NothingIsKept(TurnStore):
        def save(self, *arguments, **named):
            raise sqlite3.OperationalError("disk I/O error")

    deaf = replace(voice_runtime, turns=NothingIsKept(voice_runtime.keyring))
    heard = door(deaf).says(path, Digits="9")
    assert heard.one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1


def test_a_cut_connection_is_met_by_a_second_try(voice_runtime, call_sid):
    """PostgreSQL closes every connection, as in a restart: the caller notices nothing."""
    if voice_runtime.turn_engine.dialect.name != "postgresql":
        voice_runtime.turn_engine.dispose()
    twilio = door(voice_runtime)
    path = ring(twilio, call_sid).next_path
    _cut_connections(voice_runtime)
    heard = twilio.says(path, Digits="1")
    assert heard.one("Gather") is not None
    assert path_of(heard.one("Redirect").text) == f"/voice/t/{call_sid}/2"
    assert call_of(voice_runtime, call_sid).step == 2


def _cut_connections(runtime) -> None:
    if runtime.turn_engine.dialect.name != "postgresql":
        return
    with runtime.sessions() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


HELD = [
    # the caller's input, the verb that answers it while the row is held
    ({"Digits": "1"}, "Redirect"),
    ({"SpeechResult": "a pothole"}, "Redirect"),
    ({"Digits": "9"}, "Dial"),
    ({"SpeechResult": "my house is on fire"}, "Gather"),
]


@pytest.mark.parametrize(("said", "verb"), HELD, ids=["key", "words", "nine", "danger"])
def test_a_held_row_is_asked_for_again_but_danger_does_not_wait(
    voice_runtime, call_sid, said, verb
):
    twilio = door(voice_runtime)
    path = ring(twilio, call_sid).next_path
    with voice_runtime.sessions() as holder:
        holder.execute(
            text("UPDATE call SET heard_at = heard_at WHERE call_sid = :sid"), {"sid": call_sid}
        )
        heard = twilio.says(path, **said)
        holder.rollback()
    assert verb in heard.verbs
    if verb == "Redirect":
        assert heard.verbs == ["Redirect"]
        assert path_of(heard.one("Redirect").text) == path
        assert call_of(voice_runtime, call_sid).phase is CallPhase.MENU


FAULTS = [
    (psycopg.OperationalError("server closed the connection"), Fault.CUT),
    (psycopg.errors.AdminShutdown("terminating"), Fault.CUT),
    (psycopg.errors.LockNotAvailable("lock"), Fault.BUSY),
    (psycopg.errors.QueryCanceled("statement timeout"), Fault.AWAY),
    (sqlite3.OperationalError("disk I/O error"), Fault.AWAY),
    (ValueError("our own mistake"), None),
]


@pytest.mark.parametrize(("error", "fault"), FAULTS)
def test_each_drivers_error_is_read(error, fault):
    assert fault_of(error) is fault
