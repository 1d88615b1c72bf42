"""Who works on what was left, and ringing them: one desk a task, one telephone a wish.

A claim is one conditional UPDATE and lapses by itself, so that nobody keeps a task by closing a page.
Ringing makes a place in the line that is this person's at once: everything after it is a call like
every other. Never commits.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.errors import ConflictError, RefusedError
from ivr import call_back_dial, call_backs, left_for_desk, offers, record, waiting_line
from ivr.rules import calling_back
from ivr.runtime import Runtime
from ivr.waiting_line import Reason, TooLate
from models.call import Call
from models.call_back import EMERGENCY, CallBack, CallBackTry
from models.line import Offer
from models.staff import Presence, Staff
from models.states import CallBackOutcome, CallPhase, OfferState, PresenceState
from models.voicemail import Voicemail

CLAIMED_FOR = timedelta(minutes=15)
"""How long a claim holds without a call."""
OFFER = re.compile(r"[0-9a-f]{32}")
Task = CallBack | Voicemail

_NEXT = "Take the next one, or ask them."


def claim(session: Session, row: Task, staff_id: str, now: datetime, *, on: bool) -> None:
    """Say that somebody is on a task, or gives it back; repeated it changes nothing.

    Raises:
        ConflictError: somebody else is on it, or has done it.
    """
    require_free(session, row, staff_id, now)
    model = type(row)
    taken = session.execute(
        update(model)
        .where(
            model.id == row.id,
            model.done_at.is_(None),
            or_(
                model.claimed_by.is_(None),
                model.claimed_by == staff_id,
                model.claimed_at < now - CLAIMED_FOR,
            ),
        )
        .values(claimed_by=staff_id if on else None, claimed_at=now if on else None)
    )
    session.refresh(row)
    if not taken.rowcount:  # type: ignore[attr-defined]
        require_free(session, row, staff_id, now)
        return
    kind = "task_claimed" if on else "task_given_back"
    record.note(session, row.call_id, kind, now, staff_id, task=row.id)
    record.tell_desks(session, left_for_desk.TASKS_CHANGED, now, row.call_id)


def require_free(session: Session, row: Task, staff_id: str, now: datetime) -> None:
    """Refuse to let two people do one task.

    Raises:
        ConflictError: somebody else is on it, or has done it.
    """
    if row.done_at is not None and row.done_by != staff_id:
        raise ConflictError("Somebody else has done this.", "Take the next one.")
    holder = _holder(row, now)
    if row.done_at is None and holder is not None and holder != staff_id:
        raise ConflictError(f"{_name(session, holder)} is on it.", _NEXT)


def call_now(session: Session, runtime: Runtime, row: Task, staff_id: str, offer_id: str) -> None:
    """Reserve the resident of a task for this person, whose softphone connects with `offer_id`.

    Posted again with the same id it changes nothing.

    Raises:
        ConflictError: somebody else is on it or has done it, or this person has a call.
        RefusedError: they may not be rung: no number, closed, or tried often enough.
    """
    known, now = session.get(Offer, offer_id), runtime.clock()
    if known is not None and known.staff_id == staff_id:
        return
    call = record.lock_call(session, row.call_id)
    session.refresh(row)
    require_free(session, row, staff_id, now)
    _require_at_work(session, staff_id)
    if call is None or call.phase is not CallPhase.ENDED:
        raise ConflictError("The caller is still on the telephone.", "Wait until they hang up.")
    wish = row if isinstance(row, CallBack) else left_for_desk.for_message(session, call, now)
    contact = _contact(session, runtime, wish, now)
    answer = _reserve(session, contact, staff_id, offer_id, now)
    if isinstance(answer, TooLate):
        raise ConflictError(*_too_late(session, answer, contact))
    row.claimed_by, row.claimed_at = staff_id, now
    record.note(session, row.call_id, "call_back_ordered", now, staff_id, task=row.id)
    record.tell_desks(session, left_for_desk.TASKS_CHANGED, now, row.call_id)


def stop_ringing(session: Session, row: Task, now: datetime) -> None:
    """A task is done by a note: a place of it that still stands in the line is given up."""
    wish = row if isinstance(row, CallBack) else call_backs.of_call(session, row.call_id)
    going_on = call_backs.open_try(session, wish.id) if wish else None
    contact = record.lock_call(session, going_on.contact_id) if going_on else None
    if contact is not None and contact.phase is CallPhase.LINE:
        call_back_dial.over(session, contact, CallBackOutcome.CANCELLED, now)


def progress_of(
    session: Session, rows: Iterable[Task], now: datetime
) -> Mapping[str, dict[str, Any]]:
    """How far each task is, by its id: its state, who is on it, when it is tried again."""
    found = list(rows)
    if not found:
        return {}
    wishes = _wishes(session, found)
    tries = _tries(session, wishes.values())
    names = _names(session, found, tries)
    shown = {}
    for row in found:
        wish = wishes.get(row.call_id)
        shown[row.id] = _progress(row, wish, tries.get(wish.id, []) if wish else [], names, now)
    return shown


def _progress(
    row: Task,
    wish: CallBack | None,
    tries: list[tuple[CallBackTry, Call]],
    names: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    going_on = next((call for each, call in tries if each.ended_at is None), None)
    talks = any(each.outcome is CallBackOutcome.TAKEN for each, _ in tries if not each.ended_at)
    ended = [each for each, _ in tries if each.ended_at is not None and each.dialled_at]
    holder = _holder(row, now)
    if going_on is not None and going_on.phase is CallPhase.ROOM:
        holder = going_on.staff_id or holder
    again_at = wish.next_try_at if wish else None
    return {
        "state": "talking" if talks else _state(going_on, holder, again_at, len(ended)),
        "by": names.get(holder) if holder else None,
        "again_at": showing.instant(again_at) if again_at else None,
        "tries": len(ended),
        "last_outcome": ended[-1].outcome.value if ended and ended[-1].outcome else None,
    }


def _state(going_on: Call | None, holder: str | None, again_at: datetime | None, tries: int) -> str:
    if going_on is not None and going_on.phase is CallPhase.ROOM:
        return "calling"
    if holder is not None:
        return "claimed"
    if going_on is not None:
        return "in_line"
    if again_at is not None:
        return "again"
    return "gave_up" if tries >= calling_back.MOST_TRIES else "to_do"


def _wishes(session: Session, rows: list[Task]) -> dict[str, CallBack]:
    calls = [row.call_id for row in rows]
    found = session.scalars(select(CallBack).where(CallBack.call_id.in_(calls)))
    return {wish.call_id: wish for wish in found}


def _tries(
    session: Session, wishes: Iterable[CallBack]
) -> dict[str, list[tuple[CallBackTry, Call]]]:
    rows = session.execute(
        select(CallBackTry, Call)
        .join(Call, Call.id == CallBackTry.contact_id)
        .where(CallBackTry.call_back_id.in_([wish.id for wish in wishes]))
        .order_by(CallBackTry.n)
    )
    found: dict[str, list[tuple[CallBackTry, Call]]] = {}
    for each, call in rows:
        found.setdefault(each.call_back_id, []).append((each, call))
    return found


def _names(
    session: Session,
    rows: list[Task],
    tries: Mapping[str, list[tuple[CallBackTry, Call]]],
) -> dict[str, str]:
    ids = {row.claimed_by for row in rows}
    ids |= {call.staff_id for each in tries.values() for _, call in each}
    found = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids - {None})))
    return {row.id: row.name for row in found}


def _holder(row: Task, now: datetime) -> str | None:
    if row.claimed_by is None or row.claimed_at is None or row.claimed_at < now - CLAIMED_FOR:
        return None
    return row.claimed_by


def _name(session: Session, staff_id: str) -> str:
    return session.scalar(select(Staff.name).where(Staff.id == staff_id)) or "Somebody else"


def _require_at_work(session: Session, staff_id: str) -> None:
    presence = session.get(Presence, staff_id)
    if presence is None or presence.state in {PresenceState.OFFLINE, PresenceState.BREAK}:
        raise ConflictError("Your telephone takes no calls now.", "Press Ready first.")


def _contact(session: Session, runtime: Runtime, wish: CallBack, now: datetime) -> Call:
    """The call that rings them: the one in the line, or a new one where the rules let it be."""
    going_on = call_backs.open_try(session, wish.id)
    if going_on is None:
        _require_ringable(session, runtime, wish, now)
        going_on = call_backs.begin_try(session, runtime.keyring, wish, now, runtime.new_id)
    if going_on is None:
        raise RefusedError("No number of theirs is known.", "Write what you know as a note.")
    return session.get_one(Call, going_on.contact_id)


def _require_ringable(session: Session, runtime: Runtime, wish: CallBack, now: datetime) -> None:
    number = call_backs.number_of(session, runtime.keyring, wish)
    if number is None:
        raise RefusedError("No number of theirs is known.", "Write what you know as a note.")
    if not runtime.gateway.may_call_back(number):
        raise RefusedError("This number may not be rung from here.", "Ask a supervisor.")
    if wish.node == EMERGENCY:
        return
    if not call_back_dial.may_ring_at(runtime, wish, now):
        raise RefusedError(
            "The line is closed, and they did not agree to be rung now.",
            "They are rung by themselves when it opens.",
        )
    if calling_back.is_settled(call_backs.past(session, wish)):
        raise RefusedError("They were rung three times.", "Write what came of it, then press Done.")
    if call_backs.is_capped(session, wish, now):
        raise RefusedError("This number was rung too often today.", "Try again tomorrow.")


def _reserve(
    session: Session, contact: Call, staff_id: str, offer_id: str, now: datetime
) -> waiting_line.Accepted | TooLate:
    entry = waiting_line.active_entry(session, contact.id)
    if entry is None:
        return TooLate(Reason.TAKEN)
    ends_at = now + timedelta(seconds=offers.OFFER_SECONDS)
    offer = Offer(
        id=offer_id,
        call_id=contact.id,
        entry_id=entry.id,
        staff_id=staff_id,
        state=OfferState.OPEN,
        offered_at=now,
        ends_at=ends_at,
    )
    offers.make(session, offer, now)
    return waiting_line.accept(session, offer_id, staff_id, now)


def _too_late(session: Session, answer: TooLate, contact: Call) -> tuple[str, str]:
    if answer.reason is Reason.ENGAGED:
        return "You have another call.", "Finish it, then press the button again."
    reserved = select(Offer.staff_id).where(
        Offer.call_id == contact.id, Offer.state.in_((OfferState.ACCEPTED, OfferState.JOINED))
    )
    who = contact.staff_id or session.scalar(reserved.limit(1))
    return (f"{_name(session, who)} is on it." if who else "Somebody else is on it."), _NEXT
