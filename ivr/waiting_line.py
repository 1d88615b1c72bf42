"""The waiting line: joining, offering, accepting with one winner, coming back to the front.

The rows are the truth; the telephone company's queue only speaks meanwhile. Functions take `session`
first and never commit, and nothing here speaks to the telephone company: the door does, afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import offers, record, shift
from ivr.rules import waiting
from ivr.rules.skills import Overflow
from ivr.rules.waiting import ABOVE_ALL, Waiting
from models.call import Call, Leg
from models.contact_fields import ContactField
from models.line import LineEntry, Offer
from models.states import (
    CallPhase,
    DeadlineKind,
    Language,
    LegKind,
    LegState,
    LineState,
    OfferState,
    PresenceState,
    PriorityClass,
)

UNTAKEN_SECONDS = 20.0
FIRST_FOR_SECONDS = 10.0

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """This call-taker has the call for the lease; the softphone connects with `offer_id`.

    `in_room`: the caller is already in the room, or on the way there by a document of their own.
    """

    offer_id: str
    call_id: str
    in_room: bool


class Reason(StrEnum):
    """Why an accept came too late."""

    TAKEN = "taken"
    OVER = "over"
    ENGAGED = "engaged"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class TooLate:
    """Somebody else has the call, or nobody needs to any more."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Proved:
    """The softphone is the one the claim is for. `redirect`: move the caller's leg into the room.

    `step` numbers that document; `caller_sid` is the caller's leg.
    """

    call_id: str
    caller_sid: str
    redirect: bool
    step: int
    language: Language


def join(
    session: Session,
    call_id: str,
    priority: PriorityClass,
    skill: str,
    language: Language,
    now: datetime,
    new_id: NewId,
    dial_when_untaken: bool = False,  # noqa: FBT001, FBT002 - a word of the menu's own action
    overflow: Overflow = (),
) -> LineEntry:
    """Put a call into the line; joining again changes nothing but a more urgent class.

    `dial_when_untaken`: nobody taking the call in 20 s, 911 is dialled too. `overflow`: from when on
    others than those with the skill are asked; empty, after the usual time everybody.
    """
    call = record.lock_call(session, call_id)
    entry = active_entry(session, call_id)
    if entry is None:
        entry = _new_entry(session, call_id, priority, skill, language, now, new_id())
        entry.overflow = [[step.skill, step.after_seconds] for step in overflow] or None
        record.note(session, call_id, "line_joined", now, entry=entry.id, priority=priority.value)
        record.fact(session, call_id, ContactField.QUEUED, now)
    elif _more_urgent(priority, entry.priority):
        entry.priority = priority
    if call is not None and call.phase is not CallPhase.ENDED:
        call.phase = CallPhase.LINE
    if dial_when_untaken:
        due = now + timedelta(seconds=UNTAKEN_SECONDS)
        record.set_deadline(session, DeadlineKind.POSSIBLE_UNTAKEN, entry.id, call_id, due)
    record.tell_desks(session, "line_changed", now, call_id, entry=entry.id)
    session.flush()
    return entry


def active_entry(session: Session, call_id: str) -> LineEntry | None:
    """The call's place in the line, if it has one."""
    return session.scalar(
        select(LineEntry).where(
            LineEntry.call_id == call_id,
            LineEntry.state.in_((LineState.WAITING, LineState.RESERVED)),
        )
    )


def offer_waiting(session: Session, now: datetime, new_id: NewId) -> list[Offer]:
    """Offer every waiting place, and every empty chair beside 911, to whom the rules choose.

    One process at a time: while another one offers, this returns nothing and the next round of the
    sweeper offers what is left.
    """
    if not offers.alone_in_offering(session):
        return []
    offers.free_expired_leases(session)
    line, chairs = shift.waiting_callers(session), shift.empty_chairs(session)
    matches = waiting.choose([*chairs, *line], shift.call_takers(session), now)
    calls = {chair.entry_id: chair.entry_id for chair in chairs} | _calls_of(session, line)
    urgent = {each.entry_id for each in (*chairs, *line) if each.priority in ABOVE_ALL}
    chair_ids = {chair.entry_id for chair in chairs}
    return [
        offers.make(
            session,
            Offer(
                id=new_id(),
                call_id=calls[match.entry_id],
                entry_id=None if match.entry_id in chair_ids else match.entry_id,
                staff_id=match.staff_id,
                state=OfferState.OPEN,
                offered_at=now,
                ends_at=None
                if match.entry_id in urgent
                else now + timedelta(seconds=offers.OFFER_SECONDS),
            ),
            now,
        )
        for match in matches
    ]


