"""Two call-takers and four residents at once: each caller has one of them, nobody two, nobody none."""

import pytest
from playwright.sync_api import expect

from tests.browser.whole.call_taker import CallTaker
from tests.browser.whole.resident import Resident

pytestmark = [pytest.mark.browser, pytest.mark.database]


def talk(desk: CallTaker, caller: Resident, words: str) -> None:
    desk.say(words)
    caller.hears(words)


def test_four_residents_are_served_by_two_desks_in_the_order_they_came(resident, call_taker):
    ana, ben = (call_taker(name).begins_a_shift() for name in ("Ana", "Ben"))
    callers = [resident(name) for name in ("Rosa", "Walt", "Sid", "June")]
    for number, caller in enumerate(callers):
        caller.asks_for_a_person()
        if number < 2:
            desk = (ana, ben)[number]
            desk.accept()
            talk(desk, caller, f"This is desk {number + 1}.")
    for desk in (ana, ben):
        expect(desk.page.locator("#line-title .count")).to_have_text("2")
    callers[3].hears("You are number 2")
    ana.hang_up()
    expect(callers[0].status).to_contain_text("Call ended")
    ana.wrap_up("Information given")
    ana.accept()
    talk(ana, callers[2], "Thank you for waiting.")
    expect(ben.page.locator("#line-title .count")).to_have_text("1")
    ben.hang_up()
    ben.wrap_up("Information given")
    ben.accept()
    talk(ben, callers[3], "You are the last one.")
    for caller, words in ((callers[2], "last one"), (callers[3], "for waiting")):
        expect(caller.heard).not_to_contain_text(words)
    for desk in (ana, ben):
        expect(desk.page.locator("#line-title .count")).to_have_text("0")
        desk.hang_up()
        desk.wrap_up("Information given")
