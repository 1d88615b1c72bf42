"""Residents to be rung back: the place that their wish keeps in the line, and what came of each try.

Every try is a contact of its own (`Origin.CALL_BACK`), offered like a call; until its turn comes its
caller is on no telephone. Functions take `session` first, never commit and never ring anybody:
`ivr.call_back_dial` does. At most one try is open a wish, kept so by the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ivr import record, shift, text_messages, waiting_line
from ivr.rules import calling_back
from ivr.rules.calling_back import Past
from ivr.rules.dialling import is_domestic
from ivr.rules.hours import Opening
from models.call import CALLER_NUMBER, MENU_STATE, PLACE, Call, Leg
from models.call_back import CALL_BACK_NUMBER, EMERGENCY, MESSAGE, CallBack, CallBackTry
from models.contact_fields import ContactField
from models.personal import Column, Keyring
from models.states import (
    CallBackOutcome,
    CallOutcome,
    CallPhase,
    DeadlineKind,
    EmergencyLevel,
    Language,
    LegKind,
    NumberPresentation,
    Origin,
    PresenceState,
    PriorityClass,
)
from models.voicemail import Voicemail

TASKS_CHANGED = "tasks_changed"
"""The news for desks that something was left, claimed, tried or done."""
NOT_RUNG = "CB"
"""How the stand-in for a CallSid begins while nobody was rung: the telephone company has no such."""
LOOK_SECONDS = 60.0
"""How often a place in the line is asked whether the line is still open."""

CAPPED = timedelta(hours=1)
"""How long a wish is put off whose number was rung too often."""

Opened = Callable[[datetime], Opening]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the tries of a line go by: its hours, and the pauses between two tries."""

    opening: Opened
    pauses: Sequence[timedelta] = calling_back.PAUSES


def of_call(session: Session, call_id: str) -> CallBack | None:
    """The wish that a call left, or the emergency that it was lost in."""
    return session.scalar(select(CallBack).where(CallBack.call_id == call_id))


def try_of(session: Session, contact_id: str) -> CallBackTry | None:
    """The try that a call is; None of a call that somebody made to us."""
    return session.scalar(select(CallBackTry).where(CallBackTry.contact_id == contact_id))


def open_try(session: Session, wish_id: str) -> CallBackTry | None:
    """The try that is in the line, rings or talks now."""
    return session.scalar(
        select(CallBackTry).where(
            CallBackTry.call_back_id == wish_id, CallBackTry.ended_at.is_(None)
        )
    )


def is_unrung(call: Call) -> bool:
    """Say whether no telephone belongs to this call yet."""
    return call.call_sid.startswith(NOT_RUNG)


def awaits_resident(session: Session, call: Call) -> bool:
    """Say whether the resident of this call is yet to take it: their telephone rings, or will."""
    if call.origin is not Origin.CALL_BACK or call.phase is CallPhase.ENDED:
        return False
    row = try_of(session, call.id)
    return row is not None and row.ended_at is None and row.outcome is None


def past(session: Session, wish: CallBack) -> Past:
    """What was tried, as the rules read it."""
    dialled = list(
        session.scalars(
            select(CallBackTry)
            .where(
                CallBackTry.call_back_id == wish.id,
                or_(
                    CallBackTry.dialled_at.is_not(None),
                    CallBackTry.outcome == CallBackOutcome.FAILED,
                ),
            )
            .order_by(CallBackTry.n)
        )
    )
    last = dialled[-1] if dialled else None
    return Past(
        asked_at=wish.asked_at,
        tries=len(dialled),
        last_ended_at=last.ended_at if last else None,
        last_outcome=last.outcome if last else None,
        after_hours=wish.after_hours,
        by_hand=wish.node == EMERGENCY or (wish.node == MESSAGE and not _is_urgent(session, wish)),
        is_over=wish.done_at is not None,
    )


def number_of(session: Session, keyring: Keyring, wish: CallBack) -> str | None:
    """Whom to ring, E.164: the number of the wish, or that of the call; None where none is known."""
    if wish.number:
        return keyring.unseal(CALL_BACK_NUMBER, wish.id, wish.number)
    call = session.get(Call, wish.call_id)
    given = call is not None and call.number_presentation is NumberPresentation.GIVEN
    if call is None or not given or call.caller_number is None:
        return None
    return keyring.unseal(CALLER_NUMBER, call.id, call.caller_number)


