"""axe finds nothing on the editor in any of its states, light and dark, wide and narrow; nothing is too small."""

import pytest

from tests.axe import violations
from tests.browser.menus.test_menu_editor_accessibility import SMALL
from tests.browser.protocols.look import STATES, opened
from tests.browser.protocols.mock_protocols import MockProtocols

pytestmark = pytest.mark.browser


@pytest.fixture(params=STATES)
def shown(request, chromium):
    """The editor in each of its states."""
    door = MockProtocols()
    door.start()
    page = opened(chromium, door, request.param, {"viewport": {"width": 1280, "height": 720}})
    yield page
    page.context.close()
    door.stop()


def test_axe_finds_nothing_and_nothing_is_too_small_or_too_wide(shown):
    found = violations(shown)
    shown.emulate_media(color_scheme="dark")
    found += violations(shown)
    for width, height in ((1280, 720), (640, 360), (320, 568)):
        shown.set_viewport_size({"width": width, "height": height})
        shown.wait_for_timeout(100)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert shown.evaluate(SMALL) == []
    assert [*found, *violations(shown)] == []
