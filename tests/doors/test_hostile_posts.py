"""Whatever is posted below /voice: a document or a plain refusal, never an error page."""

from dataclasses import replace
from urllib.parse import parse_qsl, quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ivr.webhooks import form
from models.call import Call
from tests.doors.telephone import Heard, door, sign
from tests.doors.test_turn_door import ring
from tests.fakes import AUTH_TOKEN

pytestmark = pytest.mark.database

SID = "CA" + "ab" * 16
PATHS = [
    "/voice",
    "/voice/",
    "/voice/incoming",
    f"/voice/t/{SID}/1",
    f"/voice/t/{SID}/99999999999999999999",
    "/voice/t/not-a-sid/1",
    f"/voice/t/{SID}/1/escalation_confirm",
    f"/voice/t/{SID}/1/nonsense",
    f"/voice/safe/{SID}/1/offered",
    f"/voice/human/{SID}/1",
    f"/voice/human/{SID}/500",
    f"/voice/wait/{SID}/1",
    f"/voice/wait/{SID}/100000",
    f"/voice/heard/{SID}/100000/said",
    f"/voice/heard/{SID}/1/nonsense",
    f"/voice/back/{SID}/1/line_returning",
    f"/voice/room/{SID}/100000",
    f"/voice/room/{'ab' * 16}/left",
    f"/voice/leg/{'ab' * 16}/100",
    f"/voice/line/{SID}/left",
    f"/voice/transfer/{SID}/2/parks/0",
    f"/voice/transfer/{SID}/2/parks/0/leg",
    f"/voice/transfer/{SID}/2/nobody/99",
    f"/voice/transfer/{SID}/2/parks/100",
    f"/voice/transfer/{SID}/2/%2e%2e/0",
    "/voice/transfer/not-a-sid/2/parks/0",
    f"/voice/voicemail/{SID}/2",
    f"/voice/voicemail/{SID}/2/90",
    f"/voice/voicemail/{SID}/2/99999",
    "/voice/voicemail/not-a-sid/2",
    "/voice/status",
    "/voice/desk",
    "/voice/nowhere/at/all",
    "/voice/%00",
    "/voice/%ff%fe",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
FIELDS = ["CallSid", "From", "To", "Digits", "SpeechResult", "Confidence", "Direction",
          "CallToken", "DialCallStatus", "StirVerstat", "QueueResult", "StatusCallbackEvent",
          "SequenceNumber", "Timestamp", "ConferenceSid", "CallStatus", "DialBridged",
          "RecordingSid", "RecordingDuration", "RecordingStatus", "RecordingUrl", "Odd"]  # fmt: skip

slow = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        SID,
        "RE" + "ab" * 16,
        "completed",
        "in-progress",
        "+15205550140",
        "9",
        "911",
        "nan",
        "1e999",
        "\x00",
        "９",
        "🌵" * 400,
    ]
)


def is_fit(response) -> None:
    """200 with a document, or 403 in plain text; never more than Twilio takes."""
    assert response.status_code in {200, 403}, (response.status_code, response.data[:200])
    assert len(response.data) < 64 * 1024
    if response.status_code == 403:
        assert response.mimetype == "text/plain"
        return
    assert response.content_type == "text/xml; charset=utf-8"
    if response.request.method != "HEAD":
        Heard(response)


@slow
@given(
    path=st.sampled_from(PATHS),
    fields=st.lists(st.tuples(st.sampled_from(FIELDS), values), max_size=8),
)
def test_whatever_twilio_signs_is_answered_with_a_document(twilio, path, fields):
    is_fit(twilio.post(path, fields))


@slow
@given(
    path=st.sampled_from(PATHS),
    method=st.sampled_from(METHODS),
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["", "application/x-www-form-urlencoded", "multipart/form-data", "application/json",
         "multipart/form-data; boundary=x", "text/xml", "\x7f/;=", "text/plain; charset=none"]
    ),
    signature=st.none() | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
)  # fmt: skip
def test_whatever_a_stranger_sends_is_refused_or_answered(
    twilio, path, method, body, kind, signature
):
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    is_fit(twilio.client.open(path, method=method, data=body, content_type=kind, headers=headers))


@pytest.mark.parametrize("path", PATHS)
def test_every_method_at_every_address_is_fit_for_twilio(twilio, path):
    signed = {"X-Twilio-Signature": sign(path, [])}
    for method in METHODS:
        is_fit(twilio.client.open(path, method=method))
        is_fit(twilio.client.open(path, method=method, headers=signed))


def test_a_huge_form_is_answered(twilio):
    fields = [("CallSid", SID), ("SpeechResult", "a" * 900_000)]
    is_fit(twilio.post("/voice/incoming", fields))
    twilio.client.application.config["MAX_CONTENT_LENGTH"] = 1_000
    is_fit(twilio.post("/voice/incoming", fields))


def test_bytes_that_are_no_text_are_answered(twilio):
    body = f"CallSid={SID}&Digits={quote_from_bytes(bytes(range(128, 256)))}".encode()
    is_fit(
        twilio.client.post(
            f"/voice/t/{SID}/1", data=body, content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": "x"},
        )
    )  # fmt: skip


def test_a_redirect_to_a_tidier_path_never_leaves_the_door(twilio):
    is_fit(twilio.client.post("/voice//incoming", data={"CallSid": SID}))
    is_fit(twilio.client.post("/voice/incoming/", data={"CallSid": SID}))


