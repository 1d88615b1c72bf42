"""Writing into the database what the local disk kept while it was away.

Doing it twice is harmless: escalations and attempts are known by their ids. What happened to the
dialled legs meanwhile is asked of the telephone company when their ring time is over.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from ivr import record, spool, transfer_rows
from ivr.dial_rows import find_attempt, note_ringing, watch_ringing
from ivr.psap_dial import Ringing
from ivr.rules.transfer import TransferEvent
from ivr.runtime import Runtime
from models.escalation import Escalation, EscalationAttempt
from models.states import EscalationCause, TransferState

log = structlog.get_logger(__name__)


def replay(runtime: Runtime) -> int:
    """Write the spool's lines; returns how many were new."""
    if spool.is_empty(runtime.spool):
        return 0
    with spool.taken(runtime.spool) as lines, runtime.sessions() as session:
        new = sum(_replayed(runtime, session, line) for line in lines)
        session.commit()
    return new


def _replayed(runtime: Runtime, session: Session, line: Mapping[str, Any]) -> bool:
    if line["kind"] == "intent":
        return _replay_intent(session, line)
    found = find_attempt(session, line["escalation"], line["n"])
    if line["kind"] == "attempt":
        return found is None and _replay_attempt(runtime, session, line)
    if found is None or found[1].state is not TransferState.REQUESTED:
        return False
    _replay_outcome(runtime, session, found, line)
    return True


def _replay_intent(session: Session, line: Mapping[str, Any]) -> bool:
    call = record.lock_call(session, line["call"])
    if call is None:
        log.error("spooled_call_unknown", call_id=line["call"], escalation_id=line["escalation"])
        return False
    attempt = transfer_rows.open_escalation(
        session,
        call,
        line["escalation"],
        EscalationCause(line["cause"]),
        line["actor"],
        line["destinations"],
        datetime.fromisoformat(line["at"]),
        spooled=True,
    )
    return attempt is not None


def _replay_attempt(runtime: Runtime, session: Session, line: Mapping[str, Any]) -> bool:
    escalation = session.get(Escalation, line["escalation"])
    if escalation is None:
        return False
    now, call_id = runtime.clock(), escalation.call_id
    transfer_rows.new_attempt(session, escalation.id, call_id, line["n"], line["destination"], now)
    session.flush()
    return True


def _replay_outcome(
    runtime: Runtime,
    session: Session,
    found: tuple[Escalation, EscalationAttempt],
    line: Mapping[str, Any],
) -> None:
    """Write what became of the dial; a refused one's follower stands in the next lines."""
    escalation, attempt = found
    call = record.lock_call(session, escalation.call_id)
    if call is None:
        return
    if not line["rings"]:
        attempt.state, attempt.twilio_code = TransferState.FAILED, line["code"]
        return
    now = runtime.clock()
    note_ringing(
        session,
        call,
        attempt,
        Ringing(line["call_sid"], line["conference_sid"], line["number_shown"]),
    )
    watch_ringing(session, runtime, call, escalation, attempt, now)
    transfer_rows.apply(session, call, escalation, attempt, TransferEvent.DIAL_SENT, now)
