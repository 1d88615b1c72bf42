"""How staff come in: an invitation, an account, a role; by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from config.inviting import invite
from tests.browser.whole.looking import stands_well, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.database]

PASSWORD = "fourteen copper lizards at noon"


def test_an_invitation_becomes_an_account_that_signs_in(town, open_page):
    told = invite(town.stack.settings(), "nora@demo.example", "call_taker", name="", password=None)
    page = open_page(told.split()[0])
    stands_well(page, "invitation")
    tab_to(page, "#name")
    page.keyboard.type("Nora Quijada")
    tab_to(page, "#password")
    page.keyboard.type("too short")
    page.keyboard.press("Enter")
    assert "/invitation/" in page.url
    page.keyboard.press("Control+a")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Live")
    expect(page.locator(".states-name")).to_have_text("Nora Quijada")

    again = open_page(told.split()[0])
    expect(again.get_by_role("heading", level=1)).to_contain_text(re.compile("invitation", re.I))
    stands_well(again, "invitation-used")
    page = open_page(town.product_url + "/login")
    page.get_by_label("E-mail address").fill("nora@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#live")).to_contain_text("Live")


def test_people_are_invited_changed_and_disabled_by_keyboard_alone(town, call_taker):
    sam = call_taker("Sam")
    sam.sign_in_by_key()
    page = sam.page
    expect(page).to_have_url(town.product_url + "/people")
    stands_well(page, "people")
    tab_to(page, "#invite-email")
    page.keyboard.type("new@demo.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Invitation for new@demo.example")).to_be_visible()
    expect(page.locator("code.secret")).to_contain_text(town.product_url + "/invitation/")
    stands_well(page, "people-invited")

    tab_to(page, "select[aria-label='Role of Eli Marsh']")
    page.keyboard.type("audit")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="Eli Marsh")
    expect(row.get_by_role("combobox")).to_have_value("auditor")
    action = row.locator("form[action$='/disable']").get_attribute("action")
    tab_to(page, f"form[action='{action}'] button")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("disabled")
    expect(row.get_by_role("button", name="Enable Eli Marsh")).to_be_visible()
