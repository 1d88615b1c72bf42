"""Ringing a resident back, and settling what came of it, at the telephone company and in the rows.

Rung only while a call-taker who has accepted is in the room or on the way there. What is dialled is
written first, in a slot that leaves half of the account's rate free; a request without an answer is
never repeated, because it may have happened: the moment by which somebody must have answered ends it.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import call_backs, call_end, record, waiting_line
from ivr.errors import AlreadyEndedError, GatewayError, GatewayTimeout, NotAllowedError
from ivr.gateway import CallOut
from ivr.rules import calling_back
from ivr.rules.hours import MAIN
from ivr.runtime import Runtime
from ivr.transfer_rows import Effect
from ivr.warm_transfer import act
from models.call import Call, Leg
from models.call_back import EMERGENCY, CallBack, CallBackTry
from models.contact_fields import ContactField
from models.escalation import EscalationAttempt
from models.states import (
    CallBackOutcome,
    CallPhase,
    DeadlineKind,
    Language,
    LegKind,
    LegState,
    TransferState,
)

log = structlog.get_logger(__name__)

RING_SECONDS = 30
"""How long a resident's telephone rings: machines mostly answer before."""
ANSWER_SECONDS = 30.0
"""How long whoever answered may listen to both questions before nobody is there."""
AGAIN_SECONDS = 2.0
CALLS_PER_SECOND = 1.0
"""What an account may originate by default; half of it stays free for 911."""
DIALLING = (TransferState.REQUESTED, TransferState.DIALLING)
STATUS = {
    "busy": CallBackOutcome.BUSY,
    "no-answer": CallBackOutcome.NO_ANSWER,
    "failed": CallBackOutcome.FAILED,
    "canceled": CallBackOutcome.BROKEN_OFF,
}
"""What the telephone company's word for a leg that is over says of a try."""


def rules_of(runtime: Runtime) -> call_backs.Rules:
    """The line's hours, and the pauses of its city."""
    pauses = tuple(timedelta(seconds=each) for each in runtime.city.call_back_pauses_seconds)
    return call_backs.Rules(lambda at: runtime.readers.opening(MAIN, at), pauses)


def enter_line(runtime: Runtime, wish_id: str) -> None:
    """A wish is due: it gets its place in the line and is offered, or a later moment."""
    now = runtime.clock()
    with runtime.sessions() as session:
        wish = session.get(CallBack, wish_id)
        call = record.lock_call(session, wish.call_id) if wish else None
        if wish is None or call is None or call.phase is not CallPhase.ENDED:
            return  # still on the telephone: its end asks again
        session.refresh(wish)
        number = call_backs.number_of(session, runtime.keyring, wish)
        if number is None or not runtime.gateway.may_call_back(number):
            _leave_to_people(session, wish, now)
            session.commit()
            return
        call_backs.tell_by_text(session, runtime.keyring, wish, now)
        made = call_backs.enter_line(
            session, runtime.keyring, wish, rules_of(runtime), now, runtime.new_id
        )
        if made is not None:
            waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    runtime.bell.ring()


def _leave_to_people(session: Session, wish: CallBack, now: datetime) -> None:
    """A number that we may not ring bothers no desk: the task says so, and somebody decides."""
    wish.next_try_at = None
    record.note(session, wish.call_id, "call_back_not_allowed", now, call_back=wish.id)
    record.tell_desks(session, call_backs.TASKS_CHANGED, now, wish.call_id)


