"""Answers that are written down and decide nothing: text, a place, a time, a person.

Their shapes are plain JSON, so an answer is stored and sent as it stands. Knows
no question; whether a place is right is not known here, only whether somebody
has confirmed it.

place   text, [latitude, longitude], confirmed, [unverified_reason: needed if not confirmed]
time    text, [at: local minute such as 2026-07-04T21:30]
person  at least one of name, phone, relation, description
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from protocols.errors import shown

LONGEST_TEXT_ANSWER: Final = 2000
"""Characters; a call-taker's typing never reaches it, a broken client's might."""

PLACE_KEYS: Final = ("text", "latitude", "longitude", "confirmed", "unverified_reason")
TIME_KEYS: Final = ("text", "at")
PERSON_KEYS: Final = ("name", "phone", "relation", "description")

_MINUTE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_FARTHEST: Final = {"latitude": 90, "longitude": 180}


def fault_of_text(answer: object) -> str | None:
    """Say what is wrong with a text, or None."""
    if type(answer) is not str:  # a word of the engine's own is a str too
        return f"{shown(answer)} is not text"
    if len(answer) > LONGEST_TEXT_ANSWER:
        return f"{len(answer)} characters, at most {LONGEST_TEXT_ANSWER}"
    return None


def fault_of_place(answer: object) -> str | None:
    """Say what is wrong with a place, or None."""
    if not isinstance(answer, Mapping):
        return f"{shown(answer)} is not a place ({', '.join(PLACE_KEYS)})"
    return (
        _strange_key(answer, PLACE_KEYS)
        or _missing_text(answer, "text")
        or _fault_of_point(answer)
        or _fault_of_confirmation(answer)
    )


def fault_of_time(answer: object) -> str | None:
    """Say what is wrong with a time, or None."""
    if not isinstance(answer, Mapping):
        return f"{shown(answer)} is not a time ({', '.join(TIME_KEYS)})"
    fault = _strange_key(answer, TIME_KEYS) or _missing_text(answer, "text")
    if fault or "at" not in answer or _is_minute(answer["at"]):
        return fault
    return f"at {shown(answer['at'])} is not a local minute such as 2026-07-04T21:30"


def fault_of_person(answer: object) -> str | None:
    """Say what is wrong with a person's details, or None."""
    if not isinstance(answer, Mapping) or not answer:
        return f"{shown(answer)} is not a person (at least one of {', '.join(PERSON_KEYS)})"
    faults = (_missing_text(answer, key) for key in answer)
    return _strange_key(answer, PERSON_KEYS) or next(filter(None, faults), None)


def _strange_key(answer: Mapping[object, object], keys: tuple[str, ...]) -> str | None:
    strange = next((key for key in answer if key not in keys), None)
    return None if strange is None else f"{shown(strange)} is none of {', '.join(keys)}"


def _missing_text(answer: Mapping[object, object], key: object) -> str | None:
    found = answer.get(key)
    fault = "is missing" if key not in answer else fault_of_text(found)
    if fault is None and not str(found).strip():
        fault = "is empty"
    return f"{key} {fault}" if fault else None


def _fault_of_point(answer: Mapping[object, object]) -> str | None:
    there = [name for name in _FARTHEST if name in answer]
    if len(there) == 1:
        return "latitude and longitude go together"
    for name in there:
        degrees, most = answer[name], _FARTHEST[name]
        if isinstance(degrees, bool) or not isinstance(degrees, int | float):
            return f"{name} {shown(degrees)} is not a number"
        if not -most <= degrees <= most:
            return f"{name} {shown(degrees)} is not between -{most} and {most}"
    return None


def _fault_of_confirmation(answer: Mapping[object, object]) -> str | None:
    confirmed = answer.get("confirmed")
    if not isinstance(confirmed, bool):
        return "confirmed is true or false: was the place read back and agreed?"
    if not confirmed or "unverified_reason" in answer:
        return _missing_text(answer, "unverified_reason")
    return None


def _is_minute(value: object) -> bool:
    if not isinstance(value, str) or _MINUTE.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
