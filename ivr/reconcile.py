"""Comparing open calls with the telephone company's own view: lost callbacks lose no call.

Asks after calls that were silent for a minute, at most one request a call and round, and closes
those whose caller's leg is over.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from ivr import call_end
from ivr.errors import GatewayError
from ivr.runtime import Runtime
from models.call import Call
from models.states import CallPhase

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
                )
                .order_by(Call.heard_at)
                .limit(AT_ONCE)
            )
        )
    return sum(_asked_after(runtime, call_id, call_sid) for call_id, call_sid in silent)


def _asked_after(runtime: Runtime, call_id: str, call_sid: str) -> bool:
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
    return False


def _heard_of(runtime: Runtime, call_id: str) -> None:
    """It is alive: ask again after another minute."""
    with runtime.sessions() as session:
        call = session.get(Call, call_id)
        if call is not None:
            call.heard_at = runtime.clock()
        session.commit()
