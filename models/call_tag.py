"""Tags on a contact: words of the city's own list, or a word that a call-taker proposes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id
from models.personal import Column

TAG_WORD = Column("call_tag", "word")


class CallTag(Base):
    """One tag of one call. A word of the list is open; a proposal is free text, so it is sealed."""

    __tablename__ = "call_tag"
    __table_args__ = (UniqueConstraint("call_id", "tag"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    tag: Mapped[str | None] = mapped_column(String(40))
    """Its key in the city's list; None of a proposal."""
    word: Mapped[bytes | None]
    """A proposal as it was typed, sealed to `id`; None of a word of the list."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    tagged_at: Mapped[datetime] = mapped_column(index=True)
