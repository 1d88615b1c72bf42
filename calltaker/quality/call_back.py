"""Whether a caller was asked for a number to call back, in whichever protocol of the call that was.

The opening asks it, once a call; the session that is scored is mostly a later one. Reads rows; knows
no score.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.intake import answers
from models.intake import ProtocolAnswer, ProtocolEvent, ProtocolSession
from models.personal import Keyring
from models.states import ProtocolEventKind
from protocols.conditions import WITHHELD

QUESTION = "call_back"
"""The person question that asks for it, in every protocol that does; the desk offers the number that calls."""


class Asked(StrEnum):
    """What came of the question."""

    NEVER = "never"
    PASSED_OVER = "passed_over"
    """It was shown, or answered without a number, and went on."""
    REFUSED = "refused"
    """The caller knows none, or will not say."""
    GIVEN = "given"


def asked(session: Session, keyring: Keyring, run: ProtocolSession) -> Asked:
    """Say what came of the question in the call up to a session's end; its newest answer counts.

    Raises:
        PersonalError: the answer does not open.
    """
    newest = session.scalar(
        select(ProtocolAnswer)
        .join(ProtocolSession, ProtocolSession.id == ProtocolAnswer.session_id)
        .where(ProtocolSession.call_id == run.call_id, ProtocolAnswer.question == QUESTION)
        .where(ProtocolAnswer.answered_at <= run.ended_at)
        .order_by(ProtocolAnswer.id.desc())
        .limit(1)
    )
    if newest is None:
        return Asked.PASSED_OVER if _was_shown(session, run) else Asked.NEVER
    value = answers.opened(keyring, newest)
    if isinstance(value, Mapping):
        return Asked.GIVEN if value.get("phone") else Asked.PASSED_OVER
    return Asked.REFUSED if value in WITHHELD else Asked.PASSED_OVER


def _was_shown(session: Session, run: ProtocolSession) -> bool:
    shown = (
        select(ProtocolEvent.id)
        .join(ProtocolSession, ProtocolSession.id == ProtocolEvent.session_id)
        .where(ProtocolSession.call_id == run.call_id, ProtocolEvent.at <= run.ended_at)
        .where(ProtocolEvent.kind == ProtocolEventKind.SHOWN, ProtocolEvent.question == QUESTION)
        .limit(1)
    )
    return session.scalar(shown) is not None
