"""A menu is built by mouse alone: nodes added and arranged, connections drawn and cut, mistakes undone."""

import pytest
from playwright.sync_api import expect

from tests.browser.menus.editing import add, box, drag, draw_line, middle, show_everything

pytestmark = pytest.mark.browser


def ways(menus, name):
    node = menus.node(name)
    return {
        **{one["key"]: one.get("next") for one in node.get("options", [])},
        "next": node.get("next"),
    }


def test_cooling_centers_are_added_found_to_strand_callers_and_mended(open_editor, menus):
    page = open_editor()
    show_everything(page)
    add(page, "Information")
    expect(page.locator("#chosen-title")).to_contain_text("information")
    page.locator("#node-name").fill("cooling")
    page.locator("#node-name").press("Enter")
    page.locator("#f-text-en").fill("Cooling centers are open today.")
    page.locator("#f-text-es").fill("Los centros de enfriamiento están abiertos hoy.")
    show_everything(page)
    draw_line(page, "need", "more", "cooling")
    expect(box(page, "need").locator(".box-exit")).to_have_count(4)
    draw_line(page, "cooling", "more", "person")
    assert menus.comes_to(lambda: ways(menus, "need").get("3") == "cooling")
    assert menus.comes_to(lambda: ways(menus, "cooling").get("1") == "person")
    findings = page.locator(".editor-findings")
    expect(findings.get_by_text("There are no words in this language.")).to_have_count(2)
    findings.get_by_role("button", name="cooling").first.click()
    expect(page.locator("#chosen-title")).to_be_focused()
    page.locator("#f-prompt-text-en").fill("For a person, press 1.")
    page.locator("#f-prompt-text-es").fill("Para una persona, oprima 1.")
    expect(findings.locator(".finding-error")).to_have_count(0)
    expect(page.get_by_role("button", name="Propose")).not_to_have_attribute(
        "aria-disabled", "true"
    )


def test_a_line_drawn_into_empty_space_makes_a_node_there(open_editor, menus):
    page = open_editor()
    show_everything(page)
    start = middle(box(page, "need").locator('[data-handleid="more"]'))
    canvas = page.locator(".react-flow__pane").bounding_box()
    drag(page, start, (canvas["x"] + 120, canvas["y"] + 60))
    expect(page.locator("#chosen-title")).to_contain_text("say")
    assert menus.comes_to(lambda: menus.node("say") and ways(menus, "need").get("3") == "say")


def test_a_connection_is_cut_and_a_node_deleted_by_the_delete_key(open_editor, menus):
    page = open_editor()
    show_everything(page)
    page.locator('.react-flow__edge[data-id="need#1"]').dispatch_event("click")
    page.keyboard.press("Delete")
    assert menus.comes_to(lambda: menus.node("need") and ways(menus, "need")["2"] == "")
    box(page, "trash").locator(".box-head").click()
    page.keyboard.press("Delete")
    expect(box(page, "trash")).to_have_count(0)
    assert menus.comes_to(lambda: not menus.node("trash") and ways(menus, "need")["1"] == "")


def test_an_arranged_node_stays_where_it_was_put_and_the_others_do_not_move(open_editor, menus):
    page = open_editor()
    show_everything(page)
    others = box(page, "greeting").bounding_box()
    start = middle(box(page, "closed").locator(".box-words"))
    drag(page, start, (start[0] + 60, start[1] - 40))
    assert menus.comes_to(lambda: "closed" in menus.draft["document"].get("layout", {}))
    page.wait_for_timeout(300)
    assert box(page, "greeting").bounding_box() == others
    saved = menus.draft["document"]["layout"]
    page.reload()
    box(page, "closed").wait_for()
    assert menus.draft["document"]["layout"] == saved
    page.get_by_role("button", name="Arrange").click()
    assert menus.comes_to(lambda: not menus.draft["document"].get("layout"))


def test_undo_brings_back_what_was_deleted_and_redo_deletes_it_again(open_editor, menus):
    page = open_editor()
    show_everything(page)
    box(page, "person").locator(".box-head").click()
    page.keyboard.press("Delete")
    expect(box(page, "person")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(box(page, "person")).to_have_count(1)
    page.get_by_role("button", name="Redo").click()
    expect(box(page, "person")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    assert menus.comes_to(lambda: ways(menus, "need").get("2") == "person")


def test_undo_takes_back_words_in_the_field_that_has_the_focus(open_editor, menus):
    page = open_editor()
    show_everything(page)
    box(page, "person").locator(".box-head").click()
    field = page.locator("#f-text-en")
    before = field.input_value()
    field.click()
    page.keyboard.press("End")
    page.keyboard.type(" Please wait.")
    page.keyboard.press("Control+z")
    expect(field).to_have_value(before)
    expect(field).to_be_focused()
    page.keyboard.press("Control+Shift+z")
    expect(field).to_have_value(f"{before} Please wait.")


def test_usage_stands_at_the_nodes_and_at_the_lines(open_editor, menus):
    menus.usage |= {
        "callers": 900,
        "nodes": {"need": {"callers": 840, "to_person": 31, "hung_up": 12}},
        "edges": [{"from": "need", "to": "trash", "callers": 702}],
    }
    page = open_editor()
    page.get_by_label("Callers that took each way").select_option("30")
    expect(box(page, "need")).to_contain_text("840 callers")
    expect(box(page, "need")).to_contain_text("hung up 12")
    expect(page.locator('.react-flow__edge[data-id="need#0"]')).to_contain_text("702")
    expect(page.locator(".usage-note")).to_contain_text("900 callers of the live menu in 30 days")
    assert ("usage", {"days": "30"}) in menus.asked
