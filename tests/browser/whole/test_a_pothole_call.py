"""A pothole, from the resident's first word to a number they can keep, by mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.whole.looking import stands_well

pytestmark = [pytest.mark.browser, pytest.mark.database]

NO_DANGER = ("in danger", "a crash", "swerving", "lying in a lane")


def test_a_pothole_becomes_a_request_whose_number_the_caller_hears(resident, call_taker):
    desk = call_taker("Ana").begins_a_shift()
    stands_well(desk.page, "desk-idle")
    rosa = resident("Rosa")
    stands_well(rosa.page, "phone-idle")
    rosa.tells_the_line("there is a huge pothole on my street", "Speedway and Campbell")

    desk.shows("ringing")
    expect(desk.page.locator(".ringing-card")).to_contain_text("huge pothole on my street")
    expect(desk.page.locator(".ringing-card")).to_contain_text("(520) 555-0140")
    stands_well(desk.page, "desk-ringing")
    desk.accept()
    expect(desk.page.locator(".where")).to_contain_text("Tucson")
    expect(desk.page.locator(".where")).to_contain_text("confirmed")
    stands_well(desk.page, "desk-call-choose")
    desk.say("Tucson 3-1-1, how can I help?")
    rosa.hears("how can I help")
    rosa.say("It bent a wheel of mine.")
    desk.hears("It bent a wheel of mine.")
    stands_well(rosa.page, "phone-in-call")

    desk.choose_protocol("Pothole")
    stands_well(desk.page, "desk-call-question")
    for question in NO_DANGER:
        desk.answer(question, "No")
    desk.answer("What part of the street", "Traffic lane")
    desk.answer("wider than a car tire", "Yes")
    desk.asks("help the crew find it")
    desk.page.get_by_label("In the caller's words").fill("by the bus stop")
    desk.page.get_by_role("button", name="Enter", exact=True).click()

    number = desk.page.locator(".request-number")
    expect(number).to_have_text(re.compile(r"\w+"))
    told = number.inner_text()
    stands_well(desk.page, "desk-call-outcome")
    rosa.hears("Text message")
    rosa.hears(told)
    desk.hang_up()
    rosa.hears("Your request number is")
    expect(desk.page.locator(".request-number")).to_have_text(told)
    stands_well(desk.page, "desk-wrap-up")
    expect(rosa.status).to_contain_text("Call ended")
    stands_well(rosa.page, "phone-call-ended")
    desk.wrap_up("Report taken")
    desk.shows("idle")
