"""Takes a picture of the desk in every state, for people to look at: `python -m tests.browser.desk.look FOLDER [NAME ...]`."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.desk import desk_card, states_from_911
from tests.browser.desk import desk_states as states
from tests.browser.desk.mock_door import MockDoor
from tests.chromium import launch

WIDE = {"width": 1280, "height": 720}
SIZES: dict[str, dict[str, Any]] = {
    "": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "large": {"viewport": {"width": 1920, "height": 1080}},
    "zoom200": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 390, "height": 844}},
}
STATES: dict[str, Callable[[], dict[str, Any]]] = {
    "idle": states.idle,
    "elsewhere": states.elsewhere,
    "held": states.held,
    "desk-telephone-rings": lambda: states.switching("asked"),
    "ringing-either": lambda: states.with_desk_telephone(states.ringing()),
    "ready": lambda: states.idle("available", states.busy_line()),
    "ringing": states.ringing,
    "ringing-911": lambda: states.ringing(emergency="emergency", above_all=True),
    "call-es": states.in_call,
    "call-en": lambda: states.in_call(language="en", asked=2),
    "choose": states.no_protocol_yet,
    "outcome": lambda: states.in_call(asked=2, final=True),
    "dialling": lambda: states.emergency("dialling"),
    "ringing911": lambda: states.emergency("ringing"),
    "answered": lambda: states.emergency("answered"),
    "accepted": lambda: states.emergency("accepted"),
    "busy": lambda: states.emergency("busy"),
    **{
        f"referral-{state}": partial(states.referred, state)
        for state in ("ringing", "answered", "accepted", "no_answer")
    },
    "wrap-up": desk_card.wrap_up,
    "left": desk_card.left,
    "card": desk_card.in_call,
    "not-known": desk_card.not_known,
    "much": desk_card.much,
    "gone": states.gone,
    "unreadable": states.lost,
    "overridden": states.overridden,
    "announced": states_from_911.announced,
    "from-911": states_from_911.in_call,
    "from-911-alone": lambda: states_from_911.in_call("alone"),
    "left-early": states.left_early,
    **{f"ask-{kind}": partial(states.asking, kind) for kind in states.BY_KIND},
}
LOOKED_AT_ONLY: dict[str, Callable[[], dict[str, Any]]] = {
    "on-break": states.on_break,
    "hold-ends": lambda: states.held(9),
    "on-desk-telephone": lambda: states.switching("taken", "desk_telephone"),
}
"""States that differ from one of the others by words alone: pictures, and no tests of their own."""
OPENED = {
    "red-flags": "F7",
    "hold": "F4",
    "directory": "F8",
    "other-protocol": "F3",
    "other-outcome": "Alt+o",
    "earlier": "Alt+c",
}
"""What opens in the question's place, and its key."""


def main(folder: Path, wanted: list[str]) -> None:
    """Take the pictures whose name (STATE or STATE-SIZE) holds one of `wanted`; all without."""
    folder.mkdir(parents=True, exist_ok=True)
    door = MockDoor()
    door.start()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size in SIZES:
            for state, made in (STATES | LOOKED_AT_ONLY).items():
                name = f"{state}-{size}" if size else state
                if not wanted or name in wanted:
                    picture(browser, door, made(), SIZES[size], folder / f"{name}.png")
            for name in OPENED:
                whole = f"{name}-{size}" if size else name
                if not wanted or whole in wanted:
                    sheet(browser, door, name, SIZES[size], folder / f"{whole}.png")
        if not wanted or "lost" in wanted:
            lost(browser, door, folder)
    door.stop()


def picture(
    browser: Browser, door: MockDoor, state: dict[str, Any], size: dict[str, Any], file: Path
) -> None:
    """One state at one size."""
    page = opened(browser, door, state, size)
    page.screenshot(path=file)
    page.context.close()


def sheet(browser: Browser, door: MockDoor, name: str, size: dict[str, Any], file: Path) -> None:
    """What a key opens over a question."""
    page = opened(browser, door, states.in_call(), size)
    page.keyboard.press(OPENED[name])
    if name == "other-outcome":
        page.keyboard.press("2")
    page.wait_for_timeout(150)
    page.screenshot(path=file)
    page.context.close()


def opened(browser: Browser, door: MockDoor, state: dict[str, Any], size: dict[str, Any]) -> Page:
    """The desk showing a state, drawn to the end."""
    door.state = state
    context = browser.new_context(**size, permissions=["microphone"])
    page = context.new_page()
    page.on("pageerror", lambda error: print("page error:", error))
    page.on("console", lambda message: message.type == "error" and print(message.text))
    page.goto(f"{door.address}/desk")
    page.wait_for_selector("#live:has-text('Live')")
    page.wait_for_timeout(250)
    return page


def lost(browser: Browser, door: MockDoor, folder: Path) -> None:
    """The feed lost and the red button hanging, the keys shown."""
    page = opened(browser, door, states.in_call(), SIZES[""])
    door.cut_feed()
    page.wait_for_selector(".states-lost")
    page.screenshot(path=folder / "lost.png")
    door.restore_feed()
    door.hangs.add("emergency")
    page.keyboard.press("F9")
    page.wait_for_timeout(2600)
    page.screenshot(path=folder / "unconfirmed.png")
    door.refuses["hold"] = 409
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    page.screenshot(path=folder / "keys.png")
    page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
