"""A session whose version can no longer be read: the call goes on, and 911 is as near as ever."""

import pytest

from calltaker.intake import session_events
from models.intake import ProtocolSession
from models.publication import Publication
from models.states import CallPhase, PresenceState
from protocols.session import Ended, How
from tests.intake.protocol_calls import ORDER, SMALL, answer, begin, choose, packet_of
from tests.staff.staff_stage import House, open_door

pytestmark = pytest.mark.database


@pytest.fixture
def lost(desk, tmp_path):
    """A call in a protocol whose version a newer program, just started, cannot read."""
    house, person, call = desk
    answer(person, call, {"danger_now": "no"} | SMALL | {"width": 20})
    with house.runtime.sessions() as session:
        row = session.get(Publication, house.rows(ProtocolSession)[0].publication_id)
        row.document = "id: everything\nquestions: 7\n"
        session.commit()
    fresh = House(open_door(house.runtime, tmp_path), house.runtime)
    return fresh, fresh.signed_in(person.staff_id), call


def story_of(house: House, protocol: str) -> list:
    [row] = house.rows(ProtocolSession, ProtocolSession.protocol == protocol)
    with house.runtime.sessions() as session:
        return list(map(type, session_events.read(session, house.runtime.keyring, row)))


def test_the_desk_says_what_has_happened_and_what_to_do(lost):
    _, person, call = lost
    shown = person.state()["call"]
    assert shown["call_id"] == call.id
    assert shown["protocol"] is None
    assert shown["protocol_lost"]["protocol"] == "everything"
    assert "F9" in shown["protocol_lost"]["what_to_do"]
    assert len(shown["red_flags"]) > 3
    assert {one["protocol"] for one in shown["protocols"]} == {"pothole", "loose_dog"}


def test_orders_about_its_questions_are_refused_in_words(lost):
    _, person, call = lost
    told = {"question": "width", "value": 3}
    refused = [
        person.order(f"/calls/{call.id}/answers", told),
        person.order(f"/calls/{call.id}/protocol/leave"),
        person.order(f"/calls/{call.id}/request"),
        choose(person, call, "all_soon"),
    ]
    assert {answer.status_code for answer in refused} == {409}
    assert all("F7" in answer.json["what_to_do"] for answer in refused)


def test_another_protocol_can_be_chosen_and_ends_it(lost):
    house, person, call = lost
    begun = begin(person, call, "pothole")
    assert begun["question"]["id"] == "danger_now"
    assert story_of(house, "everything")[-1] is Ended
    assert [row.ended_at is None for row in house.rows(ProtocolSession)].count(True) == 1
    assert person.state()["call"]["protocol_lost"] is None


def test_a_danger_dials_and_is_in_the_record(lost, dialled):
    house, person, call = lost
    flag = person.state()["call"]["red_flags"][0]
    told = {"escalation_id": ORDER, "flag": flag["id"]}
    person.ordered(f"/calls/{call.id}/red-flag", told)
    assert len(dialled) == 1
    assert house.facts(call.id, "determinant")[-1] == f"red_flag_{flag['id']}"


def test_911_is_told_of_the_call_without_its_answers(lost):
    house, _, call = lost
    known = packet_of(house, call)
    assert (known.protocol.name, known.protocol.answers) == ("everything", ())
    assert known.protocol.determinant.code == "all_soon"


def test_the_call_can_be_wrapped_up(lost):
    house, person, call = lost
    house.leave_room(call)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    assert person.state()["wrap_up"]["protocol_lost"]["version"] == 1
    assert person.state()["wrap_up"]["cut_off"]["title"] is None
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "information"})
    [row] = house.rows(ProtocolSession)
    assert row.ended_at is not None
    with house.runtime.sessions() as session:
        events = session_events.read(session, house.runtime.keyring, row)
    assert events[-1].how is How.CALLER_GONE
    assert [task["emergency"] for task in person.state()["tasks"]] == [True]
    assert house.rows(type(call))[0].phase is CallPhase.ENDED


def test_its_case_can_be_opened(lost):
    house, person, call = lost
    [row] = house.rows(ProtocolSession)
    for path in (f"/quality/cases/{row.id}", "/quality"):
        page = person.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
    assert call.id == row.call_id
