"""The moments at which a room must be looked at: a report may be lost, a request refused, a process dead.

The telephone company is asked where everybody is, and believed. Orders of call-takers are `ivr.rooms`;
what 911's legs are asked is `ivr.transfer_watch`.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from ivr import (
    call_back_dial,
    call_backs,
    call_end,
    caller_leg,
    offers,
    record,
    ring_in,
    room_events,
    staffed_line,
    transfer_rows,
    waiting_line,
)
from ivr.errors import AlreadyEndedError, GatewayError
from ivr.rooms import CALLER_LABEL, desk_label, end_leg
from ivr.rules import transfer_room
from ivr.rules.transfer_room import Caller
from ivr.runtime import Runtime
from ivr.transfer_rows import room_now
from ivr.warm_transfer import act
from models.call import Call, Leg
from models.line import Offer
from models.states import CallPhase, LegState, OfferState

log = structlog.get_logger(__name__)


def check_alone(runtime: Runtime, call_id: str) -> None:
    """2 s after a report that left the caller alone: still so, they go to the front of the line."""
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        if call is None or call.phase is not CallPhase.ROOM:
            return
        if not transfer_room.is_alone(room_now(session, call)):
            return
    caller_leg.to_front(runtime, call_id, "line_returning", call.staff_id)


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
        alone = transfer_rows.open_of(session, call.id) is not None
        alone = alone or call_backs.awaits_resident(session, call)
        if leg is not None and _both_there(runtime, call, leg, alone=alone):
            _believe(session, call, leg, runtime)
            session.commit()
            call_back_dial.look_again(runtime, call.id)
            return
        if leg is not None and offers.is_arriving(offer, leg, now):
            offers.look_for_both(session, offer, now + timedelta(seconds=offers.AGAIN_SECONDS))
            session.commit()
            return
        offers.free_reservation(session, offer, now)
        if leg is not None:
            leg.leave_commanded_at = leg.leave_commanded_at or now
            leg.state, leg.left_at = LegState.LEFT, now
        session.flush()
        event = transfer_room.when_nobody_comes(room_now(session, call))
        effects = transfer_rows.tell_room(session, call, event, now) if event else []
        effects += call_end.close_if_over(session, call, now)
        moved = offer.connected_at is not None and transfer_rows.open_of(session, call.id) is None
        session.flush()
        waiting_line.offer_waiting(session, now, runtime.new_id)
        session.commit()
    runtime.bell.ring()
    act(runtime, effects)
    if moved:
        caller_leg.to_front(runtime, call.id, "call_taker_delayed")
    if leg is not None:
        end_leg(runtime, leg.call_sid)


def caller_is_here(session: Session, call: Call, now: datetime) -> None:
    """The telephone company says that the caller is in the room: the report was lost, or is late."""
    leg = call_end.caller_leg_row(session, call, now)
    leg.state, leg.joined_at, leg.left_at = LegState.IN_ROOM, leg.joined_at or now, None
    record.note(session, call.id, "caller_found_in_room", now)
    session.flush()


def _both_there(runtime: Runtime, call: Call, leg: Leg, *, alone: bool) -> bool:
    """Ask the telephone company, because the reports of two joins may be lost.

    `alone`: nobody else is needed. They talk with 911, or the resident is rung back and comes later.
    """
    room = call.conference_sid or call.room
    try:
        if runtime.gateway.find_in_room(room, desk_label(leg.id)) != leg.call_sid:
            return False
        return alone or runtime.gateway.find_in_room(room, CALLER_LABEL) == call.call_sid
    except GatewayError:
        return False


def _believe(session: Session, call: Call, leg: Leg, runtime: Runtime) -> None:
    now = runtime.clock()
    leg.state, leg.joined_at = LegState.IN_ROOM, leg.joined_at or now
    rung = call_backs.awaits_resident(session, call)
    if transfer_rows.open_of(session, call.id) is None and not rung:
        caller_is_here(session, call, now)
    record.note(session, call.id, "joins_looked_up", now)
    if leg.staff_id is not None:
        waiting_line.mark_taken(session, call, leg.staff_id, now)


def check_hold(runtime: Runtime, call_id: str) -> None:
    """A hold has a limit, and 911 ends it: the caller is taken off it, whatever the desk does.

    Asked of the telephone company until it says yes: what is refused raises, and falls due again.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.conference_sid is None or call.phase is not CallPhase.ROOM:
            return
        if call.hold_since is not None:
            call.hold_since = None
            record.note(session, call_id, "hold_ended", now)
            record.tell_desks(session, "call_changed", now, call_id, call.staff_id)
        session.commit()
    runtime.bell.ring()
    try:
        runtime.gateway.hold(call.conference_sid, call.call_sid, None)
    except AlreadyEndedError:
        log.info("caller_gone_before_unhold", call_id=call_id)


def check_place(runtime: Runtime, call_id: str) -> None:
    """Is the caller where the row says? The telephone company is asked, and its answer believed.

    A redirect that was refused or lost is sent again. Not answered, the look falls due again.

    Raises:
        GatewayError: the telephone company does not say.
    """
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        if call is None or call.phase not in {CallPhase.LINE, CallPhase.ROOM}:
            return
        if call_backs.awaits_resident(session, call):
            return
    staffed_line.look_for(runtime, call)
    with runtime.reading() as session:
        call = session.get_one(Call, call_id)  # who was found may have made the room its place
        room = room_now(session, call)
    if room.caller is Caller.GONE:
        _look_for_call_back(runtime, call)
    elif call.phase is CallPhase.LINE and room.caller is Caller.IN_ROOM:
        _out_of_the_room(runtime, call)
    elif call.phase is CallPhase.ROOM and room.caller is Caller.ELSEWHERE:
        if _is_found(runtime, call, CALLER_LABEL):
            _found_in_room(runtime, call_id, call.call_sid)
        else:
            caller_leg.into_room(runtime, call_id)


def _is_found(runtime: Runtime, call: Call, label: str) -> bool:
    return runtime.gateway.find_in_room(call.conference_sid or call.room, label) is not None


def _out_of_the_room(runtime: Runtime, call: Call) -> None:
    """Sent to the line and still counted in the room: moved again only when they really are there."""
    if _is_found(runtime, call, CALLER_LABEL):
        caller_leg.to_front(runtime, call.id, "line_returning", call.staff_id)
        return
    with runtime.sessions() as session:
        locked = record.lock_call(session, call.id)
        if locked is not None and locked.phase is CallPhase.LINE:
            leg = call_end.caller_leg_row(session, locked, runtime.clock())
            leg.state = LegState.ANSWERED if leg.state is LegState.IN_ROOM else leg.state
            session.commit()


def _look_for_call_back(runtime: Runtime, call: Call) -> None:
    """A caller who was rung back may be there without a report of it; again while they still may come."""
    now = runtime.clock()
    with runtime.reading() as session:
        tries = record.count_notes(session, call.id, ring_in.CALLED_BACK)
    room = call.conference_sid or call.room
    for n in range(tries, 0, -1):
        call_sid = runtime.gateway.find_in_room(room, ring_in.call_back_label(call.id, n))
        if call_sid is not None:
            _found_in_room(runtime, call.id, call_sid)
            return
    with runtime.sessions() as session:
        if ring_in.may_be_back(runtime, session, call.id, now):
            ring_in.look_again(session, call.id, now)
            session.commit()


def _found_in_room(runtime: Runtime, call_id: str, call_sid: str) -> None:
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.phase is not CallPhase.ROOM:
            return
        call.call_sid = call_sid
        caller_is_here(session, call, now)
        effects = room_events.recounted(session, call, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()
