"""Everything that happened in a call, append-only, and the comparable record of the contact."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Serial
from models.personal import Column

JOURNAL_WORDS = Column("journal", "words")


class JournalEntry(Base):
    """One thing that happened. `data` holds no personal text; `words` is sealed to `entry_id`."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_call_id_id", "call_id", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    entry_id: Mapped[str] = mapped_column(Id, unique=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(48))
    actor: Mapped[str | None] = mapped_column(String(64))
    """`caller`, `line`, `twilio`, or a staff id."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[bytes | None]


class ContactFact(Base):
    """One value of the comparable 311 / 911 record, as it was set.

    Every change is a new row and none is overwritten: the first row of a field is its initial
    value, the last its final one. Fields are those of `models.contact_fields`.
    """

    __tablename__ = "contact_fact"
    __table_args__ = (Index("ix_contact_fact_call_id_field", "call_id", "field"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    at: Mapped[datetime]
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(String(200))
    actor: Mapped[str | None] = mapped_column(String(64))
