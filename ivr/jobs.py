"""Effects outside the database that may be a little late: asked for in a row, done by a job.

The outbox row is written with the change that asks for it and is the record; the belt (RQ) only
carries its id and may lose it. A row is leased while a job is under way and offered again when the
lease is over, so every job must be harmless when it runs twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr import record
from ivr.errors import GatewayError, GatewayTimeout, NotAllowedError
from ivr.rules.menu_nodes import InformationNode
from ivr.runtime import Runtime
from ivr.text_messages import SEND_TEXT, text_key
from models.call import Call
from models.call_back import CallBack
from models.effects import OutboxEntry
from models.intake import MESSAGE_TO, ServiceRequest, TextMessage
from models.location_link import LINK_TOKEN, LocationLink
from models.states import Language, OutboxState

log = structlog.get_logger(__name__)

SENDING_SECONDS = 20.0
"""Longer than Twilio may take to answer, or to time out."""
LEASE_SECONDS = 90.0
"""How long a job may be on the belt or at work before the row is offered again."""
BELT_SECONDS = 5.0
"""How soon a belt that was out of reach is tried again."""
MOST_TRIES = 8
AT_ONCE = 50
_TRY_AGAIN = frozenset({408, 429})

Enqueue = Callable[[str], None]


def relay_outbox(runtime: Runtime, enqueue: Enqueue, now: datetime) -> int:
    """Put due rows on the belt; returns how many.

    Each is leased by one conditional UPDATE first, so that several relays put it there once.
    With the belt out of reach the lease is given back and no try is counted.
    """
    with runtime.reading() as session:
        due = _due(session, now)
    return sum(_relay(runtime, enqueue, entry, now) for entry in due)


def send_text(runtime: Runtime, text_message_id: str) -> None:
    """Send one text message, once; a message that has its Sid is done.

    The message is leased by one conditional UPDATE first, and no transaction is open while Twilio
    is asked: a second run finds the lease or the Sid. What may pass (no answer, 429, 5xx) gives the
    lease back and is left to the outbox's next try.

    Raises:
        GatewayError: a refusal that may pass.
    """
    words = _leased(runtime, text_message_id)
    if words is None:
        return
    sent = _send(runtime, text_message_id, *words)
    with runtime.sessions() as session:
        message = session.get_one(TextMessage, text_message_id)
        message.message_sid, message.failed_code, message.sending_until = *sent, None
        message.sent_at = runtime.clock() if message.message_sid else None
        _forget_link(session, message)
        _settle(session, message, OutboxState.SENT if message.message_sid else OutboxState.GAVE_UP)
        session.commit()


def _leased(runtime: Runtime, text_message_id: str) -> tuple[str, str] | None:
    """Take the message: its number and words; None when it is done or another run has it."""
    now = runtime.clock()
    with runtime.sessions() as session:
        message = session.get(TextMessage, text_message_id, with_for_update=True)
        if message is None or message.message_sid or message.failed_code is not None:
            return None
        if message.sending_until is not None and message.sending_until > now:
            return None
        message.sending_until = now + timedelta(seconds=SENDING_SECONDS)
        to = runtime.keyring.unseal(MESSAGE_TO, message.id, message.to_number)
        words = _words(runtime, session, message)
        session.commit()
    return to, words


def _due(session: Session, now: datetime) -> list[OutboxEntry]:
    return list(
        session.scalars(
            select(OutboxEntry)
            .where(OutboxEntry.state == OutboxState.PENDING, OutboxEntry.next_try_at <= now)
            .order_by(OutboxEntry.next_try_at)
            .limit(AT_ONCE)
        )
    )


def _relay(runtime: Runtime, enqueue: Enqueue, entry: OutboxEntry, now: datetime) -> bool:
    if entry.kind != SEND_TEXT or entry.tries >= MOST_TRIES:
        _give_up(runtime, entry)
        return False
    if not _lease(runtime, entry, now):
        return False
    try:
        enqueue(str(entry.payload["text_message_id"]))
    except Exception as away:  # noqa: BLE001 - whatever the belt is made of, the row waits
        log.warning("belt_out_of_reach", outbox_id=entry.id, error=type(away).__name__)
        _try_soon(runtime, entry, now)
        return False
    return True


def _try_soon(runtime: Runtime, entry: OutboxEntry, now: datetime) -> None:
    """Give the lease back without counting the try: a belt away for an hour loses no message."""
    with runtime.sessions() as session:
        session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id == entry.id, OutboxEntry.state == OutboxState.PENDING)
            .values(tries=entry.tries, next_try_at=now + timedelta(seconds=BELT_SECONDS))
        )
        session.commit()


def _lease(runtime: Runtime, entry: OutboxEntry, now: datetime) -> bool:
    """Take the row for a while; False when another relay was faster."""
    with runtime.sessions() as session:
        taken = session.scalar(
            update(OutboxEntry)
            .where(
                OutboxEntry.id == entry.id,
                OutboxEntry.state == OutboxState.PENDING,
                OutboxEntry.tries == entry.tries,
            )
            .values(tries=entry.tries + 1, next_try_at=now + timedelta(seconds=LEASE_SECONDS))
            .returning(OutboxEntry.id)
        )
        session.commit()
    return taken is not None


def _give_up(runtime: Runtime, entry: OutboxEntry) -> None:
    log.error("outbox_gave_up", outbox_id=entry.id, kind=entry.kind, tries=entry.tries)
    with runtime.sessions() as session:
        session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id == entry.id, OutboxEntry.state == OutboxState.PENDING)
            .values(state=OutboxState.GAVE_UP)
        )
        session.commit()


def _send(
    runtime: Runtime, text_message_id: str, to: str, words: str
) -> tuple[str | None, int | None]:
    """Ask Twilio; gives the Sid, or the number of a refusal that stays one."""
    if not words:
        log.error("text_without_words", text_message_id=text_message_id)
        return None, 0
    try:
        return runtime.gateway.send_text(to, words), None
    except NotAllowedError:
        log.warning("text_not_allowed", text_message_id=text_message_id)
        return None, 0
    except GatewayError as refused:
        if _may_pass(refused):
            _give_back(runtime, text_message_id)
            raise
        log.warning("text_refused", text_message_id=text_message_id, code=refused.code)
        return None, refused.code or refused.status or 0


def _give_back(runtime: Runtime, text_message_id: str) -> None:
    with runtime.sessions() as session:
        session.get_one(TextMessage, text_message_id).sending_until = None
        session.commit()


def _may_pass(refused: GatewayError) -> bool:
    if isinstance(refused, GatewayTimeout) or refused.status is None:
        return True
    return refused.status >= 500 or refused.status in _TRY_AGAIN


def _words(runtime: Runtime, session: Session, message: TextMessage) -> str:
    """The words in the caller's language; made when sent, so that they are stored nowhere."""
    call = session.get(Call, message.call_id)
    language = (call.language if call else None) or Language.EN
    if message.menu_node is not None:
        return _words_of_node(runtime, call, message.menu_node, language)
    if message.service_request_id is None:
        link = _words_of_link(runtime, session, message, language)
        return link or _words_of_call_back(runtime, session, message, language)
    request = session.get(ServiceRequest, message.service_request_id or "")
    number = request.number if request else ""
    return runtime.city.sentences.say("request_text", language, number=number)


