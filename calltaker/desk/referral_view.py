"""Whom a call-taker can call into a call, and how it stands with those who were called.

What is read aloud, to the caller and to who answers, stands here in both languages. Knows no order.
"""

from typing import Any

from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.desk.caller import Caller
from calltaker.desk.viewer import Viewer
from ivr import referred
from ivr.rules import referral
from ivr.runtime import City
from models.call import Call
from models.referral import Referral
from models.states import DestinationKind, Language, ReferralState

WHAT_TO_DO = {
    ReferralState.BUSY: "The line is busy. The caller hears you. Try again, or read them the number.",
    ReferralState.NO_ANSWER: "Nobody answered. The caller hears you. Try again, or read the number.",
    ReferralState.FAILED: "They could not be reached. The caller hears you. Try again, or another.",
    ReferralState.CANCELLED: "Taken back. The caller hears you.",
    ReferralState.ENDED: "They have left the call. Whoever else is there hears you.",
}


def directory(city: City) -> list[dict[str, Any]]:
    """Everybody who can be called in: houses of a kind first, in the city's order, then departments."""
    entries = sorted(
        city.directory.values(), key=lambda entry: entry.kind is DestinationKind.DEPARTMENT
    )
    return [
        {
            "key": entry.key,
            "name": {one.value: entry.name[one] for one in Language},
            "kind": entry.kind.value,
            "number": showing.plain(entry.number),
        }
        for entry in entries
    ]


def of_call(session: Session, call: Call, caller: Caller, viewer: Viewer) -> list[dict[str, Any]]:
    """Who is called or in the call now; when nobody is, what became of the last one."""
    rows = list(referred.open_of(session, call.id))
    last = None if rows else referred.newest_of(session, call.id)
    return [_shown(row, call, caller, viewer) for row in [*rows, *([last] if last else [])]]


def _shown(row: Referral, call: Call, caller: Caller, viewer: Viewer) -> dict[str, Any]:
    entry = viewer.city.directory.get(row.destination)
    names = {one.value: entry.name[one] if entry else row.destination for one in Language}
    has_them = referral.has_the_caller(
        row.kind, row.state, stay_until_accepted=row.stay_until_accepted
    )
    return {
        "referral_id": row.id,
        "destination": row.destination,
        "name": names,
        "kind": row.kind.value,
        "state": row.state.value,
        "is_open": row.ended_at is None,
        "takes_over": referral.takes_over(row.kind),
        "has_the_caller": has_them,
        "consult": row.consult,
        "requested_at": showing.instant(row.requested_at),
        "ringing_at": showing.instant(row.ringing_at),
        "answered_at": showing.instant(row.answered_at),
        "accepted_at": showing.instant(row.accepted_at),
        "ended_at": showing.instant(row.ended_at),
        "number": showing.plain(entry.number) if entry else None,
        "what_to_do": WHAT_TO_DO.get(row.state),
        "to_them": _to_them(row, call, caller, viewer.city),
        "to_caller": _to_caller(row, names),
    }


def _to_them(row: Referral, call: Call, caller: Caller, city: City) -> dict[str, str]:
    """What the call-taker reads to whoever answers."""
    spanish = call.language is Language.ES
    if row.kind is DestinationKind.INTERPRETER:
        return {
            "en": f"This is {city.line_name}. I need an interpreter for a caller on the line.",
            "es": f"Habla la línea {city.line_name}. Necesito un intérprete para una persona.",
        }
    place = (caller.place or {}).get("text")
    number = caller.number
    en = [
        f"This is {city.line_name} with a caller for you.",
        f"Place: {place}." if place else "",
        "The caller speaks Spanish." if spanish else "",
        f"Call-back number {number}. Can you take them?",
    ]
    es = [
        f"Habla la línea {city.line_name} con una persona para ustedes.",
        f"Lugar: {place}." if place else "",
        "La persona habla español." if spanish else "La persona habla inglés.",
        f"Número para devolver la llamada: {number}. ¿La pueden atender?",
    ]
    return {"en": " ".join(filter(None, en)), "es": " ".join(filter(None, es))}


def _to_caller(row: Referral, names: dict[str, str]) -> dict[str, str]:
    """What the call-taker says to the caller before, and while it rings."""
    en, es = names["en"], names["es"]
    if row.kind is DestinationKind.INTERPRETER:
        return {
            "en": "I am calling an interpreter. Please stay on the line, I am here with you.",
            "es": "Estoy llamando a un intérprete. Por favor, no cuelgue, aquí sigo con usted.",
        }
    if row.consult:
        return {
            "en": f"I will ask {en} while you hold for a moment. Please stay on the line.",
            "es": f"Voy a preguntar en {es}; espere un momento. Por favor, no cuelgue.",
        }
    return {
        "en": f"I am calling {en}. I stay with you until they are here.",
        "es": f"Estoy llamando a {es}. Me quedo con usted hasta que contesten.",
    }


def names_of(session: Session, call_id: str, city: City) -> dict[str, str]:
    """What the legs of those who were called are called, by CallSid."""
    return {
        row.call_sid: city.directory[row.destination].name[Language.EN]
        for row in referred.open_of(session, call_id)
        if row.call_sid is not None and row.destination in city.directory
    }