def accept(session: Session, offer_id: str, staff_id: str, now: datetime) -> Accepted | TooLate:
    """Reserve the call for this call-taker: exactly one of all who ask wins.

    The claim is one conditional UPDATE on the place in the line, by database time. For a caller
    already in the room it is one on the offer, under the lock of the call.
    """
    offer = session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.staff_id != staff_id:
        return TooLate(Reason.NOT_YOURS)
    call = record.lock_call(session, offer.call_id)
    session.refresh(offer)
    if offer.state is OfferState.ACCEPTED:
        return Accepted(offer.id, offer.call_id, _is_in_room(call))
    if call is None or call.phase is CallPhase.ENDED:
        return TooLate(Reason.OVER)
    if offers.has_another_call(session, staff_id):
        return TooLate(Reason.ENGAGED)
    if offer.state is not OfferState.OPEN or not offers.claim(session, offer, now):
        return TooLate(Reason.TAKEN)
    offers.after_claim(session, offer, staff_id, now)
    return Accepted(offer.id, offer.call_id, _is_in_room(call))


def decline(session: Session, offer_id: str, staff_id: str, now: datetime) -> None:
    """Pass the call on to the next person; declining a closed offer changes nothing."""
    offers.close(
        session, now, OfferState.DECLINED, Offer.id == offer_id, Offer.staff_id == staff_id
    )


def prove_softphone(
    session: Session, offer_id: str, staff_id: str, leg_sid: str, now: datetime
) -> Proved | TooLate:
    """Hold the softphone that connects against the claim; the same leg asking again is harmless."""
    offer = session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.staff_id != staff_id:
        return TooLate(Reason.NOT_YOURS)
    call = record.lock_call(session, offer.call_id)
    session.refresh(offer)
    if call is None or call.phase is CallPhase.ENDED:
        return TooLate(Reason.OVER)
    if offer.state not in {OfferState.ACCEPTED, OfferState.JOINED}:
        return TooLate(Reason.TAKEN)
    known = session.scalar(select(Leg).where(Leg.call_sid == leg_sid))
    if known is None and offer.connected_at is not None:
        return TooLate(Reason.TAKEN)
    if known is None:
        _note_softphone(session, offer, call, leg_sid, now)
    redirect = known is None and call.phase is CallPhase.LINE
    step = next_step(call) if redirect else call.step
    if redirect:
        call.phase = CallPhase.ROOM
        record.note(session, call.id, "caller_redirected", now, step=step)
    return Proved(call.id, call.call_sid, redirect, step, call.language or Language.EN)


def next_step(call: Call) -> int:
    """Number the document that the caller's leg is sent to; every redirect has its own."""
    call.step += 1
    return call.step


def mark_taken(session: Session, call: Call, staff_id: str, now: datetime) -> None:
    """The call-taker and the caller are both in the room: the place in the line is done."""
    offer = session.scalar(
        select(Offer).where(
            Offer.call_id == call.id,
            Offer.staff_id == staff_id,
            Offer.state == OfferState.ACCEPTED,
        )
    )
    if offer is None:
        return
    offer.state, offer.ended_at = OfferState.JOINED, now
    _end_entry(session, call.id, LineState.TAKEN, now)
    record.drop_deadline(session, DeadlineKind.JOIN_ENDS, offer.id, now)
    offers.withdraw(session, call.id, now)
    call.staff_id = staff_id
    record.note(session, call.id, "call_taken", now, staff_id, offer=offer.id)
    record.fact(session, call.id, ContactField.ANSWERED, now, actor=staff_id)
    record.tell_desks(session, "line_changed", now, call.id)
    record.tell_desks(session, "call_changed", now, call.id, staff_id)


