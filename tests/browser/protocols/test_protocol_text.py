"""The same draft as text: findings at their lines, faults of writing that lose nothing, one undo for both views."""

import pytest
from playwright.sync_api import expect

from tests.browser.protocols.mock_protocols import library

pytestmark = pytest.mark.browser


@pytest.fixture
def text(open_editor):
    """The editor with its text shown."""
    page = open_editor()
    page.get_by_role("tab", name="Text").click()
    return page


def write(page, before, after):
    """Write something else into the text, at its place."""
    field = page.locator("#protocol-text")
    start = field.input_value().index(before)
    field.focus()
    field.evaluate(
        "(one, [from, to]) => one.setSelectionRange(from, to)", [start, start + len(before)]
    )
    page.keyboard.insert_text(after)


def test_a_finding_stands_at_its_line_and_leads_there(text):
    write(text, "question: dog_bite", "question: dog_bit")
    found = text.locator(".editor-findings .finding-error").first
    expect(found).to_contain_text('nearest "dog_bite"')
    lines = text.locator("#protocol-text").input_value().split("\n")
    line = 1 + next(at for at, one in enumerate(lines) if "dog_bit," in one)
    expect(found.locator(".finding-line")).to_have_text(f"line {line}")
    expect(text.locator(".text-mark-error")).to_have_count(1)
    found.locator(".finding-line").click()
    expect(text.locator("#text-line")).to_contain_text(f"Line {line} of {len(lines)}")
    expect(text.locator("#text-line")).to_contain_text("E01")
    expect(text.locator("#protocol-text")).to_be_focused()


def test_what_is_written_as_text_stands_in_the_form(text, door):
    write(text, "Has the dog bitten anyone today?", "Has the dog bitten a person?")
    assert door.comes_to(lambda: "bitten a person?" in door.draft["text"])
    text.get_by_role("tab", name="Form").click()
    expect(text.locator('.outline-row[data-place="questions.2"]')).to_contain_text(
        "Has the dog bitten a person?"
    )


def test_a_text_that_cannot_be_read_is_kept_and_the_form_leads_to_the_line(text, door):
    write(text, "title:\n", "title: [\n")
    assert door.comes_to(lambda: "title: [" in door.draft["text"]), "nothing typed is lost"
    text.get_by_role("tab", name="Form").click()
    expect(text.locator(".item .fault")).to_contain_text("The text cannot be read")
    expect(text.locator("#f-title-en")).to_be_disabled()
    expect(text.locator("#f-title-en")).to_have_value("Loose dog")
    text.get_by_role("button", name="Show line").click()
    write(text, "title: [\n", "title:\n")
    text.get_by_role("tab", name="Form").click()
    expect(text.locator(".item .fault")).to_have_count(0)
    expect(text.locator("#f-title-en")).to_be_enabled()


def test_undo_in_the_text_puts_the_cursor_where_something_changed(text, door):
    write(text, "Perro suelto", "Perro muy suelto")
    text.keyboard.press("Control+z")
    field = text.locator("#protocol-text")
    expect(field).to_have_value(library(door.key))
    place = field.evaluate("(one) => one.selectionStart")
    assert abs(place - library(door.key).index("Perro suelto")) < 20
    expect(field).to_be_focused()


def test_a_new_line_begins_where_the_one_before_it_does(text, door):
    write(text, "version_note: First version", "version_note: First version")
    field = text.locator("#protocol-text")
    field.evaluate(
        "(one) => one.setSelectionRange(one.value.indexOf('options:') + 8, one.value.indexOf('options:') + 8)"
    )
    text.keyboard.press("Enter")
    text.keyboard.type("# the first is danger")
    assert door.comes_to(
        lambda: "    options:\n      # the first is danger\n" in door.draft["text"]
    )


def test_a_comment_written_as_text_survives_an_edit_in_the_form(text, door):
    write(text, "  - id: near_school", "  # Asked by the school board.\n  - id: near_school")
    text.get_by_role("tab", name="Form").click()
    text.locator('.outline-row[data-place="questions.3"]').click()
    text.get_by_role("button", name="Move this question down").click()
    expect(text.locator('.outline-row[data-place="questions.4"]')).to_contain_text("near_school")
    wanted = "  # Asked by the school board.\n  - id: near_school"
    assert door.comes_to(
        lambda: (
            wanted in door.draft["text"]
            and door.draft["text"].index("id: dog_pack")
            < door.draft["text"].index("id: near_school")
        )
    )
