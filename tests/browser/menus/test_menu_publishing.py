"""From draft to live takes two people, and the way back one; each sees why a button does nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.menus import menu_documents
from tests.browser.menus.mock_menus import ANA, SAM

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(menus):
    document = menu_documents.small_menu()
    document["nodes"]["trash"]["text"]["en"] = "Cooling centers are open until 8."
    menus.edit(document, "Ana Ruiz")
    return document


def propose(page, reason="Cooling centers for the heat"):
    page.get_by_role("button", name="Propose").click()
    dialog = page.get_by_role("dialog", name="Propose this draft")
    expect(dialog.get_by_role("table")).to_contain_text("Cooling centers are open until 8.")
    dialog.get_by_label("What does it change, and why?").fill(reason)
    return dialog


def asked(menus, what):
    return [body for name, body in menus.asked if name == what]


def test_one_proposes_and_another_approves_what_both_have_seen(open_editor, menus, draft):
    page = open_editor()
    propose(page).get_by_role("button", name="Propose").click()
    band = page.get_by_role("region", name="Waiting for approval")
    expect(band).to_contain_text("Cooling centers for the heat")
    expect(band).to_contain_text("A supervisor approves it.")
    expect(band.get_by_role("button", name="Approve")).to_have_count(0)
    expect(page.get_by_role("button", name="Add node")).to_be_disabled()
    menus.me = SAM
    page.reload()
    band.get_by_role("button", name="Approve").click()
    dialog = page.get_by_role("dialog", name="Approve what Ana Ruiz proposed")
    expect(dialog).to_contain_text("Cooling centers are open until 8.")
    dialog.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v2")
    expect(page.locator("#draft-state")).to_have_text("No draft: as it is live")
    assert asked(menus, "propose") == [
        {"revision": 1, "reason": "Cooling centers for the heat", "publish_at": None}
    ]


def test_nobody_approves_their_own_proposal(open_editor, menus, draft):
    menus.me = SAM
    page = open_editor()
    propose(page).get_by_role("button", name="Propose").click()
    band = page.get_by_role("region", name="Waiting for approval")
    expect(band).to_contain_text("You proposed it, so somebody else approves it.")
    expect(band.get_by_role("button", name="Approve")).to_have_count(0)
    band.get_by_role("button", name="Withdraw").click()
    expect(band).to_have_count(0)
    expect(page.get_by_role("button", name="Add node")).to_be_enabled()


def test_a_draft_can_go_live_at_a_set_time(open_editor, menus, draft):
    page = open_editor()
    dialog = propose(page)
    dialog.get_by_label("At a set time, once approved").check()
    dialog.get_by_label("Date and time").fill("2031-07-04T06:00")
    dialog.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("region", name="Waiting for approval")).to_contain_text(
        "4 Jul 2031, 06:00"
    )
    assert asked(menus, "propose")[0]["publish_at"].startswith("2031-07-04T")


def test_a_declined_proposal_comes_back_with_its_reason(open_editor, menus, draft):
    page = open_editor()
    propose(page).get_by_role("button", name="Propose").click()
    page.get_by_role("region", name="Waiting for approval").wait_for()
    menus.me = SAM
    page.reload()
    page.get_by_role("button", name="Decline").click()
    dialog = page.get_by_role("dialog", name="Decline")
    dialog.get_by_label("Why not?").fill("The hours are wrong.")
    dialog.get_by_role("button", name="Decline").click()
    expect(dialog).to_have_count(0)
    assert asked(menus, "decline") == [{"reason": "The hours are wrong."}]


def test_rolling_back_asks_why_and_for_the_password(open_editor, menus, draft):
    menus.publish(draft, "Cooling centers", "Ana Ruiz", "Sam Ortega")
    menus.me, menus.password = SAM, "a long enough passphrase"
    page = open_editor()
    page.get_by_role("button", name="History").click()
    row = page.get_by_role("dialog", name="History").get_by_role("row", name="v1")
    row.get_by_role("button", name="Roll back to it").click()
    dialog = page.get_by_role("dialog", name="Roll back to v1")
    dialog.get_by_label("Why?").fill("The heat is over.")
    dialog.get_by_role("button", name="Roll back").click()
    again = page.get_by_role("dialog", name="Your password, once more")
    again.get_by_label("Password").fill("wrong")
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("alert")).to_have_text(
        "That is not your password, so nothing was done."
    )
    again.get_by_label("Password").fill("a long enough passphrase")
    again.get_by_role("button", name="Go on").click()
    expect(page.locator(".editor-states")).to_contain_text("Live v3")
    assert asked(menus, "roll-back")[-1]["reason"] == "The heat is over."


def test_somebody_who_may_only_read_sees_everything_and_changes_nothing(open_editor, menus):
    menus.me = {**ANA, "role": "auditor"}
    page = open_editor()
    expect(page.locator(".read-only")).to_contain_text("You may read this menu")
    page.get_by_role("tab", name="List").click()
    page.locator('.row-node[data-node="trash"]').click()
    expect(page.locator("#f-text-en")).to_be_disabled()
    page.keyboard.press("Delete")
    expect(page.locator('.row-node[data-node="trash"]')).to_have_count(1)
    expect(page.locator("#why-not-propose")).to_contain_text("Your role does not propose")


def test_a_refusal_says_what_happened_and_stays_until_it_is_read(open_editor, menus, draft):
    page = open_editor()
    menus.fails["propose"] = 500
    propose(page).get_by_role("button", name="Propose").click()
    page.keyboard.press("Escape")
    problem = page.get_by_role("alert").filter(has_text="The server is in trouble.")
    expect(problem).to_contain_text("Try again.")
    problem.get_by_role("button", name="Read").click()
    expect(problem).to_have_count(0)


def test_a_newer_draft_of_somebody_else_waits_until_it_is_asked_for(open_editor, menus, draft):
    page = open_editor()
    newer = menu_documents.small_menu()
    newer["nodes"]["trash"]["text"]["en"] = "Carts go out by 5."
    menus.edit(newer)
    expect(page.get_by_text("Sam Ortega has saved a newer draft")).to_be_visible(timeout=20_000)
    page.get_by_role("tab", name="List").click()
    expect(page.locator(".outline")).to_contain_text("Cooling centers are open until 8.")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(".outline")).to_contain_text("Carts go out by 5.")


def test_the_draft_can_be_called_and_the_page_says_until_when(open_editor, menus, draft):
    page = open_editor()
    page.get_by_role("button", name="Call the draft").click()
    dialog = page.get_by_role("dialog", name="Call the draft")
    expect(dialog).to_contain_text("+1 520 555 0177")
    expect(dialog).to_contain_text("Until ")
    assert asked(menus, "trial")[0]["document"]["nodes"]["trash"]["text"]["en"].startswith(
        "Cooling"
    )
