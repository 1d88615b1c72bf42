"""A call of 911's that rings: which announced packet it belongs to, and what of it is put in place.

What 911 has found is put in place to be verified again, never as certain: the place unconfirmed, no
answer about danger taken over. Never commits.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from calltaker.handoff import ledger, packets, sheet
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from calltaker.handoff.pidf import PidfError, Placed
from calltaker.handoff.pidf import read as read_place
from calltaker.handoff.reading import objects, text
from calltaker.handoff.rendering import CURRENT
from ivr import record
from models.call import CALLER_NUMBER, PLACE, Call
from models.contact_fields import ContactField
from models.handoff import Handoff, HandoffPacket
from models.states import (
    CallPhase,
    HandoffDirection,
    HandoffFact,
    HandoffTarget,
    NumberPresentation,
    Origin,
)

_E164 = re.compile(r"\+[1-9]\d{7,14}")
UNCERTAIN_METRES = 500.0
"""How far off a point may be whose sender did not say."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a packet says of a place: in words, and as a point if there is one."""

    text: str
    latitude: float | None
    longitude: float | None
    uncertainty_metres: float | None


def unclaimed(exchange: Exchange, session: Session) -> list[str]:
    """Calls on 911's trunk that no ledger row names yet. 911 calling back is no new handoff.

    On a number that only 911 rings a caller is handed over, whatever number the trunk shows.
    """
    keyring, city = exchange.runtime.keyring, exchange.runtime.city
    numbers = {point.number for group in city.destinations.values() for point in group}
    calling_back = {keyring.blind_index(number) for number in numbers}
    rows = session.execute(
        select(Call.id, Call.caller_number_index, Call.dialled_number)
        .outerjoin(
            Handoff, (Handoff.call_id == Call.id) & (Handoff.direction == HandoffDirection.IN)
        )
        .where(
            Call.origin == Origin.TRANSFER_IN,
            Call.phase != CallPhase.ENDED,
            Handoff.id.is_(None),
        )
    )
    return [
        row.id
        for row in rows
        if row.dialled_number in city.trunks or row.caller_number_index not in calling_back
    ]


def claim(exchange: Exchange, writing: Writing, call_id: str) -> Handoff | None:
    """Join a ringing call with what was announced of it; without a packet it is a handoff all the same."""
    call = record.lock_call(writing.session, call_id)
    if call is None or _is_claimed(writing.session, call_id):
        return None
    handoff = _announced(exchange, writing, call) or _unannounced(exchange, writing, call)
    ledger.join(writing, handoff.incident_id, call)
    row = packets.newest_packet(writing.session, handoff.id, HandoffDirection.IN)
    writing.note(handoff, HandoffFact.CLAIMED, has_packet=row is not None)
    if row is not None:
        _put_in_place(exchange, writing, call, row)
    ledger.tell_ping_pong(writing, handoff)
    if call.staff_id is not None:
        record.tell_desks(writing.session, "call_changed", writing.now, call.id, call.staff_id)
    return handoff


def _is_claimed(session: Session, call_id: str) -> bool:
    found = session.scalar(
        select(Handoff.id).where(
            Handoff.call_id == call_id, Handoff.direction == HandoffDirection.IN
        )
    )
    return found is not None


def _announced(exchange: Exchange, writing: Writing, call: Call) -> Handoff | None:
    """The announced handoff of this call: by its call-back number, else the only one of late.

    The trunk may show 911's own number. Where several were announced, those that have rung among
    them, nobody guesses: a wrong place is worse than none.
    """
    since = writing.now - timedelta(seconds=exchange.agencies.announced_for_seconds)
    agency = exchange.agencies.by_trunk(call.dialled_number)
    announced = writing.session.scalars(
        select(Handoff)
        .where(
            Handoff.direction == HandoffDirection.IN,
            Handoff.their_incident_urn.is_not(None),
            Handoff.begun_at > since,
        )
        .order_by(Handoff.begun_at.desc())
    ).all()
    own = [each for each in announced if agency is None or each.agency == agency.key]
    index = call.caller_number_index
    open_ = [each for each in own if each.call_id is None]
    same = [each for each in open_ if index is not None and each.number_index == index]
    chosen = same[0] if same else open_[0] if open_ and len(own) == 1 else None
    return chosen if chosen is not None and _take(writing, chosen, call) else None


