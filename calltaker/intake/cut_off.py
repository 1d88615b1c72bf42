"""Callers whom an emergency has lost: they have gone, it stands or may stand, and nobody dialled 911.

Nothing can be dialled into an empty room, so a person rings them back, and tells 911 if nobody
answers: a task for every desk, above all others, from the moment the caller has gone. Never commits
but in `run_due`; knows no page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from calltaker.intake import protocol_sessions, session_view
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.published import PublishedProtocols
from ivr import left_for_desk
from ivr.runtime import Runtime
from models.call import Call
from models.call_back import CallBack
from models.escalation import Escalation
from models.intake import ProtocolSession
from models.personal import Keyring
from models.states import CallPhase
from protocols.script import Text

BACK = timedelta(hours=1)
"""How long after the call's end it is still looked for: by then a wrap-up has come, or will not."""
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class CutOff:
    """What the caller is rung back for; `title` is None where the questions cannot be read."""

    title: Text | None


def caller_has_gone(call: Call) -> bool:
    """Say whether the caller ended the call: it is over, and nobody here has ended it."""
    return call.phase is CallPhase.ENDED and call.end_commanded_at is None


def of_call(session: Session, call: Call, found: Run | Lost | None) -> CutOff | None:
    """Say what emergency the end of a call has left behind, None where there is none.

    Questions left open by a caller who has gone count as not known; of a session that cannot be
    read everything is not known. Once 911 was dialled for a caller who was there, the transfer looks
    after them; dialled too late, it rings into an empty room.
    """
    is_over = call.phase is CallPhase.ENDED or call.end_commanded_at is not None
    if not is_over or _was_dialled(session, call):
        return None
    match found:
        case None:
            return None
        case Lost():
            return CutOff(None) if caller_has_gone(call) and _was_open(found, call) else None
        case Run():
            standing = session_view.in_the_end(found, gone=caller_has_gone(call))
            return CutOff(standing.title) if standing and standing.emergency else None


def open_task(session: Session, call: Call, found: Run | Lost | None, now: datetime) -> bool:
    """Put such a caller at the head of what the desks have to do; False where there is no need."""
    if of_call(session, call, found) is None:
        return False
    return left_for_desk.must_be_called_back(session, call.id, now)


def run_due(runtime: Runtime, published: PublishedProtocols, now: datetime) -> int:
    """Look at the calls that have just ended and wait for their wrap-up; return the tasks opened."""
    with runtime.reading() as session:
        ended = session.scalars(_ended_of_late(now)).all()
        lost = [call.id for call in ended if _is_lost(session, runtime.keyring, published, call)]
    if not lost:
        return 0
    with runtime.sessions() as session:
        opened = sum(left_for_desk.must_be_called_back(session, one, now) for one in lost)
        session.commit()
    runtime.bell.ring()
    return opened


def _is_lost(session: Session, keyring: Keyring, published: PublishedProtocols, call: Call) -> bool:
    found = protocol_sessions.current(session, keyring, published, call.id)
    return of_call(session, call, found) is not None


def _ended_of_late(now: datetime) -> Select[Call]:
    known = exists().where(CallBack.call_id == Call.id)
    dialled = exists().where(
        Escalation.call_id == Call.id, Escalation.requested_at <= Call.ended_at
    )
    return (
        select(Call)
        .join(ProtocolSession, ProtocolSession.call_id == Call.id)
        .where(ProtocolSession.ended_at.is_(None), Call.phase == CallPhase.ENDED)
        .where(Call.ended_at >= now - BACK, ~known, ~dialled)
        .order_by(Call.ended_at.desc())
        .limit(AT_ONCE)
    )


def _was_open(lost: Lost, call: Call) -> bool:
    """Whether nobody had stopped asking before the call was over."""
    ended_at = lost.row.ended_at
    return ended_at is None or call.ended_at is None or ended_at >= call.ended_at


def _was_dialled(session: Session, call: Call) -> bool:
    """Whether 911 was dialled while the caller could still be brought to it."""
    dialled = exists().where(Escalation.call_id == call.id)
    if call.ended_at is not None:
        dialled = dialled.where(Escalation.requested_at <= call.ended_at)
    return bool(session.scalar(select(dialled)))
