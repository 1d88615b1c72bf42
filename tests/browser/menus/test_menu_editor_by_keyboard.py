"""The same menu is built by keyboard alone: Tab, Enter and typing, never a mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.menus import menu_documents
from tests.browser.menus.editing import choose, press, tab_to, type_into

pytestmark = pytest.mark.browser


def as_list(page):
    tab_to(page, page.get_by_role("tab", name="Picture"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="List")).to_be_focused()


def add(page, kind):
    choose(page, page.get_by_label("Kind of the new node"), kind)
    tab_to(page, page.get_by_role("button", name="Add node"))
    page.keyboard.press("Enter")


def test_a_menu_is_built_from_nothing_and_has_nothing_to_mend(open_editor, menus):
    empty = {"key": "menu", "start": "", "sentences": menu_documents.sentences(), "nodes": {}}
    menus.edit(empty, "Ana Ruiz")
    page = open_editor()
    as_list(page)
    add(page, "To a person")
    expect(page.locator("#chosen-title")).to_contain_text("line")
    type_into(page, page.locator("#f-text-en"), "I am taking you to a person.")
    type_into(page, page.locator("#f-text-es"), "Le paso con una persona.")
    page.keyboard.press("Home")
    add(page, "Say")
    type_into(page, page.locator("#f-text-en"), "The line is busy today.")
    type_into(page, page.locator("#f-text-es"), "La línea está ocupada hoy.")
    choose(page, page.locator("#f-next"), "line")
    expect(page.locator(".editor-findings")).to_contain_text("No caller can get here.")
    press(page, page.get_by_role("button", name="Whole menu"))
    choose(page, page.locator("#menu-start"), "say")
    expect(page.locator(".editor-findings")).to_contain_text("Nothing to mend")
    assert menus.comes_to(lambda: menus.draft["document"]["start"] == "say")
    assert menus.node("say") == {
        "kind": "say",
        "text": {"en": "The line is busy today.", "es": "La línea está ocupada hoy."},
        "next": "line",
    }
    assert menus.node("line")["text"]["es"] == "Le paso con una persona."


def test_a_key_is_added_worded_connected_and_moved(open_editor, menus):
    page = open_editor()
    as_list(page)
    press(page, page.locator('.row-node[data-node="need"]'))
    press(page, page.locator("#add-option"))
    choose(page, page.locator("#f-options-2-next"), "trash")
    tab_to(page, page.get_by_role("button", name="Move key 3 up"))
    page.keyboard.press("Enter")
    type_into(page, page.locator("#f-options-1-words-en"), "cooling, shade")
    wanted = {"key": "3", "words": {"en": ["cooling", "shade"], "es": []}, "next": "trash"}
    assert menus.comes_to(lambda: menus.node("need").get("options", [{}] * 3)[1] == wanted)


def test_arrow_keys_walk_the_list_and_delete_takes_a_node_away(open_editor, menus):
    page = open_editor()
    as_list(page)
    tab_to(page, page.locator('.row-node[data-node="greeting"]'))
    page.keyboard.press("ArrowDown")
    expect(page.locator('.row-node[data-node="open_now"]')).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator('.row-node[data-node="closed"]')).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator('.row-node[data-node="closed"]')).to_have_count(0)
    expect(page.locator('.row-node[data-node="person"]')).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator('.row-node[data-node="closed"]')).to_have_count(1)


def test_nodes_are_moved_renamed_and_given_another_kind(open_editor, menus):
    page = open_editor()
    as_list(page)
    choose(page, page.locator("#outline-order"), "as they are written")
    press(page, page.locator('.row-node[data-node="person"]'))
    press(page, page.get_by_role("button", name="Move up"))
    expect(page.get_by_role("button", name="Move up")).to_be_focused()
    type_into(page, page.locator("#node-name"), "trash")
    expect(page.locator("#name-trouble")).to_have_text("Another node has this name.")
    type_anew(page, "somebody")
    expect(page.locator("#chosen-title")).to_contain_text("somebody")
    choose(page, page.locator("#node-kind"), "Goodbye")
    assert menus.comes_to(lambda: menus.node("somebody").get("kind") == "goodbye")
    document = menus.draft["document"]
    assert list(document["nodes"]).index("somebody") == 3
    assert document["nodes"]["need"]["options"][1]["next"] == "somebody"


def test_a_branch_on_a_switch_gets_its_cases(open_editor, menus):
    page = open_editor()
    as_list(page)
    add(page, "Branch")
    choose(page, page.locator("#f-by"), "switch")
    type_into(page, page.locator("#f-switch"), "storm")
    choose(page, page.locator("#f-cases-0"), "closed")
    wanted = {"on": "closed", "off": ""}
    assert menus.comes_to(lambda: menus.node("branch").get("cases") == wanted)
    assert menus.comes_to(lambda: menus.node("branch").get("switch") == "storm")
    assert menus.node("branch")["by"] == "switch"


def type_anew(page, words):
    """Over what was refused in the field in which one stands."""
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def name_a_new_sub_menu(page, name):
    tab_to(page, page.get_by_label("Which menu"))
    page.keyboard.type("New")
    expect(page.locator("#sub-name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def test_a_sub_menu_is_made_renamed_and_deleted(open_editor, menus):
    page = open_editor()
    as_list(page)
    name_a_new_sub_menu(page, "heat")
    expect(page.locator("#chosen-title")).to_contain_text("heat")
    type_into(page, page.locator("#sub-menu-name"), "hot days")
    expect(page.locator("#sub-menu-trouble")).to_contain_text("Letters, figures")
    type_anew(page, "hot_days")
    expect(page.locator("#chosen-title")).to_contain_text("hot_days")
    expect(page.locator("#sub-menu-name")).to_be_focused()
    assert menus.comes_to(lambda: list(menus.draft["document"].get("menus", {})) == ["hot_days"])
    choose(page, page.get_by_label("Which menu"), "Main")
    add(page, "Sub-menu")
    choose(page, page.locator("#f-menu"), "hot_days")
    assert menus.comes_to(lambda: menus.node("menu").get("menu") == "hot_days")
    choose(page, page.get_by_label("Which menu"), "Sub-menu")
    expect(page.locator(".sub-menu-uses")).to_have_text("menu")
    press(page, page.locator("#sub-menu-delete"))
    expect(page.locator("#chosen-title")).to_contain_text("menu")
    expect(page.locator("#chosen-title")).to_be_focused()
    assert menus.comes_to(lambda: menus.node("menu").get("menu") == "")
    assert menus.draft["document"]["menus"] == {}
    page.keyboard.press("Control+z")
    assert menus.comes_to(lambda: menus.node("menu").get("menu") == "hot_days")


def test_a_new_sub_menu_never_takes_the_place_of_another(open_editor, menus):
    page = open_editor()
    name_a_new_sub_menu(page, "heat")
    expect(page.locator("#chosen-title")).to_contain_text("heat")
    name_a_new_sub_menu(page, "heat")
    dialog = page.get_by_role("dialog", name="New sub-menu")
    expect(dialog.get_by_role("alert")).to_have_text("Another sub-menu has this name.")


def test_the_focus_stays_in_the_name_of_a_node_that_is_renamed(open_editor, menus):
    page = open_editor()
    as_list(page)
    press(page, page.locator('.row-node[data-node="person"]'))
    type_into(page, page.locator("#node-name"), "somebody")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-title")).to_contain_text("somebody")
    expect(page.locator("#node-name")).to_be_focused()
    type_into(page, page.locator("#node-name"), "anybody")
    page.keyboard.press("Tab")
    expect(page.locator("#chosen-title")).to_contain_text("anybody")
    expect(page.locator("#node-kind")).to_be_focused()
