"""Callers who leave the line for another way than waiting: to be called back, or to leave a message.

Each is one commit. A caller whom somebody has just accepted stays: they are served sooner so.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import left_for_desk, record, waiting_line
from ivr.rules.dialling import is_domestic
from ivr.rules.line_danger import MoveUp
from ivr.runtime import Runtime
from models.call import CALLER_NUMBER, Call
from models.line import LineEntry
from models.states import CallPhase, LineState, NumberPresentation

NODE = "line"
"""Where a call back was asked for, in the words of the wish: no node of a menu."""


def be_called_back(runtime: Runtime, call_sid: str) -> bool:
    """Put the caller's own number on the list and free the line; False: they wait on."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = _waiting_call(session, call_sid)
        number = _own_number(runtime, call) if call else None
        if call is None or number is None:
            return False
        waiting_line.move_out(session, call.id, now)
        call.phase = CallPhase.MENU
        left_for_desk.ask_call_back(session, runtime.keyring, call.id, NODE, number, now)
        session.commit()
    runtime.bell.ring()
    return True


def for_a_message(runtime: Runtime, call_sid: str) -> bool:
    """Free the line for a message; False: they wait on."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = _waiting_call(session, call_sid)
        if call is None:
            return False
        waiting_line.move_out(session, call.id, now)
        call.phase = CallPhase.MENU
        record.note(session, call.id, "message_chosen", now, record.CALLER)
        session.commit()
    runtime.bell.ring()
    return True


def back_in_line(runtime: Runtime, call_sid: str, moved: MoveUp | None = None) -> None:
    """Without a message they wait again, where they stood, or more urgent (`moved`)."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call_id = session.scalar(select(Call.id).where(Call.call_sid == call_sid))
        call = record.lock_call(session, call_id) if call_id else None
        before = _last_place(session, call.id) if call else None
        if call is None or before is None or call.phase is not CallPhase.MENU:
            return
        entry = waiting_line.join(
            session,
            call.id,
            moved.priority if moved else before.priority,
            before.skill,
            before.language,
            now,
            runtime.new_id,
            dial_when_untaken=moved is not None and moved.dial_when_untaken,
        )
        if moved is not None and moved.taken_back:
            record.note(session, call.id, "moved_up", now, taken_back=True)
        entry.waiting_since, entry.overflow = before.waiting_since, before.overflow
        waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    runtime.bell.ring()


def _waiting_call(session: Session, call_sid: str) -> Call | None:
    """The caller's call, locked, while they wait and nobody has accepted it."""
    call_id = session.scalar(select(Call.id).where(Call.call_sid == call_sid))
    call = record.lock_call(session, call_id) if call_id else None
    entry = waiting_line.active_entry(session, call.id) if call else None
    is_waiting = entry is not None and entry.state is LineState.WAITING
    return call if call is not None and call.phase is CallPhase.LINE and is_waiting else None


def _own_number(runtime: Runtime, call: Call) -> str | None:
    if call.caller_number is None or call.number_presentation is not NumberPresentation.GIVEN:
        return None
    number = runtime.keyring.unseal(CALLER_NUMBER, call.id, call.caller_number)
    return number if is_domestic(number) else None


def _last_place(session: Session, call_id: str) -> LineEntry | None:
    return session.scalar(
        select(LineEntry)
        .where(LineEntry.call_id == call_id)
        .order_by(LineEntry.joined_at.desc())
        .limit(1)
    )
