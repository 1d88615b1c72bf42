"""What the person concerned does not agree with, and what somebody else decides about it.

A decision never changes a score or a review: it stands, or is set aside and counts in no trend.
Nobody decides about themselves, and a review's writer not about their review. Never commits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from calltaker.quality import reviews
from ivr.record import add_once
from models.intake import ProtocolSession
from models.personal import Keyring
from models.quality import DISPUTE_ANSWER, DISPUTE_WORDS, CaseDispute, CaseReview
from models.states import DisputeAbout, DisputeDecision

LONGEST_WORDS = 4_000


def of_session(session: Session, session_id: str) -> Sequence[CaseDispute]:
    """Return the disputes about a case, oldest first."""
    return session.scalars(
        select(CaseDispute)
        .where(CaseDispute.session_id == session_id)
        .order_by(CaseDispute.raised_at, CaseDispute.id)
    ).all()


def required_words(text: str) -> str:
    """Return what somebody writes, insisted on.

    Raises:
        RefusedError: nothing, or too much.
    """
    words = text.strip()
    if not words:
        raise RefusedError("Nothing is written.", "Say it in your own words.")
    if len(words) > LONGEST_WORDS:
        raise RefusedError(
            f"That has {len(words)} characters, at most {LONGEST_WORDS}.", "Shorten it."
        )
    return words


def raise_one(
    session: Session,
    keyring: Keyring,
    run: ProtocolSession,
    about: str,
    words: str,
    by: str,
    now: datetime,
    new_id: str,
) -> CaseDispute:
    """Dispute the score or the review of one's own case.

    Raises:
        ForbiddenError: the case is somebody else's.
        RefusedError: nothing written, or nothing of that kind to dispute.
        ConflictError: it is disputed already and not decided.
    """
    if run.staff_id != by:
        raise ForbiddenError("This case is not your own.", "Write a review of it instead.")
    chosen = _about(about)
    if chosen is DisputeAbout.REVIEW and not reviews.of_session(session, run.id):
        raise RefusedError("Nobody has reviewed this case.", "Dispute the score, or wait.")
    sealed = keyring.seal(DISPUTE_WORDS, new_id, required_words(words))
    dispute = CaseDispute(
        id=new_id,
        session_id=run.id,
        about=chosen,
        raised_by=by,
        words=sealed,
        raised_at=now,
    )
    if not add_once(session, dispute):
        raise ConflictError(
            "This is disputed already and not decided yet.", "Wait for the decision."
        )
    return dispute


def open_to(
    run: ProtocolSession,
    written: Sequence[CaseReview],
    raised: Sequence[CaseDispute],
    staff_id: str,
) -> Sequence[DisputeAbout]:
    """Say what this person may dispute now: what is there, is about them, and is not disputed yet."""
    if run.staff_id != staff_id or run.ended_at is None:
        return ()
    waiting = {dispute.about for dispute in raised if dispute.decided_at is None}
    there = (DisputeAbout.SCORE, DisputeAbout.REVIEW) if written else (DisputeAbout.SCORE,)
    return [about for about in there if about not in waiting]


def decide(
    session: Session,
    keyring: Keyring,
    dispute_id: str,
    decision: str,
    answer: str,
    by: str,
    now: datetime,
) -> CaseDispute:
    """Decide a dispute, with a reason to the person concerned.

    Raises:
        NotFoundError: there is no such dispute.
        ForbiddenError: one's own dispute, or one's own review.
        ConflictError: it is decided.
        RefusedError: no decision, or no reason.
    """
    dispute = session.get(CaseDispute, dispute_id, with_for_update=True)
    if dispute is None:
        raise NotFoundError("There is no such dispute.", "Go back to the list.")
    if dispute.decided_at is not None:
        raise ConflictError("This dispute is decided.", "Open the case again to read it.")
    if not may_decide(session, dispute, by):
        raise ForbiddenError(
            "You cannot decide this: it is about you or about your review.", "Somebody else does."
        )
    dispute.decision = _decision(decision)
    dispute.answer = keyring.seal(DISPUTE_ANSWER, dispute.id, required_words(answer))
    dispute.decided_by, dispute.decided_at = by, now
    return dispute


def may_decide(session: Session, dispute: CaseDispute, staff_id: str) -> bool:
    """Say whether this person is free to decide: neither concerned nor a writer of the review."""
    if dispute.raised_by == staff_id:
        return False
    if dispute.about is DisputeAbout.SCORE:
        return True
    written = reviews.of_session(session, dispute.session_id)
    return all(review.reviewer_id != staff_id for review in written)


def words(keyring: Keyring, dispute: CaseDispute) -> str:
    """Open what the person concerned wrote."""
    return keyring.unseal(DISPUTE_WORDS, dispute.id, dispute.words)


def answer(keyring: Keyring, dispute: CaseDispute) -> str:
    """Open the reason of the decision; empty while there is none."""
    if dispute.answer is None:
        return ""
    return keyring.unseal(DISPUTE_ANSWER, dispute.id, dispute.answer)


def _about(text: str) -> DisputeAbout:
    try:
        return DisputeAbout(text)
    except ValueError:
        raise RefusedError("It is not said what is disputed.", "Choose score or review.") from None


def _decision(text: str) -> DisputeDecision:
    try:
        return DisputeDecision(text)
    except ValueError:
        raise RefusedError("No decision is chosen.", "Choose one of the two.") from None
