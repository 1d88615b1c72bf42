"""A service request follows its session until a department has it: kind, words and place."""

import json

import pytest

from models.intake import REQUEST_DESCRIPTION, REQUEST_PLACE, ServiceRequest
from models.states import RequestState, Role
from tests.intake.protocol_calls import ORDER, SMALL, answer, at_the_desk, begin, choose
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

DONE = SMALL | {
    "where": {"text": "x", "confirmed": True},
    "since": {"text": "last night"},
    "who": "refused",
}
WHY = "the school bus stops there"


@pytest.fixture
def made(stage: House):
    """A senior's call whose protocol has come to its end, with the request it made."""
    house, person, call = at_the_desk(stage, Role.SENIOR)
    shown = answer(person, call, DONE)["service_request"]
    assert (shown["category"], shown["state"]) == ("street_debris", "open")
    return house, person, call, shown["number"]


def the_request(house: House) -> ServiceRequest:
    [row] = house.rows(ServiceRequest)
    return row


def test_another_outcome_is_another_kind_of_request_under_the_same_number(made):
    house, person, call, number = made
    shown = choose(person, call, "all_soon", "override", WHY).json["call"]["service_request"]
    assert (shown["number"], shown["category"]) == (number, "pothole")
    assert shown["department"] == "transportation"
    assert the_request(house).category == "pothole"
    assert house.journal(call.id).count("request_changed") == 1
    assert person.state()["call"]["service_request"]["number"] == number


def test_an_outcome_without_a_request_takes_it_back_and_the_next_one_opens_it_again(made):
    house, person, call, number = made
    shown = choose(person, call, "all_told", "retriage", "it is private land").json["call"]
    assert (shown["service_request"]["number"], shown["service_request"]["state"]) == (
        number,
        "closed",
    )
    assert "request_taken_back" in house.journal(call.id)
    choose(person, call, "all_soon", "override", WHY, "b" * 32)
    row = the_request(house)
    assert (row.number, row.category, row.state) == (number, "pothole", RequestState.OPEN)


def test_an_emergency_takes_no_request_back(made, dialled):
    house, person, call, _ = made
    told = {"escalation_id": ORDER, "flag": person.state()["call"]["red_flags"][0]["id"]}
    person.ordered(f"/calls/{call.id}/red-flag", told)
    row = the_request(house)
    assert (row.category, row.state) == ("street_debris", RequestState.OPEN)


def test_what_a_department_has_stays_as_it_has_it(made):
    house, person, call, _ = made
    with house.runtime.sessions() as session:
        session.get(ServiceRequest, the_request(house).id).state = RequestState.FORWARDED
        session.commit()
    choose(person, call, "all_soon", "override", WHY)
    row = the_request(house)
    assert (row.category, row.state) == ("street_debris", RequestState.FORWARDED)


def test_words_and_place_put_right_are_those_of_the_request(made):
    house, person, call, _ = made
    answer(person, call, {"since": {"text": "since Monday"}})
    told = {"text": "Stone and Drachman", "latitude": 32.25, "longitude": -110.97}
    person.ordered(f"/calls/{call.id}/place", told)
    row, keyring = the_request(house), house.runtime.keyring
    assert keyring.unseal(REQUEST_DESCRIPTION, row.id, row.description) == "since Monday"
    place = json.loads(keyring.unseal(REQUEST_PLACE, row.id, row.place))
    assert (place["text"], place["latitude"]) == ("Stone and Drachman", 32.25)


def test_a_second_protocol_of_the_call_leaves_the_first_ones_request_alone(made):
    house, person, call, number = made
    begin(person, call, "pothole")
    assert the_request(house).number == number
    assert the_request(house).category == "street_debris"
