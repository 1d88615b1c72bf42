"""The city pack's first publications: each document published once per key, by "city pack".

Later differences between the pack and what is live become drafts, never live: after the first day
the city's own versions are the truth. A draft that somebody is writing is left alone, and what was
once discarded is not offered again. Knows documents as text only.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.draft import Draft, PublicationEvent
from models.publication import Publication
from models.states import DraftState, HistoryEvent, PublicationKind, PublicationState

AUTHOR = "city pack"
DIFFERS = "the city pack differs from what is live"

Versions = defaultdict[tuple[PublicationKind, str], list[Publication]]


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
    """One line of the report: which document became what; `version` is the live one made."""

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
    """Publish what was never published; what differs from every version becomes the draft.

    Doing it again changes nothing. Does not commit.
    """
    wanted = list(documents)
    known = _versions(session, {document.kind for document in wanted})
    published = [
        _publish(session, document, known[document.kind, document.key], now, new_id)
        for document in wanted
    ]
    session.flush()
    return published


def _versions(session: Session, kinds: Iterable[PublicationKind]) -> Versions:
    """Every version of these kinds by kind and key, without its text: a pack has some fifty documents."""
    known: Versions = defaultdict(list)
    asked = select(Publication).where(Publication.kind.in_(kinds), Publication.version > 0)
    for version in session.scalars(asked.options(defer(Publication.document))):
        known[version.kind, version.key].append(version)
    return known


def _publish(
    session: Session,
    document: Document,
    versions: list[Publication],
    now: datetime,
    new_id: Callable[[], str],
) -> Published:
    if not versions:
        versions.append(_first_version(document, now, new_id()))
        session.add(versions[0])
        return Published(document.kind, document.key, Became.LIVE, 1)
    known = any(version.digest == document.digest for version in versions)
    if known or not _offer(session, document, versions, now, new_id):
        return Published(document.kind, document.key, Became.UNCHANGED, None)
    return Published(document.kind, document.key, Became.DRAFT, None)


def _offer(
    session: Session,
    document: Document,
    versions: Sequence[Publication],
    now: datetime,
    new_id: Callable[[], str],
) -> bool:
    """Make it the draft, unless somebody writes on one or has thrown this very text away."""
    draft = session.scalar(
        select(Draft).where(Draft.kind == document.kind, Draft.key == document.key)
    )
    if draft is not None and (draft.saved_by != AUTHOR or draft.document == document.text):
        return False
    if _was_discarded(session, document):
        return False
    live = next((v.id for v in versions if v.state is PublicationState.LIVE), None)
    if draft is None:
        draft = Draft(id=new_id(), kind=document.kind, key=document.key, revision=0)
        session.add(draft)
    draft.document, draft.revision, draft.based_on = document.text, draft.revision + 1, live
    draft.state, draft.reason = DraftState.EDITING, DIFFERS
    draft.saved_by, draft.saved_at = AUTHOR, now
    session.flush()
    return True


def _was_discarded(session: Session, document: Document) -> bool:
    found = session.scalar(
        select(PublicationEvent.id).where(
            PublicationEvent.kind == document.kind.value,
            PublicationEvent.key == document.key,
            PublicationEvent.what == HistoryEvent.DISCARDED,
            PublicationEvent.digest == document.digest,
        )
    )
    return found is not None


def _first_version(document: Document, now: datetime, new_id: str) -> Publication:
    return Publication(
        id=new_id,
        kind=document.kind,
        key=document.key,
        version=1,
        state=PublicationState.LIVE,
        digest=document.digest,
        document=document.text,
        author=AUTHOR,
        reason="first publication",
        created_at=now,
        published_at=now,
    )
