"""Danger in a call-taker's notes: read by the line's own readers as they are saved. Never commits.

It says so on the desk and in the journal, once for each rise; it decides and dials nothing.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.intake.record import Record
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.menu_state import Readers
from models.journal import JournalEntry
from models.states import EmergencyLevel, Language

KIND = "note_read"
NEWEST_WORDS = 2_000
"""Characters at the end of the notes that are read: what was typed last counts."""


def read(record: Record, readers: Readers, text: str) -> None:
    """Read notes in both languages; write down what is more urgent than was read before."""
    found = [readers.emergency(text[-NEWEST_WORDS:], language) for language in Language]
    surest = max(found, key=lambda reading: reading.rank)
    before = newest(record.session, record.call_id)
    known = EmergencyLevel(before["level"]) if before else EmergencyLevel.NONE
    if surest.rank > EmergencyReading(known).rank:
        record.note(KIND, {"level": surest.level.value, "reason": surest.reason})
        record.tell()


def newest(session: Session, call_id: str) -> dict[str, str] | None:
    """What was read last in a call's notes: its level and reason, or None."""
    data = session.scalar(
        select(JournalEntry.data)
        .where(JournalEntry.call_id == call_id, JournalEntry.kind == KIND)
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return {"level": str(data["level"]), "reason": str(data["reason"])} if data else None
