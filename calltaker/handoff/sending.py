"""Sends our packets to a centre that has a door of its own, once a version, never while 911 rings.

One address, the published one: no redirect is followed, five seconds, a bounded answer. A failure is
kept and tried again a few times; the packet can be read at our door all the while.
"""

import http.client
import json
import ssl
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy.orm import Session

from calltaker.handoff import ledger, packets, tokens
from calltaker.handoff.agencies import Agency
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from calltaker.handoff.reading import UnreadableError, mapping, read_object, text
from ivr import record
from models.handoff import PACKET_BODY, Handoff
from models.states import HandoffDirection, HandoffFact

log = structlog.get_logger(__name__)

SECONDS = 5.0
MOST_TRIES = 5
MOST_ANSWER_BYTES = 100_000
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A version that is to be sent, for its one try."""

    handoff_id: str
    agency: Agency
    version: int
    sha256: str
    text: str


def send_newest(exchange: Exchange, escalation_id: str) -> bool:
    """Send the newest version of a transfer's packet if it was not sent yet; whether it was sent now."""
    if exchange.own_key is None:
        return False
    with exchange.runtime.sessions() as session:
        writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
        parcel = _parcel(exchange, writing, escalation_id)
        session.commit()
    if parcel is None:
        return False
    status, answer = post(exchange, parcel.agency, "/handoff/v1/incidents", parcel.text.encode())
    with exchange.runtime.sessions() as session:
        writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
        _keep_answer(writing, parcel, status, answer)
        session.commit()
    exchange.runtime.bell.ring()
    return 200 <= status < 300


def _parcel(exchange: Exchange, writing: Writing, escalation_id: str) -> Parcel | None:
    """What is to be sent, claimed for this process: one send a version and try."""
    session = writing.session
    handoff = session.get(Handoff, escalation_id)
    row = packets.newest_packet(session, escalation_id, HandoffDirection.OUT)
    if handoff is None or row is None or writing.now - row.made_at > FRESH:
        return None
    agency = exchange.agency(handoff.agency)
    sound = not any(each["severity"] == "error" for each in row.findings)
    if not agency.address or not sound:
        return None
    tries = _tries(session, handoff.id, row.version)
    if tries is None or tries >= MOST_TRIES:
        return None
    key = f"packet-{handoff.id}-{row.version}-{tries}"
    if not record.is_first(session, key, writing.now):
        return None
    body = exchange.runtime.keyring.unseal(PACKET_BODY, row.id, row.body)
    return Parcel(handoff.id, agency, row.version, row.sha256, body)


def _tries(session: Session, handoff_id: str, version: int) -> int | None:
    """How often sending this version has failed; None once it was sent."""
    events = [e for e in ledger.events_of(session, handoff_id) if e.data.get("version") == version]
    if any(each.fact is HandoffFact.PACKET_SENT for each in events):
        return None
    return sum(each.fact is HandoffFact.PACKET_UNSENT for each in events)


def _keep_answer(writing: Writing, parcel: Parcel, status: int, answer: dict[str, Any]) -> None:
    handoff = writing.session.get_one(Handoff, parcel.handoff_id)
    sent = 200 <= status < 300
    fact = HandoffFact.PACKET_SENT if sent else HandoffFact.PACKET_UNSENT
    writing.note(handoff, fact, version=parcel.version, sha256=parcel.sha256, status=status)
    said = mapping(answer.get("acknowledgement"))
    if sent and said.get("packet_sha256") == parcel.sha256 and said.get("status") == "received":
        handoff.their_incident_urn = (
            handoff.their_incident_urn or text(said.get("incident")) or None
        )
        writing.note(
            handoff,
            HandoffFact.ACKNOWLEDGED,
            parcel.agency.domain,
            version=parcel.version,
            sha256=parcel.sha256,
            has_caller=False,
        )


def post(exchange: Exchange, agency: Agency, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Post JSON to an agency's door; status 0 and nothing where there was no answer."""
    if exchange.own_key is None or not agency.address:
        return 0, {}
    token = tokens.issue(
        exchange.own_key,
        exchange.agencies.ourselves.domain,
        agency.domain,
        exchange.runtime.clock(),
        exchange.runtime.new_id,
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = _connection(agency.address)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        raw = answer.read(MOST_ANSWER_BYTES + 1)
        return answer.status, read_object(raw, MOST_ANSWER_BYTES)
    except UnreadableError:
        return 0, {}
    except (OSError, http.client.HTTPException) as away:
        log.warning("agency_out_of_reach", agency=agency.key, error=type(away).__name__)
        return 0, {}
    finally:
        connection.close()


def _connection(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def canonical(body: dict[str, Any]) -> bytes:
    """A small message as bytes."""
    return json.dumps(body, ensure_ascii=False).encode()
