"""Takes a picture of the editor in every state, for people to look at: `python -m tests.browser.protocols.look FOLDER [NAME ...]`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.protocols import mock_protocols
from tests.browser.protocols.mock_protocols import MockProtocols, library
from tests.chromium import launch

WIDE = {"width": 1280, "height": 720}
SIZES: dict[str, dict[str, Any]] = {
    "": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "large": {"viewport": {"width": 1920, "height": 1080}},
    "zoom200": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 390, "height": 844}},
}
Shown = Callable[[Page], None]


def choose(page: Page, place: str) -> None:
    """Choose a part of the protocol at the left."""
    page.locator(f'.outline-row[data-place="{place}"]').click()


def as_it_opens(_door: MockProtocols) -> Shown:
    """The live protocol, nothing chosen."""
    return lambda _page: None


def a_question(_door: MockProtocols) -> Shown:
    """A safety question chosen."""
    return lambda page: choose(page, "questions.1")


def a_branch(_door: MockProtocols) -> Shown:
    """A question that is asked only sometimes."""
    return lambda page: choose(page, "questions.7")


def a_rule(_door: MockProtocols) -> Shown:
    """A rule with a condition of two parts."""
    return lambda page: choose(page, "rules.3")


def a_determinant(_door: MockProtocols) -> Shown:
    """Where 911 is dialled."""
    return lambda page: choose(page, "determinants.1")


def a_test(_door: MockProtocols) -> Shown:
    """A test of the author's."""

    def shown(page: Page) -> None:
        page.get_by_role("button", name="Tests").click()
        choose(page, "tests.14")

    return shown


FAULTY = [
    ('when: {question: dog_bite, is: "yes"}', 'when: {question: dog_bite, is: "no"}'),
    ("      es: ¿El perro ha mordido a alguien hoy?", '      es: ""'),
]


def faulty() -> str:
    """A text with a bite that goes nowhere."""
    before, after = FAULTY[0]
    return library("loose_dog").replace(before, after)


def with_findings(door: MockProtocols) -> Shown:
    """A counter-example beside the question that it is about."""
    door.edit(faulty(), "Fay Duarte")
    return lambda page: choose(page, "questions.2")


def as_text(door: MockProtocols) -> Shown:
    """Text with findings at their lines."""
    before, after = FAULTY[1]
    door.edit(library("loose_dog").replace(before, after), "Fay Duarte")

    def shown(page: Page) -> None:
        page.get_by_role("tab", name="Text").click()
        page.locator(".finding-error").first.wait_for()
        page.locator(".finding-line").first.click()

    return shown


def unreadable(door: MockProtocols) -> Shown:
    """A text that is no YAML, seen in the form."""
    door.edit(library("loose_dog").replace("title:\n", "title: [\n"), "Fay Duarte")
    return lambda page: page.locator(".fault").first.wait_for()


def as_table(_door: MockProtocols) -> Shown:
    """The decision table."""
    return lambda page: page.get_by_role("tab", name="Decision table").click()


def in_a_call(_door: MockProtocols) -> Shown:
    """The drawer open, some answers into a call."""

    def shown(page: Page) -> None:
        page.get_by_role("button", name="Try it").click()
        for _ in range(3):
            page.locator(".protocol-try .option").nth(2 if _ == 1 else 1).click()
            page.wait_for_timeout(150)

    return shown


def playing(door: MockProtocols) -> Shown:
    """A counter-example played."""
    door.edit(faulty(), "Fay Duarte")

    def shown(page: Page) -> None:
        page.locator(".finding-error").first.wait_for()
        page.get_by_role("button", name="Play it").first.click()
        page.locator(".so-far").wait_for()

    return shown


def proven(_door: MockProtocols) -> Shown:
    """What was proven."""
    return lambda page: page.locator("#open-proven").click()


CHANGED = ("in: [attacking, charging]", "is: attacking")


def changed() -> str:
    """A text that loses a call to 911 without breaking any rule."""
    text = library("loose_dog")
    text = text.replace("Is there more than one loose dog?", "Are there several loose dogs?")
    return text.replace("priority: 3", "priority: 2")


