"""What 911 has told of a caller, as the desk shows it: before the voice, and beside the call."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.handoff import ledger, sheet
from calltaker.handoff.packets import newest_packet, opened
from ivr import from_911
from models.handoff import Handoff, HandoffPacket
from models.personal import Keyring
from models.states import HandoffDirection, HandoffFact


def announced(
    session: Session, keyring: Keyring, now: datetime, within: timedelta
) -> list[dict[str, Any]]:
    """Calls that 911 has announced `within` this time and that have not rung yet, newest first."""
    rows = session.scalars(
        select(Handoff)
        .where(
            Handoff.direction == HandoffDirection.IN,
            Handoff.call_id.is_(None),
            Handoff.begun_at > now - within,
        )
        .order_by(Handoff.begun_at.desc())
        .limit(10)
    )
    return [_shown(session, keyring, row) for row in rows]


def of_call(session: Session, keyring: Keyring, call_id: str) -> dict[str, Any] | None:
    """What 911 has told of this call; None where it did not come from 911."""
    row = from_911.handed_over(session, call_id)
    return _shown(session, keyring, row) if row else None


def _shown(session: Session, keyring: Keyring, handoff: Handoff) -> dict[str, Any]:
    events = ledger.events_of(session, handoff.id)
    is_alone = from_911.who_is_there(session, handoff.id) is HandoffFact.ALONE
    filled = [e.data for e in events if e.fact is HandoffFact.ANSWERS_FILLED]
    row = newest_packet(session, handoff.id, HandoffDirection.IN)
    return {
        "handoff_id": handoff.id,
        "incident_id": handoff.incident_id,
        "agency": handoff.agency,
        "dispatcher": "alone" if is_alone else "with_dispatcher",
        "answered_by_911": filled[-1].get("questions", []) if filled else [],
        "packet": _packet(keyring, row) if row else None,
    }


def _packet(keyring: Keyring, row: HandoffPacket) -> dict[str, Any] | None:
    document = opened(keyring, row)
    if document is None:
        return None
    read = sheet.read(document)
    return {
        "version": row.version,
        "type": " ".join(filter(None, (read.common_type, read.type_text))),
        "level": read.level,
        "priority": read.priority,
        "places": [asdict(place) for place in read.places],
        "call_backs": list(read.call_backs),
        "notes": [line for note in read.notes for line in note.lines],
    }
