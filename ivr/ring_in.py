"""Ringing people into a call's room who are neither 911 nor a softphone.

The staffed number outside this system, and a caller who was cut off while 911 was being told about
them. It must not know why: the transfer decides.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr import record, transfer_rows
from ivr.gateway import Dial
from ivr.runtime import Runtime
from models.call import CALLER_NUMBER, Call, Leg
from models.journal import JournalEntry
from models.states import DeadlineKind, LegKind, LegState, NumberPresentation

CALLED_BACK = "caller_called_back"
"""The journal's word for a caller who was rung back."""
LOOK_SECONDS = 10.0
"""How often whoever is rung is looked for while they may come; longer than a caller's way into a room."""
LOOK_AFTER_SECONDS = 10.0
"""Behind the ring time: by then the report that the caller entered has come, or is lost."""
CALL_BACKS = 2
"""How often a caller who is gone is rung back into the room by itself."""
HUMAN, CALLER_BACK = "human-", "caller-back-"
"""How their labels begin; the room's events are told apart by them."""


def human_line(runtime: Runtime, call_id: str, attempt_id: str) -> None:
    """Ring the staffed number into the room, once an attempt."""
    with runtime.reading() as session:
        call = session.get(Call, call_id)
    if call is None:
        return
    line, label = runtime.city.human_line, f"{HUMAN}{attempt_id}"
    call_sid = _ring(runtime, call, line.number, label, line.ring_seconds)
    _note_rung(runtime, call_id, call_sid, label)


def _note_rung(runtime: Runtime, call_id: str, call_sid: str, label: str) -> None:
    """Keep the staffed line's leg, so that it is asked after: the report that it came in may be lost."""
    now = runtime.clock()
    with runtime.sessions() as session:
        record.lock_call(session, call_id)
        if session.scalar(select(Leg.id).where(Leg.call_sid == call_sid)) is None:
            session.add(
                Leg(
                    id=record.new_id(),
                    call_id=call_id,
                    call_sid=call_sid,
                    kind=LegKind.DESK_TELEPHONE,
                    state=LegState.DIALLING,
                    label=label,
                    sequence=-1,
                    dialled_at=now,
                )
            )
        look_again(session, call_id, now)
        session.commit()


def look_again(session: Session, call_id: str, now: datetime) -> None:
    """Have the call's place looked at soon, and with it whoever is being rung into it."""
    due = now + timedelta(seconds=LOOK_SECONDS)
    record.set_deadline_by(session, DeadlineKind.RETRY_REDIRECT, call_id, call_id, due)


def caller_back(runtime: Runtime, call_id: str) -> None:
    """Ring a caller who is gone; a number withheld, or tried often enough, becomes a task."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None:
            return
        tries = record.count_notes(session, call_id, CALLED_BACK)
        given = call.number_presentation is NumberPresentation.GIVEN
        if not given or call.caller_number is None or tries >= CALL_BACKS:
            escalation = transfer_rows.open_of(session, call_id)
            subject = escalation.id if escalation else call_id
            transfer_rows.open_call_back_task(session, call_id, subject, now)
            session.commit()
            return
        number = runtime.keyring.unseal(CALLER_NUMBER, call_id, call.caller_number)
        record.note(session, call_id, CALLED_BACK, now, n=tries + 1)
        look_again(session, call_id, now)
        session.commit()
    rings = runtime.city.human_line.ring_seconds
    _ring(runtime, call, number, call_back_label(call_id, tries + 1), rings)


def may_be_back(runtime: Runtime, session: Session, call_id: str, now: datetime) -> bool:
    """Say whether a caller who was rung back may have entered without a report of it until now."""
    rang_at = session.scalar(
        select(func.max(JournalEntry.at)).where(
            JournalEntry.call_id == call_id, JournalEntry.kind == CALLED_BACK
        )
    )
    until = timedelta(seconds=runtime.city.human_line.ring_seconds + LOOK_AFTER_SECONDS)
    return rang_at is not None and now < rang_at + until


def call_back_label(call_id: str, n: int) -> str:
    """The label of the nth call-back's leg."""
    return f"{CALLER_BACK}{call_id}-{n}"


def _ring(runtime: Runtime, call: Call, number: str, label: str, ring_seconds: int) -> str:
    addresses = runtime.addresses
    dialled = runtime.gateway.dial_into_room(
        Dial(
            room=call.room,
            to=number,
            from_number=runtime.city.line_number,
            label=label,
            ring_seconds=ring_seconds,
            conference_callback=addresses.room_events(call.id),
            leg_callback=addresses.callback(f"/voice/person/{call.id}"),
            is_caller=label.startswith(CALLER_BACK),
        )
    )
    return dialled.call_sid
