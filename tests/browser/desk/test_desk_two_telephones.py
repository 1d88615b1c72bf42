"""The desk telephone beside the softphone: taking a call with it, changing over in a call, and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states
from tests.browser.desk.test_desk_telephone import connect

pytestmark = pytest.mark.browser


def test_a_call_is_accepted_and_rung_on_the_desk_telephone(open_desk, door):
    page = open_desk(states.with_desk_telephone(states.ringing()))
    door.after["accept"] = lambda body: setattr(door, "state", states.switching("asked", None))
    page.get_by_role("button", name="On the desk telephone").click()
    expect(page.get_by_text("Your desk telephone rings: pick it up and press 1")).to_be_visible()
    assert len(door.ordered("/desk-telephone")[0]["switch_id"]) == 32
    page.get_by_role("button", name="Stop ringing").click()
    assert door.comes_to("/cancel", [{}])


def test_over_to_the_desk_telephone_is_no_loss_and_back_connects_anew(open_desk, door):
    page = open_desk(states.ringing())
    connect(page, door)
    door.show(states.with_desk_telephone(states.in_call()))
    door.after["telephone"] = lambda body: setattr(door, "state", states.switching("asked"))
    expect(page.get_by_role("button", name="Use the desk telephone")).to_be_visible()
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("Your desk telephone rings: pick it up and press 1")).to_be_visible()
    door.show(states.switching("coming"))
    expect(page.get_by_text("Your desk telephone is coming in")).to_be_visible()
    door.hang_up_telephone()
    door.show(states.switching("taken", "desk_telephone"))
    expect(page.get_by_text("You speak on your desk telephone")).to_be_visible()
    expect(page.locator("#mute-reason")).to_have_text("On the phone")
    assert page.locator(".problem").count() == 0
    door.after["telephone"] = lambda body: None
    page.get_by_role("button", name="Back to this headset").click()
    door.show(states.with_desk_telephone(states.in_call()))
    expect(page.get_by_text("Telephone: connected")).to_be_visible()
    devices = [each["device"] for each in door.ordered("/telephone")]
    assert devices == ["desk_telephone", "softphone"]


def test_a_telephone_that_was_not_answered_is_said_and_the_softphone_stays(open_desk):
    page = open_desk(states.switching("unanswered"))
    expect(page.get_by_text("Your desk telephone was not answered.")).to_be_visible()
    expect(page.get_by_role("button", name="Use the desk telephone")).to_be_visible()
