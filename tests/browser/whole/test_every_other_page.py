"""The pages that are not the desk in a call: each stands well by itself, and the phone answers to keys alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.whole.looking import stands_well, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize(
    ("name", "path"), [("login", "/login"), ("not-found", "/nowhere"), ("gone", "/invitation/x")]
)
def test_a_page_before_signing_in_stands_well(town, open_page, name, path):
    stands_well(open_page(town.product_url + path), name)


@pytest.mark.parametrize(("name", "path"), [("company", "/"), ("911-desks", "/911")])
def test_a_page_of_the_telephone_company_stands_well(town, open_page, name, path):
    stands_well(open_page(town.simulator_url + path), name)


def test_a_wrong_password_is_said_and_nobody_is_let_in(town, open_page):
    page = open_page(town.product_url + "/desk")
    page.get_by_label("E-mail address").fill(town.email_of("Ana"))
    page.get_by_label("Password").fill("not the passphrase")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    stands_well(page, "login-refused")
    page.goto(town.product_url + "/desk")
    assert page.url.endswith("/login")


def test_a_desk_before_the_shift_stands_well_and_links_the_telephone(call_taker, town):
    desk = call_taker("Ben")
    desk.sign_in()
    link = desk.page.get_by_role("link", name="open it")
    expect(link).to_have_attribute("href", town.simulator_url + "/phone")
    stands_well(desk.page, "desk-before-the-shift")
    desk.page.locator("button.presence").click()
    expect(desk.page.locator("#presence-menu")).to_be_visible()
    stands_well(desk.page, "desk-menu")


def test_another_residents_telephone_is_taken_and_used_by_keyboard_alone(town, open_page, resident):
    walt = resident("Rosa")
    tab_to(walt.page, ".resident[data-number='+15205550143']")
    walt.page.keyboard.press("Enter")
    expect(walt.page.get_by_role("region", name="Walt’s telephone")).to_be_visible()
    tab_to(walt.page, "[aria-label='Close Rosa’s telephone']")
    walt.page.keyboard.press("Enter")
    walt.dial_by_key()
    walt.hears("For English, press 1")
    walt.press_by_key("2")
    walt.hears("dígame qué necesita")
    walt.say_by_key("un bache")
    walt.hears("¿Dónde es?")
    tab_to(walt.page, "button.stop:not([hidden])")
    walt.page.keyboard.press("Enter")
    expect(walt.status).to_contain_text("Call ended")
    expect(walt.page.locator("button.go:not([hidden])")).to_be_focused()
