"""What must follow a commit: effects outside (outbox), news for desks, and moments to act at."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Serial, words_of
from models.states import DeadlineKind, OutboxState

PENDING = text("state = 'pending'")
NOT_DONE = text("done_at IS NULL")


class OutboxEntry(Base):
    """An effect to be done once, written in the transaction of the change that asks for it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "next_try_at", sqlite_where=PENDING, postgresql_where=PENDING),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What makes the effect one: a second row for the same effect is refused."""
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Ids only, never personal text."""
    state: Mapped[OutboxState] = mapped_column(words_of(OutboxState, "state"))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DeskEvent(Base):
    """News for desks, kept 24 h and replayed by id. Redis only says that there is some."""

    __tablename__ = "desk_event"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Empty: for every desk."""
    call_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Deadline(Base):
    """A moment at which the line itself must act; taken by one conditional UPDATE."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_deadline_due", "due_at", sqlite_where=NOT_DONE, postgresql_where=NOT_DONE),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[DeadlineKind] = mapped_column(words_of(DeadlineKind, "kind"))
    subject: Mapped[str] = mapped_column(String(80))
    """What it is about: an offer, escalation attempt or call id, made unique by its writer."""
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
