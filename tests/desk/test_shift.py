"""A shift: breaks with a reason, the time after a call, holds with words, one page a person."""

import pytest

from ivr.runtime import AtTheDesk
from models.call import Call
from models.staff import Presence
from models.states import HoldReason, Language, PresenceState
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database
ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def house(house: House) -> House:
    breaks = {"lunch": "Lunch", "rest": "Rest"}
    shift = AtTheDesk(breaks=breaks, after_call_seconds=60, more_minutes=1)
    object.__setattr__(house.runtime.city, "at_the_desk", shift)
    return house


def test_a_break_has_its_reason_until_it_ends(house: House):
    person = house.person()
    desk = person.ordered("/presence", {"state": "break", "reason": "lunch"})
    assert desk["breaks"][0] == {"key": "lunch", "title": "Lunch"}
    assert (desk["presence"]["reason"], desk["presence"]["reason_title"]) == ("lunch", "Lunch")
    house.clock.pass_by(60)
    since = desk["presence"]["since"]
    other = person.ordered("/presence", {"state": "break", "reason": "rest"})["presence"]
    assert (other["reason_title"], other["since"] > since) == ("Rest", True)
    assert person.ordered("/presence", {"state": "available"})["presence"]["reason"] is None


@pytest.mark.parametrize("reason", ["siesta", "", 7, ["lunch"]])
def test_a_break_that_the_city_does_not_know_is_refused(house: House, reason):
    answer = house.person().order("/presence", {"state": "break", "reason": reason})
    assert (answer.status_code, answer.json["problem"]) == (422, "There is no such break.")


def test_the_time_after_a_call_has_a_limit_and_minutes_more(house: House):
    person = house.person()
    house.be(person.staff_id, PresenceState.WRAP_UP)
    first = person.state()["presence"]
    assert first["more_minutes"] == 1
    more = person.ordered("/presence/more")["presence"]
    assert (more["ends_at"] > first["ends_at"], more["more_minutes"]) == (True, 0)
    refused = person.order("/presence/more")
    assert (refused.status_code, refused.json["problem"]) == (409, "No more minutes can be added.")


def test_there_is_no_minute_more_without_a_call_before_it(house: House):
    person = house.person()
    assert person.order("/presence/more").status_code == 409
    assert person.state()["presence"]["ends_at"] is None


@pytest.mark.parametrize("reason", list(HoldReason))
def test_a_hold_is_told_with_its_reason_and_its_end(house: House, reason: HoldReason):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = person.ordered(f"/calls/{call.id}/hold", {"on": True, "reason": reason.value})["call"]
    assert shown["hold_reason"] == reason.value
    assert shown["hold_ends_at"] > shown["hold_since"]
    said = {each["key"]: each["said"] for each in shown["hold_reasons"]}
    assert all(said[reason.value][language.value] for language in Language)
    assert house.rows(Call, Call.id == call.id)[0].hold_reason == reason.value


@pytest.mark.parametrize("reason", ["music", None, 3, {"looking_up": 1}])
def test_a_hold_without_a_known_reason_is_refused(house: House, reason):
    person = house.person()
    call = house.in_room(person.staff_id)
    answer = person.order(f"/calls/{call.id}/hold", {"on": True, "reason": reason})
    assert answer.status_code == 422
    assert house.gateway.asked == []


def take(person, page, **more):
    return person.order("/presence/page", {"page": page, **more})


def test_a_second_page_has_the_telephone_only_when_asked(house: House):
    person = house.person()
    assert take(person, ONE).json["presence"]["page"] == ONE
    refused = take(person, OTHER)
    assert (refused.status_code, refused.json["problem"]) == (
        409,
        "Your telephone is in another window.",
    )
    assert take(person, OTHER, take_over=True).json["presence"]["page"] == OTHER


def test_a_page_with_a_call_gives_its_telephone_to_no_other(house: House):
    person = house.person()
    take(person, ONE)
    house.in_room(person.staff_id)
    assert take(person, OTHER, take_over=True).json["problem"] == "Your call is in another window."


def test_a_page_without_a_sign_of_life_has_nothing_to_be_asked_for(house: House):
    person = house.person()
    take(person, ONE)
    house.clock.pass_by(60)
    person.ordered("/heartbeat", {"page": OTHER})
    assert take(person, OTHER).status_code == 409
    house.clock.pass_by(20)
    assert take(person, OTHER).json["presence"]["page"] == OTHER


@pytest.mark.parametrize(
    ("doing", "page", "left"),
    [
        ("available", ONE, PresenceState.OFFLINE),
        ("available", OTHER, PresenceState.AVAILABLE),
        ("break", ONE, PresenceState.BREAK),
    ],
    ids=["its page", "another page", "on a break"],
)
def test_closing_the_page_ends_a_shift_that_waits_for_calls(house: House, doing, page, left):
    person = house.person()
    take(person, ONE)
    person.ordered("/presence", {"state": doing})
    person.ordered("/presence/page/closed", {"page": page})
    assert house.rows(Presence, Presence.staff_id == person.staff_id)[0].state is left


def test_whoever_ends_their_shift_begins_the_next_one_anywhere(house: House):
    person = house.person()
    take(person, ONE)
    person.ordered("/presence", {"state": "available"})
    person.ordered("/presence", {"state": "offline"})
    assert take(person, OTHER).json["presence"]["page"] == OTHER


@pytest.mark.parametrize("page", [None, "me", 3, "g" * 32])
def test_a_page_is_named_by_a_word_of_its_own(house: House, page):
    assert take(house.person(), page).status_code == 422
