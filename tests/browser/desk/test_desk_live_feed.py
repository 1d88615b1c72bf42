"""One live feed a browser; the page says within five seconds that it has lost it, and comes back by itself."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser


DESK = Path(__file__).parents[3] / "calltaker/web/src/desk.js"


def test_the_page_looks_for_life_often_enough_to_show_a_loss_within_five_seconds():
    told = dict(re.findall(r"const (HEARTBEAT\w*_MS) = (\d+)", DESK.read_text()))
    assert sum(int(told[name]) for name in ("HEARTBEAT_MS", "HEARTBEAT_LIMIT_MS")) < 5000


def test_a_lost_feed_is_shown_and_comes_back(open_desk, door):
    page = open_desk(states.idle("available"))
    door.cut_feed()
    lost = page.locator(".states-lost", has_text="Not live since")
    expect(lost).to_be_visible()
    door.restore_feed()
    expect(page.locator(".states-lost")).to_be_hidden()


def test_a_desk_opened_while_the_feed_is_away_says_so(context, door):
    door.state = states.idle("available")
    door.cut_feed()
    page = context.new_page()
    page.goto(f"{door.address}/desk")
    expect(page.locator(".states-lost", has_text="Not live since")).to_be_visible()
    door.restore_feed()
    expect(page.locator(".states-lost")).to_be_hidden()


def test_a_server_that_hangs_is_shown(open_desk, door):
    page = open_desk(states.idle("available"))
    door.hangs.add("heartbeat")
    lost = page.locator(".states-lost", has_text="Not live since")
    expect(lost).to_be_visible()


def test_what_happened_meanwhile_is_shown_after_the_loss(open_desk, door):
    page = open_desk(states.idle("available"))
    door.cut_feed()
    page.locator(".states-lost").wait_for()
    door.show(states.idle("available", [states.waiting(4, "ordinary", 3, "pothole")]))
    door.restore_feed()
    expect(page.get_by_text("Pothole")).to_be_visible()


def test_two_tabs_share_one_stream_and_the_second_takes_over(context, open_desk, door):
    first = open_desk(states.idle("available"))
    second = open_desk(states.idle("available"))
    second.wait_for_timeout(500)
    assert door.streams == 1
    door.show(states.idle("available", [states.waiting(4, "ordinary", 3, "pothole")]))
    expect(first.get_by_text("Pothole")).to_be_visible()
    expect(second.get_by_text("Pothole")).to_be_visible()
    first.close()
    door.show(states.idle("available", [states.waiting(5, "ordinary", 3, "graffiti")]))
    expect(second.get_by_text("Graffiti")).to_be_visible()
