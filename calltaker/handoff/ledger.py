"""The rows of the ledger: incidents, handoffs, and what happened to each. Never commits.

Functions take `session` first. What happened is only added; the other side's names are filled in
once they are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from models.call import Call
from models.escalation import Escalation
from models.handoff import Handoff, HandoffEvent, Incident, IncidentCall
from models.referral import Referral
from models.states import (
    HandoffDirection,
    HandoffFact,
    HandoffOutcome,
    HandoffTarget,
    ReferralState,
)

LINE = "line"
NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Writing:
    """One write to the ledger: the session, the moment, and where ids come from."""

    session: Session
    now: datetime
    new_id: NewId

    def note(self, handoff: Handoff, fact: HandoffFact, actor: str = LINE, **data: Any) -> None:
        """Add what happened, for the ledger, the call's journal and the desks."""
        self.session.add(
            HandoffEvent(handoff_id=handoff.id, fact=fact, at=self.now, actor=actor, data=data)
        )
        if handoff.call_id is not None:
            who = actor[:64]
            words = {"handoff": handoff.id, **data}
            record.note(
                self.session, handoff.call_id, f"handoff_{fact.value}", self.now, who, **words
            )
        if fact is not HandoffFact.PACKET_READ:
            record.tell_desks(
                self.session, "handoff_changed", self.now, handoff.call_id, handoff=handoff.id
            )
        self.session.flush()


def incident_of(writing: Writing, call: Call) -> str:
    """The incident that a call is about; its first question makes one."""
    row = writing.session.get(IncidentCall, call.id)
    if row is not None:
        return row.incident_id
    incident = Incident(id=writing.new_id(), begun_at=call.started_at)
    writing.session.add(incident)
    writing.session.flush()
    return join(writing, incident.id, call)


def join(writing: Writing, incident_id: str, call: Call) -> str:
    """Say what incident a call is about; of two processes that do so the first one's word stands."""
    row = IncidentCall(call_id=call.id, incident_id=incident_id, joined_at=writing.now)
    if record.add_once(writing.session, row):
        return incident_id
    stands = writing.session.get(IncidentCall, call.id, populate_existing=True)
    return stands.incident_id if stands else incident_id


def outgoing(
    writing: Writing, call: Call, escalation: Escalation, agency: str, target: HandoffTarget
) -> Handoff:
    """The ledger's row of a transfer of ours; the agency follows the destination being rung."""
    found = writing.session.get(Handoff, escalation.id)
    if found is None:
        made = Handoff(
            id=escalation.id,
            incident_id=incident_of(writing, call),
            direction=HandoffDirection.OUT,
            target_kind=target,
            agency=agency,
            call_id=call.id,
            escalation_id=escalation.id,
            begun_at=escalation.requested_at,
        )
        if record.add_once(writing.session, made):
            tell_ping_pong(writing, made)
            return made
        found = writing.session.get_one(Handoff, escalation.id, populate_existing=True)
    if found.agency != agency:
        found.agency = agency
    return found


def referred(writing: Writing, call: Call, referral: Referral) -> Handoff:
    """The ledger's row of a caller handed to an entry of the directory; its agency is that entry's key."""
    made = Handoff(
        id=referral.id,
        incident_id=incident_of(writing, call),
        direction=HandoffDirection.OUT,
        target_kind=HandoffTarget(referral.kind.value),
        agency=referral.destination,
        call_id=call.id,
        begun_at=referral.requested_at,
    )
    if record.add_once(writing.session, made):
        return made
    return writing.session.get_one(Handoff, referral.id, populate_existing=True)


def tell_ping_pong(writing: Writing, handoff: Handoff) -> None:
    """A second handoff of one incident between 311 and 911: a supervisor looks at it."""
    of_all = of_incident(writing.session, handoff.incident_id)
    with_911 = [each for each in of_all if each.target_kind is HandoffTarget.PSAP]
    if len(with_911) > 1 and handoff.call_id is not None:
        why = "handed to and fro between 311 and 911"
        record.alert_supervisors(writing.session, handoff.call_id, writing.now, why)


def events_of(session: Session, handoff_id: str) -> list[HandoffEvent]:
    """What happened to a handoff, in order."""
    return list(
        session.scalars(
            select(HandoffEvent)
            .where(HandoffEvent.handoff_id == handoff_id)
            .order_by(HandoffEvent.id)
        )
    )


def has(session: Session, handoff_id: str, *facts: HandoffFact) -> bool:
    """Say whether one of these facts stands in the ledger."""
    found = session.scalar(
        select(HandoffEvent.id)
        .where(HandoffEvent.handoff_id == handoff_id, HandoffEvent.fact.in_(facts))
        .limit(1)
    )
    return found is not None


def of_incident(session: Session, incident_id: str) -> list[Handoff]:
    """Every handoff of an incident, in order."""
    return list(
        session.scalars(
            select(Handoff).where(Handoff.incident_id == incident_id).order_by(Handoff.begun_at)
        )
    )


def of_call(session: Session, call_id: str) -> list[Handoff]:
    """Every handoff of a call, in order."""
    return list(
        session.scalars(
            select(Handoff).where(Handoff.call_id == call_id).order_by(Handoff.begun_at)
        )
    )


def outcome_of_referral(referral: Referral) -> str | None:
    """What became of it; None while open. Answered and gone without taking the caller is declined."""
    taken = referral.answered_at is not None and not referral.stay_until_accepted
    if referral.accepted_at is not None or taken:
        return HandoffOutcome.ACCEPTED.value
    match referral.state:
        case ReferralState.ENDED:
            return HandoffOutcome.DECLINED.value
        case ReferralState.CANCELLED:
            return referral.state.value
        case ReferralState.BUSY | ReferralState.NO_ANSWER | ReferralState.FAILED:
            return HandoffOutcome.NO_ANSWER.value
        case _:
            return None
