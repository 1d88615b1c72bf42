"""Signed-in browsers as rows. The cookie holds a random word, the row only its SHA-256.

Ending a row ends the browser's access at its next request. Knows no cookie and no page.
A disabled person keeps nothing but a live call: until it ends or somebody has taken it over they
may work at it, and at nothing else, so that no caller is left alone by an administrator.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, exists, select, update
from sqlalchemy.orm import Session

from models.call import Leg
from models.staff import Staff, StaffSession
from models.states import LegKind, Role

UNSEEN = timedelta(minutes=30)
LONGEST = timedelta(hours=14)
SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person at the door. `session_id` names their browser's row; `only_call` see above."""

    session_id: str
    staff_id: str
    name: str
    role: Role
    languages: tuple[str, ...]
    only_call: bool = False

    @property
    def identity(self) -> str:
        """Their softphone's name at the telephone company."""
        return f"staff-{self.staff_id}"


def fingerprint(word: str) -> str:
    """SHA-256 of a secret word, hex: what a row keeps of it."""
    return hashlib.sha256(word.encode()).hexdigest()


def begin(session: Session, staff_id: str, now: datetime) -> str:
    """Open a new browser session and return its word; always a new word, so none can be planted."""
    word = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            id=fingerprint(word),
            staff_id=staff_id,
            created_at=now,
            seen_at=now,
            confirmed_at=now,
            ended_at=None,
        )
    )
    return word


def find(session: Session, word: str, now: datetime, *, mark_seen: bool = True) -> SignedIn | None:
    """Say who holds this word, or None when it is unknown, old, ended or its person disabled.

    Marks the row as seen at most once a minute, unless nothing may be written now.
    """
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.id == fingerprint(word), StaffSession.ended_at.is_(None))
    ).one_or_none()
    if row is None or _is_old(row[0], now):
        return None
    browser, staff = row
    disabled = staff.disabled_at is not None
    if disabled and not has_live_call(session, staff.id):
        return None
    if mark_seen and now - browser.seen_at >= SEEN_EVERY:
        browser.seen_at = now
    return _signed_in(browser, staff, only_call=disabled)


def still_open(session: Session, session_id: str) -> bool:
    """Say whether a session found earlier still stands and its person is not disabled."""
    found = session.scalar(
        select(StaffSession.id)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.id == session_id,
            StaffSession.ended_at.is_(None),
            Staff.disabled_at.is_(None),
        )
    )
    return found is not None


def end(session: Session, session_id: str, now: datetime) -> None:
    """Sign one browser out."""
    session.execute(_open_rows(now).where(StaffSession.id == session_id))


def end_all(session: Session, staff_id: str, now: datetime) -> None:
    """Sign a person out everywhere."""
    session.execute(_open_rows(now).where(StaffSession.staff_id == staff_id))


def has_live_call(session: Session, staff_id: str) -> bool:
    """Say whether this person has a caller now."""
    live = exists().where(
        Leg.kind == LegKind.CALL_TAKER, Leg.staff_id == staff_id, Leg.left_at.is_(None)
    )
    return bool(session.scalar(select(live)))


def _open_rows(now: datetime) -> Update:
    return update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=now)


def _is_old(browser: StaffSession, now: datetime) -> bool:
    return now - browser.seen_at > UNSEEN or now - browser.created_at > LONGEST


def _signed_in(browser: StaffSession, staff: Staff, *, only_call: bool) -> SignedIn:
    languages = tuple(filter(None, staff.languages.split(",")))
    return SignedIn(browser.id, staff.id, staff.name, staff.role, languages, only_call)
