"""axe finds nothing on the desk in any of its states, light and dark, wide, zoomed and narrow; a picture of each is kept."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import violations
from tests.browser.desk.look import OPENED, STATES, opened
from tests.browser.desk.mock_door import MockDoor

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / ".run" / "desk"
"""Where a picture of each state is kept for people to look at."""
KEYS = set(re.findall(r'key: "([^"]+)"', (ROOT / "calltaker/web/src/desk/keys.js").read_text()))
SHOWN_KEYS = "() => [...document.querySelectorAll('[aria-keyshortcuts]')].map((one) => one.getAttribute('aria-keyshortcuts'))"
SMALL = (
    "() => [...document.querySelectorAll('button, a[href], input, select, textarea')].filter((one) => one.checkVisibility())"
    ".map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
    ".filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
)
COLOURS = {"runOnly": ["color-contrast"]}
"""A theme changes colours alone, a width everything else: each is looked at once."""
NARROWER = (640, 320)
"""200 % zoom of a small screen, and the narrowest."""
NO_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}


def keep_picture(page: Page, state: str) -> None:
    """Keep what a state looks like, for people."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{state}.png")


@pytest.fixture(scope="module")
def one_door() -> Iterator[MockDoor]:
    mock = MockDoor()
    mock.start()
    yield mock
    mock.stop()


@pytest.fixture(scope="module")
def one_page(chromium: Browser, one_door: MockDoor) -> Iterator[Page]:
    page = opened(chromium, one_door, STATES["idle"](), {})
    yield page
    page.context.close()


@pytest.fixture
def desk_in(one_page: Page, one_door: MockDoor) -> Callable[[str], Page]:
    """The same page, brought to a state by a live event, as in a shift."""

    def shown(state: str) -> Page:
        one_page.set_viewport_size({"width": 1280, "height": 720})
        one_page.emulate_media(color_scheme="light")
        before = one_page.locator("main").get_attribute("data-event")
        one_door.show(STATES[state]())
        one_page.wait_for_function(
            "(before) => document.querySelector('main').dataset.event !== before", arg=before
        )
        return one_page

    return shown


def looked_at(state: str, depth: str) -> tuple[int, ...]:
    """Where axe looks at a state beside the desk's own width: at depth ci at one of the two, by turns."""
    return NARROWER if depth == "full" else (NARROWER[list(STATES).index(state) % 2],)


@pytest.mark.parametrize("state", STATES)
def test_every_state_stands_well_light_dark_zoomed_and_narrow(desk_in, state, depth):
    page = desk_in(state)
    found = {"light": violations(page), "small targets": page.evaluate(SMALL)}
    keep_picture(page, state)
    assert set(page.evaluate(SHOWN_KEYS)) <= KEYS
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, COLOURS)
    page.emulate_media(color_scheme="light")
    for width, height in ((1280, 720), (640, 360), (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        if width in looked_at(state, depth):
            found[f"{width} px"] = violations(page, NO_COLOURS)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        box = page.locator("#red").bounding_box()
        assert box["height"] >= 56
        assert box["y"] < 12
        assert width - (box["x"] + box["width"]) < 12
    assert {where: what for where, what in found.items() if what} == {}


NARROW = [("answered", "Question"), ("much", "Caller"), ("left", "Line")]


@pytest.mark.parametrize(("state", "tab"), NARROW)
def test_axe_finds_nothing_on_a_narrow_page(desk_in, state, tab):
    page = desk_in(state)
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("navigation", name="Columns").get_by_role("button", name=tab).click()
    keep_picture(page, f"{state}-narrow")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_desk_that_is_not_live_or_signed_out_stands_well(open_desk, door):
    page = open_desk(STATES["card"]())
    door.cut_feed()
    page.locator(".states-lost").wait_for()
    keep_picture(page, "not-live")
    found = violations(page)
    door.is_signed_out = True
    page.get_by_text("You are signed out.").wait_for()
    keep_picture(page, "signed-out")
    assert [*found, *violations(page)] == []


def test_what_is_written_of_a_contact_stands_well_while_it_is_written(open_desk):
    page = open_desk(STATES["card"]())
    page.keyboard.press("Alt+u")
    page.locator("#follow-up-when").select_option("day")
    page.keyboard.press("Alt+e")
    page.keyboard.press("Alt+a")
    page.keyboard.type("s")
    page.get_by_text("Enter adds").wait_for()
    keep_picture(page, "written")
    found = violations(page)
    page.keyboard.press("Alt+c")
    page.keyboard.press("1")
    page.locator(".summary").wait_for()
    keep_picture(page, "earlier-contact")
    assert [*found, *violations(page)] == []


def test_axe_finds_nothing_with_keys_and_problems_shown(open_desk, door):
    page = open_desk(STATES["call-es"]())
    door.refuses["hold"] = 409
    page.keyboard.press("F4")
    page.keyboard.press("F4")
    page.locator(".problem").wait_for()
    page.keyboard.press("?")
    page.locator(".presence").click()
    assert violations(page) == []


def test_axe_finds_nothing_while_the_pin_is_moved(open_desk):
    page = open_desk(STATES["call-es"]())
    page.get_by_role("button", name="Pin: E Speedway").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_text("not saved").wait_for()
    page.get_by_role("list", name="Open requests").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("key", OPENED.values(), ids=list(OPENED))
def test_what_opens_over_a_question_stands_well_at_every_width(open_desk, key):
    page = open_desk(STATES["call-es"]())
    page.keyboard.press(key)
    page.keyboard.press("2" if key == OPENED["other-outcome"] else "Shift")
    assert violations(page) == []
    for width, height in ((640, 360), (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
