"""Asking after 911 legs that were given up as silent: one may be up, and every report of it lost.

Given up is our own patience alone: the leg rings on, and may be answered. Whoever answers it would
wait alone in a room, or with nobody's call. It decides nothing: what the telephone company says is
told to the machine, which brings the caller to them, or tells them what is known.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from ivr import call_end, record
from ivr.errors import GatewayError
from ivr.rules.transfer import TransferEvent
from ivr.runtime import Runtime
from ivr.warm_transfer import LEG_EVENTS, UP, learn
from models.escalation import Escalation, EscalationAttempt
from models.states import TransferState

log = structlog.get_logger(__name__)

GIVEN_UP_SECONDS = 600.0
"""How long after it was given up a leg is asked after; none rings so long."""
LONGEST_TRANSFER = timedelta(days=1)
"""The look at them stays within the transfers asked for since."""


def look_after(runtime: Runtime, now: datetime) -> int:
    """Ask after each leg given up lately, of open calls and ended ones; returns how many."""
    legs = _given_up(runtime, now)
    for attempt_id, call_sid, call_id in legs:
        status = _heard_of(runtime, call_sid)
        event = LEG_EVENTS.get(status)
        if event is None or event is TransferEvent.PSAP_RANG:
            continue
        learn(runtime, attempt_id, event)
        if status not in UP:
            _is_over(runtime, attempt_id)
        call_end.settle(runtime, call_id)
    return len(legs)


def _given_up(runtime: Runtime, now: datetime) -> list[tuple[str, str, str]]:
    """Attempt, leg and call of each silent leg that is not known to be over."""
    since = now - timedelta(seconds=GIVEN_UP_SECONDS)
    with runtime.reading() as session:
        rows = session.execute(
            select(EscalationAttempt.id, EscalationAttempt.call_sid, Escalation.call_id)
            .join(Escalation, Escalation.id == EscalationAttempt.escalation_id)
            .where(Escalation.requested_at > since - LONGEST_TRANSFER)
            .where(EscalationAttempt.state == TransferState.NO_ANSWER)
            .where(EscalationAttempt.ended_at > since, EscalationAttempt.call_sid.is_not(None))
        )
        found = [(row.id, str(row.call_sid), row.call_id) for row in rows]
        return [leg for leg in found if not record.is_known(session, _over_key(leg[0]))]


def _heard_of(runtime: Runtime, call_sid: str) -> str:
    """The telephone company's word for the leg; empty when it says none."""
    try:
        view = runtime.gateway.leg(call_sid)
    except GatewayError as refused:
        log.warning("silent_leg_not_asked_after", call_sid=call_sid, code=refused.code)
        return ""
    return view.status if view else ""


def _is_over(runtime: Runtime, attempt_id: str) -> None:
    """The leg rings no more: it stays silent in the rows, and is asked after no more."""
    with runtime.sessions() as session:
        record.is_first(session, _over_key(attempt_id), runtime.clock())
        session.commit()


def _over_key(attempt_id: str) -> str:
    return f"given-up-over:{attempt_id}"
