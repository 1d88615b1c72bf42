"""Comparing open calls with the telephone company's own view: lost callbacks lose no call.

Asks after calls that were silent for a minute: after the caller's leg, and after one more of those
counted in the room, each in its turn. What is over there is over here. 911 legs that were given up as
silent are asked after too, and calls that have ended lately, where somebody may have been left in the room.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from ivr import call_end, given_up, room_events, transfer_watch
from ivr.call_backs import NOT_RUNG
from ivr.errors import GatewayError
from ivr.runtime import Runtime
from ivr.transfer_rows import legs_in_room
from models.call import Call
from models.states import CallPhase, LegKind

log = structlog.get_logger(__name__)

SILENT_SECONDS = 60.0
AT_ONCE = 200
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def run(runtime: Runtime, now: datetime) -> int:
    """Ask after silent open calls and close those that are over; returns how many."""
    with runtime.reading() as session:
        silent = list(
            session.execute(
                select(Call.id, Call.call_sid)
                .where(
                    Call.phase != CallPhase.ENDED,
                    Call.heard_at <= now - timedelta(seconds=SILENT_SECONDS),
                    Call.call_sid.not_like(f"{NOT_RUNG}%"),
                )
                .order_by(Call.heard_at)
                .limit(AT_ONCE)
            )
        )
    closed = sum(_asked_after(runtime, call_id, call_sid, now) for call_id, call_sid in silent)
    given_up.look_after(runtime, now)
    transfer_watch.look_after_the_ended(runtime, now)
    return closed


def _asked_after(runtime: Runtime, call_id: str, call_sid: str, now: datetime) -> bool:
    """True when the caller's leg is over there (or was never known), and so here."""
    try:
        view = runtime.gateway.leg(call_sid)
    except GatewayError as refused:
        log.warning("call_not_asked_after", call_id=call_id, code=refused.code)
        return False
    if view is None or view.status in OVER:
        log.info("silent_call_closed", call_id=call_id)
        call_end.leg_ended(runtime, call_sid)
        return True
    _heard_of(runtime, call_id)
    _ask_after_another(runtime, call_id, now)
    return False


def _ask_after_another(runtime: Runtime, call_id: str, now: datetime) -> None:
    """One more leg of the room, by turns: the report that it left may be lost."""
    with runtime.reading() as session:
        legs = sorted(
            leg.call_sid for leg in legs_in_room(session, call_id) if leg.kind is not LegKind.CALLER
        )
    if not legs:
        return
    call_sid = legs[int(now.timestamp() // SILENT_SECONDS) % len(legs)]
    try:
        view = runtime.gateway.leg(call_sid)
    except GatewayError as refused:
        log.warning("leg_not_asked_after", call_id=call_id, code=refused.code)
        return
    if view is not None and view.status in OVER:
        log.info("silent_leg_closed", call_id=call_id)
        room_events.leg_over(runtime, call_sid)


def _heard_of(runtime: Runtime, call_id: str) -> None:
    """It is alive: ask again after another minute."""
    with runtime.sessions() as session:
        call = session.get(Call, call_id)
        if call is not None:
            call.heard_at = runtime.clock()
        session.commit()
