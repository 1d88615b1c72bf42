"""The warm transfer as the desk shows it: where it stands, what to read to 911, what comes next."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk import refusals, showing
from calltaker.desk.caller import Caller
from calltaker.desk.viewer import Viewer
from ivr import rooms
from ivr.runtime import City, Destination
from models.call import Call
from models.escalation import Escalation, EscalationAttempt
from models.states import Language
from protocols.script import Text


def newest(session: Session, call_id: str) -> Escalation | None:
    """Return the call's open escalation, else its last one."""
    return session.scalar(
        select(Escalation)
        .where(Escalation.call_id == call_id)
        .order_by(Escalation.ended_at.is_not(None), Escalation.requested_at.desc())
        .limit(1)
    )


def may_leave(session: Session, call: Call) -> tuple[bool, str | None]:
    """Say whether the call-taker may leave the caller, and if not, why, in words for the desk."""
    reason = rooms.why_not_leave(session, call)
    return reason is None, None if reason is None else refusals.WHY_NOT.get(reason, reason)


def transfer(
    session: Session,
    escalation: Escalation,
    call: Call,
    caller: Caller,
    viewer: Viewer,
    emergency: Text | None = None,
) -> dict[str, Any]:
    """Write an escalation in the desk's shape; stamps are those of the attempt in work.

    `emergency` names what stands, where a protocol or the call-taker has said it.
    """
    attempt = session.scalar(
        select(EscalationAttempt)
        .where(EscalationAttempt.escalation_id == escalation.id)
        .order_by(EscalationAttempt.n.desc())
        .limit(1)
    )
    now_tried, then = _destinations(escalation, attempt, viewer.city)
    allowed, why_not = may_leave(session, call)
    return {
        "escalation_id": escalation.id,
        "state": escalation.state.value,
        "cause": escalation.cause.value,
        "requested_at": showing.instant(escalation.requested_at),
        "ringing_at": showing.instant(attempt.ringing_at if attempt else None),
        "answered_at": showing.instant(attempt.answered_at if attempt else None),
        "accepted_at": showing.instant(escalation.accepted_at),
        "attempt": escalation.attempt,
        "destination": now_tried.name[Language.EN] if now_tried else None,
        "next_destination": then.name[Language.EN] if then else None,
        "number_by_hand": showing.plain(now_tried.number) if now_tried else None,
        "may_leave": allowed,
        "leave_reason": why_not,
        "script": _script(call, caller, viewer.city.line_name, emergency),
    }


def number_by_hand(call: Call, city: City) -> str | None:
    """The number of the place's first answering point, for when nothing confirms the dial."""
    points = city.answering_points(call.jurisdiction)
    return showing.plain(points[0].number) if points else None


def told_by_hand(
    call: Call, caller: Caller, line_name: str, emergency: Text | None = None
) -> dict[str, str]:
    """What is read to 911 of a caller who is not on the line any more, rung by hand."""
    known = _known(call, caller, emergency)
    return {
        "en": f"This is {line_name}. A caller was cut off before we could connect them. {known['en']}",
        "es": f"Habla la línea {line_name}. Se cortó una llamada antes de comunicarla. {known['es']}",
    }


def _destinations(
    escalation: Escalation, attempt: EscalationAttempt | None, city: City
) -> tuple[Destination | None, Destination | None]:
    points = {point.key: point for group in city.destinations.values() for point in group}
    keys = [str(key) for key in escalation.destinations]
    key = attempt.destination if attempt else (keys[0] if keys else None)
    after = keys[keys.index(key) + 1 :] if key in keys else keys
    return points.get(key or ""), points.get(after[0]) if after else None


def _script(call: Call, caller: Caller, line_name: str, emergency: Text | None) -> dict[str, str]:
    """What the call-taker reads to 911: who calls, what it is, where, what was said."""
    known = _known(call, caller, emergency)
    return {
        "en": f"This is {line_name} with a caller on the line. {known['en']} Do you have the caller?",
        "es": f"Habla la línea {line_name} con una persona. {known['es']} ¿Ya tienen a la persona?",
    }


def _known(call: Call, caller: Caller, emergency: Text | None) -> dict[str, str]:
    place = (caller.place or {}).get("text")
    spanish = call.language is Language.ES
    en = [
        f"Emergency: {emergency.en}." if emergency else "",
        f"Place: {place}." if place else "The place is not known yet.",
        f"They said: {caller.words}." if caller.words else "",
        "The caller speaks Spanish." if spanish else "",
        f"Call-back number {caller.better_number or caller.number}.",
    ]
    es = [
        f"Emergencia: {emergency.es}." if emergency else "",
        f"Lugar: {place}." if place else "Todavía no se sabe el lugar.",
        f"Dijo: {caller.words}." if caller.words else "",
        "La persona habla español." if spanish else "La persona habla inglés.",
        f"Número para devolver la llamada: {caller.better_number or caller.number}.",
    ]
    return {"en": " ".join(filter(None, en)), "es": " ".join(filter(None, es))}
