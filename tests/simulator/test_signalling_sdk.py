"""The contract with the real @twilio/voice-sdk: what the product's softphone does against the simulator's signalling."""

import json
import time
from pathlib import Path

import pytest
from aiohttp import web
from stage import chromium, served

from simulator import pages, signalling
from simulator.config import Account, ApiKey
from simulator.legs import CallStatus, Direction, Heard, Leg, Party, What
from simulator.tokens import sign_token, verify_token

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SDK = ROOT / "node_modules" / "@twilio" / "voice-sdk"
ACCOUNT = Account(
    "tucson", "AC" + "1" * 32, "secret", (ApiKey("SK" + "2" * 32, "key-secret"),), (), ()
)
PAGE = """<!doctype html><title>softphone</title><script src="/shim.js"></script><script src="/sdk.js"></script>
<body><audio></audio></body>"""
SOFTPHONE = """async (token) => {
  window.told = [];
  const note = (what, more) => window.told.push(more === undefined ? what : `${what} ${more}`);
  window.watch = (call) => {
    window.call = call;
    for (const kind of ["accept", "ringing", "disconnect", "cancel", "reject"]) call.on(kind, () => note(kind));
    call.on("messageReceived", (message) => note("message", JSON.stringify(message.content)));
    call.on("error", (error) => note("call error", error.code));
  };
  window.device = new Twilio.Device(token, { chunderw: location.host, logLevel: "silent", closeProtection: false });
  device.on("error", (error) => note("error", error.code));
  device.on("registered", () => note("registered"));
  device.on("unregistered", () => note("unregistered"));
  device.on("incoming", (call) => { note("incoming", `${call.parameters.From} ${call.customParameters.get("offer")}`); watch(call); });
  device.register().catch(() => note("register failed"));
}"""


class ScriptedExchange:
    """Plays the exchange's part of the contract by the test's order, and notes what the softphone asked."""

    def __init__(self) -> None:
        self.asked = []
        self.registered = None
        self.leg = None

    def verify_softphone(self, token):
        return verify_token(token, [ACCOUNT], time.time())

    def register_softphone(self, softphone):
        self.registered = softphone

    def unregister_softphone(self, softphone):
        self.asked.append("unregistered")

    def connect_softphone(self, softphone, params):
        self.asked.append(("connect", dict(params)))
        self.leg = Leg(
            ACCOUNT, Direction.INBOUND, Party.SOFTPHONE, f"client:{softphone.grant.identity}", ""
        )
        return self.leg

    def softphone_answered(self, leg):
        self.asked.append("answered")
        self.answer()

    def softphone_hung_up(self, leg):
        self.asked.append("hung up")
        self.end()

    def softphone_pressed(self, leg, digits):
        self.asked.append(("pressed", digits))

    def softphone_said(self, leg, text):
        self.asked.append(("said", text))

    def answer(self):
        self.leg.status = CallStatus.IN_PROGRESS
        self.registered.answered(self.leg)

    def end(self):
        self.leg.status = CallStatus.COMPLETED
        self.registered.hangup(self.leg)

    def ring(self):
        self.leg = Leg(
            ACCOUNT, Direction.OUTBOUND_API, Party.SOFTPHONE, "+15205550142", "client:maria"
        )
        self.leg.fields = {"offer": "o 1&2"}
        self.registered.ring(self.leg)

    def caption(self, text):
        self.registered.heard(
            self.leg, Heard(self.leg.created_at, 1.0, What.CAPTION, text, "es", speaker="Caller")
        )


def token(identity="maria", secret="key-secret", seconds=3600):
    now = int(time.time())
    voice = {"incoming": {"allow": True}, "outgoing": {"application_sid": "AP" + "3" * 32}}
    claims = {
        "sub": ACCOUNT.sid,
        "nbf": now - 60,
        "exp": now + seconds,
        "grants": {"identity": identity, "voice": voice},
    }
    return sign_token(ACCOUNT.api_keys[0].sid, secret, claims)


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def exchange():
    return ScriptedExchange()


@pytest.fixture
def server(exchange):
    async def page(_request):
        return web.Response(text=PAGE, content_type="text/html")

    async def sdk(_request):
        return web.FileResponse(SDK / "dist" / "twilio.min.js")

    def build():
        app = web.Application()
        app.router.add_get("/", page)
        app.router.add_get("/sdk.js", sdk)
        app.router.add_get("/shim.js", pages.Pages(None).shim)
        signalling.add_routes(app, exchange)
        return app

    with served(build) as running:
        yield running


