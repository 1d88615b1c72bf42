"""Messages that callers left when nobody could answer: where each recording is, and who heard it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import Language

VOICEMAIL_NOTE = Column("voicemail", "note")


class Voicemail(Base):
    """One message, and the task to act on it. The sound stays with the telephone company."""

    __tablename__ = "voicemail"
    __table_args__ = (
        Index(
            "ix_voicemail_to_do",
            "left_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    recording_sid: Mapped[str] = mapped_column(String(34), unique=True)
    """What makes the message one: its end and the report about its file name the same Sid."""
    seconds: Mapped[int]
    language: Mapped[Language] = mapped_column(words_of(Language, "language"))
    left_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]
    """When the telephone company said that the file is there."""
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[bytes | None]
    """What was done about it, sealed to `id`."""
    claimed_by: Mapped[str | None] = mapped_column(Id)
    """Whoever works on it; `staff.id`."""
    claimed_at: Mapped[datetime | None]
