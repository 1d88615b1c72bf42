"""What happened in a protocol session: append-only rows, read back as the events they were.

Answers keep their value in a row of their own; what people chose and why is sealed. Knows rows and
keys; `protocols.session` alone says what the events amount to, and which may happen.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.intake import answers
from calltaker.intake.record import Record
from models.intake import EVENT_DETAIL, ProtocolAnswer, ProtocolEvent, ProtocolSession
from models.personal import Keyring
from models.states import ProtocolEventKind
from protocols.session import (
    Answered,
    Ended,
    Event,
    How,
    Overridden,
    RedFlagRaised,
    Retriaged,
    Shown,
)

KINDS: Mapping[type[Event], ProtocolEventKind] = MappingProxyType(
    {
        Shown: ProtocolEventKind.SHOWN,
        Answered: ProtocolEventKind.ANSWERED,
        RedFlagRaised: ProtocolEventKind.RED_FLAG_RAISED,
        Retriaged: ProtocolEventKind.RETRIAGED,
        Overridden: ProtocolEventKind.OVERRIDDEN,
        Ended: ProtocolEventKind.ENDED,
    }
)


def read(session: Session, keyring: Keyring, run: ProtocolSession) -> list[Event]:
    """Read every event of a session, in the order they were kept."""
    rows = session.execute(
        select(ProtocolEvent, ProtocolAnswer)
        .outerjoin(ProtocolAnswer, ProtocolAnswer.answer_id == ProtocolEvent.answer_id)
        .where(ProtocolEvent.session_id == run.id)
        .order_by(ProtocolEvent.id)
    )
    return [_event(keyring, run, row, answer) for row, answer in rows]


def append(
    record: Record,
    keyring: Keyring,
    run: ProtocolSession,
    event: Event,
    *,
    event_id: str,
    answer_id: str | None = None,
) -> None:
    """Keep one event; `at` is the session's beginning and the event's own seconds."""
    detail = _detail(event)
    text = json.dumps(detail, ensure_ascii=False) if detail else None
    record.session.add(
        ProtocolEvent(
            event_id=event_id,
            session_id=run.id,
            kind=KINDS[type(event)],
            at=answers.moment(run, event.at_seconds),
            staff_id=record.staff_id,
            question=event.question if isinstance(event, Shown) else None,
            answer_id=answer_id,
            detail=keyring.seal(EVENT_DETAIL, event_id, text) if text else None,
        )
    )
    record.session.flush()


def is_kept(session: Session, event_id: str) -> bool:
    """Say whether an order was kept before: posted again, it is the same order."""
    found = select(ProtocolEvent.id).where(ProtocolEvent.event_id == event_id)
    return session.scalar(found) is not None


def _detail(event: Event) -> dict[str, Any] | None:
    match event:
        case Shown():
            return None
        case Answered():
            return {"carried": True} if event.carried else None
        case RedFlagRaised():
            return {"flag": event.flag}
        case Retriaged() | Overridden():
            chosen = {"determinant": event.determinant, "reason": event.reason}
            return {**chosen, "role": event.role}
        case Ended():
            return {"how": event.how.value}


def _event(
    keyring: Keyring, run: ProtocolSession, row: ProtocolEvent, answer: ProtocolAnswer | None
) -> Event:
    at, detail = answers.seconds(run, row.at), _opened(keyring, row)
    match row.kind:
        case ProtocolEventKind.SHOWN:
            return Shown(at, row.question or "")
        case ProtocolEventKind.ANSWERED:
            assert answer is not None  # noqa: S101 - the row's own foreign key
            value = answers.opened(keyring, answer)
            return Answered(at, answer.question, value, carried=bool(detail.get("carried")))
        case ProtocolEventKind.RED_FLAG_RAISED:
            return RedFlagRaised(at, **detail)
        case ProtocolEventKind.RETRIAGED:
            return Retriaged(at, **detail)
        case ProtocolEventKind.OVERRIDDEN:
            return Overridden(at, **detail)
        case ProtocolEventKind.ENDED:
            return Ended(at, How(detail["how"]))


def _opened(keyring: Keyring, row: ProtocolEvent) -> dict[str, Any]:
    if row.detail is None:
        return {}
    opened: dict[str, Any] = json.loads(keyring.unseal(EVENT_DETAIL, row.event_id, row.detail))
    return opened
