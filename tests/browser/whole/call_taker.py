"""A call-taker at the desk's page, from signing in to the wrap-up, by mouse or by keyboard."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.whole.looking import tab_to, tab_to_words
from tests.browser.whole.town import Town

END_SHIFT = """async () => {
  const read = async () => (await fetch("/desk/state")).json();
  const order = async (path, body, token) => fetch("/desk" + path, {method: "POST",
    headers: {"Content-Type": "application/json", "X-CSRFToken": token}, body: JSON.stringify(body)});
  for (let tries = 0; tries < 40; tries += 1) {
    const {call, wrap_up, csrf_token, presence} = await read();
    if (wrap_up) await order(`/calls/${wrap_up.call_id}/wrap-up`, {disposition: "information"}, csrf_token);
    else if (call) await order(`/calls/${call.call_id}/hang-up`, {}, csrf_token);
    else if (presence.state === "offline") return null;
    else await order("/presence", {state: "offline"}, csrf_token);
    await new Promise((then) => setTimeout(then, 250));
  }
  return await read();
}"""


class CallTaker:
    """One desk; the methods that end in `_by_key` touch no mouse."""

    def __init__(self, page: Page, email: str, town: Town) -> None:
        self.page = page
        self._email = email
        self._town = town
        self.desk = page.locator("main#desk")

    def sign_in(self) -> None:
        self.page.get_by_label("E-mail address").fill(self._email)
        self.page.get_by_label("Password").fill(self._town.passphrase)
        self.page.get_by_role("button", name="Sign in").click()
        self.is_live()

    def is_live(self) -> None:
        expect(self.page.locator("#live")).to_contain_text("Live")

    def is_ready(self) -> None:
        self.page.get_by_role("button", name="Ready", exact=True).last.click()
        expect(self.page.get_by_text("You are ready.")).to_be_visible()

    def begins_a_shift(self) -> "CallTaker":
        self.sign_in()
        self.is_ready()
        return self

    def shows(self, state: str) -> None:
        """Wait until the desk is idle, ringing, in a call, in an emergency or wrapping up."""
        expect(self.desk).to_have_attribute("data-state", state)

    def accept(self) -> None:
        self.shows("ringing")
        self.page.locator("#accept").click()
        self.is_connected()

    def is_connected(self) -> None:
        expect(self.page.get_by_text("Telephone: connected")).to_be_visible()
        expect(self.page.locator(".strip-caller")).to_contain_text("In call")

    def choose_protocol(self, title: str) -> None:
        self.page.locator("button.option", has_text=title).click()
        expect(self.page.locator(".protocol-title")).to_contain_text(title)

    def answer(self, question: str, option: str) -> None:
        self.asks(question)
        self.page.locator("button.option", has_text=option).first.click()

    def asks(self, question: str) -> None:
        expect(self.page.locator("#question-text")).to_contain_text(question)

    def say(self, words: str) -> None:
        """Type into the captions' box, where a real desk has a microphone."""
        self.page.get_by_label("What you say on the call").fill(words)
        self.page.locator("old-pueblo-captions form button").click()

    def hears(self, words: str) -> None:
        expect(self.page.locator("old-pueblo-captions ol")).to_contain_text(words)

    def hang_up(self) -> None:
        self.page.get_by_role("button", name="Hang up").click()
        self.shows("wrap-up")

    def wrap_up(self, title: str) -> None:
        self.page.locator("button.option", has_text=title).click()
        expect(self.page.get_by_text("You are ready.")).to_be_visible()

    def transfer_says(self, words: str) -> None:
        expect(self.page.locator("#centre h2")).to_contain_text(words)

    def sign_in_by_key(self) -> None:
        tab_to(self.page, "#email")
        self.page.keyboard.type(self._email)
        tab_to(self.page, "#password")
        self.page.keyboard.type(self._town.passphrase)
        self.page.keyboard.press("Enter")

    def is_ready_by_key(self) -> None:
        tab_to(self.page, "#centre button.primary")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("You are ready.")).to_be_visible()

    def chooses_by_key(self, words: str) -> None:
        """Choose an entry of the menu below one's own state."""
        self.page.keyboard.press("Escape")
        tab_to(self.page, ".presence")
        self.page.keyboard.press("Enter")
        tab_to_words(self.page, words)
        self.page.keyboard.press("Enter")

    def end_shift(self) -> None:
        """Go home, whatever the test has left on the desk."""
        if "/desk" in self.page.url:
            left: Any = self.page.evaluate(END_SHIFT)
            assert left is None, left
