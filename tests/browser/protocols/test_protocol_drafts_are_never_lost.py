"""Nothing typed is lost: not by a server in trouble, a closed tab, another author, or an old answer."""

from collections import deque

import pytest
from playwright.sync_api import expect

from tests.browser.protocols.look import choose
from tests.browser.protocols.mock_protocols import library

pytestmark = pytest.mark.browser

FIELD = "#f-questions-2-text-en"
MINE = "Has the dog bitten a person today?"


@pytest.fixture
def page(open_editor):
    opened = open_editor()
    choose(opened, "questions.2")
    return opened


def theirs(door):
    return library(door.key).replace("bitten anyone today?", "bitten somebody today?")


def test_what_the_server_would_not_take_is_kept_and_comes_back_in_a_new_tab(
    page, open_editor, door
):
    door.fails["draft"] = 500
    page.locator(FIELD).fill(MINE)
    expect(page.locator("#draft-state")).to_contain_text("kept in this browser")
    page.close(run_before_unload=False)
    door.fails.clear()
    again = open_editor()
    choose(again, "questions.2")
    expect(again.locator(FIELD)).to_have_value(MINE)
    assert door.comes_to(lambda: MINE in door.draft["text"])


def test_of_two_texts_one_is_chosen_and_the_other_stays_one_undo_away(page, door):
    door.edit(theirs(door))
    page.locator(FIELD).fill(MINE)
    sheet = page.get_by_role("dialog", name="Two people have edited this draft")
    expect(sheet.get_by_role("table")).to_contain_text("Has the dog bitten somebody today?")
    expect(sheet.get_by_role("table")).to_contain_text(MINE)
    sheet.get_by_role("button", name="Keep mine").click()
    assert door.comes_to(lambda: MINE in door.draft["text"])
    page.get_by_role("button", name="Undo").click()
    assert door.comes_to(lambda: "bitten somebody today?" in door.draft["text"])


def test_the_others_text_can_be_taken_and_mine_comes_back_by_undo(page, door):
    door.edit(theirs(door))
    page.locator(FIELD).fill(MINE)
    page.get_by_role("button", name="Take theirs").click()
    expect(page.locator(FIELD)).to_have_value("Has the dog bitten somebody today?")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(FIELD)).to_have_value(MINE)


def test_an_old_answer_of_the_proof_never_stands_over_a_newer_text(page, door):
    page.locator(".badge-warning, .tone-connected").first.wait_for()
    door.slow["check"] = deque([1.5])
    before = checks(door)
    page.locator("#f-questions-2-text-es").fill("")
    assert door.comes_to(lambda: checks(door) > before)
    page.locator("#f-questions-2-text-es").fill("¿El perro mordió a alguien hoy?")
    assert door.comes_to(lambda: checks(door) > before + 1)
    page.wait_for_timeout(2000)
    expect(page.locator(".finding-error")).to_have_count(0)


def checks(door):
    """How often the proof was asked for."""
    return len([what for what, _ in door.asked if what == "check"])


def test_a_proof_that_cannot_be_made_says_so_and_the_draft_is_saved(page, door):
    door.fails["check"] = 500
    page.locator(FIELD).fill(MINE)
    expect(page.locator(".editor-findings")).to_contain_text("Not checked")
    assert door.comes_to(lambda: MINE in door.draft["text"])


def test_signed_out_the_text_is_kept_and_the_way_back_is_shown(page, door):
    door.fails["draft"] = 401
    page.locator(FIELD).fill(MINE)
    problem = page.get_by_role("alert").filter(has_text="You are signed out.")
    expect(page.locator("#draft-state")).to_contain_text("kept in this browser")
    door.fails.clear()
    assert door.comes_to(lambda: MINE in door.draft["text"])
    assert problem.count() in (0, 1)
