"""Reading what is published. Versions never change, so whoever reads one may keep it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.publication import Publication
from models.states import PublicationKind, PublicationState


def live(session: Session, kind: PublicationKind, key: str) -> Publication | None:
    """The live version of a document."""
    return session.scalar(
        select(Publication).where(
            Publication.kind == kind,
            Publication.key == key,
            Publication.state == PublicationState.LIVE,
        )
    )


def all_live(session: Session, kind: PublicationKind) -> list[Publication]:
    """Every live document of a kind, by key."""
    return list(
        session.scalars(
            select(Publication)
            .where(Publication.kind == kind, Publication.state == PublicationState.LIVE)
            .order_by(Publication.key)
        )
    )


def scheduled(session: Session, kind: PublicationKind, key: str) -> list[Publication]:
    """The versions of a document that wait for their time, the oldest first."""
    return list(
        session.scalars(
            select(Publication)
            .where(
                Publication.kind == kind,
                Publication.key == key,
                Publication.state == PublicationState.SCHEDULED,
            )
            .order_by(Publication.version)
        )
    )


def newest(session: Session, kind: PublicationKind, key: str) -> Publication | None:
    """The newest version of a document, whatever became of it; a trial is none."""
    return session.scalar(
        select(Publication)
        .where(Publication.kind == kind, Publication.key == key, Publication.version > 0)
        .order_by(Publication.version.desc())
        .limit(1)
    )


def by_id(session: Session, publication_id: str) -> Publication | None:
    """One version by its id."""
    return session.get(Publication, publication_id)


def version(session: Session, kind: PublicationKind, key: str, number: int) -> Publication | None:
    """One version of a document by its number."""
    return session.scalar(
        select(Publication).where(
            Publication.kind == kind, Publication.key == key, Publication.version == number
        )
    )
