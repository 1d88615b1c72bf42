"""axe finds nothing on the desk in any of its states, light and dark, wide and narrow."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk.look import OPENED, STATES, opened
from tests.browser.desk.mock_door import MockDoor

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
FIND = "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    page.evaluate(AXE.read_text())
    return [
        f"{found['id']}: {node['html'][:120]} {node['failureSummary'][-160:]}"
        for found in page.evaluate(FIND)
        for node in found["nodes"]
    ]


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


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_light_or_dark(desk_in, state):
    page = desk_in(state)
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    assert [*light, *violations(page)] == []


@pytest.mark.parametrize("tab", ["Question", "Caller", "Line"])
def test_axe_finds_nothing_on_a_narrow_page(desk_in, tab):
    page = desk_in("answered")
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("navigation", name="Columns").get_by_role("button", name=tab).click()
    assert violations(page) == []


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


@pytest.mark.parametrize("state", STATES)
def test_nothing_needs_sideways_scrolling_and_the_red_button_stays(desk_in, state):
    page = desk_in(state)
    for width, height in ((1280, 720), (640, 360), (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = page.locator("#red").bounding_box()
        assert box["height"] >= 56
        assert box["y"] < 12
        assert width - (box["x"] + box["width"]) < 12


@pytest.mark.parametrize("state", STATES)
def test_every_target_is_at_least_24_pixels(desk_in, state):
    small = desk_in(state).evaluate(
        "[...document.querySelectorAll('button, a[href], input, select, textarea')].filter((one) => one.checkVisibility())"
        ".map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
    )
    assert small == []
