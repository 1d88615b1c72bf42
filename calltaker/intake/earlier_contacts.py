"""Earlier contacts from the number that calls: a list beside the call, and one of them to read.

Found by the number's blind index, so no row is opened to look for them. A number is no person: a
house, an office, a borrowed telephone call by the same one. So nothing here is ever spoken to a
caller, and nobody is routed by it. The list says when, about what and how it ended; what was said is
told of one contact at a time, and each opening stands in that contact's journal.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.desk.caller import open_caller
from calltaker.desk.dispositions import title_of
from calltaker.desk.viewer import Viewer
from calltaker.errors import NotFoundError
from calltaker.intake import follow_ups, notes, requests, tags
from calltaker.intake.record import Record
from calltaker.intake.tags import CityTags
from calltaker.staff.permissions import Sight
from models.call import Call
from models.contact_fields import ContactField
from models.escalation import Escalation
from models.intake import ServiceRequest
from models.journal import ContactFact
from models.states import EmergencyLevel, Language

MOST = 10
OPENED = "contact_opened"
"""The journal's word for somebody who read this contact from another one."""


def count(session: Session, call: Call, viewer: Viewer) -> int:
    """How many earlier contacts came from this call's number; 0 for eyes that may not see it."""
    found = _earlier(call, viewer)
    if found is None:
        return 0
    return session.scalar(select(func.count()).select_from(Call).where(*found)) or 0


def of_call(session: Session, call: Call, viewer: Viewer) -> dict[str, Any]:
    """Write the newest of them, at most `MOST`, without what was said."""
    found = _earlier(call, viewer)
    if found is None:
        return {"count": 0, "contacts": []}
    newest = session.scalars(
        select(Call).where(*found).order_by(Call.started_at.desc(), Call.id).limit(MOST)
    ).all()
    ids = [one.id for one in newest]
    made, ended, dialled = _requests(session, ids), _ended(session, ids), _dialled(session, ids)
    return {
        "count": count(session, call, viewer),
        "contacts": [
            {
                "call_id": one.id,
                "at": showing.instant(one.started_at),
                "intent_title": viewer.intent_title(one.intent),
                "outcome": one.outcome.value if one.outcome else None,
                "disposition": ended.get(one.id),
                "request": made.get(one.id),
                "emergency": _stood(one, dialled),
            }
            for one in newest
        ],
    }


def opened(
    record: Record, call: Call, earlier_id: str, viewer: Viewer, city: CityTags
) -> dict[str, Any]:
    """Write one of them to be read, and into its journal who read it. `record` is of that contact.

    Raises:
        NotFoundError: it is none of this call's earlier contacts, or no longer kept.
    """
    session, found = record.session, _earlier(call, viewer)
    other = None
    if found is not None:
        other = session.scalar(select(Call).where(Call.id == earlier_id, *found))
    if other is None:
        raise NotFoundError("This contact is not there.", "Go back to the call.")
    record.note(OPENED, {"from_call": call.id})
    return _summary(session, other, viewer, city)


def _earlier(call: Call, viewer: Viewer) -> list[ColumnElement[bool]] | None:
    """What makes a call an earlier contact; None where there is no number, or it may not be seen."""
    if call.caller_number_index is None or viewer.sight is not Sight.FULL:
        return None
    return [
        Call.caller_number_index == call.caller_number_index,
        Call.id != call.id,
        Call.started_at <= call.started_at,
        Call.started_at > viewer.now - _kept(viewer, "call"),
    ]


def _kept(viewer: Viewer, record_class: str) -> timedelta:
    """How long a class of records is kept; what the city has not said is not shown."""
    return timedelta(days=viewer.retention_days.get(record_class, 0))


def _requests(session: Session, ids: Sequence[str]) -> dict[str | None, str]:
    rows = session.execute(
        select(ServiceRequest.call_id, ServiceRequest.number)
        .where(ServiceRequest.call_id.in_(ids))
        .order_by(ServiceRequest.created_at)
    )
    return {row.call_id: row.number for row in rows}


def _ended(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The last disposition of each, by its title."""
    rows = session.execute(
        select(ContactFact.call_id, ContactFact.value)
        .where(
            ContactFact.call_id.in_(ids),
            ContactFact.field == ContactField.DISPOSITION.value,
        )
        .order_by(ContactFact.id)
    )
    return {call_id: title_of(value or "") for call_id, value in rows}


def _dialled(session: Session, ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(Escalation.call_id).where(Escalation.call_id.in_(ids))))


def _stood(call: Call, dialled: set[str]) -> bool:
    """Whether an emergency stood: 911 was asked for, or the caller's words were read as one."""
    return call.id in dialled or call.emergency_level is EmergencyLevel.EMERGENCY


def _summary(session: Session, other: Call, viewer: Viewer, city: CityTags) -> dict[str, Any]:
    caller = open_caller(viewer.keyring, other, viewer.sight)
    has_words = other.started_at > viewer.now - _kept(viewer, "words")
    put = tags.view(session, viewer.keyring, city, other.id)
    kept = follow_ups.of_call(session, viewer.keyring, other.id, viewer.now)
    return {
        "call_id": other.id,
        "at": showing.instant(other.started_at),
        "language": (other.language or Language.EN).value,
        "intent_title": viewer.intent_title(caller.intent),
        "words": caller.words if has_words else None,
        "words_kept": has_words,
        "place": (caller.place or {}).get("text"),
        "emergency": _stood(other, _dialled(session, [other.id])),
        "outcome": other.outcome.value if other.outcome else None,
        "disposition": _ended(session, [other.id]).get(other.id),
        "service_request": requests.view(session, requests.of_call(session, other.id)),
        "tags": [one for one in put if has_words or not one["is_proposal"]],
        "follow_ups": kept if has_words else [],
        "notes": notes.view(session, viewer.keyring, other.id)["text"] if has_words else "",
    }
