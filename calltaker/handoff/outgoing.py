"""What an agency may read of ours: its own handoffs, as they are now, each reading kept. No commit."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calltaker.handoff import identifiers, packet, packets
from calltaker.handoff.agencies import Agency
from calltaker.handoff.errors import UnknownError, UnsoundPacketError
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from models.escalation import Escalation
from models.handoff import PACKET_BODY, Handoff, HandoffEvent, HandoffPacket
from models.states import HandoffDirection, HandoffFact

MOST_CHANGES = 200
_NAME = re.compile(r"[A-Za-z0-9:.@_-]{1,330}")
_HEX = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Given:
    """A packet as it is handed out."""

    handoff_id: str
    version: int
    sha256: str
    text: str


def is_name(name: str) -> bool:
    """Say whether this could be a name of anything here; other bytes reach no database."""
    return _NAME.fullmatch(name) is not None


def find(exchange: Exchange, session: Session, agency: Agency, name: str) -> Handoff:
    """The agency's newest handoff of this name: ours or theirs, of the handoff or the incident.

    Raises:
        UnknownError: there is none, or it is another agency's: both look the same.
    """
    if not is_name(name):
        raise UnknownError
    ours = name.endswith(f":{exchange.agencies.ourselves.domain}")
    unique = (identifiers.unique_of(name) if ours else name) or ""
    named = [Handoff.their_incident_urn == name]
    if _HEX.fullmatch(unique):
        named += [Handoff.id == unique, Handoff.incident_id == unique]
    found = session.scalar(
        select(Handoff)
        .where(Handoff.agency == agency.key, or_(*named))
        .order_by((Handoff.id == unique).desc(), Handoff.begun_at.desc())
        .limit(1)
    )
    if found is None:
        raise UnknownError
    return found


def read(exchange: Exchange, writing: Writing, agency: Agency, name: str) -> Given:
    """Give the present state of a handoff to its agency, and keep that it was read.

    Raises:
        UnknownError: nothing of this name is theirs, or nothing is known yet.
        UnsoundPacketError: the rules refuse what we know.
    """
    packets.enter_new(exchange, writing)
    handoff = find(exchange, writing.session, agency, name)
    row = current(exchange, writing, handoff)
    if row is None:
        raise UnknownError
    if any(each["severity"] == "error" for each in row.findings):
        raise UnsoundPacketError(row.findings)
    writing.note(
        handoff, HandoffFact.PACKET_READ, agency.domain, version=row.version, sha256=row.sha256
    )
    text = exchange.runtime.keyring.unseal(PACKET_BODY, row.id, row.body)
    return Given(handoff.id, row.version, row.sha256, text)


def current(exchange: Exchange, writing: Writing, handoff: Handoff) -> HandoffPacket | None:
    """Our newest packet of a handoff, brought up to now; theirs where they told us of the call."""
    if handoff.escalation_id is not None:
        escalation = writing.session.get_one(Escalation, handoff.escalation_id)
        return packets.keep_current(exchange, writing, escalation)
    return packets.newest_packet(writing.session, handoff.id, HandoffDirection.IN)


def changes(exchange: Exchange, writing: Writing, agency: Agency, since: int) -> dict[str, Any]:
    """The versions of an agency's packets since a position, oldest first."""
    packets.enter_new(exchange, writing)
    rows = writing.session.execute(
        select(HandoffEvent, Handoff)
        .join(Handoff, Handoff.id == HandoffEvent.handoff_id)
        .where(
            Handoff.agency == agency.key,
            HandoffEvent.fact == HandoffFact.PACKET_SAVED,
            HandoffEvent.id > since,
        )
        .order_by(HandoffEvent.id)
        .limit(MOST_CHANGES)
    ).all()
    found = [_change(exchange, event, handoff) for event, handoff in rows]
    return {"changes": found, "next": found[-1]["position"] if found else since}


def _change(exchange: Exchange, event: HandoffEvent, handoff: Handoff) -> dict[str, Any]:
    return {
        "position": event.id,
        "handoff_id": handoff.id,
        "incident": packets.our_urn(exchange, handoff),
        "packet_version": event.data.get("version"),
        "packet_sha256": event.data.get("sha256"),
        "at": packet.instant(event.at),
    }
