"""What reaches the telephone company over real HTTP, and what its refusals become."""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from ivr.errors import (
    AlreadyEndedError,
    GatewayError,
    GatewayTimeout,
    LabelInUseError,
    NotAllowedError,
)
from ivr.gateway import CallOut, Dial, Dialled, Gateway, LegView, Ring
from ivr.psap_dial import Order, Ringing, already_rung, ring
from ivr.rules.dialling import Allowed
from ivr.twilio_gateway import Account, TwilioGateway

pytestmark = pytest.mark.rules

ROOM = "CF" + "c" * 32
LEG = "CA" + "a" * 32
PSAP = "+15205550191"
ALLOWED = Allowed(production=False, rehearsal=frozenset({PSAP, "+15205550140"}))
BASE = "/2010-04-01/Accounts/AC" + "1" * 32
DIAL = Dial(
    room="room-1",
    to=PSAP,
    from_number="+15205550140",
    label="psap-1-1",
    ring_seconds=25,
    conference_callback="https://a.test/voice/room/1/events",
    leg_callback="https://a.test/voice/leg/1",
    call_token="token",
)


class Company(ThreadingHTTPServer):
    """Answers every request with the next of its answers and keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Exchange)
        self.asked = []
        self.answers = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def last(self):
        return self.asked[-1]


class Exchange(BaseHTTPRequestHandler):
    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        self.server.asked.append((self.command, urlsplit(self.path).path, form, self.headers))
        answer = self.server.answers.pop(0) if self.server.answers else (200, {})
        if answer is None:
            self.close_connection = True
            return
        status, body = answer
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = b"" if status == 204 else sent
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the server's own names

    def log_message(self, *arguments):
        pass


@contextmanager
def _serving(company):
    thread = threading.Thread(target=company.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield company
    finally:
        company.shutdown()
        company.server_close()
        thread.join()


@pytest.fixture
def company():
    with _serving(Company()) as company:
        yield company


def gateway_at(url, allowed=ALLOWED):
    account = Account(
        account_sid="AC" + "1" * 32,
        auth_token="secret-token",
        api_key_sid="SK" + "2" * 32,
        api_key_secret="key-secret-of-thirty-two-letters",
        app_sid="AP" + "3" * 32,
        line_number="+15205550100",
        api_url=url,
    )
    return TwilioGateway(account, allowed)


@pytest.fixture
def gateway(company) -> Gateway:
    return gateway_at(company.url)


def refuse(status, code):
    return (status, {"code": code, "message": "refused", "status": status})


def test_911_is_dialled_into_the_room_with_the_flags_of_every_leg(company, gateway):
    company.answers = [(201, {"call_sid": LEG, "conference_sid": ROOM})]
    assert gateway.dial_into_room(DIAL) == Dialled(LEG, ROOM)
    method, path, form, headers = company.last()
    assert (method, path) == ("POST", f"{BASE}/Conferences/room-1/Participants.json")
    assert headers["Authorization"].startswith("Basic ")
    assert {name: values[0] for name, values in form.items() if len(values) == 1} == {
        "From": "+15205550140",
        "To": PSAP,
        "Label": "psap-1-1",
        "Timeout": "20",
        "EarlyMedia": "true",
        "Beep": "false",
        "StartConferenceOnEnter": "true",
        "EndConferenceOnExit": "false",
        "StatusCallback": "https://a.test/voice/leg/1",
        "ConferenceStatusCallback": "https://a.test/voice/room/1/events",
        "CallToken": "token",
    }
    assert form["ConferenceStatusCallbackEvent"] == [
        "start", "end", "join", "leave", "hold", "mute", "modify",
    ]  # fmt: skip
    assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]


CALL_OUT = CallOut(
    to=PSAP,
    from_number="+15205550100",
    document="https://a.test/voice/call-back/1/1",
    fallback="https://a.test/voice/fallback/resident",
    leg_callback="https://a.test/voice/call-back/1/leg",
    ring_seconds=30,
)


def test_a_resident_is_rung_with_our_own_number_and_asks_us_what_to_do(company, gateway):
    company.answers = [(201, {"sid": LEG})]
    assert gateway.call_out(CALL_OUT) == LEG
    method, path, form, _ = company.last()
    assert (method, path) == ("POST", f"{BASE}/Calls.json")
    assert {name: values[0] for name, values in form.items() if len(values) == 1} == {
        "From": "+15205550100",
        "To": PSAP,
        "Url": CALL_OUT.document,
        "Method": "POST",
        "FallbackUrl": CALL_OUT.fallback,
        "Timeout": "25",
        "StatusCallback": CALL_OUT.leg_callback,
    }


@pytest.mark.parametrize(("is_caller", "is_rung"), [(False, False), (True, True)])
def test_in_production_a_caller_is_rung_back_whose_number_stands_in_no_directory(
    company, gateway, is_caller, is_rung
):
    gateway._allowed = Allowed(production=True, rehearsal=frozenset())
    order = replace(DIAL, to="+15205550177", is_caller=is_caller)
    before = len(company.asked)
    if is_rung:
        gateway.dial_into_room(order)
        assert company.last()[2]["To"] == ["+15205550177"]
    else:
        with pytest.raises(NotAllowedError):
            gateway.dial_into_room(order)
        assert len(company.asked) == before


@pytest.mark.parametrize("to", ["911", "+1911", "sip:911@example.test", "+15207914242", "tel:911"])
def test_nothing_is_sent_to_a_number_that_may_not_be_dialled(company, gateway, to):
    forbidden = Dial(**{**{f: getattr(DIAL, f) for f in DIAL.__slots__}, "to": to})
    with pytest.raises(NotAllowedError):
        gateway.dial_into_room(forbidden)
    with pytest.raises(NotAllowedError):
        gateway.call_out(replace(CALL_OUT, to=to))
    with pytest.raises(NotAllowedError):
        gateway.send_text(to, "hello")
    assert company.asked == []


REFUSALS = [
    # answer, error
    (refuse(400, 16026), LabelInUseError),
    (refuse(400, 16025), LabelInUseError),
    (refuse(404, 20404), AlreadyEndedError),
    (refuse(400, 21220), AlreadyEndedError),
    (refuse(400, 21210), GatewayError),
    (refuse(401, 20003), GatewayError),
    (refuse(429, 20429), GatewayError),
    (refuse(500, 20500), GatewayError),
    ((503, {}), GatewayError),
    (None, GatewayTimeout),
]


@pytest.mark.parametrize(("answer", "error"), REFUSALS)
def test_each_refusal_has_its_own_error(company, gateway, answer, error):
    company.answers = [answer]
    with pytest.raises(GatewayError) as caught:
        gateway.dial_into_room(DIAL)
    assert type(caught.value) is error
    if answer and answer[1]:
        assert (caught.value.status, caught.value.code) == (answer[0], answer[1]["code"])


def test_a_company_out_of_reach_was_not_asked():
    with pytest.raises(GatewayError) as caught:
        gateway_at("http://127.0.0.1:9").dial_into_room(DIAL)
    assert type(caught.value) is GatewayError


COMMANDS = [
    # what is asked,                              method,  path,                       form
    (lambda g: g.redirect(LEG, "https://a.test/x#rc=1"), "POST", f"/Calls/{LEG}.json",
     {"Url": "https://a.test/x#rc=1", "Method": "POST"}),
    (lambda g: g.speak_and_end(LEG, "<Response/>"), "POST", f"/Calls/{LEG}.json",
     {"Twiml": "<Response/>"}),
    (lambda g: g.hold(ROOM, LEG, "https://a.test/hold"), "POST",
     f"/Conferences/{ROOM}/Participants/{LEG}.json",
     {"Hold": "true", "HoldUrl": "https://a.test/hold", "HoldMethod": "POST"}),
    (lambda g: g.hold(ROOM, LEG, None), "POST", f"/Conferences/{ROOM}/Participants/{LEG}.json",
     {"Hold": "false"}),
    (lambda g: g.remove(ROOM, LEG), "DELETE", f"/Conferences/{ROOM}/Participants/{LEG}.json", {}),
    (lambda g: g.end_room(ROOM), "POST", f"/Conferences/{ROOM}.json", {"Status": "completed"}),
    (lambda g: g.hang_up(LEG), "POST", f"/Calls/{LEG}.json", {"Status": "completed"}),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "method", "path", "form"), COMMANDS)
def test_each_command_is_the_request_twilio_documents(company, gateway, ask, method, path, form):
    company.answers = [(204, {})] if method == "DELETE" else [(200, {})]
    ask(gateway)
    asked = company.last()
    assert asked[:2] == (method, BASE + path)
    assert {name: values[0] for name, values in asked[2].items()} == form


def test_ending_a_room_that_is_ending_is_done_already(company, gateway):
    company.answers = [refuse(400, 20001)]
    with pytest.raises(AlreadyEndedError):
        gateway.end_room(ROOM)


def test_a_leg_is_seen_as_the_company_sees_it(company, gateway):
    company.answers = [(200, {"sid": LEG, "status": "in-progress"}), refuse(404, 20404)]
    assert gateway.leg(LEG) == LegView(LEG, "in-progress")
    assert gateway.leg(LEG) is None


def test_a_label_is_found_in_a_room_known_by_its_sid(company, gateway):
    company.answers = [(200, {"call_sid": LEG, "conference_sid": ROOM}), refuse(404, 20404)]
    assert gateway.find_in_room(ROOM, "psap-1-1") == LEG
    assert company.last()[1] == f"{BASE}/Conferences/{ROOM}/Participants/psap-1-1.json"
    assert gateway.find_in_room(ROOM, "psap-1-2") is None


def test_a_room_known_by_name_is_looked_for_among_the_live_ones(company, gateway):
    old = {"sid": "CF" + "0" * 32, "status": "completed"}
    live = {"sid": ROOM, "status": "in-progress"}
    company.answers = [
        (200, {"conferences": [old, live], "page": 0, "next_page_uri": None}),
        (200, {"call_sid": LEG, "conference_sid": ROOM}),
        (200, {"conferences": [old], "page": 0, "next_page_uri": None}),
    ]
    assert gateway.find_in_room("room-1", "psap-1-1") == LEG
    assert gateway.find_in_room("room-1", "psap-1-1") is None


def test_everybody_in_a_room_is_listed_by_label_and_a_room_that_is_over_has_nobody(
    company, gateway
):
    other = "CA" + "b" * 32
    here = [
        {"call_sid": LEG, "conference_sid": ROOM, "label": "caller"},
        {"call_sid": other, "conference_sid": ROOM, "label": "psap-1-1"},
        {"call_sid": "CA" + "d" * 32, "conference_sid": ROOM, "label": None},
    ]
    page = {"participants": here, "page": 0, "next_page_uri": None}
    rooms = {"conferences": [{"sid": ROOM, "status": "in-progress"}], "next_page_uri": None}
    none = {"conferences": [{"sid": ROOM, "status": "completed"}], "next_page_uri": None}
    company.answers = [(200, page), (200, rooms), (200, page), (200, none), refuse(404, 20404)]
    found = {"caller": LEG, "psap-1-1": other}
    assert gateway.labels_in_room(ROOM) == found
    assert gateway.labels_in_room("room-1") == found
    assert company.last()[1] == f"{BASE}/Conferences/{ROOM}/Participants.json"
    assert gateway.labels_in_room("room-1") == {}
    assert gateway.labels_in_room(ROOM) == {}


@pytest.mark.parametrize("room", [ROOM, "room-1"])
def test_a_room_that_cannot_be_looked_into_is_not_taken_for_an_empty_one(company, gateway, room):
    """The package tells of a refused list by another exception than of anything else."""
    company.answers = [refuse(503, 20503)]
    with pytest.raises(GatewayError) as refused:
        gateway.labels_in_room(room)
    assert refused.value.status == 503


def test_a_look_up_that_is_refused_or_garbled_stops_no_dial(company, gateway):
    """What an unreadable answer did is not known: the label is looked up before the next try."""
    garbled, made = (200, b"<html>"), (201, {"call_sid": LEG, "conference_sid": ROOM})
    rooms = (200, {"conferences": [], "next_page_uri": None})
    company.answers = [garbled, refuse(503, 20503), garbled, rooms, made]
    order = Order(
        room_name="room-1",
        conference_sid=None,
        to=PSAP,
        label="psap-1-1",
        ring_seconds=25,
        line_number="+15205550100",
        conference_callback="https://a.test/voice/room/1/events",
        leg_callback="https://a.test/voice/leg/1",
    )
    assert already_rung(gateway_at("http://127.0.0.1:9"), order) is None
    assert ring(gateway, order, wait=lambda _: None) == Ringing(LEG, ROOM, number_shown=False)
    assert [method for method, *_ in company.asked] == ["POST", "GET", "POST", "GET", "POST"]


def test_a_text_message_goes_from_the_lines_number(company, gateway):
    company.answers = [(201, {"sid": "SM1"})]
    assert gateway.send_text("+15205550140", "Request 1234") == "SM1"
    _, path, form, _ = company.last()
    assert path == f"{BASE}/Messages.json"
    assert form == {"To": ["+15205550140"], "From": ["+15205550100"], "Body": ["Request 1234"]}


def test_a_desk_telephone_is_rung_with_a_document_of_ours_and_nothing_else(company, gateway):
    company.answers = [(201, {"sid": LEG})]
    document, callback = "https://a.test/voice/desk-telephone/1/1", "https://a.test/events"
    asked = Ring("+15205550140", "+15205550100", document, callback, 20)
    assert gateway.ring(asked) == LEG
    method, path, form, _ = company.last()
    assert (method, path) == ("POST", f"{BASE}/Calls.json")
    assert form == {
        "To": ["+15205550140"],
        "From": ["+15205550100"],
        "Url": [document],
        "Method": ["POST"],
        "Timeout": ["15"],
        "StatusCallback": [callback],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    }
    with pytest.raises(NotAllowedError):
        gateway.ring(replace(asked, to="+15205550199"))
    assert len(company.asked) == 1


def test_the_softphones_token_names_one_person_and_one_application():
    token = gateway_at("http://127.0.0.1:9").softphone_token("staff-7", 900)
    told = jwt.decode(token, "key-secret-of-thirty-two-letters", algorithms=["HS256"])
    assert told["grants"]["identity"] == "staff-7"
    assert told["grants"]["voice"]["outgoing"] == {"application_sid": "AP" + "3" * 32}
    assert told["grants"]["voice"]["incoming"] == {"allow": True}
    assert told["exp"] - told["nbf"] == 900


def test_secrets_do_not_show_in_the_accounts_repr(company):
    shown = repr(Account("AC1", "hidden-token", "SK1", "hidden-secret", "AP1", "+15205550100"))
    assert "hidden" not in shown


RECORDING = "RE" + "d" * 32


def test_a_recording_is_fetched_below_our_own_account_with_our_own_password(company):
    company.answers = [(200, b"RIFF sound")]
    assert gateway_at(company.url).recording(RECORDING) == b"RIFF sound"
    method, path, _, headers = company.last()
    assert (method, path) == ("GET", f"{BASE}/Recordings/{RECORDING}.wav")
    assert headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "sid", ["", "RE", "CA" + "d" * 32, RECORDING + "/..", "../../x", "RE" + "D" * 32, "http://x"]
)
def test_nothing_but_a_recordings_sid_is_ever_asked_for(company, sid):
    with pytest.raises(GatewayError):
        gateway_at(company.url).recording(sid)
    assert company.asked == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {"code": 20404}), AlreadyEndedError),
        ((302, {}), GatewayError),
        ((500, {}), GatewayError),
        (None, GatewayTimeout),
    ],
)
def test_a_recording_that_is_not_given_is_an_error_and_no_redirect_is_followed(
    company, answer, error
):
    company.answers = [answer]
    with pytest.raises(error):
        gateway_at(company.url).recording(RECORDING)
    assert len(company.asked) == 1


def test_a_recording_longer_than_any_of_ours_is_not_kept(company, monkeypatch):
    monkeypatch.setattr("ivr.twilio_gateway.LONGEST_RECORDING", 100_000)
    company.answers = [(200, b"x" * 300_000)]
    with pytest.raises(GatewayError):
        gateway_at(company.url).recording(RECORDING)


def test_a_document_may_dial_whom_a_request_may_dial(company):
    gateway = gateway_at(company.url)
    assert gateway.may_dial(PSAP)
    assert not gateway.may_dial("+15205550100")
    assert not gateway.may_dial("911")