@pytest.fixture
def softphone(browser, server):
    """A page with the SDK, not yet signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url)
    yield page
    context.close()


def sign_in(page, with_token=None):
    page.evaluate(SOFTPHONE, with_token or token())
    wait_for(page, "registered")


def wait_for(page, *told):
    for what in told:
        page.wait_for_function("what => window.told.includes(what)", arg=what, timeout=10_000)


def wait_until(asked, wanted):
    deadline = time.monotonic() + 10
    while wanted not in asked:
        assert time.monotonic() < deadline, f"{wanted} is not in {asked}"
        time.sleep(0.05)


def connect(page, params):
    page.evaluate("async params => watch(await device.connect({ params }))", params)


def test_an_outgoing_call_carries_its_parameters_and_opens_when_the_exchange_answers(
    softphone, server, exchange
):
    sign_in(softphone)
    connect(softphone, {"offer": "o 1&2", "note": "ñ"})
    wait_for(softphone, "ringing")
    assert ("connect", {"offer": "o 1&2", "note": "ñ"}) in exchange.asked
    assert "accept" not in softphone.evaluate("told")
    server.do(exchange.answer)
    wait_for(softphone, "accept")
    assert softphone.evaluate("call.status()") == "open"
    assert softphone.evaluate("call.parameters.CallSid") == exchange.leg.sid


def test_keys_and_a_hang_up_reach_the_exchange(softphone, server, exchange):
    sign_in(softphone)
    connect(softphone, {})
    wait_for(softphone, "ringing")
    server.do(exchange.answer)
    wait_for(softphone, "accept")
    softphone.evaluate("call.sendDigits('1#')")
    wait_until(exchange.asked, ("pressed", "1#"))
    softphone.evaluate("call.disconnect()")
    wait_until(exchange.asked, "hung up")
    wait_for(softphone, "disconnect")


def test_the_far_side_ends_the_call(softphone, server, exchange):
    sign_in(softphone)
    connect(softphone, {})
    wait_for(softphone, "ringing")
    server.do(exchange.answer)
    wait_for(softphone, "accept")
    server.do(exchange.end)
    wait_for(softphone, "disconnect")
    assert softphone.evaluate("told.filter(what => what.includes('error'))") == []


def test_an_app_that_refuses_ends_the_call_before_it_opened(softphone, server, exchange):
    sign_in(softphone)
    connect(softphone, {})
    wait_for(softphone, "ringing")
    server.do(exchange.end)
    wait_for(softphone, "disconnect")
    assert "accept" not in softphone.evaluate("told")


def test_an_incoming_call_rings_with_who_calls_and_is_accepted(softphone, server, exchange):
    sign_in(softphone)
    server.do(exchange.ring)
    wait_for(softphone, "incoming +15205550142 o 1&2")
    softphone.evaluate("call.accept()")
    wait_until(exchange.asked, "answered")
    wait_for(softphone, "accept")
    assert softphone.evaluate("call.status()") == "open"


def test_an_incoming_call_can_be_refused(softphone, server, exchange):
    sign_in(softphone)
    server.do(exchange.ring)
    wait_for(softphone, "incoming +15205550142 o 1&2")
    softphone.evaluate("call.reject()")
    wait_until(exchange.asked, "hung up")


def test_a_caller_who_gives_up_stops_the_ringing(softphone, server, exchange):
    sign_in(softphone)
    server.do(exchange.ring)
    wait_for(softphone, "incoming +15205550142 o 1&2")
    server.do(exchange.end)
    wait_for(softphone, "cancel")
    assert softphone.evaluate("call.status()") == "closed"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (lambda: token(secret="another"), 20101),
        (lambda: token(seconds=-10), 20104),
        (lambda: token().replace(token().split(".")[0], "e30"), 20101),
    ],
)
def test_a_bad_token_is_refused_with_the_sdks_own_error(softphone, exchange, bad, code):
    softphone.evaluate(SOFTPHONE, bad())
    wait_for(softphone, f"error {code}")
    assert exchange.registered is None
    assert "registered" not in softphone.evaluate("told")


def test_a_closed_browser_is_gone_for_the_exchange(softphone, exchange):
    sign_in(softphone)
    softphone.goto("about:blank")
    wait_until(exchange.asked, "unregistered")


def test_a_softphone_may_unregister_and_register_again(softphone, exchange):
    sign_in(softphone)
    softphone.evaluate("() => device.unregister()")
    wait_for(softphone, "unregistered")
    softphone.evaluate("() => { told.length = 0; return device.register(); }")
    wait_for(softphone, "registered")


def test_a_message_of_the_product_reaches_its_page(softphone, server, exchange):
    sign_in(softphone)
    connect(softphone, {})
    wait_for(softphone, "ringing")
    server.do(exchange.answer)
    wait_for(softphone, "accept")
    server.do(lambda: exchange.registered.message(exchange.leg, json.dumps({"hold": True})))
    wait_for(softphone, 'message {"hold":true}')


def test_captions_show_in_the_shims_box_and_what_is_typed_there_is_said(
    softphone, server, exchange
):
    sign_in(softphone)
    box = softphone.locator("old-pueblo-captions")
    assert not box.is_visible()
    connect(softphone, {})
    wait_for(softphone, "ringing")
    server.do(exchange.answer)
    wait_for(softphone, "accept")
    server.do(lambda: exchange.caption("hay un bache"))
    box.get_by_text("hay un bache").wait_for()
    box.get_by_label("What you say on the call").fill("¿Dónde está?")
    box.get_by_role("button", name="Say").click()
    wait_until(exchange.asked, ("said", "¿Dónde está?"))
    server.do(exchange.end)
    box.wait_for(state="hidden")


def test_the_connection_lives_on_when_nothing_is_said(softphone, exchange):
    sign_in(softphone)
    softphone.wait_for_timeout(16_000)  # the SDK reconnects after 15 s without a frame
    assert softphone.evaluate("told") == ["registered"]
    assert "unregistered" not in exchange.asked


def test_the_sdk_is_the_version_whose_protocol_this_is():
    assert json.loads((SDK / "package.json").read_text())["version"] == "2.18.5"
