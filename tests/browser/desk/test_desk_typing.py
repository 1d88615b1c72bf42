"""Typing is never lost and focus is never stolen while somebody types."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^saved \d\d:\d\d:\d\d$")


def test_notes_are_saved_as_typed_and_the_page_says_when(open_desk, door):
    page = open_desk(states.in_call())
    page.locator("#notes").type("brown dog")
    expect(page.locator("#notes-state")).to_have_text(SAVED)
    assert door.ordered("/notes")[-1] == {"text": "brown dog"}


def test_unsaved_notes_survive_a_reload_and_are_saved_then(open_desk, door):
    page = open_desk(states.in_call())
    door.refuses["notes"] = 500
    page.locator("#notes").type("the gate is open")
    expect(page.locator("#notes-state")).to_contain_text("kept in this browser")
    page.reload()
    expect(page.locator("#notes")).to_have_value("the gate is open")
    door.refuses.clear()
    expect(page.locator("#notes-state")).to_have_text(SAVED)
    assert door.ordered("/notes")[-1] == {"text": "the gate is open"}


def test_being_signed_out_keeps_the_notes_and_goes_on_after_signing_in(open_desk, door):
    page = open_desk(states.in_call())
    door.is_signed_out = True
    page.locator("#notes").type("two children")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    door.is_signed_out = False
    expect(page.get_by_role("link", name="Sign in again")).to_be_hidden()
    expect(page.locator("#notes-state")).to_have_text(SAVED)
    assert page.locator("#notes").input_value() == "two children"


def test_a_live_event_changes_nothing_under_the_cursor(open_desk, door):
    page = open_desk(states.in_call())
    page.locator("#notes").type("half a wo")
    page.evaluate("window.kept = [...document.querySelectorAll('.option, #red, #notes, .waiting')]")
    desk = states.in_call()
    desk["line"].append(states.waiting(9, "ordinary", 3, "graffiti"))
    door.show(desk)
    expect(page.get_by_text("Graffiti")).to_be_visible()
    assert page.evaluate("window.kept.every((one) => one.isConnected)")
    assert page.evaluate("document.activeElement.id") == "notes"
    assert page.locator("#notes").input_value() == "half a wo"


def test_a_ringing_call_takes_the_focus_unless_somebody_types(open_desk, door):
    page = open_desk(states.wrap_up())
    page.locator("#notes").type("still writing")
    door.show({**states.ringing(), "wrap_up": states.wrap_up()["wrap_up"]})
    expect(page.locator("#accept")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "notes"


def test_what_a_caller_says_is_text_and_never_markup(open_desk, door):
    desk = states.in_call(language="en")
    desk["call"]["words"] = "<img src=x onerror=alert(1)> a dog"
    page = open_desk(desk)
    expect(page.get_by_text("<img src=x onerror=alert(1)> a dog")).to_be_visible()
    assert page.locator(".said-part img").count() == 0


def test_a_refusal_stays_until_it_is_read(open_desk, door):
    page = open_desk(states.ringing())
    door.refuses["accept"] = 409
    page.keyboard.press("F2")
    problem = page.get_by_role("alert").filter(has_text="Somebody else has taken this call.")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("The caller stays in the line.")
    door.show(states.idle("available"))
    expect(problem).to_be_visible()
    page.get_by_role("button", name="Read: Somebody").click()
    expect(problem).to_be_hidden()


def test_an_order_that_comes_back_late_leaves_the_focus_where_somebody_types(open_desk, door):
    page = open_desk(states.no_protocol_yet())
    door.slow["protocol"] = 1.0
    door.after["protocol"] = lambda body: setattr(door, "state", states.in_call(asked=0))
    page.keyboard.press("1")
    page.keyboard.press("Alt+n")
    page.keyboard.type("2 dogs", delay=30)
    expect(page.locator(".ask", has_text="En este momento")).to_be_visible()
    page.keyboard.type(", 1 brown")
    assert page.locator("#notes").input_value() == "2 dogs, 1 brown"
    assert door.ordered("/answers") == []


@pytest.mark.parametrize(
    ("emergency", "title"),
    [("none", "Loose dog"), ("possible", "Loose dog"), ("emergency", "Somebody may be in danger")],
)
def test_in_danger_no_guessed_wish_stands_over_the_callers_words(open_desk, emergency, title):
    page = open_desk(states.ringing(emergency=emergency))
    expect(page.locator("#ringing-title")).to_have_text(title)
    expect(page.locator(".ringing-card")).to_contain_text("Loose dog")
