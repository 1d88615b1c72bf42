"""The simulator's pages in a real browser, against the real exchange and a small product."""

import pytest
from fake_product import FakeProduct
from stage import chromium, served

from simulator.app import build_app
from simulator.config import read_config
from tests.axe import violations

pytestmark = pytest.mark.browser

ACCOUNT, KEY, APP = "AC" + "1" * 32, "SK" + "2" * 32, "AP" + "3" * 32
CITY, HUMAN = "+15205550191", "+15205550110"
WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def simulator():
    fake = FakeProduct(ACCOUNT, "token", KEY, "key-secret", APP, CITY)
    with served(fake.app) as product:
        fake.own = product.url
        config = read_config({
            "speech_rate": 8,
            "accounts": [{
                "name": "tucson", "sid": ACCOUNT, "auth_token": "token", "api_keys": [{"sid": KEY, "secret": "key-secret"}],
                "numbers": [{"number": "+15205550100", "dialled_as": ["311"], "voice_url": f"{product.url}/voice/incoming"}],
                "apps": [{"sid": APP, "voice_url": f"{product.url}/voice/desk"}],
                "calls_per_second": 20,
            }],
            "phones": [
                {"number": CITY, "name": "City 911 desk", "kind": "desk911"},
                {"number": HUMAN, "name": "Staffed line", "kind": "line"},
            ],
            "residents": [
                {"name": "Ana", "number": "+15205550142", "language": "es", "opening": "hay un bache", "note": "Spanish, pothole"},
                {"name": "George <b>", "number": "+15205550143", "language": "en", "opening": "I smell gas", "note": "gas"},
            ],
        })  # fmt: skip
        with served(lambda: build_app(config)) as running:
            fake.simulator = running.url
            yield running.url


