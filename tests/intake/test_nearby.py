"""What is known already around a caller's place, and what of it a call-taker is told."""

import json
import math
from datetime import timedelta
from uuid import uuid4

import pytest

from calltaker.intake import nearby
from models import request_number
from models.intake import REQUEST_DESCRIPTION, REQUEST_PLACE, ServiceRequest
from models.states import RequestState, Role
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

HERE = (32.236, -110.952)
"""Where the stage's callers are."""
METRES_A_DEGREE = math.pi * nearby.EARTH_METRES / 180


@pytest.fixture
def desk(house: House):
    person = house.person()
    return house, person, house.in_room(person.staff_id)


class Requests:
    """Makes requests so many metres north of the caller."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = 0

    def at(self, metres: float | None, **changes) -> ServiceRequest:
        self.made += 1
        request_id, keyring = uuid4().hex, self.house.runtime.keyring
        north = HERE[0] + (metres or 0) / METRES_A_DEGREE
        where = {"text": "a secret door", "latitude": north, "longitude": HERE[1]}
        if metres is None:
            where |= {"latitude": None, "longitude": None}
        values = {
            "id": request_id,
            "number": request_number.of(self.made),
            "category": "pothole",
            "department": "transportation",
            "place": keyring.seal(REQUEST_PLACE, request_id, json.dumps(where)),
            "description": keyring.seal(REQUEST_DESCRIPTION, request_id, "said in confidence"),
            "jurisdiction": "tucson",
            "state": RequestState.OPEN,
            "created_by": "somebody",
            "created_at": self.house.clock() - timedelta(minutes=self.made),
        }
        request = ServiceRequest(**{**values, **changes})
        self.house.add(request)
        return request


@pytest.fixture
def requests(desk) -> Requests:
    return Requests(desk[0])


def known(person, call) -> list[dict]:
    answer = person.client.get(f"/desk/calls/{call.id}/nearby")
    assert answer.status_code == 200, answer.text
    return answer.json["requests"]


def test_a_request_near_the_place_is_told_with_number_age_and_distance(desk, requests):
    house, person, call = desk
    made = requests.at(120)
    (told,) = known(person, call)
    assert told["number"] == made.number
    assert (told["title"], told["state"], told["metres"]) == ("Pothole", "open", 120)
    assert told["latitude"] == pytest.approx(HERE[0] + 120 / METRES_A_DEGREE)
    assert told["made_at"] == "2026-03-02T18:59:00.000Z"
    assert house.journal(call.id) == []


def test_nothing_that_somebody_said_is_told(desk, requests):
    _, person, call = desk
    requests.at(10)
    answer = person.client.get(f"/desk/calls/{call.id}/nearby")
    assert set(answer.json["requests"][0]) == {
        *("number", "title", "state", "made_at", "metres", "latitude", "longitude")
    }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("metres", "changes", "is_told"),
    [
        (299, {}, True),
        (301, {}, False),
        (10, {"state": RequestState.FORWARDED}, True),
        (10, {"state": RequestState.CLOSED}, False),
        (10, {"jurisdiction": "pima_county"}, False),
        (10, {"jurisdiction": None}, False),
        (None, {}, False),
        (10, {"place": None}, False),
        (10, {"place": b"\x02k1broken"}, False),
    ],
)
def test_only_what_is_open_here_and_in_this_jurisdiction_is_told(
    desk, requests, metres, changes, is_told
):
    _, person, call = desk
    requests.at(metres, **changes)
    other = requests.at(20)
    numbers = {told["number"] for told in known(person, call)}
    assert numbers == {other.number} | ({request_number.of(1)} if is_told else set())


def test_the_newest_twenty_are_told_the_nearest_first(desk, requests):
    _, person, call = desk
    made = [requests.at(200 - 5 * number).number for number in range(25)]
    told = known(person, call)
    assert [one["number"] for one in told] == list(reversed(made[:20]))
    assert [one["metres"] for one in told] == sorted(one["metres"] for one in told)


def test_only_a_bounded_number_is_opened(desk, requests, monkeypatch):
    _, person, call = desk
    monkeypatch.setattr(nearby, "LOOKED_THROUGH", 3)
    made = [requests.at(metres) for metres in (400, 500, 30, 20)]
    assert [one["number"] for one in known(person, call)] == [made[2].number]


def test_the_calls_own_request_is_not_known_already(desk, requests):
    _, person, call = desk
    requests.at(5, call_id=call.id)
    assert known(person, call) == []


def test_the_place_put_right_is_the_place_that_is_looked_around(desk, requests):
    _, person, call = desk
    requests.at(1000)
    assert known(person, call) == []
    north = HERE[0] + 1000 / METRES_A_DEGREE
    told = {"text": "the alley", "latitude": north, "longitude": HERE[1]}
    person.ordered(f"/calls/{call.id}/place", told)
    assert [one["metres"] for one in known(person, call)] == [0]
    person.ordered(f"/calls/{call.id}/place", {"text": "somewhere"})
    assert known(person, call) == []


@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.SUPERVISOR])
def test_around_somebody_elses_call_nobody_looks(desk, requests, role):
    house, _, call = desk
    requests.at(5)
    answer = house.person(role).client.get(f"/desk/calls/{call.id}/nearby")
    assert answer.status_code == 404
    assert answer.json["problem"] == "This call is not yours."
