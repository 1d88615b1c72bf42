"""The waiting line: places and offers. The rows are the truth; Twilio's queue only plays music."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.states import Language, LineState, OfferState, PriorityClass

ACTIVE = text("state IN ('waiting', 'reserved')")
TAKEN = text("state = 'taken'")


class LineEntry(Base):
    """A place in the line. At most one active place a call."""

    __tablename__ = "line_entry"
    __table_args__ = (
        Index(
            "uq_line_entry_active",
            "call_id",
            unique=True,
            sqlite_where=ACTIVE,
            postgresql_where=ACTIVE,
        ),
        Index(
            "ix_line_entry_waiting",
            "state",
            "joined_at",
            sqlite_where=ACTIVE,
            postgresql_where=ACTIVE,
        ),
        Index("ix_line_entry_taken", "ended_at", sqlite_where=TAKEN, postgresql_where=TAKEN),
        Index("uq_line_entry_continues_id", "continues_id", unique=True),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    priority: Mapped[PriorityClass] = mapped_column(words_of(PriorityClass, "priority"))
    skill: Mapped[str] = mapped_column(String(40))
    overflow: Mapped[list[Any] | None] = mapped_column(JSON)
    """From when on others are asked too: pairs of a skill and seconds of waiting, as they were when the
    caller joined. Empty: the usual time (`ivr.rules.skills`)."""
    language: Mapped[Language] = mapped_column(words_of(Language, "language"))
    state: Mapped[LineState] = mapped_column(words_of(LineState, "state"))
    joined_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    """When the caller first began to wait; kept when they come back to the line."""
    continues_id: Mapped[str | None] = mapped_column(Id)
    """The place that this caller had in a call that was cut off; each is given back once."""
    first_for: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """A returning caller is offered to the same call-taker first."""
    first_for_until: Mapped[datetime | None]
    reserved_offer_id: Mapped[str | None] = mapped_column(Id)
    reserved_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reserved_until: Mapped[datetime | None]
    """Lease by database time; after it the place is waiting again, whoever died."""
    ended_at: Mapped[datetime | None]


class Offer(Base):
    """One call offered to one call-taker. Its id is the opaque word the softphone connects with."""

    __tablename__ = "offer"
    __table_args__ = (Index("ix_offer_staff_id_state", "staff_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("line_entry.id"))
    """Empty when the caller is already in the room (an escalation with an empty chair)."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[OfferState] = mapped_column(words_of(OfferState, "state"))
    offered_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """Empty: stays open until the call no longer needs it (above everything)."""
    accepted_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    """When `POST /voice/desk` proved the softphone."""
    ended_at: Mapped[datetime | None]