def call_ended(session: Session, call: Call, now: datetime) -> None:
    """The caller has hung up: from now on their wish stands in the line, or waits for its hour."""
    wish = of_call(session, call.id)
    if wish is None or wish.done_at is not None or wish.node == EMERGENCY:
        return
    look_at(session, wish, now)


def look_at(session: Session, wish: CallBack, at: datetime) -> None:
    """Have the wish looked at: it enters the line, or is put off."""
    record.set_deadline(session, DeadlineKind.CALL_BACK_DUE, wish.id, wish.call_id, at)


def enter_line(
    session: Session,
    keyring: Keyring,
    wish: CallBack,
    rules: Rules,
    now: datetime,
    new_id: Callable[[], str],
) -> CallBackTry | None:
    """Give a wish whose time has come its place; else write when its time is.

    The caller of this has locked the call of the wish.
    """
    if open_try(session, wish.id) is not None:
        return None
    told = past(session, wish)
    moment = calling_back.next_try(told, rules.opening, now, rules.pauses)
    if moment is not None and moment <= now and is_capped(session, wish, now):
        moment = now + CAPPED
    if moment is not None and moment <= now:
        wish.next_try_at = None
        return begin_try(session, keyring, wish, now, new_id)
    if moment is None and wish.next_try_at is None and calling_back.gave_up(told):
        record.note(session, wish.call_id, "call_back_gave_up", now, tries=told.tries)
    wish.next_try_at = moment
    if moment is not None:
        look_at(session, wish, moment)
    record.tell_desks(session, TASKS_CHANGED, now, wish.call_id)
    session.flush()
    return None


def begin_try(
    session: Session,
    keyring: Keyring,
    wish: CallBack,
    now: datetime,
    new_id: Callable[[], str],
) -> CallBackTry | None:
    """Open the next try: a contact that knows what its caller told, in the place that they had.

    None when there is no number to ring; then the wish waits for a person alone.
    """
    number = number_of(session, keyring, wish)
    before = session.get_one(Call, wish.call_id)
    if number is None:
        return None
    contact = _contact(keyring, wish, before, number, now, new_id())
    session.add(contact)
    session.flush()
    n = 1 + (
        session.scalar(select(func.max(CallBackTry.n)).where(CallBackTry.call_back_id == wish.id))
        or 0
    )
    row = CallBackTry(id=new_id(), call_back_id=wish.id, contact_id=contact.id, n=n, opened_at=now)
    session.add(row)
    record.fact(session, contact.id, ContactField.ORIGIN, now, Origin.CALL_BACK.value)
    record.note(session, contact.id, "call_back_opened", now, call_back=wish.id, n=n)
    priority = _priority(session, wish)
    entry = waiting_line.join(
        session, contact.id, priority, wish.skill, contact.language or Language.EN, now, new_id
    )
    entry.waiting_since = wish.waiting_since or wish.asked_at
    look_in_line(session, contact, now)
    record.tell_desks(session, TASKS_CHANGED, now, wish.call_id)
    session.flush()
    return row


def look_in_line(session: Session, contact: Call, now: datetime) -> None:
    """Ask again in a minute whether the line is still open for a try that stands in it."""
    due = now + timedelta(seconds=LOOK_SECONDS)
    record.set_deadline(session, DeadlineKind.CALL_BACK_RINGS, contact.id, contact.id, due)


def settle(session: Session, call: Call, now: datetime) -> None:
    """The call of a try ends: what came of it, and whether it is tried again.

    Whoever waited at a desk for somebody who did not come is free at once. A call that somebody made
    to us is none of this.
    """
    row = try_of(session, call.id) if call.origin is Origin.CALL_BACK else None
    wish = session.get(CallBack, row.call_back_id) if row else None
    if row is None or wish is None or row.ended_at is not None:
        return
    if row.outcome is None:
        row.outcome = CallBackOutcome.BROKEN_OFF if row.dialled_at else CallBackOutcome.PUT_OFF
    row.ended_at = now
    about = {"call_back": wish.id, "n": row.n, "outcome": row.outcome.value}
    record.note(
        session, wish.call_id, "call_back_tried", now, call.staff_id or record.LINE, **about
    )
    if row.outcome is not CallBackOutcome.TAKEN:
        call.outcome = CallOutcome.NOT_REACHED
        _free_desks(session, call, now)
    wish.claimed_by = wish.claimed_at = None
    if row.outcome in calling_back.FINAL:
        reached = row.outcome is CallBackOutcome.TAKEN
        finish(session, wish, call.staff_id if reached else None, now)
    else:
        look_at(session, wish, now)
    record.tell_desks(session, TASKS_CHANGED, now, wish.call_id)
    session.flush()


