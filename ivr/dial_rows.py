"""What a dial leaves in the rows: 911's leg, the room's Sid, and until when it may ring."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from ivr.psap_dial import Ringing
from ivr.runtime import Runtime
from models.call import Call, Leg
from models.escalation import Escalation, EscalationAttempt
from models.states import DeadlineKind, LegKind, LegState

LOOK_SECONDS = 4.0
"""How often a leg that rings is asked after: it may be over, and the report of it lost."""
RING_GRACE_SECONDS = 1.5
"""After a destination's own ring time: the report of its silence may be on its way, or lost."""


def note_ringing(session: Session, call: Call, attempt: EscalationAttempt, rung: Ringing) -> None:
    """Keep what came back from the dial: 911's leg, the room's Sid, and which number was shown."""
    attempt.caller_number_shown = rung.number_shown
    if call.conference_sid is None and not record.is_room_over(session, rung.conference_sid):
        call.conference_sid = rung.conference_sid
    if rung.call_sid is None or _is_of_another(session, attempt, rung.call_sid):
        return
    attempt.call_sid = rung.call_sid
    known = session.scalar(select(Leg).where(Leg.call_sid == rung.call_sid))
    if known is None:
        session.add(
            Leg(
                id=record.new_id(),
                call_id=call.id,
                call_sid=rung.call_sid,
                kind=LegKind.PSAP,
                state=LegState.DIALLING,
                label=attempt.label,
                attempt_id=attempt.id,
                dialled_at=attempt.requested_at,
            )
        )
    session.flush()


def _is_of_another(session: Session, attempt: EscalationAttempt, call_sid: str) -> bool:
    """A leg belongs to one attempt: one found in the room may be an earlier one's, about to go."""
    other = select(EscalationAttempt.id).where(
        EscalationAttempt.call_sid == call_sid, EscalationAttempt.id != attempt.id
    )
    return session.scalar(other.limit(1)) is not None


def watch_ringing(
    session: Session,
    runtime: Runtime,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    now: datetime,
) -> None:
    """Look after the attempt soon, and again until its ring time is over."""
    due = next_look(rings_until(runtime, escalation, attempt), now)
    record.set_deadline(session, DeadlineKind.PSAP_RINGS_OUT, attempt.id, call.id, due)


def next_look(ends: datetime, now: datetime) -> datetime:
    """The moment of the next look: soon, at the end of the ring time at the latest, never at once."""
    soon = min(ends, now + timedelta(seconds=LOOK_SECONDS))
    return max(soon, now + timedelta(seconds=1))


def rings_until(runtime: Runtime, escalation: Escalation, attempt: EscalationAttempt) -> datetime:
    """When the destination's own ring time is over, and the report of it is overdue."""
    points = runtime.city.answering_points(escalation.jurisdiction)
    rings = next((p.ring_seconds for p in points if p.key == attempt.destination), 30)
    begun = attempt.dialled_at or runtime.clock()
    return begun + timedelta(seconds=rings + RING_GRACE_SECONDS)


def find_attempt(
    session: Session, escalation_id: str, n: int
) -> tuple[Escalation, EscalationAttempt] | None:
    """An attempt by the word in its label."""
    row = session.execute(
        select(Escalation, EscalationAttempt)
        .join(EscalationAttempt, EscalationAttempt.escalation_id == Escalation.id)
        .where(Escalation.id == escalation_id, EscalationAttempt.n == n)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
