"""The automatic score of each ended session: computed once by a scale, kept, never changed.

Who asks twice, or from two processes at once, gets the one row. The minder scores what has ended;
opening a case scores it too. Never commits.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from calltaker.errors import StaffDoorError
from calltaker.intake.published import PublishedProtocols
from calltaker.quality import case_record, sampling
from calltaker.quality.trends import WEEKS
from ivr.record import add_once
from ivr.runtime import Runtime
from models.intake import ProtocolSession
from models.personal import Keyring, PersonalError
from models.quality import CaseScore
from models.states import CaseGrade
from protocols.errors import ProtocolsError
from protocols.scoring import Check, Score, score
from protocols.scoring_scale import SCALE, Grade

AT_ONCE = 50
"""Sessions scored in one transaction."""
BACK = timedelta(weeks=WEEKS)
"""As far back as trends reach: the search for what has no score stays short."""

log = structlog.get_logger(__name__)


def run_due(runtime: Runtime, published: PublishedProtocols, now: datetime) -> int:
    """Score sessions that have ended and have no score yet; return how many were scored."""
    with runtime.sessions() as session:
        done = score_ended(session, runtime.keyring, published, now, runtime.new_id)
        session.commit()
    return done


def score_ended(
    session: Session,
    keyring: Keyring,
    published: PublishedProtocols,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Score up to `AT_ONCE` sessions that ended of late and have no score by the present scale.

    Newest first; older ones, of before a change of the scale, are scored when they are opened.
    """
    known = and_(CaseScore.session_id == ProtocolSession.id, CaseScore.scale == SCALE.name)
    runs = session.scalars(
        select(ProtocolSession)
        .outerjoin(CaseScore, known)
        .where(ProtocolSession.ended_at >= now - BACK, CaseScore.id.is_(None))
        .order_by(ProtocolSession.ended_at.desc())
        .limit(AT_ONCE)
    ).all()
    for run in runs:
        _keep(session, keyring, published, run, now, new_id)
    return len(runs)


def of_session(
    session: Session,
    keyring: Keyring,
    published: PublishedProtocols,
    run: ProtocolSession,
    now: datetime,
    new_id: Callable[[], str],
) -> CaseScore | None:
    """Return the score of a session by the present scale, computed now if it has just ended.

    None while it runs.
    """
    found = _known(session, run.id)
    if found is not None or run.ended_at is None:
        return found
    return _keep(session, keyring, published, run, now, new_id)


def _known(session: Session, session_id: str) -> CaseScore | None:
    return session.scalar(
        select(CaseScore).where(CaseScore.session_id == session_id, CaseScore.scale == SCALE.name)
    )


def _keep(
    session: Session,
    keyring: Keyring,
    published: PublishedProtocols,
    run: ProtocolSession,
    now: datetime,
    new_id: Callable[[], str],
) -> CaseScore | None:
    found = _score(session, keyring, published, run)
    row = _row(run, found, now, new_id())
    if not add_once(session, row):
        return _known(session, run.id)
    if found.under_triage:
        sampling.keep_under_triage(session, run.id, now, new_id())
    return row


def _score(
    session: Session, keyring: Keyring, published: PublishedProtocols, run: ProtocolSession
) -> Score:
    """Score one session; a record that cannot be read is kept as not scored, and holds up no other."""
    try:
        return score(case_record.read(session, keyring, published, run))
    except (ProtocolsError, PersonalError, StaffDoorError) as broken:
        log.error("case_not_scored", session_id=run.id, error=type(broken).__name__)
        return Score(SCALE.name, (), 0, 0, Grade.NOT_SCORED, ())


def _row(run: ProtocolSession, found: Score, now: datetime, new_id: str) -> CaseScore:
    return CaseScore(
        id=new_id,
        session_id=run.id,
        call_id=run.call_id,
        staff_id=run.staff_id,
        protocol=run.protocol,
        version=run.version,
        scale=found.scale,
        grade=CaseGrade(found.grade.value),
        earned=found.earned,
        applicable=found.applicable,
        checks=[_check(check) for check in found.checks],
        under_triage=[sign.value for sign in found.under_triage],
        ended_at=run.ended_at or now,
        scored_at=now,
    )


def _check(check: Check) -> dict[str, Any]:
    return {
        "item": check.item.value,
        "weight": check.weight.value,
        "result": check.result.value,
        "why": check.why,
        "questions": list(check.questions),
    }
