"""What a call-taker puts right of what the line understood: place and intent. Never commits.

Each correction is kept beside what stood before; nothing the menu heard is overwritten.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from calltaker.desk import showing
from calltaker.desk.caller import open_caller, place_of
from calltaker.doorway import JurisdictionAt
from calltaker.errors import RefusedError
from calltaker.intake.record import Record
from calltaker.staff.permissions import Sight
from ivr.rules.menu_state import Readers
from models.call import BETTER_NUMBER, PLACE, Call
from models.contact_fields import ContactField
from models.personal import Keyring
from models.states import Language

LONGEST_PLACE = 300
PIN_METRES = 25.0
"""How exactly a hand puts a pin on the map."""
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


def place(
    record: Record,
    keyring: Keyring,
    readers: Readers,
    call: Call,
    text: str,
    point: tuple[float, float] | None,
    at: JurisdictionAt | None = None,
) -> None:
    """Keep the place as the call-taker has it; a place of words alone is looked up.

    `at` finds the jurisdiction of a point; without it, and for words that no map knows, the
    jurisdiction found before goes on as uncertain: a correction is mostly a refinement.

    Raises:
        RefusedError: no words, too many, or a point that is not on the Earth.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_PLACE:
        raise RefusedError("A place needs words, at most 300 characters.", "Write the place.")
    known = open_caller(keyring, call, Sight.FULL).place or {}
    found = _with_point(call, text, point, known, at) if point else _looked_up(readers, call, text)
    call.place = keyring.seal(PLACE, call.id, json.dumps(found, ensure_ascii=False))
    if found["jurisdiction"]:
        call.jurisdiction = found["jurisdiction"]
        record.fact(ContactField.JURISDICTION, found["jurisdiction"])
    record.fact(ContactField.LOCATION_VERIFIED)
    method = found.get("source") or ("map" if point else "call_taker")
    record.fact(ContactField.LOCATION_METHOD, method)
    record.note("place_corrected", {"on_map": found["latitude"] is not None})


def better_number(record: Record, keyring: Keyring, call: Call, text: str) -> None:
    """Keep the number at which the caller says they can be called back; no words take it away.

    It is told to 911 and shown at the desk. Our line dials it never by itself: anybody may say any.

    Raises:
        RefusedError: no telephone number of this country's plan.
    """
    number = showing.dialled(text) if text.strip() else ""
    if number is None:
        raise RefusedError("That is no telephone number.", "Write its ten digits.")
    call.better_number = keyring.seal(BETTER_NUMBER, call.id, number) if number else None
    record.note("better_number_kept" if number else "better_number_dropped", {})


def answered_place(
    record: Record,
    keyring: Keyring,
    readers: Readers,
    call: Call,
    answer: Mapping[str, Any],
    at: JurisdictionAt | None = None,
) -> None:
    """Take over a place that a protocol has asked for.

    Confirmed, it is the call's place; not confirmed, it stands only where nothing was known.
    """
    known = open_caller(keyring, call, Sight.FULL).place
    if not answer["confirmed"]:
        if known is None:
            found = {**_words_only(call, str(answer["text"])), "confirmed": False}
            call.place = keyring.seal(PLACE, call.id, json.dumps(found, ensure_ascii=False))
            record.note("place_not_verified")
        return
    if known and known["confirmed"] and known["text"] == answer["text"]:
        return
    has_point = "latitude" in answer and "longitude" in answer
    point = (float(answer["latitude"]), float(answer["longitude"])) if has_point else None
    place(record, keyring, readers, call, str(answer["text"]), point, at)


def intent(record: Record, call: Call, slug: str) -> None:
    """Keep what the contact is about, as the call-taker has it.

    Raises:
        RefusedError: no slug of an intent.
    """
    if not _SLUG.fullmatch(slug):
        raise RefusedError("That is no kind of request.", "Choose one of the list.")
    call.intent = slug
    record.fact(ContactField.ENTRY_TYPE, slug)
    record.note("intent_corrected", {"intent": slug})


def language(record: Record, call: Call, word: str) -> None:
    """Keep which language the caller speaks: every sentence spoken from now on follows it.

    Raises:
        RefusedError: the line does not speak it.
    """
    chosen = next((one for one in Language if one.value == word), None)
    if chosen is None:
        raise RefusedError("The line does not speak that language.", "F8 calls an interpreter in.")
    if chosen is call.language:
        return
    before, call.language = call.language, chosen
    record.fact(ContactField.LANGUAGE, chosen.value)
    was = before.value if before else None
    record.note("language_corrected", {"was": was, "language": chosen.value})


def _with_point(
    call: Call,
    text: str,
    point: tuple[float, float],
    known: Mapping[str, Any],
    at: JurisdictionAt | None,
) -> dict[str, Any]:
    """A place at a point; one that is only confirmed gets no more exact, and keeps its source."""
    same = known if point == (known.get("latitude"), known.get("longitude")) else {}
    metres = same.get("uncertainty_metres") or PIN_METRES
    latitude, longitude = point
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RefusedError("That point is not on the map.", "Put the pin again.")
    jurisdiction, certain = at(latitude, longitude, metres) if at else (call.jurisdiction, False)
    return {
        **_words_only(call, text),
        "latitude": latitude,
        "longitude": longitude,
        "uncertainty_metres": metres,
        "jurisdiction": jurisdiction,
        "jurisdiction_certain": certain,
        **({"source": same["source"]} if same.get("source") else {}),
    }


def _looked_up(readers: Readers, call: Call, text: str) -> dict[str, Any]:
    found = readers.place(text, call.language or Language.EN)
    if found is None or found.latitude is None:
        return _words_only(call, text)
    return {**place_of(found, Language.EN, confirmed=True), "text": text}


def _words_only(call: Call, text: str) -> dict[str, Any]:
    return {
        "text": text,
        "latitude": None,
        "longitude": None,
        "uncertainty_metres": None,
        "confirmed": True,
        "jurisdiction": call.jurisdiction,
        "jurisdiction_certain": False,
    }
