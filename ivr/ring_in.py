"""Ringing people into a call's room who are neither 911 nor a softphone.

The staffed number outside this system, and a caller who was cut off while 911 was being told about
them. It must not know why: the transfer decides.
"""

from datetime import timedelta

from ivr import record, transfer_rows
from ivr.gateway import Dial
from ivr.runtime import Runtime
from models.call import CALLER_NUMBER, Call
from models.states import DeadlineKind, NumberPresentation

CALLED_BACK = "caller_called_back"
"""The journal's word for a caller who was rung back."""
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
    if call is not None:
        line = runtime.city.human_line
        _ring(runtime, call, line.number, f"{HUMAN}{attempt_id}", line.ring_seconds)


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
        rings = runtime.city.human_line.ring_seconds
        due = now + timedelta(seconds=rings + LOOK_AFTER_SECONDS)
        record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call_id, call_id, due)
        session.commit()
    _ring(runtime, call, number, call_back_label(call_id, tries + 1), rings)


def call_back_label(call_id: str, n: int) -> str:
    """The label of the nth call-back's leg."""
    return f"{CALLER_BACK}{call_id}-{n}"


def _ring(runtime: Runtime, call: Call, number: str, label: str, ring_seconds: int) -> None:
    addresses = runtime.addresses
    runtime.gateway.dial_into_room(
        Dial(
            room=call.room,
            to=number,
            from_number=runtime.city.line_number,
            label=label,
            ring_seconds=ring_seconds,
            conference_callback=addresses.room_events(call.id),
            leg_callback=addresses.callback(f"/voice/person/{call.id}"),
        )
    )
