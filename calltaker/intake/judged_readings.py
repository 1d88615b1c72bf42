"""Whether the line read a caller's danger right: what call-takers say of it. Never commits.

A judgement is a journal entry beside the reading, never over it; the newest of a call counts.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import RefusedError
from calltaker.intake.record import Record
from models.call import Call
from models.journal import JournalEntry
from models.states import EmergencyLevel, ReadingJudgement

KIND = "reading_judged"


def judge(record: Record, call: Call, word: str) -> None:
    """Keep what a call-taker found of the reading of this call.

    Raises:
        RefusedError: no such judgement, or one that cannot be of this reading.
    """
    judgement = next((one for one in ReadingJudgement if one.value == word), None)
    read = call.emergency_level
    if judgement is None:
        raise RefusedError("That is no judgement.", "Choose right, missed or false alarm.")
    if judgement is ReadingJudgement.FALSE_ALARM and read is EmergencyLevel.NONE:
        raise RefusedError("The line raised no alarm.", "Choose right or danger missed.")
    if judgement is ReadingJudgement.MISSED and read is EmergencyLevel.EMERGENCY:
        raise RefusedError("The line read an emergency.", "Choose right or false alarm.")
    record.note(KIND, {"judgement": judgement.value, "read": read.value, "intent": call.intent})


def newest(session: Session, call_id: str) -> str | None:
    """The newest judgement of a call's reading, or None."""
    data = session.scalar(
        select(JournalEntry.data)
        .where(JournalEntry.call_id == call_id, JournalEntry.kind == KIND)
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return str(data["judgement"]) if data else None
