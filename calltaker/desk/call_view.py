"""The call a person is in, and the one they wrap up, as the desk shows them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import referral_view, shift_view, showing, transfer_view
from calltaker.desk.caller import Caller, open_caller
from calltaker.desk.dispositions import dispositions
from calltaker.desk.viewer import Viewer
from calltaker.handoff import desk_view
from calltaker.intake import (
    cut_off,
    follow_ups,
    judged_readings,
    location_links,
    note_reading,
    notes,
    protocol_sessions,
    protocol_view,
    raised_dangers,
    requests,
    session_view,
    tags,
    words_heard,
)
from calltaker.intake.cut_off import CutOff
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.published import PublishedProtocols
from calltaker.intake.raised_dangers import Raised
from calltaker.quality import read_aloud
from models.call import Call, Leg
from models.escalation import EscalationAttempt
from models.line import LineEntry
from models.staff import Staff
from models.states import Language, LegKind, LegState
from protocols.script import Text

_NAMES = {LegKind.CALLER: "Caller", LegKind.DESK_TELEPHONE: "Desk telephone"}
_OVER = (LegState.LEFT, LegState.FAILED)


def call(
    session: Session, found: Call, viewer: Viewer, published: PublishedProtocols
) -> dict[str, Any]:
    """Write the current call in the desk's shape."""
    caller = open_caller(viewer.keyring, found, viewer.sight)
    legs = _legs(session, found.id)
    called = referral_view.names_of(session, found.id, viewer.city)
    allowed, why_not = transfer_view.may_leave(session, found)
    read = protocol_sessions.current(session, viewer.keyring, published, found.id)
    run = read if isinstance(read, Run) else None
    danger = raised_dangers.newest(session, found.id, published.panel)
    return {
        **_about(found, caller, viewer),
        **_room(found, legs, viewer),
        "telephone": shift_view.telephone(session, found, viewer),
        "waited_seconds": _waited(session, found, viewer),
        "legs": [
            _leg(leg, staff or called.get(leg.call_sid), key, viewer) for leg, staff, key in legs
        ],
        "referrals": referral_view.of_call(session, found, caller, viewer),
        "directory": referral_view.directory(viewer.city),
        **_protocol(session, run, caller, viewer, published),
        "protocol_lost": _lost(read),
        "danger_raised": session_view.panel([danger.flag])[0] if danger else None,
        **_afterwards(session, found, caller, viewer, _emergency(run, danger)),
        "from_911": desk_view.of_call(session, viewer.keyring, found.id),
        "number_by_hand": transfer_view.number_by_hand(found, viewer.city),
        "may_leave": allowed,
        "leave_reason": why_not,
        "reading_judged": judged_readings.newest(session, found.id),
        "note_read": note_reading.newest(session, found.id),
        "location_link": location_links.view(session, viewer.keyring, found),
    }


def wrap_up(
    session: Session, found: Call, viewer: Viewer, published: PublishedProtocols
) -> dict[str, Any]:
    """Write the call that was just left or ended, for wrapping up."""
    caller = open_caller(viewer.keyring, found, viewer.sight)
    left_at = session.scalar(
        select(Leg.left_at)
        .where(Leg.call_id == found.id, Leg.staff_id == viewer.staff_id)
        .order_by(Leg.dialled_at.desc())
        .limit(1)
    )
    read = protocol_sessions.current(session, viewer.keyring, published, found.id)
    run = read if isinstance(read, Run) else None
    lost = cut_off.of_call(session, found, read)
    return {
        "call_id": found.id,
        "caller": caller.number,
        "place": caller.place,
        "ended_at": showing.instant(left_at or found.ended_at),
        "outcome": found.outcome.value if found.outcome else None,
        "dispositions": dispositions(),
        "left_open": session_view.left_open(run) if cut_off.caller_has_gone(found) else None,
        "protocol_lost": _lost(read),
        "cut_off": _cut_off(found, caller, viewer, lost) if lost else None,
        **_afterwards(session, found, caller, viewer, _emergency(run, None)),
    }


def _about(found: Call, caller: Caller, viewer: Viewer) -> dict[str, Any]:
    return {
        "call_id": found.id,
        "phase": found.phase.value,
        "caller": caller.number,
        "better_number": caller.better_number,
        "caller_verified": showing.attestation(found.stir_verstat),
        "language": (found.language or Language.EN).value,
        "words": caller.words,
        "intent": caller.intent,
        "intent_title": viewer.intent_title(caller.intent),
        "confidence": caller.confidence,
        "alternatives": [
            {"intent": slug, "title": viewer.intent_title(slug), "confidence": confidence}
            for slug, confidence in caller.alternatives
        ],
        "emergency": found.emergency_level.value,
        "emergency_reason": caller.emergency_reason,
        "place": caller.place,
    }


