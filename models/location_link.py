"""Links texted to callers by which their telephone may tell, once, where they are."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id
from models.personal import Column

LINK_TOKEN = Column("location_link", "token")
BY_LINK = "location_link"
"""`source` of a place that came by a link, and the comparable record's method."""


class LocationLink(Base):
    """One link of one call. The position that comes by it is kept with the call, not here."""

    __tablename__ = "location_link"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    text_message_id: Mapped[str] = mapped_column(ForeignKey("text_message.id"), unique=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who asked for it; None: the line itself offered it to a caller in the menu."""
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the word in the address: reading the table opens no link."""
    token: Mapped[bytes | None]
    """The word itself, sealed to `id`, until the text message has gone."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """By database time; moved forward when a newer link takes its place."""
    used_at: Mapped[datetime | None]
