"""Takes a picture of the editor in every state, for people to look at: `python -m tests.browser.menus.look FOLDER [NAME ...]`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.menus import menu_documents, mock_menus
from tests.browser.menus.mock_menus import MockMenus
from tests.chromium import launch

WIDE = {"width": 1280, "height": 720}
SIZES: dict[str, dict[str, Any]] = {
    "": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "large": {"viewport": {"width": 1920, "height": 1080}},
    "zoom200": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 390, "height": 844}},
}


def as_it_opens(_menus: MockMenus) -> Callable[[Page], None]:
    """The live menu, nothing chosen."""
    return lambda _page: None


def with_findings(menus: MockMenus) -> Callable[[Page], None]:
    """A draft with a dead end and words missing, its node chosen."""
    document = menu_documents.small_menu()
    document["nodes"]["need"]["options"].append(
        menu_documents.option("3", "", "cooling centers", "centros de enfriamiento")
    )
    document["nodes"]["trash"]["text"]["es"] = ""
    menus.edit(document, "Ana Ruiz")
    return lambda page: page.locator('.react-flow__node[data-id="need"]').click()


def as_a_list(menus: MockMenus) -> Callable[[Page], None]:
    """The same as a list."""
    choose = with_findings(menus)

    def shown(page: Page) -> None:
        choose(page)
        page.get_by_role("tab", name="List").click()

    return shown


def in_a_call(menus: MockMenus) -> Callable[[Page], None]:
    """The drawer open, some turns into a call."""

    def shown(page: Page) -> None:
        page.get_by_role("button", name="Try it").click()
        page.get_by_role("button", name="Call", exact=True).click()
        keys = page.get_by_role("group", name="Keys")
        for key in ("2", "1"):
            page.locator(".try-keys [aria-disabled]").first.wait_for(state="detached")
            keys.get_by_role("button", name=key, exact=True).click()
        page.locator(".said-line").nth(6).wait_for()

    return shown


def waiting(menus: MockMenus) -> Callable[[Page], None]:
    """A proposal that a supervisor looks at."""
    document = menu_documents.small_menu()
    document["nodes"]["trash"]["text"]["en"] += " Cooling centers are open until 8."
    menus.edit(document, "Ana Ruiz")
    menus._step("propose", {"reason": "Cooling centers for the heat", "publish_at": None})
    menus.me = mock_menus.SAM
    return lambda _page: None


def approving(menus: MockMenus) -> Callable[[Page], None]:
    """The supervisor about to approve."""
    waiting(menus)
    return lambda page: page.get_by_role("button", name="Approve").click()


def proposing(menus: MockMenus) -> Callable[[Page], None]:
    """The author about to propose."""
    document = menu_documents.small_menu()
    document["nodes"]["trash"]["text"]["en"] += " Cooling centers are open until 8."
    menus.edit(document, "Ana Ruiz")

    def shown(page: Page) -> None:
        page.get_by_role("button", name="Propose").click()
        page.get_by_label("At a set time").check()

    return shown


def conflict(menus: MockMenus) -> Callable[[Page], None]:
    """Somebody else has saved meanwhile."""

    def shown(page: Page) -> None:
        document = menu_documents.small_menu()
        document["nodes"]["trash"]["text"]["en"] = "Carts go out by 5 in the summer."
        menus.edit(document)
        page.locator('.react-flow__node[data-id="trash"]').click()
        page.locator("#f-text-en").fill("Put your cart out the evening before.")
        page.locator("#sheet").wait_for()

    return shown


def versions(menus: MockMenus) -> Callable[[Page], None]:
    """What was live before."""
    menus.publish(menu_documents.small_menu(), "Monsoon: sandbags first", "Ana Ruiz", "Sam Ortega")
    menus.me = mock_menus.SAM
    return lambda page: page.get_by_role("button", name="History").click()


def usage(menus: MockMenus) -> Callable[[Page], None]:
    """Callers of the last week on the picture."""
    names = list(menu_documents.small_menu()["nodes"])
    menus.usage = {
        "as_of": mock_menus.stamp(3),
        "callers": 4210,
        "nodes": {
            name: {"callers": 4210 // (1 + place), "to_person": 37 * place, "hung_up": 11 * place}
            for place, name in enumerate(names)
        },
        "edges": [
            {"from": "greeting", "to": "open_now", "callers": 4100},
            {"from": "need", "to": "trash", "callers": 1403},
        ],
    }
    return lambda page: page.get_by_label("Callers that took each way").select_option("7")


def large(menus: MockMenus) -> Callable[[Page], None]:
    """Too much data: 86 nodes."""
    menus.edit(menu_documents.large_menu(), "Ana Ruiz")
    return lambda _page: None


STATES: dict[str, Callable[[MockMenus], Callable[[Page], None]]] = {
    "open": as_it_opens,
    "findings": with_findings,
    "list": as_a_list,
    "call": in_a_call,
    "waiting": waiting,
    "approving": approving,
    "proposing": proposing,
    "conflict": conflict,
    "versions": versions,
    "usage": usage,
    "large": large,
}


def opened(browser: Browser, menus: MockMenus, state: str, size: dict[str, Any]) -> Page:
    """The editor brought to a state."""
    bring = STATES[state](menus)
    page = browser.new_context(**size).new_page()
    page.on("pageerror", lambda error: print("page error:", error))
    page.on("console", lambda message: message.type == "error" and print(message.text))
    page.goto(f"{menus.address}/menus/menu/menu")
    page.locator("#chosen-title").wait_for()
    page.locator(".react-flow__node").first.wait_for()
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
    menus = MockMenus()
    menus.start()
    page = opened(browser, menus, state, size)
    page.screenshot(path=file)
    page.context.close()
    menus.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
