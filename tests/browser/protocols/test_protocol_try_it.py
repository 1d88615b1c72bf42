"""The draft is played as a call: by number keys, in Spanish, back and changed; a counter-example plays itself."""

import pytest
from playwright.sync_api import expect

from tests.browser.protocols.look import choose, faulty
from tests.browser.protocols.mock_protocols import library

pytestmark = pytest.mark.browser


@pytest.fixture
def call(open_editor):
    """The editor with the drawer open and the first question asked."""
    page = open_editor()
    page.get_by_role("button", name="Try it").click()
    page.locator("#try-question").wait_for()
    expect(page.locator("#try-title")).to_be_focused()
    return page


def press(page, key, then):
    """Answer by a number key; wait until this is asked or said."""
    page.keyboard.press(key)
    expect(page.locator(".protocol-try")).to_contain_text(then)


def test_a_call_is_answered_by_number_keys_in_spanish(call):
    expect(call.locator("#try-question .ask")).to_contain_text("En este momento")
    press(call, "2", "¿El perro está atacando")
    press(call, "3", "¿El perro ha mordido a alguien hoy?")
    expect(call.locator(".row-here")).to_contain_text("dog_bite")
    press(call, "1", "Someone bitten, dog still loose")
    expect(call.locator(".so-far .chip")).to_have_text("▲Emergency")
    expect(call.locator(".so-far")).to_contain_text("No cuelgue.")
    expect(call.locator(".so-far .why")).to_contain_text("bite (dog bite: yes)")


def test_an_answer_that_is_changed_takes_what_followed_from_it_off_the_path(call):
    press(call, "2", "atacando")
    press(call, "3", "mordido")
    press(call, "2", "escuela")
    press(call, "1", "más de un perro")
    press(call, "2", "amenazado")
    near = call.locator(".answered li").filter(has_text="escuela")
    near.get_by_role("button", name="Change").click()
    expect(call.locator("#try-question")).to_contain_text("escuela")
    call.locator(".protocol-try .option").nth(1).click()
    expect(call.locator(".protocol-try")).to_contain_text("Off the path, not counted: dog pack")


def test_a_counter_example_plays_itself_and_ends_where_the_finding_says(open_editor, door):
    door.edit(faulty(), "Fay Duarte")
    page = open_editor()
    found = page.locator(".editor-findings .finding").filter(has_text="is no emergency").first
    found.get_by_role("button", name="Play it").click()
    expect(page.locator(".try-why")).to_contain_text("is no emergency")
    expect(page.locator(".so-far .chip")).to_contain_text("Information")
    expect(page.locator(".answered li").filter(has_text="mordido a alguien hoy")).to_contain_text(
        "Sí"
    )
    choose(page, "rules.2")
    page.locator("#f-rules-2-when-answer-yes").check()
    page.locator("#f-rules-2-when-answer-no").uncheck()
    expect(page.locator(".so-far .chip")).to_contain_text("Emergency")
    expect(page.locator(".editor-findings .finding-error")).to_have_count(0)


def test_a_played_path_is_kept_as_a_test_of_the_authors(call, door):
    press(call, "1", "someone in danger now")
    call.get_by_role("button", name="Keep these answers as a test").click()
    expect(call.locator("#item-title")).to_contain_text("path_20")
    wanted = {"id": "path_20", "answers": {"danger_now": "yes"}, "determinant": "dog_danger"}
    assert door.comes_to(lambda: door.item("tests", "path_20") == wanted)


def test_a_test_plays_like_a_call(open_editor):
    page = open_editor()
    page.get_by_role("button", name="Tests").click()
    choose(page, "tests.17")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator(".so-far")).to_contain_text("Loose dog with a known home")
    expect(page.locator(".answered li").filter(has_text="Cuál es la dirección")).to_contain_text(
        "the blue house"
    )


def test_several_answers_are_ticked_by_number_and_confirmed_by_enter(open_editor, door):
    several = (
        "  - id: seen\n    kind: many\n    text: {en: What do you see?, es: ¿Qué ve?}\n"
        "    options:\n      - id: collar\n        text: {en: A collar, es: Collar}\n"
        "      - id: pups\n        text: {en: Puppies, es: Cachorros}\n"
    )
    door.edit(library(door.key).replace("questions:\n", "questions:\n" + several), "Fay Duarte")
    page = open_editor()
    page.get_by_role("button", name="Try it").click()
    page.locator("#try-question").filter(has_text="¿Qué ve?").wait_for()
    for key in ("1", "2", "1"):
        page.keyboard.press(key)
    expect(page.locator(".protocol-try .option").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".protocol-try .option").first).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect(page.locator("#try-question")).to_contain_text("En este momento")
    assert door.asked[-1][1]["answers"] == {"seen": ["pups"]}


def test_a_text_that_cannot_be_played_says_so_and_goes_on_with_the_same_answers(call, door):
    press(call, "2", "atacando")
    call.get_by_role("tab", name="Text").click()
    field = call.locator("#protocol-text")
    sound = field.input_value()
    field.fill(sound.replace("otherwise: dog_advice", "otherwise: nobody"))
    expect(call.locator(".try-body")).to_contain_text("This text cannot be played yet")
    field.fill(sound)
    expect(call.locator("#try-question")).to_contain_text("atacando")


def test_digits_in_a_field_are_digits(call):
    for key, then in (("2", "atacando"), ("3", "mordido"), ("2", "escuela"), ("2", "amenazado")):
        press(call, key, then)
    press(call, "2", "dirección")
    press(call, "1", "¿Cuál es la dirección")
    call.locator("#try-answer").fill("12")
    call.locator("#try-answer").press("3")
    expect(call.locator("#try-answer")).to_have_value("123")
    call.keyboard.press("Enter")
    expect(call.locator(".answered")).to_contain_text("123")


def test_after_a_click_the_next_answer_is_a_number_key_again(call):
    call.locator(".protocol-try .option").nth(1).click()
    expect(call.locator("#try-question")).to_contain_text("atacando")
    press(call, "3", "mordido")
    call.locator(".protocol-try").get_by_role("button", name="Close").click()
    expect(call.get_by_role("button", name="Try it")).to_be_focused()


def test_a_caller_who_hangs_up_leaves_what_was_open_to_the_rules(call):
    press(call, "2", "¿El perro está atacando")
    call.get_by_role("button", name="The caller hangs up").click()
    expect(call.locator(".try-end")).to_have_text("The caller is gone.")
    expect(call.locator(".so-far .chip")).to_have_text("▲Emergency")
    call.locator(".answered li").first.get_by_role("button", name="Change").click()
    press(call, "2", "¿El perro está atacando")
    expect(call.get_by_role("button", name="The caller hangs up")).to_be_visible()
