"""A protocol is changed in the form: texts, options, conditions from pickers, ids everywhere; comments stay."""

import pytest
from playwright.sync_api import expect

from tests.browser.protocols.look import choose
from tests.browser.protocols.mock_protocols import library

pytestmark = pytest.mark.browser

COMMENT = "# Whoever does not know whether they know it is not asked for it."


def test_a_text_typed_in_the_form_changes_its_line_and_no_other(open_editor, door):
    page = open_editor()
    choose(page, "questions.3")
    page.locator("#f-questions-3-text-es").fill("¿El perro anda cerca de una escuela?")
    assert door.comes_to(lambda: "perro anda cerca de una escuela?" in door.draft["text"])
    before = library(door.key).split("\n")
    after = door.draft["text"].split("\n")
    assert COMMENT in door.draft["text"]
    gone = [line for line in before if line not in after]
    assert [line.strip() for line in gone if "Pima County" not in line][-1].startswith("es: ¿El")
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")


def test_a_rule_is_built_from_pickers_alone(open_editor, door):
    page = open_editor()
    page.get_by_role("button", name="Add a rule").click()
    page.locator("#f-rules-7-when-shape").select_option(label="All of these")
    page.get_by_role("button", name="Add a condition").click()
    page.locator("#f-rules-7-when-all-0-question").select_option("near_school")
    page.locator("#f-rules-7-when-all-0-answer-unknown").check()
    page.locator("#f-rules-7-when-all-1-question").select_option("home_address")
    page.locator("#rule-determinant").select_option("dog_visit")
    page.locator("#item-id").fill("school_and_home")
    page.locator("#item-id").press("Enter")
    wanted = {
        "id": "school_and_home",
        "when": {
            "all": [
                {"question": "near_school", "in": ["yes", "unknown"]},
                {"answered": "home_address"},
            ]
        },
        "determinant": "dog_visit",
    }
    assert door.comes_to(lambda: door.item("rules", "school_and_home") == wanted)


def test_what_is_read_elsewhere_is_not_deleted_and_says_by_whom(open_editor, door):
    page = open_editor()
    choose(page, "questions.2")
    expect(page.locator("#item-delete")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#why-not-remove")).to_contain_text("rule bite needs it.")
    page.get_by_role("button", name="rule bite", exact=True).click()
    expect(page.locator("#item-title")).to_contain_text("bite")
    page.locator("#item-delete").click()
    choose(page, "questions.2")
    page.locator("#item-delete").click()
    assert door.comes_to(lambda: door.item("questions", "dog_bite") is None)
    assert all("dog_bite" not in one["answers"] for one in door.saved()["tests"])


def test_an_id_is_changed_everywhere_and_never_to_one_that_another_has(open_editor, door):
    page = open_editor()
    choose(page, "questions.4")
    page.locator("#item-id").fill("near_school")
    expect(page.locator("#id-trouble")).to_contain_text("Another question has this id.")
    page.locator("#item-id").fill("how_many_dogs")
    page.locator("#item-id").press("Enter")
    assert door.comes_to(lambda: "how_many_dogs" in door.draft["text"])
    assert "dog_pack:" not in door.draft["text"]
    assert "question: dog_pack" not in door.draft["text"]
    assert door.item("determinants", "dog_pack"), "a determinant of that name keeps its own"


def test_an_emergency_dials_911_and_the_three_words_of_it_go_together(open_editor, door):
    page = open_editor()
    choose(page, "determinants.4")
    page.locator("#determinant-level").select_option("emergency")
    expect(page.locator(".goes-911")).to_contain_text("Dials 911")
    wanted = {"kind": "911", "key": "by_jurisdiction"}
    assert door.comes_to(
        lambda: (door.item("determinants", "dog_officer") or {}).get("destination") == wanted
    )
    assert door.item("determinants", "dog_officer")["emergency"] == "true"


def test_undo_brings_back_the_very_text_and_what_the_field_shows(open_editor, door):
    page = open_editor()
    choose(page, "questions.3")
    field = page.locator("#f-questions-3-text-en")
    before = field.input_value()
    field.fill("Is a school near?")
    page.keyboard.press("Control+z")
    expect(field).to_have_value(before)
    page.get_by_role("button", name="Redo").click()
    expect(field).to_have_value("Is a school near?")
    page.get_by_role("button", name="Undo").click()
    assert door.comes_to(lambda: door.draft["text"] == library(door.key))


def test_markup_in_a_text_is_shown_as_words(open_editor, door):
    text = library(door.key).replace("What does the dog look like?", "<img src=x onerror=alert(1)>")
    door.edit(text, "Fay Duarte")
    page = open_editor()
    expect(page.locator('.outline-row[data-place="questions.8"]')).to_contain_text("<img src=x")
    assert page.locator(".outline img").count() == 0


def test_a_question_of_another_kind_has_the_fields_of_that_kind(open_editor, door):
    page = open_editor()
    choose(page, "questions.8")
    page.locator("#question-kind").select_option(label="Several of a list")
    page.get_by_role("button", name="Add an option").click()
    page.locator("#f-questions-8-options-0-text-en").fill("A collar")
    page.locator("#f-questions-8-options-0-text-es").fill("Collar")
    assert door.comes_to(
        lambda: len((door.item("questions", "dog_looks") or {}).get("options", [])) == 3
    )
    page.locator("#question-kind").select_option(label="A number")
    expect(page.get_by_label("Least")).to_be_visible()
    assert door.comes_to(lambda: "unit" in door.item("questions", "dog_looks"))
    page.locator("#question-kind").select_option(label="A place")
    assert door.comes_to(lambda: door.item("questions", "dog_looks")["kind"] == "place")
    assert set(door.item("questions", "dog_looks")) == {"id", "kind", "text", "note"}


def test_somebody_who_may_only_read_sees_everything_and_changes_nothing(open_editor, door):
    door.me = {**door.me, "role": "auditor"}
    page = open_editor()
    expect(page.locator(".read-only")).to_contain_text("You may read this protocol")
    choose(page, "questions.3")
    expect(page.locator("#f-questions-3-text-en")).to_be_disabled()
    page.get_by_role("tab", name="Text").click()
    expect(page.locator("#protocol-text")).not_to_be_editable()
    assert not [what for what, _ in door.asked if what in ("draft", "check")]


@pytest.fixture
def opening(door):
    door.live, door.history = None, []
    door.publish(library("opening"), "First version", "city pack", "city pack")
    door.draft = door._no_draft()
    return door


def test_an_answer_of_a_test_is_told_part_by_part_in_the_form(open_editor, opening):
    page = open_editor()
    page.get_by_role("button", name="Tests").click()
    choose(page, "tests.0")
    page.get_by_label("Answer one more question").select_option("where_it_is")
    where = page.locator("#f-tests-0-where_it_is")
    where.select_option(label="a place")
    parts = page.get_by_role("group", name="Answer to where_it_is")
    parts.get_by_label("The place").fill("Stone and Speedway")
    parts.get_by_label("Read back and agreed").uncheck()
    parts.get_by_label("Not verified, because").fill("no map knows it")
    wanted = {
        "text": "Stone and Speedway",
        "confirmed": "false",
        "unverified_reason": "no map knows it",
    }
    told = lambda: opening.saved()["tests"][0]["answers"].get("where_it_is")  # noqa: E731
    assert opening.comes_to(lambda: told() == wanted)
    where.select_option(label="will not say")
    assert opening.comes_to(lambda: told() == "refused")
    expect(parts).to_have_count(0)
