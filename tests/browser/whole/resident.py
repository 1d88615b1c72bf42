"""A resident at the telephone's page: what they hear, say and press, by mouse or by keyboard."""

from playwright.sync_api import Page, expect

from tests.browser.whole.looking import tab_to


class Resident:
    """One telephone on the page; the methods that end in `_by_key` touch no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard = page.locator(".talk-box")
        self.status = page.locator(".telephone .status")

    def dial(self) -> None:
        self.page.get_by_role("button", name="Dial 3-1-1").click()

    def hears(self, words: str) -> None:
        expect(self.heard).to_contain_text(words, timeout=30_000)

    def press(self, key: str) -> None:
        self.page.locator(f"[data-key='{key}']").click()

    def say(self, words: str) -> None:
        self.page.locator(".saying input").fill(words)
        self.page.get_by_role("button", name="Say", exact=True).click()

    def tells_the_line(self, need: str, place: str) -> None:
        """In English, what is needed and where; the place is read back and confirmed."""
        self.dial()
        self.hears("For English, press 1")
        self.press("1")
        self.hears("tell me what you need")
        self.say(need)
        self.hears("Where is it")
        self.say(place)
        self.hears("If that is right")
        self.press("1")

    def asks_for_a_person(self) -> None:
        """In English, straight to a person."""
        self.dial()
        self.hears("For English, press 1")
        self.press("1")
        self.hears("tell me what you need")
        self.press("0")

    def dial_by_key(self) -> None:
        tab_to(self.page, "button.go:not([hidden])")
        self.page.keyboard.press("Enter")

    def press_by_key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def say_by_key(self, words: str) -> None:
        tab_to(self.page, ".saying input")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        tab_to(self.page, ".telephone button")  # out of the box, so that digits are keys again