def look(runtime: Runtime, contact_id: str) -> None:
    """A try falls due: it is rung, was rung long enough, or still stands in the line."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, contact_id)
        row = call_backs.try_of(session, contact_id)
        if call is None or row is None or not call_backs.awaits_resident(session, call):
            return
        if row.dialled_at is not None:
            effects = over(session, call, CallBackOutcome.NO_ANSWER, now)
        elif call.phase is CallPhase.LINE:
            effects = _still_open(runtime, session, call, row, now)
        else:
            effects = None
        leg = None if call_backs.is_unrung(call) else call.call_sid
        session.commit()
    if effects is None:
        dial(runtime, contact_id)
        return
    act(runtime, effects)
    runtime.bell.ring()
    if effects and leg is not None:
        _end(runtime, leg)


def look_again(runtime: Runtime, contact_id: str) -> None:
    """The call-taker of a try is there: it is rung now, should whoever was to ring it have died."""
    with runtime.reading() as session:
        row = call_backs.try_of(session, contact_id)
        call = session.get(Call, contact_id)
        waits = row is not None and call is not None and _may_dial(session, call, row)
    if waits:
        dial(runtime, contact_id)


def _still_open(
    runtime: Runtime, session: Session, call: Call, row: CallBackTry, now: datetime
) -> list[Effect]:
    """A try that stands in the line leaves it when the line has closed for the day."""
    wish = session.get_one(CallBack, row.call_back_id)
    if may_ring_at(runtime, wish, now):
        call_backs.look_in_line(session, call, now)
        return []
    return over(session, call, CallBackOutcome.PUT_OFF, now)


def may_ring_at(runtime: Runtime, wish: CallBack, now: datetime) -> bool:
    """Say whether the line is open, or they agreed to be rung when it is not."""
    if wish.node == EMERGENCY or wish.after_hours:
        return True
    return runtime.readers.opening(MAIN, now).is_open


def dial(runtime: Runtime, contact_id: str) -> None:
    """Ring the resident of a try whose call-taker is there; asked again it rings nobody."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, contact_id)
        row = call_backs.try_of(session, contact_id)
        wish = session.get(CallBack, row.call_back_id) if row else None
        if call is None or row is None or wish is None or not _may_dial(session, call, row):
            return
        if not _has_slot(session, now, wish):
            _look(session, call, now, AGAIN_SECONDS)
            session.commit()
            return
        refused = _refused(runtime, session, wish, now)
        if refused is not None:
            effects = over(session, call, refused, now)
            session.commit()
            act(runtime, effects)
            runtime.bell.ring()
            return
        number = call_backs.number_of(session, runtime.keyring, wish) or ""
        _note_dialled(session, call, row, now)
        session.commit()
    runtime.bell.ring()
    _ring(runtime, contact_id, number)


def _may_dial(session: Session, call: Call, row: CallBackTry) -> bool:
    waits = call_backs.awaits_resident(session, call) and row.dialled_at is None
    return waits and call.phase is CallPhase.ROOM and call.end_commanded_at is None


def _has_slot(session: Session, now: datetime, wish: CallBack) -> bool:
    """Half of the account's rate, and nothing while 911 is being dialled; an emergency waits for none."""
    if wish.node == EMERGENCY:
        return True
    to_911 = select(EscalationAttempt.id).where(EscalationAttempt.state.in_(DIALLING))
    if session.scalar(to_911.limit(1)) is not None:
        return False
    return record.is_first(session, f"call-out:{calling_back.slot(now, CALLS_PER_SECOND)}", now)


def _refused(
    runtime: Runtime, session: Session, wish: CallBack, now: datetime
) -> CallBackOutcome | None:
    """The last word before the telephone company: the hours, the caps, who may be rung at all."""
    if not may_ring_at(runtime, wish, now) or call_backs.is_capped(session, wish, now):
        return CallBackOutcome.PUT_OFF
    number = call_backs.number_of(session, runtime.keyring, wish)
    if number is None or not runtime.gateway.may_call_back(number):
        log.error("call_back_not_allowed", call_back_id=wish.id)
        return CallBackOutcome.FAILED
    return None


def _note_dialled(session: Session, call: Call, row: CallBackTry, now: datetime) -> None:
    row.dialled_at = now
    record.note(session, call.id, "call_back_dialled", now, n=row.n)
    record.fact(session, call.id, ContactField.RINGING, now)
    _look(session, call, now, RING_SECONDS + ANSWER_SECONDS)
    record.tell_desks(session, call_backs.TASKS_CHANGED, now, call.id)
    record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    session.flush()


def _look(session: Session, call: Call, now: datetime, seconds: float) -> None:
    due = now + timedelta(seconds=seconds)
    record.set_deadline(session, DeadlineKind.CALL_BACK_RINGS, call.id, call.id, due)


def _ring(runtime: Runtime, contact_id: str, number: str) -> None:
    addresses = runtime.addresses
    order = CallOut(
        to=number,
        from_number=runtime.city.line_number,
        document=addresses.call_back(contact_id, 1),
        fallback=f"{addresses.public_url}/voice/fallback/resident",
        leg_callback=addresses.callback(f"/voice/call-back/{contact_id}/leg"),
        ring_seconds=RING_SECONDS,
    )
    try:
        call_sid = runtime.gateway.call_out(order)
    except GatewayTimeout:
        log.warning("call_back_unanswered_request", call_id=contact_id)
    except (NotAllowedError, GatewayError) as refused:
        log.warning("call_back_refused", call_id=contact_id, error=type(refused).__name__)
        settle(runtime, contact_id, CallBackOutcome.FAILED)
    else:
        learn_leg(runtime, contact_id, call_sid)


