"""A question is added, worded, answered for and led to 911 by keyboard alone: Tab, Enter, arrows and typing."""

import pytest
from playwright.sync_api import expect

from tests.browser.menus.editing import choose, press, tab_to, type_into
from tests.browser.protocols.look import choose as choose_part

pytestmark = pytest.mark.browser


def test_a_safety_question_with_its_rule_is_made_without_a_mouse(open_editor, door):
    page = open_editor()
    press(page, page.get_by_role("button", name="Add a question"))
    expect(page.locator("#item-title")).to_be_focused()
    type_into(page, page.locator("#f-questions-9-text-en"), "Is anyone trapped by the dog?")
    type_into(page, page.locator("#f-questions-9-text-es"), "¿El perro tiene a alguien atrapado?")
    tab_to(page, page.locator("#question-safety"))
    page.keyboard.press("Space")
    type_into(page, page.locator("#item-id"), "trapped")
    page.keyboard.press("Enter")
    page.locator("#item-title").focus()
    press(page, page.get_by_role("button", name="Add a rule"))
    choose(page, page.locator("#f-rules-7-when-shape"), "An answer")
    choose(page, page.locator("#f-rules-7-when-question"), "trapped")
    choose(page, page.locator("#rule-determinant"), "dog_attack")
    assert door.comes_to(
        lambda: (
            (door.item("rules", "rule") or {}).get("when") == {"question": "trapped", "is": "yes"}
        )
    )
    assert door.item("questions", "trapped")["options"][0]["danger"] == "true"
    assert door.item("rules", "rule")["determinant"] == "dog_attack"


def test_arrow_keys_walk_the_parts_and_the_tabs(open_editor):
    page = open_editor()
    tab_to(page, page.locator('.outline-row[data-place=""]'))
    page.keyboard.press("ArrowDown")
    expect(page.locator('.outline-row[data-place="questions.0"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#item-title")).to_contain_text("danger_now")
    page.keyboard.press("End")
    expect(page.locator('.outline-row[data-place="determinants.6"]')).to_be_focused()
    page.get_by_role("tab", name="Form").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Text")).to_be_focused()
    page.keyboard.press("Tab")
    for _ in range(8):
        if page.locator("#protocol-text").evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(page.locator("#protocol-text")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#protocol-text")).not_to_be_focused()


def test_an_item_is_moved_and_deleted_and_the_focus_stays_in_reach(open_editor, door):
    page = open_editor()
    choose_part(page, "rules.0")
    press(page, page.get_by_role("button", name="Move this rule down"))
    expect(page.locator(".row-chosen")).to_contain_text("danger")
    assert door.comes_to(lambda: [one["id"] for one in door.saved()["rules"]][1] == "danger")
    press(page, page.locator("#item-delete"))
    expect(page.locator("#item-title")).to_be_focused()
    assert door.comes_to(lambda: door.item("rules", "danger") is None)
    page.keyboard.press("Control+z")
    assert door.comes_to(lambda: door.item("rules", "danger") is not None)
