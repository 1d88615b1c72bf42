"""Published protocols in memory: a version never changes, so each is read and loaded once.

Knows publications and the protocol engine's loader; no call and no page.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calltaker.errors import NotFoundError
from models import publications
from models.publication import Publication
from models.states import PublicationKind, PublicationState
from protocols import loading
from protocols.errors import ProtocolError
from protocols.red_flags import RedFlag
from protocols.script import Protocol

log = structlog.get_logger(__name__)

RED_FLAGS = Path(loading.__file__).with_name("red_flags.yaml")


class NotReadAheadError(Exception):
    """The published protocols are not in memory yet."""


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a protocol."""

    publication_id: str
    number: int
    protocol: Protocol


class PublishedProtocols:
    """Versions by publication id; a doubled load under load is harmless.

    `panel` are the universal red flags, in the order of their number keys.
    """

    def __init__(self) -> None:
        self._is_read_ahead = False
        self._loaded: dict[str, Protocol] = {}
        self._unusable: dict[str, ProtocolError] = {}
        self.panel: tuple[RedFlag, ...] = loading.load_red_flags(
            RED_FLAGS.read_text(encoding="utf-8"), RED_FLAGS.name
        )

    def pinned(self, session: Session, publication_id: str) -> Protocol:
        """Return the protocol of a version, live or not: a session never changes its version.

        Raises:
            NotFoundError: there is no such publication.
            ProtocolError: its document cannot be used (the publish gate lets none such through).
        """
        known = self._loaded.get(publication_id)
        if known is not None:
            return known
        if publication_id in self._unusable:
            wrong = self._unusable[publication_id]
            raise ProtocolError(wrong.name, wrong.mistakes)
        publication = publications.by_id(session, publication_id)
        if publication is None or publication.kind is not PublicationKind.PROTOCOL:
            raise NotFoundError("This protocol version is not there.", "Choose another protocol.")
        return self._load(publication)

    def live(self, session: Session) -> list[Version]:
        """Return every live protocol that can be used, by key.

        One that cannot, published by an older program, costs its own place in the list and no
        call-taker the desk.
        """
        rows = session.execute(
            select(Publication.id, Publication.version)
            .where(
                Publication.kind == PublicationKind.PROTOCOL,
                Publication.state == PublicationState.LIVE,
            )
            .order_by(Publication.key)
        ).all()
        self._load_together(session, [key for key, _ in rows])
        return [
            Version(key, number, used) for key, number in rows if (used := self._used(session, key))
        ]

    def _load_together(self, session: Session, ids: Sequence[str]) -> None:
        """Load those that are not in memory with one question to the database instead of one each."""
        missing = [key for key in ids if key not in self._loaded and key not in self._unusable]
        if not missing:
            return
        for publication in session.scalars(select(Publication).where(Publication.id.in_(missing))):
            with suppress(ProtocolError):
                self._load(publication)

    def read_ahead(self, reading: Callable[[], AbstractContextManager[Session]]) -> None:
        """Read every live one before a call needs it: a first call-taker waits for none.

        A database that does not answer costs only that: each is read when it is asked for.
        """
        try:
            with reading() as session:
                self.live(session)
        except SQLAlchemyError as away:
            log.warning("protocols_not_read_ahead", error=type(away).__name__)
        finally:
            self._is_read_ahead = True

    def require_read_ahead(self) -> None:
        """Be ready only then: whoever loads them all while writing makes every other writer wait.

        Raises:
            NotReadAheadError: they are still being read.
        """
        if not self._is_read_ahead:
            raise NotReadAheadError("the protocols are still being read; wait a few seconds")

    def _used(self, session: Session, publication_id: str) -> Protocol | None:
        try:
            return self.pinned(session, publication_id)
        except ProtocolError:
            return None

    def live_one(self, session: Session, protocol: str) -> Version:
        """Return the live version of a protocol.

        Raises:
            NotFoundError: there is none of this name, or none that can be used.
        """
        found = publications.live(session, PublicationKind.PROTOCOL, protocol)
        used = self._used(session, found.id) if found else None
        if found is None or used is None:
            raise NotFoundError("There is no such protocol.", "Choose one of the list.")
        return Version(found.id, found.version, used)

    def _load(self, publication: Publication) -> Protocol:
        """Load a version once; one that cannot be used is told once and not tried again."""
        name = f"{publication.key} v{publication.version}"
        try:
            protocol = _load_once(publication.document, name)
        except ProtocolError as wrong:
            log.error("protocol_unusable", publication=publication.id, mistakes=str(wrong))
            self._unusable[publication.id] = wrong
            raise
        self._loaded[publication.id] = protocol
        return protocol


@lru_cache(maxsize=512)
def _load_once(document: str, name: str) -> Protocol:
    """Load a document once a process: doors, sweeper and ledger ask for the same ones."""
    return loading.load(document, name)


def published() -> PublishedProtocols:
    """The published protocols of the application that answers the present request."""
    return cast(PublishedProtocols, current_app.extensions["published_protocols"])
