"""What we tell a centre that handed us its caller: that a person has them, and what became of it.

Sent to its own door where it has one, each once. The voice has said the same already.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.handoff import ledger, packet, packets, sending
from calltaker.handoff.agencies import Agency
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from ivr import record
from models.call import Call, Leg
from models.handoff import Handoff
from models.states import HandoffDirection, HandoffFact, HandoffOutcome, LegKind

LOOKED_BACK = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class News:
    """One message that is due: to whom, about which handoff, of what kind."""

    handoff_id: str
    agency: Agency
    path: str
    body: dict[str, Any]


def tell(exchange: Exchange) -> None:
    """Send what is due; a message that does not arrive is not sent again: the packet says it too."""
    if exchange.own_key is None:
        return
    now = exchange.runtime.clock()
    with exchange.runtime.sessions() as session:
        writing = Writing(session, now, exchange.runtime.new_id)
        due = [news for each in _theirs(session, writing) for news in _due(exchange, writing, each)]
        session.commit()
    for news in due:
        sending.post(exchange, news.agency, news.path, sending.canonical(news.body))


def has_news(exchange: Exchange, session: Session) -> bool:
    """Whether some handoff of theirs is under way at all; without it nothing is written."""
    writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
    return any(exchange.agency(each.agency).address for each in _theirs(session, writing))


def _theirs(session: Session, writing: Writing) -> list[Handoff]:
    """Handoffs to us that they know by name and whose completion was not told."""
    rows = session.scalars(
        select(Handoff).where(
            Handoff.direction == HandoffDirection.IN,
            Handoff.their_incident_urn.is_not(None),
            Handoff.call_id.is_not(None),
            Handoff.begun_at > writing.now - LOOKED_BACK,
        )
    ).all()
    return [each for each in rows if not ledger.has(session, each.id, HandoffFact.COMPLETED)]


def _due(exchange: Exchange, writing: Writing, handoff: Handoff) -> list[News]:
    agency = exchange.agency(handoff.agency)
    call = writing.session.get(Call, handoff.call_id)
    if not agency.address or call is None:
        return []
    found = []
    taken = _is_taken(writing.session, call)
    if taken and record.is_first(writing.session, f"told-taken-{handoff.id}", writing.now):
        found.append(_acknowledgement(exchange, writing, agency, handoff))
    outcome = _outcome(writing.session, handoff, call, taken=taken)
    if outcome is not None:
        writing.note(handoff, HandoffFact.COMPLETED, outcome=outcome.value)
        body = {"outcome": outcome.value, **_signed(exchange, writing, handoff)}
        found.append(_news(agency, handoff, "completion", body))
    return found


def _is_taken(session: Session, call: Call) -> bool:
    found = session.scalar(
        select(Leg.id).where(
            Leg.call_id == call.id, Leg.kind == LegKind.CALL_TAKER, Leg.joined_at.is_not(None)
        )
    )
    return found is not None


def _outcome(
    session: Session, handoff: Handoff, call: Call, *, taken: bool
) -> HandoffOutcome | None:
    if ledger.has(session, handoff.id, HandoffFact.RETURNED):
        return HandoffOutcome.RETURNED
    if call.ended_at is None:
        return None
    return HandoffOutcome.ACCEPTED if taken else HandoffOutcome.CALLER_LOST


def _acknowledgement(
    exchange: Exchange, writing: Writing, agency: Agency, handoff: Handoff
) -> News:
    row = packets.newest_packet(writing.session, handoff.id, HandoffDirection.IN)
    body = {
        "status": "received",
        "packet_sha256": row.sha256 if row else "",
        "has_caller": True,
        **_signed(exchange, writing, handoff),
    }
    return _news(agency, handoff, "acknowledgement", body)


def _signed(exchange: Exchange, writing: Writing, handoff: Handoff) -> dict[str, Any]:
    return {"incident": packets.our_urn(exchange, handoff), "at": packet.instant(writing.now)}


def _news(agency: Agency, handoff: Handoff, kind: str, body: dict[str, Any]) -> News:
    path = f"/handoff/v1/incidents/{handoff.their_incident_urn}/{kind}"
    return News(handoff.id, agency, path, body)
