"""What an author's hands do on the editor's page: by mouse in the picture, by keyboard everywhere."""

from playwright.sync_api import Locator, Page

MOST_TABS = 250


def box(page: Page, name: str) -> Locator:
    """A node of the picture."""
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def add(page: Page, kind: str) -> None:
    """Add a node by the mouse."""
    page.get_by_label("Kind of the new node").select_option(label=kind)
    page.get_by_role("button", name="Add node").click()


def show_everything(page: Page) -> None:
    """Bring the whole menu into the picture."""
    page.get_by_role("button", name="Fit View").click()
    page.wait_for_timeout(350)


def middle(of: Locator) -> tuple[float, float]:
    """Where the mouse takes hold of something."""
    at = of.bounding_box()
    assert at, "it cannot be seen"
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, move, let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=6)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def draw_line(page: Page, name: str, way: str, to: str) -> None:
    """Draw a line from a way out of a node (`exit-0`, `more`) to another node."""
    start = middle(box(page, name).locator(f'[data-handleid="{way}"]'))
    drag(page, start, middle(box(page, to).locator(".box-in")))


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {wanted}")


def type_into(page: Page, wanted: Locator, words: str) -> None:
    """Go to a field by Tab and type."""
    tab_to(page, wanted)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def choose(page: Page, wanted: Locator, words: str) -> None:
    """Go to a select by Tab and choose by typing the beginning of the words."""
    tab_to(page, wanted)
    page.keyboard.type(words)
    page.keyboard.press("Tab")


def press(page: Page, wanted: Locator) -> None:
    """Go to a button by Tab and press it."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")