def return_to_front(
    session: Session,
    call: Call,
    now: datetime,
    new_id: NewId,
    first_for: str | None = None,
    first_for_seconds: float = FIRST_FOR_SECONDS,
) -> LineEntry:
    """Give a caller who lost their call-taker the first place; who had them is offered first."""
    before = session.scalar(
        select(LineEntry).where(LineEntry.call_id == call.id).order_by(LineEntry.joined_at.desc())
    )
    language = call.language or Language.EN
    skill = before.skill if before else "general"
    offers.withdraw(session, call.id, now)
    entry = active_entry(session, call.id)
    if entry is None:
        entry = _new_entry(
            session, call.id, PriorityClass.RETURNING, skill, language, now, new_id()
        )
    if before is not None:
        entry.waiting_since, entry.overflow = before.waiting_since, before.overflow
    if _more_urgent(PriorityClass.RETURNING, entry.priority):
        entry.priority = PriorityClass.RETURNING
    entry.state = LineState.WAITING
    entry.reserved_by = entry.reserved_offer_id = entry.reserved_until = None
    entry.first_for = first_for
    entry.first_for_until = now + timedelta(seconds=first_for_seconds) if first_for else None
    call.phase = CallPhase.LINE
    call.hold_since = None
    record.note(session, call.id, "returned_to_front", now, entry=entry.id, first_for=first_for)
    record.tell_desks(session, "line_changed", now, call.id, entry=entry.id)
    session.flush()
    return entry


def move_out(session: Session, call_id: str, now: datetime) -> None:
    """The caller leaves the line for 911 or the human line; a claim already made goes on."""
    _end_entry(session, call_id, LineState.MOVED, now)
    of_the_line = (Offer.call_id == call_id, Offer.entry_id.is_not(None))
    offers.close(session, now, OfferState.WITHDRAWN, *of_the_line)
    record.tell_desks(session, "line_changed", now, call_id)


def abandon(session: Session, call_id: str, now: datetime) -> bool:
    """The caller is gone: the place ends and its offers are withdrawn. True if one was waiting."""
    waiting_still = _end_entry(session, call_id, LineState.ABANDONED, now)
    offers.withdraw(session, call_id, now)
    if waiting_still:
        record.note(session, call_id, "line_abandoned", now, record.CALLER)
        record.tell_desks(session, "line_changed", now, call_id)
    return waiting_still


def abandon_place(session: Session, call_id: str, now: datetime) -> None:
    """The caller is gone: the place ends; offers of an empty chair beside 911 stay open."""
    entry = active_entry(session, call_id)
    if entry is not None:
        abandon(session, call_id, now)


def withdraw_chair(session: Session, call_id: str, now: datetime) -> None:
    """911 and the caller need nobody any more: take back the open offers of the empty chair."""
    offers.close(
        session, now, OfferState.WITHDRAWN, Offer.call_id == call_id, Offer.entry_id.is_(None)
    )


def is_staffed(session: Session) -> bool:
    """Say whether anybody is signed in who takes calls."""
    return waiting.is_staffed(shift.call_takers(session))


def _new_entry(
    session: Session,
    call_id: str,
    priority: PriorityClass,
    skill: str,
    language: Language,
    now: datetime,
    entry_id: str,
) -> LineEntry:
    entry = LineEntry(
        id=entry_id,
        call_id=call_id,
        priority=priority,
        skill=skill,
        language=language,
        state=LineState.WAITING,
        joined_at=now,
        waiting_since=now,
    )
    session.add(entry)
    session.flush()
    return entry


def _more_urgent(one: PriorityClass, other: PriorityClass) -> bool:
    order = list(PriorityClass)
    return order.index(one) < order.index(other)


def _calls_of(session: Session, line: list[Waiting]) -> dict[str, str]:
    ids = [each.entry_id for each in line]
    rows = session.execute(select(LineEntry.id, LineEntry.call_id).where(LineEntry.id.in_(ids)))
    return {row.id: row.call_id for row in rows}


def _is_in_room(call: Call | None) -> bool:
    return call is not None and call.phase is CallPhase.ROOM


def _note_softphone(
    session: Session, offer: Offer, call: Call, leg_sid: str, now: datetime
) -> None:
    offer.connected_at = now
    call.staff_id = offer.staff_id
    session.add(
        Leg(
            id=offer.id,
            call_id=call.id,
            call_sid=leg_sid,
            kind=LegKind.CALL_TAKER,
            state=LegState.ANSWERED,
            staff_id=offer.staff_id,
            dialled_at=now,
        )
    )
    shift.set_presence(session, offer.staff_id, PresenceState.ON_CALL, now)
    record.note(session, call.id, "softphone_proved", now, offer.staff_id, offer=offer.id)
    session.flush()


def _end_entry(session: Session, call_id: str, state: LineState, now: datetime) -> bool:
    entry = active_entry(session, call_id)
    if entry is None:
        return False
    entry.state, entry.ended_at = state, now
    record.drop_deadline(session, DeadlineKind.POSSIBLE_UNTAKEN, entry.id, now)
    session.flush()
    return True
