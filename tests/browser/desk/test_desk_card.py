"""The caller's card by keyboard: earlier contacts, tags, follow-ups, the language and the last outcome put right."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import desk_card as card
from tests.browser.desk import desk_states as states

pytestmark = pytest.mark.browser

OF_CALL = f"calls/{states.CALL_ID}"


def test_an_earlier_contact_is_read_by_digits_and_the_question_comes_back(open_desk, door):
    page = open_desk(card.in_call(asked=0))
    beside = page.get_by_role("region", name="Other contacts from this number")
    expect(beside.get_by_role("listitem")).to_have_count(3)
    expect(beside).to_contain_text("Loose dog emergency stood 16 days ago · Transferred to 911")
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("A number is no person")).to_be_visible()
    assert door.orders == []

    page.keyboard.press("1")
    page.keyboard.press("1")
    expect(page.locator(".summary")).to_contain_text("Right lane, just before the light.")
    expect(page.locator(".summary")).to_contain_text("0000 0171 (forwarded)")
    assert door.orders == [(f"{OF_CALL}/earlier/{card.CONTACTS[0]['call_id']}", {})]
    page.keyboard.press("2")
    page.keyboard.press("Escape")
    expect(page.locator(".earlier-contacts button")).to_have_count(3)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    assert door.comes_to("/answers", [{"question": "danger_now", "value": "no"}])
    assert len(door.orders) == 2


def test_a_withheld_number_has_nothing_to_read(open_desk, door):
    door.card = card.NOTHING
    page = open_desk(card.not_known())
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("No other contact came from this number")).to_be_visible()
    expect(page.locator(".earlier")).to_have_count(0)
    page.keyboard.press("1")
    assert door.orders == []


def test_a_tag_is_added_by_its_first_letters_or_proposed_and_taken_away(open_desk, door):
    page = open_desk(card.in_call())
    page.keyboard.press("Alt+a")
    page.keyboard.type("bu")
    expect(page.get_by_text("Enter adds “Bus stop”.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#tag-field")).to_have_value("")
    page.keyboard.type("perros bravos")
    expect(page.get_by_text("Enter proposes “perros bravos”")).to_be_visible()
    page.keyboard.press("Enter")
    assert door.comes_to("/tags", [{"tag": "bus_stop"}, {"tag": "perros bravos"}])
    page.get_by_role("button", name="Take the tag School nearby away").click()
    assert door.comes_to(f"tags/{'1' * 32}/remove", [{}])


def test_a_tag_that_is_refused_stays_in_its_field(open_desk, door):
    page = open_desk(card.in_call())
    door.refuses["tags"] = 422
    page.keyboard.press("Alt+a")
    page.keyboard.type("flat 4")
    page.keyboard.press("Enter")
    page.locator(".problem").wait_for()
    expect(page.locator("#tag-field")).to_have_value("flat 4")


def test_a_follow_up_outlives_a_refusal_and_a_page_loaded_again_and_is_kept_once(open_desk, door):
    page = open_desk(card.in_call())
    page.keyboard.press("Alt+u")
    page.keyboard.type("Ask about the dog")
    page.reload()
    page.locator("#live", has_text="Live").wait_for()
    page.keyboard.press("Alt+u")
    expect(page.locator("#follow-up-what")).to_have_value("Ask about the dog")

    page.locator("#follow-up-when").select_option("in_3_days")
    page.locator("#follow-up-for").select_option("me")
    door.refuses["follow-up"] = 503
    page.locator("#follow-up-what").press("Enter")
    page.locator(".problem").wait_for()
    door.refuses.clear()
    page.locator("#follow-up-what").press("Enter")
    expect(page.locator("#follow-up-what")).to_have_count(0)
    first, second = door.ordered("/follow-up")
    assert first == second
    assert len(first.pop("follow_up_id")) == 32
    assert first == {"what": "Ask about the dog", "when": "in_3_days", "for_me": True}
    page.keyboard.press("Alt+u")
    expect(page.locator("#follow-up-what")).to_have_value("")


def test_a_day_is_asked_for_before_a_follow_up_of_a_day_is_sent(open_desk, door):
    page = open_desk(card.wrap_up())
    page.keyboard.press("Alt+u")
    page.keyboard.type("Write to her")
    page.locator("#follow-up-when").select_option("day")
    expect(page.locator("#follow-up-day")).to_be_focused()
    page.locator("#follow-up-what").press("Enter")
    assert door.ordered("/follow-up") == []
    page.locator("#follow-up-day").fill("2031-03-05")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#follow-up-day")).to_have_count(0)
    assert door.ordered("/follow-up")[0]["when"] == "2031-03-05"


def test_the_other_language_is_one_key(open_desk, door):
    page = open_desk(card.in_call(asked=0))
    door.after["language"] = lambda body: setattr(
        door, "state", card.in_call(asked=0, language=body["language"])
    )
    expect(page.locator(".ask")).to_have_attribute("lang", "es")
    page.keyboard.press("Alt+i")
    expect(page.locator(".ask")).to_have_attribute("lang", "en")
    page.keyboard.press("Alt+i")
    expect(page.locator(".ask")).to_have_attribute("lang", "es")
    assert door.ordered("/language") == [{"language": "en"}, {"language": "es"}]


def test_the_last_outcome_is_put_right_by_a_digit_once_it_is_opened(open_desk, door):
    page = open_desk(card.left())
    page.keyboard.press("1")
    assert door.orders == []
    page.keyboard.press("Alt+w")
    page.keyboard.press("1")
    assert door.comes_to(f"{OF_CALL}/disposition", [{"disposition": "report_taken"}])
    expect(page.locator(".last-dispositions")).to_have_count(0)
    page.keyboard.press("2")
    assert len(door.orders) == 1


def test_a_follow_up_that_is_due_is_a_task_told_apart_and_done_with_a_note(open_desk, door):
    page = open_desk(card.left())
    shown = page.locator(".task", has_text="Follow up, yours")
    expect(shown).to_contain_text("⚑")
    expect(shown).to_contain_text("Ask whether the crew came")
    page.keyboard.press("Alt+j")
    expect(page.locator(".task button").first).to_be_focused()
    shown.get_by_role("textbox").fill("They came.")
    shown.get_by_role("textbox").press("Enter")
    assert door.comes_to(f"tasks/follow_up/{'d' * 32}/done", [{"note": "They came."}])


def test_while_a_contact_is_closed_its_tags_stand_beside_it_and_digits_still_choose(
    open_desk, door
):
    page = open_desk(card.wrap_up())
    expect(page.get_by_role("list", name="Tags of this contact")).to_contain_text("Pack of dogs")
    expect(page.get_by_role("list", name="To follow up")).to_contain_text("Tomorrow, anybody")
    page.keyboard.press("Alt+a")
    page.keyboard.type("2")
    assert door.orders == []
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    assert door.comes_to("/wrap-up", [{"disposition": "information"}])
