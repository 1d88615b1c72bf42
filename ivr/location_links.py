"""The link by which a caller's telephone tells once where it is: made here, whoever asks for it.

One link opens at a time, for ten minutes of database time. Its word is 128 bits of chance; the
table keeps a digest, and the word itself sealed until the message has gone. Never commits. What a
link brings is taken by the staff's door; knows no page and no call-taker's screen.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ivr import record, text_messages
from models.location_link import LINK_TOKEN, LocationLink
from models.personal import Keyring

TOKEN_BYTES = 16
GOOD_FOR = timedelta(minutes=10)
MOST_A_CALL = 3
"""Links of one call, the line's own among them."""
_TAKE_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def takes_texts(e164: str) -> bool:
    """Say whether a number may be a mobile telephone, as far as its digits can say."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _TAKE_TEXTS


def send(
    session: Session,
    keyring: Keyring,
    call_id: str,
    number: str,
    now: datetime,
    staff_id: str | None = None,
) -> tuple[str, str]:
    """Text `number` (E.164) a link of the call; an older one opens nothing any more.

    Returns:
        The link's id and its message's. `staff_id` None: the line itself offered it.
    """
    at = record.database_now(session)
    _close_others(session, call_id, at)
    message = text_messages.ask_for_link(session, keyring, call_id, number, now)
    link_id, word = record.new_id(), secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        LocationLink(
            id=link_id,
            call_id=call_id,
            text_message_id=message,
            staff_id=staff_id,
            token_digest=digest_of(word),
            token=keyring.seal(LINK_TOKEN, link_id, word),
            made_at=at,
            expires_at=at + GOOD_FOR,
        )
    )
    return link_id, message


def links_of(session: Session, call_id: str) -> int:
    """How many links a call has had."""
    counted = select(func.count()).select_from(LocationLink)
    return session.scalar(counted.where(LocationLink.call_id == call_id)) or 0


def digest_of(word: str) -> str:
    """What the table keeps of a link's word."""
    return hashlib.sha256(word.encode()).hexdigest()


def _close_others(session: Session, call_id: str, now: datetime) -> None:
    session.execute(
        update(LocationLink)
        .where(LocationLink.call_id == call_id, LocationLink.expires_at > now)
        .values(expires_at=now)
    )
