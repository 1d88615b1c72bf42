"""Callers handed to the directory stand in the ledger under its key, with their times and outcome."""

import pytest

from calltaker.handoff import duties, ledger, story
from calltaker.handoff.story import Lane
from ivr import referrals
from ivr.referral_rows import Wanted

pytestmark = pytest.mark.database
REFERRAL = "a" * 32


def refer(centre, destination):
    caller, staff_id = centre.known_caller()
    wanted = Wanted(REFERRAL, caller.call_id, staff_id, consult=False)
    referrals.refer(centre.runtime, wanted, destination)
    duties.run_due(centre.exchange)
    return caller, staff_id


def reported(centre, status):
    with centre.runtime.sessions() as session:
        sid = session.get(story.Referral, REFERRAL).call_sid
    centre.post(f"/voice/referral/{REFERRAL}", CallSid=sid, CallStatus=status)


def row(centre):
    with centre.runtime.sessions() as session:
        handoff = ledger.of_call(session, session.get(story.Referral, REFERRAL).call_id)[0]
        return story.row_of(centre.exchange, session, handoff)


def test_a_caller_whom_the_crisis_line_has_taken(centre):
    caller, staff_id = refer(centre, "crisis_line")
    centre.runtime.clock.pass_by(3)
    reported(centre, "in-progress")
    assert row(centre).outcome is None
    referrals.they_have_them(centre.runtime, caller.call_id, staff_id, REFERRAL)
    duties.run_due(centre.exchange)
    found = row(centre)
    assert (found.target_name, found.target_kind, found.outcome) == (
        "crisis_line",
        "crisis",
        "accepted",
    )
    assert found.requested_at < found.answered_at <= found.accepted_at
    with centre.runtime.sessions() as session:
        incident = ledger.of_call(session, caller.call_id)[0].incident_id
        told = story.of_incident(centre.exchange, session, incident)
    assert {mark.what for mark in told.marks} >= {"called crisis_line", "has the caller"}
    assert {span.what for span in told.spans if span.lane is Lane.CRISIS} == {
        "crisis_line: ringing",
        "crisis_line",
    }


@pytest.mark.parametrize(
    ("destination", "status", "outcome"),
    [
        ("crisis_line", ["busy"], "no_answer"),
        ("crisis_line", ["in-progress", "completed"], "declined"),
        ("water", ["in-progress", "completed"], "accepted"),
    ],
)
def test_what_became_of_it(centre, destination, status, outcome):
    refer(centre, destination)
    for each in status:
        reported(centre, each)
    assert row(centre).outcome == outcome


def test_an_interpreter_is_handed_nobody(centre):
    caller, _ = refer(centre, "interpreter")
    with centre.runtime.sessions() as session:
        assert ledger.of_call(session, caller.call_id) == []
