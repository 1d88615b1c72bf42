"""axe finds nothing on the editor in any of its states, light and dark, wide and narrow; nothing is too small."""

import pytest

from tests.axe import violations
from tests.browser.menus.look import STATES, opened
from tests.browser.menus.mock_menus import MockMenus

pytestmark = pytest.mark.browser

SMALL = (
    "[...document.querySelectorAll('button, a[href], input, select, textarea, summary')]"
    ".filter((one) => one.checkVisibility() && !one.closest('.react-flow'))"
    ".map((one) => [one.outerHTML.slice(0, 90), one.type === 'checkbox' || one.type === 'radio' ? one.closest('label').getBoundingClientRect() : one.getBoundingClientRect()])"
    ".filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
)


@pytest.fixture(params=STATES)
def shown(request, chromium):
    """The editor in each of its states."""
    menus = MockMenus()
    menus.start()
    page = opened(chromium, menus, request.param, {"viewport": {"width": 1280, "height": 720}})
    yield page
    page.context.close()
    menus.stop()


def test_axe_finds_nothing_light_or_dark_wide_or_narrow(shown):
    found = violations(shown)
    shown.emulate_media(color_scheme="dark")
    found += violations(shown)
    shown.set_viewport_size({"width": 390, "height": 844})
    assert [*found, *violations(shown)] == []


def test_nothing_needs_sideways_scrolling_and_every_target_is_at_least_24_pixels(shown):
    for width, height in ((1280, 720), (640, 360), (320, 568)):
        shown.set_viewport_size({"width": width, "height": height})
        shown.wait_for_timeout(100)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert shown.evaluate(SMALL) == []
