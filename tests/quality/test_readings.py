"""Readings of danger, marked right or wrong at the desk, and the supervisors' page of them."""

import pytest

from models.call import Call
from models.escalation import Escalation
from models.states import EmergencyLevel, EscalationCause, Role, TransferState
from tests.staff.staff_stage import House, Person

pytestmark = pytest.mark.database


def at_the_desk(house: House, level: EmergencyLevel) -> tuple[Person, Call]:
    person = house.person(Role.CALL_TAKER)
    call = house.in_room(person.staff_id)
    with house.runtime.sessions() as session:
        session.get(Call, call.id).emergency_level = level
        session.commit()
    return person, call


def page(house: House, role: Role = Role.SUPERVISOR) -> str:
    answer = house.person(role).client.get("/quality/readings")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_call_taker_marks_a_reading_and_the_desk_shows_it(house):
    person, call = at_the_desk(house, EmergencyLevel.POSSIBLE)
    assert person.state()["call"]["reading_judged"] is None
    for word in ("right", "false_alarm"):
        shown = person.ordered(f"/calls/{call.id}/reading", {"judgement": word})["call"]
        assert shown["reading_judged"] == word


@pytest.mark.parametrize(
    ("level", "word"),
    [
        (EmergencyLevel.NONE, "false_alarm"),
        (EmergencyLevel.EMERGENCY, "missed"),
        (EmergencyLevel.POSSIBLE, "whatever"),
    ],
)
def test_a_judgement_that_cannot_be_is_refused(house, level, word):
    person, call = at_the_desk(house, level)
    assert person.order(f"/calls/{call.id}/reading", {"judgement": word}).status_code == 422


def test_nobody_judges_a_call_of_somebody_else(house):
    _, call = at_the_desk(house, EmergencyLevel.NONE)
    other = house.person(Role.CALL_TAKER)
    assert other.order(f"/calls/{call.id}/reading", {"judgement": "right"}).status_code != 200


def test_supervisors_see_misses_and_false_alarms_and_call_takers_do_not(house):
    person, call = at_the_desk(house, EmergencyLevel.POSSIBLE)
    person.ordered(f"/calls/{call.id}/reading", {"judgement": "false_alarm"})
    assert "false alarm" in page(house)
    assert '<a href="/menus/phrases/phrases">Add a phrase</a>' in page(house)
    assert "/menus/phrases" not in page(house, Role.SENIOR), "a senior writes no phrases"
    assert person.client.get("/quality/readings").status_code == 403


def test_a_call_read_as_none_and_taken_to_911_by_a_person_is_a_miss(house):
    person, call = at_the_desk(house, EmergencyLevel.NONE)
    assert "taken to 911" not in page(house)
    house.add(
        Escalation(
            id="e" * 32,
            call_id=call.id,
            cause=EscalationCause.RED_BUTTON,
            actor=person.staff_id,
            destinations=[],
            state=TransferState.REQUESTED,
            requested_at=house.clock(),
        )
    )
    assert "taken to 911" in page(house)


def test_notes_that_sound_like_danger_say_so_once(house):
    person, call = at_the_desk(house, EmergencyLevel.NONE)
    calm = person.ordered(f"/calls/{call.id}/notes", {"text": "wants a new trash can"})["call"]
    assert calm["note_read"] is None
    notes = {"text": "wants a new trash can. her house is on fire"}
    read = person.ordered(f"/calls/{call.id}/notes", notes)["call"]["note_read"]
    assert read["level"] == "emergency"
    again = person.ordered(f"/calls/{call.id}/notes", {"text": "a trash can"})["call"]
    assert again["note_read"] == read
