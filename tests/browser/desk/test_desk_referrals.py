"""Calling somebody of the directory in by keyboard alone, and what the desk says of them."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser


def shows(door, state):
    """The mock's next state, once an order has come."""
    return lambda body: setattr(door, "state", state)


def test_f8_and_a_digit_call_the_crisis_line_straight_in(open_desk, door):
    page = open_desk(states.in_call())
    door.after = {
        "referrals": shows(door, states.referred("answered")),
        "accepted": shows(door, states.referred("accepted")),
    }
    page.keyboard.press("F8")
    expect(page.get_by_role("heading", name="Call somebody into this call")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("with a caller for you", exact=False)).to_be_visible()
    ((_, body),) = [order for order in door.orders if order[0].endswith("/referrals")]
    assert (body["destination"], body["consult"]) == ("crisis_line", False)
    assert len(body["referral_id"]) == 32
    page.keyboard.press("Alt+t")
    expect(page.get_by_text("They have the caller. Say goodbye, then leave.")).to_be_visible()


def test_f8_again_holds_the_caller_first_and_escape_calls_nobody(open_desk, door):
    page = open_desk(states.in_call())
    page.keyboard.press("F8")
    page.keyboard.press("F8")
    expect(page.get_by_text("The caller is on hold while you ask.")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="Call somebody into this call")).to_be_hidden()
    page.keyboard.press("F8")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Call somebody into this call")).to_be_hidden()
    ((_, body),) = [order for order in door.orders if order[0].endswith("/referrals")]
    assert (body["destination"], body["consult"]) == ("interpreter", True)


@pytest.mark.parametrize("state", ["ringing", "answered"])
def test_who_was_called_is_let_go_by_one_key(open_desk, door, state):
    page = open_desk(states.referred(state))
    door.after = {"cancel": shows(door, states.referred("cancelled"))}
    page.keyboard.press("Alt+x")
    expect(page.get_by_text("Taken back")).to_be_visible()


def test_when_nobody_answers_the_desk_says_what_to_do_and_the_number(open_desk):
    page = open_desk(states.referred("no_answer"))
    expect(page.get_by_text("Nobody answered.")).to_be_visible()
    expect(page.locator(".referral").get_by_text("(520) 555-0128")).to_be_visible()


def test_beside_911_nobody_is_called(open_desk):
    page = open_desk(states.emergency("ringing"))
    page.keyboard.press("F8")
    expect(page.get_by_role("heading", name="Call somebody into this call")).to_be_hidden()
    expect(page.locator("#transfer-reason")).to_have_text("911 is called")
