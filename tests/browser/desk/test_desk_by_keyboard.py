"""A whole call by keyboard alone, with the real softphone, from Ready to the wrap-up."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser


def play_a_call(door):
    """Let the mock answer each order with the state that follows."""

    def later(state):
        return lambda body: setattr(door, "state", state(body) if callable(state) else state)

    def asked_next(body):
        asked = len(door.ordered("/answers"))
        return states.in_call(asked=asked)

    def dialled(body):
        return states.emergency("answered", body["escalation_id"])

    door.after = {
        "presence": later(states.ringing()),
        "accept": later(states.in_call(asked=0)),
        "answers": later(asked_next),
        "emergency": later(dialled),
        "they-have-it": later(lambda body: states.emergency("accepted", body["escalation_id"])),
        "leave": later(states.wrap_up()),
        "wrap-up": later(states.idle("available")),
    }


def test_a_whole_call_by_keyboard_alone(open_desk, door):
    page = open_desk(states.idle())
    play_a_call(door)

    page.get_by_role("button", name="Ready", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#accept")).to_be_focused()
    assert "Ringing" in page.title()

    page.keyboard.press("F2")
    expect(page.locator("#centre")).to_be_focused()
    expect(page.get_by_text("Telephone: connected")).to_be_visible()

    page.keyboard.press("2")
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator(".ask", has_text="¿Cómo es el perro?")).to_be_visible()

    page.keyboard.press("F9")
    expect(page.get_by_text("911 has answered. Stay until they have it.")).to_be_visible()
    page.keyboard.press("Alt+t")
    expect(page.get_by_text("911 has the caller. You may leave.")).to_be_visible()
    page.keyboard.press("Alt+l")
    expect(page.get_by_text("How did it end?")).to_be_visible()
    page.keyboard.press("5")
    expect(page.get_by_text("You are ready.")).to_be_visible()

    assert [path for path, _ in door.orders if path.endswith("accept")] == [
        f"offers/{states.OFFER_ID}/accept"
    ]
    assert door.ordered("/answers") == [
        {"question": "danger_now", "value": "no"},
        {"question": "dog_attacking", "value": "no"},
    ]
    assert len(door.ordered("/emergency")[0]["escalation_id"]) == 32
    assert door.ordered("/they-have-it") == door.ordered("/emergency")
    assert door.ordered("/wrap-up") == [{"disposition": "transferred_to_911"}]


def test_digits_are_text_while_a_field_has_focus(open_desk, door):
    page = open_desk(states.in_call(asked=0))
    page.keyboard.press("Alt+n")
    page.keyboard.type("2 dogs, 1 brown?")
    assert page.locator("#notes").input_value() == "2 dogs, 1 brown?"
    assert door.ordered("/answers") == []
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    assert door.comes_to("/answers", [{"question": "danger_now", "value": "no"}])


def test_the_next_question_can_be_answered_while_the_last_answer_is_on_its_way(open_desk, door):
    page = open_desk(states.in_call(asked=0))
    door.slow["answers"] = 1.5
    page.keyboard.press("2")
    door.show(states.in_call(asked=1))
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    page.keyboard.press("3")
    assert door.comes_to(
        "/answers",
        [
            {"question": "danger_now", "value": "no"},
            {"question": "dog_attacking", "value": "no"},
        ],
    )


def test_a_double_click_answers_one_question(open_desk, door):
    page = open_desk(states.in_call(asked=0))
    door.after["answers"] = lambda body: setattr(door, "state", states.in_call(asked=1))
    page.locator("button.option").nth(1).dblclick(delay=60)
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    assert door.comes_to("/answers", [{"question": "danger_now", "value": "no"}])


def test_single_keys_can_be_switched_off(open_desk, door):
    page = open_desk(states.in_call(asked=0))
    page.keyboard.press("?")
    page.get_by_label("Single keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.locator("#centre").focus()
    page.keyboard.press("1")
    page.keyboard.press("F4")
    expect(page.get_by_text("Hold: what shall the caller hear?")).to_be_visible()
    page.keyboard.press("F4")
    assert door.comes_to("/hold", [{"on": True, "reason": "looking_up"}])
    assert door.ordered("/answers") == []


def test_leave_says_why_it_is_not_allowed_and_does_nothing(open_desk, door):
    page = open_desk(states.emergency("ringing"))
    expect(page.locator("#leave-reason")).to_have_text("911 has not accepted the caller yet.")
    page.keyboard.press("Alt+l")
    page.get_by_role("button", name="Leave").click(force=True)
    page.keyboard.press("Alt+h")
    assert door.orders == []


def test_an_answer_can_be_given_again(open_desk, door):
    page = open_desk(states.in_call(asked=0))
    door.after["answers"] = lambda body: setattr(door, "state", states.in_call(asked=1))
    page.keyboard.press("2")
    page.get_by_role("button", name="Change the answer").click()
    expect(page.locator(".ask", has_text="En este momento")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    assert door.ordered("/answers")[-1] == {"question": "danger_now", "value": "yes"}


def test_a_protocol_is_found_by_words_typed_and_taken_by_enter_or_digit(open_desk, door):
    page = open_desk(states.no_protocol_yet())
    page.keyboard.press("F3")
    page.keyboard.type("ba")
    expect(page.get_by_role("status").filter(has_text="Enter takes it.")).to_be_visible()
    expect(page.locator("button.option")).to_have_count(1)
    page.keyboard.press("Control+A")
    page.keyboard.type("zebra")
    expect(page.get_by_text("No protocol has these words.")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("olor gas")
    expect(page.locator("button.option")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert door.comes_to("/protocol", [{"protocol": "gas_smell"}])
