"""What TwiML is refused, and with which of Twilio's numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import TwimlError
from simulator.twiml import read_answer, read_document

pytestmark = pytest.mark.rules


def doc(inside: str) -> bytes:
    return f"<Response>{inside}</Response>".encode()


REFUSED = [
    (b"", 12100),
    (b"<Response>", 12100),
    (b"<html><body>Internal Server Error</body></html>", 12102),
    (b"<!DOCTYPE html><html></html>", 12100),
    (b'<!DOCTYPE x [<!ENTITY a "b">]><Response/>', 12100),
    (doc("<Speak>hello</Speak>"), 12200),
    (doc("<say>hello</say>"), 12200),
    (doc("hello"), 12200),
    (doc("<Say/>"), 13520),
    (doc(f"<Say>{'a' * 4097}</Say>"), 13520),
    (doc('<Say speed="fast">a</Say>'), 12200),
    (doc('<Say language="english">a</Say>'), 12200),
    (doc('<Say loop="-1">a</Say>'), 13510),
    (doc('<Play loop="x">a.mp3</Play>'), 13410),
    (doc('<Pause length="0"/>'), 12200),
    (doc('<Gather finishOnKey="12"/>'), 13310),
    (doc('<Gather finishOnKey="A"/>'), 13310),
    (doc('<Gather method="PUT"/>'), 13312),
    (doc('<Gather timeout="0"/>'), 13313),
    (doc('<Gather timeout="2.5"/>'), 13313),
    (doc('<Gather numDigits="0"/>'), 13314),
    (doc('<Gather speechTimeout="soon"/>'), 13327),
    (doc('<Gather actionOnEmptyResult="yes"/>'), 13338),
    (doc('<Gather input="voice"/>'), 12200),
    (doc(f'<Gather hints="{",".join(["a"] * 501)}"/>'), 12200),
    (doc(f'<Gather hints="{"a" * 101}"/>'), 12200),
    (doc("<Gather><Dial>+15205550199</Dial></Gather>"), 13320),
    (doc("<Gather><Redirect>/x</Redirect></Gather>"), 13320),
    (doc('<Dial method="HEAD">+15205550199</Dial>'), 13210),
    (doc('<Dial timeout="4">+15205550199</Dial>'), 13212),
    (doc('<Dial timeout="601">+15205550199</Dial>'), 13212),
    (doc('<Dial timeLimit="0">+15205550199</Dial>'), 13216),
    (doc('<Dial hangupOnStar="1">+15205550199</Dial>'), 13213),
    (doc("<Dial><Say>hello</Say></Dial>"), 13215),
    (doc("<Dial><Number></Number></Dial>"), 13223),
    (doc('<Dial><Number sendDigits="abc">+15205550199</Number></Dial>'), 13222),
    (doc('<Dial><Conference muted="no">room</Conference></Dial>'), 13230),
    (doc('<Dial><Conference endConferenceOnExit="no">room</Conference></Dial>'), 13231),
    (doc('<Dial><Conference startConferenceOnEnter="1">room</Conference></Dial>'), 13232),
    (doc('<Dial><Conference waitUrl="not a url">room</Conference></Dial>'), 13233),
    (doc('<Dial><Conference waitMethod="PUT">room</Conference></Dial>'), 13234),
    (doc('<Dial><Conference beep="loud">room</Conference></Dial>'), 13235),
    (doc("<Dial><Conference/></Dial>"), 13237),
    (doc(f'<Dial><Conference participantLabel="{"a" * 129}">room</Conference></Dial>'), 12200),
    (doc('<Dial><Conference statusCallbackEvent="join hangup">room</Conference></Dial>'), 12200),
    (doc(f"<Enqueue>{'q' * 65}</Enqueue>"), 12200),
    (doc("<Enqueue/>"), 12200),
    (doc('<Record maxLength="0"/>'), 13612),
    (doc('<Record playBeep="maybe"/>'), 13616),
    (doc('<Record finishOnKey="A"/>'), 13613),
    (doc('<Redirect method="PUT">/x</Redirect>'), 13710),
    (doc("<Redirect/>"), 12200),
    (doc('<Reject reason="tired"/>'), 12200),
    (doc("<Hangup>now</Hangup>"), 12200),
]


@pytest.mark.parametrize(("body", "code"), REFUSED)
def test_a_document_that_twilio_refuses_is_refused_with_its_number(body, code):
    with pytest.raises(TwimlError) as refused:
        read_document(body)
    assert refused.value.code == code


ACCEPTED = [
    "",
    '<Say voice="Polly.Lupe-Neural" language="es-US">Tucson <break time="1s"/><emphasis>3-1-1</emphasis></Say>',
    '<Gather input="dtmf speech" timeout="5" speechTimeout="auto" finishOnKey="" hints="pothole, dog"><Say>a</Say></Gather>',
    '<Enqueue action="/a" waitUrl="/w">line</Enqueue><Redirect>/next</Redirect>',
    '<Dial action="/a" timeout="30" callerId="+15205550100"><Number statusCallbackEvent="ringing answered">+15205550199</Number></Dial>',
    '<Dial><Conference beep="false" waitUrl="" statusCallback="/c" statusCallbackEvent="start end join leave mute hold modify">r</Conference></Dial>',
    "<Dial><Client><Identity>ana</Identity><Parameter name='offer' value='1'/></Client></Dial>",
    "<Leave/>",
    '<Record action="/r" maxLength="60" transcribe="true" transcribeCallback="/t"/>',
]


@pytest.mark.parametrize("inside", ACCEPTED)
def test_a_good_document_is_read(inside):
    read_document(doc(inside))


def test_markup_in_speech_is_heard_as_its_words():
    verb = read_document(doc("<Say>Tucson <emphasis>3-1-1</emphasis>. Hello</Say>")).verbs[0]
    assert verb.text == "Tucson 3-1-1. Hello"


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", b"{}", 12300),
        ("", doc(""), 12300),
        ("text/xml", doc(f"<Say>{'a' * 10}</Say>" * 4000), 11750),
        ("text/html; charset=utf-8", b"<html></html>", 12102),
    ],
)
def test_what_an_application_answers_must_be_xml_and_small(content_type, body, code):
    with pytest.raises(TwimlError) as refused:
        read_answer(content_type, body)
    assert refused.value.code == code


def test_plain_text_is_spoken_and_sound_is_played():
    assert read_answer("text/plain", b"hello").verbs[0].name == "Say"
    assert read_answer("audio/mpeg", b"\x00").verbs[0].name == "Play"


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: doc(text.replace("<", ""))))
def test_no_answer_whatever_does_more_than_be_refused(body):
    assert refusal_of(body) in range(11000, 14000)


def refusal_of(body: bytes) -> int:
    try:
        read_answer("text/xml", body)
    except TwimlError as error:
        return error.code
    return 11000
