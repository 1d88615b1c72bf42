"""Offers: making them, closing them, and the claim that has exactly one winner.

Below the waiting line, which decides when. Functions take `session` first and never commit; the
claim goes by database time, so that every process agrees who has a call and for how long.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from ivr import record, shift
from models.call import Leg
from models.escalation import Escalation
from models.line import LineEntry, Offer
from models.states import DeadlineKind, LegKind, LineState, OfferState

LEASE_SECONDS = 8.0
JOIN_SECONDS = 6.0
ARRIVING_SECONDS = 3.0
"""A caller who is sent to the room hears a sentence first; it may take as long as this."""
AGAIN_SECONDS = 2.0
OFFER_SECONDS = 15.0
OFFERING = 311_001
"""PostgreSQL's lock number of whoever makes offers now."""


def make(session: Session, offer: Offer, now: datetime) -> Offer:
    """Write the offer, its end and the news of it."""
    session.add(offer)
    session.flush()
    if offer.ends_at is not None:
        record.set_deadline(
            session, DeadlineKind.OFFER_ENDS, offer.id, offer.call_id, offer.ends_at
        )
    record.note(session, offer.call_id, "offer_made", now, offer=offer.id, staff=offer.staff_id)
    record.tell_desks(session, "offer_made", now, offer.call_id, offer.staff_id, offer=offer.id)
    return offer


def claim(session: Session, offer: Offer, now: datetime) -> bool:
    """Reserve what the offer is for; False when somebody else was faster."""
    if offer.entry_id is None:
        return _claim_chair(session, offer, now)
    at = record.database_moment(session)
    claimed = session.scalars(
        update(LineEntry)
        .where(
            LineEntry.id == offer.entry_id,
            or_(
                LineEntry.state == LineState.WAITING,
                (LineEntry.state == LineState.RESERVED) & (LineEntry.reserved_until < at),
            ),
        )
        .values(
            state=LineState.RESERVED,
            reserved_offer_id=offer.id,
            reserved_by=offer.staff_id,
            reserved_until=at + timedelta(seconds=LEASE_SECONDS),
        )
        .returning(LineEntry),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).one_or_none()
    if claimed is None:
        session.get(LineEntry, offer.entry_id, populate_existing=True)
    return claimed is not None


