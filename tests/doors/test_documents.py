"""Documents for Twilio: what is rendered, and what no text can do to them."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.gateway import ROOM_EVENTS
from ivr.rules.actions import (
    Escalate,
    Goodbye,
    GoOn,
    JoinLine,
    Listen,
    Pause,
    Play,
    PlayRecording,
    RingHumanLine,
    Say,
    TakeVoicemail,
    TransferTo,
)
from ivr.runtime import Addresses, Voice
from ivr.turns.caller import Caller
from ivr.turns.speaking import NextStep, written
from ivr.twiml import Document, RoomLeg
from models.states import EscalationCause, Language, PriorityClass
from tests.fakes import PUBLIC_URL, fake_runtime

pytestmark = pytest.mark.rules

VOICES = {
    Language.EN: Voice("en-US", "Polly.Joanna-Neural"),
    Language.ES: Voice("es-US", "Polly.Lupe-Neural"),
}
HI = Say("Hello & <welcome>", Language.EN)
HERE = "https://a.test/voice/t/CA1/2#ct=1500"


def parsed(document: Document) -> ET.Element:
    return ET.fromstring(document.written())


def listening(**changes) -> Listen:
    plain = {
        "prompt": (HI,),
        "keys": True,
        "speech": True,
        "language": Language.ES,
        "timeout_seconds": 6.2,
    }
    return Listen(**{**plain, **changes})


def gather_of(**changes) -> dict[str, str]:
    return parsed(Document(VOICES).listen(listening(**changes), HERE))[0].attrib


def test_a_sentence_is_spoken_in_its_languages_voice():
    root = parsed(Document(VOICES).say(HI, Say("Hola", Language.ES), Pause(0.2), Play("https://x")))
    assert [(verb.tag, verb.attrib, verb.text) for verb in root] == [
        ("Say", {"language": "en-US", "voice": "Polly.Joanna-Neural"}, "Hello & <welcome>"),
        ("Say", {"language": "es-US", "voice": "Polly.Lupe-Neural"}, "Hola"),
        ("Pause", {"length": "1"}, None),
        ("Play", {}, "https://x"),
    ]


def test_every_listening_takes_silence_as_an_answer_and_is_followed_by_the_same_step():
    root = parsed(Document(VOICES).listen(listening(), HERE))
    assert [verb.tag for verb in root] == ["Gather", "Redirect"]
    assert root[0].attrib == {
        "action": HERE,
        "method": "POST",
        "actionOnEmptyResult": "true",
        "input": "dtmf speech",
        "language": "es-US",
        "timeout": "7",
        "speechTimeout": "auto",
        "numDigits": "1",
        "finishOnKey": "",
        "profanityFilter": "false",
    }
    assert root[1].text == HERE


LISTENING = [
    # asked, attribute, rendered
    ({"speech": False}, "input", "dtmf"),
    ({"keys": False}, "input", "speech"),
    ({"keys": False, "speech": False}, "input", "dtmf"),
    ({"speech": False}, "language", None),
    ({"num_digits": None}, "numDigits", None),
    ({"num_digits": None}, "finishOnKey", "#"),
    ({"num_digits": 5}, "numDigits", "5"),
    ({"num_digits": 5}, "finishOnKey", "#"),
    ({"barge_in": False}, "bargeIn", "false"),
    ({"barge_in": True}, "bargeIn", None),
    ({"timeout_seconds": 0.0}, "timeout", "1"),
    ({"timeout_seconds": 3.0}, "timeout", "3"),
    ({"hints": ("bache", "perro, suelto")}, "hints", "bache, perro  suelto"),
    ({"hints": ()}, "hints", None),
    ({"hints": ("x" * 200,)}, "hints", "x" * 100),
]


@pytest.mark.parametrize(("asked", "attribute", "rendered"), LISTENING)
def test_listening_is_rendered_as_asked(asked, attribute, rendered):
    assert gather_of(**asked).get(attribute) == rendered


def test_every_leg_enters_the_room_by_the_same_flags():
    leg = RoomLeg("room-1", "caller", "https://a/left", "https://a/wait", "https://a/events")
    dial = parsed(Document(VOICES).room(leg))[0]
    assert dial.attrib == {"action": "https://a/left", "method": "POST"}
    assert dial[0].text == "room-1"
    assert dial[0].attrib == {
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "false",
        "beep": "false",
        "participantLabel": "caller",
        "waitUrl": "https://a/wait",
        "waitMethod": "POST",
        "statusCallback": "https://a/events",
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": " ".join(ROOM_EVENTS),
    }


def test_verbs_that_end_a_document_are_rendered():
    document = Document(VOICES).enqueue("line", "https://a/wait", "https://a/left")
    root = parsed(document.human_line("+15205550110", "https://a/human", 700).leave().hang_up())
    assert [verb.tag for verb in root] == ["Enqueue", "Dial", "Leave", "Hangup"]
    assert root[1].get("timeout") == "600"
    assert root[1][0].text == "+15205550110"


ACTIONS = [
    # action, verbs of the document
    (HI, ["Say"]),
    (Pause(1), ["Pause"]),
    (Play("https://x"), ["Play"]),
    (GoOn(), ["Redirect"]),
    (listening(), ["Gather", "Redirect"]),
    (JoinLine(PriorityClass.ORDINARY, "general", (HI,)), ["Say", "Enqueue"]),
    (Escalate(EscalationCause.KEY, (HI,)), ["Say", "Dial"]),
    (RingHumanLine((HI,)), ["Say", "Dial"]),
    (Goodbye((HI,)), ["Say", "Hangup"]),
    (PlayRecording("a" * 64, "Hello", Language.EN), ["Say"]),
    (TakeVoicemail((HI,), 90), ["Gather", "Record", "Redirect"]),
    (TransferTo("parks", (HI,)), ["Say", "Redirect"]),
]


@pytest.mark.parametrize(("action", "verbs"), ACTIONS)
def test_each_action_has_its_verbs(action, verbs, tmp_path):
    runtime = fake_runtime(f"sqlite:///{tmp_path}/unused.db", tmp_path / "spool")
    root = ET.fromstring(written(runtime, Caller.of("CA" + "1" * 32), [action], NextStep(2, HERE)))
    assert [verb.tag for verb in root] == verbs


def test_a_recording_is_played_where_it_is_and_its_text_spoken_where_it_is_not():
    there = "a" * 64
    document = Document(VOICES, lambda recording: "https://x/y" if recording == there else None)
    document.say(*(PlayRecording(one * 64, "Hello", Language.EN) for one in "ab"))
    assert [(verb.tag, verb.text) for verb in parsed(document)] == [
        ("Play", "https://x/y"),
        ("Say", "Hello"),
    ]


def test_a_message_is_ended_by_any_key_and_the_exits_are_heard_before_the_tone():
    document = Document(VOICES).before_tone([HI], "https://a/early", Language.ES)
    root = parsed(document.record(HERE, "https://a/kept", 90))
    gather, record, redirect = root
    assert {name: gather.get(name) for name in ("action", "input", "numDigits", "language")} == {
        "action": "https://a/early",
        "input": "dtmf speech",
        "numDigits": "1",
        "language": "es-US",
    }
    assert gather.get("actionOnEmptyResult") is None
    assert record.attrib == {
        "action": HERE,
        "method": "POST",
        "maxLength": "90",
        "timeout": "5",
        "finishOnKey": "1234567890*#",
        "playBeep": "true",
        "recordingStatusCallback": "https://a/kept",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed",
    }
    assert redirect.text == HERE


def test_a_transfer_tells_when_it_is_answered_and_when_it_is_over():
    dial = parsed(Document(VOICES).transfer("+15205550120", "https://a/end", "https://a/leg", 20))[
        0
    ]
    assert dial.attrib == {"action": "https://a/end", "method": "POST", "timeout": "20"}
    assert dial[0].text == "+15205550120"
    assert dial[0].attrib == {
        "statusCallback": "https://a/leg",
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "answered",
    }


def test_addresses_are_below_the_public_one_with_their_limits():
    addresses = Addresses(PUBLIC_URL)
    leg = addresses.room_leg("c1", "room-c1", "caller")
    assert (
        addresses.turn("CA1", 3)
        == f"{PUBLIC_URL}/voice/t/CA1/3#ct=1500&rt=3500&tt=5000&rc=1&rp=ct,5xx"
    )
    assert leg.callback.endswith("#rc=2&rp=ct,rt,5xx")
    assert {leg.action, leg.wait_url} == {addresses.room_left("c1"), addresses.room_wait("c1")}


hostile = st.text(max_size=200) | st.sampled_from(
    [
        "</Say><Dial>911</Dial><Say>",
        "]]><Hangup/>",
        "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
        "\x00\x01\x1f\x7f\ud800",
        '" action="https://evil.test',
        "&#0;&lt;",
        "\ufffe\uffff",
    ]
)


@settings(max_examples=120, deadline=None)
@given(words=st.lists(hostile, min_size=1, max_size=4), hints=st.lists(hostile, max_size=4))
def test_no_text_can_add_a_verb_or_break_the_document(words, hints):
    prompt = tuple(Say(text, Language.EN) for text in words)
    document = Document(VOICES).say(*prompt)
    document.listen(listening(prompt=prompt, hints=tuple(hints)), HERE).hang_up()
    root = ET.fromstring(document.written())
    assert [verb.tag for verb in root if verb.tag != "Say"] == ["Gather", "Redirect", "Hangup"]
    assert {inner.tag for verb in root for inner in verb} <= {"Say"}
    assert root.find("Gather").get("action") == HERE


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["&" * 9_000, "🌵" * 9_000, "a", "<" * 300]), max_size=300))
def test_a_document_stays_below_what_twilio_takes(words):
    document = Document(VOICES)
    for text in words:
        document.say(Say(text, Language.EN))
    document.listen(listening(hints=("&" * 100,) * 500), HERE)
    sent = document.written()
    assert len(sent) < 64 * 1024
    assert ET.fromstring(sent).find("Redirect").text == HERE
