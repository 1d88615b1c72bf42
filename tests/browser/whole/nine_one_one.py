"""Somebody at the page of the city's 911 desk."""

from playwright.sync_api import Page, expect

from tests.browser.whole.looking import tab_to


class NineOneOne:
    """One 911 desk; the methods that end in `_by_key` touch no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard = page.locator("#captions")

    def rings(self) -> None:
        expect(self.page.locator("#lamp-word")).to_have_text("Ringing")

    def answer(self) -> None:
        self.page.locator("#answer").click()
        expect(self.page.locator("#lamp-word")).to_have_text("Talking")

    def say(self, words: str) -> None:
        self.page.locator("#words").fill(words)
        self.page.locator("#say").click()

    def hears(self, words: str) -> None:
        expect(self.heard).to_contain_text(words)

    def answer_by_key(self) -> None:
        expect(self.page.locator("#answer")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#lamp-word")).to_have_text("Talking")

    def say_by_key(self, words: str) -> None:
        if not self.page.evaluate("document.activeElement.matches('#words')"):
            tab_to(self.page, "#words")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
