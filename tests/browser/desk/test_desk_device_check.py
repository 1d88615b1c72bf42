"""The check before a shift: heard, sounding, measured; or what to do; or skipped, and said so."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states
from tests.browser.desk.test_desk_accessibility import violations

pytestmark = pytest.mark.browser


def test_everything_is_tried_and_the_check_leads_to_ready(open_desk, door):
    page = open_desk(states.idle())
    page.get_by_role("button", name="Check my telephone").click()
    step = page.locator(".check-step")
    expect(step.nth(0)).to_contain_text("Your voice is heard.")
    assert page.locator("#voice-level").get_attribute("aria-label") == "Level of your voice"
    assert step.nth(0).get_by_label("Microphone").locator("option").count() > 0
    step.nth(2).get_by_role("button", name="Make a test call").click()
    step.nth(1).get_by_role("button", name="Play a tone").click()
    step.nth(1).get_by_role("button", name="No").click()
    expect(step.nth(1)).to_contain_text("Choose another speaker")
    assert violations(page) == []
    step.nth(1).get_by_role("button", name="Play a tone").click()
    step.nth(1).get_by_role("button", name="Yes, I hear it").click()
    expect(step.nth(2)).to_contain_text("ms to and fro")
    expect(page.get_by_role("heading", name="Everything works.")).to_be_visible()
    for width, height in ((640, 360), (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".check-acts").get_by_role("button", name="Ready").click()
    expect(page.get_by_text("Your telephone was checked.")).to_be_visible()
    assert door.comes_to("presence", [{"state": "available"}])


def test_what_fails_says_what_to_do_and_skipping_is_said(open_desk, door):
    page = open_desk(states.idle())
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError')); }"
    )
    page.get_by_role("button", name="Check my telephone").click()
    expect(page.locator(".check-step").first).to_contain_text("Your telephone did not start.")
    expect(page.locator(".problem")).to_contain_text("Plug in the headset")
    page.get_by_role("button", name="Skip: callers are waiting").click()
    expect(page.get_by_text("No time now: callers are waiting.")).to_be_visible()
    assert door.ordered("presence") == []


def test_a_desk_telephone_is_registered_beside_the_check(open_desk, door):
    page = open_desk(states.idle())
    page.get_by_role("button", name="Check my telephone").click()
    page.get_by_label("Its direct number").fill("520 555 0168")
    waits = {**states.idle(), "desk_telephone": {"number": "(520) 555-0168", "is_approved": False}}
    door.after["desk-telephone"] = lambda body: setattr(door, "state", waits)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("waits for an administrator's approval")).to_be_visible()
    assert door.ordered("desk-telephone") == [{"number": "520 555 0168"}]
