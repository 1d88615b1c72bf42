"""The list of cases: what was scored, filtered, with what a reader still has to do about it.

Whoever may not review sees their own cases alone. Knows rows; no page and no request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from calltaker.quality.counting import names_of
from models.quality import CaseDispute, CaseFeedback, CaseReview, CaseSample, CaseScore
from models.states import CaseGrade, Reading, SampleReason
from protocols.scoring_scale import SCALE

A_PAGE = 50


class Todo(StrEnum):
    """What there is to do about a case."""

    TO_READ = "to_read"
    SECOND_READER = "second_reader"
    DISPUTED = "disputed"
    UNDER_TRIAGE = "under_triage"
    FEEDBACK_OPEN = "feedback_open"


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list; None leaves a filter out. Days are the city's, both included."""

    person: str | None = None
    protocol: str | None = None
    version: int | None = None
    grade: CaseGrade | None = None
    todo: Todo | None = None
    since: date | None = None
    until: date | None = None
    page: int = 0

    @property
    def as_query(self) -> dict[str, Any]:
        """The filters as an address carries them, without the page."""
        shown = {
            "person": self.person,
            "protocol": self.protocol,
            "version": self.version,
            "grade": self.grade and self.grade.value,
            "todo": self.todo and self.todo.value,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in shown.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Listed:
    """One case of the list, and what is known of it beside its score."""

    score: CaseScore
    name: str
    samples: Sequence[SampleReason]
    readings: Sequence[Reading]
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of cases; `more` says that older ones follow."""

    cases: Sequence[Listed]
    more: bool


def filters_of(sent: Mapping[str, str]) -> Filters:
    """Read filters from an address; what cannot be read is left out."""
    return Filters(
        person=sent.get("person") or None,
        protocol=sent.get("protocol") or None,
        version=_number(sent.get("version", "")),
        grade=next((one for one in CaseGrade if one.value == sent.get("grade")), None),
        todo=next((one for one in Todo if one.value == sent.get("todo")), None),
        since=_day(sent.get("since", "")),
        until=_day(sent.get("until", "")),
        page=_number(sent.get("page", "")) or 0,
    )


def listed(session: Session, filters: Filters, zone: ZoneInfo, own: str | None) -> Cases:
    """List a page of cases, newest first; `own` keeps to that person's cases whatever is asked."""
    wanted = select(CaseScore).where(CaseScore.scale == SCALE.name, *_wanted(filters, zone))
    if own is not None:
        wanted = wanted.where(CaseScore.staff_id == own)
    newest = wanted.order_by(CaseScore.ended_at.desc(), CaseScore.id)
    rows = session.scalars(newest.offset(filters.page * A_PAGE).limit(A_PAGE + 1)).all()
    shown = rows[:A_PAGE]
    return Cases(_with_more(session, shown), len(rows) > A_PAGE)


def choices(session: Session) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The people and the protocols that have cases: what a filter sends, and what it shows."""
    people = names_of(session, set(session.scalars(select(CaseScore.staff_id).distinct())))
    protocols = session.scalars(select(CaseScore.protocol).distinct().order_by(CaseScore.protocol))
    by_name = sorted(people.items(), key=lambda person: (person[1], person[0]))
    return by_name, [(name, name) for name in protocols]


def _wanted(filters: Filters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    exact = {
        CaseScore.staff_id: filters.person,
        CaseScore.protocol: filters.protocol,
        CaseScore.version: filters.version,
        CaseScore.grade: filters.grade,
    }
    found: list[ColumnElement[bool]] = [
        column == value for column, value in exact.items() if value is not None
    ]
    if filters.since is not None:
        found.append(CaseScore.ended_at >= datetime.combine(filters.since, time(), zone))
    if filters.until is not None:
        day_after = datetime.combine(filters.until + timedelta(days=1), time(), zone)
        found.append(CaseScore.ended_at < day_after)
    if filters.todo is not None:
        found.append(_to_do(filters.todo))
    return found


def _to_do(todo: Todo) -> ColumnElement[bool]:
    match todo:
        case Todo.TO_READ:
            return _has(CaseSample) & ~_has(CaseReview)
        case Todo.SECOND_READER:
            asked = _has(CaseSample, CaseSample.reason == SampleReason.SECOND_READER)
            return asked & ~_has(CaseReview, CaseReview.reading == Reading.SECOND)
        case Todo.DISPUTED:
            return _has(CaseDispute, CaseDispute.decided_at.is_(None))
        case Todo.UNDER_TRIAGE:
            return _has(CaseSample, CaseSample.reason == SampleReason.UNDER_TRIAGE)
        case Todo.FEEDBACK_OPEN:
            return _has(CaseFeedback, CaseFeedback.acknowledged_at.is_(None))


def _has(
    kind: type[CaseSample | CaseReview | CaseDispute | CaseFeedback],
    *conditions: ColumnElement[bool],
) -> ColumnElement[bool]:
    return exists().where(kind.session_id == CaseScore.session_id, *conditions)


def _with_more(session: Session, rows: Sequence[CaseScore]) -> list[Listed]:
    ids = [row.session_id for row in rows]
    samples = session.execute(
        select(CaseSample.session_id, CaseSample.reason).where(CaseSample.session_id.in_(ids))
    ).all()
    reviews = session.execute(
        select(CaseReview.session_id, CaseReview.reading).where(CaseReview.session_id.in_(ids))
    ).all()
    disputed = set(
        session.scalars(
            select(CaseDispute.session_id).where(
                CaseDispute.session_id.in_(ids), CaseDispute.decided_at.is_(None)
            )
        )
    )
    names = names_of(session, {row.staff_id for row in rows})
    return [
        Listed(
            score=row,
            name=names.get(row.staff_id, ""),
            samples=[reason for session_id, reason in samples if session_id == row.session_id],
            readings=[reading for session_id, reading in reviews if session_id == row.session_id],
            is_disputed=row.session_id in disputed,
        )
        for row in rows
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
