"""Opening one case: who may, what they see of it, and that it was opened.

A call-taker opens their own cases; a reader every case, and that is written into the call's
journal, because a case holds what a caller said. Never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, ForbiddenError, NotFoundError
from calltaker.intake.published import PublishedProtocols
from calltaker.quality import case_record, case_view, disputes, feedback, reviews, scores
from calltaker.quality.counting import names_of
from calltaker.staff.permissions import SIGHT, Permission, may
from calltaker.staff.sessions import SignedIn
from ivr import record
from ivr.runtime import Runtime
from models.call import Call
from models.intake import ProtocolSession
from models.personal import PersonalError
from models.quality import CaseDispute, CaseFeedback, CaseReview, CaseSample, CaseScore
from models.states import DisputeAbout, Reading, SampleReason
from protocols.errors import ProtocolsError
from protocols.script import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """A review, a dispute or feedback with its sealed words open for the page."""

    row: CaseReview | CaseDispute | CaseFeedback
    words: str
    answer: str = ""
    may_decide: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One case for one pair of eyes. `course` is None where its record cannot be read.

    `reading` is what this person would write now, None if nothing.
    """

    run: ProtocolSession
    call: Call
    protocol: Protocol | None
    score: CaseScore | None
    course: case_view.Course | None
    samples: Sequence[SampleReason]
    reviews: Sequence[Shown]
    hidden_reviews: int
    disputes: Sequence[Shown]
    feedback: Sequence[Shown]
    reading: Reading | None
    may_dispute: Sequence[DisputeAbout]
    is_own: bool
    names: dict[str, str]


def required(session: Session, session_id: str, person: SignedIn) -> ProtocolSession:
    """Return a session that this person may open.

    Raises:
        NotFoundError: none of this id, or somebody else's: the two look the same.
    """
    run = session.get(ProtocolSession, session_id)
    if run is None or not (run.staff_id == person.staff_id or _may_review(person)):
        raise NotFoundError("There is no such case.", "Go back to the list.")
    return run


def opened(
    session: Session,
    runtime: Runtime,
    published: PublishedProtocols,
    session_id: str,
    person: SignedIn,
    now: datetime,
) -> Case:
    """Open a case: score it if it has just ended, note who opened it, gather what is shown.

    Raises:
        NotFoundError: as `required`.
    """
    run = required(session, session_id, person)
    is_own = run.staff_id == person.staff_id
    score = scores.of_session(session, runtime.keyring, published, run, now, runtime.new_id)
    if is_own:
        feedback.mark_read(session, run.id, person.staff_id, now)
    else:
        about = {"protocol_session": run.id}
        record.note(session, run.call_id, "case_opened", now, person.staff_id, **about)
    protocol, course = _course(session, runtime, published, run, person)
    written = reviews.of_session(session, run.id)
    reading = _reading(run, written, person)
    seen = reviews.seen_by(written, reading)
    raised, given = disputes.of_session(session, run.id), feedback.of_session(session, run.id)
    keyring = runtime.keyring
    return Case(
        run=run,
        call=session.get_one(Call, run.call_id),
        protocol=protocol,
        score=score,
        course=course,
        samples=session.scalars(
            select(CaseSample.reason).where(CaseSample.session_id == run.id)
        ).all(),
        reviews=[Shown(row, reviews.comment(keyring, row)) for row in seen],
        hidden_reviews=len(written) - len(seen),
        disputes=[
            Shown(
                row,
                disputes.words(keyring, row),
                disputes.answer(keyring, row),
                row.decided_at is None
                and _may_review(person)
                and disputes.may_decide(session, row, person.staff_id),
            )
            for row in raised
        ],
        feedback=[
            Shown(row, feedback.words(keyring, row), feedback.reply(keyring, row)) for row in given
        ],
        reading=reading,
        may_dispute=disputes.open_to(run, written, raised, person.staff_id),
        is_own=is_own,
        names=names_of(session, _people(run, seen, raised, given)),
    )


def _may_review(person: SignedIn) -> bool:
    return may(person.role, Permission.REVIEW_CASES)


def _course(
    session: Session,
    runtime: Runtime,
    published: PublishedProtocols,
    run: ProtocolSession,
    person: SignedIn,
) -> tuple[Protocol | None, case_view.Course | None]:
    try:
        if run.ended_at is None:
            return published.pinned(session, run.publication_id), None
        read = case_record.read(session, runtime.keyring, published, run)
        return read.protocol, case_view.course(read, SIGHT[person.role])
    except (ProtocolsError, PersonalError, NotFoundError):
        return None, None


def _reading(
    run: ProtocolSession, written: Sequence[CaseReview], person: SignedIn
) -> Reading | None:
    if not _may_review(person):
        return None
    try:
        return reviews.next_reading(run, written, person.staff_id)
    except (ForbiddenError, ConflictError):
        return None


def _people(
    run: ProtocolSession,
    written: Sequence[CaseReview],
    raised: Sequence[CaseDispute],
    given: Sequence[CaseFeedback],
) -> set[str]:
    return {
        run.staff_id,
        *(row.reviewer_id for row in written),
        *(row.decided_by for row in raised if row.decided_by),
        *(row.from_staff_id for row in given),
    }