def _room(found: Call, legs: "list[LegRow]", viewer: Viewer) -> dict[str, Any]:
    here = [leg for leg, _, _ in legs if leg.state is LegState.IN_ROOM]
    mine = [leg for leg in here if leg.staff_id == viewer.staff_id]
    return {
        "joined_at": showing.instant(mine[-1].joined_at if mine else None),
        "in_room": bool(mine),
        "alone": bool(mine) and len(here) == len(mine),
        "on_hold": found.hold_since is not None,
        **shift_view.hold(found, viewer),
    }


LegRow = tuple[Leg, str | None, str | None]
"""A leg, the name of its member of staff, the key of its destination."""


def _legs(session: Session, call_id: str) -> list[LegRow]:
    rows = session.execute(
        select(Leg, Staff.name, EscalationAttempt.destination)
        .outerjoin(Staff, Staff.id == Leg.staff_id)
        .outerjoin(EscalationAttempt, EscalationAttempt.id == Leg.attempt_id)
        .where(Leg.call_id == call_id, Leg.state.not_in(_OVER))
        .order_by(Leg.dialled_at)
    )
    return [(leg, name, destination) for leg, name, destination in rows]


def _leg(leg: Leg, staff: str | None, destination: str | None, viewer: Viewer) -> dict[str, Any]:
    points = {point.key: point for group in viewer.city.destinations.values() for point in group}
    point = points.get(destination or "")
    name = point.name[Language.EN] if point else staff or _NAMES.get(leg.kind, leg.kind.value)
    return {"kind": leg.kind.value, "state": leg.state.value, "label": name}


def _waited(session: Session, found: Call, viewer: Viewer) -> float | None:
    entry = session.scalar(
        select(LineEntry)
        .where(LineEntry.call_id == found.id)
        .order_by(LineEntry.joined_at.desc())
        .limit(1)
    )
    if entry is None:
        return None
    return round(((entry.ended_at or viewer.now) - entry.waiting_since).total_seconds(), 1)


def _protocol(
    session: Session, run: Run | None, caller: Caller, viewer: Viewer, published: PublishedProtocols
) -> dict[str, Any]:
    live = published.live(session)
    heard = words_heard.intent(viewer.readers, run) if run else None
    suggested = viewer.suggested_protocol(heard or caller.intent)
    return {
        "protocol": {
            **session_view.view(run, viewer.role),
            "read_aloud": read_aloud.of_session(session, run.row),
            "danger_words": words_heard.dangers(viewer.readers, run),
        }
        if run
        else None,
        "red_flags": session_view.panel(published.panel),
        "protocols": protocol_view.choices(live, suggested),
    }


def _lost(read: Run | Lost | None) -> dict[str, Any] | None:
    """What is said of questions that can no longer be read, while nobody has ended them."""
    if not isinstance(read, Lost) or read.row.ended_at is not None:
        return None
    return {
        "protocol": read.row.protocol,
        "version": read.row.version,
        "problem": protocol_sessions.LOST,
        "what_to_do": protocol_sessions.GO_ON,
    }


def _cut_off(found: Call, caller: Caller, viewer: Viewer, lost: CutOff) -> dict[str, Any]:
    """What is to be done for a caller who went in an emergency: ring them back, or tell 911 by hand."""
    return {
        "title": protocol_view.both(lost.title) if lost.title else None,
        "number_by_hand": transfer_view.number_by_hand(found, viewer.city),
        "script": transfer_view.told_by_hand(found, caller, viewer.city.line_name, lost.title),
    }


def _emergency(run: Run | None, danger: Raised | None) -> Text | None:
    """What the emergency is called: by what stands in the protocol, else by the danger chosen."""
    if run is not None and run.standing is not None and run.standing.emergency:
        return run.standing.title
    return danger.flag.title if danger else None


def _afterwards(
    session: Session, found: Call, caller: Caller, viewer: Viewer, emergency: Text | None
) -> dict[str, Any]:
    escalation = transfer_view.newest(session, found.id)
    return {
        "notes": notes.view(session, viewer.keyring, found.id),
        "tags": tags.view(session, viewer.keyring, viewer.tags, found.id),
        "follow_ups": follow_ups.of_call(session, viewer.keyring, found.id, viewer.now),
        "service_request": requests.view(session, requests.of_call(session, found.id)),
        "escalation": transfer_view.transfer(session, escalation, found, caller, viewer, emergency)
        if escalation
        else None,
    }
