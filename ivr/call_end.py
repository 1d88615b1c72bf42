"""The end of a call: of the caller's own leg, and then of everything that hung on it.

An ended call stays ended. While 911 is being called or told about a caller who is gone, the record
stays open: it closes when nobody is left to talk.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import (
    call_backs,
    left_for_desk,
    lost_callers,
    record,
    referral_rows,
    shift,
    transfer_rows,
    waiting_line,
)
from ivr.rules import transfer_room
from ivr.runtime import Runtime
from ivr.transfer_rows import Effect, EffectKind, legs_in_room, room_now
from ivr.warm_transfer import act
from models.call import Call, Leg
from models.contact_fields import ContactField
from models.escalation import Escalation
from models.journal import ContactFact, JournalEntry
from models.line import Offer
from models.states import (
    CallOutcome,
    CallPhase,
    Disposition,
    LegKind,
    LegState,
    OfferState,
    PresenceState,
)


def leg_ended(runtime: Runtime, call_sid: str) -> None:
    """Twilio says that a leg is over: the caller's, or a softphone's. Unknown legs are no news."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call_id = session.scalar(select(Call.id).where(Call.call_sid == call_sid))
        call = record.lock_call(session, call_id) if call_id else None
        if call is None:
            return
        call.heard_at = now
        effects = caller_gone(session, call, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()


def caller_gone(session: Session, call: Call, now: datetime) -> list[Effect]:
    """The caller's telephone is down: settle what that means for 911, the room and the line."""
    leg = caller_leg_row(session, call, now)
    if call.phase is CallPhase.ENDED:
        leg.state, leg.left_at = LegState.LEFT, leg.left_at or now
        return []
    if leg.state is LegState.LEFT:
        return close_if_over(session, call, now)
    leg.state, leg.left_at = LegState.LEFT, now
    record.note(session, call.id, "caller_left", now, record.CALLER)
    session.flush()
    event = transfer_room.when_caller_leaves(room_now(session, call))
    effects = transfer_rows.tell_room(session, call, event, now)
    effects += referral_rows.look_again(session, call, now)
    waiting_line.abandon_place(session, call.id, now)
    record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    return effects + close_if_over(session, call, now)


def close_if_over(session: Session, call: Call, now: datetime) -> list[Effect]:
    """Close the call once its caller is gone and no transfer is open; the room ends with it."""
    if call.phase is CallPhase.ENDED or not transfer_room.is_over(room_now(session, call)):
        return []
    legs = legs_in_room(session, call.id)
    close(session, call, now)
    return [Effect(EffectKind.END_ROOM, call.id, "")] if legs else []


def settle(runtime: Runtime, call_id: str) -> None:
    """Close the call if nothing keeps it open any more."""
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        effects = close_if_over(session, call, runtime.clock()) if call else []
        session.commit()
    act(runtime, effects)


def close(session: Session, call: Call, now: datetime) -> None:
    """Write the end: outcome, withdrawn offers, wrap-up, no token kept, nothing waited for."""
    call_backs.settle(session, call, now)
    call.outcome = call.outcome or _outcome(session, call)
    call.phase, call.ended_at = CallPhase.ENDED, now
    call.call_token = call.hold_since = None
    waiting_line.abandon(session, call.id, now)
    lost_callers.look_after(session, call)
    record.drop_deadlines_of(session, call.id, now)
    for leg in session.scalars(select(Leg).where(Leg.call_id == call.id, Leg.left_at.is_(None))):
        leg.state, leg.left_at = LegState.LEFT, now
        _wrap_up(session, leg, now)
    call_backs.call_ended(session, call, now)
    record.note(session, call.id, "call_ended", now, outcome=call.outcome.value)
    record.fact(session, call.id, ContactField.CALL_END, now)
    record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    session.flush()


def _wrap_up(session: Session, leg: Leg, now: datetime) -> None:
    if leg.kind is LegKind.CALL_TAKER and leg.staff_id is not None:
        shift.finish_call(session, leg.staff_id, PresenceState.WRAP_UP, now)


def caller_leg_row(session: Session, call: Call, now: datetime) -> Leg:
    """The caller's leg; written when it is first spoken of."""
    leg = session.scalar(select(Leg).where(Leg.call_sid == call.call_sid))
    if leg is None:
        leg = Leg(
            id=record.new_id(),
            call_id=call.id,
            call_sid=call.call_sid,
            kind=LegKind.CALLER,
            state=LegState.ANSWERED,
            sequence=-1,
            dialled_at=now,
        )
        session.add(leg)
        session.flush()
    return leg


def is_gone(session: Session, call: Call) -> bool:
    """Say whether the caller's own telephone is down."""
    state = session.scalar(select(Leg.state).where(Leg.call_sid == call.call_sid))
    return state is LegState.LEFT


def _outcome(session: Session, call: Call) -> CallOutcome:
    accepted = select(Escalation.id).where(
        Escalation.call_id == call.id, Escalation.accepted_at.is_not(None)
    )
    if session.scalar(accepted.limit(1)):
        return CallOutcome.TRANSFERRED_TO_911
    joined = select(Offer.id).where(Offer.call_id == call.id, Offer.state == OfferState.JOINED)
    if session.scalar(joined.limit(1)):
        return CallOutcome.HELPED
    if record.count_notes(session, call.id, record.TRANSFER_CONNECTED):
        return CallOutcome.TRANSFERRED
    if call.phase is CallPhase.HUMAN_LINE:
        return CallOutcome.HUMAN_LINE
    left = left_for_desk.outcome(session, call.id)
    if left is not None:
        return left
    served = _said_goodbye(session, call.id) or _was_informed(session, call.id)
    return CallOutcome.GOODBYE if served else CallOutcome.ABANDONED


def _was_informed(session: Session, call_id: str) -> bool:
    """The menu answered what the caller asked: whoever hangs up then has not given up."""
    told = select(ContactFact.id).where(
        ContactFact.call_id == call_id,
        ContactFact.field == ContactField.DISPOSITION.value,
        ContactFact.value == Disposition.INFORMATION.value,
    )
    return session.scalar(told.limit(1)) is not None


def _said_goodbye(session: Session, call_id: str) -> bool:
    """The menu's last word was the goodbye that the caller chose."""
    last = session.scalar(
        select(JournalEntry.data)
        .where(JournalEntry.call_id == call_id, JournalEntry.kind == "line_spoke")
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return last is not None and last.get("action") == "Goodbye"
