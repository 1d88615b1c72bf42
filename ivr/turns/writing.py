"""The commit at the door: a turn with its answer, and what must be in the same transaction.

An ordinary turn is one statement on an autocommit connection. A turn that ends in the line is
written in a session, together with the place in the line. Effects outside follow the commit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from ivr import dropped_calls, waiting_line, warm_transfer
from ivr.rules import skills
from ivr.rules.actions import Action, Escalate, JoinLine
from ivr.runtime import Runtime
from ivr.turns.caller import Caller, escalation_id
from ivr.turns.leaving import Leaving, leave
from models.faults import Fault, fault_of
from models.states import EscalationCause, Language
from models.turn_store import (
    AlreadyAnswered,
    Change,
    Connection,
    JournalRow,
    NewCall,
    Saved,
    TurnKey,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """Everything one turn writes. `new` is there for a call's first turn."""

    caller: Caller
    key: TurnKey
    change: Change
    journal: Sequence[JournalRow]
    answer: bytes
    ending: Action
    language: Language
    leaving: Leaving = field(default_factory=Leaving)
    new: NewCall | None = None


@contextmanager
def turn_connection(runtime: Runtime) -> Iterator[Connection]:
    """A connection of the turn engine; a failed one is thrown away."""
    connection = runtime.turn_engine.raw_connection()
    try:
        yield connection
    except BaseException:
        connection.invalidate()
        raise
    finally:
        connection.close()


def once_more(runtime: Runtime, work: Callable[[bool], T]) -> T:
    """Do the work, and once more if the connection was cut under it.

    `work` is told whether this is the second time: then the first may have been committed. The
    other pooled connections were cut with this one, so all idle ones are thrown away.
    """
    try:
        return work(False)
    except Exception as error:
        if fault_of(error) is not Fault.CUT:
            raise
        log.warning("connection_cut", error=type(error).__name__)
        runtime.turn_engine.dispose()
        return work(True)


def commit(runtime: Runtime, connection: Connection, unit: Unit, *, again: bool) -> bytes | None:
    """Write the turn and set going what it asked for; returns the bytes that answer the step.

    None: the step is neither awaited nor answered. An escalation is set going once, by whoever
    wrote the turn; when the turn cannot be written it is dialled all the same.
    """
    escalates = isinstance(unit.ending, Escalate)
    try:
        saved = _written(runtime, connection, unit)
    except Exception as error:
        if not escalates or (fault_of(error) is Fault.CUT and not again):
            raise
        log.exception("escalating_turn_unwritten", call_sid=unit.key.call_sid)
        saved = Saved(unit.answer)
    if isinstance(unit.ending, Escalate) and (isinstance(saved, Saved) or again):
        escalate(runtime, unit.caller, unit.ending.cause, str(unit.key.step))
    return saved.answer


def escalate(runtime: Runtime, caller: Caller, cause: EscalationCause, where: str) -> None:
    """Dial 911 into the caller's room, on the dialler's thread: the answer does not wait for it."""
    runtime.dialler.submit(
        warm_transfer.escalate,
        runtime,
        caller.call_id,
        cause,
        "caller",
        escalation_id(caller.call_sid, where),
    )


def _written(runtime: Runtime, connection: Connection, unit: Unit) -> Saved | AlreadyAnswered:
    if isinstance(unit.ending, JoinLine) or unit.leaving:
        return _written_with_more(runtime, unit)
    return _write(runtime, connection, unit)


def _written_with_more(runtime: Runtime, unit: Unit) -> Saved | AlreadyAnswered:
    """The turn and what it leaves or joins, in one transaction."""
    now, call_id, ending = unit.change.at, unit.caller.call_id, unit.ending
    with runtime.sessions() as session:
        saved = _write(runtime, session.connection().connection, unit)
        if isinstance(saved, AlreadyAnswered):
            return saved
        leave(session, runtime.keyring, call_id, unit.leaving, unit.language, now)
        if isinstance(ending, JoinLine):
            _join(runtime, session, unit, ending)
        session.commit()
    if isinstance(ending, JoinLine):
        _offer(runtime)
    else:
        runtime.bell.ring()
    return saved


def _join(runtime: Runtime, session: Session, unit: Unit, ending: JoinLine) -> None:
    """Into the line, by the skill that the call is for; a place that the caller had is theirs again."""
    groups, change = runtime.city.skill_groups, unit.change
    skill = skills.skill_of(groups.values(), ending.skill, change.intent, change.jurisdiction)
    entry = waiting_line.join(
        session,
        unit.caller.call_id,
        ending.priority,
        skill,
        unit.language,
        change.at,
        runtime.new_id,
        dial_when_untaken=ending.dial_when_untaken,
        overflow=skills.overflow_of(groups, skill),
    )
    dropped_calls.give_back(session, entry, change.at)


def _offer(runtime: Runtime) -> None:
    """Offer the new place at once. What fails here is done by the sweeper a moment later."""
    try:
        with runtime.sessions() as session:
            waiting_line.offer_waiting(session, runtime.clock(), runtime.new_id)
            session.commit()
        runtime.bell.ring()
    except Exception:
        log.exception("offer_left_to_the_sweeper")


def _write(runtime: Runtime, connection: Connection, unit: Unit) -> Saved | AlreadyAnswered:
    store = runtime.turns
    if unit.new is not None:
        return store.begin(connection, unit.key, unit.new, unit.change, unit.journal, unit.answer)
    return store.save(
        connection,
        unit.key,
        unit.caller.call_id,
        unit.key.step + 1,
        unit.change,
        unit.journal,
        unit.answer,
    )
