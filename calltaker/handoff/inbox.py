"""Messages are answered once: the same again gets the first one's answer and does nothing.

A token that brought one message brings no other. Never commits.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from calltaker.handoff.errors import NoTokenError
from calltaker.handoff.ledger import Writing
from calltaker.handoff.tokens import Bearer
from ivr import record
from ivr.transfer_rows import Effect
from models.handoff import HandoffMessage


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came: from whom, of what kind, about what, and its bytes."""

    bearer: Bearer
    kind: str
    subject: str
    raw: bytes

    @property
    def sha256(self) -> str:
        """What makes it the same message again."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the status, the JSON, and whether it was said before.

    `effects` are done at the telephone after the commit.
    """

    status: int
    body: dict[str, Any]
    said_before: bool = False
    effects: tuple[Effect, ...] = ()


def answer_once(writing: Writing, message: Message, take: Callable[[], Answer]) -> Answer:
    """Take a message in, or give the answer that it got before.

    Raises:
        NoTokenError: the token has brought another message.
        whatever `take` raises: then nothing of the message is kept.
    """
    before = _before(writing.session, message)
    if before is not None:
        return Answer(200, dict(before.answer), said_before=True)
    answer = take()
    row = HandoffMessage(
        id=writing.new_id(),
        agency=message.bearer.agency.key,
        kind=message.kind,
        subject=message.subject,
        sha256=message.sha256,
        token_id=message.bearer.token_id,
        status=answer.status,
        answer=answer.body,
        received_at=writing.now,
    )
    if not record.add_once(writing.session, row):
        writing.session.rollback()
        stands = _before(writing.session, message)
        if stands is None:
            raise NoTokenError("the token was used for another message")
        return Answer(200, dict(stands.answer), said_before=True)
    return answer


def _before(session: Session, message: Message) -> HandoffMessage | None:
    agency = message.bearer.agency.key
    used = session.scalar(
        select(HandoffMessage).where(
            HandoffMessage.agency == agency, HandoffMessage.token_id == message.bearer.token_id
        )
    )
    if used is not None and (used.kind, used.subject, used.sha256) != (
        message.kind,
        message.subject,
        message.sha256,
    ):
        raise NoTokenError("the token was used for another message")
    return used or session.scalar(
        select(HandoffMessage).where(
            HandoffMessage.agency == agency,
            HandoffMessage.kind == message.kind,
            HandoffMessage.subject == message.subject,
            HandoffMessage.sha256 == message.sha256,
        )
    )


def keep_unmatched(writing: Writing, message: Message) -> None:
    """Keep a message about a name that nothing here answers to: somebody will ask for it."""
    writing.session.execute(
        _inserted(
            writing,
            id=writing.new_id(),
            agency=message.bearer.agency.key,
            kind="unmatched",
            subject=message.subject,
            sha256=message.sha256,
            token_id=message.bearer.token_id,
            status=404,
            answer={},
            received_at=writing.now,
        )
    )


def _inserted(writing: Writing, **values: Any) -> Any:
    dialect = writing.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(HandoffMessage).values(**values).on_conflict_do_nothing()
