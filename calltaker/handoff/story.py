"""What happened to an incident, told over time: who was on the line, who knew what and when.

Reads rows into plain values: lanes with spans and marks, one ledger row a handoff. Nothing of it is
personal. Knows no page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.handoff import identifiers, ledger
from calltaker.handoff.exchange import Exchange
from models.call import Call, Leg
from models.escalation import Escalation, EscalationAttempt
from models.handoff import Handoff, HandoffEvent, IncidentCall
from models.intake import DeterminantSet, ProtocolSession
from models.line import LineEntry
from models.referral import Referral
from models.staff import Staff
from models.states import (
    HandoffDirection,
    HandoffFact,
    HandoffOutcome,
    HandoffTarget,
    LegKind,
    TransferState,
)


class Lane(StrEnum):
    """Who is drawn, from top to bottom."""

    CALLER = "Caller"
    LINE_311 = "311"
    PSAP = "911"
    CRISIS = "Crisis line"
    OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody was there from `begins` to `ends`; an open end is still going on."""

    lane: Lane
    what: str
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one moment, and who did it."""

    lane: Lane
    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One handoff, with the names of the record that both sides keep."""

    handoff_id: str
    direction: str
    target_kind: str
    our_incident_urn: str
    our_call_urn: str | None
    their_incident_urn: str | None
    their_call_urn: str | None
    packet_version: int | None
    packet_sha256: str | None
    protocol_id: str | None
    protocol_version: int | None
    determinant: str | None
    level: str | None
    common_code: str | None
    target_name: str
    target_number_id: str | None
    attempt: int | None
    requested_at: datetime
    dialled_at: datetime | None
    packet_saved_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    accepted_at: datetime | None
    left_at: datetime | None
    acknowledged_at: datetime | None
    completed_at: datetime | None
    outcome: str | None
    abandoned_by: str | None
    abandoned_state: str | None
    language: str | None
    relay: str | None
    actor: str | None

    def cells(self) -> Iterator[tuple[str, object]]:
        """Name and value of every field that says something."""
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None and value != "":
                yield each.name, value


@dataclass(frozen=True, slots=True)
class Story:
    """One incident: its spans and marks in order of time, and the ledger's rows."""

    incident_id: str
    begun_at: datetime
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    rows: tuple[LedgerRow, ...]

    @property
    def until(self) -> datetime:
        """The last moment that anything happened at."""
        moments = [self.begun_at, *(mark.at for mark in self.marks)]
        for span in self.spans:
            moments += [span.begins, *([span.ends] if span.ends else [])]
        return max(moments)


def of_incident(exchange: Exchange, session: Session, incident_id: str) -> Story | None:
    """The story of an incident; None where there is none."""
    handoffs = ledger.of_incident(session, incident_id)
    calls = session.scalars(
        select(Call)
        .join(IncidentCall, IncidentCall.call_id == Call.id)
        .where(IncidentCall.incident_id == incident_id)
        .order_by(Call.started_at)
    ).all()
    if not handoffs and not calls:
        return None
    spans = [span for call in calls for span in _spans(session, call)]
    spans += [span for handoff in handoffs for span in _of_911(session, handoff)]
    spans += [span for handoff in handoffs for span in _of_directory(session, handoff)]
    marks = [mark for handoff in handoffs for mark in _marks(session, handoff)]
    return Story(
        incident_id=incident_id,
        begun_at=min([c.started_at for c in calls] + [h.begun_at for h in handoffs]),
        spans=tuple(sorted(spans, key=lambda span: span.begins)),
        marks=tuple(sorted(marks, key=lambda mark: mark.at)),
        rows=tuple(row_of(exchange, session, handoff) for handoff in handoffs),
    )


def _spans(session: Session, call: Call) -> Iterator[Span]:
    yield Span(Lane.CALLER, "on the telephone", call.started_at, call.ended_at)
    for entry in session.scalars(select(LineEntry).where(LineEntry.call_id == call.id)):
        yield Span(Lane.LINE_311, "in the line", entry.joined_at, entry.ended_at or call.ended_at)
    for leg in session.scalars(select(Leg).where(Leg.call_id == call.id)):
        if leg.kind in (LegKind.CALL_TAKER, LegKind.DESK_TELEPHONE) and leg.joined_at:
            ends = leg.left_at or call.ended_at
            yield Span(Lane.LINE_311, "call-taker", leg.joined_at, ends)


def _of_911(session: Session, handoff: Handoff) -> Iterator[Span]:
    lane = _lane(handoff)
    for attempt in _attempts(session, handoff):
        begins = attempt.dialled_at or attempt.requested_at
        yield Span(
            lane, f"{attempt.destination}: ringing", begins, attempt.answered_at or attempt.ended_at
        )
        if attempt.answered_at:
            yield Span(lane, attempt.destination, attempt.answered_at, attempt.ended_at)


