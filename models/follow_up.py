"""What is still to be done about a contact after its call: what, from when on, by whom, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id
from models.personal import Column

FOLLOW_UP_WHAT = Column("follow_up", "what")
FOLLOW_UP_NOTE = Column("follow_up", "note")


class FollowUp(Base):
    """One thing to do; a task of the desk from `due_at` until `done_at`. Words are sealed to `id`."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "ix_follow_up_to_do",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """Made by the page: the same order posted twice is one follow-up."""
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    what: Mapped[bytes]
    due_at: Mapped[datetime]
    for_staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Whose it is; None: anybody's."""
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[bytes | None]
    """What came of it."""
