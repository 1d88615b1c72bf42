"""What happened to the city's documents: written with each change, never changed, read by pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.draft import PublicationEvent
from models.publication import Publication
from models.staff import Staff
from models.states import HistoryEvent, PublicationKind

BY_ITSELF = "line"
"""Who did what happened at a set time."""
_SHOWN = 200
_NAMED = {"city pack": "city pack", BY_ITSELF: "the line itself"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One document: its kind and key."""

    kind: PublicationKind
    key: str


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, and when."""

    by: str
    at: datetime


def note(
    session: Session,
    subject: Subject,
    what: HistoryEvent,
    doing: Doing,
    *,
    version: Publication | None = None,
    digest: str | None = None,
    reason: str = "",
) -> None:
    """Write down that something happened."""
    session.add(
        PublicationEvent(
            kind=subject.kind.value,
            key=subject.key,
            publication_id=version.id if version else None,
            version=version.version if version else None,
            digest=version.digest if version else digest,
            what=what,
            by=doing.by,
            at=doing.at,
            reason=reason[:400],
        )
    )


def events(session: Session, kind: str, key: str) -> list[dict[str, Any]]:
    """What happened to a document, newest first, for a page."""
    rows = session.scalars(
        select(PublicationEvent)
        .where(PublicationEvent.kind == kind, PublicationEvent.key == key)
        .order_by(PublicationEvent.id.desc())
        .limit(_SHOWN)
    ).all()
    names = names_of(session, (row.by for row in rows))
    return [
        {
            "what": row.what.value,
            "version": row.version,
            "by": names[row.by],
            "at": row.at.isoformat(),
            "reason": row.reason,
        }
        for row in rows
    ]


def versions(session: Session, subject: Subject) -> Sequence[Publication]:
    """Every version of a document, newest first; trials are none."""
    return session.scalars(
        select(Publication)
        .where(
            Publication.kind == subject.kind,
            Publication.key == subject.key,
            Publication.version > 0,
        )
        .order_by(Publication.version.desc())
    ).all()


def names_of(session: Session, ids: Iterable[str | None]) -> Mapping[str | None, str]:
    """The names of people by their staff id; what is no person is named as it is."""
    wanted = {one for one in ids if one}
    found = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted))).all()
    known: dict[str, str] = {staff_id: name for staff_id, name in found}  # noqa: C416 - rows, not pairs
    named: dict[str | None, str] = {one: known.get(one, _NAMED.get(one, one)) for one in wanted}
    return {**named, None: ""}
