"""Callers who were cut off and call again: their former place in the line, found and given back once.

They are known by the blind index of their number alone, which proves nothing of who they are: a
place is all that they are given, and nothing of the former call is told. Functions take `session`
first and never commit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr import record
from ivr.rules.dropped_calls import KEPT_FOR, FormerCall, keeps_place
from ivr.rules.skills import GENERAL
from models.call import Call
from models.contact_fields import ContactField
from models.journal import ContactFact
from models.line import LineEntry
from models.states import (
    CallPhase,
    Disposition,
    LineState,
    NumberPresentation,
    Origin,
    PriorityClass,
)

FIRST_FOR_SECONDS = 10.0
FROM_911 = Origin.TRANSFER_IN
"""911's own calls have a class of their own, and no number that is the caller's."""


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place that is kept for a caller: the entry of the call that was cut off, and that call."""

    entry: LineEntry
    call: Call


def kept_for(session: Session, call_id: str, now: datetime) -> KeptPlace | None:
    """The place that this caller had in a call that was cut off, if there is one.

    The last call from the same number decides: whoever has called since and was served has no place.
    """
    call = session.get(Call, call_id)
    if call is None or call.caller_number_index is None:
        return None
    if call.number_presentation is not NumberPresentation.GIVEN or call.origin is FROM_911:
        return None
    former = session.scalar(
        select(Call)
        .where(
            Call.caller_number_index == call.caller_number_index,
            Call.id != call_id,
            Call.phase == CallPhase.ENDED,
            Call.ended_at >= now - KEPT_FOR,
            Call.started_at <= call.started_at,
        )
        .order_by(Call.ended_at.desc())
        .limit(1)
    )
    entry = _last_place(session, former.id) if former else None
    if former is None or entry is None:
        return None
    return (
        KeptPlace(entry, former) if keeps_place(_as_it_ended(session, former, entry), now) else None
    )


def give_back(session: Session, entry: LineEntry, now: datetime) -> bool:
    """Make a fresh place in the line the one that was kept, if one is; says whether it did.

    Whose call-taker was lost with the call is offered to the same one first.
    """
    kept = kept_for(session, entry.call_id, now) if entry.continues_id is None else None
    if kept is None or not _take(session, entry, kept.entry):
        return False
    former = kept.entry
    entry.waiting_since = min(former.waiting_since, entry.waiting_since)
    entry.priority = min(PriorityClass.RETURNING, former.priority, entry.priority, key=_urgency)
    if entry.skill == GENERAL:
        entry.skill, entry.overflow = former.skill, former.overflow
    if former.state is LineState.TAKEN and kept.call.staff_id is not None:
        entry.first_for = kept.call.staff_id
        entry.first_for_until = now + timedelta(seconds=FIRST_FOR_SECONDS)
    record.note(session, entry.call_id, "place_given_back", now, entry=entry.id, of=former.id)
    session.flush()
    return True


def _take(session: Session, entry: LineEntry, former: LineEntry) -> bool:
    """Take the place, by the column that holds each only once: two calls may ask in one moment."""
    try:
        with session.begin_nested():
            entry.continues_id = former.id
            session.flush()
    except IntegrityError:
        session.refresh(entry)
        return False
    return True


def _urgency(priority: PriorityClass) -> int:
    return list(PriorityClass).index(priority)


def _last_place(session: Session, call_id: str) -> LineEntry | None:
    return session.scalar(
        select(LineEntry)
        .where(LineEntry.call_id == call_id)
        .order_by(LineEntry.joined_at.desc())
        .limit(1)
    )


def _as_it_ended(session: Session, former: Call, entry: LineEntry) -> FormerCall:
    return FormerCall(
        ended_at=former.ended_at,
        place=entry.state,
        outcome=former.outcome,
        ended_by_us=former.end_commanded_at is not None,
        settled=_is_settled(session, former.id),
        given_back=bool(session.scalar(select(exists().where(LineEntry.continues_id == entry.id)))),
    )


def _is_settled(session: Session, call_id: str) -> bool:
    """A call-taker wrote what came of it; the menu's own answers are no end of a wait."""
    written = exists().where(
        ContactFact.call_id == call_id,
        ContactFact.field == ContactField.DISPOSITION.value,
        ContactFact.value != Disposition.CALLER_GONE.value,
        ContactFact.actor != record.LINE,
    )
    return bool(session.scalar(select(written)))
