"""Text messages to a caller, asked for in the transaction of what they are about.

The message and the outbox row that sends it are one: `ivr.jobs` does the sending. A message about a
node of the menu is asked for once a node and call; words are made when a message is sent.
"""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from models.effects import OutboxEntry
from models.intake import MESSAGE_TO, TextMessage
from models.personal import Keyring
from models.states import OutboxState

log = structlog.get_logger(__name__)

SEND_TEXT = "send_text"
"""`OutboxEntry.kind` of a text message; its payload is {"text_message_id": id}."""
LONGEST_NODE = 200


def text_key(about: str) -> str:
    """`OutboxEntry.key` of a text message about a service request (or of its own, by its id).

    One request, one message: a second row is refused.
    """
    return f"{SEND_TEXT}:{about}"


def ask_for_node(
    session: Session, keyring: Keyring, call_id: str, node: str, number: str, now: datetime
) -> None:
    """Text the words of a menu's node to `number` (E.164), once a node and call."""
    if len(node) > LONGEST_NODE:
        log.error("node_too_long_to_text", call_id=call_id)
        return
    asked = select(TextMessage.id).where(
        TextMessage.call_id == call_id, TextMessage.menu_node == node
    )
    if session.scalar(asked) is not None:
        return
    message_id = record.new_id()
    session.add(
        TextMessage(
            id=message_id,
            call_id=call_id,
            menu_node=node,
            to_number=keyring.seal(MESSAGE_TO, message_id, number),
            asked_at=now,
        )
    )
    session.flush()
    session.add(_sending(message_id, now))
    record.note(session, call_id, "text_queued", now, node=node, message=message_id)


def ask_for_link(
    session: Session, keyring: Keyring, call_id: str, number: str, now: datetime
) -> str:
    """Text a caller the link of a row that names this message; returns the message's id."""
    message_id = record.new_id()
    session.add(
        TextMessage(
            id=message_id,
            call_id=call_id,
            to_number=keyring.seal(MESSAGE_TO, message_id, number),
            asked_at=now,
        )
    )
    session.flush()
    session.add(_sending(message_id, now))
    return message_id


def ask_for_call_back(
    session: Session, keyring: Keyring, call_id: str, number: str, now: datetime
) -> str:
    """Text a resident that we will ring them, for a wish that names this message; returns its id."""
    return ask_for_link(session, keyring, call_id, number, now)


def _sending(message_id: str, now: datetime) -> OutboxEntry:
    return OutboxEntry(
        key=text_key(message_id),
        kind=SEND_TEXT,
        payload={"text_message_id": message_id},
        state=OutboxState.PENDING,
        next_try_at=now,
        created_at=now,
    )
