"""The map of the place: the pin moved by hand and by keys, and what is known around it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser

METRES_A_DEGREE = 111_195
HERE = states.PLACE
WORDS = HERE["text"]
POINT = re.compile(r"^Point 32\.\d{5}, -110\.\d{5}$")


def pin(page: Page):
    return page.get_by_role("button", name="Pin: ")


def drag(page: Page, right: float, down: float) -> None:
    """By mouse, from where the pin is."""
    box = pin(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def moved(body: dict) -> tuple[float, float]:
    """How many metres north and east of the place an order's point is."""
    north = (body["latitude"] - HERE["latitude"]) * METRES_A_DEGREE
    return north, (body["longitude"] - HERE["longitude"]) * METRES_A_DEGREE * 0.8458


def takes(door) -> None:
    """The door keeps the place that it is sent, as the real one does."""
    door.after["place"] = lambda body: door.state["call"]["place"].update(body)


def test_the_pin_dropped_elsewhere_saves_the_place_there_with_its_words(open_desk, door):
    page = open_desk(states.in_call())
    takes(door)
    drag(page, 30, -20)
    expect(page.locator(".pin-moved")).to_have_count(0)
    (body,) = door.ordered("/place")
    assert body["text"] == WORDS
    north, east = moved(body)
    assert 20 < north < 300
    assert 30 < east < 400
    assert page.locator("#place-field").input_value() == ""


def test_a_click_on_the_map_offers_a_point_and_saves_nothing(open_desk, door):
    page = open_desk(states.in_call())
    page.locator(".place-map").click(position={"x": 250, "y": 60})
    expect(page.locator("#place-field")).to_have_value(POINT)
    assert door.ordered("/place") == []
    page.keyboard.press("Enter")
    expect(page.locator("#place-field")).to_have_value("")
    assert "latitude" in door.ordered("/place")[0]


def test_arrow_keys_move_the_pin_by_five_metres_and_enter_saves(open_desk, door):
    page = open_desk(states.in_call())
    takes(door)
    pin(page).focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_text("Pin 52 m north west, not saved")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Escape puts it back")).to_have_count(1)
    assert door.ordered("/place") == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("not saved")).to_have_count(0)
    (body,) = door.ordered("/place")
    assert moved(body) == pytest.approx((15, -50), abs=0.2)
    expect(pin(page)).to_be_focused()


def test_escape_puts_the_pin_back_and_saves_nothing(open_desk, door):
    page = open_desk(states.in_call())
    pin(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Pin 5 m east, not saved")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("not saved")).to_have_count(0)
    expect(pin(page)).to_be_focused()
    page.keyboard.press("Enter")
    assert door.ordered("/place") == []


def test_a_point_that_is_not_saved_waits_in_the_field(open_desk, door):
    page = open_desk(states.in_call())
    door.refuses["place"] = 503
    drag(page, 30, -20)
    expect(page.locator("#place-field")).to_have_value(POINT)
    door.refuses.clear()
    page.locator("#place-field").press("Enter")
    expect(page.locator("#place-field")).to_have_value("")
    first, second = door.ordered("/place")
    assert (first["latitude"], first["longitude"]) == (second["latitude"], second["longitude"])


def test_news_does_not_move_a_pin_that_somebody_moves(open_desk, door):
    page = open_desk(states.in_call())
    pin(page).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Pin 5 m north, not saved")).to_be_visible()
    desk = states.in_call()
    desk["call"]["place"] |= {"text": "behind the school", "latitude": HERE["latitude"] + 0.01}
    door.show(desk)
    expect(page.locator(".place-text")).to_have_text("behind the school")
    expect(page.get_by_text("not saved")).to_be_visible()
    expect(page.get_by_role("button", name="Pin: E Speedway")).to_be_focused()
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_role("button", name="Pin: behind the school")).to_be_visible()
    assert door.ordered("/place") == []


def test_a_pin_moved_in_one_call_is_never_saved_in_another(open_desk, door):
    page = open_desk(states.in_call())
    pin(page).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("not saved")).to_be_visible()
    desk = states.in_call()
    desk["call"]["call_id"] = "d" * 32
    door.show(desk)
    expect(page.get_by_text("not saved")).to_have_count(0)
    page.keyboard.press("Enter")
    page.locator("#place-field").fill("at the gate")
    page.locator("#place-field").press("Enter")
    assert door.comes_to("/place", [{"text": "at the gate"}])


def test_what_is_open_nearby_is_told_in_words_and_marked_on_the_map(open_desk, door):
    page = open_desk(states.in_call())
    told = page.get_by_role("list", name="Open requests within 300 m").get_by_role("listitem")
    expect(told).to_have_text(
        [
            "1Loose dog 40 m away, 3 days ago, 0000 0171",
            "2Pothole 210 m away, 3 days ago, with the department, 0000 0285",
        ]
    )
    expect(page.locator(".place-map .near-mark")).to_have_text(["1", "2"])
    door.show(states.idle("available"))
    expect(page.locator(".near-mark")).to_have_count(0)


def test_a_location_link_is_texted_and_its_fate_is_told(open_desk, door):
    page = open_desk(states.in_call())
    button = page.get_by_role("button", name="Text a location link")
    door.after["location-link"] = lambda body: door.state["call"]["location_link"].update(
        state="sent", at=states.ago(-600)
    )
    button.click()
    expect(
        page.get_by_text(re.compile(r"Texted\. It works for (10:00|9:5\d) more"))
    ).to_be_visible()
    assert door.ordered("/location-link") == [{}]
    desk = states.in_call()
    desk["call"]["location_link"] |= {"state": "used", "at": states.ago(0)}
    located = {"uncertainty_metres": 35.0, "confirmed": False, "source": "location_link"}
    desk["call"]["place"] |= {"text": "Sent by the caller's telephone", **located}
    door.show(desk)
    expect(page.get_by_text(re.compile(r"The location came at \d\d:\d\d:\d\d\."))).to_be_visible()
    expect(page.locator(".place-area")).to_contain_text("within 35 m · from the caller's telephone")
    expect(page.locator(".where")).to_contain_text("not confirmed")
    expect(page.locator(".pin-doubt")).to_have_count(1)


def test_where_no_link_can_be_texted_the_desk_says_why(open_desk, door):
    desk = states.in_call()
    desk["call"]["location_link"]["why_not"] = "The caller's number is withheld."
    page = open_desk(desk)
    expect(page.get_by_role("button", name="Text a location link")).to_be_disabled()
    expect(page.get_by_text("The caller's number is withheld.")).to_be_visible()


def test_with_nothing_open_nearby_the_desk_says_so(open_desk, door):
    door.nearby = []
    page = open_desk(states.in_call())
    expect(page.get_by_text("Nothing is open within 300 m.")).to_be_visible()


def test_a_place_without_a_point_has_no_pin_and_nothing_near_it(open_desk, door):
    desk = states.in_call()
    desk["call"]["place"] |= {"latitude": None, "longitude": None, "uncertainty_metres": None}
    page = open_desk(desk)
    expect(page.locator(".place-text")).to_have_text(WORDS)
    expect(page.locator(".pin, #nearby-title")).to_have_count(0)
