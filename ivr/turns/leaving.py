"""What a turn leaves behind beside its own rows: a message, a text asked for, a wish to be called.

Written in the transaction of the turn, so that a repeated webhook leaves nothing twice. What needs
the caller's number and finds none leaves nothing: the menu has already said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr import left_for_desk, location_links, record, text_messages
from ivr.rules.actions import CallMeBack, Effect, TakePlace, TextLink, TextMe
from models.call import Call
from models.personal import Keyring
from models.states import Language


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A recording that ended, as its action told: the Sid, and whole seconds."""

    recording_sid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What one turn leaves; `number` is the caller's own, E.164, or None."""

    effects: Sequence[Effect] = ()
    number: str | None = None
    message: LeftMessage | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.effects) or self.message is not None


def leave(
    session: Session,
    keyring: Keyring,
    call_id: str,
    left: Leaving,
    language: Language,
    now: datetime,
) -> None:
    """Write it all."""
    if left.message is not None:
        message = left.message
        left_for_desk.keep_message(
            session, call_id, message.recording_sid, message.seconds, now, language=language
        )
    for effect in left.effects if left.number else ():
        _do(session, keyring, call_id, effect, left.number or "", now)


def _do(
    session: Session, keyring: Keyring, call_id: str, effect: Effect, number: str, now: datetime
) -> None:
    match effect:
        case TextMe(node=node):
            text_messages.ask_for_node(session, keyring, call_id, node, number, now)
        case CallMeBack(node=node):
            left_for_desk.ask_call_back(session, keyring, call_id, node, number, now)
        case TextLink():
            link, message = location_links.send(session, keyring, call_id, number, now)
            record.note(session, call_id, "location_link_texted", now, link=link, message=message)
        case TakePlace():
            session.execute(update(Call).where(Call.id == call_id).values(place=None))
        case _:
            assert_never(effect)
