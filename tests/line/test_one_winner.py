"""Races: however many ask for one caller in the same moment, exactly one has them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from ivr import deadlines, record, transfer_intent, warm_transfer
from ivr.waiting_line import Accepted, TooLate
from models.escalation import Escalation
from models.line import LineEntry, Offer
from models.states import (
    CallPhase,
    EscalationCause,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
)

pytestmark = pytest.mark.database

THREADS = 16


def race(deeds):
    """Start every deed in the same moment; returns what each gave."""
    start = threading.Barrier(len(deeds))

    def run(deed):
        start.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def patiently(deed):
    """SQLite has one writer, the pool few connections; both limit the wait: one asks again, as the desk does."""
    for _ in range(20):
        try:
            return deed()
        except (OperationalError, NoConnection):
            continue
    raise AssertionError("never got through")


def test_sixteen_call_takers_and_one_emergency(stage):
    staff = [stage.staff(f"s{n}") for n in range(THREADS)]
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller, PriorityClass.EMERGENCY)
    offers = {offer.staff_id: offer.id for offer in stage.offers(OfferState.OPEN)}
    assert set(offers) == set(staff)
    answers = race(
        [lambda who=who: patiently(lambda: stage.accept(offers[who], who)) for who in staff]
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
    assert sum(isinstance(answer, TooLate) for answer in answers) == THREADS - 1
    assert stage.entry(caller).state is LineState.RESERVED
    assert len(stage.offers(OfferState.ACCEPTED)) == 1


def test_sixteen_call_takers_and_one_empty_chair(stage):
    staff = [stage.staff(f"s{n}") for n in range(THREADS)]
    caller = stage.ring(phase=CallPhase.ROOM)
    stage.escalate(caller, EscalationCause.KEY)
    offers = {offer.staff_id: offer.id for offer in stage.offers(OfferState.OPEN)}
    answers = race(
        [lambda who=who: patiently(lambda: stage.accept(offers[who], who)) for who in staff]
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
    assert len(stage.offers(OfferState.ACCEPTED)) == 1


def test_one_person_clicking_on_many_calls_gets_one(stage):
    carla = stage.staff("carla")
    for n in range(8):
        stage.join(stage.ring(f"c{n}", phase=CallPhase.LINE), PriorityClass.EMERGENCY)
    offers = [offer.id for offer in stage.offers(OfferState.OPEN)]
    assert len(offers) == 8
    answers = race(
        [lambda offer=offer: patiently(lambda: stage.accept(offer, carla)) for offer in offers]
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1


def test_an_expired_lease_can_be_claimed_by_one_other(stage):
    staff = [stage.staff(f"s{n}") for n in range(4)]
    caller = stage.ring(phase=CallPhase.LINE)
    stage.join(caller, PriorityClass.EMERGENCY)
    offers = {offer.staff_id: offer for offer in stage.offers(OfferState.OPEN)}
    stage.accept(offers[staff[0]].id, staff[0])
    _pretend_that_the_owner_died(stage, caller)
    made = [offer for offer in stage.offer() if offer.staff_id != staff[0]]
    answers = race(
        [
            lambda offer=offer: patiently(lambda: stage.accept(offer.id, offer.staff_id))
            for offer in made
        ]
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1


def _pretend_that_the_owner_died(stage, caller):
    with stage.runtime.sessions() as session:
        past = record.database_now(session) - timedelta(seconds=1)
        session.execute(
            update(LineEntry).where(LineEntry.call_id == caller.call_id).values(reserved_until=past)
        )
        session.execute(update(Offer).values(state=OfferState.WITHDRAWN))
        session.commit()


def test_a_red_button_pressed_by_two_tabs_dials_once(stage, monkeypatch):
    # A database that is too slow for the intent is another test's matter: there the dial goes on.
    monkeypatch.setattr(transfer_intent, "INTENT_SECONDS", 10)
    stage.runtime = replace(stage.runtime, intent_sessions=stage.runtime.sessions)
    caller = stage.ring(phase=CallPhase.ROOM)

    def press(word):
        return lambda: warm_transfer.escalate(
            stage.runtime, caller.call_id, EscalationCause.RED_BUTTON, "caller", word * 32
        )

    race([press("a"), press("a"), press("b"), press("c")])
    assert len({label for _, label in stage.dialled()}) == 1
    with stage.runtime.sessions() as session:
        opened = session.scalars(select(Escalation).where(Escalation.ended_at.is_(None)))
        assert len(list(opened)) == 1


def test_a_deadline_is_acted_upon_once_however_many_sweep(stage):
    stage.staff("carla")
    stage.join(stage.ring(phase=CallPhase.LINE))
    stage.runtime.clock.pass_by(16)
    swept = race([lambda: patiently(lambda: deadlines.run_due(stage.runtime, stage.now))] * 6)
    assert sum(swept) == 1
    assert len(stage.offers(OfferState.EXPIRED)) == 1


def test_two_processes_offering_at_once_make_each_offer_once(stage):
    for n in range(4):
        stage.staff(f"s{n}", state=PresenceState.BREAK)
        stage.join(stage.ring(f"c{n}", phase=CallPhase.LINE))
    for n in range(4):
        stage.set_presence(stage_staff_id(f"s{n}"), PresenceState.AVAILABLE)
    race([lambda: patiently(stage.offer)] * 6)
    stage.offer()
    made = stage.offers(OfferState.OPEN)
    assert len(made) == 4
    assert len({offer.staff_id for offer in made}) == 4
    assert len({offer.entry_id for offer in made}) == 4


def stage_staff_id(name):
    return sha256(name.encode()).hexdigest()[:32]


def test_a_report_told_sixteen_times_counts_once(stage):
    caller, _, desk_sid = stage.talk()
    lost = {
        "ConferenceSid": stage.call(caller).conference_sid,
        "StatusCallbackEvent": "participant-leave",
        "SequenceNumber": "99",
        "CallSid": desk_sid,
        "ParticipantCallStatus": "completed",
    }
    race([lambda: stage.post(f"/voice/room/{caller.call_id}/events", **lost)] * 8)
    assert stage.journal(caller).count("call_taker_lost") == 1


def test_joining_from_two_threads_makes_one_place(stage):
    caller = stage.ring(phase=CallPhase.LINE)
    race([lambda: patiently(lambda: stage.join(caller))] * 6)
    assert stage.journal(caller).count("line_joined") == 1
