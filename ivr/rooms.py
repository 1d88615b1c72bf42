"""What a call-taker orders in a room: hold, leave, hang up.

Every order is recorded first, in a session of its own, and only then asked of the telephone company:
a call-taker's leg gone without a recorded order is a loss. Nobody leaves a caller with 911 before 911
has them.
"""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import (
    call_back_dial,
    call_end,
    from_911,
    record,
    referred,
    switching,
    transfer_rows,
)
from ivr.errors import AlreadyEndedError, GatewayError, TelephoneError
from ivr.rules import transfer, transfer_room
from ivr.rules.actions import Say
from ivr.runtime import Runtime
from ivr.transfer_rows import room_now
from ivr.twiml import Document
from models.call import Call, Leg
from models.contact_fields import ContactField
from models.staff import Staff
from models.states import (
    CallOutcome,
    CallPhase,
    DeadlineKind,
    HoldReason,
    Language,
    LegKind,
    Role,
    TransferState,
)

log = structlog.get_logger(__name__)

CALLER_LABEL = "caller"


class LeaveRefused(TelephoneError):  # noqa: N818 (a refusal is an answer: the name says so)
    """The caller would be left alone; `reason` is one of the words below.

    `not_accepted`: 911 has not accepted the caller yet. `nobody_else`: no one else is with them.
    `override_not_yours`: only a supervisor may override, and says why. `911_is_there`,
    `others_are_there`: ending the room would cut the caller off from them. `not_taken`: who was
    called for them does not have them yet. `caller_held`: they are on hold. `dispatcher_is_there`:
    holding the caller would hold 911.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotInCallError(TelephoneError):
    """This call-taker is not in this call, or its room is not known (any more)."""


def hold(
    runtime: Runtime,
    call_id: str,
    staff_id: str,
    on: bool,  # noqa: FBT001 - the desk's own word
    reason: HoldReason = HoldReason.LOOKING_UP,
) -> None:
    """Hold the caller with a spoken reason, or take them off hold. 911 beside them forbids holding.

    Raises:
        NotInCallError: no live room of this call-taker, or the caller is not in it.
        LeaveRefused: 911 is there, by an open transfer or a dispatcher on the caller's own leg.
        GatewayError: refused; the record says again what is true.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call, _ = in_call(session, call_id, staff_id)
        if on and transfer_rows.open_of(session, call_id) is not None:
            raise LeaveRefused("911_is_there")
        if on and from_911.is_dispatcher_there(session, call_id):
            raise LeaveRefused("dispatcher_is_there")
        conference_sid, before = _room(call), call.hold_since
        call.hold_since = now if on else None
        call.hold_reason = reason.value if on else call.hold_reason
        kind = "hold_commanded" if on else "unhold_commanded"
        record.note(
            session, call_id, kind, now, staff_id, **({"reason": reason.value} if on else {})
        )
        if on:
            due = now + timedelta(seconds=runtime.city.hold_seconds)
            record.set_deadline(session, DeadlineKind.HOLD_ENDS, call_id, call_id, due)
        else:
            record.drop_deadline(session, DeadlineKind.HOLD_ENDS, call_id, now)
        record.tell_desks(session, "call_changed", now, call_id, staff_id)
        session.commit()
    runtime.bell.ring()
    url = runtime.addresses.voice(f"/voice/room/{call_id}/hold") if on else None
    try:
        runtime.gateway.hold(conference_sid, call.call_sid, url)
    except GatewayError:
        _hold_was(runtime, call_id, before is not None)
        raise


def _hold_was(runtime: Runtime, call_id: str, held: bool) -> None:  # noqa: FBT001
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is not None:
            call.hold_since = now if held else None
            record.note(session, call_id, "hold_refused", now)
            record.tell_desks(session, "call_changed", now, call_id, call.staff_id)
        session.commit()


