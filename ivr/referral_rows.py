"""The rows of a referral, moved by its pure machine; what must follow comes back as effects.

Functions take `session` first, never commit and never speak to the telephone company. Every caller
locks the call first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record, referred, transfer_rows
from ivr.psap_dial import Refused, Ringing
from ivr.rules import referral
from ivr.rules.referral import Deed, ReferralEvent
from ivr.runtime import DirectoryEntry
from ivr.transfer_rows import Effect, EffectKind
from models.call import Call, Leg
from models.referral import Referral
from models.states import DeadlineKind, LegKind, LegState, ReferralState

LABEL = "refer-"
"""How the label of every such leg begins."""
DIAL_SECONDS = 5.0
"""A dial not confirmed by then is looked up and sent again by whoever sweeps."""
RING_GRACE_SECONDS = 6.5
"""Twilio adds 5 s to a ring time; then the report of the silence may be on its way, or lost."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call-taker orders; `id` is made by the page, so that it can be ordered again."""

    id: str
    call_id: str
    staff_id: str
    consult: bool


def label(referral_id: str) -> str:
    """The participant's label: the telephone company refuses one that is in use."""
    return f"{LABEL}{referral_id}"


def of_leg(session: Session, room_label: str) -> Referral | None:
    """Whom a room's label means; None when it is nobody of the directory."""
    return session.get(Referral, room_label.removeprefix(LABEL))


def is_called(session: Session, call_id: str, entry: DirectoryEntry) -> bool:
    """Say whether this entry, or another that would take the caller over, is called already."""
    return any(
        each.destination == entry.key
        or (referral.takes_over(each.kind) and referral.takes_over(entry.kind))
        for each in referred.open_of(session, call_id)
    )


def begin(session: Session, wanted: Wanted, entry: DirectoryEntry, now: datetime) -> Effect:
    """Write who is to be called, and the moment at which somebody looks after it."""
    session.add(
        Referral(
            id=wanted.id,
            call_id=wanted.call_id,
            staff_id=wanted.staff_id,
            destination=entry.key,
            kind=entry.kind,
            stay_until_accepted=entry.stay_until_accepted,
            consult=wanted.consult,
            state=ReferralState.REQUESTED,
            requested_at=now,
        )
    )
    session.flush()
    words = {"referral": wanted.id, "destination": entry.key, "consult": wanted.consult}
    record.note(session, wanted.call_id, "referral_requested", now, wanted.staff_id, **words)
    record.tell_desks(session, "call_changed", now, wanted.call_id, wanted.staff_id)
    due = now + timedelta(seconds=DIAL_SECONDS)
    kind = DeadlineKind.REFERRAL_RINGS_OUT
    record.set_deadline(session, kind, wanted.id, wanted.call_id, due)
    return Effect(EffectKind.DIAL_REFERRAL, wanted.call_id, wanted.id)


def dialled(
    session: Session, call: Call, row: Referral, outcome: Ringing | Refused, now: datetime
) -> list[Effect]:
    """Keep what came back from the dial."""
    if isinstance(outcome, Refused):
        row.twilio_code = outcome.code
        return apply(session, call, row, ReferralEvent.DIAL_REFUSED, now)
    if call.conference_sid is None and not record.is_room_over(session, outcome.conference_sid):
        call.conference_sid = outcome.conference_sid
    if outcome.call_sid is not None:
        leg_of(session, row, outcome.call_sid, now)
    return apply(session, call, row, ReferralEvent.DIAL_SENT, now)


def leg_of(session: Session, row: Referral, call_sid: str, now: datetime) -> Leg:
    """Their leg; written with the first word of it."""
    row.call_sid = row.call_sid or call_sid
    known = session.scalar(select(Leg).where(Leg.call_sid == call_sid))
    if known is not None:
        return known
    leg = Leg(
        id=record.new_id(),
        call_id=row.call_id,
        call_sid=call_sid,
        kind=LegKind.REFERRAL,
        state=LegState.DIALLING,
        label=label(row.id),
        sequence=-1,
        dialled_at=now,
    )
    session.add(leg)
    session.flush()
    return leg


def apply(
    session: Session,
    call: Call,
    row: Referral,
    event: ReferralEvent,
    now: datetime,
    actor: str = record.TWILIO,
) -> list[Effect]:
    """Move one referral by one event; the call is locked by the caller of this."""
    before = row.state
    step = referral.advance(row.kind, before, event)
    row.state = step.state
    if step.state is not before:
        _stamp(row, now)
        words = {"referral": row.id, "destination": row.destination, "state": row.state.value}
        record.note(session, call.id, f"referral_{event.value}", now, actor, **words)
        record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    if row.state in referral.OVER:
        _close_leg(session, row, now)
        record.drop_deadline(session, DeadlineKind.REFERRAL_RINGS_OUT, row.id, now)
    session.flush()
    effects = []
    for deed in step.deeds:
        if deed is Deed.HANG_UP:
            effects.append(Effect(EffectKind.HANG_UP_REFERRAL, call.id, row.id))
        elif (
            call.hold_since is not None
        ):  # whoever sweeps asks until the telephone company says yes
            record.set_deadline(session, DeadlineKind.HOLD_ENDS, call.id, call.id, now)
    return effects


def tell_all(session: Session, call: Call, event: ReferralEvent, now: datetime) -> list[Effect]:
    """Something happened that concerns everybody who is called."""
    found = referred.open_of(session, call.id)
    return [effect for row in found for effect in apply(session, call, row, event, now)]


def look_again(session: Session, call: Call, now: datetime) -> list[Effect]:
    """Somebody came or went: what that means for everybody who is called."""
    effects: list[Effect] = []
    for row in referred.open_of(session, call.id):
        event = referral.when_room_changes(row.kind, transfer_rows.room_now(session, call))
        effects += apply(session, call, row, event, now, record.LINE) if event else []
    return effects


def _stamp(row: Referral, now: datetime) -> None:
    match row.state:
        case ReferralState.DIALLING:
            row.dialled_at = now
        case ReferralState.RINGING:
            row.ringing_at = now
        case ReferralState.ANSWERED:
            row.answered_at = now
        case ReferralState.ACCEPTED:
            row.accepted_at = now
        case _:
            row.ended_at = row.ended_at or now


def _close_leg(session: Session, row: Referral, now: datetime) -> None:
    leg = session.scalar(select(Leg).where(Leg.call_sid == row.call_sid, Leg.left_at.is_(None)))
    if leg is not None:
        leg.state, leg.left_at = LegState.LEFT, now
