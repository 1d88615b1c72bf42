"""The city's live protocols that can be read: one that cannot must not hide the others.

A version was proven when it went live; the program that reads it may be newer.
"""

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.intake.published import PublishedProtocols
from models.publication import Publication
from models.states import PublicationKind, PublicationState
from protocols.errors import ProtocolError
from protocols.script import Protocol


def readable(session: Session, protocols: PublishedProtocols) -> dict[str, Protocol]:
    """Every live protocol by its key; those that cannot be read are left out."""
    rows = session.execute(
        select(Publication.id, Publication.key)
        .where(
            Publication.kind == PublicationKind.PROTOCOL,
            Publication.state == PublicationState.LIVE,
        )
        .order_by(Publication.key)
    ).all()
    found: dict[str, Protocol] = {}
    for publication_id, key in rows:
        with suppress(ProtocolError):
            found[key] = protocols.pinned(session, publication_id)
    return found
