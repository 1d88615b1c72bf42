"""Writing down what the desk did: journal, comparable record and news, in the change's transaction.

Data of a journal entry holds no personal text. Nothing is overwritten: each fact is a new row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from models.contact_fields import ContactField
from models.journal import ContactFact

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Record:
    """Writes for one call, one moment, one person."""

    session: Session
    call_id: str
    staff_id: str
    now: datetime
    new_id: Callable[[], str]

    def note(self, kind: str, data: Mapping[str, Any] | None = None) -> None:
        """Write a journal entry; `data` ids and counts only."""
        written = dict(data or {})
        record.note(self.session, self.call_id, kind, self.now, self.staff_id, **written)

    def fact(self, field: ContactField, value: str | None = None) -> None:
        """Write a value of the comparable record; a clock field has no value."""
        shown = value[:LONGEST_VALUE] if value else value
        record.fact(self.session, self.call_id, field, self.now, shown, self.staff_id)

    def first(self, field: ContactField) -> None:
        """Write a clock field once a call; later moments of the same kind are not the first."""
        found = self.session.scalar(
            select(ContactFact.id)
            .where(ContactFact.call_id == self.call_id, ContactFact.field == field.value)
            .limit(1)
        )
        if found is None:
            self.fact(field)

    def tell(self) -> None:
        """Tell this person's pages that their call has changed."""
        record.tell_desks(self.session, "call_changed", self.now, self.call_id, self.staff_id)
