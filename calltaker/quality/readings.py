"""How right the line reads danger: misses and false alarms of the last days, for supervisors.

Counts what call-takers marked, and adds what nobody needs to mark: a call that the line had read
as none and that a person then took to 911. Knows no page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.desk.caller import open_caller
from calltaker.intake.judged_readings import KIND
from calltaker.staff.permissions import Sight
from models.call import Call
from models.escalation import Escalation
from models.journal import JournalEntry
from models.personal import Keyring
from models.states import EmergencyLevel, EscalationCause, Language, ReadingJudgement

DAYS = 30
MOST = 200
"""Readings that are listed, the newest first."""
BY_A_PERSON = (EscalationCause.RED_BUTTON, EscalationCause.DETERMINANT)


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading that was wrong, or right: what was read of which words, and what it was."""

    at: datetime
    call_id: str
    judgement: ReadingJudgement
    by_hand: bool
    """Marked at the desk; False: told by what was done."""
    read: EmergencyLevel
    reason: str
    words: str
    language: Language
    intent: str | None


@dataclass(frozen=True, slots=True)
class Readings:
    """All that was judged in the days, and how many calls were read as what."""

    judged: Sequence[Judged]
    read: Mapping[EmergencyLevel, int]

    def count(self, judgement: ReadingJudgement) -> int:
        """How many were judged so."""
        return sum(one.judgement is judgement for one in self.judged)


def readings(session: Session, keyring: Keyring, now: datetime, sight: Sight) -> Readings:
    """Read the judgements of the last `DAYS`; of two on one call the newest counts."""
    since = now - timedelta(days=DAYS)
    marked = _marked(session, since)
    found = {**_taken_to_911(session, since), **marked}
    calls = {call.id: call for call in _calls(session, list(found))}
    judged = [
        _shown(keyring, calls[call_id], at, judgement, sight, by_hand=call_id in marked)
        for call_id, (at, judgement) in found.items()
        if call_id in calls
    ]
    newest = sorted(judged, key=lambda one: one.at, reverse=True)
    return Readings(newest[:MOST], _counted(session, since))


Found = dict[str, tuple[datetime, ReadingJudgement]]


def _marked(session: Session, since: datetime) -> Found:
    rows = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.kind == KIND, JournalEntry.at >= since)
        .order_by(JournalEntry.id)
    )
    return {row.call_id: (row.at, ReadingJudgement(row.data["judgement"])) for row in rows}


def _taken_to_911(session: Session, since: datetime) -> Found:
    """Calls read as none that a person took to 911: misses, whoever forgot to mark them."""
    rows = session.execute(
        select(Escalation.call_id, Escalation.requested_at)
        .join(Call, Call.id == Escalation.call_id)
        .where(
            Escalation.requested_at >= since,
            Escalation.cause.in_(BY_A_PERSON),
            Call.emergency_level == EmergencyLevel.NONE,
        )
    )
    return {call_id: (at, ReadingJudgement.MISSED) for call_id, at in rows}


def _calls(session: Session, ids: Sequence[str]) -> Sequence[Call]:
    return session.scalars(select(Call).where(Call.id.in_(ids))).all()


def _counted(session: Session, since: datetime) -> Mapping[EmergencyLevel, int]:
    levels = session.scalars(select(Call.emergency_level).where(Call.started_at >= since))
    return Counter(levels)


def _shown(
    keyring: Keyring,
    call: Call,
    at: datetime,
    judgement: ReadingJudgement,
    sight: Sight,
    *,
    by_hand: bool,
) -> Judged:
    caller = open_caller(keyring, call, sight)
    return Judged(
        at,
        call.id,
        judgement,
        by_hand,
        call.emergency_level,
        caller.emergency_reason or "no sign",
        caller.words or "",
        call.language or Language.EN,
        call.intent,
    )
