"""What an author typed is never lost: not by a refusal, a reload, another author, or a late answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.menus import menu_documents
from tests.browser.menus.editing import box, show_everything

pytestmark = pytest.mark.browser

MINE = "Put your cart out the evening before."
THEIRS = "Carts go out by 5 in the summer."
SAVED = re.compile(r"^Draft saved \d\d:\d\d:\d\d$")


@pytest.fixture
def at_trash(open_editor):
    """The editor with an answer chosen."""

    def opened():
        page = open_editor()
        show_everything(page)
        box(page, "trash").locator(".box-head").click()
        return page

    return opened


def english(menus):
    return menus.node("trash").get("text", {}).get("en")


def changed_by_sam(menus):
    document = menu_documents.small_menu()
    document["nodes"]["trash"]["text"]["en"] = THEIRS
    menus.edit(document)


def test_a_draft_is_saved_as_typed_and_the_page_says_when(at_trash, menus):
    page = at_trash()
    page.locator("#f-text-en").fill(MINE)
    expect(page.locator("#draft-state")).to_have_text(SAVED)
    assert english(menus) == MINE


def test_words_that_could_not_be_saved_survive_a_reload_and_are_saved_then(at_trash, menus):
    page = at_trash()
    menus.fails["draft"] = 503
    page.locator("#f-text-en").fill(MINE)
    expect(page.locator("#draft-state")).to_have_text("Not saved; kept in this browser")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("#chosen-title").wait_for()
    menus.fails.clear()
    assert menus.comes_to(lambda: english(menus) == MINE)
    expect(page.locator("#draft-state")).to_have_text(SAVED)


def test_what_a_closed_tab_left_unsaved_is_found_by_the_next(at_trash, open_editor, menus):
    page = at_trash()
    menus.fails["draft"] = 503
    page.locator("#f-text-en").fill(MINE)
    expect(page.locator("#draft-state")).to_have_text("Not saved; kept in this browser")
    page.close()
    menus.fails.clear()
    open_editor()
    assert menus.comes_to(lambda: english(menus) == MINE)


def test_two_tabs_of_one_author_do_not_take_each_others_words(at_trash, open_editor, menus):
    page = at_trash()
    menus.fails["draft"] = 503
    page.locator("#f-text-en").fill(MINE)
    expect(page.locator("#draft-state")).to_have_text("Not saved; kept in this browser")
    other = open_editor()
    expect(other.locator("#draft-state")).to_have_text("No draft: as it is live")
    assert other.locator(".problem").count() == 0


@pytest.mark.parametrize(
    ("button", "wins", "waits"), [("Keep mine", MINE, THEIRS), ("Take theirs", THEIRS, MINE)]
)
def test_of_two_drafts_both_are_shown_and_the_other_stays_one_undo_away(
    at_trash, menus, button, wins, waits
):
    page = at_trash()
    changed_by_sam(menus)
    page.locator("#f-text-en").fill(MINE)
    dialog = page.get_by_role("dialog", name="Two people have edited this draft")
    expect(dialog.locator(".differs td").nth(0)).to_contain_text(MINE)
    expect(dialog.locator(".differs td").nth(1)).to_contain_text(THEIRS)
    assert english(menus) == THEIRS
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#f-text-en")).to_have_value(wins)
    assert menus.comes_to(lambda: english(menus) == wins)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#f-text-en")).to_have_value(waits)
    assert menus.comes_to(lambda: english(menus) == waits)


def test_words_kept_in_the_browser_meet_a_newer_draft_side_by_side(at_trash, menus):
    page = at_trash()
    menus.fails["draft"] = 503
    page.locator("#f-text-en").fill(MINE)
    expect(page.locator("#draft-state")).to_have_text("Not saved; kept in this browser")
    changed_by_sam(menus)
    menus.fails.clear()
    expect(page.get_by_role("dialog", name="Two people")).to_be_visible()
    assert english(menus) == THEIRS


def test_an_answer_of_the_gate_that_comes_late_never_stands_over_a_newer_one(at_trash, menus):
    page = at_trash()
    expect(page.locator(".editor-findings")).to_contain_text("1 warning")
    menus.slow["check"] = [1.2]
    page.locator("#f-text-es").fill("")
    assert menus.comes_to(lambda: not menus.slow["check"])
    page.locator("#f-text-es").fill("Los botes.")
    page.wait_for_timeout(2500)
    expect(page.locator(".editor-findings .finding-error")).to_have_count(0)
    expect(page.locator(".editor-findings")).to_contain_text("1 warning")


def test_findings_appear_while_typing_and_name_the_language(at_trash, menus):
    page = at_trash()
    page.locator("#f-text-es").fill("")
    found = page.locator(".editor-findings .finding-error")
    expect(found).to_contain_text("There are no words in this language.")
    expect(found.locator(".tag")).to_have_text("Español")
    expect(box(page, "trash").locator(".badge-error")).to_be_visible()
    expect(page.get_by_role("button", name="Propose")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#why-not-propose")).to_have_text("1 error to mend first.")


def test_a_gate_that_does_not_answer_is_said_and_asked_again(at_trash, menus):
    page = at_trash()
    menus.fails["check"] = 500
    page.locator("#f-text-es").fill("")
    expect(page.locator(".editor-findings")).to_contain_text("Not checked")
    menus.fails.clear()
    expect(page.locator(".editor-findings .finding-error")).to_have_count(1)


def test_markup_in_a_prompt_is_shown_as_words(at_trash, menus):
    page = at_trash()
    page.locator("#f-text-en").fill("<img src=x onerror=alert(1)>")
    expect(box(page, "trash").locator(".box-words")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("#menu-editor img").count() == 0
