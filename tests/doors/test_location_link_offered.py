"""The location link that the line itself offers, at the telephone's door: sent once, taken, kept."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from calltaker.desk.caller import open_caller
from calltaker.intake import location_links
from calltaker.intake.location_links import Position
from calltaker.staff.permissions import Sight
from ivr.jobs import send_text
from models.call import Call
from models.effects import OutboxEntry
from models.journal import ContactFact
from models.location_link import LocationLink
from tests.doors.telephone import door
from tests.doors.test_turn_door import ring
from tests.doors.test_wide_menu import journal, rows
from tests.fakes import NOON
from tests.rules.tucson_pack import readers

pytestmark = pytest.mark.database

HERE = Position(32.2365, -110.9440, 14.0)


@pytest.fixture
def runtime(voice_runtime):
    return replace(voice_runtime, readers=readers())


@pytest.fixture
def asked(runtime, call_sid):
    """A caller with a report who is asked where; gives the line and what they hear."""
    twilio = door(runtime)

    def asks(**fields: str):
        heard = twilio.says(ring(twilio, call_sid, **fields).next_path, Digits="1")
        return twilio, twilio.says(heard.next_path, SpeechResult="there is a pothole")

    return asks


def word_of(runtime, call_sid: str) -> str:
    """The link's word, from the text message as it goes out."""
    [link] = rows(runtime, LocationLink, call_sid)
    send_text(runtime, link.text_message_id)
    _, words = runtime.gateway.of("send_text")[-1]
    return re.search(r"/here/([\w-]{22}) ", words).group(1)


def tells(runtime, word: str) -> bool:
    with runtime.sessions() as session:
        keyring = runtime.keyring
        taken = location_links.take(session, keyring, word, HERE, None, NOON)
        session.commit()
    return taken


def test_the_line_texts_one_link_and_reads_back_what_comes(asked, runtime, call_sid):
    twilio, where = asked()
    assert "To send it from your phone, press 2." in where.words
    sent = [twilio.says(where.next_path, Digits="2") for _ in range(2)]
    assert sent[0].bytes == sent[1].bytes
    assert "I am sending a link to your phone." in sent[0].words
    [link] = rows(runtime, LocationLink, call_sid)
    assert link.staff_id is None
    with runtime.sessions() as session:
        outbox = [row.payload["text_message_id"] for row in session.scalars(select(OutboxEntry))]
    assert outbox.count(link.text_message_id) == 1
    still = twilio.says(sent[0].next_path)
    assert "I am still waiting" in still.words
    assert tells(runtime, word_of(runtime, call_sid))
    read_back = twilio.says(still.next_path)
    assert "a place near Speedway Boulevard and Campbell Avenue" in read_back.words
    twilio.says(read_back.next_path, Digits="1")
    assert "place_confirmed" in journal(runtime, call_sid)
    assert journal(runtime, call_sid).count("location_link_texted") == 1


def test_the_desk_gets_the_point_that_the_caller_confirmed(asked, runtime, call_sid):
    twilio, where = asked()
    waits = twilio.says(where.next_path, Digits="2")
    tells(runtime, word_of(runtime, call_sid))
    twilio.says(twilio.says(waits.next_path).next_path, SpeechResult="yes")
    with runtime.sessions() as session:
        call = session.scalar(select(Call).where(Call.call_sid == call_sid))
        place = open_caller(runtime.keyring, call, Sight.FULL).place
    assert (place["latitude"], place["longitude"]) == (HERE.latitude, HERE.longitude)
    assert (place["confirmed"], place["source"]) == (True, "location_link")
    facts = {fact.field: fact.value for fact in rows(runtime, ContactFact, call_sid)}
    assert facts["location_method"] == "location_link"


def test_a_place_that_was_refused_gives_way_to_what_is_said_then(asked, runtime, call_sid):
    twilio, where = asked()
    waits = twilio.says(where.next_path, Digits="2")
    tells(runtime, word_of(runtime, call_sid))
    changed = twilio.says(twilio.says(waits.next_path).next_path, Digits="2")
    said = twilio.says(changed.next_path, SpeechResult="22nd Street and Kolb Road")
    twilio.says(said.next_path, Digits="1")
    with runtime.sessions() as session:
        call = session.scalar(select(Call).where(Call.call_sid == call_sid))
        place = open_caller(runtime.keyring, call, Sight.FULL).place
    assert "Kolb" in place["text"]
    assert "source" not in place


@pytest.mark.parametrize("number", ["anonymous", "+18005550140", "sip:someone@example.test"])
def test_whoever_cannot_be_texted_is_offered_nothing_and_sent_nothing(
    asked, runtime, call_sid, number
):
    twilio, where = asked(From=number)
    assert "your phone" not in where.words
    assert "cannot send a link" in twilio.says(where.next_path, Digits="2").words
    assert rows(runtime, LocationLink, call_sid) == []
