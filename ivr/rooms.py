"""What a call-taker orders in a room (hold, leave, hang up), and the moments a room must be looked at.

Every order is recorded first, in a session of its own, and only then asked of the telephone company:
a call-taker's leg gone without a recorded order is a loss. Nobody leaves a caller with 911 before 911
has them.
"""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import call_end, caller_leg, offers, record, room_events, transfer_rows, waiting_line
from ivr.errors import AlreadyEndedError, GatewayError, TelephoneError
from ivr.rules import transfer
from ivr.rules.actions import Say
from ivr.runtime import Runtime
from ivr.transfer_rows import is_there, legs_in_room
from ivr.twiml import Document
from models.call import Call, Leg
from models.contact_fields import ContactField
from models.line import Offer
from models.staff import Staff
from models.states import (
    CallOutcome,
    CallPhase,
    DeadlineKind,
    Language,
    LegKind,
    LegState,
    OfferState,
    Role,
    TransferState,
)

log = structlog.get_logger(__name__)

CALLER_LABEL = "caller"


class LeaveRefused(TelephoneError):  # noqa: N818 (a refusal is an answer: the name says so)
    """The caller would be left alone; `reason` is one of the words below.

    `not_accepted`: 911 has not accepted the caller yet. `nobody_else`: no one else is with them.
    `override_not_yours`: only a supervisor may override, and says why. `911_is_there`: ending the
    room would cut the caller off from 911.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotInCallError(TelephoneError):
    """This call-taker is not in this call, or its room is not known (any more)."""


def hold(runtime: Runtime, call_id: str, staff_id: str, on: bool) -> None:  # noqa: FBT001 - the desk's own word
    """Hold the caller with a spoken reason, or take them off hold. 911 beside them forbids holding.

    Raises:
        NotInCallError: no live room of this call-taker, or the caller is not in it.
        LeaveRefused: an open transfer to 911; its caller is not held.
        GatewayError: refused; the record says again what is true.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call, _ = _in_call(session, call_id, staff_id)
        if on and transfer_rows.open_of(session, call_id) is not None:
            raise LeaveRefused("911_is_there")
        conference_sid, before = _room(call), call.hold_since
        call.hold_since = now if on else None
        kind = "hold_commanded" if on else "unhold_commanded"
        record.note(session, call_id, kind, now, staff_id)
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
        call, leg = _in_call(session, call_id, staff_id)
        escalation = transfer_rows.open_of(session, call_id)
        if escalation is not None and not call_end.is_gone(session, call):
            raise LeaveRefused("911_is_there")
        if escalation is not None and not transfer.may_leave(escalation.state):
            raise LeaveRefused("not_accepted")
        call.end_commanded_at = now
        call.outcome = call.outcome or CallOutcome.HELPED
        record.note(session, call_id, "end_commanded", now, staff_id)
        session.commit()
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
    _end_leg(runtime, desk.call_sid)


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
        call, leg = _in_call(session, call_id, staff_id)
        escalation = transfer_rows.open_of(session, call_id)
        reason = why_not_leave(session, call)
        if reason is not None and not _may_override(session, staff_id, override_reason):
            raise LeaveRefused("override_not_yours" if override_reason else reason)
        leg.leave_commanded_at = call.leave_commanded_at = now
        record.note(session, call_id, "leave_commanded", now, staff_id, overridden=bool(reason))
        if escalation is not None:
            escalation.left_at = now
            escalation.override_reason = override_reason if reason else None
            if escalation.state is TransferState.ACCEPTED:
                field = ContactField.TRANSFER_COMPLETED
                record.fact(session, call_id, field, now, actor=staff_id)
        if reason is not None:
            record.fact(session, call_id, ContactField.OVERRIDE, now, "leave", staff_id)
        session.commit()
    try:
        runtime.gateway.remove(_room(call), leg.call_sid)
    except (AlreadyEndedError, NotInCallError):
        _end_leg(runtime, leg.call_sid)


def why_not_leave(session: Session, call: Call) -> str | None:
    """Why a call-taker may not leave this room now, in `LeaveRefused`'s words; None when they may."""
    escalation = transfer_rows.open_of(session, call.id)
    if escalation is not None:
        return None if transfer.may_leave(escalation.state) else "not_accepted"
    others = [leg for leg in legs_in_room(session, call.id) if leg.kind is not LegKind.CALLER]
    return None if len(others) > 1 or call_end.is_gone(session, call) else "nobody_else"


