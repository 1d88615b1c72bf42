"""Invitations: an address that makes one account, once, within 72 hours. Rows only, no pages."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, NotFoundError
from calltaker.staff import accounts
from calltaker.staff.sessions import fingerprint
from models.staff import Invitation, Staff
from models.states import Role

LASTS = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh invitation. `word` is told once and kept nowhere; `path` is below the public address."""

    email: str
    word: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """The single-use address without its origin."""
        return f"/invitation/{self.word}"


def invite(
    session: Session, email: str, role: Role, invited_by: str | None, now: datetime
) -> Invited:
    """Invite somebody; earlier open invitations of the address stop working.

    Raises:
        RefusedError: no e-mail address.
        ConflictError: the address has an account.
    """
    email = accounts.address(email)
    if accounts.find(session, email) is not None:
        raise ConflictError(
            "This address has an account already.", "Enable it, or change its role."
        )
    session.execute(
        update(Invitation)
        .where(Invitation.email == email, Invitation.used_at.is_(None))
        .values(expires_at=now)
    )
    invited = Invited(email, secrets.token_urlsafe(32), now + LASTS)
    session.add(
        Invitation(
            id=fingerprint(invited.word),
            email=email,
            role=role,
            invited_by=invited_by,
            created_at=now,
            expires_at=invited.expires_at,
            used_at=None,
        )
    )
    return invited


def find(session: Session, word: str, now: datetime) -> Invitation:
    """Return the invitation of a word while it can be used.

    Raises:
        NotFoundError: unknown, used or too old; which of them is not said.
    """
    invitation = session.get(Invitation, fingerprint(word))
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        raise _gone()
    return invitation


def accept(
    session: Session, word: str, *, name: str, password: str, now: datetime, new_id: str
) -> Staff:
    """Make the account of an invitation. One conditional UPDATE: a word works for one person only.

    Raises:
        NotFoundError: the word cannot be used (any more).
        RefusedError, ConflictError: as `accounts.make`; the caller rolls back and the word stays.
    """
    invitation = find(session, word, now)
    staff = accounts.make(
        session,
        email=invitation.email,
        name=name,
        role=invitation.role,
        password=password,
        now=now,
        new_id=new_id,
    )
    claimed = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult for an UPDATE
        raise _gone()
    return staff


def waiting(session: Session, now: datetime) -> Sequence[Invitation]:
    """Return invitations that were not used yet and still can be."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now)
        .order_by(Invitation.created_at)
    ).all()


def _gone() -> NotFoundError:
    return NotFoundError(
        "This invitation cannot be used: it was used already, or it is older than 72 hours.",
        "Ask the person who invited you for a new one.",
    )
