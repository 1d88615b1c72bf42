"""axe finds nothing on the desk in any of its states, light and dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.desk.look import STATES

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


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_light_or_dark(open_desk, state):
    page = open_desk(STATES[state]())
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    assert [*light, *violations(page)] == []


@pytest.mark.parametrize("tab", ["Question", "Caller", "Line"])
def test_axe_finds_nothing_on_a_narrow_page(open_desk, tab):
    page = open_desk(STATES["answered"]())
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("navigation", name="Columns").get_by_role("button", name=tab).click()
    assert violations(page) == []


def test_axe_finds_nothing_with_keys_and_problems_shown(open_desk, door):
    page = open_desk(STATES["call-es"]())
    door.refuses["hold"] = 409
    page.keyboard.press("F4")
    page.locator(".problem").wait_for()
    page.keyboard.press("?")
    assert violations(page) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (320, 568)])
def test_nothing_needs_sideways_scrolling_and_the_red_button_stays(open_desk, state, size):
    page = open_desk(STATES[state]())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#red").bounding_box()
    assert box["height"] >= 56
    assert box["y"] < 12
    assert size[0] - (box["x"] + box["width"]) < 12


@pytest.mark.parametrize("state", STATES)
def test_every_target_is_at_least_24_pixels(open_desk, state):
    page = open_desk(STATES[state]())
    small = page.evaluate(
        "[...document.querySelectorAll('button, a[href], input, select, textarea')].filter((one) => one.checkVisibility())"
        ".map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
    )
    assert small == []