def _claim_chair(session: Session, offer: Offer, now: datetime) -> bool:
    """The caller is in the room: the chair is free while nobody else is coming or there."""
    others = select(Offer.id).where(
        Offer.call_id == offer.call_id, Offer.state == OfferState.ACCEPTED
    )
    there = select(Leg.id).where(
        Leg.call_id == offer.call_id, Leg.kind == LegKind.CALL_TAKER, Leg.left_at.is_(None)
    )
    going_on = select(Escalation.id).where(
        Escalation.call_id == offer.call_id, Escalation.ended_at.is_(None)
    )
    claimed = session.execute(
        update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.state == OfferState.OPEN,
            ~others.exists(),
            ~there.exists(),
            going_on.exists(),
        )
        .values(state=OfferState.ACCEPTED, accepted_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(offer)
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def after_claim(session: Session, offer: Offer, staff_id: str, now: datetime) -> None:
    """Close the others' offers and set the moment by which both must be in the room."""
    offer.state, offer.accepted_at = OfferState.ACCEPTED, now
    session.flush()
    withdraw(session, offer.call_id, now, but=offer.id)
    record.drop_deadline(session, DeadlineKind.OFFER_ENDS, offer.id, now)
    look_for_both(session, offer, now + timedelta(seconds=JOIN_SECONDS))
    record.note(session, offer.call_id, "offer_accepted", now, staff_id, offer=offer.id)
    record.tell_desks(session, "line_changed", now, offer.call_id, entry=offer.entry_id)


def look_for_both(session: Session, offer: Offer, at: datetime) -> None:
    """Set the moment at which somebody looks whether both are in the room."""
    record.set_deadline(session, DeadlineKind.JOIN_ENDS, offer.id, offer.call_id, at)


def prolong(session: Session, offer: Offer, now: datetime, seconds: float) -> None:
    """Somebody comes by a telephone that must ring first: their claim lasts as long as that takes."""
    at = record.database_now(session)
    session.execute(
        update(LineEntry)
        .where(LineEntry.reserved_offer_id == offer.id, LineEntry.state == LineState.RESERVED)
        .values(reserved_until=at + timedelta(seconds=seconds + LEASE_SECONDS - JOIN_SECONDS))
        .execution_options(synchronize_session=False)
    )
    look_for_both(session, offer, now + timedelta(seconds=seconds))


def is_arriving(offer: Offer, leg: Leg, now: datetime) -> bool:
    """Say whether the softphone has come so lately that the caller is still on the way to it."""
    if offer.connected_at is None or leg.left_at is not None:
        return False
    return now - offer.connected_at < timedelta(seconds=ARRIVING_SECONDS)


def has_another_call(session: Session, staff_id: str) -> bool:
    """Reserved for, connecting to, or in a call. Their own presence row orders double clicks."""
    shift.lock_presence(session, staff_id)
    coming = select(Offer.id).where(Offer.staff_id == staff_id, Offer.state == OfferState.ACCEPTED)
    there = select(Leg.id).where(
        Leg.staff_id == staff_id, Leg.kind == LegKind.CALL_TAKER, Leg.left_at.is_(None)
    )
    return bool(session.scalar(select(coming.exists() | there.exists())))


def close(
    session: Session,
    now: datetime,
    state: OfferState,
    *conditions: ColumnElement[bool],
    accepted_too: bool = False,
) -> list[Offer]:
    """Close open offers and tell those who were asked."""
    open_states = (OfferState.OPEN, OfferState.ACCEPTED) if accepted_too else (OfferState.OPEN,)
    found = list(session.scalars(select(Offer).where(Offer.state.in_(open_states), *conditions)))
    for offer in found:
        offer.state, offer.ended_at = state, now
        record.drop_deadline(session, DeadlineKind.OFFER_ENDS, offer.id, now)
        record.note(
            session, offer.call_id, f"offer_{state.value}", now, offer.staff_id, offer=offer.id
        )
        record.tell_desks(
            session, "offer_withdrawn", now, offer.call_id, offer.staff_id, offer=offer.id
        )
    session.flush()
    return found


def withdraw(session: Session, call_id: str, now: datetime, but: str | None = None) -> None:
    """Take every open and accepted offer of the call back, except one."""
    conditions = [Offer.call_id == call_id]
    if but is not None:
        conditions.append(Offer.id != but)
    close(session, now, OfferState.WITHDRAWN, *conditions, accepted_too=True)


def free_reservation(session: Session, offer: Offer, now: datetime) -> None:
    """The one who accepted did not come: the place waits again, and the offer goes on."""
    offer.state, offer.ended_at = OfferState.EXPIRED, now
    session.execute(
        update(LineEntry)
        .where(
            LineEntry.reserved_offer_id == offer.id,
            LineEntry.state == LineState.RESERVED,
        )
        .values(
            state=LineState.WAITING, reserved_offer_id=None, reserved_by=None, reserved_until=None
        )
    )
    record.note(session, offer.call_id, "reservation_ended", now, offer=offer.id)
    record.tell_desks(
        session, "offer_withdrawn", now, offer.call_id, offer.staff_id, offer=offer.id
    )


def alone_in_offering(session: Session) -> bool:
    """Say whether no other process makes offers now; holds until the commit."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(OFFERING))))


def free_expired_leases(session: Session) -> None:
    """A lease outlived by its owner's process ends by database time."""
    connected = select(Offer.id).where(Offer.connected_at.is_not(None))
    expired = (
        select(LineEntry)
        .where(
            LineEntry.state == LineState.RESERVED,
            LineEntry.reserved_until < record.database_now(session),
            LineEntry.reserved_offer_id.not_in(connected),
        )
        .with_for_update(skip_locked=True)
    )
    for entry in session.scalars(expired):
        entry.state = LineState.WAITING
        entry.reserved_offer_id = entry.reserved_by = entry.reserved_until = None
    session.flush()