def _of_directory(session: Session, handoff: Handoff) -> Iterator[Span]:
    referral = session.get(Referral, handoff.id)
    if referral is None:
        return
    begins, answered = referral.requested_at, referral.answered_at
    ringing = f"{referral.destination}: ringing"
    yield Span(_lane(handoff), ringing, begins, answered or referral.ended_at)
    if answered:
        yield Span(_lane(handoff), referral.destination, answered, referral.ended_at)


def _lane(handoff: Handoff) -> Lane:
    if handoff.target_kind is HandoffTarget.PSAP:
        return Lane.PSAP
    crisis = (HandoffTarget.CRISIS, HandoffTarget.LIFELINE_988)
    return Lane.CRISIS if handoff.target_kind in crisis else Lane.OTHERS


def _attempts(session: Session, handoff: Handoff) -> Sequence[EscalationAttempt]:
    return session.scalars(
        select(EscalationAttempt)
        .where(EscalationAttempt.escalation_id == handoff.escalation_id)
        .order_by(EscalationAttempt.n)
    ).all()


_WORDS = {
    HandoffFact.ANNOUNCED: "announced its caller with a packet",
    HandoffFact.CLAIMED: "the announced call rang",
    HandoffFact.WITH_DISPATCHER: "a dispatcher is on the line",
    HandoffFact.ALONE: "the caller is alone with us",
    HandoffFact.PACKET_SAVED: "packet made",
    HandoffFact.PACKET_FAULTY: "packet held back by the rules",
    HandoffFact.PACKET_SENT: "packet sent",
    HandoffFact.PACKET_UNSENT: "packet could not be sent",
    HandoffFact.PACKET_READ: "packet read",
    HandoffFact.PACKET_RECEIVED: "packet received",
    HandoffFact.ACKNOWLEDGED: "acknowledged the packet",
    HandoffFact.REJECTED: "refused the packet",
    HandoffFact.UNACKNOWLEDGED: "no acknowledgement in time",
    HandoffFact.COMPLETED: "said what became of it",
    HandoffFact.ANSWERS_FILLED: "protocol begun with 911's answers",
    HandoffFact.RETURNED: "given back to 911: nobody had answered",
}


def _marks(session: Session, handoff: Handoff) -> Iterator[Mark]:
    for event in ledger.events_of(session, handoff.id):
        version = event.data.get("version")
        words = _WORDS[event.fact] + (f", version {version}" if version else "")
        theirs = "." in event.actor
        lane = _lane(handoff) if theirs else Lane.LINE_311
        yield Mark(lane, event.at, words, _who(session, event.actor))
    if handoff.escalation_id is None:
        yield from _marks_of_referral(session, handoff)
        return
    escalation = session.get_one(Escalation, handoff.escalation_id)
    cause = f"911 asked for: {escalation.cause.value}"
    yield Mark(Lane.LINE_311, escalation.requested_at, cause, _who(session, escalation.actor))
    if escalation.accepted_at:
        by = escalation.accepted_by.value if escalation.accepted_by else ""
        yield Mark(_lane(handoff), escalation.accepted_at, "911 has the caller", by)
    for attempt in _attempts(session, handoff):
        if attempt.answered_at is None and attempt.ended_at:
            words = f"{attempt.destination}: {attempt.state.value.replace('_', ' ')}"
            yield Mark(_lane(handoff), attempt.ended_at, words, "telephone")


def _marks_of_referral(session: Session, handoff: Handoff) -> Iterator[Mark]:
    referral = session.get(Referral, handoff.id)
    if referral is None:
        return
    who = _who(session, referral.staff_id)
    yield Mark(Lane.LINE_311, referral.requested_at, f"called {referral.destination}", who)
    if referral.accepted_at:
        yield Mark(_lane(handoff), referral.accepted_at, "has the caller", who)
    if referral.answered_at is None and referral.ended_at:
        words = f"{referral.destination}: {referral.state.value.replace('_', ' ')}"
        yield Mark(_lane(handoff), referral.ended_at, words, "telephone")


def _who(session: Session, actor: str) -> str:
    """A member of staff by name; anybody else as they are."""
    found = session.get(Staff, actor) if len(actor) == 32 else None
    return found.name if found else actor