def proposing(door: MockProtocols) -> Shown:
    """The author about to propose; warnings to accept."""
    door.edit(changed(), "Fay Duarte")

    def shown(page: Page) -> None:
        page.locator(".badge-warning, .tone-connected").first.wait_for()
        page.get_by_role("button", name="Propose").click()
        page.locator("#sheet .sentences").wait_for()

    return shown


def waiting(door: MockProtocols) -> Shown:
    """A proposal that another supervisor looks at."""
    yes_at_school = {"near_school": "yes", "dog_pack": "yes"}
    calm = {"danger_now": "no", "dog_attacking": "no", "dog_bite": "no"}
    door.record(4000, {**calm, "near_school": "no", "dog_aggressive": "no", "home_known": "yes"})
    door.record(310, {**calm, "near_school": "yes", "dog_pack": "no"})
    door.record(12, {**calm, **yes_at_school})
    text = library("loose_dog").replace(
        '        - {question: dog_pack, is: "yes"}', "        - {question: dog_pack, is: refused}"
    )
    door.edit(text, "Fay Duarte")
    who = {
        "proposed_by": "Fay Duarte",
        "proposed_by_id": "a" * 32,
        "proposed_at": mock_protocols.stamp(5),
    }
    accepted = [
        {
            "finding": "w1",
            "code": "E14",
            "where": "destination department:animal_care",
            "message": "nobody has verified the number yet",
            "reason": "the department confirms it on Friday",
            "by": "Fay Duarte",
            "at": mock_protocols.stamp(5),
        }
    ]
    door.draft = {
        **door.draft,
        **who,
        "state": "proposed",
        "reason": "Fewer false alarms at schools",
        "accepted": accepted,
    }
    door.me = mock_protocols.SAM
    return lambda _page: None


def approving(door: MockProtocols) -> Shown:
    """The second person about to approve, with calls that lose 911."""
    waiting(door)

    def shown(page: Page) -> None:
        page.get_by_role("button", name="Approve").click()
        page.locator(".replay-sum").wait_for()

    return shown


def conflict(door: MockProtocols) -> Shown:
    """Somebody else has saved meanwhile."""

    def shown(page: Page) -> None:
        door.edit(library("loose_dog").replace("bitten anyone today?", "bitten somebody today?"))
        choose(page, "questions.2")
        page.locator("#f-questions-2-text-en").fill("Has the dog bitten a person today?")
        page.locator("#sheet").wait_for()

    return shown


def versions(door: MockProtocols) -> Shown:
    """What was live before."""
    door.publish(changed(), "Easier words", "Fay Duarte", "Sam Ortega")
    return lambda page: page.get_by_role("button", name="History").click()


STATES: dict[str, Callable[[MockProtocols], Shown]] = {
    "open": as_it_opens,
    "question": a_question,
    "branch": a_branch,
    "rule": a_rule,
    "determinant": a_determinant,
    "test": a_test,
    "findings": with_findings,
    "text": as_text,
    "unreadable": unreadable,
    "table": as_table,
    "call": in_a_call,
    "playing": playing,
    "proven": proven,
    "proposing": proposing,
    "waiting": waiting,
    "approving": approving,
    "conflict": conflict,
    "versions": versions,
}


def opened(browser: Browser, door: MockProtocols, state: str, size: dict[str, Any]) -> Page:
    """The editor brought to a state."""
    bring = STATES[state](door)
    page = browser.new_context(**size).new_page()
    page.on("pageerror", lambda error: print("page error:", error))
    page.on("console", lambda message: message.type == "error" and print(message.text))
    page.goto(f"{door.address}/protocols/{door.key}")
    page.locator("#item-title").wait_for()
    bring(page)
    page.wait_for_timeout(700)
    return page


def main(folder: Path, wanted: list[str]) -> None:
    """Take the pictures whose name (STATE or STATE-SIZE) is wanted; all without."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size, about in SIZES.items():
            for state in STATES:
                name = f"{state}-{size}" if size else state
                if not wanted or name in wanted:
                    take(browser, state, about, folder / f"{name}.png")


def take(browser: Browser, state: str, size: dict[str, Any], file: Path) -> None:
    """One state at one size, at a door of its own."""
    door = MockProtocols()
    door.start()
    page = opened(browser, door, state, size)
    page.screenshot(path=file)
    page.context.close()
    door.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
