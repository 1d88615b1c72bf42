"""What the city publishes: menus, hours, destinations, categories, protocols, as versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, words_of
from models.states import PublicationKind, PublicationState

LIVE = text("state = 'live'")
SCHEDULED = text("state = 'scheduled'")


class Publication(Base):
    """One immutable version of one document. At most one is live for a kind and key.

    Only `state` and `published_at` ever change. Trials count downwards from -1, so that the
    versions a city published have no gap.
    """

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
        Index(
            "ix_publication_scheduled",
            "publish_at",
            sqlite_where=SCHEDULED,
            postgresql_where=SCHEDULED,
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
    """The YAML or JSON text as the city wrote it."""
    author: Mapped[str] = mapped_column(String(64))
    """A staff id, or `city pack`."""
    approver: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    publish_at: Mapped[datetime | None]
    """When a scheduled version shall go live."""
    published_at: Mapped[datetime | None]
    """When it last went live."""
    accepted: Mapped[list[Any] | None] = mapped_column(JSON)
    """Warnings of the gate that somebody accepted for this version: the finding, `reason`, `by`
    (a staff id) and `at`."""
