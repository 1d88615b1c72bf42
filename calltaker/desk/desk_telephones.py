"""Registering a desk telephone: whose number it is, and who has approved it. Never commits.

Its number is dialled only after somebody else has approved it; a changed number is approved anew.
"""

from datetime import datetime
from typing import Any

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.errors import ConflictError, NotFoundError, RefusedError
from ivr import record
from ivr.desk_telephone import somebody_elses
from ivr.rules.dialling import may_be_desk_telephone
from ivr.runtime import City
from models.desk_telephone import DESK_NUMBER, DeskTelephone
from models.personal import Keyring

LONGEST_NUMBER = 40


def view(keyring: Keyring, row: DeskTelephone | None) -> dict[str, Any] | None:
    """Somebody's own telephone as they see it; None without one."""
    if row is None:
        return None
    number = keyring.unseal(DESK_NUMBER, row.staff_id, row.number)
    return {"number": showing.plain(number), "is_approved": row.approved_at is not None}


def numbers(session: Session, keyring: Keyring) -> dict[str, dict[str, Any]]:
    """Everybody's, by the id of their account: for who approves them."""
    return {
        row.staff_id: view(keyring, row) or {} for row in session.scalars(select(DeskTelephone))
    }


def register(
    session: Session, keyring: Keyring, city: City, staff_id: str, text: str, now: datetime
) -> None:
    """Keep a number, unapproved; the same number again changes nothing, an empty text takes it away.

    Raises:
        RefusedError: no ordinary number, or one that is dialled for callers.
    """
    row = session.get(DeskTelephone, staff_id, with_for_update=True)
    if not text.strip():
        if row is not None:
            session.delete(row)
        _tell(session, staff_id, now)
        return
    number = _e164(text, city)
    if row is not None and keyring.unseal(DESK_NUMBER, staff_id, row.number) == number:
        return
    sealed = keyring.seal(DESK_NUMBER, staff_id, number)
    if row is None:
        session.add(DeskTelephone(staff_id=staff_id, number=sealed, registered_at=now))
    else:
        row.number, row.registered_at = sealed, now
        row.approved_by = row.approved_at = None
    _tell(session, staff_id, now)


def approve(session: Session, staff_id: str, by: str, now: datetime) -> None:
    """Somebody else says that this number may be dialled.

    Raises:
        NotFoundError: nothing is registered.
        ConflictError: it is their own.
    """
    row = session.get(DeskTelephone, staff_id, with_for_update=True)
    if row is None:
        raise NotFoundError("There is no desk telephone.", "Load the page again.")
    if staff_id == by:
        raise ConflictError("This is your own telephone.", "Somebody else must approve it.")
    row.approved_by, row.approved_at = by, now
    _tell(session, staff_id, now)


def _e164(text: str, city: City) -> str:
    try:
        number = phonenumbers.parse(text[:LONGEST_NUMBER], "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise RefusedError("This is no telephone number.", "Write it with its area code.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not may_be_desk_telephone(e164, somebody_elses(city)):
        raise RefusedError(
            "This number cannot be a desk telephone.",
            "Give a direct number here in the country that is no line of the city, of 911 or of a partner.",
        )
    return e164


def _tell(session: Session, staff_id: str, now: datetime) -> None:
    record.tell_desks(session, "presence_changed", now, staff_id=staff_id)
    session.flush()
