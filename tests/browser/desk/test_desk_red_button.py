"""The red button: posted again with the same id until it is confirmed, and honest meanwhile."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser

RED_BUTTON = Path(__file__).parents[3] / "calltaker/web/src/desk/red_button.js"
NOT_CONFIRMED = "Dialling not confirmed: tell the caller to hang up and dial 911"


def test_an_order_that_hangs_is_given_up_after_one_second_and_soon_posted_again():
    told = dict(re.findall(r"const (LIMIT_MS|PAUSE_MS) = (\d+);", RED_BUTTON.read_text()))
    assert int(told["LIMIT_MS"]) == 1000
    assert int(told["LIMIT_MS"]) + int(told["PAUSE_MS"]) < 1500


def test_it_is_posted_again_with_the_same_id_until_confirmed(open_desk, door):
    page = open_desk(states.in_call())
    door.hangs.add("emergency")
    page.keyboard.press("F9")
    expect(page.get_by_text(NOT_CONFIRMED)).to_be_visible()
    expect(page.get_by_text("(520) 555-0191 by hand").first).to_be_visible()
    page.wait_for_timeout(2800)
    ids = {body["escalation_id"] for body in door.ordered("/emergency")}
    assert len(ids) == 1
    assert len(door.ordered("/emergency")) >= 3
    confirmed = states.emergency("dialling", ids.pop())
    door.after["emergency"] = lambda body: setattr(door, "state", confirmed)
    door.hangs.clear()
    expect(page.get_by_text(NOT_CONFIRMED)).to_be_hidden()
    expect(page.get_by_text("Dialling 911. Stay with the caller.")).to_be_visible()


def test_an_order_not_confirmed_goes_on_after_a_reload(open_desk, door):
    page = open_desk(states.in_call())
    door.hangs.add("emergency")
    page.locator("#red").click()
    expect(page.get_by_text(NOT_CONFIRMED)).to_be_visible()
    page.reload()
    expect(page.get_by_text(NOT_CONFIRMED)).to_be_visible()
    page.wait_for_timeout(500)
    assert len({body["escalation_id"] for body in door.ordered("/emergency")}) == 1
    assert len(door.ordered("/emergency")) >= 2


def test_dialled_without_the_database_counts_as_dialled(open_desk, door):
    page = open_desk(states.in_call())
    door.refuses["emergency"] = 503
    door.refusal_says = {"dialled": True}
    page.keyboard.press("F9")
    expect(page.locator("h2", has_text="Dialling 911. Stay with the caller.")).to_be_visible()
    page.wait_for_timeout(600)
    assert len(door.ordered("/emergency")) == 1


def test_pressing_twice_is_one_order(context, open_desk, door):
    # Nothing is given up by time, so nothing is posted again however slow the machine.
    context.add_init_script("AbortSignal.timeout = () => new AbortController().signal;")
    page = open_desk(states.in_call())
    door.hangs.add("emergency")
    page.keyboard.press("F9")
    page.keyboard.press("F9")
    page.locator("#red").click()
    page.wait_for_timeout(300)
    assert len(door.ordered("/emergency")) == 1


@pytest.mark.parametrize("state", [states.idle, states.ringing, states.wrap_up])
def test_without_a_call_it_dials_nothing_and_says_so(open_desk, door, state):
    page = open_desk(state())
    page.keyboard.press("F9")
    page.locator("#red").click(force=True)
    expect(page.locator("#red")).to_contain_text("In a call only")
    assert door.orders == []


def test_after_every_line_has_failed_it_dials_anew(open_desk, door):
    desk = states.emergency("failed")
    desk["call"]["escalation"]["next_destination"] = None
    page = open_desk(desk)
    expect(
        page.get_by_text("No further line. Tell the caller to hang up and dial 911")
    ).to_be_visible()
    page.keyboard.press("F9")
    expect(page.locator("h2", has_text="Dialling 911. Stay with the caller.")).to_be_visible()
    assert (
        door.ordered("/emergency")[0]["escalation_id"]
        != desk["call"]["escalation"]["escalation_id"]
    )


def test_while_911_is_called_a_further_press_changes_nothing(open_desk, door):
    page = open_desk(states.emergency("ringing"))
    page.keyboard.press("F9")
    page.locator("#red").click()
    expect(page.locator("#red")).to_contain_text("911 is called for this caller")
    assert door.orders == []


def test_it_works_with_the_map_of_keys_open(open_desk, door):
    page = open_desk(states.in_call())
    page.keyboard.press("?")
    expect(page.locator(".key-map")).to_be_visible()
    page.locator("#red").click()
    # The mock's state never shows the escalation, as when the server could only spool it: the dial is shown all the same.
    expect(page.locator("h2", has_text="Dialling 911. Stay with the caller.")).to_be_visible()
    assert len(door.ordered("/emergency")) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("dialling", "Dialling 911. Stay with the caller."),
        ("ringing", "911 is ringing. Stay with the caller."),
        ("answered", "911 has answered. Stay until they have it."),
        ("accepted", "911 has the caller. You may leave."),
        ("busy", "The line was busy."),
    ],
)
def test_each_step_of_the_transfer_has_its_words(open_desk, state, words):
    page = open_desk(states.emergency(state))
    expect(page.locator("h2", has_text=words)).to_be_visible()
    expect(page.locator(".strip")).to_have_class("strip strip-emergency")


def test_they_have_it_waits_for_911_on_the_line(open_desk, door):
    page = open_desk(states.emergency("dialling"))
    page.locator("#they-have-it").click(force=True)
    page.keyboard.press("Alt+t")
    assert door.orders == []
    expect(page.locator("#they-have-reason")).to_have_text("911 is not on the line yet")
