"""What a call-taker says they are doing. The line itself sets `on_call` and `wrap_up`. Never commits."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, RefusedError
from calltaker.staff.sessions import has_live_call
from ivr import record, waiting_line
from ivr.runtime import AtTheDesk
from ivr.waiting_line import NewId
from models.line import Offer
from models.staff import Presence
from models.states import OfferState, PresenceState

CHOSEN = (PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody has chosen to do; `reason` is a key of the city's breaks, only with a break."""

    state: PresenceState
    reason: str | None = None


def choice_of(state: object, reason: object, breaks: Container[str]) -> Choice:
    """Read an order's words.

    Raises:
        RefusedError: no state that a person chooses, or no break of the city's list.
    """
    if state not in [each.value for each in CHOSEN]:
        raise RefusedError("That is no state to choose.", "Choose available, break or offline.")
    chosen = PresenceState(str(state))
    if chosen is not PresenceState.BREAK or reason is None:
        return Choice(chosen)
    if not isinstance(reason, str) or reason not in breaks:
        raise RefusedError("There is no such break.", "Choose one of the list.")
    return Choice(chosen, reason)


def choose(session: Session, staff_id: str, choice: Choice, now: datetime, new_id: NewId) -> None:
    """Set somebody available, on a break or offline, and offer anew what that changes.

    A row that says `on_call` for somebody with no live leg (a report of the end was lost) keeps
    nobody from their work: the leg is asked, not the word. Another kind of break is a new break.

    Raises:
        ConflictError: they are in a call.
    """
    row = row_of(session, staff_id, now)
    if row.state is PresenceState.ON_CALL and has_live_call(session, staff_id):
        raise ConflictError("You are in a call.", "Hang up first; the caller is still there.")
    if (row.state, row.break_reason) != (choice.state, choice.reason):
        _move(session, row, choice, now)
    if choice.state is not PresenceState.AVAILABLE:
        _pass_on(session, staff_id, now)
    waiting_line.offer_waiting(session, now, new_id)


def one_more_minute(session: Session, staff_id: str, shift: AtTheDesk, now: datetime) -> None:
    """Prolong the time after a call.

    Raises:
        ConflictError: no call was just ended, or the minutes are used up.
    """
    row = row_of(session, staff_id, now)
    if row.state is not PresenceState.WRAP_UP:
        raise ConflictError("You are not writing up a call.", "Look at the desk again.")
    if row.more_minutes >= shift.more_minutes:
        raise ConflictError(
            "No more minutes can be added.", "Choose an outcome, or take a break for paperwork."
        )
    row.more_minutes += 1
    tell(session, row, now)


def seen(session: Session, staff_id: str, now: datetime, page: str | None = None) -> None:
    """Keep the page's sign of life; of several only that of the page that has the softphone."""
    row = session.get(Presence, staff_id)
    if row is not None and page in (None, row.page or page):
        row.heartbeat_at = now


def row_of(session: Session, staff_id: str, now: datetime) -> Presence:
    """Somebody's presence, locked; made where there is none."""
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


def _move(session: Session, row: Presence, choice: Choice, now: datetime) -> None:
    if row.state is PresenceState.OFFLINE:
        row.idle_since = now  # a shift begins at the end of the queue of the idle
    row.state, row.since, row.heartbeat_at = choice.state, now, now
    row.break_reason, row.more_minutes = choice.reason, 0
    if choice.state is PresenceState.OFFLINE:
        row.page = None  # who ends their shift begins the next one wherever they are
    tell(session, row, now)


def tell(session: Session, row: Presence, now: datetime) -> None:
    """Tell the person's own pages what they are doing now."""
    about = {"state": row.state.value, "reason": row.break_reason}
    record.tell_desks(session, "presence_changed", now, staff_id=row.staff_id, **about)
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
