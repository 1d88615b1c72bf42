"""A shift that begins with a check, and a call that is carried over to the desk telephone and back."""

import pytest
from playwright.sync_api import expect

from config.demonstration import PEOPLE
from models.states import Role

pytestmark = [pytest.mark.browser, pytest.mark.database]

NUMBER = "+15205550168"
PRESSES_1 = {"on_ring": "answer", "after_seconds": 1, "press": "1"}


def approve(town, open_page):
    """The administrator approves the one telephone that waits for it."""
    email = next(email for email, _, role in PEOPLE if role is Role.SYSTEM_ADMIN)
    page = open_page(town.product_url + "/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(town.passphrase)
    page.get_by_role("button", name="Sign in").click()
    page.goto(town.product_url + "/people")
    page.get_by_role("button", name="Approve the desk telephone of").click()
    expect(page.get_by_text("approved")).to_be_visible()


def test_a_checked_telephone_then_the_one_on_the_desk_and_back(
    town, open_page, resident, call_taker
):
    desk = call_taker("Dora")
    desk.sign_in()
    desk.page.get_by_role("button", name="Check my telephone").click()
    desk.page.get_by_role("button", name="Make a test call").click()
    expect(desk.page.locator(".check-step").nth(2)).to_contain_text("ms to and fro")
    desk.page.get_by_label("Its direct number").fill(NUMBER)
    desk.page.get_by_role("button", name="Register").click()
    approve(town, open_page)
    expect(desk.page.get_by_text("(520) 555-0168: approved")).to_be_visible()
    desk.page.get_by_role("button", name="Skip: callers are waiting").click()

    town.ask("PUT", f"/simulator/phones/{NUMBER}", {"next": [], "otherwise": PRESSES_1})
    rosa = resident("Rosa")
    rosa.asks_for_a_person()
    desk.accept()
    desk.page.keyboard.press("Alt+s")
    expect(desk.page.get_by_text("You speak on your desk telephone")).to_be_visible()
    assert desk.page.locator(".problem").count() == 0
    calls = town.ask("GET", "/simulator/calls")["calls"]
    (rung,) = [call for call in calls if call["to"] == NUMBER]
    town.ask("POST", f"/simulator/calls/{rung['call_sid']}/say", {"text": "Now by telephone."})
    rosa.hears("Now by telephone.")
    desk.page.get_by_role("button", name="Back to this headset").click()
    desk.is_connected()
    desk.say("And back again.")
    rosa.hears("And back again.")
    desk.hang_up()
    desk.wrap_up("Information given")
