"""The list of the city's protocols and how each stands: live, being written, waiting, kept back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.authoring import history, live_protocols, protocol_document
from calltaker.intake.published import published
from models.draft import Draft
from models.publication import Publication
from models.states import DraftState, PublicationKind, PublicationState
from protocols.levels import Level
from protocols.script import Protocol

_KIND = PublicationKind.PROTOCOL


@dataclass(frozen=True, slots=True)
class Live:
    """The version that calls begin with. `author` is a name."""

    version: int
    since: datetime | None
    author: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One protocol. Without `live` it was never published, or `retired`: taken out of use.

    `protocol` is the live version, else the draft, else the newest; None where that cannot be read. `levels` count
    its determinants, the most urgent level first. `draft` is None where nobody writes on one.
    """

    key: str
    protocol: Protocol | None
    levels: Sequence[tuple[str, int]]
    live: Live | None
    draft: DraftState | None
    saved_by: str
    saved_at: datetime | None
    retired: bool
    scheduled: Sequence[tuple[int, datetime | None]] = ()

    @property
    def name(self) -> str:
        """Its English title, or its key in words."""
        return self.protocol.title.en if self.protocol else self.key.replace("_", " ")

    def has(self, words: str) -> bool:
        """Whether its key or a title has these words."""
        title = self.protocol.title if self.protocol else None
        said = " ".join([self.key, *([title.en, title.es] if title else [])]).casefold()
        return all(word in said for word in words.casefold().split())


def listed(session: Session, words: str = "") -> list[Listed]:
    """Every protocol whose key or title has all of `words`, by name."""
    live = live_protocols.readable(session, published())
    rows = {row.key: row for row in _rows(session, PublicationState.LIVE)}
    drafts = {row.key: row for row in session.scalars(select(Draft).where(Draft.kind == _KIND))}
    idle = _by_key(_without_live(session))
    waiting = _by_key(_rows(session, PublicationState.SCHEDULED))
    names = history.names_of(
        session,
        [*(row.author for row in rows.values()), *(one.saved_by for one in drafts.values())],
    )
    found = [
        replace(
            _listed(key, live.get(key), rows.get(key), drafts.get(key), idle.get(key, ()), names),
            scheduled=[(one.version, one.publish_at) for one in waiting.get(key, ())],
        )
        for key in {**rows, **drafts, **idle}
    ]
    return sorted((one for one in found if one.has(words)), key=lambda one: one.name.casefold())


def at_work(protocols: Sequence[Listed]) -> list[Listed]:
    """Those that somebody writes on; what waits for a second person comes first."""
    begun = [one for one in protocols if one.draft is not None]
    return sorted(begun, key=lambda one: one.draft is not DraftState.PROPOSED)


def _listed(
    key: str,
    protocol: Protocol | None,
    row: Publication | None,
    draft: Draft | None,
    idle: Sequence[Publication],
    names: Mapping[str | None, str],
) -> Listed:
    if protocol is None and (written := draft or next(iter(idle), None)):
        protocol = protocol_document.loaded(written.document)
    return Listed(
        key=key,
        protocol=protocol,
        levels=_levels(protocol),
        live=Live(row.version, row.published_at, names[row.author]) if row else None,
        draft=draft.state if draft else None,
        saved_by=names[draft.saved_by] if draft else "",
        saved_at=draft.saved_at if draft else None,
        retired=any(one.state is PublicationState.SUPERSEDED for one in idle),
    )


def _levels(protocol: Protocol | None) -> list[tuple[str, int]]:
    counted = Counter(one.level for one in protocol.determinants) if protocol else Counter[Level]()
    return [(level.value, counted[level]) for level in Level if counted[level]]


def _rows(session: Session, state: PublicationState) -> Sequence[Publication]:
    return session.scalars(
        select(Publication).where(Publication.kind == _KIND, Publication.state == state)
    ).all()


def _without_live(session: Session) -> Sequence[Publication]:
    """The versions of protocols of which none is live, the newest first."""
    live = select(Publication.key).where(
        Publication.kind == _KIND, Publication.state == PublicationState.LIVE
    )
    return session.scalars(
        select(Publication)
        .where(Publication.kind == _KIND, Publication.version > 0, Publication.key.not_in(live))
        .order_by(Publication.version.desc())
    ).all()


def _by_key(rows: Iterable[Publication]) -> dict[str, list[Publication]]:
    found: dict[str, list[Publication]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found
