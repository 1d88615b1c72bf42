"""The danger last chosen from the panel in a call, whether or not a protocol ran.

Before the first protocol, and after the last, no session holds it: the comparable record does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.contact_fields import ContactField
from models.journal import ContactFact
from protocols.red_flags import RedFlag


@dataclass(frozen=True, slots=True)
class Raised:
    """A red flag and when it was raised."""

    flag: RedFlag
    at: datetime


def newest(session: Session, call_id: str, panel: Iterable[RedFlag]) -> Raised | None:
    """Return the red flag that was raised last in a call, None if there was none."""
    flags = {flag.determinant.id: flag for flag in panel}
    found = session.scalar(
        select(ContactFact)
        .where(
            ContactFact.call_id == call_id,
            ContactFact.field == ContactField.DETERMINANT.value,
            ContactFact.value.in_(flags),
        )
        .order_by(ContactFact.id.desc())
        .limit(1)
    )
    return Raised(flags[found.value or ""], found.at) if found else None
