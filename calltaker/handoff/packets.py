"""Our packets: rendered from what is known now, judged, kept as versions when something changed.

One version a change; an unchanged state makes none. A packet that the rules refuse is kept with its
faults and not sent: the voice goes on regardless. Never commits.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.handoff import findings, identifiers, ledger, packet, rendering, validation
from calltaker.handoff.agencies import Agency
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.findings import Finding
from calltaker.handoff.gathering import gather, newest_escalation
from calltaker.handoff.known import EarlierIncident
from calltaker.handoff.ledger import Writing
from ivr import record
from models.call import Call
from models.escalation import Escalation, EscalationAttempt
from models.handoff import PACKET_BODY, Handoff, HandoffPacket
from models.personal import Keyring, PersonalError
from models.states import HandoffDirection, HandoffFact, HandoffTarget

LOOKED_BACK = timedelta(hours=2)
AT_ONCE = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A packet as JSON, its text as it is sent, and what the rules found."""

    document: dict[str, Any]
    text: str
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it may be sent."""
        return not validation.blocking(self.findings)


def of_call(exchange: Exchange, writing: Writing, call: Call) -> Rendered:
    """The packet of a call as it is now, for whoever its transfer rings, or would ring."""
    escalation = newest_escalation(writing.session, call.id)
    if escalation is not None:
        destination = destination_of(writing.session, escalation)
    else:
        destination = exchange.runtime.city.answering_points(call.jurisdiction)[0].key
    return render(exchange, writing, call, escalation, exchange.receiver(destination))


def render(
    exchange: Exchange,
    writing: Writing,
    call: Call,
    escalation: Escalation | None,
    receiver: Agency,
) -> Rendered:
    """Render and judge what is known now, for one receiver."""
    incident_id = ledger.incident_of(writing, call)
    earlier = _earlier(exchange, writing.session, incident_id)
    known = gather(writing.session, exchange.sources(), call, incident_id, earlier)
    we_own = escalation is None or escalation.accepted_at is None
    document = rendering.render(known, exchange.agencies, receiver, we_own=we_own).written()
    ground = findings.outgoing(
        exchange.agencies, receiver, exchange.common_types, writing.now, first=we_own
    )
    return Rendered(document, packet.text_of(document), validation.check(document, ground))


def keep_current(exchange: Exchange, writing: Writing, escalation: Escalation) -> HandoffPacket:
    """Bring the kept packet of a transfer up to what is known now; its newest version."""
    handoff = entered(exchange, writing, escalation)
    rendered = changed(exchange, writing, escalation)
    if rendered is not None:
        return keep(exchange, writing, handoff, HandoffDirection.OUT, rendered)
    newest = newest_packet(writing.session, handoff.id, HandoffDirection.OUT)
    assert newest is not None  # noqa: S101 - nothing has changed since it
    return newest


def entered(exchange: Exchange, writing: Writing, escalation: Escalation) -> Handoff:
    """The ledger's row of a transfer, with the agency that is being rung."""
    call = writing.session.get_one(Call, escalation.call_id)
    receiver = exchange.receiver(destination_of(writing.session, escalation))
    return ledger.outgoing(writing, call, escalation, receiver.key, HandoffTarget.PSAP)


def changed(exchange: Exchange, writing: Writing, escalation: Escalation) -> Rendered | None:
    """The packet as it is now, where it says something else than the kept one. Only reads."""
    call = writing.session.get_one(Call, escalation.call_id)
    receiver = exchange.receiver(destination_of(writing.session, escalation))
    rendered = render(exchange, writing, call, escalation, receiver)
    newest = newest_packet(writing.session, escalation.id, HandoffDirection.OUT)
    same = newest is not None and newest.essence == packet.essence_of(rendered.document)
    return None if same else rendered


def enter_new(exchange: Exchange, writing: Writing) -> int:
    """Enter transfers that no ledger row names yet, whoever else is late; how many there were.

    Asked for by the door itself, so that 911 reads a packet also while nothing runs behind it.
    """
    new = writing.session.scalars(
        select(Escalation)
        .outerjoin(Handoff, Handoff.escalation_id == Escalation.id)
        .where(Handoff.id.is_(None), Escalation.requested_at > writing.now - LOOKED_BACK)
        .limit(AT_ONCE)
    ).all()
    for escalation in new:
        keep_current(exchange, writing, escalation)
    return len(new)


def keep(
    exchange: Exchange,
    writing: Writing,
    handoff: Handoff,
    direction: HandoffDirection,
    rendered: Rendered,
) -> HandoffPacket:
    """Keep a new version; of two processes that do so at once the first one's stands."""
    before = newest_packet(writing.session, handoff.id, direction)
    row = HandoffPacket(
        id=writing.new_id(),
        handoff_id=handoff.id,
        direction=direction,
        version=before.version + 1 if before else 1,
        sha256=packet.sha256_of(rendered.text),
        essence=packet.essence_of(rendered.document),
        body=b"",
        findings=[each.as_json() for each in rendered.findings],
        made_at=writing.now,
    )
    row.body = exchange.runtime.keyring.seal(PACKET_BODY, row.id, rendered.text)
    if not record.add_once(writing.session, row):
        stands = newest_packet(writing.session, handoff.id, direction)
        return stands or row
    ours = direction is HandoffDirection.OUT
    fact = HandoffFact.PACKET_SAVED if ours else HandoffFact.PACKET_RECEIVED
    if ours and not rendered.is_sound:
        fact = HandoffFact.PACKET_FAULTY
        rules = sorted({each.rule for each in validation.blocking(rendered.findings)})
        log.error("packet_faulty", handoff_id=handoff.id, rules=rules)
    writing.note(handoff, fact, version=row.version, sha256=row.sha256)
    return row


def newest_packet(
    session: Session, handoff_id: str, direction: HandoffDirection
) -> HandoffPacket | None:
    """The newest version of what one side has said."""
    return session.scalar(
        select(HandoffPacket)
        .where(HandoffPacket.handoff_id == handoff_id, HandoffPacket.direction == direction)
        .order_by(HandoffPacket.version.desc())
        .limit(1)
    )


def opened(keyring: Keyring, row: HandoffPacket) -> dict[str, Any] | None:
    """A kept packet as JSON; None where its key is lost: that costs its content, never the call."""
    try:
        found: dict[str, Any] = json.loads(keyring.unseal(PACKET_BODY, row.id, row.body))
    except PersonalError:
        log.exception("packet_shut", handoff_id=row.handoff_id, version=row.version)
        return None
    return found


def destination_of(session: Session, escalation: Escalation) -> str:
    """The destination in work, else the first that will be tried."""
    newest = session.scalar(
        select(EscalationAttempt.destination)
        .where(EscalationAttempt.escalation_id == escalation.id)
        .order_by(EscalationAttempt.n.desc())
        .limit(1)
    )
    return newest or str(next(iter(escalation.destinations), ""))


def _earlier(exchange: Exchange, session: Session, incident_id: str) -> EarlierIncident | None:
    """The other side's own incident, where this contact came from them."""
    for handoff in ledger.of_incident(session, incident_id):
        urn = handoff.their_incident_urn
        if handoff.direction is HandoffDirection.IN and urn is not None:
            domain = exchange.agency(handoff.agency).domain
            return EarlierIncident(urn, domain, "this contact came from 911")
    return None


def our_urn(exchange: Exchange, handoff: Handoff) -> str:
    """The name of the incident on our side."""
    return identifiers.incident_urn(handoff.incident_id, exchange.agencies.ourselves.domain)