def learn_leg(runtime: Runtime, contact_id: str, call_sid: str) -> bool:
    """The resident's leg is known, from the request or its own report; False: it is another one's."""
    with runtime.sessions() as session:
        call = record.lock_call(session, contact_id)
        if call is None or not is_leg_of(session, call, call_sid, runtime.clock()):
            return False
        session.commit()
    return True


def is_leg_of(session: Session, call: Call, call_sid: str, now: datetime) -> bool:
    """Take a leg for the resident's when none is known yet; say whether it is theirs."""
    if not call_backs.is_unrung(call):
        return call.call_sid == call_sid
    row = call_backs.try_of(session, call.id)
    if row is None or row.dialled_at is None:
        return False
    call.call_sid, call.heard_at = call_sid, now
    session.add(
        Leg(
            id=record.new_id(),
            call_id=call.id,
            call_sid=call_sid,
            kind=LegKind.CALLER,
            state=LegState.DIALLING,
            sequence=-1,
            dialled_at=now,
        )
    )
    session.flush()
    return True


def leg_reported(runtime: Runtime, contact_id: str, call_sid: str, status: str) -> None:
    """The resident's leg as the telephone company reports it; over without an answer ends the try."""
    if not learn_leg(runtime, contact_id, call_sid):
        return
    if status in STATUS:
        settle(runtime, contact_id, STATUS[status])
    elif status == "completed":
        with runtime.reading() as session:
            call = session.get(Call, contact_id)
            untaken = call is not None and call_backs.awaits_resident(session, call)
        if untaken:
            settle(runtime, contact_id, CallBackOutcome.MACHINE)
        else:
            call_end.leg_ended(runtime, call_sid)


def settle(runtime: Runtime, contact_id: str, outcome: CallBackOutcome) -> None:
    """A try is over without a talk: the call-taker is free, and the rule says what comes next."""
    with runtime.sessions() as session:
        call = record.lock_call(session, contact_id)
        if call is None:
            return
        effects = over(session, call, outcome, runtime.clock())
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()


def over(session: Session, call: Call, outcome: CallBackOutcome, now: datetime) -> list[Effect]:
    """Write what came of a try that nobody took, and end its call; a taken one is let alone.

    911, where the desk has called it for them meanwhile, keeps the call open.
    """
    row = call_backs.try_of(session, call.id)
    if row is None or not call_backs.awaits_resident(session, call):
        return []
    row.outcome = outcome
    record.note(session, call.id, "call_back_over", now, outcome=outcome.value)
    session.flush()
    return call_end.caller_gone(session, call, now)


def cancel(runtime: Runtime, number: str) -> Language | None:
    """The resident of this number wants no call: every wish of theirs is over, a ringing one stops.

    Returns their language, None when nothing was to be cancelled. An emergency is no wish.
    """
    index = runtime.keyring.blind_index(number)
    with runtime.reading() as session:
        wishes = list(
            session.scalars(
                select(CallBack).where(
                    CallBack.number_index == index,
                    CallBack.done_at.is_(None),
                    CallBack.node != EMERGENCY,
                )
            )
        )
    for wish in wishes:
        _cancel(runtime, wish.id)
    return wishes[-1].language if wishes else None


def _cancel(runtime: Runtime, wish_id: str) -> None:
    now, leg = runtime.clock(), None
    effects: list[Effect] = []
    with runtime.sessions() as session:
        row = call_backs.open_try(session, wish_id)
        call = record.lock_call(session, row.contact_id) if row else None
        wish = session.get_one(CallBack, wish_id)
        if call is None:
            record.note(session, wish.call_id, "call_back_cancelled", now, record.CALLER)
            call_backs.finish(session, wish, None, now)
        elif call_backs.awaits_resident(session, call):
            leg = None if call_backs.is_unrung(call) else call.call_sid
            effects = over(session, call, CallBackOutcome.CANCELLED, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()
    if leg is not None:
        _end(runtime, leg)


def stop(runtime: Runtime, contact_id: str) -> None:
    """The desk hangs up while the resident's telephone rings: it must not ring on."""
    with runtime.reading() as session:
        call = session.get(Call, contact_id)
        if call is None or not call_backs.awaits_resident(session, call):
            return
        leg = None if call_backs.is_unrung(call) else call.call_sid
    settle(runtime, contact_id, CallBackOutcome.BROKEN_OFF)
    if leg is not None:
        _end(runtime, leg)


def _end(runtime: Runtime, call_sid: str) -> None:
    try:
        runtime.gateway.hang_up(call_sid)
    except AlreadyEndedError:
        log.info("call_back_gone_before_hang_up")
    except GatewayError as refused:
        log.warning("call_back_not_hung_up", code=refused.code)
