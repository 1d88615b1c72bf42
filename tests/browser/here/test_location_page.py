"""The page of a location link on a small telephone: granted, refused, too late, too vague."""

import pytest
from playwright.sync_api import Page, expect

from calltaker.intake.here_words import WORDS
from models.states import Language
from tests.axe import violations
from tests.browser.here.conftest import HERE

pytestmark = pytest.mark.browser

EN, ES = WORDS[Language.EN], WORDS[Language.ES]


def press(page: Page, words=ES) -> None:
    page.get_by_role("button", name=words["button"]).click()


def test_a_position_that_is_allowed_reaches_the_desk_and_the_page_says_so(line, telephone):
    person, _, address = line.caller()
    page = telephone(address)
    assert violations(page) == []
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["taken"].format(metres=12))
    expect(page.get_by_role("status")).to_be_focused()
    expect(page.get_by_role("button")).to_have_count(0)
    assert violations(page) == []
    place = person.state()["call"]["place"]
    assert (place["latitude"], place["longitude"]) == (HERE["latitude"], HERE["longitude"])
    assert (place["uncertainty_metres"], place["confirmed"]) == (12, False)
    page.reload()
    expect(page.get_by_text(ES["late"])).to_be_visible()
    expect(page.get_by_text(EN["late"])).to_be_visible()
    assert violations(page) == []


def test_a_position_that_is_refused_is_not_sent_and_may_be_tried_again(line, telephone):
    person, _, address = line.caller(Language.EN)
    before = person.state()["call"]["place"]
    page = telephone(address, position=None)
    press(page, EN)
    expect(page.get_by_role("status")).to_have_text(EN["refused"])
    assert violations(page) == []
    assert person.state()["call"]["place"] == before
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    press(page, EN)
    expect(page.get_by_role("status")).to_have_text(EN["taken"].format(metres=12))


def test_a_position_too_vague_is_not_kept_and_a_better_one_is(line, telephone):
    person, _, address = line.caller()
    page = telephone(address, position={**HERE, "accuracy": 5000})
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["inaccurate"])
    assert person.state()["call"]["location_link"]["state"] == "sent"
    page.context.set_geolocation(HERE)
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["taken"].format(metres=12))


def test_a_call_that_has_ended_meanwhile_takes_nothing(line, telephone):
    _, call, address = line.caller()
    page = telephone(address)
    line.house.leave_room(call)
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["late"])
    expect(page.get_by_role("button")).to_have_count(0)


def test_without_a_signal_nothing_is_lost_and_the_button_stays(line, telephone):
    _, _, address = line.caller()
    page = telephone(address)
    page.context.set_offline(True)
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["unsent"])
    page.context.set_offline(False)
    press(page)
    expect(page.get_by_role("status")).to_have_text(ES["taken"].format(metres=12))


def test_the_other_language_is_one_press_away_and_everything_is_large_enough(line, telephone):
    _, _, address = line.caller()
    page = telephone(address)
    page.get_by_role("link", name="English").click()
    button = page.get_by_role("button", name=EN["button"])
    expect(button).to_be_visible()
    assert button.bounding_box()["height"] >= 88
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
