"""What a call-taker says they read to the caller as it stands: advice, closing words, questions; and
whether they read the number to call back to them.

A mark is a journal entry; the newest of a part counts, and without one nothing is known. Never
commits.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, RefusedError
from calltaker.intake.record import Record
from models.intake import ProtocolSession
from models.journal import JournalEntry

KIND = "read_aloud"


class Part(StrEnum):
    """What is read to a caller word for word."""

    QUESTIONS = "questions"
    ADVICE = "advice"
    CLOSING = "closing"
    CALL_BACK = "call_back"


def mark(record: Record, run: ProtocolSession, what: str, *, was_read: bool) -> None:
    """Keep that a part was read as it stands, or was not.

    Raises:
        RefusedError: there is no such part.
        ConflictError: the session has ended and is scored.
    """
    try:
        part = Part(what)
    except ValueError:
        raise RefusedError(
            "There is nothing of that kind to read.", "Load the page again."
        ) from None
    if run.ended_at is not None:
        raise ConflictError("This protocol has ended.", "Write it into the notes.")
    data = {"protocol_session": run.id, "what": part.value, "was_read": was_read}
    record.note(KIND, data)


def of_session(session: Session, run: ProtocolSession) -> Mapping[Part, bool]:
    """Return what was marked in a session; what is missing was never marked."""
    rows = session.scalars(
        select(JournalEntry.data)
        .where(JournalEntry.call_id == run.call_id, JournalEntry.kind == KIND)
        .order_by(JournalEntry.id)
    )
    return {Part(row["what"]): row["was_read"] for row in rows if row["protocol_session"] == run.id}