def _take(writing: Writing, handoff: Handoff, call: Call) -> bool:
    """One conditional UPDATE: of two processes, or two calls, one has it."""
    taken = writing.session.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.call_id.is_(None))
        .values(call_id=call.id)
        .returning(Handoff.id)
    ).scalar()
    writing.session.refresh(handoff)
    return taken is not None


def _unannounced(exchange: Exchange, writing: Writing, call: Call) -> Handoff:
    agency = exchange.agencies.by_trunk(call.dialled_number)
    handoff = Handoff(
        id=writing.new_id(),
        incident_id=ledger.incident_of(writing, call),
        direction=HandoffDirection.IN,
        target_kind=HandoffTarget.PSAP,
        agency=agency.key if agency else "",
        call_id=call.id,
        return_to=agency.return_to if agency else None,
        begun_at=call.started_at,
    )
    writing.session.add(handoff)
    writing.session.flush()
    writing.note(handoff, HandoffFact.WITH_DISPATCHER)
    return handoff


def _put_in_place(exchange: Exchange, writing: Writing, call: Call, row: HandoffPacket) -> None:
    document = packets.opened(exchange.runtime.keyring, row) or {}
    found = place_of(document)
    if found is not None and call.place is None:
        _put_place(exchange, writing, call, found)
    number = next((n for n in sheet.call_back_numbers(document) if _E164.fullmatch(n)), None)
    if number is not None:
        keyring = exchange.runtime.keyring
        call.caller_number = keyring.seal(CALLER_NUMBER, call.id, number)
        call.caller_number_index = keyring.blind_index(number)
        call.number_presentation = NumberPresentation.GIVEN
        call.call_token = None  # it was the trunk's: 911 is not shown this number by it


def _put_place(exchange: Exchange, writing: Writing, call: Call, found: Found) -> None:
    jurisdiction, certain = None, False
    if exchange.jurisdiction_at and found.latitude is not None and found.longitude is not None:
        metres = found.uncertainty_metres or UNCERTAIN_METRES
        jurisdiction, certain = exchange.jurisdiction_at(found.latitude, found.longitude, metres)
    shown = {
        "text": found.text,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "uncertainty_metres": found.uncertainty_metres,
        "confirmed": False,
        "jurisdiction": jurisdiction,
        "jurisdiction_certain": certain,
    }
    text_ = json.dumps(shown, ensure_ascii=False)
    call.place = exchange.runtime.keyring.seal(PLACE, call.id, text_)
    if jurisdiction is not None:
        call.jurisdiction = jurisdiction
    record.fact(writing.session, call.id, ContactField.LOCATION_METHOD, writing.now, "911")


def place_of(document: Mapping[str, Any]) -> Found | None:
    """Where a packet says it happens: the civic address in words, with the point beside it."""
    words, point, described = "", None, ""
    for each in objects(document.get("locationComponent")):
        if each.get("locationTypeDescriptionRegistryText") != CURRENT:
            continue
        placed = _placed(text(each.get("locationByValue")))
        described = described or sheet.cleaned(text(each.get("locationDescriptionText")))
        if placed is not None and placed.point is not None:
            point = point or placed.point
        elif placed is not None:
            words = words or placed.text
    if not words and not described and point is None:
        return None
    shown = described or words or (Placed(point=point).text if point else "")
    return Found(
        shown[:300],
        point.latitude if point else None,
        point.longitude if point else None,
        point.radius_metres if point else None,
    )


def _placed(document: str) -> Placed | None:
    try:
        return read_place(document)
    except PidfError:
        return None