def test_a_mistake_of_our_own_is_spoken(voice_runtime, call_sid):
    class Broken:
        def live(self):
            raise RuntimeError("secret internals")

        pinned = live

    heard = ring(door(replace(voice_runtime, menus=Broken())), call_sid)
    assert "secret" not in heard.bytes.decode()
    assert heard.one("Gather") is not None


MUTATIONS = [
    ("no signature", lambda good: None),
    ("an empty one", lambda good: ""),
    ("cut short", lambda good: good[:-4]),
    ("in another case", lambda good: good.swapcase()),
    ("with a space", lambda good: good + " "),
    ("of another token", lambda good: good),
    ("not ASCII", lambda good: "é" + good),
    ("doubled", lambda good: good + good),
]
SIGNED = [path for path in PATHS if "%" not in path]


@pytest.mark.parametrize("path", SIGNED)
def test_a_request_that_twilio_did_not_sign_changes_nothing(
    twilio, voice_runtime, gateway, call_sid, path
):
    fields = {"CallSid": call_sid, "Digits": "9"}
    good = sign(path, list(fields.items()))
    for what, mutate in MUTATIONS:
        wrong = mutate(good) if what != "of another token" else sign(path, [*fields.items()], "x")
        headers = {} if wrong is None else {"X-Twilio-Signature": wrong}
        response = twilio.client.post(path, data=fields, headers=headers)
        assert response.status_code == 403, what
        assert response.mimetype == "text/plain"
    assert gateway.asked == []
    with voice_runtime.sessions() as session:
        assert session.query(Call).filter_by(call_sid=call_sid).count() == 0


SPOOFED = [
    {"Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
    {"X-Forwarded-Proto": "http", "X-Original-URL": "/voice/status"},
]


@pytest.mark.parametrize("headers", SPOOFED)
def test_the_signed_address_is_the_configured_one_whatever_headers_say(twilio, call_sid, headers):
    fields = {"CallSid": call_sid, "From": "+15205550140", "To": "+15205550100"}
    good = sign("/voice/incoming", list(fields.items()))
    sent = {**headers, "X-Twilio-Signature": good}
    Heard(twilio.client.post("/voice/incoming", data=fields, headers=sent))


def test_both_tokens_are_taken_while_they_rotate(voice_runtime, call_sid):
    twilio = door(replace(voice_runtime, auth_tokens=("newer-token", AUTH_TOKEN)))
    fields = {"CallSid": call_sid, "From": "+15205550140", "To": "+15205550100"}
    for token, status in ((AUTH_TOKEN, 200), ("newer-token", 200), ("older-token", 403)):
        assert twilio.post("/voice/incoming", fields, token).status_code == status


def test_addresses_given_to_twilio_carry_no_query_and_are_ascii(twilio, call_sid):
    heard = ring(twilio, call_sid)
    for url in (heard.one("Gather").get("action"), heard.one("Redirect").text):
        assert "?" not in url
        assert url.isascii()
        assert url.endswith("#ct=1500&rt=3500&tt=5000&rc=1&rp=ct,5xx")


CLEANED = [
    # sent, digits, speech, confidence, silent
    ({}, None, None, None, True),
    ({"Digits": "", "SpeechResult": "", "Confidence": "0.0"}, None, None, None, True),
    ({"Digits": "9"}, "9", None, None, False),
    ({"Digits": "9#*x1"}, "9#*1", None, None, False),
    ({"Digits": "９"}, None, None, None, True),
    ({"Digits": "hangup"}, None, None, None, True),
    ({"SpeechResult": " a\x00b\n "}, None, "a b", None, False),
    ({"SpeechResult": "yes", "Confidence": "0.5"}, None, "yes", 0.5, False),
    ({"SpeechResult": "yes", "Confidence": "nan"}, None, "yes", None, False),
    ({"SpeechResult": "yes", "Confidence": "7"}, None, "yes", None, False),
    ({"SpeechResult": "yes", "Confidence": "high"}, None, "yes", None, False),
    ({"SpeechResult": "x" * 5000}, None, "x" * 1000, None, False),
]


@pytest.mark.parametrize(("sent", "digits", "speech", "confidence", "silent"), CLEANED)
def test_a_callers_input_is_cleaned_at_the_door(sent, digits, speech, confidence, silent):
    heard = form.caller_input(MultiDict(sent))
    assert (heard.digits, heard.speech, heard.confidence, heard.silent) == (
        digits, speech, confidence, silent,
    )  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=6))
def test_the_own_parser_reads_what_the_general_one_reads(pairs):
    body = urlencode(pairs, errors="replace").encode()
    read = list(form.parsed(body).items(multi=True))
    assert sorted(read) == sorted(parse_qsl(body.decode(), keep_blank_values=True))


BODIES = [
    (b"", []),
    (b"&&", []),
    (b"a", [("a", "")]),
    (b"a=&a=1&a=1", [("a", ""), ("a", "1"), ("a", "1")]),
    (b"a=b=c", [("a", "b=c")]),
    (b"a%3D=%2B1+2", [("a=", "+1 2")]),
    (b"a=%ff", [("a", "\ufffd")]),
    (b"a=\xff", [("a", "\ufffd")]),
    (b"a=%zz;b=1", [("a", "%zz;b=1")]),
]


@pytest.mark.parametrize(("body", "pairs"), BODIES)
def test_odd_bodies_are_read_too(body, pairs):
    assert list(form.parsed(body).items(multi=True)) == pairs
