"""What is still to be done after a call: kept once, due in its time, whose it is, done with a note."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models.follow_up import FOLLOW_UP_NOTE, FollowUp
from models.staff import Staff
from models.states import Role
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database

WHAT = "Ask her whether the crew came"


@pytest.fixture
def desk(house: House):
    person = house.person()
    return house, person, house.in_room(person.staff_id)


def order(person, call, **changes):
    told = {"follow_up_id": uuid4().hex, "what": WHAT, "when": "today", "for_me": True} | changes
    return person.order(f"/calls/{call.id}/follow-up", told)


def kinds(person) -> list[str]:
    return [task["kind"] for task in person.state()["tasks"]]


def test_a_follow_up_of_today_is_a_task_at_once_and_done_with_a_sealed_note(desk):
    house, person, call = desk
    shown = order(person, call).json
    [kept], [task] = shown["call"]["follow_ups"], shown["tasks"]
    assert (kept["what"], kept["is_due"], kept["for_whom"]) == (WHAT, True, "The call_taker")
    assert (task["kind"], task["words"], task["for_me"]) == ("follow_up", WHAT, True)
    assert task["caller"] == "(520) 555-0142"
    [row] = house.rows(FollowUp)
    assert WHAT.encode() not in row.what
    done = person.ordered(f"/tasks/follow_up/{row.id}/done", {"note": "They came."})
    assert done["tasks"] == []
    [row] = house.rows(FollowUp)
    assert house.runtime.keyring.unseal(FOLLOW_UP_NOTE, row.id, row.note) == "They came."
    assert row.done_by == person.staff_id
    assert house.journal(call.id) == ["follow_up_made", "follow_up_done"]
    assert person.state()["call"]["follow_ups"][0]["is_done"]


def test_it_is_no_task_before_its_day_and_one_from_then_on(desk):
    house, person, call = desk
    order(person, call, when="tomorrow", for_me=False)
    assert kinds(house.person()) == []
    assert not person.state()["call"]["follow_ups"][0]["is_due"]
    house.clock.pass_by(timedelta(hours=11, minutes=59).total_seconds())
    assert kinds(house.person()) == []
    house.clock.pass_by(timedelta(minutes=2).total_seconds())
    assert kinds(house.person()) == ["follow_up"]


def test_anybodys_is_everybodys_and_ones_own_stays_so_for_a_day(desk):
    house, person, call = desk
    other = house.person()
    order(person, call)
    assert (kinds(person), kinds(other)) == (["follow_up"], [])
    order(person, call, for_me=False)
    assert (len(kinds(person)), len(kinds(other))) == (2, 1)
    house.clock.pass_by(timedelta(days=1).total_seconds())
    assert len(kinds(house.person())) == 2


def test_what_somebody_who_is_gone_was_to_do_is_everybodys(desk):
    house, person, call = desk
    order(person, call)
    with house.runtime.sessions() as session:
        session.get(Staff, person.staff_id).disabled_at = house.clock()
        session.commit()
    assert kinds(house.person()) == ["follow_up"]


def test_the_same_order_twice_is_one_follow_up(desk):
    house, person, call = desk
    one_id = uuid4().hex
    for _ in range(2):
        assert order(person, call, follow_up_id=one_id).status_code == 200
    assert len(house.rows(FollowUp)) == 1
    assert house.journal(call.id) == ["follow_up_made"]


REFUSED = [
    {"what": ""},
    {"what": "   "},
    {"what": "x" * 301},
    {"when": "yesterday"},
    {"when": "2026-03-01"},
    {"when": None},
    {"for_me": "yes"},
    {"follow_up_id": "1"},
    {"follow_up_id": None},
]


@pytest.mark.parametrize("changes", REFUSED)
def test_what_is_no_follow_up_is_refused_and_nothing_is_kept(desk, changes):
    house, person, call = desk
    answer = order(person, call, **changes)
    assert answer.status_code == 422
    assert answer.json["what_to_do"]
    assert house.rows(FollowUp) == []


def test_nobody_keeps_one_about_a_call_of_somebody_else(desk):
    house, _, call = desk
    assert order(house.person(), call).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_who_answers_no_calls_reads_no_words_of_it(desk, role):
    house, person, call = desk
    order(person, call, for_me=False)
    looking = house.person(role)
    answer = looking.client.get("/desk/state")
    assert [task["kind"] for task in answer.json["tasks"]] == ["follow_up"]
    assert WHAT not in answer.text
