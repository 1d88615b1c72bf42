"""The desk's telephone is the real softphone; its troubles are told in words."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser


def connect(page, door):
    """Be ready and accept the ringing call."""
    page.get_by_role("button", name="Ready", exact=True).first.click()
    expect(page.get_by_text("Telephone ready")).to_be_visible()
    door.after["accept"] = lambda body: setattr(door, "state", states.in_call())
    page.locator("#accept").click()
    expect(page.get_by_text("Telephone: connected")).to_be_visible()


def test_it_registers_connects_mutes_and_is_put_down(open_desk, door):
    page = open_desk(states.ringing())
    connect(page, door)
    page.keyboard.press("F6")
    expect(page.get_by_text("Telephone: you are muted")).to_be_visible()
    page.keyboard.press("F6")
    door.after["hang-up"] = lambda body: setattr(door, "state", states.wrap_up())
    page.keyboard.press("Alt+h")
    expect(page.get_by_text("How did it end?")).to_be_visible()
    expect(page.get_by_text("Telephone ready")).to_be_visible()
    assert page.locator(".problem").count() == 0


def test_a_lost_leg_says_what_the_caller_hears_and_what_to_do(open_desk, door):
    page = open_desk(states.ringing())
    connect(page, door)
    door.hang_up_telephone()
    problem = page.get_by_role("alert").filter(
        has_text="Your telephone's connection to the call was lost."
    )
    expect(problem).to_contain_text("We lost the connection; you are first")
    expect(problem).to_contain_text("Ready")


def test_a_leg_that_ended_because_the_caller_hung_up_was_no_loss(open_desk, door):
    page = open_desk(states.ringing())
    connect(page, door)
    door.hang_up_telephone()
    expect(page.locator(".problem")).to_have_count(1)
    door.show(states.gone())
    expect(page.get_by_text("How did it end?")).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)


def test_a_refused_microphone_is_told_and_nobody_is_made_available(chromium, door):
    door.state = states.idle()
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"{door.address}/desk")
    page.get_by_role("button", name="Ready", exact=True).first.click()
    expect(page.get_by_text("The browser refused the microphone.")).to_be_visible()
    assert door.ordered("presence") == []
    context.close()


def test_the_ring_sounds_only_while_a_call_rings(open_desk, door):
    page = open_desk(states.idle())
    page.evaluate(
        """() => {
          const sources = AudioScheduledSourceNode.prototype, { start } = sources;
          window.notes = 0;
          sources.start = function (...at) { window.notes += this instanceof OscillatorNode; return start.apply(this, at); };
        }"""
    )
    door.after["presence"] = lambda body: setattr(door, "state", states.ringing())
    page.get_by_role("button", name="Ready", exact=True).first.click()
    page.wait_for_function("() => window.notes > 0")
    door.show(states.idle("available"))
    expect(page.get_by_text("You are ready.")).to_be_visible()
    page.wait_for_timeout(100)
    heard = page.evaluate("window.notes")
    page.wait_for_timeout(2300)
    assert page.evaluate("window.notes") == heard
