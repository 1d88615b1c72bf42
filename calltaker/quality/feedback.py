"""Words to the person concerned about a case: given by a reader, read, acknowledged, replied to.

Only the two of them and other readers see them. Never commits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, ForbiddenError, NotFoundError
from calltaker.quality.disputes import required_words
from models.intake import ProtocolSession
from models.personal import Keyring
from models.quality import FEEDBACK_REPLY, FEEDBACK_WORDS, CaseFeedback


def of_session(session: Session, session_id: str) -> Sequence[CaseFeedback]:
    """Return the feedback on a case, oldest first."""
    return session.scalars(
        select(CaseFeedback)
        .where(CaseFeedback.session_id == session_id)
        .order_by(CaseFeedback.given_at, CaseFeedback.id)
    ).all()


def give(
    session: Session,
    keyring: Keyring,
    run: ProtocolSession,
    text: str,
    by: str,
    now: datetime,
    new_id: str,
) -> CaseFeedback:
    """Give feedback on a case to whoever took it.

    Raises:
        ForbiddenError: one's own case.
        RefusedError: nothing written, or too much.
    """
    if run.staff_id == by:
        raise ForbiddenError("This case is your own.", "Feedback comes from somebody else.")
    given = CaseFeedback(
        id=new_id,
        session_id=run.id,
        from_staff_id=by,
        to_staff_id=run.staff_id,
        words=keyring.seal(FEEDBACK_WORDS, new_id, required_words(text)),
        given_at=now,
    )
    session.add(given)
    return given


def mark_read(session: Session, session_id: str, staff_id: str, now: datetime) -> None:
    """Note that the person concerned has opened their feedback on a case, the first time."""
    session.execute(
        update(CaseFeedback)
        .where(
            CaseFeedback.session_id == session_id,
            CaseFeedback.to_staff_id == staff_id,
            CaseFeedback.read_at.is_(None),
        )
        .values(read_at=now)
    )


def acknowledge(
    session: Session, keyring: Keyring, feedback_id: str, reply: str, by: str, now: datetime
) -> CaseFeedback:
    """Acknowledge feedback to oneself, with a reply or without.

    Raises:
        NotFoundError: none of this id to this person.
        ConflictError: it is acknowledged.
        RefusedError: the reply is too long.
    """
    given = session.get(CaseFeedback, feedback_id, with_for_update=True)
    if given is None or given.to_staff_id != by:
        raise NotFoundError("There is no such feedback.", "Go back to the list.")
    if given.acknowledged_at is not None:
        raise ConflictError("You have acknowledged this.", "Nothing more is needed.")
    given.acknowledged_at, given.read_at = now, given.read_at or now
    if reply.strip():
        given.reply = keyring.seal(FEEDBACK_REPLY, given.id, required_words(reply))
    return given


def open_count(session: Session, staff_id: str) -> int:
    """How much feedback to this person is not acknowledged."""
    found = select(func.count()).where(
        CaseFeedback.to_staff_id == staff_id, CaseFeedback.acknowledged_at.is_(None)
    )
    return session.scalar(found) or 0


def words(keyring: Keyring, given: CaseFeedback) -> str:
    """Open the words of feedback."""
    return keyring.unseal(FEEDBACK_WORDS, given.id, given.words)


def reply(keyring: Keyring, given: CaseFeedback) -> str:
    """Open the reply; empty where there is none."""
    return keyring.unseal(FEEDBACK_REPLY, given.id, given.reply) if given.reply else ""