def finish(session: Session, wish: CallBack, staff_id: str | None, now: datetime) -> None:
    """The resident was reached, or does not want it any more: the tasks of their call are done."""
    if wish.done_at is None:
        wish.done_at, wish.done_by, wish.next_try_at = now, staff_id, None
        actor = staff_id or record.CALLER
        record.note(session, wish.call_id, "call_back_done", now, actor, task=wish.id)
        record.fact(session, wish.call_id, ContactField.CLOSED, now, actor=actor)
    if wish.node == MESSAGE:
        for left in session.scalars(
            select(Voicemail).where(Voicemail.call_id == wish.call_id, Voicemail.done_at.is_(None))
        ):
            left.done_at, left.done_by = now, staff_id
    record.drop_deadline(session, DeadlineKind.CALL_BACK_DUE, wish.id, now)
    record.tell_desks(session, TASKS_CHANGED, now, wish.call_id)


def is_capped(session: Session, wish: CallBack, now: datetime) -> bool:
    """Say whether the number of a wish was rung as often in a day as one may be; an emergency never is."""
    if wish.number_index is None or wish.node == EMERGENCY:
        return False
    rung = (
        session.scalar(
            select(func.count())
            .select_from(CallBackTry)
            .join(CallBack, CallBack.id == CallBackTry.call_back_id)
            .where(
                CallBack.number_index == wish.number_index,
                CallBackTry.dialled_at > now - timedelta(days=1),
            )
        )
        or 0
    )
    return rung >= calling_back.MOST_TO_A_NUMBER


def tell_by_text(session: Session, keyring: Keyring, wish: CallBack, now: datetime) -> None:
    """Text the resident that we will ring, and how to cancel; once a wish."""
    number = number_of(session, keyring, wish)
    if wish.text_message_id is not None or number is None or not is_domestic(number):
        return
    wish.text_message_id = text_messages.ask_for_call_back(
        session, keyring, wish.call_id, number, now
    )


def _priority(session: Session, wish: CallBack) -> PriorityClass:
    if wish.node == EMERGENCY:
        return PriorityClass.EMERGENCY
    if not _is_urgent(session, wish):
        return PriorityClass.ORDINARY
    return PriorityClass.POSSIBLE if wish.node == MESSAGE else PriorityClass.PRIORITY


def _is_urgent(session: Session, wish: CallBack) -> bool:
    """Danger was read in what the caller told the line."""
    level = session.scalar(select(Call.emergency_level).where(Call.id == wish.call_id))
    return level is not None and level is not EmergencyLevel.NONE


def _contact(
    keyring: Keyring, wish: CallBack, before: Call, number: str, now: datetime, call_id: str
) -> Call:
    """The call of a try, sealed anew: what the caller has told goes with it."""

    def moved(column: Column, value: bytes | None) -> bytes | None:
        opened = keyring.unseal(column, before.id, value) if value else None
        return keyring.seal(column, call_id, opened) if opened is not None else None

    return Call(
        id=call_id,
        call_sid=NOT_RUNG + call_id,
        origin=Origin.CALL_BACK,
        phase=CallPhase.LINE,
        language=wish.language,
        caller_number=keyring.seal(CALLER_NUMBER, call_id, number),
        caller_number_index=keyring.blind_index(number),
        number_presentation=NumberPresentation.GIVEN,
        dialled_number=before.dialled_number,
        menu_publication_id=before.menu_publication_id,
        menu_state=moved(MENU_STATE, before.menu_state),
        place=moved(PLACE, before.place),
        intent=before.intent,
        emergency_level=before.emergency_level,
        jurisdiction=before.jurisdiction,
        started_at=now,
        heard_at=now,
    )


def _free_desks(session: Session, call: Call, now: datetime) -> None:
    waiting = select(Leg.staff_id).where(
        Leg.call_id == call.id, Leg.kind == LegKind.CALL_TAKER, Leg.left_at.is_(None)
    )
    for staff_id in session.scalars(waiting):
        if staff_id is not None:
            shift.finish_call(session, staff_id, PresenceState.AVAILABLE, now)
