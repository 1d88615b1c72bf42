"""What a protocol's editor needs beyond what every document has: its title, and what it may name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from calltaker.authoring import live_protocols, protocol_document
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.intake.published import published
from protocols.levels import Level
from protocols.proof_reference import BY_JURISDICTION
from protocols.script import DestinationKind, QuestionKind

LANGUAGES = ("en", "es")
WHEREVER = {"en": "911 of the place", "es": "El 911 del lugar"}


def state(session: Session, grounds: Grounds, now: datetime, text: str) -> dict[str, Any]:
    """Title, content approval and catalogue; `text` is the draft's, or the live one's."""
    protocol = protocol_document.loaded(text)
    return {
        "title": protocol_document.title(protocol),
        "approval": protocol_document.approval(protocol),
        "catalogue": catalogue(session, grounds.protocols(now, {}) if grounds.protocols else None),
    }


def catalogue(session: Session, around: ProtocolGrounds | None) -> dict[str, Any]:
    """What a protocol may name: codes, places, other protocols, levels, kinds of questions."""
    return {
        "common_codes": sorted(around.reference.common_codes) if around else [],
        "request_codes": list(_requests(around)) if around else [],
        "destinations": list(_destinations(around)) if around else [],
        "protocols": [
            {"id": key, "title": protocol_document.both(one.title)}
            for key, one in live_protocols.readable(session, published()).items()
        ],
        "levels": [level.value for level in Level],
        "languages": list(LANGUAGES),
        "question_kinds": [kind.value for kind in QuestionKind],
    }


def _requests(around: ProtocolGrounds) -> Iterator[dict[str, Any]]:
    for code in sorted(around.reference.request_codes):
        yield {"code": code, "title": around.requests.get(code)}


def _destinations(around: ProtocolGrounds) -> Iterator[dict[str, Any]]:
    yield {"kind": DestinationKind.NINE_ONE_ONE.value, "key": BY_JURISDICTION, "title": WHEREVER}
    for place in around.reference.places.values():
        kind, _, key = place.key.partition(":")
        yield {"kind": kind, "key": key, "title": around.places.get(place.key)}
