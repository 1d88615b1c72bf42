"""Every kind of question, and what opens in a question's place, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser

FLAG = states.RED_FLAGS[3]


def shows(door, state):
    """Let the mock answer with a state."""
    return lambda _body: setattr(door, "state", state)


def test_several_answers_are_chosen_by_digits_and_confirmed_by_enter(open_desk, door):
    page = open_desk(states.asking("many"))
    page.locator("#centre").focus()
    for digit in ("3", "1", "2", "2"):
        page.keyboard.press(digit)
    expect(page.locator(".option[aria-pressed=true]")).to_have_count(2)
    assert door.ordered("/answers") == []
    page.keyboard.press("Enter")
    assert door.comes_to("/answers", [{"question": "seen", "value": ["smoke", "water"]}])


@pytest.mark.parametrize(("key", "value"), [("Enter", []), ("4", "unknown")])
def test_none_of_several_is_one_enter_and_not_knowing_one_digit(open_desk, door, key, value):
    page = open_desk(states.asking("many"))
    page.locator("#centre").focus()
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    page.keyboard.press(key)
    assert door.comes_to("/answers", [{"question": "seen", "value": value}])


def test_enter_on_one_of_several_confirms_what_is_chosen(open_desk, door):
    page = open_desk(states.asking("many"))
    page.get_by_role("button", name="Humo").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert door.comes_to("/answers", [{"question": "seen", "value": ["smoke"]}])


def test_a_number_says_what_it_counts_in_both_languages(open_desk, door):
    page = open_desk(states.asking("number"))
    field = page.get_by_label("How many pies (feet)")
    field.focus()
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    assert door.comes_to("/answers", [{"question": "width", "value": 2.5}])


def test_a_place_is_read_back_and_confirmed_by_its_digit(open_desk, door):
    page = open_desk(states.asking("place"))
    expect(page.locator(".read-back strong")).to_have_text(states.PLACE["text"])
    page.locator("#centre").focus()
    page.keyboard.press("1")
    value = {name: states.PLACE[name] for name in ("text", "latitude", "longitude")}
    assert door.comes_to("/answers", [{"question": "where", "value": value | {"confirmed": True}}])


def test_a_place_that_no_map_knows_needs_a_reason(open_desk, door):
    state = states.asking("place")
    state["call"]["place"] |= {"latitude": None, "longitude": None, "confirmed": False}
    page = open_desk(state)
    expect(page.get_by_text("No map knows this place.")).to_be_visible()
    page.locator("#answer-unverified_reason").focus()
    page.keyboard.type("a new road")
    page.keyboard.press("Enter")
    value = {
        "text": states.PLACE["text"],
        "confirmed": False,
        "unverified_reason": "a new road",
    }
    assert door.comes_to("/answers", [{"question": "where", "value": value}])


def test_a_time_is_now_by_a_digit_or_in_the_callers_words(open_desk, door):
    page = open_desk(states.asking("time"))
    page.locator("#centre").focus()
    page.keyboard.press("1")
    assert door.comes_to("/answers", door.ordered("/answers")[:1])
    page.get_by_label("In the caller's words").focus()
    page.keyboard.type("desde anoche")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    now, told = [one["value"] for one in door.ordered("/answers")]
    assert now["text"] == "Ahora mismo"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", now["at"])
    assert told == {"text": "desde anoche"}


def test_a_person_is_what_is_known_of_them(open_desk, door):
    page = open_desk(states.asking("person"))
    page.get_by_label("Name").focus()
    page.keyboard.type("Maruca")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("vecina")
    page.keyboard.press("Enter")
    value = {"name": "Maruca", "relation": "vecina"}
    assert door.comes_to("/answers", [{"question": "owner", "value": value}])


def test_what_is_typed_into_an_answer_outlives_the_page(open_desk):
    page = open_desk(states.in_call(asked=2))
    page.locator("#answer-value").focus()
    page.keyboard.type("brown, white paws")
    page.reload()
    expect(page.locator("#answer-value")).to_have_value("brown, white paws")


def test_a_danger_is_two_keys_away_from_any_question(open_desk, door):
    page = open_desk(states.in_call())
    door.after["red-flag"] = lambda body: setattr(
        door, "state", states.emergency("ringing", body["escalation_id"])
    )
    page.keyboard.press("F7")
    expect(page.get_by_role("heading", name="What is the danger?")).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_text("911 is ringing. Stay with the caller.")).to_be_visible()
    (told,) = door.ordered("/red-flag")
    assert told["flag"] == FLAG["id"]
    assert len(told["escalation_id"]) == 32
    assert door.ordered("/answers") == door.ordered("/emergency") == []


def test_a_danger_without_an_answer_is_posted_again_and_its_words_are_there_at_once(
    open_desk, door
):
    door.hangs.add("red-flag")
    page = open_desk(states.in_call())
    page.keyboard.press("F7")
    page.keyboard.press("4")
    expect(page.get_by_text("Dialling not confirmed: tell the caller")).to_be_visible()
    expect(page.get_by_text(FLAG["script"]["es"])).to_be_visible()
    page.wait_for_timeout(1500)
    tries = door.ordered("/red-flag")
    assert len(tries) > 1
    assert all(one == tries[0] for one in tries)


def test_the_panel_closes_with_escape_and_nothing_was_done(open_desk, door):
    page = open_desk(states.in_call())
    page.keyboard.press("F7")
    page.keyboard.press("Escape")
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    expect(page.locator("#centre")).to_be_focused()
    assert door.orders == []


def test_the_panel_is_there_before_any_protocol(open_desk, door):
    page = open_desk(states.no_protocol_yet())
    page.locator("#danger").click()
    page.keyboard.press("1")
    assert door.comes_to("/red-flag", door.ordered("/red-flag")[:1])
    assert door.ordered("/protocol") == []


def test_the_words_of_a_danger_stay_while_911_rings_without_a_protocol(open_desk):
    desk = states.emergency("ringing")
    advice = {"en": "Keep others away.", "es": "Que nadie se acerque."}
    desk["call"] |= {"protocol": None, "danger_raised": {**FLAG, "advice": advice}}
    page = open_desk(desk)
    expect(page.get_by_text(FLAG["script"]["es"])).to_be_visible()
    expect(page.get_by_text(FLAG["script"]["en"])).to_be_visible()
    expect(page.get_by_text(advice["es"])).to_be_visible()
    expect(page.get_by_text(advice["en"])).to_be_visible()


def test_what_may_follow_is_ahead_in_the_callers_language_and_in_the_other(open_desk):
    page = open_desk(states.in_call(language="es", asked=0))
    first = page.get_by_role("region", name="Next").get_by_role("listitem").first
    text = states.QUESTIONS[1]["text"]
    expect(first.locator("[lang=es]")).to_have_text(text["es"])
    expect(first.locator("[lang=en]")).to_have_text(text["en"])


def test_words_that_sound_like_a_danger_open_the_panel_and_dial_nobody(open_desk, door):
    page = open_desk(states.in_call(language="en", asked=2))
    after = states.in_call(language="en", asked=2)
    said = "brown, and it has a knife in its side"
    heard = {"question": "dog_looks", "text": said, "level": "possible"}
    after["call"]["protocol"]["danger_words"] = [heard]
    door.after["answers"] = shows(door, after)
    page.locator("#answer-value").focus()
    page.keyboard.type(said)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This may be a danger")).to_contain_text(said)
    page.keyboard.press("Escape")
    expect(page.locator(".ask", has_text="What does the dog look like?")).to_be_visible()
    page.keyboard.press("F7")
    expect(page.get_by_text("This may be a danger")).to_have_count(0)
    assert door.ordered("/red-flag") == []


def test_the_number_that_calls_is_one_digit_where_a_call_back_is_asked(open_desk, door):
    state = states.asking("person")
    state["call"]["protocol"]["question"]["id"] = "call_back"
    page = open_desk(state)
    page.locator("#centre").focus()
    page.keyboard.press("1")
    value = {"phone": "(520) 555-0142"}
    assert door.comes_to("/answers", [{"question": "call_back", "value": value}])


def test_another_protocol_is_found_from_a_question_the_likely_one_first(open_desk, door):
    page = open_desk(states.in_call())
    page.keyboard.press("F3")
    expect(page.locator("button.option").first).to_contain_text("often follows")
    page.keyboard.type("olor")
    page.keyboard.press("Enter")
    assert door.comes_to("/protocol", [{"protocol": "gas_smell"}])
    page.keyboard.press("F3")
    page.keyboard.press("Escape")
    page.keyboard.press("F3")
    page.locator("#centre").focus()
    page.keyboard.press("1")
    assert door.comes_to("/protocol", [{"protocol": "gas_smell"}, {"protocol": "animal_bite"}])


def test_another_outcome_is_chosen_with_its_reason(open_desk, door):
    page = open_desk(states.in_call(language="en"))
    door.after["determinant"] = shows(door, states.overridden())
    page.keyboard.press("Alt+o")
    page.keyboard.press("2")
    expect(page.locator("#choice-reason")).to_be_focused()
    page.get_by_label("The rules do not fit this caller").check()
    page.locator("#choice-reason").focus()
    page.keyboard.press("Enter")
    assert door.ordered("/determinant") == []
    page.keyboard.type("the school gate")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chosen by an override of the rules")).to_be_visible()
    was, chosen = (states.CHOICES[n]["title"]["en"] for n in (2, 1))
    over_time = f"Over time: 0:12 {was} → 0:41 {chosen} (by an override of the rules)"
    expect(page.get_by_text(over_time)).to_be_visible()
    (told,) = door.ordered("/determinant")
    assert (told["kind"], told["determinant"]) == ("override", "dog_threat")
    assert (told["reason"], len(told["escalation_id"])) == ("the school gate", 32)


def test_an_outcome_that_is_not_mine_to_choose_says_so_and_does_nothing(open_desk, door):
    page = open_desk(states.in_call())
    page.keyboard.press("Alt+o")
    page.keyboard.press("3")
    expect(page.get_by_text("Only a senior or a supervisor")).to_be_visible()
    expect(page.locator("#choice-reason")).to_have_count(0)
    assert door.orders == []


def test_an_emergency_chosen_by_hand_dials_like_the_red_button(open_desk, door):
    page = open_desk(states.in_call())
    door.after["determinant"] = lambda body: setattr(
        door, "state", states.emergency("dialling", body["escalation_id"])
    )
    page.keyboard.press("Alt+o")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dialling 911. Stay with the caller.")).to_be_visible()
    assert door.ordered("/determinant")[0]["determinant"] == "dog_emergency"


def test_a_choice_that_the_door_refuses_is_told_and_not_asked_again(open_desk, door):
    door.refuses["determinant"] = 409
    page = open_desk(states.in_call())
    page.keyboard.press("Alt+o")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("Somebody else has taken this call.")
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    page.wait_for_timeout(600)
    assert len(door.ordered("/determinant")) == 1


def test_asking_can_be_stopped_before_the_end(open_desk, door):
    page = open_desk(states.in_call(language="en"))
    door.after["leave"] = shows(door, states.left_early())
    page.keyboard.press("Alt+o")
    page.locator("#leave-early").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not all was asked.")).to_be_visible()
    assert [path for path, _ in door.orders][-1].endswith("protocol/leave")


def test_back_asks_the_last_question_again_and_then_the_one_before(open_desk, door):
    page = open_desk(states.in_call(asked=2))
    page.locator("#centre").focus()
    page.keyboard.press("Alt+b")
    expect(page.locator(".ask", has_text="¿El perro está atacando")).to_be_visible()
    page.keyboard.press("Alt+b")
    expect(page.locator(".ask", has_text="En este momento")).to_be_visible()
    page.keyboard.press("1")
    assert door.comes_to("/answers", [{"question": "danger_now", "value": "yes"}])


def test_a_caller_who_has_gone_leaves_words_to_act_on(open_desk, door):
    page = open_desk(states.gone())
    expect(page.get_by_text("The caller has gone: 2 questions were left open")).to_be_visible()
    expect(page.get_by_text("Caller: (520) 555-0142")).to_contain_text(states.PLACE["text"])
    expect(page.locator(".cut-off li")).to_have_text(
        ["Call back once: (520) 555-0142", "Nobody answers? Tell 911 by hand at (520) 555-0190:"]
    )
    expect(page.locator(".cut-off .ask")).to_have_text("A caller was cut off.")
    page.keyboard.press("7")
    assert door.comes_to("/wrap-up", [{"disposition": "caller_gone"}])


def test_questions_that_cannot_be_read_leave_the_danger_and_another_protocol(open_desk, door):
    page = open_desk(states.lost())
    expect(page.locator(".protocol-lost")).to_contain_text("Loose dog v3")
    expect(page.locator(".protocol-lost")).to_contain_text("F9 dials 911")
    page.locator("#centre").focus()
    page.keyboard.press("F7")
    expect(page.locator(".option.flag").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    assert door.comes_to("/protocol", [{"protocol": "pothole"}])


def test_what_was_read_to_the_caller_is_marked_by_its_digit_and_taken_back(open_desk, door):
    page = open_desk(states.in_call(language="en", asked=2, final=True))
    page.locator("#centre").focus()
    said = page.get_by_role("button", name="Read to the caller", exact=True)
    expect(said).to_have_attribute("aria-pressed", "false")
    marked = states.in_call(language="en", asked=2, final=True)
    marked["call"]["protocol"]["read_aloud"] = {"closing": True}
    door.after["read-aloud"] = shows(door, marked)
    page.keyboard.press("1")
    expect(said).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("2")
    said.click()
    assert door.comes_to(
        "/read-aloud",
        [
            {"what": "closing", "was_read": True},
            {"what": "advice", "was_read": True},
            {"what": "closing", "was_read": False},
        ],
    )
    page.locator("#centre").focus()
    page.keyboard.press("3")
    assert door.comes_to(
        "/read-aloud", [*door.ordered("/read-aloud")[:3], {"what": "questions", "was_read": True}]
    )


def test_the_other_pages_are_a_link_away_and_open_beside_the_desk(open_desk):
    page = open_desk(states.in_call())
    for name in ("Menus", "Quality"):
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
        expect(link).to_have_attribute("href", f"/{name.lower()}")
        expect(link).to_have_attribute("target", "_blank")
