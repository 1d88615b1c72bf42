"""Closing a contact: its disposition for the record, and the call-taker free for the next. Never commits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import own_calls, showing
from calltaker.desk.caller import open_caller
from calltaker.desk.dispositions import title_of
from calltaker.desk.viewer import Viewer
from calltaker.errors import ConflictError, RefusedError
from calltaker.intake import cut_off, protocol_sessions
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.record import Record
from ivr import record as line_record
from ivr import waiting_line
from models.call import Call
from models.contact_fields import ContactField
from models.journal import ContactFact, JournalEntry
from models.personal import Keyring
from models.staff import Presence
from models.states import DISPOSITION_CODES, CallPhase, Disposition, PresenceState
from protocols.session import How

WRAPPED_UP = "wrapped_up"
"""The journal's word for a contact that its call-taker has closed."""
CORRECTED_WITHIN = timedelta(minutes=10)
LOOKED_BACK = timedelta(hours=8)
"""The longest call whose outcome is still shown for putting right; it bounds what is searched."""


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
    record.note(WRAPPED_UP, {"disposition": chosen.value})
    ended = _end_protocol(record, keyring, call, run, chosen)
    cut_off.open_task(record.session, call, ended, record.now)
    _be_available(record)
    record.tell()


def correct(record: Record, disposition: str) -> None:
    """Say within ten minutes that a contact ended otherwise; what was said first stays beside it.

    Raises:
        RefusedError: no disposition.
        ConflictError: this person has not closed it, or longer ago.
    """
    chosen = _chosen(disposition)
    closed = _closed(record.session, record.call_id, record.staff_id)
    if closed is None:
        raise ConflictError("You have not wrapped this call up.", "Choose its outcome first.")
    if record.now > closed.at + CORRECTED_WITHIN:
        raise ConflictError(
            "The ten minutes for putting it right are over.", "Tell a supervisor how it ended."
        )
    was = _disposition(record.session, record.call_id)
    if was == chosen.value:
        return
    record.fact(ContactField.DISPOSITION, chosen.value)
    record.fact(ContactField.DISPOSITION_CODE, DISPOSITION_CODES[chosen])
    record.note("disposition_corrected", {"was": was, "disposition": chosen.value})
    record.tell()


def to_correct(session: Session, viewer: Viewer) -> dict[str, Any] | None:
    """The contact that this person closed last, while its outcome may still be put right."""
    closed = session.execute(
        select(JournalEntry, Call)
        .join(Call, Call.id == JournalEntry.call_id)
        .where(
            Call.started_at > viewer.now - LOOKED_BACK,
            Call.staff_id == viewer.staff_id,
            JournalEntry.kind == WRAPPED_UP,
            JournalEntry.actor == viewer.staff_id,
            JournalEntry.at > viewer.now - CORRECTED_WITHIN,
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    ).one_or_none()
    if closed is None:
        return None
    entry, call = closed
    disposition = _disposition(session, call.id) or ""
    return {
        "call_id": call.id,
        "caller": open_caller(viewer.keyring, call, viewer.sight).number,
        "intent_title": viewer.intent_title(call.intent),
        "disposition": disposition,
        "title": title_of(disposition),
        "until": showing.instant(entry.at + CORRECTED_WITHIN),
    }


def _closed(session: Session, call_id: str, staff_id: str) -> JournalEntry | None:
    """When this person closed a contact; the last time, if it came back to them."""
    return session.scalar(
        select(JournalEntry)
        .where(
            JournalEntry.call_id == call_id,
            JournalEntry.kind == WRAPPED_UP,
            JournalEntry.actor == staff_id,
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )


def _disposition(session: Session, call_id: str) -> str | None:
    """The outcome that stands: the last that was said."""
    return session.scalar(
        select(ContactFact.value)
        .where(ContactFact.call_id == call_id, ContactFact.field == ContactField.DISPOSITION.value)
        .order_by(ContactFact.id.desc())
        .limit(1)
    )


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
