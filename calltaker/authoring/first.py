"""The city pack's first publications: each document published once per key, by "city pack".

Later differences between the pack and what is live become drafts, never live: after the first day
the city's own versions are the truth. Knows documents as text only.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.publication import Publication
from models.states import PublicationKind, PublicationState

AUTHOR = "city pack"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the pack; `text` as the city wrote it (YAML)."""

    kind: PublicationKind
    key: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Became(StrEnum):
    """What became of a document."""

    LIVE = "live"
    DRAFT = "draft"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the report: which document became what; `version` is None when unchanged."""

    kind: PublicationKind
    key: str
    became: Became
    version: int | None


def publish_first(
    session: Session,
    documents: Iterable[Document],
    now: datetime,
    new_id: Callable[[], str],
) -> list[Published]:
    """Publish what was never published; what differs from every version becomes a draft.

    Doing it again changes nothing. Does not commit.
    """
    return [_publish(session, document, now, new_id) for document in documents]


def _publish(
    session: Session, document: Document, now: datetime, new_id: Callable[[], str]
) -> Published:
    versions = session.scalars(
        select(Publication)
        .where(Publication.kind == document.kind, Publication.key == document.key)
        .order_by(Publication.version)
    ).all()
    if any(version.digest == document.digest for version in versions):
        return Published(document.kind, document.key, Became.UNCHANGED, None)
    made = _version(document, versions[-1].version + 1 if versions else 1, now, new_id())
    session.add(made)
    session.flush()
    became = Became.LIVE if made.state is PublicationState.LIVE else Became.DRAFT
    return Published(document.kind, document.key, became, made.version)


def _version(document: Document, number: int, now: datetime, new_id: str) -> Publication:
    is_first = number == 1
    return Publication(
        id=new_id,
        kind=document.kind,
        key=document.key,
        version=number,
        state=PublicationState.LIVE if is_first else PublicationState.DRAFT,
        digest=document.digest,
        document=document.text,
        author=AUTHOR,
        reason="first publication" if is_first else "the city pack differs from what is live",
        created_at=now,
        published_at=now if is_first else None,
    )
