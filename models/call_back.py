"""Callers who asked to be called back: whom, since when, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.personal import Column
from models.states import CallBackOutcome, Language

CALL_BACK_NUMBER = Column("call_back", "number")
CALL_BACK_NOTE = Column("call_back", "note")
EMERGENCY = "an emergency"
"""In `node`, of a caller who did not ask: an emergency stands and they are gone. No node is named so."""
MESSAGE = "a message"
"""In `node`, of a caller who left a message and is rung for it. No node is named so."""


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
    number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    """The number's blind index: a text message that cancels comes from it."""
    skill: Mapped[str] = mapped_column(String(40), default="general", server_default="general")
    waiting_since: Mapped[datetime | None]
    """When the caller first began to wait: the place that every try keeps; None: `asked_at`."""
    after_hours: Mapped[bool] = mapped_column(default=False, server_default=false())
    """They agreed to be rung when the line is closed."""
    next_try_at: Mapped[datetime | None]
    """When the next try enters the line; None: none is waited for."""
    text_message_id: Mapped[str | None] = mapped_column(Id)
    """The text that told them the window and how to cancel."""
    claimed_by: Mapped[str | None] = mapped_column(Id)
    """Whoever works on it; `staff.id`."""
    claimed_at: Mapped[datetime | None]


class CallBackTry(Base):
    """One try to ring somebody back: a contact of its own, from its place in the line to its end.

    At most one is open a wish, whoever asks for it: nobody is rung twice at once.
    """

    __tablename__ = "call_back_try"
    __table_args__ = (
        Index(
            "uq_call_back_try_open",
            "call_back_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_call_back_try_call_back_id_n", "call_back_id", "n"),
        Index("ix_call_back_try_dialled_at", "dialled_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_back_id: Mapped[str] = mapped_column(ForeignKey("call_back.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    """The call that this try is; its caller is the resident who is rung."""
    n: Mapped[int]
    opened_at: Mapped[datetime]
    dialled_at: Mapped[datetime | None]
    outcome: Mapped[CallBackOutcome | None] = mapped_column(words_of(CallBackOutcome, "outcome"))
    ended_at: Mapped[datetime | None]
