"""What the city is still writing: one shared draft a document, and the history of all of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Serial, words_of
from models.states import DraftState, HistoryEvent, PublicationKind


class Draft(Base):
    """The one draft of a document, shared by all who edit it.

    `revision` grows by one with every save: a save that names an older one is refused, so two
    editors never overwrite each other.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[PublicationKind] = mapped_column(words_of(PublicationKind, "kind"))
    key: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    """YAML or JSON, as its editor writes it; what it says is not proven."""
    revision: Mapped[int]
    based_on: Mapped[str | None] = mapped_column(ForeignKey("publication.id"))
    """The version that was live when this draft began."""
    state: Mapped[DraftState] = mapped_column(words_of(DraftState, "state"))
    reason: Mapped[str | None] = mapped_column(String(200))
    publish_at: Mapped[datetime | None]
    """When the proposal shall go live; empty: as soon as it is approved."""
    proposed_by: Mapped[str | None] = mapped_column(String(64))
    proposed_at: Mapped[datetime | None]
    saved_by: Mapped[str] = mapped_column(String(64))
    """A staff id, or `city pack`."""
    saved_at: Mapped[datetime]
    accepted: Mapped[list[Any] | None] = mapped_column(JSON)
    """Warnings of the gate that the proposer accepted, as in `Publication.accepted`."""


class PublicationEvent(Base):
    """One thing that happened to what the city publishes; append-only."""

    __tablename__ = "publication_event"
    __table_args__ = (Index("ix_publication_event_kind_key_id", "kind", "key", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    """A `PublicationKind`, or `switch`."""
    key: Mapped[str] = mapped_column(String(64))
    publication_id: Mapped[str | None] = mapped_column(ForeignKey("publication.id"))
    version: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the text that this is about, hex."""
    what: Mapped[HistoryEvent] = mapped_column(words_of(HistoryEvent, "what"))
    by: Mapped[str] = mapped_column(String(64))
    """A staff id, `city pack`, or `line` for what happens by itself."""
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400))
