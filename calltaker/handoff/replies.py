"""What the other side says of a handoff of ours: acknowledged, accepted, completed. Never commits."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from calltaker.handoff import messages, outgoing, packets
from calltaker.handoff.agencies import Agency
from calltaker.handoff.errors import RefusedMessageError
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.inbox import Answer
from calltaker.handoff.ledger import Writing
from calltaker.handoff.messages import Acknowledgement, Completion, MessageError
from ivr import record, transfer_word
from ivr.transfer_rows import Effect
from models.escalation import Escalation
from models.handoff import Handoff, HandoffPacket
from models.states import AcceptedBy, HandoffDirection, HandoffFact, HandoffOutcome


def acknowledge(
    exchange: Exchange,
    writing: Writing,
    agency: Agency,
    name: str,
    body: Mapping[str, Any],
) -> Answer:
    """Take an acknowledgement in; what cannot be is refused whatever it is about.

    Raises:
        UnknownError: nothing of theirs has this name.
        RefusedMessageError: naming every fault, a packet that we never gave among them.
    """
    said = _read(lambda now, skew: messages.acknowledgement(body, now, skew), exchange, writing)
    handoff = outgoing.find(exchange, writing.session, agency, name)
    version = _version(writing, handoff, said)
    _learn_names(handoff, said)
    fact = HandoffFact.ACKNOWLEDGED if said.received else HandoffFact.REJECTED
    writing.note(
        handoff,
        fact,
        agency.domain,
        version=version,
        sha256=said.packet_sha256,
        reasons=len(said.reasons),
        has_caller=said.has_caller,
    )
    if not said.received and handoff.call_id:
        record.alert_supervisors(
            writing.session, handoff.call_id, writing.now, "911 refused our packet"
        )
    if said.has_caller:
        _accept(writing, agency, handoff)
    return _answer(exchange, handoff, "acknowledged")


def complete(
    exchange: Exchange,
    writing: Writing,
    agency: Agency,
    name: str,
    body: Mapping[str, Any],
) -> Answer:
    """Take a completion in; what cannot be is refused whatever it is about.

    Raises:
        UnknownError: nothing of theirs has this name.
        RefusedMessageError: naming every fault.
    """
    said = _read(lambda now, skew: messages.completion(body, now, skew), exchange, writing)
    handoff = outgoing.find(exchange, writing.session, agency, name)
    _learn_names(handoff, said)
    writing.note(
        handoff,
        HandoffFact.COMPLETED,
        agency.domain,
        outcome=said.outcome.value,
        final_common_type=said.final_common_type,
        disposition=said.disposition,
        said_at=said.at.isoformat(),
    )
    declined = said.outcome is HandoffOutcome.DECLINED
    effects = _decline(writing, agency, handoff) if declined else []
    return replace(_answer(exchange, handoff, "completed"), effects=tuple(effects))


def _read(read: Any, exchange: Exchange, writing: Writing) -> Any:
    try:
        return read(writing.now, exchange.agencies.clock_skew_seconds)
    except MessageError as wrong:
        raise RefusedMessageError(wrong.faults) from wrong


def _version(writing: Writing, handoff: Handoff, said: Acknowledgement) -> int:
    version = writing.session.scalar(
        select(HandoffPacket.version)
        .where(
            HandoffPacket.handoff_id == handoff.id,
            HandoffPacket.direction == HandoffDirection.OUT,
            HandoffPacket.sha256 == said.packet_sha256,
        )
        .limit(1)
    )
    if version is None:
        raise RefusedMessageError(["packet_sha256: no packet of this handoff has it"])
    return version


def _learn_names(handoff: Handoff, said: Acknowledgement | Completion) -> None:
    """Keep the other side's names; the first that was told stays."""
    handoff.their_incident_urn = handoff.their_incident_urn or said.incident
    handoff.their_call_urn = handoff.their_call_urn or said.call


def _accept(writing: Writing, agency: Agency, handoff: Handoff) -> None:
    """911 has the caller by its own word: as if the call-taker had said so."""
    if handoff.escalation_id is None:
        return
    escalation = writing.session.get(Escalation, handoff.escalation_id)
    if escalation is None or _is_accepted(escalation):
        return
    who = agency.domain[:64]
    transfer_word.they_have_it(writing.session, escalation.id, who, writing.now)
    if _is_accepted(escalation):
        escalation.accepted_by = AcceptedBy.ACKNOWLEDGEMENT


def _decline(writing: Writing, agency: Agency, handoff: Handoff) -> list[Effect]:
    """911 will not take the caller, by its own word: the next destination is dialled."""
    if handoff.escalation_id is None:
        return []
    who = agency.domain[:64]
    return transfer_word.they_decline(writing.session, handoff.escalation_id, who, writing.now)


def _is_accepted(escalation: Escalation) -> bool:
    return escalation.accepted_at is not None


def _answer(exchange: Exchange, handoff: Handoff, what: str) -> Answer:
    return Answer(
        200, {"handoff_id": handoff.id, "incident": packets.our_urn(exchange, handoff), what: True}
    )
