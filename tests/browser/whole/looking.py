"""A page held to axe-core in the state it is in, and its picture kept for people to look at."""

from pathlib import Path

from playwright.sync_api import Page

from config.settings import ROOT
from tests.axe import violations

PICTURES = ROOT / ".run/screenshots"


def stands_well(page: Page, name: str) -> None:
    """Keep a picture of the page, and hold it to axe and to its own width."""
    page.screenshot(path=picture(name))
    found = violations(page)
    assert not found, f"{name}: " + "\n".join(found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def picture(name: str) -> Path:
    """Where the picture of a state is kept."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{name}.png"


def tab_to_words(page: Page, words: str, most: int = 80) -> None:
    """Go by the Tab key alone to the element that says exactly these words."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.textContent.trim()") == words:
            return
    raise AssertionError(f"{words!r} is not reached by {most} presses of Tab")


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Go to an element by the Tab key alone, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by {most} presses of Tab")
