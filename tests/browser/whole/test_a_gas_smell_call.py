"""A smell of gas: 911 is brought into the call, and the caller is never alone; by mouse, and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.whole.looking import stands_well, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.xdist_group("browser-whole")]


def test_a_gas_smell_reaches_911_and_the_caller_stays_with_them(resident, call_taker, nine_one_one):
    desk = call_taker("Ben").begins_a_shift()
    city = nine_one_one()
    stands_well(city.page, "911-quiet")
    walt = resident("Walt")
    walt.asks_for_a_person()
    desk.accept()
    walt.say("It smells like gas in my kitchen.")
    desk.hears("It smells like gas")

    desk.choose_protocol("Gas smell")
    desk.answer("in danger", "No")
    desk.answer("inside a building", "Inside")
    desk.shows("emergency")
    expect(desk.page.locator("#leave-reason")).to_contain_text("911 has not accepted")
    city.rings()
    stands_well(city.page, "911-ringing")
    desk.transfer_says("911 is ringing")
    stands_well(desk.page, "desk-emergency-ringing")

    city.answer()
    desk.transfer_says("911 has answered")
    stands_well(desk.page, "desk-emergency-answered")
    city.say("9-1-1, what is your emergency?")
    walt.hears("9-1-1, what is your emergency?")
    desk.hears("9-1-1, what is your emergency?")
    stands_well(city.page, "911-talking")
    desk.page.locator("#they-have-it").click()
    desk.transfer_says("You may leave")
    expect(desk.page.locator("#hang-up-reason")).to_have_text("911 is here")
    stands_well(desk.page, "desk-emergency-accepted")
    desk.page.get_by_role("button", name="Leave").click()
    desk.shows("wrap-up")

    walt.say("There is a strong smell of gas in my house.")
    city.hears("There is a strong smell of gas in my house.")
    city.say("We are coming to you.")
    walt.hears("We are coming to you.")
    stands_well(walt.page, "phone-with-911")
    desk.wrap_up("Transferred to 911")
    desk.shows("idle")
    expect(walt.status).to_have_text("Connected")


def test_the_same_call_by_keyboard_alone_on_every_page(resident, call_taker, nine_one_one):
    desk = call_taker("Carla")
    desk.sign_in_by_key()
    desk.is_ready_by_key()
    city = nine_one_one()
    walt = resident("Walt")
    walt.dial_by_key()
    walt.hears("For English, press 1")
    walt.press_by_key("1")
    walt.hears("tell me what you need")
    walt.press_by_key("0")

    desk.shows("ringing")
    expect(desk.page.locator("#accept")).to_be_focused()
    desk.page.keyboard.press("F2")
    desk.is_connected()
    walt.say_by_key("It smells like gas in my kitchen.")
    desk.hears("It smells like gas")
    desk.page.keyboard.press("F3")
    desk.page.keyboard.type("gas smell")
    desk.page.keyboard.press("Enter")
    desk.asks("in danger")
    desk.page.keyboard.press("Alt+n")
    desk.page.keyboard.type("Smells gas, 2 people inside")
    expect(desk.page.locator("#notes-state")).to_contain_text("saved")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("2")
    desk.asks("inside a building")

    desk.page.keyboard.press("F9")
    desk.shows("emergency")
    city.rings()
    city.answer_by_key()
    desk.transfer_says("911 has answered")
    city.say_by_key("9-1-1, what is your emergency?")
    walt.hears("9-1-1, what is your emergency?")
    desk.page.keyboard.press("Alt+t")
    desk.transfer_says("You may leave")
    desk.page.keyboard.press("Alt+l")
    desk.shows("wrap-up")
    expect(desk.page.locator("#notes")).to_have_value("Smells gas, 2 people inside")
    walt.say_by_key("Please hurry.")
    city.hears("Please hurry.")

    option = desk.page.locator("button.option", has_text="Transferred to 911")
    desk.page.keyboard.press(option.locator("kbd").inner_text())
    expect(desk.page.get_by_text("You are ready.")).to_be_visible()
    tab_to(walt.page, "button.stop:not([hidden])")
    walt.page.keyboard.press("Enter")
    expect(walt.status).to_contain_text("Call ended")
