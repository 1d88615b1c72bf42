"""A shift at the desk: breaks, the time after a call, holds with words, the keypad, one page of several."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states
from tests.browser.desk.test_desk_accessibility import violations

pytestmark = pytest.mark.browser


def ready(page, door, then):
    door.after["presence"] = lambda body: setattr(door, "state", then)
    page.get_by_role("button", name="Ready", exact=True).first.click()
    expect(page.get_by_text("Telephone ready")).to_be_visible()


def test_a_break_is_taken_with_its_reason(open_desk, door):
    page = open_desk(states.idle())
    page.locator(".presence").click()
    door.after["presence"] = lambda body: setattr(door, "state", states.on_break())
    page.get_by_role("button", name="Lunch").click()
    expect(page.get_by_text("You are on a break: lunch.")).to_be_visible()
    expect(page.locator(".presence")).to_contain_text("Lunch")
    assert door.ordered("presence") == [{"state": "break", "reason": "lunch"}]


def test_the_time_after_a_call_is_shown_and_prolonged_by_a_key(open_desk, door):
    page = open_desk(states.wrap_up())
    expect(page.locator(".strip-caller")).to_contain_text("Wrap-up: 0:1")
    over = states.wrap_up()
    over["presence"] |= {"ends_at": states.ago(65), "more_minutes": 0}
    door.after["more"] = lambda body: setattr(door, "state", over)
    page.keyboard.press("Alt+m")
    expect(page.locator(".strip-caller")).to_contain_text("Wrap-up: over by 1:")
    expect(page.get_by_role("button", name="One more minute")).to_have_count(0)
    page.keyboard.press("Alt+m")
    assert len(door.ordered("presence/more")) == 1


def test_a_hold_is_chosen_by_digit_told_and_warned_of(open_desk, door):
    page = open_desk(states.in_call())
    door.after["hold"] = lambda body: setattr(door, "state", states.held(9))
    page.keyboard.press("F4")
    expect(page.get_by_text("está llamando al departamento")).to_be_visible()
    page.keyboard.press("2")
    assert door.comes_to("/hold", [{"on": True, "reason": "calling_department"}])
    expect(page.locator(".strip-caller")).to_contain_text("Hold ends in 0:0")
    expect(page.locator("[aria-live=assertive]")).to_contain_text("The hold ends in")
    page.keyboard.press("F4")
    assert door.comes_to("/hold", [{"on": True, "reason": "calling_department"}, {"on": False}])


def test_keys_typed_on_the_pad_go_into_the_call_and_answer_no_question(open_desk, door):
    page = open_desk(states.ringing())
    ready(page, door, states.ringing())
    door.after["accept"] = lambda body: setattr(door, "state", states.in_call())
    page.locator("#accept").click()
    expect(page.get_by_text("Telephone: connected")).to_be_visible()
    page.keyboard.press("Alt+d")
    page.keyboard.type("1*0#")
    page.locator(".pad-key").nth(8).click()
    expect(page.locator(".pad-pressed")).to_contain_text("1*0#9")
    assert violations(page) == []
    assert door.keys() == "1*0#9"
    assert door.ordered("/answers") == []


def test_a_second_page_says_so_and_takes_the_telephone_only_when_asked(open_desk, door):
    page = open_desk(states.idle())
    door.after["page"] = lambda body: door.state["presence"].update(page=body["page"])
    ready(page, door, door.state)
    door.show(states.elsewhere())
    taken = page.get_by_role("alert").filter(has_text="Your telephone was taken to another window.")
    expect(taken).to_be_visible()
    expect(page.get_by_text("Your telephone is in another window.")).to_be_visible()
    page.get_by_role("button", name="Take the telephone here").last.click()
    expect(page.get_by_text("Telephone ready")).to_be_visible()
    orders = door.ordered("presence/page")
    assert [each["take_over"] for each in orders] == [False, True, False]
    assert len({each["page"] for each in orders}) == 1


def test_closing_the_page_that_has_the_telephone_is_told(open_desk, door):
    page = open_desk(states.idle())
    door.after["page"] = lambda body: door.state["presence"].update(page=body["page"])
    ready(page, door, door.state)
    page.goto("about:blank")
    assert door.comes_to("page/closed", [{"page": door.ordered("presence/page")[0]["page"]}])


def test_a_computer_that_slept_says_so_and_starts_its_telephone_again(open_desk, door):
    page = open_desk(states.idle())
    page.clock.install()
    page.reload()
    ready(page, door, states.idle("available"))
    registered = len(door.ordered("softphone-token"))
    page.clock.set_system_time(page.evaluate("Date.now() + 600_000"))
    page.clock.run_for(1100)
    slept = page.get_by_role("alert").filter(has_text="This computer slept from")
    expect(slept).to_contain_text("Your telephone starts again by itself.")
    assert door.comes_to("softphone-token", [{}] * (registered + 1))
