"""A caller of 911's at the desk: seen before the voice, and who is on the line said by one key."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import states_from_911 as states

pytestmark = pytest.mark.browser


def test_what_911_announces_is_on_the_page_before_anything_rings(open_desk):
    panel = open_desk(states.announced()).locator(".from-911")
    expect(panel.get_by_role("heading", name="911 announces a caller")).to_be_visible()
    for words in ("GASLEAKI", "second floor rear", "+15205550142", "<b>huele</b> a gas"):
        expect(panel).to_contain_text(words)
    expect(panel.locator("b")).to_have_count(0)
    expect(panel.get_by_role("button")).to_have_count(0)


def test_beside_the_call_it_says_who_is_there_and_that_everything_is_asked_again(open_desk):
    panel = open_desk(states.in_call()).locator(".from-911")
    for words in ("verify it again", "with dispatcher", "Danger is asked again"):
        expect(panel).to_contain_text(words)


def test_without_a_packet_the_dispatcher_is_to_be_asked(open_desk):
    panel = open_desk(states.in_call(has_packet=False)).locator(".from-911")
    expect(panel).to_contain_text(
        "Ask the dispatcher for place, call-back number, what and danger."
    )


def test_nobody_holds_the_dispatcher_until_one_key_says_that_they_have_left(open_desk, door):
    page = open_desk(states.in_call())
    expect(page.locator("#hold-reason")).to_have_text("911 is on the line")
    page.keyboard.press("F4")
    page.keyboard.press("Alt+g")
    assert door.comes_to("/dispatcher", [{"is_there": False}])
    assert door.ordered("/hold") == []
    door.show(states.in_call("alone"))
    expect(page.locator(".from-911")).to_contain_text("caller alone")
    expect(page.locator("#hold-reason")).to_have_text("F4")
    page.get_by_role("button", name="The dispatcher is back").click()
    assert door.comes_to("/dispatcher", [{"is_there": False}, {"is_there": True}])
