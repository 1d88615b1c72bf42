"""Asking the telephone company after the staffed line's leg, whose report of coming in may be lost.

It would wait alone in a room that nobody counts it in. It decides nothing: whoever is found there has
come in, and the room's own rules say what that means for the caller.
"""

from sqlalchemy import select

from ivr import ring_in, room_events
from ivr.runtime import Runtime
from ivr.warm_transfer import UP
from models.call import Call, Leg
from models.states import LegKind, LegState

IN_PROGRESS = "in-progress"


def look_for(runtime: Runtime, call: Call) -> None:
    """Ask after each leg of it that was rung and not heard of, and again while one may still come.

    Raises:
        GatewayError: the telephone company does not say.
    """
    with runtime.reading() as session:
        rung = list(
            session.scalars(
                select(Leg).where(
                    Leg.call_id == call.id,
                    Leg.kind == LegKind.DESK_TELEPHONE,
                    Leg.state == LegState.DIALLING,
                )
            )
        )
    coming = [leg for leg in rung if _may_still_come(runtime, call, leg)]
    if not coming:
        return
    with runtime.sessions() as session:
        ring_in.look_again(session, call.id, runtime.clock())
        session.commit()


def _may_still_come(runtime: Runtime, call: Call, leg: Leg) -> bool:
    view = runtime.gateway.leg(leg.call_sid)
    if view is None or view.status not in UP:
        room_events.leg_over(runtime, leg.call_sid)
        return False
    if view.status != IN_PROGRESS:
        return True
    room = call.conference_sid or call.room
    if runtime.gateway.find_in_room(room, leg.label or "") != leg.call_sid:
        return True
    room_events.found_in_room(runtime, leg.call_sid)
    return False