def check_alone(runtime: Runtime, call_id: str) -> None:
    """2 s after a report that left the caller alone: still so, they go to the front of the line."""
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        if call is None or call.phase is not CallPhase.ROOM:
            return
        legs = legs_in_room(session, call_id)
        if not room_events.is_alone(session, call, legs):
            return
        had_them = call.staff_id
    caller_leg.to_front(runtime, call_id, "line_returning", had_them)


def check_joined(runtime: Runtime, offer_id: str) -> None:
    """6 s after an accept: both must be in the room, or the caller goes to the front of the line.

    A telephone that came only now has the caller still on the way to it: parting the two who are
    about to meet costs the caller more than a second look.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        offer = session.get(Offer, offer_id)
        call = record.lock_call(session, offer.call_id) if offer else None
        if offer is None or call is None or offer.state is not OfferState.ACCEPTED:
            return
        leg = session.get(Leg, offer_id)
        if leg is not None and _both_there(runtime, call, leg):
            _believe(session, call, leg, runtime)
            session.commit()
            return
        if leg is not None and offers.is_arriving(offer, leg, now):
            offers.look_for_both(session, offer, now + timedelta(seconds=offers.AGAIN_SECONDS))
            session.commit()
            return
        offers.free_reservation(session, offer, now)
        if leg is not None:
            leg.leave_commanded_at = leg.leave_commanded_at or now
        moved = offer.connected_at is not None and transfer_rows.open_of(session, call.id) is None
        session.flush()
        waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    runtime.bell.ring()
    if moved:
        caller_leg.to_front(runtime, call.id, "call_taker_delayed")
    if leg is not None:
        _end_leg(runtime, leg.call_sid)


def _both_there(runtime: Runtime, call: Call, leg: Leg) -> bool:
    """Ask the telephone company, because the reports of two joins may be lost."""
    room = call.conference_sid or call.room
    try:
        here = [
            runtime.gateway.find_in_room(room, label)
            for label in (CALLER_LABEL, desk_label(leg.id))
        ]
    except GatewayError:
        return False
    return here == [call.call_sid, leg.call_sid]


def _believe(session: Session, call: Call, leg: Leg, runtime: Runtime) -> None:
    now = runtime.clock()
    for each in (leg, call_end.caller_leg_row(session, call, now)):
        each.state, each.joined_at = LegState.IN_ROOM, each.joined_at or now
    record.note(session, call.id, "joins_looked_up", now)
    if leg.staff_id is not None:
        waiting_line.mark_taken(session, call, leg.staff_id, now)


def desk_label(offer_id: str) -> str:
    """The label of the softphone's leg, one an offer."""
    return f"call-taker-{offer_id}"


def check_hold(runtime: Runtime, call_id: str) -> None:
    """A hold has a limit: the caller is taken off it, whatever the desk does."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.hold_since is None or call.conference_sid is None:
            return
        call.hold_since = None
        record.note(session, call_id, "hold_ended", now)
        record.tell_desks(session, "call_changed", now, call_id, call.staff_id)
        session.commit()
    runtime.bell.ring()
    runtime.gateway.hold(call.conference_sid, call.call_sid, None)


def check_place(runtime: Runtime, call_id: str) -> None:
    """Is the caller where the row says? A redirect that was refused or lost is sent again."""
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        if call is None or call.phase is CallPhase.ENDED or call_end.is_gone(session, call):
            return
        in_room = is_there(legs_in_room(session, call_id), LegKind.CALLER)
    if call.phase is CallPhase.LINE and in_room:
        caller_leg.to_front(runtime, call_id, "line_returning", call.staff_id)
    elif call.phase is CallPhase.ROOM and not in_room and not _is_found(runtime, call):
        caller_leg.into_room(runtime, call_id)


def _is_found(runtime: Runtime, call: Call) -> bool:
    """Look before moving: the report of the join may only be late."""
    try:
        room = call.conference_sid or call.room
        return runtime.gateway.find_in_room(room, CALLER_LABEL) == call.call_sid
    except GatewayError:
        return False


def _in_call(session: Session, call_id: str, staff_id: str) -> tuple[Call, Leg]:
    """The call and this call-taker's live leg in it.

    Raises:
        NotInCallError: there is none.
    """
    call = record.lock_call(session, call_id)
    leg = session.scalar(
        select(Leg).where(
            Leg.call_id == call_id,
            Leg.staff_id == staff_id,
            Leg.kind == LegKind.CALL_TAKER,
            Leg.left_at.is_(None),
        )
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


def _end_leg(runtime: Runtime, call_sid: str) -> None:
    try:
        runtime.gateway.hang_up(call_sid)
    except GatewayError as refused:
        log.info("leg_not_ended", code=refused.code)
