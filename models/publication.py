"""What the city publishes: menus, hours, destinations, categories, protocols, as versions."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.states import PublicationKind, PublicationState

LIVE = text("state = 'live'")


class Publication(Base):
    """One immutable version of one document. At most one is live for a kind and key."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        Index(
            "uq_publication_live",
            "kind",
            "key",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[PublicationKind] = mapped_column(words_of(PublicationKind, "kind"))
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    state: Mapped[PublicationState] = mapped_column(words_of(PublicationState, "state"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `document`, hex."""
    document: Mapped[str] = mapped_column(Text)
    """The YAML text as the city wrote it."""
    author: Mapped[str] = mapped_column(String(64))
    """A staff id, or `city pack`."""
    approver: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
