"""Orders about a call's telephone: who may give them, what goes out, what is refused."""

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from ivr.errors import GatewayError
from models.call import Call, Leg
from models.escalation import Escalation, EscalationAttempt
from models.line import Offer
from models.staff import Presence
from models.states import (
    AcceptedBy,
    EscalationCause,
    LegKind,
    OfferState,
    PresenceState,
    Role,
    TransferState,
)
from tests import databases
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database
ROOM = "CF" + "1" * 32


def escalation(call: Call, state: TransferState, house: House) -> Escalation:
    accepted = state is TransferState.ACCEPTED
    return Escalation(
        id="e" * 32,
        call_id=call.id,
        cause=EscalationCause.RED_BUTTON,
        actor="line",
        jurisdiction="tucson",
        destinations=["city-911", "city-911-second"],
        state=state,
        attempt=0,
        requested_at=house.clock(),
        accepted_at=house.clock() if accepted else None,
        accepted_by=AcceptedBy.CALL_TAKER if accepted else None,
    )


def test_hold_and_resume_reach_the_callers_leg(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = person.ordered(f"/calls/{call.id}/hold", {"on": True})["call"]
    assert shown["on_hold"]
    assert shown["hold_since"]
    shown = person.ordered(f"/calls/{call.id}/hold", {"on": False})["call"]
    assert not shown["on_hold"]
    held, resumed = house.gateway.of("hold")
    assert held[:2] == resumed[:2] == (ROOM, call.call_sid)
    assert held[2].startswith("https://")
    assert resumed[2] is None


@pytest.mark.parametrize("told", [{}, {"on": "yes"}, {"on": 1}, {"on": None}])
def test_hold_is_on_or_off_and_nothing_else(house: House, told):
    person = house.person()
    call = house.in_room(person.staff_id)
    assert person.order(f"/calls/{call.id}/hold", told).status_code == 422
    assert house.gateway.asked == []


@pytest.mark.parametrize("address", ["hang-up", "hangup"])
def test_hanging_up_ends_the_room_and_is_recorded_first(house: House, address: str):
    person = house.person()
    call = house.in_room(person.staff_id)
    person.ordered(f"/calls/{call.id}/{address}")
    assert house.gateway.of("end_room") == [(ROOM,)]
    assert house.rows(Call, Call.id == call.id)[0].end_commanded_at is not None
    assert "end_commanded" in house.journal(call.id)


def test_a_refusal_of_the_telephone_company_is_told_in_words(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    house.gateway.fail("hold", GatewayError("secret detail", 20429, 429))
    answer = person.order(f"/calls/{call.id}/hold", {"on": True})
    assert answer.status_code == 502
    assert answer.json["problem"].startswith("The telephone company")
    assert "secret" not in answer.text
    assert not person.state()["call"]["on_hold"]


def test_leaving_is_refused_while_nobody_else_is_with_the_caller(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = person.state()["call"]
    assert not shown["may_leave"]
    assert "Nobody else" in shown["leave_reason"]
    answer = person.order(f"/calls/{call.id}/leave")
    assert answer.status_code == 409
    assert "Nobody else" in answer.json["problem"]
    assert house.gateway.asked == []


def test_leaving_waits_for_911_to_accept(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    house.add(escalation(call, TransferState.RINGING, house))
    assert person.order(f"/calls/{call.id}/leave").status_code == 409
    told = {"override_reason": "The caller asked me to"}
    assert person.order(f"/calls/{call.id}/leave", told).status_code == 409
    assert house.gateway.asked == []


def test_once_911_has_accepted_the_call_taker_leaves_and_the_caller_stays(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    house.add(escalation(call, TransferState.ACCEPTED, house))
    shown = person.state()["call"]
    assert shown["may_leave"]
    assert shown["escalation"]["may_leave"]
    assert person.ordered(f"/calls/{call.id}/leave")["call"] is None
    mine = house.rows(Leg, Leg.kind == LegKind.CALL_TAKER)[0]
    assert house.gateway.of("remove") == [(ROOM, mine.call_sid)]
    assert house.gateway.of("end_room") == []


def test_a_supervisor_may_leave_before_with_a_reason(house: House):
    person = house.person(Role.SUPERVISOR)
    call = house.in_room(person.staff_id)
    house.add(escalation(call, TransferState.ANSWERED, house))
    assert person.order(f"/calls/{call.id}/leave").status_code == 409
    told = {"override_reason": "911 told me by radio"}
    assert person.ordered(f"/calls/{call.id}/leave", told)["call"] is None
    assert house.rows(Escalation)[0].override_reason == "911 told me by radio"


def test_the_red_button_dials_911_into_the_live_room(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    shown = person.ordered(f"/calls/{call.id}/emergency", {"escalation_id": "a" * 32})["call"]
    dial = house.gateway.of("dial_into_room")[0][0]
    assert (dial.room, dial.to) == (call.room, "+15205550191")
    assert shown["escalation"]["escalation_id"] == "a" * 32
    assert shown["escalation"]["cause"] == "red_button"
    assert shown["escalation"]["destination"] == "city-911"
    assert shown["escalation"]["next_destination"] == "city-911-second"
    assert shown["escalation"]["number_by_hand"] == "(520) 555-0191"
    assert "1200 East Speedway Boulevard" in shown["escalation"]["script"]["en"]
    assert "La persona habla español" in shown["escalation"]["script"]["es"]
    assert not shown["may_leave"]


def test_the_red_button_pressed_again_dials_once(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    for _ in range(3):
        person.ordered(f"/calls/{call.id}/emergency", {"escalation_id": "a" * 32})
    assert len(house.gateway.of("dial_into_room")) == 1


def test_the_red_button_works_on_an_offered_call_too(house: House):
    person = house.person()
    offer = house.offered(person.staff_id, house.waiting())
    answer = person.order(f"/calls/{offer.call_id}/emergency", {"escalation_id": "b" * 32})
    assert answer.status_code == 200
    assert len(house.gateway.of("dial_into_room")) == 1


@pytest.mark.parametrize("word", ["", "A" * 32, "a" * 31, "a" * 33, None, 7, "../" * 10 + "ab"])
def test_an_escalation_without_a_proper_id_is_refused(house: House, word):
    person = house.person()
    call = house.in_room(person.staff_id)
    answer = person.order(f"/calls/{call.id}/emergency", {"escalation_id": word})
    assert answer.status_code == 422
    assert house.gateway.asked == []


def test_nothing_but_the_guard_stands_before_the_dial(house: House):
    """The figure of the issue is measured by the bench; here: what is asked before the intent."""
    person = house.person()
    call = house.in_room(person.staff_id)
    person.state()
    house.clock.pass_by(120)
    statements = statements_of(house)
    person.order(f"/calls/{call.id}/emergency", {"escalation_id": "a" * 32})
    intent = next(n for n, text in enumerate(statements) if "INTO escalation" in text)
    before = [text for text in statements[:intent] if not text.startswith("BEGIN")]
    assert all(text.startswith("SELECT") for text in before), before
    assert len(before) < 12


@pytest.mark.parametrize("order", ["emergency", "red-flag"])
def test_without_the_database_the_red_button_and_a_danger_still_dial(house: House, order):
    person = house.person()
    call = house.in_room(person.staff_id)
    person.state()
    break_database(house)
    told = {"escalation_id": "a" * 32, "flag": "badly_hurt"}
    answer = person.order(f"/calls/{call.id}/{order}", told)
    assert len(house.gateway.of("dial_into_room")) == 1
    assert answer.status_code == 503
    assert answer.json["problem"].startswith("911 is being dialled")
    assert answer.json["dialled"] is True


def test_without_the_database_a_strangers_red_button_dials_nobody(house: House):
    person, other = house.person(), house.person()
    call = house.in_room(person.staff_id)
    person.state()
    other.state()
    break_database(house)
    told = {"escalation_id": "a" * 32}
    assert other.order(f"/calls/{call.id}/emergency", told).status_code == 503
    person.client.set_cookie("oldpueblo", "another word")
    assert person.order(f"/calls/{call.id}/emergency", told).status_code == 401
    assert person.order(f"/calls/{call.id}/hang-up").status_code == 503
    assert house.gateway.asked == []


def break_database(house: House) -> None:
    def refuse(*_):
        raise OperationalError("statement", None, Exception("the server is gone"))

    engine = house.runtime.sessions.kw["bind"]
    databases.spoil(engine)
    event.listen(engine, "before_cursor_execute", refuse)


def statements_of(house: House) -> list[str]:
    seen: list[str] = []

    def keep(_c, _cursor, statement, *_rest):
        seen.append(statement.strip())

    engine = house.runtime.sessions.kw["bind"]
    databases.spoil(engine)
    event.listen(engine, "before_cursor_execute", keep)
    return seen


def test_they_have_it_lets_the_call_taker_leave(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    person.ordered(f"/calls/{call.id}/emergency", {"escalation_id": "a" * 32})
    with house.runtime.sessions() as session:
        session.get(Escalation, "a" * 32).state = TransferState.ANSWERED
        attempt = session.query(EscalationAttempt).one()
        attempt.state, attempt.answered_at = TransferState.ANSWERED, house.clock()
        session.commit()
    shown = person.ordered(f"/calls/{call.id}/they-have-it", {"escalation_id": "a" * 32})["call"]
    assert shown["escalation"]["state"] == "accepted"
    assert shown["escalation"]["accepted_at"]
    assert shown["may_leave"]


def test_who_will_not_take_the_caller_is_followed_by_the_next(house: House):
    person = house.person()
    call = house.in_room(person.staff_id)
    person.ordered(f"/calls/{call.id}/emergency", {"escalation_id": "a" * 32})
    with house.runtime.sessions() as session:
        attempt = session.query(EscalationAttempt).one()
        attempt.state, attempt.answered_at = TransferState.ANSWERED, house.clock()
        session.commit()
    shown = person.ordered(f"/calls/{call.id}/they-decline", {"escalation_id": "a" * 32})["call"]
    assert shown["escalation"]["attempt"] == 2
    assert not shown["may_leave"]
    assert [asked for asked in house.journal(call.id) if asked == "psap_declined"]


def test_an_escalation_of_another_call_is_not_there(house: House):
    person, other = house.person(), house.person()
    mine, theirs = house.in_room(person.staff_id), house.in_room(other.staff_id)
    house.add(escalation(theirs, TransferState.ANSWERED, house))
    told = {"escalation_id": "e" * 32}
    assert person.order(f"/calls/{mine.id}/they-have-it", told).status_code == 404
    assert person.order(f"/calls/{theirs.id}/they-have-it", told).status_code == 404


def test_being_available_brings_the_waiting_call(house: House):
    person = house.person()
    entry = house.waiting()
    desk = person.ordered("/presence", {"state": "available"})
    assert desk["presence"]["state"] == "available"
    assert [offer["call_id"] for offer in desk["offers"]] == [entry.call_id]


def test_a_break_passes_the_offer_on_to_the_next(house: House):
    first, second = house.person(), house.person()
    for person in (first, second):
        person.ordered("/presence", {"state": "available"})
    entry = house.waiting()
    house.offered(first.staff_id, entry)
    assert first.ordered("/presence", {"state": "break"})["offers"] == []
    assert [offer["call_id"] for offer in second.state()["offers"]] == [entry.call_id]


def test_declining_passes_the_call_on(house: House):
    first, second = house.person(), house.person()
    for person in (first, second):
        person.ordered("/presence", {"state": "available"})
    offer = house.offered(first.staff_id, house.waiting())
    assert first.ordered(f"/offers/{offer.id}/decline")["offers"] == []
    assert len(second.state()["offers"]) == 1
    assert house.rows(Offer, Offer.id == offer.id)[0].state is OfferState.DECLINED


@pytest.mark.parametrize("word", ["on_call", "wrap_up", "", "asleep", None])
def test_nobody_chooses_a_state_that_is_the_lines_to_set(house: House, word):
    person = house.person()
    assert person.order("/presence", {"state": word}).status_code == 422
    assert house.rows(Presence) == []


def test_nobody_goes_on_a_break_from_a_caller(house: House):
    person = house.person()
    house.in_room(person.staff_id)
    assert person.order("/presence", {"state": "break"}).status_code == 409
    assert house.rows(Presence)[0].state is PresenceState.ON_CALL


def test_a_lost_report_of_the_end_keeps_nobody_from_the_next_caller(house: House):
    person = house.person()
    person.ordered("/presence", {"state": "break"})
    with house.runtime.sessions() as session:
        session.get(Presence, person.staff_id).state = PresenceState.ON_CALL
        session.commit()
    assert person.ordered("/presence", {"state": "available"})["presence"]["state"] == "available"


def test_a_softphone_token_is_for_oneself_and_fifteen_minutes(house: House):
    person = house.person()
    ticket = person.ordered("/softphone-token")
    assert ticket["identity"] == f"staff-{person.staff_id}"
    assert house.gateway.of("softphone_token") == [(ticket["identity"], 900)]
    assert ticket["expires_at"] == "2026-03-02T19:15:00.000Z"
    assert ticket["signalling"] is None
    assert ticket["shim"] is None


def test_the_heartbeat_is_kept(house: House):
    person = house.person()
    person.ordered("/presence", {"state": "available"})
    house.clock.pass_by(10)
    person.ordered("/heartbeat")
    assert house.rows(Presence)[0].heartbeat_at == house.clock()


def test_the_state_is_read_with_few_queries_however_long_the_line(house: House):
    person = house.person()
    counts = []
    for places in (1, 12):
        for _ in range(places):
            house.waiting()
        statements = statements_of(house)
        person.state()
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] < 15
