"""What is known of a caller, opened for the eyes of one role: number, words, intent, place.

The only module of the desk that opens sealed columns of a call. What a role may not see is never
opened: an auditor reads a masked number and no words, an administrator nothing.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import structlog

from calltaker.desk import showing
from calltaker.staff.permissions import Sight
from ivr.rules.menu_state import MenuState
from ivr.rules.spoken_place import PlaceFound
from models.call import BETTER_NUMBER, CALLER_NUMBER, MENU_STATE, PLACE, Call
from models.personal import Keyring, PersonalError
from models.states import Language

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """What the desk may show. `place` has the contract's shape (`place_of`), None if unknown."""

    number: str
    words: str | None = None
    intent: str | None = None
    confidence: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    emergency_reason: str | None = None
    place: dict[str, Any] | None = None
    better_number: str | None = None
    """Where they say that they can be called back, as it is read aloud."""
    decided_by: tuple[str, ...] = field(default=(), repr=False)


def open_caller(keyring: Keyring, call: Call, sight: Sight) -> Caller:
    """Open what this sight allows of a call."""
    number = showing.number(_number(keyring, call, sight), call.number_presentation, sight)
    if sight is not Sight.FULL:
        return Caller(number, intent=call.intent)
    menu = _menu(keyring, call)
    corrected = _corrected_place(keyring, call)
    better = _better_number(keyring, call)
    if menu is None:
        return Caller(number, intent=call.intent, place=corrected, better_number=better)
    same = menu.intent.intent == (call.intent or menu.intent.intent)
    return Caller(
        number=number,
        words=" … ".join(menu.words) or None,
        intent=call.intent or menu.intent.intent or None,
        confidence=menu.intent.confidence if same and menu.intent.intent else None,
        alternatives=menu.intent.alternatives,
        emergency_reason=menu.emergency.reason if menu.emergency.rank else None,
        place=corrected or _menu_place(menu),
        better_number=better,
        decided_by=menu.intent.decided_by,
    )


def telephone_number(keyring: Keyring, call: Call) -> str | None:
    """Open the caller's number, E.164, for a use that the caller's own call asks for."""
    return _number(keyring, call, Sight.FULL)


def place_of(found: PlaceFound, language: Language, *, confirmed: bool) -> dict[str, Any]:
    """Write a place in the desk's shape; `said` in the caller's language where it was found."""
    text = found.said.get(language.value) or found.said.get("en") or found.spoken.text
    return {
        "text": text,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "uncertainty_metres": found.uncertainty_metres,
        "confirmed": confirmed,
        "jurisdiction": found.jurisdiction or None,
        "jurisdiction_certain": found.certain,
    } | ({"source": found.source} if found.source else {})


def _number(keyring: Keyring, call: Call, sight: Sight) -> str | None:
    if call.caller_number is None or sight is Sight.NONE:
        return None
    return _opened(lambda: keyring.unseal(CALLER_NUMBER, call.id, call.caller_number or b""))


def _better_number(keyring: Keyring, call: Call) -> str | None:
    if call.better_number is None:
        return None
    told = _opened(lambda: keyring.unseal(BETTER_NUMBER, call.id, call.better_number or b""))
    return showing.plain(told) if told else None


def _menu(keyring: Keyring, call: Call) -> MenuState | None:
    if call.menu_state is None:
        return None
    text = _opened(lambda: keyring.unseal(MENU_STATE, call.id, call.menu_state or b""))
    try:
        return MenuState.from_json(text) if text else None
    except (ValueError, KeyError, TypeError) as broken:
        log.error("menu_state_unreadable", call_id=call.id, error=type(broken).__name__)
        return None


def _menu_place(menu: MenuState) -> dict[str, Any] | None:
    if menu.place is None:
        return None
    return place_of(menu.place, Language.EN, confirmed=menu.confirmed)


def _corrected_place(keyring: Keyring, call: Call) -> dict[str, Any] | None:
    if call.place is None:
        return None
    text = _opened(lambda: keyring.unseal(PLACE, call.id, call.place or b""))
    return json.loads(text) if text else None


def _opened(opening: Any) -> str | None:
    """A column that does not open costs its own content, never the call-taker's whole page."""
    try:
        return str(opening())
    except PersonalError as shut:
        log.error("personal_column_shut", error=str(shut))
        return None
