"""The last nets: the fallback document, the staffed line outside, and giving up kindly."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.doors.telephone import Heard, door, path_of
from tests.fakes import TUCSON

pytestmark = pytest.mark.database


class Untouchable:
    """Stands where database and Redis are; whoever touches it has broken the promise."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was touched")

    def __call__(self, *arguments):
        raise AssertionError("called")


@pytest.fixture
def alone(voice_runtime):
    """The door with nothing behind it."""
    nothing = Untouchable()
    return door(
        replace(
            voice_runtime,
            sessions=nothing,
            turn_engine=nothing,
            turns=nothing,
            intent_sessions=nothing,
            gateway=nothing,
            dialler=nothing,
            menus=nothing,
            bell=nothing,
        )
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sender", ["+15205550140", "anonymous", ""])
def test_the_fallback_is_the_city_packs_static_document(alone, method, sender):
    response = alone.client.open("/voice/fallback", method=method, data={"From": sender})
    assert Heard(response).bytes == (TUCSON / "fallback.xml").read_bytes()


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "client:staff-1", "Direction": "inbound"},
        {"From": "+15205550100", "Direction": "outbound-api"},
        {"From": "+15205550100", "Direction": "outbound-dial"},
    ],
)
def test_a_leg_without_a_resident_hears_a_sentence_and_goodbye(alone, fields):
    heard = Heard(alone.client.post("/voice/fallback", data=fields))
    assert heard.verbs == ["Say", "Say", "Hangup"]


def test_the_fallback_offers_no_key_and_names_no_911_dial():
    root = ET.fromstring((TUCSON / "fallback.xml").read_bytes())
    assert {verb.tag for verb in root} == {"Say", "Dial"}
    assert {dial.text for dial in root.iter("Dial")} == {"+15205550110"}


def test_the_human_line_is_rung_again_then_the_caller_is_let_go_kindly(alone, call_sid):
    path, rung = f"/voice/human/{call_sid}/1", 0
    for _ in range(12):
        heard = alone.says(path, DialCallStatus="no-answer")
        if "Hangup" in heard.verbs:
            break
        assert "dial 911" in heard.words
        ringing = alone.says(heard.next_path, Digits="")
        assert ringing.one("Number").text == "+15205550110"
        path, rung = path_of(ringing.one("Dial").get("action")), rung + 1
    assert rung == 4
    assert "hang up and dial 911" in heard.words


TALKED = [
    # what Twilio says, and whether two people talked
    ({"DialCallStatus": "completed", "DialBridged": "true"}, True),
    ({"DialCallStatus": "completed"}, True),
    ({"DialCallStatus": "completed", "DialBridged": "false"}, False),
    ({"DialCallStatus": "busy"}, False),
    ({"DialCallStatus": "failed"}, False),
    ({"DialCallStatus": "canceled"}, False),
]


@pytest.mark.parametrize(("fields", "talked"), TALKED)
def test_only_a_talk_ends_the_ringing(alone, call_sid, fields, talked):
    heard = alone.says(f"/voice/human/{call_sid}/1", **fields)
    assert ("Hangup" in heard.verbs) is talked
    assert ("Gather" in heard.verbs) is not talked


def test_nine_between_two_rings_dials_911(twilio, gateway, call_sid):
    heard = twilio.says(f"/voice/human/{call_sid}/2", Digits="9")
    assert heard.one("Conference") is not None
    assert len(gateway.of("dial_into_room")) == 1
