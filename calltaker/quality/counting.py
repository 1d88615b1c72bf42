"""Reads the scored cases that trends count, and the pairs of readings that agreement is measured on.

A score that was set aside upon a dispute counts nowhere, nor does a review. Knows no page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from calltaker.quality.agreement import Agreement, cohen
from calltaker.quality.trends import Scored, Trend, trends, weeks_until
from models.quality import CaseDispute, CaseReview, CaseScore
from models.staff import Staff
from models.states import CaseGrade, DisputeAbout, DisputeDecision, Reading
from protocols.scoring_scale import SCALE


@dataclass(frozen=True, slots=True)
class Trends:
    """The three ways to look at the same cases; keys of `people` are staff ids."""

    weeks: tuple[date, ...]
    people: tuple[Trend, ...]
    protocols: tuple[Trend, ...]
    versions: tuple[Trend, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Agreements:
    """How far first and second readers agree on the step and on the urgency."""

    grade: Agreement
    triage: Agreement


class _Counted(NamedTuple):
    """What a trend needs of a score; its checks stay in the database."""

    staff_id: str
    protocol: str
    version: int
    ended_at: datetime
    earned: int
    applicable: int
    grade: CaseGrade


def read_trends(
    session: Session, now: datetime, zone: ZoneInfo, staff_id: str | None = None
) -> Trends:
    """Count the last weeks' cases; with `staff_id` that person's alone."""
    weeks = weeks_until(now.astimezone(zone).date())
    rows = _rows(session, datetime.combine(weeks[0], time(), zone), staff_id)

    def counted(key_of: Callable[[_Counted], str]) -> tuple[Trend, ...]:
        return trends((_scored(row, key_of(row), zone) for row in rows), weeks)

    return Trends(
        weeks=weeks,
        people=counted(lambda row: row.staff_id),
        protocols=counted(lambda row: row.protocol),
        versions=counted(lambda row: f"{row.protocol} v{row.version}"),
        names=names_of(session, {row.staff_id for row in rows}),
    )


def read_agreements(session: Session) -> Agreements:
    """Measure the agreement of all cases that two people read apart from each other."""
    first, second = aliased(CaseReview), aliased(CaseReview)
    pairs = session.execute(
        select(first.grade, second.grade, first.triage, second.triage)
        .join(second, second.session_id == first.session_id)
        .where(
            first.reading == Reading.FIRST,
            second.reading == Reading.SECOND,
            ~_is_set_aside(first.session_id, DisputeAbout.REVIEW),
        )
    ).all()
    return Agreements(
        cohen([(one.value, other.value) for one, other, _, _ in pairs]),
        cohen([(one.value, other.value) for _, _, one, other in pairs]),
    )


def names_of(session: Session, ids: set[str]) -> dict[str, str]:
    """Name people by their ids."""
    found = session.scalars(select(Staff).where(Staff.id.in_(ids)))
    return {person.id: person.name for person in found}


def _rows(session: Session, since: datetime, staff_id: str | None) -> Sequence[_Counted]:
    wanted = select(
        CaseScore.staff_id,
        CaseScore.protocol,
        CaseScore.version,
        CaseScore.ended_at,
        CaseScore.earned,
        CaseScore.applicable,
        CaseScore.grade,
    ).where(
        CaseScore.scale == SCALE.name,
        CaseScore.ended_at >= since,
        ~_is_set_aside(CaseScore.session_id, DisputeAbout.SCORE),
    )
    if staff_id is not None:
        wanted = wanted.where(CaseScore.staff_id == staff_id)
    return [_Counted(*row) for row in session.execute(wanted)]


def _is_set_aside(
    session_id: InstrumentedAttribute[str], about: DisputeAbout
) -> ColumnElement[bool]:
    return exists().where(
        CaseDispute.session_id == session_id,
        CaseDispute.about == about,
        CaseDispute.decision == DisputeDecision.SET_ASIDE,
    )


def _scored(row: _Counted, key: str, zone: ZoneInfo) -> Scored:
    day = row.ended_at.astimezone(zone).date()
    return Scored(key, day, row.earned, row.applicable, row.grade)
