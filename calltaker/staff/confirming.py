"""Asking for the password again before what cannot be taken lightly (trust, S-19).

A password counts for a quarter of an hour in the browser where it was given. Wrong ones are slowed
down as at the sign-in, so that an unlocked desk is no place to guess. Knows no particular order.
"""

from datetime import datetime, timedelta
from typing import cast

from flask import current_app, request

from calltaker.doorway import door
from calltaker.errors import PasswordNeededError, TooManyError
from calltaker.staff import accounts
from calltaker.staff.guards import signed_in
from calltaker.staff.slow_down import SlowDown
from models.staff import Staff, StaffSession

COUNTS = timedelta(minutes=15)


def is_fresh() -> bool:
    """Whether the password was given lately, so that no form needs to ask for it."""
    runtime = door().runtime
    with runtime.reading() as session:
        browser = session.get(StaffSession, signed_in().session_id)
    return browser is not None and _counts(browser, runtime.clock())


def require_password(password: str | None) -> None:
    """Go on only if this person gave their password lately, or gives it now.

    Raises:
        PasswordNeededError: it is needed, or not the right one.
        TooManyError: too many wrong ones.
    """
    runtime, person = door().runtime, signed_in()
    now = runtime.clock()
    with runtime.reading() as session:
        browser = session.get(StaffSession, person.session_id)
        staff = session.get(Staff, person.staff_id)
    if browser is not None and _counts(browser, now):
        return
    if not password or staff is None:
        raise PasswordNeededError
    _check(staff, password[:400])
    with runtime.sessions() as session:
        found = session.get(StaffSession, person.session_id)
        if found is not None:
            found.confirmed_at = now
        session.commit()


def _counts(browser: StaffSession, now: datetime) -> bool:
    return browser.confirmed_at is not None and now - browser.confirmed_at < COUNTS


def _check(staff: Staff, password: str) -> None:
    slow = cast(SlowDown, current_app.extensions["staff_slow_down"])
    address, now = request.remote_addr or "", door().runtime.clock()
    if wait := slow.seconds_to_wait(staff.email, address, now):
        raise TooManyError("Too many wrong passwords.", "Wait a little and try again.", wait)
    if not accounts.is_password_of(staff.password_hash, password):
        slow.failed(staff.email, address, now)
        raise PasswordNeededError("That is not your password, so nothing was done.")
    slow.succeeded(staff.email, address)
