"""One live feed a browser; the page says within five seconds that it has lost it, and comes back by itself."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser


def test_a_lost_feed_shows_within_five_seconds_and_comes_back(open_desk, door):
    page = open_desk(states.idle("available"))
    door.cut_feed()
    expect(page.locator(".states-lost", has_text="Not live since")).to_be_visible(timeout=5000)
    door.restore_feed()
    expect(page.locator(".states-lost")).to_be_hidden()


def test_a_server_that_hangs_shows_within_five_seconds(open_desk, door):
    page = open_desk(states.idle("available"))
    door.hangs.add("heartbeat")
    expect(page.locator(".states-lost", has_text="Not live since")).to_be_visible(timeout=5000)


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
