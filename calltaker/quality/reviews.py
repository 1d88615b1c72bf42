"""Human reviews of a case: a first reader, a second who does not see the first, what they agree on.

A review is final when written. Nobody reads a case of their own. Never averaged with the automatic
score, which the form does not even ask about. Never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, ForbiddenError
from calltaker.quality.review_form import FORM, Filled
from ivr.record import add_once
from models.intake import ProtocolSession
from models.personal import Keyring
from models.quality import REVIEW_COMMENT, CaseReview
from models.states import Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when."""

    staff_id: str
    now: datetime


def of_session(session: Session, session_id: str) -> Sequence[CaseReview]:
    """Return the reviews of a case: the first, the second, what was agreed."""
    found = session.scalars(select(CaseReview).where(CaseReview.session_id == session_id))
    order = tuple(Reading)
    return sorted(found, key=lambda review: order.index(review.reading))


def next_reading(run: ProtocolSession, written: Sequence[CaseReview], staff_id: str) -> Reading:
    """Say which reading this person would write now.

    Raises:
        ForbiddenError: the case is their own, or they have read it.
        ConflictError: nothing is left to be read: the case runs, or is read and agreed on.
    """
    if run.staff_id == staff_id:
        raise ForbiddenError("This case is your own.", "Somebody else reads it.")
    if run.ended_at is None:
        raise ConflictError("This session is still running.", "Read it when it has ended.")
    by = {review.reading: review for review in written}
    first, second = by.get(Reading.FIRST), by.get(Reading.SECOND)
    if first is None:
        return Reading.FIRST
    if second is None:
        if first.reviewer_id == staff_id:
            raise ForbiddenError("You have read this case.", "A second reader is somebody else.")
        return Reading.SECOND
    if Reading.AGREED in by or agree(first, second):
        raise ConflictError("Both readings are written and agree.", "Nothing is left to be read.")
    if staff_id not in (first.reviewer_id, second.reviewer_id):
        raise ForbiddenError("The two readers agree between themselves.", "Ask one of them.")
    return Reading.AGREED


def agree(one: CaseReview, other: CaseReview) -> bool:
    """Say whether two readings come to the same step and the same urgency."""
    return (one.grade, one.triage) == (other.grade, other.triage)


def seen_by(written: Sequence[CaseReview], reading: Reading | None) -> Sequence[CaseReview]:
    """What a reader may see: a second reader sees no first reading before writing their own."""
    return () if reading is Reading.SECOND else written


def write(
    session: Session,
    keyring: Keyring,
    run: ProtocolSession,
    filled: Filled,
    reader: Reader,
    new_id: str,
) -> CaseReview:
    """Write this person's reading.

    Raises:
        ForbiddenError, ConflictError: as `next_reading`; also when another reader was faster.
    """
    reading = next_reading(run, of_session(session, run.id), reader.staff_id)
    comment = filled.comment
    review = CaseReview(
        id=new_id,
        session_id=run.id,
        reading=reading,
        reviewer_id=reader.staff_id,
        form=FORM,
        answers=dict(filled.answers),
        grade=filled.grade,
        triage=filled.triage,
        comment=keyring.seal(REVIEW_COMMENT, new_id, comment) if comment else None,
        reviewed_at=reader.now,
    )
    if not add_once(session, review):
        raise ConflictError(
            "Somebody else has just written this reading.", "Open the case again to read on."
        )
    return review


def comment(keyring: Keyring, review: CaseReview) -> str:
    """Open a review's comment."""
    if review.comment is None:
        return ""
    return keyring.unseal(REVIEW_COMMENT, review.id, review.comment)
