"""Callers who asked to be called back: whom, since when, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import Language

CALL_BACK_NUMBER = Column("call_back", "number")
CALL_BACK_NOTE = Column("call_back", "note")
EMERGENCY = "an emergency"
"""In `node`, of a caller who did not ask: an emergency stands and they are gone. No node is named so."""


class CallBack(Base):
    """Somebody to be called back, by their wish or for an emergency, and the task; at most one a call."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index(
            "ix_call_back_to_do",
            "asked_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    number: Mapped[bytes]
    """The caller's own number, E.164, sealed to `id`; empty of an emergency: the call has it."""
    language: Mapped[Language] = mapped_column(words_of(Language, "language"))
    node: Mapped[str] = mapped_column(String(200))
    """Where in the menu it was offered, or `EMERGENCY`."""
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[bytes | None]
    """What came of it, sealed to `id`."""
