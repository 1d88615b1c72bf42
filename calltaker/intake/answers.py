"""The answers of a protocol session: append-only rows, sealed; what counts is each question's last.

Knows rows and keys; the engine alone says what answers mean.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.intake import ANSWER_VALUE, ProtocolAnswer, ProtocolSession
from models.personal import Keyring
from protocols.conditions import Answer


def newest_session(
    session: Session, call_id: str, *, to_write: bool = False
) -> ProtocolSession | None:
    """Return the protocol session that the call is in, or was in last.

    `to_write` holds its row until the commit: of two orders at once the second sees what the first
    has done.
    """
    found = (
        select(ProtocolSession)
        .where(ProtocolSession.call_id == call_id)
        .order_by(ProtocolSession.ended_at.is_not(None), ProtocolSession.started_at.desc())
        .limit(1)
    )
    return session.scalar(found.with_for_update() if to_write else found)


def read(session: Session, keyring: Keyring, session_id: str) -> dict[str, Answer]:
    """Open each question's newest answer, questions in the order they were first answered."""
    rows = session.scalars(
        select(ProtocolAnswer)
        .where(ProtocolAnswer.session_id == session_id)
        .order_by(ProtocolAnswer.id)
    )
    return {row.question: opened(keyring, row) for row in rows}


def opened(keyring: Keyring, row: ProtocolAnswer) -> Answer:
    """Open one answer as the engine takes it."""
    return as_answer(json.loads(keyring.unseal(ANSWER_VALUE, row.answer_id, row.value)))


def as_answer(value: Answer | list[str]) -> Answer:
    """Turn a plain JSON value into an answer: several options are a tuple, never a list."""
    return tuple(value) if isinstance(value, list) else value


def append(
    session: Session,
    keyring: Keyring,
    run: ProtocolSession,
    question: str,
    value: Answer,
    *,
    shown_at: datetime,
    now: datetime,
    new_id: str,
) -> None:
    """Write one answer; an earlier one to the same question stays in the record."""
    text = json.dumps(value, ensure_ascii=False, default=dict)
    session.add(
        ProtocolAnswer(
            answer_id=new_id,
            session_id=run.id,
            question=question,
            value=keyring.seal(ANSWER_VALUE, new_id, text),
            shown_at=shown_at,
            answered_at=now,
        )
    )
    session.flush()


def seconds(run: ProtocolSession, at: datetime) -> float:
    """How long after its beginning something happened in a session."""
    return (at - run.started_at).total_seconds()


def moment(run: ProtocolSession, at_seconds: float) -> datetime:
    """The instant that many seconds after a session's beginning."""
    return run.started_at + timedelta(seconds=at_seconds)
