"""A call-taker's notes on a call: saved as typed, the owner's last write wins. Never commits."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.errors import RefusedError
from calltaker.intake.record import Record
from ivr.record import add_once
from models.intake import NOTE_TEXT, CallNote
from models.personal import Keyring

LONGEST = 20_000


def save(record: Record, keyring: Keyring, text: str) -> CallNote:
    """Save the notes whole.

    Raises:
        RefusedError: too long to be notes.
    """
    if len(text) > LONGEST:
        raise RefusedError(f"Notes hold at most {LONGEST} characters.", "Shorten them.")
    note = _of(record.session, record.call_id) or _first(record)
    note.staff_id, note.saved_at = record.staff_id, record.now
    note.text = keyring.seal(NOTE_TEXT, note.id, text)
    return note


def _first(record: Record) -> CallNote:
    """Begin the notes of a call; of two pages that begin them at once the second joins the first."""
    note = CallNote(
        id=record.new_id(),
        call_id=record.call_id,
        staff_id=record.staff_id,
        text=b"",
        saved_at=record.now,
    )
    if not add_once(record.session, note):
        return _of(record.session, record.call_id) or note
    record.note("notes_begun")
    return note


def view(session: Session, keyring: Keyring, call_id: str) -> dict[str, Any]:
    """Write the notes in the desk's shape."""
    note = _of(session, call_id)
    if note is None:
        return {"text": "", "saved_at": None}
    text = keyring.unseal(NOTE_TEXT, note.id, note.text)
    return {"text": text, "saved_at": showing.instant(note.saved_at)}


def _of(session: Session, call_id: str) -> CallNote | None:
    return session.scalar(select(CallNote).where(CallNote.call_id == call_id))