def row_of(exchange: Exchange, session: Session, handoff: Handoff) -> LedgerRow:
    """The ledger's row of one handoff."""
    domain = exchange.agencies.ourselves.domain
    escalation = _escalation(session, handoff)
    attempts = _attempts(session, handoff)
    last = attempts[-1] if attempts else None
    call = session.get(Call, handoff.call_id) if handoff.call_id else None
    events = ledger.events_of(session, handoff.id)
    run, found = _protocol(session, handoff.call_id)
    packet = _last(
        events, HandoffFact.PACKET_SAVED, HandoffFact.PACKET_FAULTY, HandoffFact.PACKET_RECEIVED
    )
    lost = any(each.state is TransferState.CALLER_GONE for each in attempts)
    incoming = handoff.direction is HandoffDirection.IN
    taken_at = _taken_at(session, handoff) if incoming else None
    if incoming and taken_at is None and call is not None:
        lost = call.ended_at is not None
    row = LedgerRow(
        handoff_id=handoff.id,
        direction=handoff.direction.value,
        target_kind=handoff.target_kind.value,
        our_incident_urn=identifiers.incident_urn(handoff.incident_id, domain),
        our_call_urn=identifiers.call_urn(call.id, domain) if call else None,
        their_incident_urn=handoff.their_incident_urn,
        their_call_urn=handoff.their_call_urn,
        packet_version=packet.data.get("version") if packet else None,
        packet_sha256=packet.data.get("sha256") if packet else None,
        protocol_id=run.protocol if run else None,
        protocol_version=run.version if run else None,
        determinant=found.determinant if found else None,
        level=found.level if found else None,
        common_code=found.common_code if found else None,
        target_name=handoff.agency,
        target_number_id=last.destination if last else None,
        attempt=last.n if last else None,
        requested_at=escalation.requested_at if escalation else handoff.begun_at,
        dialled_at=last.dialled_at if last else None,
        packet_saved_at=packet.at if packet else None,
        ringing_at=last.ringing_at if last else None,
        answered_at=last.answered_at if last else taken_at,
        accepted_at=escalation.accepted_at if escalation else None,
        left_at=escalation.left_at if escalation else None,
        acknowledged_at=_at(_last(events, HandoffFact.ACKNOWLEDGED)),
        completed_at=_at(_last(events, HandoffFact.COMPLETED)),
        outcome=outcome_of(escalation, events, lost=lost, taken=taken_at is not None),
        abandoned_by="caller" if lost else None,
        abandoned_state=last.state.value if lost and last else None,
        language=call.language.value if call and call.language else None,
        relay=None,
        actor=escalation.actor if escalation else None,
    )
    referral = session.get(Referral, handoff.id)
    return row if referral is None else _with_stamps(row, referral)


def _with_stamps(row: LedgerRow, referral: Referral) -> LedgerRow:
    """The row of a caller handed to the directory: the telephone's stamps are the referral's own."""
    return replace(
        row,
        target_number_id=referral.destination,
        attempt=1,
        dialled_at=referral.dialled_at,
        ringing_at=referral.ringing_at,
        answered_at=referral.answered_at,
        accepted_at=referral.accepted_at,
        outcome=ledger.outcome_of_referral(referral),
        actor=referral.staff_id,
    )


def outcome_of(
    escalation: Escalation | None, events: Sequence[HandoffEvent], *, lost: bool, taken: bool
) -> str | None:
    """What became of a handoff: the other side's word first, then the telephone's; None while open.

    `lost`: the caller hung up before anybody had them. `taken`: a call-taker of ours has had them.
    """
    said = _last(events, HandoffFact.COMPLETED)
    if said is not None:
        return str(said.data.get("outcome"))
    if any(each.fact is HandoffFact.RETURNED for each in events):
        return HandoffOutcome.RETURNED.value
    if escalation is not None and escalation.accepted_at is not None:
        return HandoffOutcome.ACCEPTED.value
    if lost:
        return HandoffOutcome.CALLER_LOST.value
    if escalation is not None and escalation.ended_at is not None:
        return HandoffOutcome.NO_ANSWER.value
    return HandoffOutcome.ACCEPTED.value if taken else None


def _escalation(session: Session, handoff: Handoff) -> Escalation | None:
    return session.get(Escalation, handoff.escalation_id) if handoff.escalation_id else None


def _taken_at(session: Session, handoff: Handoff) -> datetime | None:
    """When a call-taker of ours joined a caller of 911's."""
    return session.scalar(
        select(Leg.joined_at)
        .where(Leg.call_id == handoff.call_id, Leg.kind == LegKind.CALL_TAKER)
        .order_by(Leg.joined_at)
        .limit(1)
    )


def _protocol(
    session: Session, call_id: str | None
) -> tuple[ProtocolSession | None, DeterminantSet | None]:
    run = session.scalar(
        select(ProtocolSession)
        .where(ProtocolSession.call_id == call_id)
        .order_by(ProtocolSession.started_at.desc())
        .limit(1)
    )
    if run is None:
        return None, None
    found = session.scalar(
        select(DeterminantSet)
        .where(DeterminantSet.session_id == run.id)
        .order_by(DeterminantSet.id.desc())
        .limit(1)
    )
    return run, found


def _last(events: Sequence[HandoffEvent], *facts: HandoffFact) -> HandoffEvent | None:
    return next((each for each in reversed(events) if each.fact in facts), None)


def _at(event: HandoffEvent | None) -> datetime | None:
    return event.at if event else None
