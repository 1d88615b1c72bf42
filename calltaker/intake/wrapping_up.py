"""Closing a contact: its disposition for the record, and the call-taker free for the next. Never commits."""

from calltaker.desk import own_calls
from calltaker.errors import ConflictError, RefusedError
from calltaker.intake import cut_off, protocol_sessions
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.record import Record
from ivr import record as line_record
from ivr import waiting_line
from models.call import Call
from models.contact_fields import ContactField
from models.personal import Keyring
from models.staff import Presence
from models.states import DISPOSITION_CODES, CallPhase, Disposition, PresenceState
from protocols.session import How


def close(
    record: Record, keyring: Keyring, call: Call, run: Run | Lost | None, disposition: str
) -> None:
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
    ended = _end_protocol(record, keyring, call, run, chosen)
    cut_off.open_task(record.session, call, ended, record.now)
    _be_available(record)
    record.tell()


def _end_protocol(
    record: Record, keyring: Keyring, call: Call, run: Run | Lost | None, chosen: Disposition
) -> Run | Lost | None:
    """End what is still open, as what it was; a caller who has gone went when the call ended."""
    if run is None or (isinstance(run, Run) and run.session.ended is not None):
        return run
    how = _how(call, run, chosen)
    at = call.ended_at if how is How.CALLER_GONE else None
    return protocol_sessions.end(record, keyring, run, how, at)


def _how(call: Call, run: Run | Lost, chosen: Disposition) -> How:
    if isinstance(run, Run) and run.emergency:
        return How.EMERGENCY
    if isinstance(run, Run) and run.verdict.final:
        return How.COMPLETED
    if chosen is Disposition.CALLER_GONE or cut_off.caller_has_gone(call):
        return How.CALLER_GONE
    return How.WRAPPED_UP


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
