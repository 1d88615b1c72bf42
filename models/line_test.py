"""A test call to a destination's own test number: that the way there works is known before it is needed."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id

OPEN = text("ended_at IS NULL")


class LineTest(Base):
    """One test call; a destination has one under way at most."""

    __tablename__ = "line_test"
    __table_args__ = (
        Index(
            "uq_line_test_open",
            "destination",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_line_test_destination_begun_at", "destination", "begun_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    destination: Mapped[str] = mapped_column(String(40))
    """Key of the destination, as published."""
    begun_at: Mapped[datetime]
    call_sid: Mapped[str | None] = mapped_column(String(34))
    ended_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    ended_as: Mapped[str] = mapped_column(String(20))
    """The telephone company's word for how it ended, or `refused`."""
