"""Ringing residents from the task list: one desk a task, and every refusal says what to do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ivr import call_backs, deadlines
from models.call import Call
from models.call_back import EMERGENCY, CallBack, CallBackTry
from models.states import CallBackOutcome, CallPhase, PresenceState, PriorityClass
from tests.desk.test_desk_tasks import message, wish
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


def at_desk(house: House):
    """A call-taker whose telephone takes calls."""
    person = house.person()
    house.be(person.staff_id, PresenceState.AVAILABLE)
    return person


def ring(person, row, kind="call_back", offer_id=None):
    offer = {"offer_id": offer_id or uuid4().hex}
    return person.order(f"/tasks/{kind}/{row.id}/call", offer)


def on(person, row, kind="call_back", *, value=True):
    return person.order(f"/tasks/{kind}/{row.id}/claim", {"on": value})


def shown(person, row):
    return next(task for task in person.state()["tasks"] if task["task_id"] == row.id)


@pytest.mark.parametrize("kind", ["call_back", "voicemail"])
def test_call_now_reserves_the_resident_for_who_pressed(house: House, kind):
    ana, ben = at_desk(house), at_desk(house)
    row = message(house) if kind == "voicemail" else wish(house, node=EMERGENCY)
    offer_id = uuid4().hex
    for _ in range(2):
        assert ring(ana, row, kind, offer_id).status_code == 200
    desk = ana.state()
    assert desk["call"]["caller"] == "(520) 555-0142"
    [entry] = desk["line"]
    assert (entry["state"], entry["kind"]) == ("reserved", "call_back")
    told = shown(ben, row)
    assert (told["state"], bool(told["by"])) == ("claimed", True)
    refused = ring(ben, row, kind)
    assert refused.status_code == 409
    assert refused.json["problem"] == f"{told['by']} is on it."
    assert len(house.rows(CallBackTry, CallBackTry.n == 1)) == 1


def test_an_emergency_is_rung_before_everything(house: House):
    person, row = at_desk(house), wish(house, node=EMERGENCY)
    answer = ring(person, row)
    assert answer.status_code == 200, answer.json
    [contact] = house.rows(Call, Call.id != row.call_id)
    [entry] = person.state()["line"]
    assert (contact.phase, entry["priority"]) == (CallPhase.LINE, PriorityClass.EMERGENCY.value)


def test_a_claim_is_one_persons_until_it_is_given_back_or_lapses(house: House):
    ana, ben, row = at_desk(house), at_desk(house), message(house)
    assert on(ana, row, "voicemail").status_code == 200
    assert on(ben, row, "voicemail").status_code == 409
    done = ben.order(f"/tasks/voicemail/{row.id}/done", {"note": "heard it"})
    assert done.status_code == 409
    assert "is on it" in done.json["problem"]
    assert on(ana, row, "voicemail", value=False).status_code == 200
    assert on(ben, row, "voicemail").status_code == 200
    house.clock.pass_by(16 * 60)
    assert on(ana, row, "voicemail").status_code == 200


def change(house: House, kind, row_id, **values):
    """Write values of a row as if something had happened to it."""
    with house.runtime.sessions() as session:
        row = session.get(kind, row_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.commit()


def tried(house: House, row, n=1, outcome=CallBackOutcome.NO_ANSWER):
    """A try of a wish that is over."""
    moments = dict.fromkeys(("opened_at", "dialled_at", "ended_at"), house.clock())
    house.add(
        CallBackTry(
            id=uuid4().hex,
            call_back_id=row.id,
            contact_id=house.call(CallPhase.ENDED).id,
            n=n,
            outcome=outcome,
            **moments,
        )
    )


def no_number(house, row, _person, _other):
    change(house, CallBack, row.id, number=b"")
    change(house, Call, row.call_id, caller_number=None)


def done_already(house, row, _person, other):
    change(house, CallBack, row.id, done_at=house.clock(), done_by=other.staff_id)


def tried_out(house, row, _person, _other):
    for n in (1, 2, 3):
        tried(house, row, n)


def on_a_break(_house, _row, person, _other):
    person.ordered("/presence", {"state": "break"})


REFUSED = [
    (no_number, 422, "No number"),
    (done_already, 409, "done this"),
    (tried_out, 422, "three times"),
    (on_a_break, 409, "takes no calls"),
]


@pytest.mark.parametrize(("before", "status", "words"), REFUSED)
def test_who_may_not_be_rung_is_not_and_the_desk_says_why(house: House, before, status, words):
    person, other, row = at_desk(house), at_desk(house), wish(house)
    before(house, row, person, other)
    answer = ring(person, row)
    assert answer.status_code == status
    assert words in answer.json["problem"]
    assert answer.json["what_to_do"]
    assert person.state()["call"] is None


def test_a_desk_in_a_call_rings_nobody_else(house: House):
    person, first, second = at_desk(house), wish(house), wish(house)
    assert ring(person, first).status_code == 200
    answer = ring(person, second)
    assert (answer.status_code, answer.json["problem"]) == (409, "You have another call.")
    assert len(house.rows(CallBackTry, CallBackTry.n == 1)) == 1


@pytest.mark.parametrize("offer_id", ["", "x", "A" * 32, "0" * 33, 7, None])
def test_an_order_without_a_proper_id_rings_nobody(house: House, offer_id):
    person, row = at_desk(house), wish(house)
    answer = person.order(f"/tasks/call_back/{row.id}/call", {"offer_id": offer_id})
    assert answer.status_code == 422
    assert house.rows(CallBackTry, CallBackTry.n == 1) == []


def test_a_wish_in_the_line_rings_as_a_call_back_and_a_note_takes_it_out(house: House):
    person, row = at_desk(house), wish(house)
    with house.runtime.sessions() as session:
        call_backs.look_at(session, session.get(CallBack, row.id), house.clock())
        session.commit()
    deadlines.run_due(house.runtime, house.clock())
    [offer] = person.state()["offers"]
    assert (offer["kind"], offer["caller"]) == ("call_back", "(520) 555-0142")
    assert shown(person, row)["state"] == "in_line"
    person.ordered(f"/tasks/call_back/{row.id}/done", {"note": "He came by."})
    desk = person.state()
    assert (desk["offers"], desk["line"], desk["tasks"]) == ([], [], [])


def test_a_task_says_when_it_is_tried_again_and_what_came_of_it(house: House):
    person, row = at_desk(house), wish(house)
    again = house.clock() + timedelta(minutes=10)
    change(house, CallBack, row.id, next_try_at=again)
    tried(house, row)
    told = shown(person, row)
    assert (told["state"], told["tries"], told["last_outcome"]) == ("again", 1, "no_answer")
    assert told["again_at"].startswith(again.isoformat()[:16])
