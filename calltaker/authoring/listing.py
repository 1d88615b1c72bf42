"""The list of the city's documents and how each stands. Read in a few statements, texts left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from calltaker.authoring import history
from models.draft import Draft, PublicationEvent
from models.publication import Publication
from models.states import DraftState, HistoryEvent, PublicationKind, PublicationState

LISTED = (
    PublicationKind.MENU,
    PublicationKind.HOURS,
    PublicationKind.DESTINATIONS,
    PublicationKind.AGENCIES,
    PublicationKind.PHRASES,
)
NAMES = {
    PublicationKind.MENU: "Menu",
    PublicationKind.HOURS: "Hours and holidays",
    PublicationKind.DESTINATIONS: "Destinations",
    PublicationKind.AGENCIES: "Agencies of the 911 door",
    PublicationKind.PHRASES: "Phrases of danger",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One document: what is live, whether somebody writes on it, what waits for its time."""

    kind: str
    key: str
    name: str
    version: int
    live_since: datetime | None
    author: str
    draft: DraftState | None
    saved_by: str
    saved_at: datetime | None
    scheduled: Sequence[tuple[int, datetime | None]]


@dataclass(frozen=True, slots=True)
class KeptBack:
    """A version that should have gone live at `at`, and why the gate did not let it."""

    kind: str
    key: str
    name: str
    version: int | None
    at: datetime
    reason: str


def kept_back(session: Session, kinds: Sequence[PublicationKind] = LISTED) -> list[KeptBack]:
    """What callers ought to hear by now and do not, the newest first.

    Told until the document goes live anew: whoever approved it was gone when its time came. Of a
    document of which nothing is live, until its draft is gone too.
    """
    rows = session.scalars(
        select(PublicationEvent)
        .where(
            PublicationEvent.kind.in_(kinds),
            PublicationEvent.what == HistoryEvent.WITHHELD,
            _has_live(Publication.published_at <= PublicationEvent.at)
            | (~_has_live() & _has_draft()),
        )
        .order_by(PublicationEvent.id.desc())
    )
    return [
        KeptBack(row.kind, row.key, _name(row), row.version, row.at, row.reason) for row in rows
    ]


def _has_live(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the document of an event has a live version."""
    return exists().where(
        Publication.kind == PublicationEvent.kind,
        Publication.key == PublicationEvent.key,
        Publication.state == PublicationState.LIVE,
        *more,
    )


def _has_draft() -> ColumnElement[bool]:
    return exists().where(Draft.kind == PublicationEvent.kind, Draft.key == PublicationEvent.key)


def _name(row: PublicationEvent) -> str:
    return NAMES.get(PublicationKind(row.kind), row.key.replace("_", " "))


def listed(session: Session) -> list[Listed]:
    """Every document that is edited here, in the order in which callers meet them."""
    versions = session.execute(
        select(
            Publication.kind,
            Publication.key,
            Publication.version,
            Publication.state,
            Publication.author,
            Publication.published_at,
            Publication.publish_at,
        ).where(
            Publication.kind.in_(LISTED),
            Publication.state.in_((PublicationState.LIVE, PublicationState.SCHEDULED)),
        )
    ).all()
    drafts = {
        (row.kind, row.key): row
        for row in session.execute(
            select(Draft.kind, Draft.key, Draft.state, Draft.saved_by, Draft.saved_at)
        )
    }
    names = history.names_of(
        session, [*(row.author for row in versions), *(row.saved_by for row in drafts.values())]
    )
    found = []
    for row in versions:
        if row.state is not PublicationState.LIVE:
            continue
        draft = drafts.get((row.kind, row.key))
        waiting = [
            (one.version, one.publish_at)
            for one in versions
            if (one.kind, one.key, one.state) == (row.kind, row.key, PublicationState.SCHEDULED)
        ]
        found.append(
            Listed(
                kind=row.kind.value,
                key=row.key,
                name=NAMES[row.kind],
                version=row.version,
                live_since=row.published_at,
                author=names[row.author],
                draft=draft.state if draft else None,
                saved_by=names[draft.saved_by] if draft else "",
                saved_at=draft.saved_at if draft else None,
                scheduled=waiting,
            )
        )
    return sorted(found, key=lambda one: (LISTED.index(PublicationKind(one.kind)), one.key))
