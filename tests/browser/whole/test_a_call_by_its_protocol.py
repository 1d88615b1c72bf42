"""Whole calls in which the protocol is more than its answers: in Spanish by keyboard, raised, changed, left, lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.whole.call_taker import CallTaker
from tests.browser.whole.looking import stands_well, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.xdist_group("browser-whole")]

NO_DANGER = ("hay alguien herido", "un choque", "otro carril", "tirado en un carril")


def press(desk: CallTaker, *keys: str) -> None:
    """Press keys one after the other, each a single one."""
    for key in keys:
        desk.page.keyboard.press(key)


def answer_no(desk: CallTaker, question: str) -> None:
    """Answer a question by its digit for no."""
    desk.asks(question)
    press(desk, "2")


def test_a_danger_from_the_panel_brings_911_in_the_middle_of_a_question(
    resident, call_taker, nine_one_one
):
    desk = call_taker("Ben").begins_a_shift()
    city = nine_one_one()
    rosa = resident("Rosa")
    rosa.asks_for_a_person()
    desk.accept()
    desk.choose_protocol("Pothole")
    desk.answer("in danger", "No")
    desk.asks("a crash")
    rosa.say("Oh no, a car just hit the man on the bicycle.")
    desk.hears("hit the man")
    press(desk, "F7")
    expect(desk.page.get_by_role("heading", name="What is the danger?")).to_be_visible()
    stands_well(desk.page, "desk-red-flags")
    press(desk, "3")
    desk.shows("emergency")
    city.rings()
    city.answer()
    desk.transfer_says("911 has answered")
    expect(desk.page.locator(".protocol-strip")).to_contain_text("Someone is badly hurt")
    stands_well(desk.page, "desk-emergency-by-panel")
    city.say("9-1-1, what is your emergency?")
    rosa.hears("9-1-1, what is your emergency?")
    press(desk, "Alt+t")
    desk.transfer_says("You may leave")
    press(desk, "Alt+l")
    desk.shows("wrap-up")
    desk.wrap_up("Transferred to 911")


def test_an_outcome_is_overridden_a_protocol_changed_and_the_caller_goes(resident, call_taker):
    desk = call_taker("Ana").begins_a_shift()
    lupe = resident("Lupe")
    lupe.asks_for_a_person()
    desk.accept()
    desk.choose_protocol("Loose dog")
    desk.answer("in danger", "No")
    press(desk, "Alt+o")
    outcome = desk.page.locator("button.choice", has_text="Urgent").first
    chosen = outcome.locator(".option-text").inner_text()
    press(desk, outcome.locator("kbd").inner_text())
    desk.page.get_by_label("The rules do not fit this caller").check()
    desk.page.locator("#choice-reason").fill("School lets out in ten minutes")
    stands_well(desk.page, "desk-other-outcome")
    press(desk, "Tab", "Enter")
    so_far = desk.page.locator(".so-far")
    expect(so_far).to_contain_text(chosen)
    expect(so_far).to_contain_text("School lets out in ten minutes")

    press(desk, "F3")
    stands_well(desk.page, "desk-other-protocol")
    desk.page.keyboard.type("pothole")
    press(desk, "Enter")
    expect(desk.page.locator(".protocol-title")).to_contain_text("Pothole")
    desk.asks("a crash")
    expect(desk.page.locator(".answered")).to_contain_text("in danger")

    lupe.page.locator("button.stop:not([hidden])").click()
    desk.shows("wrap-up")
    expect(desk.page.locator(".left-open")).to_contain_text("The caller has gone")
    expect(desk.page.locator(".cut-off")).to_contain_text("Call back once")
    stands_well(desk.page, "desk-wrap-up-caller-gone")
    desk.wrap_up("Caller gone")
    desk.shows("idle")


def test_a_whole_call_in_spanish_by_keyboard_alone(resident, call_taker):
    desk = call_taker("Carla")
    desk.sign_in_by_key()
    desk.is_live()
    desk.is_ready_by_key()
    ana = resident("Ana")
    ana.dial_by_key()
    ana.hears("For English, press 1")
    ana.press_by_key("2")
    ana.hears("dígame qué necesita")
    ana.say_by_key("hay un bache muy grande")
    ana.hears("¿Dónde es?")
    ana.say_by_key("Speedway y Campbell")
    ana.hears("Si es correcto")
    ana.press_by_key("1")

    desk.shows("ringing")
    press(desk, "F2")
    desk.is_connected()
    press(desk, "1")  # the suggested one
    for question in NO_DANGER[:3]:
        answer_no(desk, question)
    desk.asks(NO_DANGER[3])
    press(desk, "Alt+b")
    desk.asks(NO_DANGER[2])
    press(desk, "2")
    answer_no(desk, NO_DANGER[3])
    desk.asks("parte de la calle")
    stands_well(desk.page, "desk-protocol-spanish")
    press(desk, "1")
    desk.asks("más ancho que")
    press(desk, "1")
    desk.asks("encontrarlo")
    tab_to(desk.page, "#answer-value")
    desk.page.keyboard.type("junto a la parada del camión")
    press(desk, "Enter")
    number = desk.page.locator(".request-number")
    expect(number).to_have_text(re.compile(r"\w+"))
    expect(desk.page.locator("#centre")).to_contain_text("junto a la parada del camión")
    ana.hears(number.inner_text())
    press(desk, "Alt+h")
    desk.shows("wrap-up")
    press(desk, "1")
    expect(desk.page.get_by_text("You are ready.")).to_be_visible()
