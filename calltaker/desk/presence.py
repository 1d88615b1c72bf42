"""What a call-taker says they are doing. The line itself sets `on_call` and `wrap_up`. Never commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, RefusedError
from calltaker.staff.sessions import has_live_call
from ivr import record, waiting_line
from ivr.waiting_line import NewId
from models.line import Offer
from models.staff import Presence
from models.states import OfferState, PresenceState

CHOSEN = (PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE)


def choose(session: Session, staff_id: str, text: str, now: datetime, new_id: NewId) -> None:
    """Set somebody available, on a break or offline, and offer anew what that changes.

    A row that says `on_call` for somebody with no live leg (a report of the end was lost) keeps
    nobody from their work: the leg is asked, not the word.

    Raises:
        RefusedError: no state that a person chooses.
        ConflictError: they are in a call.
    """
    state = _chosen(text)
    row = _row(session, staff_id, now)
    if row.state is PresenceState.ON_CALL and has_live_call(session, staff_id):
        raise ConflictError("You are in a call.", "Hang up first; the caller is still there.")
    if row.state is not state:
        _move(session, row, state, now)
    if state is not PresenceState.AVAILABLE:
        _pass_on(session, staff_id, now)
    waiting_line.offer_waiting(session, now, new_id)


def seen(session: Session, staff_id: str, now: datetime) -> None:
    """Keep the page's sign of life."""
    row = session.get(Presence, staff_id)
    if row is not None:
        row.heartbeat_at = now


def _chosen(text: str) -> PresenceState:
    if text in [state.value for state in CHOSEN]:
        return PresenceState(text)
    raise RefusedError("That is no state to choose.", "Choose available, break or offline.")


def _row(session: Session, staff_id: str, now: datetime) -> Presence:
    row = session.get(Presence, staff_id, with_for_update=True)
    if row is None:
        row = Presence(
            staff_id=staff_id,
            state=PresenceState.OFFLINE,
            since=now,
            idle_since=now,
            heartbeat_at=now,
        )
        session.add(row)
        session.flush()
    return row


def _move(session: Session, row: Presence, state: PresenceState, now: datetime) -> None:
    if row.state is PresenceState.OFFLINE:
        row.idle_since = now  # a shift begins at the end of the queue of the idle
    row.state, row.since, row.heartbeat_at = state, now, now
    record.tell_desks(session, "presence_changed", now, staff_id=row.staff_id, state=state.value)
    session.flush()


def _pass_on(session: Session, staff_id: str, now: datetime) -> None:
    """Whoever goes away passes their ordinary offers on; a call above everything stays offered."""
    open_offers = session.scalars(
        select(Offer.id).where(
            Offer.staff_id == staff_id,
            Offer.state == OfferState.OPEN,
            Offer.ends_at.is_not(None),
        )
    ).all()
    for offer_id in open_offers:
        waiting_line.decline(session, offer_id, staff_id, now)