def _words_of_node(runtime: Runtime, call: Call | None, node_id: str, language: Language) -> str:
    """The text message of a node, from the version that the call began with; "" if it has none."""
    if call is None or call.menu_publication_id is None:
        return ""
    node = runtime.menus.pinned(call.menu_publication_id).nodes.get(node_id)
    if not isinstance(node, InformationNode) or node.text_message is None:
        return ""
    return node.text_message[language].text


def _words_of_link(
    runtime: Runtime, session: Session, message: TextMessage, language: Language
) -> str:
    """The message with the link that names it; "" for one that opens nothing any more."""
    link = session.scalar(select(LocationLink).where(LocationLink.text_message_id == message.id))
    if link is None or link.token is None or link.expires_at <= record.database_now(session):
        return ""
    token = runtime.keyring.unseal(LINK_TOKEN, link.id, link.token)
    address = runtime.addresses.here(token)
    return runtime.city.sentences.say("location_text", language, link=address)


def _words_of_call_back(
    runtime: Runtime, session: Session, message: TextMessage, language: Language
) -> str:
    """That we will ring, and how to cancel; "" when it is over before the text goes out."""
    wish = select(CallBack.id).where(
        CallBack.text_message_id == message.id, CallBack.done_at.is_(None)
    )
    if session.scalar(wish) is None:
        return ""
    number = runtime.city.line_number
    return runtime.city.sentences.say("call_back_text", language, number=number)


def _forget_link(session: Session, message: TextMessage) -> None:
    """The word of a link stands nowhere once its message has gone."""
    session.execute(
        update(LocationLink)
        .where(LocationLink.text_message_id == message.id)
        .values(token=None)
        .execution_options(synchronize_session=False)
    )


def _settle(session: Session, message: TextMessage, state: OutboxState) -> None:
    about = [message.id, *filter(None, [message.service_request_id])]
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.key.in_([text_key(one) for one in about]))
        .values(state=state, sent_at=message.sent_at)
    )
