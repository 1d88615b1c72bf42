"""From draft to live: warnings accepted by name, recorded calls played again, a second person, and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.protocols import look
from tests.browser.protocols.mock_protocols import SAM, library

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(door):
    """A draft without errors, saved by Fay."""
    door.edit(look.changed(), "Fay Duarte")


def proposing(page):
    page.locator(".editor-findings .badge-warning").wait_for()
    page.get_by_role("button", name="Propose").click()
    return page.get_by_role("dialog", name="Propose this draft")


def test_a_draft_with_errors_is_not_proposed_and_says_why(open_editor, door):
    door.edit(look.faulty(), "Fay Duarte")
    page = open_editor()
    expect(page.locator("#why-not-propose")).to_contain_text("to mend first.")
    expect(page.get_by_role("button", name="Propose")).to_have_attribute("aria-disabled", "true")


def test_each_warning_is_accepted_by_name_before_a_draft_is_proposed(open_editor, door, draft):
    page = open_editor()
    sheet = proposing(page)
    expect(sheet.get_by_role("region", name="Difference")).to_contain_text(
        "Determinant dog_visit: the priority changed from 3 to 2."
    )
    sheet.get_by_label("What does it change, and why?").fill("Easier words")
    fields = sheet.get_by_role("group").filter(has_text="to accept").get_by_role("textbox")
    for place in range(fields.count()):
        fields.nth(place).fill(f"known, {place}")
    sheet.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("region", name="Waiting for approval")).to_contain_text("Easier words")
    assert door.draft["accepted"][0]["reason"] == "known, 0"
    expect(page.locator("#why-not-approve")).to_contain_text("somebody else approves it")
    expect(page.locator(".read-only")).to_contain_text("Waiting for approval")


def test_a_warning_without_a_reason_keeps_the_dialog_open(open_editor, door, draft):
    page = open_editor()
    sheet = proposing(page)
    sheet.get_by_label("What does it change, and why?").fill("Easier words")
    sheet.get_by_role("button", name="Propose").click()
    expect(sheet).to_be_visible()
    assert door.draft["state"] == "editing"


def test_calls_that_would_lose_911_are_accepted_by_the_approver_themself(open_editor, door):
    look.waiting(door)
    page = open_editor()
    page.get_by_role("button", name="Approve").click()
    sheet = page.get_by_role("dialog", name="Approve what Fay Duarte proposed")
    expect(sheet.locator(".replay-sum")).to_contain_text(
        "12 of 4,322 calls change; 12 went to 911 and would not."
    )
    sheet.get_by_text("Which calls").click()
    expect(sheet.get_by_role("region", name="Calls that change").locator("tr.lost")).to_have_count(
        12
    )
    sheet.get_by_role("button", name="Approve and publish").click()
    expect(sheet).to_be_visible()
    sheet.get_by_placeholder("Why it may stay").fill("The school has its own officer now.")
    sheet.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v2")
    body = next(body for what, body in door.asked if what == "approve")
    assert body["replay"] == {"changed": 12, "lost_911": 12}
    assert body["accepted"] == [{"finding": "R01", "reason": "The school has its own officer now."}]


def test_calls_that_came_meanwhile_are_shown_before_it_is_approved(open_editor, door):
    look.waiting(door)
    page = open_editor()
    page.get_by_role("button", name="Approve").click()
    page.locator(".replay-sum").wait_for()
    calm = {"danger_now": "no", "dog_attacking": "no", "dog_bite": "no"}
    door.record(3, {**calm, "near_school": "yes", "dog_pack": "yes"})
    page.get_by_placeholder("Why it may stay").fill("The school has its own officer now.")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator("#sheet .fault")).to_contain_text("More calls change than you saw.")
    expect(page.locator(".replay-sum")).to_contain_text("15 of 4,325 calls change")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v2")


def test_the_password_is_asked_again_and_the_order_is_done_with_it(open_editor, door):
    look.waiting(door)
    door.recorded.clear()
    door.password = "correct horse"
    page = open_editor()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".replay")).to_contain_text("No call has used v1 yet")
    page.get_by_role("button", name="Approve and publish").click()
    asked = page.get_by_role("dialog", name="Your password, once more")
    asked.get_by_label("Password").fill("wrong")
    asked.get_by_role("button", name="Go on").click()
    expect(asked.get_by_role("alert")).to_contain_text("That is not your password")
    asked.get_by_label("Password").fill("correct horse")
    asked.get_by_role("button", name="Go on").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v2")


def test_an_earlier_version_comes_back_in_one_step(open_editor, door):
    door.publish(look.changed(), "Easier words", "Fay Duarte", "Sam Ortega")
    door.draft = door._no_draft()
    page = open_editor()
    page.get_by_role("button", name="History").click()
    page.get_by_role("row", name="v1").get_by_role("button", name="Roll back to it").click()
    sheet = page.get_by_role("dialog", name="Roll back to v1")
    sheet.get_by_label("Why?").fill("The old words were better.")
    sheet.get_by_role("button", name="Roll back").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v3")
    assert door.draft["text"] == library(door.key)


def test_a_refusal_stays_where_the_person_looks_and_then_on_the_page(open_editor, door):
    look.waiting(door)
    door.me = SAM
    door.fails["decline"] = 500
    page = open_editor()
    page.get_by_role("button", name="Decline").click()
    page.get_by_label("Why not?").fill("Not yet")
    page.get_by_role("dialog").get_by_role("button", name="Decline").click()
    expect(page.locator("#sheet .fault")).to_contain_text("The server is in trouble.")
    page.keyboard.press("Escape")
    problem = page.get_by_role("alert").filter(has_text="The server is in trouble.")
    problem.get_by_role("button", name="Read").click()
    expect(problem).to_have_count(0)


def test_the_sheet_and_the_export_are_of_what_is_shown(open_editor, door, draft):
    page = open_editor()
    links = page.locator(".tool-links")
    address = "/protocols/loose_dog/print?version=draft"
    expect(links.get_by_role("link", name="Print sheet")).to_have_attribute("href", address)
    expect(links.get_by_role("link", name="Export")).to_have_attribute(
        "href", "/protocols/loose_dog/export?version=draft"
    )


def test_what_was_proven_is_told_rule_by_rule(open_editor):
    page = open_editor()
    page.locator("#open-proven").click()
    rows = page.get_by_role("dialog", name="What was proven").get_by_role("row")
    expect(rows.filter(has_text="E12")).to_contain_text("Every red flag ends in an emergency")
    expect(rows.filter(has_text="E12")).to_contain_text("holds")


def test_the_decision_table_leads_to_determinants_and_rules(open_editor):
    page = open_editor()
    page.get_by_role("tab", name="Decision table").click()
    row = page.get_by_role("row", name="Several loose dogs at a school")
    expect(row).to_contain_text("near_school is yes and dog_pack is yes")
    row.get_by_role("button", name="pack_at_school").click()
    expect(page.locator("#item-title")).to_contain_text("pack_at_school")


def test_a_protocol_that_was_never_live_is_proposed_without_anything_to_compare(open_editor, door):
    door.edit(library(door.key), "Fay Duarte")
    door.live, door.history = None, []
    page = open_editor()
    expect(page.locator(".editor-states")).to_contain_text("Nothing is live yet")
    sheet = proposing(page)
    expect(sheet).to_contain_text("Nothing is live yet: all of it is new.")
    expect(sheet.locator(".replay")).to_have_count(0)
    sheet.get_by_label("What does it change, and why?").fill("The first")
    for field in sheet.get_by_placeholder("Why it may stay").all():
        field.fill("known")
    sheet.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("region", name="Waiting for approval")).to_be_visible()
    assert [what for what, _ in door.asked if what in ("difference", "replay")] == []


def test_a_protocol_is_taken_out_of_use_with_a_reason_and_its_page_stays(open_editor, door):
    page = open_editor()
    page.get_by_role("button", name="History").click()
    page.get_by_role("row", name="v1").get_by_role("button", name="Take out of use").click()
    sheet = page.get_by_role("dialog", name="Take this protocol out of use")
    expect(sheet).to_contain_text("Calls in progress end on it.")
    sheet.get_by_label("Why?").fill("The county takes these calls now.")
    sheet.get_by_role("button", name="Take it out of use").click()
    expect(page.locator(".editor-states")).to_contain_text("Out of use")
    assert ("retire", {"version": 1, "reason": "The county takes these calls now."}) in door.asked
    expect(page.locator(".tool-links").get_by_role("link", name="Print sheet")).to_have_attribute(
        "href", "/protocols/loose_dog/print?version=draft"
    )
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("button", name="Take out of use")).to_have_count(0)
    expect(page.get_by_role("button", name="Roll back to it")).to_be_visible()