def hang_up(runtime: Runtime, call_id: str, staff_id: str) -> None:
    """End the call for everybody: the server ends the room, the caller's document says goodbye.

    Raises:
        NotInCallError: no live call of this call-taker.
        LeaveRefused: 911 is being called or has the caller; leaving is another order.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call, leg = in_call(session, call_id, staff_id)
        escalation = transfer_rows.open_of(session, call_id)
        if escalation is not None and not call_end.is_gone(session, call):
            raise LeaveRefused("911_is_there")
        if escalation is not None and not transfer.may_leave(escalation.state):
            raise LeaveRefused("not_accepted")
        if referred.has_company(session, call_id) and not call_end.is_gone(session, call):
            raise LeaveRefused("others_are_there")
        call.end_commanded_at = now
        call.outcome = call.outcome or CallOutcome.HELPED
        record.note(session, call_id, "end_commanded", now, staff_id)
        session.commit()
    call_back_dial.stop(runtime, call_id)
    try:
        runtime.gateway.end_room(_room(call))
    except (AlreadyEndedError, NotInCallError):
        _end_legs(runtime, call, leg)


def _end_legs(runtime: Runtime, call: Call, desk: Leg) -> None:
    """The room's Sid is unknown or no longer true (reports were lost): end both legs themselves."""
    language = call.language or Language.EN
    text = runtime.city.sentences.say("desk_call_ended", language)
    document = Document(runtime.city.languages).say(Say(text, language)).hang_up().written()
    try:
        runtime.gateway.speak_and_end(call.call_sid, document.decode())
    except AlreadyEndedError:
        log.info("caller_gone_before_end", call_id=call.id)
    end_leg(runtime, desk.call_sid)


def leave(
    runtime: Runtime, call_id: str, staff_id: str, override_reason: str | None = None
) -> None:
    """Take this call-taker's leg out of the room; the others go on.

    Raises:
        NotInCallError: no live call of this call-taker.
        LeaveRefused: nobody would be with the caller; a supervisor may override with a reason.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call, leg = in_call(session, call_id, staff_id)
        escalation = transfer_rows.open_of(session, call_id)
        reason = why_not_leave(session, call)
        if reason is not None and not _may_override(session, staff_id, override_reason):
            raise LeaveRefused("override_not_yours" if override_reason else reason)
        call.leave_commanded_at = now
        legs = [leg, *switching.let_go(session, leg, now)]
        leg.leave_commanded_at = now
        record.note(session, call_id, "leave_commanded", now, staff_id, overridden=bool(reason))
        if escalation is not None:
            escalation.left_at = now
            escalation.override_reason = override_reason if reason else None
            if escalation.state is TransferState.ACCEPTED:
                record.fact(session, call_id, ContactField.TRANSFER_COMPLETED, now, actor=staff_id)
        if reason is not None:
            record.fact(session, call_id, ContactField.OVERRIDE, now, "leave", staff_id)
        session.commit()
    for one in legs:
        try:
            runtime.gateway.remove(_room(call), one.call_sid)
        except (AlreadyEndedError, NotInCallError):
            end_leg(runtime, one.call_sid)


def why_not_leave(session: Session, call: Call) -> str | None:
    """Why a call-taker may not leave this room now, in `LeaveRefused`'s words; None when they may."""
    return transfer_room.why_not_leave(room_now(session, call))


def desk_label(offer_id: str) -> str:
    """The label of the softphone's leg, one an offer."""
    return f"call-taker-{offer_id}"


def in_call(session: Session, call_id: str, staff_id: str) -> tuple[Call, Leg]:
    """The call, locked, and this call-taker's live leg in it.

    Raises:
        NotInCallError: there is none.
    """
    call = record.lock_call(session, call_id)
    leg = session.scalar(
        select(Leg)
        .where(
            Leg.call_id == call_id,
            Leg.staff_id == staff_id,
            Leg.kind == LegKind.CALL_TAKER,
            Leg.left_at.is_(None),
        )
        .order_by(Leg.dialled_at.desc())
    )
    if call is None or leg is None or call.phase is CallPhase.ENDED:
        raise NotInCallError(call_id)
    return call, leg


def _room(call: Call) -> str:
    if call.conference_sid is None:
        raise NotInCallError(f"the room of {call.id} is not known yet")
    return call.conference_sid


def _may_override(session: Session, staff_id: str, reason: str | None) -> bool:
    staff = session.get(Staff, staff_id)
    return bool(reason and reason.strip()) and staff is not None and staff.role is Role.SUPERVISOR


def end_leg(runtime: Runtime, call_sid: str) -> None:
    """Hang one leg up; one that is gone, or cannot be, is no error."""
    try:
        runtime.gateway.hang_up(call_sid)
    except GatewayError as refused:
        log.info("leg_not_ended", code=refused.code)
