"""Accounts of staff: made, signed in to, given a role, disabled and enabled. Rows only, no pages.

An address is kept in lower case. The last system administrator can neither be disabled nor given
another role: somebody must be able to let people in.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, NotFoundError, RefusedError
from calltaker.staff import passwords, sessions
from ivr.rules import skills
from models.staff import Presence, Staff
from models.states import PresenceState, Role

LONGEST_SKILLS = 200
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")


class WrongPasswordError(RefusedError):
    """The address or the password is not right; which of them is never said."""

    status = 401


class Standing(StrEnum):
    """Whether an account may be used."""

    ENABLED = "enabled"
    DISABLED = "disabled"


def address(text: str) -> str:
    """Return an e-mail address as it is kept.

    Raises:
        RefusedError: this is no address.
    """
    email = text.strip().lower()
    if not _ADDRESS.fullmatch(email) or not email.isprintable():
        raise RefusedError("That is not an e-mail address.", "Write it as name@city.example.")
    return email


def make(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
    new_id: str,
) -> Staff:
    """Make an account.

    Raises:
        RefusedError: no address, no name, or a password that cannot be used (with the reason).
        ConflictError: the address has an account.
    """
    email, name = address(email), name.strip()
    if not name or len(name) > 120:
        raise RefusedError("A name is needed, of at most 120 characters.", "Write your name.")
    if fault := passwords.fault(password, email):
        raise RefusedError(fault, "Choose another password.")
    if find(session, email) is not None:
        raise ConflictError("This address has an account already.", "Sign in with it.")
    staff = Staff(
        id=new_id,
        email=email,
        name=name,
        role=role,
        password_hash=passwords.make_hash(password),
        created_at=now,
    )
    session.add(staff)
    session.flush()
    return staff


def find(session: Session, email: str) -> Staff | None:
    """Return the account of an address."""
    return session.scalar(select(Staff).where(Staff.email == email))


def everybody(session: Session) -> Sequence[Staff]:
    """Return all accounts, enabled ones first, by name."""
    return session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)).all()


def is_password_of(stored_hash: str | None, password: str) -> bool:
    """Say whether the password is right; slow on purpose, so ask it with no transaction open.

    A hash is compared in every case, so that time does not tell whether the account exists.
    """
    return passwords.is_right(stored_hash, password)


def sign_in(
    session: Session, email: str, password: str, now: datetime, *, is_right: bool
) -> Staff | None:
    """Return the account if the password was right and it is enabled, else None.

    Failures are counted on the row for the people page; `slow_down` is what acts on them.
    """
    staff = find(session, email)
    if staff is None:
        return None
    if not is_right or staff.disabled_at is not None:
        staff.failed_sign_ins += 1
        staff.first_failed_at = staff.first_failed_at or now
        return None
    staff.failed_sign_ins, staff.first_failed_at = 0, None
    if passwords.is_outdated(staff.password_hash):
        staff.password_hash = passwords.make_hash(password)
    return staff


def change_role(session: Session, staff_id: str, role: Role, by: str, now: datetime) -> None:
    """Give a person another role and sign them out, so that they come back with a new word.

    Raises:
        NotFoundError: no such account.
        ConflictError: one's own, the last administrator's, or a person with a live call.
    """
    staff = _another(session, staff_id, by)
    if staff.role is role:
        return
    _keep_one_administrator(session, staff)
    if sessions.has_live_call(session, staff_id):
        raise ConflictError("This person has a caller now.", "Change the role after the call.")
    staff.role = role
    sessions.end_all(session, staff_id, now)


def change_skills(session: Session, staff_id: str, text: str, known: Collection[str]) -> None:
    """Say which calls a person takes: skills with commas between, or `all`. Holds from the next offer on.

    Raises:
        NotFoundError: no such account.
        RefusedError: no skill at all, or one that the city does not have.
    """
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFoundError("There is no such account.", "Go back to the list of people.")
    wanted = skills.from_text(text.lower())
    choice = ", ".join([skills.ALL, *sorted(known)])
    unknown = sorted(wanted - {skills.ALL, *known})
    if unknown or not wanted:
        what = f"There is no skill {unknown[0]!r}." if unknown else "No skill was written."
        raise RefusedError(what, f"Write one or more of: {choice}.")
    kept = skills.ALL if skills.ALL in wanted else ",".join(sorted(wanted))
    if len(kept) > LONGEST_SKILLS:
        raise RefusedError("These are too many skills for one person.", "Write all instead.")
    staff.skills = kept


def disable(session: Session, staff_id: str, by: str, now: datetime) -> None:
    """Shut an account out from its next request; a live call stays theirs (`sessions.find`).

    Raises:
        NotFoundError: no such account.
        ConflictError: one's own or the last administrator's.
    """
    staff = _another(session, staff_id, by)
    if staff.disabled_at is not None:
        return
    _keep_one_administrator(session, staff)
    staff.disabled_at = now
    if not sessions.has_live_call(session, staff_id):
        sessions.end_all(session, staff_id, now)
    _off_the_line(session, staff_id, now)


def enable(session: Session, staff_id: str, by: str) -> None:
    """Let an account in again; its old sessions stay ended.

    Raises:
        NotFoundError: no such account.
        ConflictError: one's own.
    """
    staff = _another(session, staff_id, by)
    staff.disabled_at, staff.failed_sign_ins, staff.first_failed_at = None, 0, None


def _another(session: Session, staff_id: str, by: str) -> Staff:
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFoundError("There is no such account.", "Go back to the list of people.")
    if staff_id == by:
        raise ConflictError("This is your own account.", "Ask another administrator.")
    return staff


def _keep_one_administrator(session: Session, staff: Staff) -> None:
    if staff.role is not Role.SYSTEM_ADMIN or staff.disabled_at is not None:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Staff)
        .where(Staff.role == Role.SYSTEM_ADMIN, Staff.disabled_at.is_(None), Staff.id != staff.id)
    )
    if not others:
        raise ConflictError(
            "This is the last system administrator.", "Make another administrator first."
        )


def _off_the_line(session: Session, staff_id: str, now: datetime) -> None:
    """Nobody new is offered to a disabled person; a live call's presence is the line's to change."""
    presence = session.get(Presence, staff_id)
    if presence is not None and presence.state is not PresenceState.ON_CALL:
        presence.state, presence.since = PresenceState.OFFLINE, now
