"""The same whole on SQLite, as in the demonstration: a call is answered, and the red button reaches 911."""

import pytest

from tests.browser.whole.call_taker import CallTaker
from tests.browser.whole.nine_one_one import NineOneOne
from tests.browser.whole.resident import Resident
from tests.browser.whole.town import standing

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture(scope="module")
def small_town():
    with standing() as stood:
        yield stood


@pytest.fixture
def on_shift(small_town, open_page):
    """A call-taker who is ready; whatever the test leaves on the line is ended with it."""
    desk = CallTaker(
        open_page(small_town.product_url + "/login"), small_town.email_of("Ana"), small_town
    )
    yield desk.begins_a_shift()
    small_town.hang_everything_up()
    desk.end_shift()


@pytest.fixture
def in_a_call(on_shift, small_town, open_page):
    """A call-taker and a resident, together in a room."""
    june = Resident(open_page(small_town.phone_of("June")))
    june.asks_for_a_person()
    on_shift.accept()
    return on_shift, june


def test_a_call_is_answered_on_sqlite(in_a_call):
    desk, june = in_a_call
    desk.say("Tucson 3-1-1, how can I help?")
    june.hears("how can I help")
    june.say("My father is not breathing right.")
    desk.hears("My father is not breathing right.")


def test_the_red_button_reaches_911_on_sqlite(in_a_call, small_town, open_page):
    desk, june = in_a_call
    city = NineOneOne(open_page(small_town.desk_911))
    desk.page.locator("#red").click()
    desk.shows("emergency")
    city.rings()
    city.answer()
    city.say("9-1-1, what is your emergency?")
    june.hears("9-1-1, what is your emergency?")
