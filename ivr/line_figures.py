"""The line's own figures: a caller's place, how long they will probably wait, how many others do.

Reads rows and asks the rules; changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import shift
from ivr.rules import waiting
from ivr.rules.expected_wait import SEEN_OF_LATE, Minutes, Wait, expected_wait
from models.call import Call
from models.line import LineEntry
from models.states import LineState

MOST_ANSWERS = 200
"""Answers looked at; the newest say most."""


@dataclass(frozen=True, slots=True)
class Place:
    """A caller's place in the line, 1 being served next, and the range of their wait if it is known."""

    position: int
    wait: Minutes | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole line: how many wait, since when the longest, and what a caller joining now may expect."""

    waiting: int
    longest_since: datetime | None
    expected: Minutes | None


def place_of(session: Session, call_sid: str, now: datetime) -> Place | None:
    """Where a caller stands; None when they do not wait.

    The wait is judged by callers of the same language and skill: the same people answer them.
    """
    entry = session.scalar(
        select(LineEntry)
        .join(Call, Call.id == LineEntry.call_id)
        .where(Call.call_sid == call_sid, LineEntry.state == LineState.WAITING)
    )
    if entry is None:
        return None
    line = shift.waiting_callers(session)
    position = waiting.position(line, entry.id, now)
    if position is None:
        return None
    alike = [one for one in line if (one.language, one.skill) == (entry.language, entry.skill)]
    among = waiting.position(alike, entry.id, now) or position
    same = (LineEntry.language == entry.language, LineEntry.skill == entry.skill)
    waits = [*_answered(session, now, *same), *(Wait(one.waiting_since) for one in alike)]
    return Place(position, expected_wait(waits, among, now))


def of_the_line(session: Session, now: datetime) -> Figures:
    """The figures of everybody who waits, whatever they need."""
    since = list(
        session.scalars(
            select(LineEntry.waiting_since).where(
                LineEntry.state.in_((LineState.WAITING, LineState.RESERVED))
            )
        )
    )
    waits = [*_answered(session, now), *(Wait(one) for one in since)]
    expected = expected_wait(waits, len(since) + 1, now)
    return Figures(len(since), min(since, default=None), expected)


def _answered(session: Session, now: datetime, *conditions: object) -> list[Wait]:
    """Those whom somebody has taken of late. `joined_at`: what came before is no wait of this place."""
    rows = session.execute(
        select(LineEntry.joined_at, LineEntry.ended_at)
        .where(
            LineEntry.state == LineState.TAKEN,
            LineEntry.ended_at > now - SEEN_OF_LATE,
            *conditions,  # type: ignore[arg-type]
        )
        .order_by(LineEntry.ended_at.desc())
        .limit(MOST_ANSWERS)
    )
    return [Wait(joined_at, ended_at) for joined_at, ended_at in rows]
