"""Orders about desk telephones: whose number, who approves it, and what reaches the telephone company."""

from uuid import uuid4

import pytest

from models.desk_telephone import DeskTelephone
from models.states import OfferState, Role
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database
NUMBER, SHOWN = "(520) 555-0168", "(520) 555-0168"


def approved(house: House, person) -> None:
    person.ordered("/desk-telephone", {"number": NUMBER})
    admin = house.person(Role.SYSTEM_ADMIN)
    path = f"/people/{person.staff_id}/desk-telephone/approve"
    assert admin.form(path, "/people").status_code == 303


def way(device: str = "desk_telephone") -> dict[str, str]:
    return {"switch_id": uuid4().hex, "device": device}


def test_a_number_is_sealed_shown_and_rung_only_once_somebody_else_has_approved_it(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    assert person.state()["desk_telephone"] is None
    desk = person.ordered("/desk-telephone", {"number": NUMBER})
    assert desk["desk_telephone"] == {"number": SHOWN, "is_approved": False}
    (row,) = house.rows(DeskTelephone)
    assert b"0168" not in row.number
    refused = person.order(f"/calls/{call.id}/telephone", way())
    assert (refused.status_code, house.gateway.asked) == (409, [])
    approved(house, person)
    shown = person.ordered(f"/calls/{call.id}/telephone", way())["call"]["telephone"]
    assert (shown["device"], shown["switch"]["state"]) == ("softphone", "asked")
    (ring,) = house.gateway.of("ring")[0]
    assert (ring.to, ring.from_number) == ("+15205550168", "+15205550100")
    assert "/voice/desk-telephone/" in ring.document


def test_a_changed_number_is_approved_anew_and_an_empty_one_takes_it_away(house: House):
    person = house.person()
    approved(house, person)
    again = person.ordered("/desk-telephone", {"number": "+1 520 555 0168"})["desk_telephone"]
    assert again["is_approved"]
    other = person.ordered("/desk-telephone", {"number": "520-555-0169"})["desk_telephone"]
    assert not other["is_approved"]
    assert person.ordered("/desk-telephone", {"number": " "})["desk_telephone"] is None


@pytest.mark.parametrize(
    "number",
    ["911", "+15205550191", "+15205550110", "+15205550128", "+15205550100", "soon", "900 555 0168"],
    ids=["911", "an answering point", "the staffed line", "the directory", "ours", "words", "dear"],
)
def test_a_number_that_is_dialled_for_callers_is_nobodys_desk_telephone(house: House, number):
    assert house.person().order("/desk-telephone", {"number": number}).status_code == 422
    assert house.rows(DeskTelephone) == []


def test_nobody_approves_their_own_telephone_and_call_takers_approve_none(house: House):
    person, admin = house.person(), house.person(Role.SYSTEM_ADMIN)
    person.ordered("/desk-telephone", {"number": NUMBER})
    path = f"/people/{person.staff_id}/desk-telephone/approve"
    senior = house.person(Role.SENIOR)
    senior.state()
    assert senior.client.post(path, headers={"X-CSRFToken": senior.token}).status_code == 403
    own = f"/people/{admin.staff_id}/desk-telephone/approve"
    assert admin.form(own, "/people").status_code == 404


def test_an_accepted_call_rings_there_and_a_stranger_rings_nothing(house: House):
    person, stranger = house.person(), house.person()
    approved(house, person)
    offer = house.offered(person.staff_id, house.waiting())
    path = f"/offers/{offer.id}/desk-telephone"
    assert person.order(path, way()).status_code == 409
    person.ordered(f"/offers/{offer.id}/accept")
    assert stranger.order(path, way()).status_code == 404
    order = way()
    person.ordered(path, order)
    person.ordered(path, order)
    assert len(house.gateway.of("ring")) == 1
    shown = person.ordered(f"/telephone/{order['switch_id']}/cancel")
    assert shown["call"] is None or shown["call"]["telephone"]["switch"]["state"] == "cancelled"
    assert house.rows(type(offer))[0].state in {OfferState.ACCEPTED, OfferState.EXPIRED}


@pytest.mark.parametrize(
    "told",
    [{}, {"device": "desk_telephone"}, {"device": "psap", "switch_id": "1" * 32}, way("911")],
)
def test_an_order_without_a_known_telephone_rings_nothing(house: House, told):
    person = house.person()
    call = house.in_room(person.staff_id)
    assert person.order(f"/calls/{call.id}/telephone", told).status_code == 422
    assert house.gateway.asked == []
