"""The editor at the product's own door: one edits and proposes, another approves, it is live, and back."""

import io
import json
import wave

import pytest
from playwright.sync_api import expect

from tests import databases
from tests.browser.conftest import PATIENCE_MS
from tests.browser.whole.resident import Resident
from tests.browser.whole.town import standing

pytestmark = pytest.mark.browser

REACHES_EVERY_CALL_MS = 5_000
"""The promise: published, tried, rolled back or switched, the next call after so long hears it."""

NEXT_SOUND = """() => {
  const Real = Audio;
  window.nextSound = new Promise((played) => {
    window.Audio = function (address) {
      const sound = new Real(address);
      sound.addEventListener("ended", () => played(address));
      return sound;
    };
  });
}"""
"""Keeps the address of the next sound that the page plays to its end."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    url = databases.fresh("postgresql", tmp_path_factory.mktemp("menus"))
    with standing(url) as stood:
        yield stood
    databases.drop(url)


@pytest.fixture
def editor_of(chromium, town):
    """The editor as somebody of the demonstration sees it; errors of the page or its policy fail."""
    errors, contexts = [], []

    def opened(name):
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda told: "Content Security" in told.text and errors.append(told.text)
        )
        page.goto(f"{town.product_url}/login")
        page.get_by_label("E-mail address").fill(town.email_of(name))
        page.get_by_label("Password").fill(town.passphrase)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/login" not in address)
        page.goto(f"{town.product_url}/menus/menu/menu")
        page.locator("#chosen-title").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def test_words_are_changed_tried_proposed_approved_published_and_rolled_back(editor_of, town):
    eli = editor_of("Eli")
    eli.get_by_role("tab", name="List").click()
    eli.locator('.row-node[data-node="storm_notice"]').click()
    field = eli.locator("#f-text-en")
    before = field.input_value()
    field.fill("")
    expect(eli.locator(".editor-findings .finding-error").first).to_contain_text("storm_notice")
    field.fill("Cooling centers are open today.")
    expect(eli.locator(".editor-findings .finding-error")).to_have_count(0, timeout=60_000)
    eli.get_by_role("button", name="Try it").click()
    eli.locator(".try-facts summary").click()
    eli.locator(".try-facts").get_by_label("Switch storm").select_option(label="on")
    eli.get_by_role("button", name="Call", exact=True).click()
    eli.locator(".try-keys [aria-disabled]").first.wait_for(state="detached")
    eli.locator(".try-keys").get_by_role("button", name="1", exact=True).click()
    expect(eli.locator(".try-heard")).to_contain_text("Cooling centers are open today.")
    eli.get_by_role("button", name="Propose").click()
    proposing = eli.get_by_role("dialog", name="Propose this draft")
    expect(proposing.get_by_role("table")).to_contain_text("Cooling centers are open today.")
    proposing.get_by_label("What does it change, and why?").fill("Cooling centers for the heat")
    proposing.get_by_role("button", name="Propose").click()
    expect(eli.get_by_role("region", name="Waiting for approval")).to_contain_text("Eli Marsh")

    dora = editor_of("Dora")
    dora.get_by_role("button", name="Approve").click()
    dora.get_by_role("button", name="Approve and publish").click()
    confirm(dora, town.passphrase)
    expect(dora.locator(".editor-states")).to_contain_text("Live v2")
    dora.goto(f"{town.product_url}/menus")
    dora.get_by_role("button", name="Switch on storm").click()
    expect(dora.get_by_role("button", name="Switch off storm")).to_be_visible()
    dora.wait_for_timeout(REACHES_EVERY_CALL_MS)
    assert "Cooling centers are open today." in a_caller_hears(town, dora.context.browser)

    dora.goto(f"{town.product_url}/menus/menu/menu")
    dora.get_by_role("button", name="History").click()
    dora.get_by_role("row", name="v1").get_by_role("button", name="Roll back to it").click()
    rolling = dora.get_by_role("dialog", name="Roll back to v1")
    expect(rolling.get_by_role("table")).to_contain_text(before)
    rolling.get_by_label("Why?").fill("The heat is over.")
    rolling.get_by_role("button", name="Roll back").click()
    confirm(dora, town.passphrase)
    expect(dora.locator(".editor-states")).not_to_contain_text("Live v2")
    dora.wait_for_timeout(REACHES_EVERY_CALL_MS)
    heard = a_caller_hears(town, dora.context.browser)
    assert before in heard
    assert "Cooling centers" not in heard


def test_a_recording_is_uploaded_listened_to_and_heard_by_whoever_calls_the_draft(editor_of, town):
    eli = editor_of("Eli")
    eli.evaluate(NEXT_SOUND)
    eli.get_by_role("tab", name="List").click()
    eli.locator('.row-node[data-node="emergency_sentence"]').click()
    eli.locator(".recording summary").first.click()
    sound = {"name": "danger.wav", "mimeType": "audio/wav", "buffer": wav(1.0)}
    eli.locator("#f-text-en-file").set_input_files(sound)
    expect(eli.locator(".recording summary").first).to_have_text("Recording: danger.wav, 1.0 s")
    eli.get_by_role("button", name="Listen", exact=True).click()
    recording = eli.evaluate("() => window.nextSound").rsplit("/", 1)[-1]
    eli.get_by_role("button", name="Call the draft").click()
    number = eli.locator(".trial-number").inner_text()
    eli.wait_for_timeout(REACHES_EVERY_CALL_MS)

    rosa = Resident(eli.context.browser.new_page())
    rosa.page.goto(town.phone_of("Rosa"))
    rosa.page.get_by_label("Another number").fill(number)
    rosa.page.get_by_role("button", name="Dial", exact=True).click()
    rosa.hears("press 1")
    rosa.press("1")
    rosa.hears("tell me what you need")
    (call,) = [one for one in town.ask("GET", "/simulator/calls")["calls"] if under_way(one)]
    heard = town.ask("GET", f"/simulator/calls/{call['call_sid']}")["heard"]
    assert recording in json.dumps([one for one in heard if one["what"] == "play"])
    assert "press 9 at any time" not in json.dumps(heard)
    rosa.page.get_by_role("button", name="Hang up").click()
    rosa.page.close()
    assert "press 9 at any time" in a_caller_hears(town, eli.context.browser)


def under_way(call):
    return call["status"] == "in-progress"


def wav(seconds):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(seconds * 8000) * 2))
    return out.getvalue()


def a_caller_hears(town, browser):
    """What a resident's telephone says after 1 for English, up to the question what is needed."""
    resident = Resident(browser.new_page())
    resident.page.goto(town.phone_of("Walt"))
    resident.dial()
    resident.hears("press 1")
    resident.press("1")
    resident.hears("tell me what you need")
    heard = resident.heard.inner_text()
    resident.page.get_by_role("button", name="Hang up").click()
    resident.page.close()
    return heard


def confirm(page, passphrase):
    """Give the password where it is asked for, it counts for a quarter of an hour; then the order is done."""
    page.locator("#sheet.sheet-password, body:not(:has(#sheet))").first.wait_for(state="attached")
    if page.get_by_role("dialog", name="Your password, once more").count():
        page.get_by_label("Password").fill(passphrase)
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#sheet")).to_have_count(0)
