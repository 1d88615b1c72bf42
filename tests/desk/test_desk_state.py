"""What the desk shows, and to whom."""

import pytest

from models.line import LineEntry, Offer
from models.states import LineState, OfferState, PresenceState, Role
from tests.staff.staff_stage import NUMBER, WORDS, House

pytestmark = pytest.mark.database


def test_the_desk_shows_who_waits_and_what_is_offered(house: House):
    person = house.person()
    entry = house.waiting()
    offer = house.offered(person.staff_id, entry)
    desk = person.state()
    assert [row["caller"] for row in desk["line"]] == ["(520) 555-0142"]
    figures = {"waiting": 1, "expected_minutes": None}
    assert figures.items() <= desk["line_figures"].items()
    assert desk["line_figures"]["longest_since"] == desk["line"][0]["waiting_since"]
    shown = desk["offers"][0]
    assert shown["offer_id"] == offer.id
    assert shown["words"] == WORDS
    assert shown["intent_title"] == "Pothole"
    assert shown["place"] == "1200 East Speedway Boulevard"
    assert shown["jurisdiction"] == "tucson"
    assert not shown["above_all"]
    assert desk["staff"]["identity"] == f"staff-{person.staff_id}"


def test_accepting_reserves_the_place_and_shows_the_call(house: House):
    person = house.person()
    house.be(person.staff_id, PresenceState.AVAILABLE)
    offer = house.offered(person.staff_id, house.waiting())
    desk = person.ordered(f"/offers/{offer.id}/accept")
    assert desk["offers"] == []
    assert desk["call"]["call_id"] == offer.call_id
    assert desk["call"]["caller"] == "(520) 555-0142"
    assert not desk["call"]["in_room"]
    assert house.rows(LineEntry)[0].state is LineState.RESERVED


def test_of_two_who_accept_one_is_told_that_it_is_taken(house: House):
    first, second = house.person(), house.person()
    for person in (first, second):
        house.be(person.staff_id, PresenceState.AVAILABLE)
    entry = house.waiting()
    offers = [house.offered(person.staff_id, entry) for person in (first, second)]
    first.ordered(f"/offers/{offers[0].id}/accept")
    answer = second.order(f"/offers/{offers[1].id}/accept")
    assert answer.status_code == 409
    assert answer.json["problem"]
    assert answer.json["what_to_do"]


def test_a_call_in_the_room_shows_all_that_is_known(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = person.state()["call"]
    assert shown["call_id"] == call.id
    assert shown["caller_verified"] == "A"
    assert shown["confidence"] == 0.92
    assert shown["alternatives"][0] == {
        "intent": "loose_dog",
        "title": "Loose dog",
        "confidence": 0.2,
    }
    assert shown["place"]["confirmed"]
    assert shown["place"]["latitude"] == 32.236
    assert shown["waited_seconds"] == 38.0
    assert shown["in_room"]
    assert not shown["alone"]
    assert [leg["label"] for leg in shown["legs"]] == ["Caller", "The call_taker"]
    assert shown["number_by_hand"] == "(520) 555-0191"
    assert not shown["may_leave"]


def test_a_call_once_ended_is_there_to_be_wrapped_up(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    house.leave_room(call)
    desk = person.state()
    assert desk["call"] is None
    assert desk["wrap_up"]["call_id"] == call.id
    desk = person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "report_taken"})
    assert desk["presence"]["state"] == "available"
    assert desk["wrap_up"] is None
    assert house.facts(call.id, "disposition") == ["report_taken"]
    assert house.facts(call.id, "disposition_code") == ["01"]


@pytest.mark.parametrize(
    ("role", "number", "words"),
    [
        (Role.CALL_TAKER, "(520) 555-0142", True),
        (Role.SENIOR, "(520) 555-0142", True),
        (Role.SUPERVISOR, "(520) 555-0142", True),
        (Role.MENU_ADMIN, "hidden", False),
        (Role.SYSTEM_ADMIN, "hidden", False),
        (Role.AUDITOR, "(•••) •••-••42", False),
    ],
)
def test_a_role_sees_of_a_caller_only_what_is_its_business(
    house: House, role: Role, number: str, words: bool
):
    person = house.person(role)
    house.offered(person.staff_id, house.waiting())
    answer = person.client.get("/desk/state")
    assert answer.json["line"][0]["caller"] == number
    assert (WORDS in answer.text) is words
    assert NUMBER not in answer.text


def test_an_offer_of_somebody_else_is_not_there(house: House):
    mine, theirs = house.person(), house.person()
    offer = house.offered(theirs.staff_id, house.waiting())
    assert mine.state()["offers"] == []
    for order in ("accept", "decline"):
        assert mine.order(f"/offers/{offer.id}/{order}").status_code == 404
    assert house.rows(Offer)[0].state is OfferState.OPEN
