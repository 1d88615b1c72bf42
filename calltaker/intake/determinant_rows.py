"""Writing down each change of the determinant that stands: a row, the journal, the comparable record.

Both values are kept: what stands, and what the rules alone say. Never decides anything.
"""

from typing import TYPE_CHECKING

from calltaker.intake.record import Record
from models.contact_fields import ContactField
from models.intake import SET_REASON, DeterminantSet
from models.personal import Keyring
from models.states import DeterminantSource
from protocols.script import Determinant
from protocols.session import By, Event, Overridden, Retriaged

if TYPE_CHECKING:
    from calltaker.intake.protocol_sessions import Run


def keep(
    record: Record, keyring: Keyring, before: "Run", after: "Run", event: Event, event_id: str
) -> None:
    """Write a row for a change of the determinant, of what it stands by, or of its being final.

    A reason is sealed to the event that gives it; no open text of a person goes into the journal.
    """
    found = after.standing
    assert found is not None  # noqa: S101 - asked by the session's module
    chosen = after.session.standing_by is not By.RULES
    computed = after.verdict.determinant
    reason = event.reason if isinstance(event, Retriaged | Overridden) else ""
    record.session.add(
        DeterminantSet(
            session_id=after.row.id,
            determinant=found.id,
            level=found.level.value,
            common_code=found.common_code,
            priority=found.priority,
            criteria=[met.rule for met in after.verdict.criteria],
            final=after.final,
            set_at=record.now,
            source=DeterminantSource(after.session.standing_by.value),
            computed=computed.id if computed else None,
            event_id=event_id if chosen else None,
            reason=keyring.seal(SET_REASON, event_id, reason) if reason else None,
        )
    )
    record.note("determinant_set", {"determinant": found.id, "final": after.final})
    if found != before.standing:
        criteria = [met.rule for met in after.verdict.criteria]
        tell(record, found, after.session.standing_by.value if chosen else ",".join(criteria))


def tell(record: Record, found: Determinant, criteria: str) -> None:
    """Write a determinant into the comparable record; `criteria` the rules met, or who chose."""
    record.fact(ContactField.DETERMINANT_SET)
    record.fact(ContactField.DETERMINANT, found.id)
    record.fact(ContactField.COMMON_CODE, found.common_code)
    record.fact(ContactField.PRIORITY, str(found.priority))
    record.fact(ContactField.CRITERIA, criteria)
    destination = f"{found.destination.kind.value}:{found.destination.key}"
    record.fact(ContactField.DESTINATION_RECOMMENDED, destination)
