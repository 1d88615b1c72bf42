"""A call-taker's page that is loaded again in the middle of a call: nobody is lost, nothing is forgotten."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_a_page_loaded_again_in_a_call_gets_the_same_caller_back(resident, call_taker):
    desk = call_taker("Dora").begins_a_shift()
    rosa = resident("Rosa")
    rosa.asks_for_a_person()
    desk.accept()
    desk.choose_protocol("Pothole")
    desk.answer("in danger", "No")
    desk.asks("a crash")
    desk.page.locator("#notes").fill("By the school.")
    expect(desk.page.locator("#notes-state")).to_contain_text("saved")

    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    desk.is_live()
    rosa.hears("We lost the connection; you are first")
    desk.page.get_by_role("button", name="Ready", exact=True).last.click()
    desk.accept()
    expect(desk.page.locator("#notes")).to_have_value("By the school.")
    desk.asks("a crash")
    desk.say("Here I am again.")
    rosa.hears("Here I am again.")
