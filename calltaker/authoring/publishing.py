"""Making a version live: now, at its set time, or again. Exactly one is live at the end of each.

Why two publishings at once are safe: whoever changes what is live first locks the document's first
version (PostgreSQL: a row lock that lets calls go on pinning it; SQLite: the one writer), so they
come one after the other; each takes its own row by a conditional statement; and the database itself
holds at most one live version of a document (`uq_publication_live`). Never commits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from calltaker.authoring import documents, history
from calltaker.authoring.errors import MovedOnError
from calltaker.authoring.history import BY_ITSELF, Doing, Subject
from models.publication import Publication
from models.states import HistoryEvent, PublicationState


@dataclass(frozen=True, slots=True)
class Approved:
    """A text that passed: who wrote it, why, when it shall go live (None: now), and the warnings
    that were accepted for it.
    """

    text: str
    author: str
    reason: str
    publish_at: datetime | None = None
    accepted: Sequence[Mapping[str, Any]] = ()


def lock(session: Session, subject: Subject) -> None:
    """Wait until nobody else changes what is live of this document."""
    session.execute(
        select(Publication.id)
        .where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.version == 1,
        )
        .with_for_update(key_share=True)
    )


def publish(
    session: Session,
    subject: Subject,
    approved: Approved,
    doing: Doing,
    new_id: Callable[[], str],
) -> Publication:
    """Make a new version, live at once or scheduled; `lock` was taken by whoever decides."""
    waits = approved.publish_at is not None and approved.publish_at > doing.at
    if not waits:
        _take_live_down(session, subject)
    version = Publication(
        id=new_id(),
        kind=subject.kind,
        key=subject.key,
        version=_newest(session, subject) + 1,
        state=PublicationState.SCHEDULED if waits else PublicationState.LIVE,
        digest=documents.digest(approved.text),
        document=approved.text,
        author=approved.author,
        approver=doing.by,
        approved_at=doing.at,
        reason=approved.reason,
        created_at=doing.at,
        publish_at=approved.publish_at if waits else None,
        published_at=None if waits else doing.at,
        accepted=list(approved.accepted) or None,
    )
    session.add(version)
    session.flush()
    history.note(
        session, subject, HistoryEvent.APPROVED, doing, version=version, reason=approved.reason
    )
    if not waits:
        history.note(session, subject, HistoryEvent.PUBLISHED, doing, version=version)
    return version


def roll_back(
    session: Session, subject: Subject, number: int, reason: str, doing: Doing
) -> Publication:
    """Make an earlier version live again.

    Raises:
        MovedOnError: there is no such version, or it was never live, or it is live now.
    """
    lock(session, subject)
    target = _version(session, subject, number)
    if target is None or target.state is not PublicationState.SUPERSEDED:
        raise MovedOnError(
            f"Version {number} cannot be made live again: it is live, or never was.",
            "Load the page again and choose one of the earlier versions.",
        )
    _take_live_down(session, subject)
    if not _go_live(session, target, PublicationState.SUPERSEDED, doing.at):
        raise MovedOnError("Somebody else was quicker.", "Load the page again.")
    history.note(session, subject, HistoryEvent.ROLLED_BACK, doing, version=target, reason=reason)
    return target


def publish_scheduled(
    session: Session, publication: Publication, at: datetime, found: str = ""
) -> bool:
    """Make a scheduled version live; False when somebody else did, or called it off.

    `found` is what was looked at once more on the way, for its history.
    """
    subject = Subject(publication.kind, publication.key)
    lock(session, subject)
    if not _still(session, publication, PublicationState.SCHEDULED):
        return False
    _take_live_down(session, subject)
    _go_live(session, publication, PublicationState.SCHEDULED, at)
    history.note(
        session,
        subject,
        HistoryEvent.PUBLISHED,
        Doing(BY_ITSELF, at),
        version=publication,
        reason=f"at its set time; {found}" if found else "at its set time",
    )
    return True


def set_aside(
    session: Session,
    publication: Publication,
    what: HistoryEvent,
    doing: Doing,
    reason: str,
) -> bool:
    """Take a scheduled version out of the way; False when it is no longer scheduled."""
    subject = Subject(publication.kind, publication.key)
    lock(session, subject)
    changed = session.execute(
        update(Publication)
        .where(
            Publication.id == publication.id,
            Publication.state == PublicationState.SCHEDULED,
        )
        .values(state=PublicationState.WITHHELD)
    )
    if cast("CursorResult[tuple[()]]", changed).rowcount != 1:
        return False
    history.note(session, subject, what, doing, version=publication, reason=reason)
    return True


def take_down(session: Session, subject: Subject, doing: Doing, reason: str) -> bool:
    """Leave a document without a live version; False when it had none."""
    lock(session, subject)
    live = session.scalar(
        select(Publication).where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.state == PublicationState.LIVE,
        )
    )
    if live is None:
        return False
    _take_live_down(session, subject)
    history.note(session, subject, HistoryEvent.TAKEN_AWAY, doing, version=live, reason=reason)
    return True


def _take_live_down(session: Session, subject: Subject) -> None:
    session.execute(
        update(Publication)
        .where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.state == PublicationState.LIVE,
        )
        .values(state=PublicationState.SUPERSEDED)
    )


def _go_live(
    session: Session, publication: Publication, was: PublicationState, at: datetime
) -> bool:
    changed = session.execute(
        update(Publication)
        .where(Publication.id == publication.id, Publication.state == was)
        .values(state=PublicationState.LIVE, published_at=at)
    )
    return cast("CursorResult[tuple[()]]", changed).rowcount == 1


def _still(session: Session, publication: Publication, state: PublicationState) -> bool:
    now = session.scalar(select(Publication.state).where(Publication.id == publication.id))
    return now is state


def _version(session: Session, subject: Subject, number: int) -> Publication | None:
    return session.scalar(
        select(Publication).where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.version == number,
            Publication.version > 0,
        )
    )


def _newest(session: Session, subject: Subject) -> int:
    found = session.scalar(
        select(func.max(Publication.version)).where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.version > 0,
        )
    )
    return found or 0
