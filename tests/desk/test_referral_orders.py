"""Calling somebody of the directory into a call from the desk: what is shown, ordered and refused."""

import pytest

from models.referral import Referral
from models.states import ReferralState
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database
ONE, OTHER = "a" * 32, "b" * 32


def refer(person, call, destination="crisis_line", referral_id=ONE, **more):
    told = {"referral_id": referral_id, "destination": destination, **more}
    return person.order(f"/calls/{call.id}/referrals", told)


def test_the_desk_lists_the_directory_with_departments_last(house: House):
    person = house.person()
    house.in_room(person.staff_id)
    shown = person.state()["call"]
    assert shown["referrals"] == []
    assert [entry["key"] for entry in shown["directory"]] == ["crisis_line", "interpreter", "water"]
    assert all(entry["name"]["es"] and entry["number"] for entry in shown["directory"])


def test_who_is_called_is_shown_with_what_to_say_in_both_languages(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    answer = refer(person, call)
    assert answer.status_code == 200
    (shown,) = answer.json["call"]["referrals"]
    assert (shown["state"], shown["is_open"], shown["takes_over"]) == ("dialling", True, True)
    assert set(shown["to_them"]) == set(shown["to_caller"]) == {"en", "es"}
    assert "crisis_line" in shown["to_caller"]["es"]
    assert not answer.json["call"]["may_leave"]
    assert "does not have them yet" in answer.json["call"]["leave_reason"]


def test_consulting_holds_the_caller_first(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = refer(person, call, consult=True).json["call"]
    assert shown["on_hold"]
    methods = [name for name, _ in house.gateway.asked if name in {"hold", "dial_into_room"}]
    assert methods == ["hold", "dial_into_room"]


def test_taken_back_it_is_said_what_the_caller_hears(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    refer(person, call)
    (shown,) = person.ordered(f"/calls/{call.id}/referrals/{ONE}/cancel")["call"]["referrals"]
    assert (shown["state"], shown["is_open"]) == ("cancelled", False)
    assert "caller hears you" in shown["what_to_do"]
    assert len(house.gateway.of("hang_up")) == 1


def test_saying_that_they_have_the_caller_before_they_answer_changes_nothing(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    refer(person, call)
    shown = person.ordered(f"/calls/{call.id}/referrals/{ONE}/accepted")["call"]
    assert shown["referrals"][0]["state"] == "dialling"
    assert not shown["may_leave"]


@pytest.mark.parametrize(
    ("destination", "status"), [("water", 409), ("nobody", 409), ("interpreter", 200)]
)
def test_beside_the_crisis_line_only_an_interpreter_is_called(house: House, destination, status):
    person = house.person()
    call = house.in_room(person.staff_id)
    refer(person, call)
    answer = refer(person, call, destination, OTHER)
    assert answer.status_code == status
    assert status == 200 or (answer.json["problem"] and answer.json["what_to_do"])


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"referral_id": "x", "destination": "crisis_line"},
        {"referral_id": ONE, "destination": "crisis_line", "consult": "yes"},
        {"referral_id": ONE, "destination": 7},
        {"referral_id": ONE, "destination": "c" * 41},
    ],
)
def test_an_order_of_another_form_calls_nobody(house: House, told):
    person = house.person()
    call = house.in_room(person.staff_id)
    assert person.order(f"/calls/{call.id}/referrals", told).status_code == 422
    assert house.gateway.asked == []
    assert house.rows(Referral, Referral.call_id == call.id) == []


def test_a_referral_of_another_call_is_not_touched(house: House):
    person, other = house.person(), house.person()
    mine, theirs = house.in_room(person.staff_id), house.in_room(other.staff_id)
    refer(other, theirs)
    person.ordered(f"/calls/{mine.id}/referrals/{ONE}/cancel")
    (kept,) = house.rows(Referral, Referral.id == ONE)
    assert kept.state is ReferralState.DIALLING
