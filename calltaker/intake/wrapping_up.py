"""Closing a contact: its disposition for the record, and the call-taker free for the next. Never commits."""

from calltaker.desk import own_calls
from calltaker.errors import ConflictError, RefusedError
from calltaker.intake import protocol_sessions
from calltaker.intake.protocol_sessions import Run
from calltaker.intake.record import Record
from ivr import record as line_record
from ivr import waiting_line
from models.call import Call
from models.contact_fields import ContactField
from models.personal import Keyring
from models.staff import Presence
from models.states import DISPOSITION_CODES, CallPhase, Disposition, PresenceState
from protocols.session import How


def close(record: Record, keyring: Keyring, call: Call, run: Run | None, disposition: str) -> None:
    """Close a contact that has ended, or that this person has left or is ending.

    Raises:
        RefusedError: no disposition.
        ConflictError: the caller is still with them.
    """
    chosen = _chosen(disposition)
    current = own_calls.current(record.session, record.staff_id)
    still_here = current is not None and current.id == call.id
    if still_here and call.phase is not CallPhase.ENDED and call.end_commanded_at is None:
        raise ConflictError("The caller is still there.", "Hang up or leave first.")
    record.fact(ContactField.DISPOSITION, chosen.value)
    record.fact(ContactField.DISPOSITION_CODE, DISPOSITION_CODES[chosen])
    record.fact(ContactField.CLOSED)
    record.note("wrapped_up", {"disposition": chosen.value})
    _end_protocol(record, keyring, call, run, chosen)
    _be_available(record)
    record.tell()


def caller_has_gone(call: Call) -> bool:
    """Say whether the caller ended the call: it is over, and nobody here has ended it."""
    return call.phase is CallPhase.ENDED and call.end_commanded_at is None


def _end_protocol(
    record: Record, keyring: Keyring, call: Call, run: Run | None, chosen: Disposition
) -> None:
    """End what is still open, as what it was; a caller who has gone went when the call ended."""
    if run is None or run.session.ended is not None:
        return
    if run.emergency:
        protocol_sessions.end(record, keyring, run, How.EMERGENCY)
    elif run.verdict.final:
        protocol_sessions.end(record, keyring, run, How.COMPLETED)
    elif chosen is Disposition.CALLER_GONE or caller_has_gone(call):
        protocol_sessions.end(record, keyring, run, How.CALLER_GONE, call.ended_at)
    else:
        protocol_sessions.end(record, keyring, run, How.WRAPPED_UP)


def _chosen(text: str) -> Disposition:
    try:
        return Disposition(text)
    except ValueError:
        raise RefusedError("There is no such outcome.", "Choose one of the list.") from None


def _be_available(record: Record) -> None:
    presence = record.session.get(Presence, record.staff_id, with_for_update=True)
    if presence is None or presence.state is not PresenceState.WRAP_UP:
        return
    presence.state, presence.since = PresenceState.AVAILABLE, record.now
    line_record.tell_desks(
        record.session,
        "presence_changed",
        record.now,
        staff_id=record.staff_id,
        state=presence.state.value,
    )
    record.session.flush()
    waiting_line.offer_waiting(record.session, record.now, record.new_id)
