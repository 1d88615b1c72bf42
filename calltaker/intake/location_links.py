"""A link by text message: by it a caller's telephone tells once where it is, while the call lasts.

A link is bound to its call, works once, for ten minutes of database time, and a newer one takes its
place (`ivr.location_links` makes it). The position becomes the call's place, unconfirmed, and stands
in no log and no journal. Never commits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from calltaker.desk import own_calls, showing
from calltaker.desk.caller import open_caller, telephone_number
from calltaker.doorway import JurisdictionAt
from calltaker.errors import ConflictError
from calltaker.intake.record import Record
from calltaker.staff.permissions import Sight
from ivr import location_links
from ivr import record as written
from ivr.location_links import MOST_A_CALL, digest_of, links_of, takes_texts
from models.call import PLACE, Call
from models.contact_fields import ContactField
from models.intake import TextMessage
from models.location_link import BY_LINK, LocationLink
from models.personal import Keyring
from models.states import CallPhase, NumberPresentation, Origin

MOST_METRES = 2000.0
"""A position less exact than this helps nobody find anything."""
LONGEST_SAID = 200

_NOT_A_TELEPHONE = {
    NumberPresentation.WITHHELD: "The caller's number is withheld.",
    NumberPresentation.SIP: "The caller has no telephone number.",
    NumberPresentation.CLIENT: "The caller has no telephone number.",
}


class TooVagueError(ValueError):
    """The telephone does not know well enough where it is."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a telephone told: degrees, and how exact in metres (68 % at least, says W3C: 95 %)."""

    latitude: float
    longitude: float
    accuracy: float

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> Self:
        """Read what was posted.

        Raises:
            TooVagueError: the position is less exact than `MOST_METRES`.
            ValueError: a value is missing, no number, or not on the Earth.
        """
        latitude = _within(sent.get("latitude"), -90, 90)
        longitude = _within(sent.get("longitude"), -180, 180)
        accuracy = _within(sent.get("accuracy"), 0, float("inf"))
        if accuracy > MOST_METRES:
            raise TooVagueError
        return cls(latitude, longitude, max(1.0, accuracy))


def text(record: Record, keyring: Keyring, call: Call) -> None:
    """Text the caller a link; an older one of the call opens nothing any more.

    Raises:
        ConflictError: there is no call under way, or its caller can take no text message.
    """
    locked = written.lock_call(record.session, call.id)
    current = own_calls.current(record.session, record.staff_id)
    if locked is None or current is None or current.id != call.id:
        raise ConflictError("You are not in this call.", "A link is for a call under way.")
    number = telephone_number(keyring, call)
    sent = links_of(record.session, call.id)
    reason = why_not(call, number, sent)
    if reason or number is None:
        raise ConflictError(reason or "", "Ask the caller where they are.")
    link_id, message = location_links.send(
        record.session, keyring, call.id, number, record.now, record.staff_id
    )
    record.note("location_link_texted", {"link": link_id, "message": message})


def why_not(call: Call, number: str | None, sent: int) -> str | None:
    """Say why this caller can be texted no link; None when one can.

    Args:
        call: The call under way.
        number: Its caller's number, E.164.
        sent: How many links the call has had.
    """
    if call.origin is Origin.TRANSFER_IN:
        return "The number is 911's, not the caller's."
    if call.number_presentation is not NumberPresentation.GIVEN or number is None:
        return _NOT_A_TELEPHONE.get(call.number_presentation, "The caller's number is withheld.")
    if not takes_texts(number):
        return "The caller's number takes no text messages."
    if sent >= MOST_A_CALL:
        return f"{MOST_A_CALL} links were texted in this call."
    return None


def view(session: Session, keyring: Keyring, call: Call) -> dict[str, Any]:
    """Write what the desk shows: why no link can be texted, and what became of the newest."""
    number = telephone_number(keyring, call)
    row = session.execute(
        select(LocationLink, TextMessage)
        .join(TextMessage, TextMessage.id == LocationLink.text_message_id)
        .where(LocationLink.call_id == call.id)
        .order_by(LocationLink.made_at.desc())
        .limit(1)
    ).first()
    told = {"why_not": why_not(call, number, links_of(session, call.id) if row else 0)}
    if row is None:
        return {**told, "state": None, "at": None}
    link, message = row
    if link.used_at is not None:
        return {**told, "state": "used", "at": showing.instant(link.used_at)}
    return {**told, "state": _state(message), "at": showing.instant(link.expires_at)}


def opens(session: Session, word: str) -> Call | None:
    """Return the call of a link that would still be taken; None for every other word."""
    link = _of_word(session, word)
    if link is None or link.used_at is not None:
        return None
    if link.expires_at <= written.database_now(session):
        return None
    call = session.get(Call, link.call_id)
    return call if call is not None and call.phase is not CallPhase.ENDED else None


def take(
    session: Session,
    keyring: Keyring,
    word: str,
    position: Position,
    at: JurisdictionAt | None,
    now: datetime,
) -> bool:
    """Make a position the place of the link's call; False for a link that takes nothing any more.

    Whoever comes first with a word has used it: the claim is one conditional UPDATE, by database
    time; `now` is what the journal says.
    """
    link = _of_word(session, word)
    call = written.lock_call(session, link.call_id) if link else None
    if link is None or call is None or call.phase is CallPhase.ENDED:
        return False
    if not _claimed(session, link.id, written.database_now(session)):
        return False
    call.place = keyring.seal(
        PLACE, call.id, json.dumps(_place(keyring, call, position, at), ensure_ascii=False)
    )
    written.fact(session, call.id, ContactField.LOCATION_METHOD, now, BY_LINK)
    written.note(session, call.id, "location_link_used", now, link=link.id)
    written.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    return True


def _within(value: Any, least: float, most: float) -> float:
    """A number of the body; NaN lies within nothing, and a whole number may be longer than a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no number")
    if not least <= value <= most:
        raise ValueError("not on the Earth")
    return float(min(value, 1e9))


def _of_word(session: Session, word: str) -> LocationLink | None:
    return session.scalar(select(LocationLink).where(LocationLink.token_digest == digest_of(word)))


def _claimed(session: Session, link_id: str, now: datetime) -> bool:
    claimed = session.scalar(
        update(LocationLink)
        .where(
            LocationLink.id == link_id,
            LocationLink.used_at.is_(None),
            LocationLink.expires_at > now,
        )
        .values(used_at=now, token=None)
        .returning(LocationLink.id)
    )
    return claimed is not None


def _place(
    keyring: Keyring, call: Call, position: Position, at: JurisdictionAt | None
) -> dict[str, Any]:
    """The place in the desk's shape; what was said of it before goes on in its words."""
    said = (open_caller(keyring, call, Sight.FULL).place or {}).get("text")
    words = "Sent by the caller's telephone"
    here = (position.latitude, position.longitude, position.accuracy)
    jurisdiction, certain = at(*here) if at else (call.jurisdiction, False)
    return {
        "text": f"{words} (said before: {said[:LONGEST_SAID]})"
        if said and not said.startswith(words)
        else said or words,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "uncertainty_metres": position.accuracy,
        "confirmed": False,
        "jurisdiction": jurisdiction,
        "jurisdiction_certain": certain,
        "source": BY_LINK,
    }


def _state(message: TextMessage) -> str:
    if message.sent_at is not None:
        return "sent"
    return "failed" if message.failed_code is not None else "pending"
