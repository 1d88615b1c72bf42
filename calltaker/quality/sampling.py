"""Which cases a person reads: a random draw, and every case that shows a sign of under-triage.

A draw is by chance among what nobody has drawn yet, so that no reader chooses whom to read. Chance
comes in as an argument. Never commits.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ivr.record import LINE, add_once
from models.quality import CaseReview, CaseSample, CaseScore
from models.states import Reading, SampleReason
from protocols.scoring_scale import SCALE

BACK = timedelta(days=28)
"""How far back a random draw reaches: feedback on what nobody remembers teaches nothing."""
LARGEST_DRAW = 50

Pick = Callable[[Sequence[str], int], Sequence[str]]
"""Draws so many of these by chance; `random.SystemRandom().sample`."""


def keep_under_triage(session: Session, session_id: str, now: datetime, new_id: str) -> None:
    """Put a case with a sign of under-triage before a reader."""
    add_once(session, _row(session_id, SampleReason.UNDER_TRIAGE, LINE, now, new_id))


def draw(
    session: Session,
    reason: SampleReason,
    count: int,
    pick: Pick,
    by: str,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Draw cases by chance for a first reading, or read ones for a second; return how many."""
    asked = min(max(count, 0), LARGEST_DRAW)
    open_ones = _unread(session, now) if reason is SampleReason.RANDOM else _read_once(session, now)
    drawn = pick(open_ones, min(asked, len(open_ones)))
    return sum(
        add_once(session, _row(session_id, reason, by, now, new_id())) for session_id in drawn
    )


def _unread(session: Session, now: datetime) -> Sequence[str]:
    """Scored cases of late that nobody has drawn or read."""
    drawn = and_(
        CaseSample.session_id == CaseScore.session_id, CaseSample.reason == SampleReason.RANDOM
    )
    return session.scalars(
        select(CaseScore.session_id)
        .outerjoin(CaseSample, drawn)
        .outerjoin(CaseReview, CaseReview.session_id == CaseScore.session_id)
        .where(
            CaseScore.scale == SCALE.name,
            CaseScore.ended_at >= now - BACK,
            CaseSample.id.is_(None),
            CaseReview.id.is_(None),
        )
        .order_by(CaseScore.session_id)
    ).all()


def _read_once(session: Session, now: datetime) -> Sequence[str]:
    """Cases of late that one reader has read and no second one was asked for."""
    drawn = and_(
        CaseSample.session_id == CaseReview.session_id,
        CaseSample.reason == SampleReason.SECOND_READER,
    )
    second = select(CaseReview.session_id).where(CaseReview.reading == Reading.SECOND)
    return session.scalars(
        select(CaseReview.session_id)
        .outerjoin(CaseSample, drawn)
        .where(
            CaseReview.reading == Reading.FIRST,
            CaseReview.reviewed_at >= now - BACK,
            CaseReview.session_id.not_in(second),
            CaseSample.id.is_(None),
        )
        .order_by(CaseReview.session_id)
    ).all()


def _row(session_id: str, reason: SampleReason, by: str, now: datetime, new_id: str) -> CaseSample:
    return CaseSample(id=new_id, session_id=session_id, reason=reason, drawn_by=by, drawn_at=now)