@pytest.fixture
def opened(browser, simulator):
    """Open a page of the simulator; complaints of the browser about it fail the test."""
    contexts, complaints = [], []

    def open_page(path, viewport=WIDE, **context):
        contexts.append(browser.new_context(viewport=viewport, **context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.goto(simulator + path)
        return page

    yield open_page
    for context in contexts:
        hang_up_all(context.request, simulator)
        context.close()
    assert complaints == []


def hang_up_all(request, simulator):
    """A call that a failed test has left would keep the telephones of the next one engaged."""
    for call in request.get(f"{simulator}/simulator/calls").json()["calls"]:
        request.post(f"{simulator}/simulator/calls/{call['call_sid']}/hangup")


def phone_of(page, name):
    return page.get_by_role("region", name=f"{name}’s telephone")


def test_a_resident_dials_hears_speaks_and_hangs_up(opened):
    page = opened("/phone")
    phone = phone_of(page, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    heard = phone.get_by_text("Emergency, press 9.")
    heard.wait_for()
    assert heard.get_attribute("lang") == "en"
    phone.get_by_label("What Ana says").fill("hay un bache enfrente")
    phone.get_by_role("button", name="Say", exact=True).click()
    phone.get_by_text("hay un bache enfrente").wait_for()
    phone.get_by_text("Please stay on the line.").first.wait_for()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()
    assert phone.get_by_role("button", name="Dial 3-1-1").is_visible()


def test_the_keys_of_the_keyboard_are_the_keys_of_the_telephone(opened):
    page = opened("/phone")
    phone = phone_of(page, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").press("Enter")
    phone.get_by_text("Emergency, press 9.").wait_for()
    phone.get_by_role("button", name="5", exact=True).focus()
    page.keyboard.press("4")
    phone.get_by_text("You pressed").wait_for()
    assert phone.locator("li.mine p").text_content() == "4"
    phone.get_by_label("What Ana says").press("7")
    assert phone.get_by_label("What Ana says").input_value() == "7"
    assert phone.locator("li.mine").count() == 1
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_several_residents_are_on_the_telephone_at_once_and_stay_after_a_reload(opened):
    page = opened("/phone")
    page.get_by_role("button", name="George").click()
    for name in ("Ana", "George <b>"):
        phone_of(page, name).get_by_role("button", name="Dial 3-1-1").click()
        phone_of(page, name).get_by_text("Emergency, press 9.").wait_for()
    page.reload()
    for name in ("Ana", "George <b>"):
        phone_of(page, name).get_by_text("Emergency, press 9.").wait_for()
        phone_of(page, name).get_by_role("button", name="Hang up").click()
        phone_of(page, name).get_by_text("Call ended after").wait_for()


def test_what_twilio_sent_and_got_is_folded_under_the_phone(opened):
    page = opened("/phone")
    phone = phone_of(page, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    assert not phone.get_by_text("/voice/incoming").is_visible()
    phone.get_by_text("What Twilio sent and got").click()
    phone.get_by_text("200 /voice/incoming").wait_for()
    phone.get_by_text("<Gather").wait_for()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_a_withheld_number_is_withheld(opened, simulator):
    page = opened("/phone")
    phone = phone_of(page, "Ana")
    phone.get_by_label("Withhold my number").check()
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    calls = page.request.get(f"{simulator}/simulator/calls").json()["calls"]
    assert calls[-1]["from"] == "anonymous"
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_a_whole_call_to_the_911_desk(opened):
    resident, desk = opened("/phone"), opened(f"/911?phone={CITY}")
    assert desk.get_by_role("button", name="Answer").is_disabled()
    phone = phone_of(resident, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    phone.get_by_role("button", name="9", exact=False).click()
    desk.locator("#lamp-word", has_text="Ringing").wait_for()
    assert desk.title().startswith("RINGING")
    desk.get_by_role("button", name="Answer").click()
    desk.locator("#lamp-word", has_text="Talking").wait_for()
    phone.get_by_text("in the room", exact=True).wait_for()
    desk.get_by_label("What you say").fill("911, what is your emergency?")
    desk.get_by_role("button", name="Say", exact=True).click()
    phone.get_by_text("911, what is your emergency?").wait_for()
    assert (
        phone.locator("li", has_text="what is your emergency").locator(".who").text_content()
        == "911"
    )
    phone.get_by_label("What Ana says").fill("Huele a gas")
    phone.get_by_label("What Ana says").press("Enter")
    desk.get_by_text("Huele a gas").wait_for()
    desk.get_by_label("We have the caller").check()
    phone.get_by_text("We have the caller.").wait_for()
    assert desk.get_by_label("We have the caller").is_disabled()
    desk.get_by_role("button", name="Hang up").click()
    desk.locator("#lamp-word", has_text="Quiet").wait_for()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_a_busy_desk_stops_ringing(opened):
    resident, desk = opened("/phone?resident=%2B15205550143"), opened(f"/911?phone={CITY}")
    phone = phone_of(resident, "George <b>")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    phone.get_by_role("button", name="9", exact=False).click()
    desk.locator("#lamp-word", has_text="Ringing").wait_for()
    desk.get_by_role("button", name="Busy").click()
    desk.locator("#lamp-word", has_text="Quiet").wait_for()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_a_desk_can_be_told_to_answer_by_itself(opened):
    resident, desk = opened("/phone"), opened(f"/911?phone={CITY}")
    desk.get_by_label("When it rings").select_option("Answer by itself")
    phone = phone_of(resident, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    phone.get_by_role("button", name="9", exact=False).click()
    desk.locator("#lamp-word", has_text="Talking").wait_for()
    desk.get_by_label("When it rings").select_option("I decide each time")
    desk.get_by_role("button", name="Hang up").click()
    desk.locator("#lamp-word", has_text="Quiet").wait_for()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


def test_a_resident_is_called_back(opened, simulator):
    page = opened("/phone")
    phone = phone_of(page, "Ana")
    twiml = "<Response><Say>This is 3-1-1 calling back.</Say></Response>"
    form = {"To": "+15205550142", "From": "+15205550100", "Twiml": twiml}
    page.wait_for_timeout(300)
    made = page.request.post(
        f"{simulator}/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
        form=form,
        headers={"Authorization": basic()},
    )
    assert made.status == 201
    phone.get_by_text("(520) 555-0100 is calling").wait_for()
    phone.get_by_role("button", name="Answer").click()
    phone.get_by_text("This is 3-1-1 calling back.").wait_for()
    phone.get_by_text("Call ended after").wait_for()


def basic():
    import base64

    return "Basic " + base64.b64encode(f"{ACCOUNT}:token".encode()).decode()


def test_the_choice_of_desks_names_those_that_answer_elsewhere(opened):
    page = opened("/911")
    page.get_by_role("link", name="Staffed line").click()
    page.get_by_role("heading", name="Staffed line").wait_for()
    assert "%2B15205550110" in page.url


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/phone", "/911", f"/911?phone={CITY}"])
def test_no_page_has_anything_that_axe_finds_or_scrolls_sideways(opened, path, scheme, viewport):
    page = opened(path, viewport, color_scheme=scheme, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_during_a_call_either(opened, scheme):
    resident = opened("/phone", color_scheme=scheme, bypass_csp=True)
    desk = opened(f"/911?phone={CITY}", color_scheme=scheme, bypass_csp=True)
    phone = phone_of(resident, "Ana")
    phone.get_by_role("button", name="Dial 3-1-1").click()
    phone.get_by_text("Emergency, press 9.").wait_for()
    phone.get_by_role("button", name="9", exact=False).click()
    desk.locator("#lamp-word", has_text="Ringing").wait_for()
    assert violations(desk) == []
    desk.get_by_role("button", name="Answer").click()
    desk.locator("#lamp-word", has_text="Talking").wait_for()
    phone.get_by_text("in the room", exact=True).wait_for()
    desk.get_by_label("What you say").fill("911?")
    desk.get_by_role("button", name="Say", exact=True).click()
    phone.get_by_text("911?").wait_for()
    phone.get_by_text("What Twilio sent and got").click()
    phone.get_by_text("200 /voice/incoming").wait_for()
    assert violations(desk) == []
    assert violations(resident) == []
    desk.get_by_role("button", name="Hang up").click()
    phone.get_by_role("button", name="Hang up").click()
    phone.get_by_text("Call ended after").wait_for()


@pytest.mark.parametrize("path", ["/phone", f"/911?phone={CITY}"])
def test_every_target_is_at_least_24_pixels(opened, path):
    page = opened(path, NARROW)
    page.wait_for_load_state("networkidle")
    small = page.evaluate("""[...document.querySelectorAll("button, input, select, summary, nav a")].filter(
        (element) => element.checkVisibility() && Math.min(element.offsetWidth, element.offsetHeight) < 24).map((e) => e.outerHTML)""")
    assert small == []
