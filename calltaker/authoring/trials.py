"""Calling the draft: a snapshot that calls to the trial number run for half an hour.

A snapshot is a version that nobody published: it stays as it was for the calls that began with it.
The newest one counts. Never commits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from calltaker.authoring import documents, history
from calltaker.authoring.history import Doing, Subject
from models.call import Call
from models.draft import PublicationEvent
from models.publication import Publication
from models.states import HistoryEvent, PublicationKind, PublicationState

LASTS = timedelta(minutes=30)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """A snapshot that can be called, and until when."""

    publication_id: str
    until: datetime


def begin(
    session: Session, subject: Subject, text: str, doing: Doing, new_id: Callable[[], str]
) -> Trial:
    """Let calls to the trial number run this text from now on."""
    _clear_away(session, subject, doing.at)
    snapshot = Publication(
        id=new_id(),
        kind=subject.kind,
        key=subject.key,
        version=_lowest(session, subject) - 1,
        state=PublicationState.TRIAL,
        digest=documents.digest(text),
        document=text,
        author=doing.by,
        reason="tried by telephone",
        created_at=doing.at,
    )
    session.add(snapshot)
    session.flush()
    history.note(session, subject, HistoryEvent.TRIED, doing, digest=snapshot.digest)
    return Trial(snapshot.id, doing.at + LASTS)


def current(session: Session, key: str, now: datetime) -> Trial | None:
    """The snapshot of a menu that can be called at `now`."""
    found = session.execute(
        select(Publication.id, Publication.created_at)
        .where(
            Publication.kind == PublicationKind.MENU,
            Publication.key == key,
            Publication.state == PublicationState.TRIAL,
            Publication.created_at > now - LASTS,
        )
        .order_by(Publication.version)
        .limit(1)
    ).one_or_none()
    return None if found is None else Trial(found.id, found.created_at + LASTS)


def _lowest(session: Session, subject: Subject) -> int:
    found = session.scalar(
        select(func.min(Publication.version)).where(
            Publication.kind == subject.kind, Publication.key == subject.key
        )
    )
    return min(found or 0, 0)


def _clear_away(session: Session, subject: Subject, now: datetime) -> None:
    """Old snapshots that no call began with are nobody's history."""
    session.execute(
        delete(Publication).where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.state == PublicationState.TRIAL,
            Publication.created_at < now - _KEPT,
            ~exists().where(Call.menu_publication_id == Publication.id),
            ~exists().where(PublicationEvent.publication_id == Publication.id),
        )
    )
