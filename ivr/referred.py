"""Who of the directory is called into a call now, and what that means for the room. Reads only."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.rules import referral
from models.referral import Referral


def open_of(session: Session, call_id: str) -> Sequence[Referral]:
    """Everybody of the directory who is being called into the call, or is in it."""
    return session.scalars(
        select(Referral)
        .where(Referral.call_id == call_id, Referral.ended_at.is_(None))
        .order_by(Referral.requested_at)
    ).all()


def newest_of(session: Session, call_id: str) -> Referral | None:
    """Whoever was called last."""
    return session.scalar(
        select(Referral)
        .where(Referral.call_id == call_id)
        .order_by(Referral.requested_at.desc())
        .limit(1)
    )


def helpers(rows: Iterable[Referral]) -> frozenset[str | None]:
    """The legs of those who are nobody's company: interpreters."""
    return frozenset(row.call_sid for row in rows if not referral.takes_over(row.kind))


def has_not_taken(row: Referral) -> bool:
    """Whoever was called for the caller does not have them yet; an interpreter never will."""
    stay = row.stay_until_accepted
    has_them = referral.has_the_caller(row.kind, row.state, stay_until_accepted=stay)
    return referral.takes_over(row.kind) and not has_them


def has_company(session: Session, call_id: str) -> bool:
    """Say whether somebody who may take the caller over is on the line with them."""
    return any(
        row.state in referral.TALKING and referral.takes_over(row.kind)
        for row in open_of(session, call_id)
    )
