"""The moments at which the line acts by itself, whoever else is gone.

Every deadline is taken by one conditional UPDATE, then acted upon: several processes may sweep, and
a lost callback is met here at the latest. It is done when its deed was: what failed, or died with
its process, comes again, so every deed must be harmless when it runs twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID, uuid5

import structlog
from sqlalchemy import select, update

from ivr import (
    call_back_dial,
    caller_leg,
    offers,
    record,
    referrals,
    room_watch,
    shift,
    transfer_watch,
    waiting_line,
    warm_transfer,
)
from ivr.runtime import Runtime
from models.call import Call
from models.effects import Deadline
from models.line import LineEntry, Offer
from models.states import (
    CallPhase,
    DeadlineKind,
    EscalationCause,
    LineState,
    OfferState,
)

log = structlog.get_logger(__name__)

AT_ONCE = 50
"""Deadlines taken in one sweep."""
AGAIN_SECONDS = 2.0
"""A deed that failed (the database, the telephone company) is tried again after this long."""
TAKEN_SECONDS = 30.0
"""How long a deed may take: one that neither ended nor failed within it is tried again."""
_OURS = UUID("0d4f3f0e-9b1c-4f65-8a0e-311311311311")


def run_due(runtime: Runtime, now: datetime) -> int:
    """Take what is due, do it, and offer whoever still waits; returns how many were done."""
    done = 0
    for deadline in _due(runtime, now):
        until = runtime.clock() + timedelta(seconds=TAKEN_SECONDS)
        if _taken(runtime, deadline.id, now, until):
            _act(runtime, deadline, now, until)
            done += 1
    _offer(runtime, now)
    return done


def _due(runtime: Runtime, now: datetime) -> list[Deadline]:
    with runtime.reading() as session:
        found = session.scalars(
            select(Deadline)
            .where(Deadline.done_at.is_(None), Deadline.due_at <= now)
            .order_by(Deadline.due_at)
            .limit(AT_ONCE)
        )
        return list(found)


def _taken(runtime: Runtime, deadline_id: str, now: datetime, until: datetime) -> bool:
    """Put the deadline off for as long as its deed may take; False when another sweep has it."""
    with runtime.sessions() as session:
        taken = session.execute(
            update(Deadline)
            .where(Deadline.id == deadline_id, Deadline.done_at.is_(None), Deadline.due_at <= now)
            .values(due_at=until)
        )
        session.commit()
    return taken.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _act(runtime: Runtime, deadline: Deadline, now: datetime, until: datetime) -> None:
    try:
        _DEEDS[deadline.kind](runtime, deadline.subject)
    except Exception:  # one deed that fails stops no other; it comes again
        log.exception("deadline_failed", kind=deadline.kind.value, call_id=deadline.call_id)
        with runtime.sessions() as session:
            again = now + timedelta(seconds=AGAIN_SECONDS)
            record.set_deadline(session, deadline.kind, deadline.subject, deadline.call_id, again)
            session.commit()
    else:
        _done(runtime, deadline.id, now, until)


def _done(runtime: Runtime, deadline_id: str, now: datetime, until: datetime) -> None:
    """The deed is done. A deadline that the deed itself has set anew stays."""
    with runtime.sessions() as session:
        session.execute(
            update(Deadline)
            .where(Deadline.id == deadline_id, Deadline.due_at == until)
            .values(done_at=now)
        )
        session.commit()


def _offer(runtime: Runtime, now: datetime) -> None:
    """Whoever waits without an offer is offered: presence, expiries and ends all come to this."""
    with runtime.reading() as session:
        if not shift.somebody_waits(session):
            return
    with runtime.sessions() as session:
        made = waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    if made:
        runtime.bell.ring()


def _end_offer(runtime: Runtime, offer_id: str) -> None:
    """Nobody answered the offer in time: it goes on to the next person."""
    now = runtime.clock()
    with runtime.sessions() as session:
        offers.close(session, now, OfferState.EXPIRED, Offer.id == offer_id)
        session.commit()
    runtime.bell.ring()


def _dial_untaken(runtime: Runtime, entry_id: str) -> None:
    """Doubt about danger was not resolved and nobody took the call: 911 is dialled too.

    Somebody who has claimed it and is not there yet enters the live room.
    """
    with runtime.reading() as session:
        entry = session.get(LineEntry, entry_id)
        call = session.get(Call, entry.call_id) if entry else None
    if entry is None or call is None or call.phase is CallPhase.ENDED:
        return
    if entry.state not in {LineState.WAITING, LineState.RESERVED}:
        return
    cause = EscalationCause.POSSIBLE_UNTAKEN
    warm_transfer.escalate(runtime, call.id, cause, record.LINE, uuid5(_OURS, entry_id).hex)
    if call.phase is CallPhase.LINE:
        caller_leg.into_room(runtime, call.id)


def _nothing(_runtime: Runtime, _subject: str) -> None:
    """The wait loop itself asks whether the longest wait is over."""


_DEEDS: Mapping[DeadlineKind, Callable[[Runtime, str], None]] = MappingProxyType(
    {
        DeadlineKind.OFFER_ENDS: _end_offer,
        DeadlineKind.JOIN_ENDS: room_watch.check_joined,
        DeadlineKind.CALLER_ALONE: room_watch.check_alone,
        DeadlineKind.HOLD_ENDS: room_watch.check_hold,
        DeadlineKind.RETRY_REDIRECT: room_watch.check_place,
        DeadlineKind.POSSIBLE_UNTAKEN: _dial_untaken,
        DeadlineKind.PSAP_RINGS_OUT: transfer_watch.check_ringing,
        DeadlineKind.PSAP_UNATTENDED: transfer_watch.check_unattended,
        DeadlineKind.EMPTY_CHAIR: transfer_watch.check_empty_chair,
        DeadlineKind.LONGEST_WAIT: _nothing,
        DeadlineKind.REFERRAL_RINGS_OUT: referrals.check_ringing,
        DeadlineKind.CALL_BACK_DUE: call_back_dial.enter_line,
        DeadlineKind.CALL_BACK_RINGS: call_back_dial.look,
    }
)
