"""The answers of a protocol session: append-only rows, sealed; what counts is each question's last.

Knows rows and keys; the engine alone says what answers mean.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.intake import ANSWER_VALUE, ProtocolAnswer, ProtocolSession
from models.personal import Keyring
from protocols.conditions import Answer


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered so far: each question's newest value, and when the newest came."""

    values: dict[str, Answer]
    newest_at: datetime | None


def newest_session(session: Session, call_id: str) -> ProtocolSession | None:
    """Return the protocol session that the call is in, or was in last."""
    return session.scalar(
        select(ProtocolSession)
        .where(ProtocolSession.call_id == call_id)
        .order_by(ProtocolSession.ended_at.is_not(None), ProtocolSession.started_at.desc())
        .limit(1)
    )


def read(session: Session, keyring: Keyring, session_id: str) -> Answered:
    """Open the answers of a session, questions in the order they were first answered."""
    rows = session.scalars(
        select(ProtocolAnswer)
        .where(ProtocolAnswer.session_id == session_id)
        .order_by(ProtocolAnswer.id)
    ).all()
    values: dict[str, Answer] = {}
    for row in rows:
        values[row.question] = json.loads(keyring.unseal(ANSWER_VALUE, row.answer_id, row.value))
    return Answered(values, rows[-1].answered_at if rows else None)


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
    text = json.dumps(value, ensure_ascii=False)
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
