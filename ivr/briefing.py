"""What 911 needs to know when nobody can say it: the snapshot of a call, and the spoken briefing.

Written after the dial, never before. Everything in it is personal: the snapshot is sealed, the
briefing is spoken once and not kept.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from ivr.rules.actions import Say
from ivr.runtime import Runtime
from ivr.twiml import Document
from models.call import BETTER_NUMBER, CALLER_NUMBER, MENU_STATE, PLACE, Call, Leg
from models.escalation import SNAPSHOT, Escalation
from models.intake import ANSWER_VALUE, ProtocolAnswer, ProtocolSession
from models.personal import Keyring, PersonalError
from models.states import Language, LegKind


def save_snapshot(runtime: Runtime, escalation_id: str) -> None:
    """Keep place, words and answers as they stand now, for the packet."""
    now = runtime.clock()
    with runtime.sessions() as session:
        escalation = session.get(Escalation, escalation_id)
        call = record.lock_call(session, escalation.call_id) if escalation else None
        if escalation is None or call is None:
            return
        text = json.dumps(snapshot(runtime.keyring, session, call), ensure_ascii=False)
        escalation.snapshot = runtime.keyring.seal(SNAPSHOT, escalation.id, text)
        escalation.packet_saved_at = now
        record.note(session, call.id, "packet_saved", now, escalation=escalation.id)
        session.commit()


def snapshot(keyring: Keyring, session: Session, call: Call) -> dict[str, Any]:
    """What is known of the call, as plain values; what does not open is left out."""
    state = _opened(keyring, MENU_STATE, call.id, call.menu_state)
    menu = json.loads(state) if state else {}
    place = _opened(keyring, PLACE, call.id, call.place)
    return {
        "language": call.language.value if call.language else None,
        "intent": call.intent,
        "jurisdiction": call.jurisdiction,
        "emergency": menu.get("emergency"),
        "words": menu.get("words", []),
        "place": json.loads(place) if place else menu.get("place"),
        "call_back_number": _opened(keyring, CALLER_NUMBER, call.id, call.caller_number),
        "better_number": _opened(keyring, BETTER_NUMBER, call.id, call.better_number),
        "answers": _answers(keyring, session, call.id),
    }


def briefing_document(
    runtime: Runtime, session: Session, call: Call, answered_at: datetime | None
) -> str:
    """The spoken message for 911 with place and call-back number, then the leg ends.

    911 is not told that they were cut off from a caller whom they have spoken with.
    """
    sentences, language = runtime.city.sentences, Language.EN
    known = snapshot(runtime.keyring, session, call)
    has_met = answered_at is not None and _left_after(session, call.id, answered_at)
    text = sentences.say(
        "left_briefing" if has_met else "unattended_briefing",
        language,
        place=spoken_place(known["place"]) or sentences.say("unattended_place_unknown", language),
        number=digit_by_digit(known["better_number"] or known["call_back_number"])
        or sentences.say("unattended_place_unknown", language),
    )
    written = Document(runtime.city.languages).say(Say(text, language)).hang_up().written()
    return written.decode()


def _left_after(session: Session, call_id: str, moment: datetime) -> bool:
    """Whether the caller was still in the room then."""
    left = select(Leg.id).where(
        Leg.call_id == call_id, Leg.kind == LegKind.CALLER, Leg.left_at > moment
    )
    return session.scalar(left.limit(1)) is not None


def spoken_place(place: Any) -> str:
    """How to say a place: a call-taker's text, else how it was read back, else the own words."""
    if not isinstance(place, dict):
        return ""
    if place.get("text"):
        return str(place["text"])
    said = (place.get("said") or {}).get("en")
    own = (place.get("spoken") or {}).get("text")
    return str(said or own or "")


def digit_by_digit(number: str | None) -> str:
    """A number as it is read out: `5 2 0, 5 5 5, 0 1 4 2`."""
    digits = (number or "").removeprefix("+1").lstrip("+")
    if len(digits) != 10:
        return " ".join(digits)
    return ", ".join(" ".join(part) for part in (digits[:3], digits[3:6], digits[6:]))


def _answers(keyring: Keyring, session: Session, call_id: str) -> list[dict[str, str | None]]:
    rows = session.scalars(
        select(ProtocolAnswer)
        .join(ProtocolSession, ProtocolSession.id == ProtocolAnswer.session_id)
        .where(ProtocolSession.call_id == call_id)
        .order_by(ProtocolAnswer.id)
    )
    return [
        {
            "question": row.question,
            "value": _opened(keyring, ANSWER_VALUE, row.answer_id, row.value),
            "answered_at": row.answered_at.isoformat(),
        }
        for row in rows
    ]


def _opened(keyring: Keyring, column: Any, row: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return keyring.unseal(column, row, sealed)
    except PersonalError:
        return None
