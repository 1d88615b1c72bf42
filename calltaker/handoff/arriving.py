"""A packet from 911: a caller is coming, or something changed about one. Never commits.

What the rules refuse is kept nowhere; the voice call is answered all the same. The same packet again
changes nothing; a newer one is the next version of the same handoff.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from calltaker.handoff import findings, identifiers, packet, packets, sheet, validation
from calltaker.handoff.agencies import Agency
from calltaker.handoff.errors import RefusedPacketError
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.inbox import Answer
from calltaker.handoff.ledger import Writing
from calltaker.handoff.packets import Rendered
from calltaker.handoff.reading import objects, target, text, texts
from ivr import from_911, record
from models.handoff import Handoff, Incident
from models.states import HandoffDirection, HandoffFact, HandoffTarget


def take(exchange: Exchange, writing: Writing, agency: Agency, document: dict[str, Any]) -> Answer:
    """Take a packet in; 201 for a new handoff, 200 for news of one.

    Raises:
        RefusedPacketError: with every finding.
    """
    to_us = _is_to_us(exchange, document)
    handoff = _known(writing, agency, text(document.get("$id")), to_us=to_us)
    ground = findings.incoming(
        exchange.agencies, agency, exchange.common_types, writing.now, first=handoff is None
    )
    if handoff is not None and handoff.direction is HandoffDirection.OUT:
        ground = replace(ground, sender=ground.receiver, receiver=ground.sender)
    found = validation.check(document, ground)
    if validation.blocking(found):
        raise RefusedPacketError(found)
    is_new = handoff is None
    handoff = handoff or _announced(exchange, writing, agency, document)
    rendered = Rendered(document, packet.text_of(document), found)
    row = packets.keep(exchange, writing, handoff, HandoffDirection.IN, rendered)
    _note_who_is_there(writing, agency, handoff, document)
    return Answer(
        201 if is_new else 200,
        {
            "handoff_id": handoff.id,
            "incident": packets.our_urn(exchange, handoff),
            "call_to": list(agency.trunks),
            "acknowledgement": {
                "status": "received",
                "packet_sha256": row.sha256,
                "packet_version": row.version,
                "incident": packets.our_urn(exchange, handoff),
                "at": packet.instant(writing.now),
            },
            "findings": [each.as_json() for each in found],
        },
    )


def _is_to_us(exchange: Exchange, document: Mapping[str, Any]) -> bool:
    """Whether the packet hands a caller to us; else it speaks of one whom we have handed to them.

    A caller who comes back is a handoff of its own, of the same incident.
    """
    ours = exchange.agencies.ourselves.domain
    return not any(
        each.get("$id") == ours
        and "CallReceiving" in texts(each.get("agencyRoleDescriptionRegistryText"))
        for each in objects(document.get("agencyComponent"))
    )


def _known(writing: Writing, agency: Agency, urn: str, *, to_us: bool) -> Handoff | None:
    """The handoff that this incident of theirs belongs to, the way that the packet goes."""
    direction = HandoffDirection.IN if to_us else HandoffDirection.OUT
    return writing.session.scalar(
        select(Handoff)
        .where(
            Handoff.agency == agency.key,
            Handoff.direction == direction,
            Handoff.their_incident_urn == urn,
        )
        .order_by(Handoff.begun_at.desc())
        .limit(1)
    )


def _announced(
    exchange: Exchange, writing: Writing, agency: Agency, document: Mapping[str, Any]
) -> Handoff:
    """Write the ledger's row of a call that is coming, and tell every desk."""
    calls = objects(document.get("callComponent"))
    numbers = sheet.call_back_numbers(document)
    index = exchange.runtime.keyring.blind_index(numbers[0]) if numbers else None
    handoff = Handoff(
        id=writing.new_id(),
        incident_id=_incident(exchange, writing, document),
        direction=HandoffDirection.IN,
        target_kind=HandoffTarget.PSAP,
        agency=agency.key,
        their_incident_urn=text(document.get("$id")),
        their_call_urn=text(calls[0].get("$id")) if calls else None,
        number_index=index,
        return_to=agency.return_to or None,
        begun_at=writing.now,
    )
    writing.session.add(handoff)
    writing.session.flush()
    writing.note(handoff, HandoffFact.ANNOUNCED, agency.domain)
    record.tell_desks(writing.session, "handoff_announced", writing.now, handoff=handoff.id)
    return handoff


def _incident(exchange: Exchange, writing: Writing, document: Mapping[str, Any]) -> str:
    """The one of ours that their packet names, or is linked with: what comes again stays one."""
    before = writing.session.scalar(
        select(Handoff.incident_id)
        .where(Handoff.their_incident_urn == text(document.get("$id")))
        .limit(1)
    )
    if before is not None:
        return before
    for link in objects(document.get("linkComponent")):
        named = text(link.get("incidentTrackingIdentifier"))
        is_ours = named.endswith(f":{exchange.agencies.ourselves.domain}")
        unique = identifiers.unique_of(named) if is_ours else None
        if unique and writing.session.get(Incident, unique) is not None:
            return unique
    incident = Incident(id=writing.new_id(), begun_at=writing.now)
    writing.session.add(incident)
    writing.session.flush()
    return incident.id


def _note_who_is_there(
    writing: Writing, agency: Agency, handoff: Handoff, document: Mapping[str, Any]
) -> None:
    """Whether a dispatcher is on the line with the caller: the packet's call names them, or nobody."""
    if handoff.direction is not HandoffDirection.IN:
        return
    is_there = any(
        target(each)
        for call in objects(document.get("callComponent"))
        for each in objects(call.get("agentReference"))
    )
    fact = HandoffFact.WITH_DISPATCHER if is_there else HandoffFact.ALONE
    if from_911.who_is_there(writing.session, handoff.id) is not fact:
        writing.note(handoff, fact, agency.domain)
