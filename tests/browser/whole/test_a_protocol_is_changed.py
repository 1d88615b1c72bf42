"""A protocol is changed by one person and approved by another while a call runs on it; the next call uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.whole.looking import stands_well
from tests.browser.whole.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.xdist_group("browser-whole")]

OLD = "Has the dog bitten anyone today?"
NEW = "Has the dog bitten a person or a pet today?"
NEW_IN_SPANISH = "¿El perro ha mordido hoy a una persona o a una mascota?"
UNCHANGED = re.compile(r"The one recorded call does not change|None of \d+ recorded calls changes")
"""Other tests of the same town may have asked this protocol before."""
WHY = "Said in the round of the whole."


@pytest.fixture
def editor(town: Town, open_page):
    """The editor of the loose dog as somebody of the demonstration sees it."""

    def opened(name: str) -> Page:
        page = open_page(town.product_url + "/login")
        page.get_by_label("E-mail address").fill(town.email_of(name))
        page.get_by_label("Password").fill(town.passphrase)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/login" not in address)
        page.goto(f"{town.product_url}/protocols/loose_dog")
        page.locator("#item-title").wait_for()
        return page

    return opened


def choose(page: Page, words: str) -> None:
    """Choose a part of the protocol by its words."""
    page.locator(".outline-row", has_text=words).first.click()


def propose(page: Page) -> None:
    """Propose the draft and accept each warning by name."""
    page.get_by_role("button", name="Propose").click()
    sheet = page.get_by_role("dialog", name="Propose this draft")
    expect(sheet.get_by_role("region", name="Difference")).to_contain_text(NEW)
    expect(sheet.locator(".replay")).to_contain_text(UNCHANGED)
    reasons = sheet.get_by_placeholder("Why it may stay")
    for place in range(reasons.count()):
        reasons.nth(place).fill(WHY)
    sheet.get_by_label("What does it change, and why?").fill("Pets count too")
    sheet.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("region", name="Waiting for approval")).to_contain_text("Pets count")


def confirm(page: Page, passphrase: str) -> None:
    """Give the password where it is asked for; then the order is done."""
    page.locator("#sheet.sheet-password, body:not(:has(#sheet))").first.wait_for(state="attached")
    if page.get_by_role("dialog", name="Your password, once more").count():
        page.get_by_label("Password").fill(passphrase)
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#sheet")).to_have_count(0)


def test_a_counter_example_stops_it_it_is_mended_replayed_approved_and_used_by_the_next_call(
    resident, call_taker, editor, town
):
    desk = call_taker("Ana").begins_a_shift()
    rosa = resident("Rosa")
    rosa.asks_for_a_person()
    desk.accept()
    desk.choose_protocol("Loose dog")
    desk.answer("in danger", "No")
    desk.asks("attacking or charging")

    eli = editor("Eli")
    choose(eli, "→ dog_bite")
    eli.get_by_label("No", exact=True).check()
    eli.get_by_label("Yes", exact=True).uncheck()
    stopped = eli.locator(".editor-findings .finding-error").filter(has_text="is no emergency")
    expect(stopped.first).to_be_visible()
    expect(eli.get_by_role("button", name="Propose")).to_have_attribute("aria-disabled", "true")
    stopped.first.get_by_role("button", name="Play it").click()
    expect(eli.locator(".so-far .chip")).not_to_contain_text("Emergency")
    stands_well(eli, "protocol-counter-example")
    eli.get_by_label("Yes", exact=True).check()
    eli.get_by_label("No", exact=True).uncheck()
    expect(eli.locator(".so-far .chip")).to_contain_text("Emergency")
    choose(eli, OLD)
    eli.locator(".tongue textarea[lang=en]").first.fill(NEW)
    eli.locator(".tongue textarea[lang=es]").first.fill(NEW_IN_SPANISH)
    expect(eli.locator(".editor-findings .badge-error")).to_have_count(0)
    eli.get_by_role("button", name="Close", exact=True).click()
    propose(eli)

    dora = editor("Dora")
    dora.get_by_role("button", name="Approve").click()
    expect(dora.locator(".replay-sum")).to_contain_text(UNCHANGED)
    expect(dora.locator(".accepted")).to_contain_text(WHY)
    stands_well(dora, "protocol-approving")
    dora.get_by_role("button", name="Approve and publish").click()
    confirm(dora, town.passphrase)
    expect(dora.locator(".editor-states")).to_contain_text("Live v2")
    dora.wait_for_timeout(5_000)

    desk.answer("attacking or charging", "Neither")
    desk.asks(OLD)
    expect(desk.page.locator(".protocol-title")).to_contain_text("v1")
    desk.hang_up()
    desk.wrap_up("Information given")
    resident("Walt").asks_for_a_person()
    desk.accept()
    desk.choose_protocol("Loose dog")
    expect(desk.page.locator(".protocol-title")).to_contain_text("v2")
    desk.answer("in danger", "No")
    desk.answer("attacking or charging", "Neither")
    desk.asks(NEW)
    desk.hang_up()
    desk.wrap_up("Information given")

    dora.get_by_role("button", name="History").click()
    dora.get_by_role("row", name="v1").get_by_role("button", name="Roll back to it").click()
    dora.get_by_label("Why?").fill("The round is over.")
    dora.get_by_role("button", name="Roll back", exact=True).click()
    confirm(dora, town.passphrase)
    expect(dora.locator(".editor-states")).not_to_contain_text("Live v2")
