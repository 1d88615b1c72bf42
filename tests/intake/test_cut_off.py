"""Callers whom an emergency has lost: rung back by a person, above everything else on the desks."""

from uuid import uuid4

import pytest

from calltaker.intake import cut_off
from calltaker.intake.published import PublishedProtocols
from ivr import left_for_desk, transfer_rows
from models.call import Call
from models.call_back import CALL_BACK_NUMBER, EMERGENCY, CallBack
from models.escalation import Escalation
from models.states import CallOutcome, EscalationCause, Language, PresenceState, TransferState
from tests.intake.protocol_calls import SMALL, answer
from tests.staff.staff_stage import NUMBER, House, Person

pytestmark = pytest.mark.database


def gone(house: House, person: Person, call: Call) -> dict:
    """The caller has hung up; what the wrap-up shows."""
    house.clock.pass_by(5)
    house.leave_room(call)
    house.be(person.staff_id, PresenceState.WRAP_UP)
    return person.state()["wrap_up"]


def look(house: House) -> int:
    return cut_off.run_due(house.runtime, PublishedProtocols(), house.clock())


def dialled_before(house: House, call: Call) -> None:
    values = {"id": uuid4().hex, "call_id": call.id, "cause": EscalationCause.RED_BUTTON}
    about = {"actor": "x", "destinations": ["a"], "state": TransferState.ENDED}
    house.add(Escalation(**values, **about, requested_at=house.clock(), ended_at=house.clock()))


def test_the_wrap_up_says_what_to_do_for_a_caller_who_went_with_a_danger_open(desk, dialled):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    shown = gone(house, person, call)["cut_off"]
    assert shown["title"] == {"en": "Danger", "es": "Peligro"}
    assert shown["number_by_hand"]
    assert "A caller was cut off" in shown["script"]["en"]
    assert "1200 East Speedway" in shown["script"]["en"]
    assert "(520) 555-0142" in shown["script"]["es"]


def test_every_desk_has_the_task_before_anybody_wraps_up_and_above_all_others(desk, dialled):
    house, person, call = desk
    wish_id = uuid4().hex
    number = house.runtime.keyring.seal(CALL_BACK_NUMBER, wish_id, NUMBER)
    older = {"call_id": house.call().id, "asked_at": house.clock(), "language": Language.EN}
    house.add(CallBack(id=wish_id, number=number, node="call_me", **older))
    answer(person, call, {"danger_now": "no"})
    gone(house, person, call)
    assert (look(house), look(house)) == (1, 0)
    first, second = house.person().state()["tasks"]
    assert (first["call_id"], first["emergency"], first["caller"]) == (
        call.id,
        True,
        "(520) 555-0142",
    )
    assert first["number_by_hand"]
    assert (second["emergency"], second["number_by_hand"]) == (False, None)
    assert house.journal(call.id).count("emergency_call_back_opened") == 1
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    assert len(house.rows(CallBack, CallBack.node == EMERGENCY)) == 1


def test_it_stays_until_somebody_says_what_came_of_it(desk, dialled):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    gone(house, person, call)
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "caller_gone"})
    [task] = person.state()["tasks"]
    note = {"note": "She is safe; told 911 all the same."}
    assert person.ordered(f"/tasks/call_back/{task['task_id']}/done", note)["tasks"] == []
    with house.runtime.sessions() as session:
        assert not left_for_desk.must_be_called_back(session, call.id, house.clock())


def test_an_emergency_that_nobody_dialled_is_not_wrapped_up_and_forgotten(desk, dialled):
    house, person, call = desk
    answer(person, call, {"danger_now": "yes"})  # and the process died before the dial
    gone(house, person, call)
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "report_taken"})
    assert [task["emergency"] for task in person.state()["tasks"]] == [True]


@pytest.mark.parametrize("why", ["dialled", "all_answered", "stopped_asking", "hung_up_by_us"])
def test_nobody_is_rung_back_without_need(desk, dialled, why):
    house, person, call = desk
    answer(person, call, {"danger_now": "no"})
    match why:
        case "dialled":
            dialled_before(house, call)
        case "all_answered":
            rest = {"where": "unknown", "since": "unknown", "who": "refused"}
            answer(person, call, SMALL | rest)
        case "stopped_asking":
            person.ordered(f"/calls/{call.id}/protocol/leave")
        case "hung_up_by_us":
            with house.runtime.sessions() as session:
                session.get(Call, call.id).end_commanded_at = house.clock()
                session.commit()
    assert gone(house, person, call)["cut_off"] is None
    assert look(house) == 0
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "information"})
    assert person.state()["tasks"] == []


def test_the_task_of_a_lost_transfer_is_one_that_the_desks_see(house: House):
    call, person = house.call(), house.person()
    with house.runtime.sessions() as session:
        for _ in range(2):
            transfer_rows.open_call_back_task(session, call.id, "e" * 32, house.clock())
        assert left_for_desk.outcome(session, call.id) is None
        session.commit()
    assert [task["emergency"] for task in person.state()["tasks"]] == [True]


def test_a_wish_to_be_called_back_becomes_an_emergency_and_still_ends_the_call_as_it_did(
    house: House,
):
    call, now = house.call(), house.clock()
    with house.runtime.sessions() as session:
        keyring = house.runtime.keyring
        left_for_desk.ask_call_back(session, keyring, call.id, "call_me", NUMBER, now)
        assert left_for_desk.outcome(session, call.id) is CallOutcome.CALL_BACK
        assert left_for_desk.must_be_called_back(session, call.id, now)
        session.commit()
    [row] = house.rows(CallBack)
    assert (row.node, bool(row.number)) == (EMERGENCY, True)
