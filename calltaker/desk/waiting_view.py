"""The line, its figures and the offers as the desk shows them: few queries, opened for one role."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.desk.caller import open_caller
from calltaker.desk.viewer import Viewer
from calltaker.intake import earlier_contacts
from ivr import line_figures
from models.call import Call
from models.line import LineEntry, Offer
from models.states import LineState, OfferState, Origin, PriorityClass

RANK = {priority: rank for rank, priority in enumerate(PriorityClass)}
CALL, CALL_BACK = "call", "call_back"
LONGEST = 200
"""Places shown; beyond it the count in the metrics tells more than a list."""


def line(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """Who waits, most urgent class first, then by how long."""
    rows = session.execute(
        select(LineEntry, Call)
        .join(Call, Call.id == LineEntry.call_id)
        .where(LineEntry.state.in_((LineState.WAITING, LineState.RESERVED)))
        .order_by(LineEntry.waiting_since)
        .limit(LONGEST)
    ).all()
    ordered = sorted(rows, key=lambda row: (RANK[row[0].priority], row[0].waiting_since))
    return [_place_in_line(entry, call, viewer) for entry, call in ordered]


def figures(session: Session, viewer: Viewer) -> dict[str, Any]:
    """How many wait, since when the longest, and what a caller joining now may expect; nothing personal."""
    found = line_figures.of_the_line(session, viewer.now)
    expected = found.expected
    return {
        "waiting": found.waiting,
        "longest_since": showing.instant(found.longest_since) if found.longest_since else None,
        "expected_minutes": [expected.low, expected.high] if expected else None,
    }


def offers(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """What is offered to this person now, calls above everything first."""
    rows = session.execute(
        select(Offer, Call, LineEntry)
        .join(Call, Call.id == Offer.call_id)
        .outerjoin(LineEntry, LineEntry.id == Offer.entry_id)
        .where(
            Offer.staff_id == viewer.staff_id,
            Offer.state == OfferState.OPEN,
            or_(Offer.ends_at.is_(None), Offer.ends_at > viewer.now),
        )
        .order_by(Offer.entry_id.is_not(None), Offer.offered_at)
    ).all()
    return [
        {
            **_offer(offer, call, entry, viewer),
            "earlier_contacts": earlier_contacts.count(session, call, viewer),
        }
        for offer, call, entry in rows
    ]


def _place_in_line(entry: LineEntry, call: Call, viewer: Viewer) -> dict[str, Any]:
    caller = open_caller(viewer.keyring, call, viewer.sight)
    return {
        "entry_id": entry.id,
        "call_id": call.id,
        "caller": caller.number,
        "language": entry.language.value,
        "priority": entry.priority.value,
        "waiting_since": showing.instant(entry.waiting_since),
        "state": entry.state.value,
        "intent": caller.intent,
        "skill": entry.skill,
        "emergency": call.emergency_level.value,
        "kind": kind_of(call),
    }


def kind_of(call: Call) -> str:
    """What rings: a caller on the telephone, or somebody to be called back."""
    return CALL_BACK if call.origin is Origin.CALL_BACK else CALL


def _offer(offer: Offer, call: Call, entry: LineEntry | None, viewer: Viewer) -> dict[str, Any]:
    caller = open_caller(viewer.keyring, call, viewer.sight)
    place = caller.place or {}
    return {
        "offer_id": offer.id,
        "call_id": call.id,
        "caller": caller.number,
        "language": call.language.value if call.language else "en",
        "words": caller.words,
        "intent": caller.intent,
        "intent_title": viewer.intent_title(caller.intent),
        "place": place.get("text"),
        "jurisdiction": place.get("jurisdiction") or call.jurisdiction,
        "emergency": call.emergency_level.value,
        "emergency_reason": caller.emergency_reason,
        "priority": (entry.priority if entry else PriorityClass.EMERGENCY).value,
        "waiting_since": showing.instant(entry.waiting_since if entry else offer.offered_at),
        "above_all": entry is None,
        "kind": kind_of(call),
    }
