"""What people say of a warm transfer: 911 has the caller, or will not take them.

Said by a call-taker at the desk, or by 911 at its own door; a telephone company says neither. Functions
take `session` first and never commit.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr import call_end, record, transfer_rows
from ivr.rules import transfer
from ivr.rules.transfer import TransferEvent
from ivr.transfer_rows import Effect, legs_in_room
from models.escalation import Escalation, EscalationAttempt
from models.states import TransferState


def they_have_it(session: Session, escalation_id: str, who: str, now: datetime) -> None:
    """911 has the caller. Before 911's leg is up it changes nothing."""
    _said(session, escalation_id, TransferEvent.PSAP_ACCEPTED, "they_have_it", who, now)


def they_decline(session: Session, escalation_id: str, who: str, now: datetime) -> list[Effect]:
    """911 will not take this caller: the next destination is dialled, by whoever does the effects.

    Only who has answered can decline: a line that still rings rings on, for it was dialled for an
    emergency. Whoever declined stays in the room until they hang up.
    """
    return _said(session, escalation_id, TransferEvent.PSAP_DECLINED, "they_decline", who, now)


def _said(
    session: Session,
    escalation_id: str,
    event: TransferEvent,
    word: str,
    who: str,
    now: datetime,
) -> list[Effect]:
    escalation = session.get(Escalation, escalation_id)
    call = record.lock_call(session, escalation.call_id) if escalation else None
    if escalation is None or call is None:
        return []
    session.refresh(escalation)
    attempt = transfer_rows.current_attempt(session, escalation)
    effects: list[Effect] = []
    if _answered_unreported(session, call.id, attempt):
        answered = TransferEvent.PSAP_ANSWERED
        effects += transfer_rows.apply(session, call, escalation, attempt, answered, now)
    record.note(session, call.id, word, now, who, escalation=escalation.id)
    if event is TransferEvent.PSAP_DECLINED and attempt.state is not TransferState.ANSWERED:
        return effects
    effects += transfer_rows.apply(session, call, escalation, attempt, event, now)
    return effects + call_end.close_if_over(session, call, now)


def _answered_unreported(session: Session, call_id: str, attempt: EscalationAttempt) -> bool:
    """The leg is in the room, and the report that it was answered is lost or late."""
    here = [leg.attempt_id for leg in legs_in_room(session, call_id)]
    return attempt.state in transfer.CALLING and attempt.id in here
