"""Running a protocol in a call: begin, answer, and what the answers amount to, each change kept.

The engine decides; here its verdicts become rows. An emergency is returned to the door, which
dials after its commit. Never commits; knows no page and no telephone company.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.errors import ConflictError, NotFoundError, RefusedError
from calltaker.intake import answers
from calltaker.intake.published import PublishedProtocols, Version
from calltaker.intake.record import Record
from models.contact_fields import ContactField
from models.intake import DeterminantSet, ProtocolSession
from models.personal import Keyring
from protocols import engine
from protocols.conditions import WITHHELD, Answer
from protocols.engine import Verdict
from protocols.errors import AnswerError
from protocols.script import Protocol, Question


@dataclass(frozen=True, slots=True)
class Run:
    """A session with its pinned protocol and what was answered."""

    row: ProtocolSession
    protocol: Protocol
    answered: answers.Answered

    @property
    def verdict(self) -> Verdict:
        """What the answers amount to."""
        return engine.determine(self.protocol, self.answered.values)

    @property
    def escalation_id(self) -> str:
        """The id of this session's one escalation: asked for twice, it is the same request."""
        return hashlib.sha256(f"escalation of {self.row.id}".encode()).hexdigest()[:32]


def current(
    session: Session, keyring: Keyring, published: PublishedProtocols, call_id: str
) -> Run | None:
    """Return the run that the call is in, or was in last."""
    row = answers.newest_session(session, call_id)
    if row is None:
        return None
    protocol = published.pinned(session, row.publication_id)
    return Run(row, protocol, answers.read(session, keyring, row.id))


def begin(record: Record, keyring: Keyring, version: Version, before: Run | None) -> Run:
    """Begin a protocol, pinned to its live version; an earlier one of the call ends.

    Answers to questions that both protocols ask in the same words are kept, so that nobody is asked
    twice. Beginning the protocol that is running already changes nothing.
    """
    if before and before.row.ended_at is None:
        if before.row.publication_id == version.publication_id:
            return before
        before.row.ended_at = record.now
    row = ProtocolSession(
        id=record.new_id(),
        call_id=record.call_id,
        publication_id=version.publication_id,
        protocol=version.protocol.id,
        version=version.number,
        staff_id=record.staff_id,
        started_at=record.now,
    )
    record.session.add(row)
    record.session.flush()
    record.fact(ContactField.PROTOCOL_SELECTED)
    record.fact(ContactField.PROTOCOL, f"{version.protocol.id} v{version.number}")
    record.note("protocol_begun", {"protocol": version.protocol.id, "version": version.number})
    run = Run(row, version.protocol, answers.Answered({}, None))
    for question, value in _shared(version.protocol, before).items():
        run = answer(record, keyring, run, question, value)
    return run


def answer(record: Record, keyring: Keyring, run: Run, question: str, value: object) -> Run:
    """Take one answer, new or changed, and keep what it changes.

    Raises:
        RefusedError: the protocol does not allow this answer.
        ConflictError: the session has ended.
    """
    if run.row.ended_at is not None:
        raise ConflictError("This protocol has ended.", "Begin it again.")
    legal = _legal(run.protocol, question, value)
    before = run.verdict
    answers.append(
        record.session,
        keyring,
        run.row,
        question,
        legal,
        shown_at=run.answered.newest_at or run.row.started_at,
        now=record.now,
        new_id=record.new_id(),
    )
    values = {**run.answered.values, question: legal}
    after = Run(run.row, run.protocol, answers.Answered(values, record.now))
    record.note("question_answered", {"question": question})
    if is_red_flag(run.protocol.question_by_id[question], legal):
        record.first(ContactField.FIRST_RED_FLAG)
    _keep_change(record, run.row.id, before, after.verdict)
    return after


def is_red_flag(question: Question, value: Answer) -> bool:
    """Say whether an answer to a safety question means danger; not knowing does."""
    dangers = {option.id for option in question.red_flags}
    return question.safety and (value in dangers or value in WITHHELD)


def required(run: Run | None) -> Run:
    """Insist on a run.

    Raises:
        NotFoundError: no protocol was begun in this call.
    """
    if run is None:
        raise NotFoundError("No protocol has begun.", "Choose a protocol first.")
    return run


def _legal(protocol: Protocol, question: str, value: object) -> Answer:
    try:
        engine.check(protocol, {question: value})
    except AnswerError as wrong:
        raise RefusedError(
            f"This answer is not possible: {wrong}.", "Choose one of the list."
        ) from wrong
    assert isinstance(value, str | int | float)  # noqa: S101 - the engine has just said so
    return value


def _shared(protocol: Protocol, before: Run | None) -> Mapping[str, Answer]:
    if before is None:
        return {}
    return {
        name: value
        for name, value in before.answered.values.items()
        if _same(protocol.question_by_id.get(name), before.protocol.question_by_id.get(name))
    }


def _same(one: Question | None, other: Question | None) -> bool:
    return (
        one is not None
        and other is not None
        and (one.text, one.kind, one.options) == (other.text, other.kind, other.options)
    )


def _keep_change(record: Record, session_id: str, before: Verdict, after: Verdict) -> None:
    """Write a row for every change of the determinant or of its being final."""
    found = after.determinant
    if found is None or (before.determinant, before.final) == (found, after.final):
        return
    record.session.add(
        DeterminantSet(
            session_id=session_id,
            determinant=found.id,
            level=found.level.value,
            common_code=found.common_code,
            priority=found.priority,
            criteria=[met.rule for met in after.criteria],
            final=after.final,
            set_at=record.now,
        )
    )
    record.note("determinant_set", {"determinant": found.id, "final": after.final})
    if found != before.determinant:
        record.fact(ContactField.DETERMINANT_SET)
        record.fact(ContactField.DETERMINANT, found.id)
        record.fact(ContactField.COMMON_CODE, found.common_code)
        record.fact(ContactField.PRIORITY, str(found.priority))
        record.fact(ContactField.CRITERIA, ",".join(met.rule for met in after.criteria))
        destination = f"{found.destination.kind.value}:{found.destination.key}"
        record.fact(ContactField.DESTINATION_RECOMMENDED, destination)


def determinants(session: Session, session_id: str) -> list[DeterminantSet]:
    """Return every determinant a session had, in order."""
    return list(
        session.scalars(
            select(DeterminantSet)
            .where(DeterminantSet.session_id == session_id)
            .order_by(DeterminantSet.id)
        )
    )


def end(run: Run | None, now: datetime) -> None:
    """End the run when its call is wrapped up."""
    if run is not None and run.row.ended_at is None:
        run.row.ended_at = now
