"""The moments of a warm transfer, kept in its rows, the journal and the comparable record.

Below `ivr.transfer_rows`, which moves the states: this only writes down when. Functions take `session`
first and never commit.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr import record
from ivr.rules.transfer import TransferEvent
from models.call import Call
from models.contact_fields import ContactField
from models.escalation import Escalation, EscalationAttempt
from models.states import AcceptedBy, TransferState

_NOTES: dict[TransferEvent, str] = {
    TransferEvent.DIAL_SENT: "psap_dialled",
    TransferEvent.DIAL_REFUSED: "psap_failed",
    TransferEvent.PSAP_RANG: "psap_ringing",
    TransferEvent.PSAP_ANSWERED: "psap_answered",
    TransferEvent.PSAP_ACCEPTED: "psap_accepted",
    TransferEvent.UNATTENDED_ELAPSED: "psap_accepted",
    TransferEvent.PSAP_BUSY: "psap_busy",
    TransferEvent.RANG_OUT: "psap_no_answer",
    TransferEvent.PSAP_FAILED: "psap_failed",
    TransferEvent.PSAP_DECLINED: "psap_declined",
    TransferEvent.PSAP_LEFT: "psap_left",
    TransferEvent.ROOM_EMPTIED: "room_emptied",
    TransferEvent.EMPTY_CHAIR_ELAPSED: "psap_briefed",
}


def stamp(
    session: Session,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    event: TransferEvent,
    now: datetime,
) -> None:
    """Keep the moment of a new state, in the rows, the journal and the comparable record."""
    record.note(
        session,
        call.id,
        _NOTES[event],
        now,
        record.TWILIO,
        escalation=escalation.id,
        attempt=attempt.n,
        destination=attempt.destination,
    )
    if attempt.state is TransferState.DIALLING:
        attempt.dialled_at = now
        record.fact(session, call.id, ContactField.TARGET_DIALLED, now, attempt.destination)
    elif attempt.state is TransferState.RINGING:
        attempt.ringing_at = now
        record.fact(session, call.id, ContactField.TARGET_RINGING, now)
    elif attempt.state is TransferState.ANSWERED:
        attempt.answered_at = now
        record.fact(session, call.id, ContactField.TARGET_ANSWERED, now)
    elif attempt.state is TransferState.ACCEPTED:
        _stamp_accepted(session, call, escalation, attempt, event, now)
    else:
        attempt.ended_at = now


def _stamp_accepted(
    session: Session,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    event: TransferEvent,
    now: datetime,
) -> None:
    unattended = event is TransferEvent.UNATTENDED_ELAPSED
    attempt.accepted_at = escalation.accepted_at = now
    escalation.accepted_by = AcceptedBy.UNATTENDED if unattended else AcceptedBy.CALL_TAKER
    record.fact(session, call.id, ContactField.TRANSFER_ACCEPTED, now)
    record.fact(session, call.id, ContactField.DESTINATION_ACTUAL, now, attempt.destination)
