"""Running a protocol in a call: begin, answer, choose, end; each step kept, each change written down.

The pure session decides what events amount to (`protocols.session`); here they become rows. An
emergency is returned to the door, which dials after its commit. Never commits; knows no page and
no telephone company.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from calltaker.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from calltaker.intake import answers, determinant_rows, session_events
from calltaker.intake.published import PublishedProtocols, Version
from calltaker.intake.record import Record
from ivr import record as line_record
from models.contact_fields import ContactField
from models.intake import DeterminantSet, ProtocolSession
from models.personal import Keyring, PersonalError
from protocols import jumping, session
from protocols.conditions import Answer
from protocols.engine import Verdict
from protocols.errors import (
    AnswerError,
    ChoiceError,
    ProtocolsError,
    RoleError,
    SessionError,
)
from protocols.script import Determinant, Protocol
from protocols.session import Event, How, Session

LOST = "The questions of this protocol can no longer be read."
GO_ON = "Choose another protocol (F3). F7 names a danger and F9 dials 911, as always."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """A protocol session of a call: its row, and what its events amount to."""

    row: ProtocolSession
    session: Session

    @property
    def protocol(self) -> Protocol:
        """The version that the session is pinned to."""
        return self.session.protocol

    @property
    def verdict(self) -> Verdict:
        """What the rules make of the answers, whatever was chosen."""
        return self.session.verdict

    @property
    def standing(self) -> Determinant | None:
        """The determinant that counts."""
        return self.session.standing

    @property
    def final(self) -> bool:
        """Whether no more need be asked: all is answered, it is an emergency, or it was ended."""
        return self.verdict.final or self.session.emergency or self.session.ended is not None

    @property
    def emergency(self) -> bool:
        """Whether 911 must have been dialled."""
        return self.session.emergency

    @property
    def escalation_id(self) -> str:
        """The id of this session's one escalation: asked for twice, it is the same request."""
        return hashlib.sha256(f"escalation of {self.row.id}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Lost:
    """A session whose version, or whose story, can no longer be read: nothing more can be asked in it.

    The call goes on without: a danger can be raised, 911 dialled, another protocol chosen.
    """

    row: ProtocolSession


def current(
    rows: Rows,
    keyring: Keyring,
    published: PublishedProtocols,
    call_id: str,
    *,
    to_write: bool = False,
) -> Run | Lost | None:
    """Return the run that the call is in, or was in last; `to_write` holds it until the commit."""
    row = answers.newest_session(rows, call_id, to_write=to_write)
    return None if row is None else _read(rows, keyring, published, row)


def begin(
    record: Record,
    keyring: Keyring,
    published: PublishedProtocols,
    version: Version,
    before: Run | Lost | None,
) -> Run:
    """Begin a protocol, pinned to its live version; an earlier one of the call ends.

    Answers to questions that both protocols ask in the same words are kept, so that nobody is asked
    twice. Beginning the protocol that is running already changes nothing.

    Raises:
        ConflictError: another protocol was begun while this order was on its way.
    """
    other = _begun_meanwhile(record, before)
    if other is not None:
        return _same(_read(record.session, keyring, published, other), version)
    if before and before.row.ended_at is None:
        if isinstance(before, Run) and before.row.publication_id == version.publication_id:
            return before
        end(record, keyring, before, How.JUMPED)
    run = Run(_row(record, version), session.begin(version.protocol, published.panel))
    if isinstance(before, Run):
        given = before.session.answers
        for question, value in jumping.carried(before.protocol, version.protocol, given).items():
            run = _answered(record, keyring, run, question, value, carried=True)
    return _shown(record, keyring, run)


def answer(record: Record, keyring: Keyring, run: Run, question: str, value: object) -> Run:
    """Take one answer, new or changed, and keep what it changes.

    Raises:
        RefusedError: the protocol does not allow this answer.
        ConflictError: the session has ended.
    """
    _refuse_ended(run)
    given = answers.as_answer(value)  # type: ignore[arg-type] # what it is, the engine says
    return _shown(record, keyring, _answered(record, keyring, run, question, given))


def choose(record: Record, keyring: Keyring, run: Run, event: Event, event_id: str) -> Run:
    """Keep what a person chose: a red flag, another determinant by re-triage, or an override.

    Posted again with the same id it is the same choice.

    Raises:
        ForbiddenError: this choice is another person's to make.
        ConflictError: it cannot stand, or the session has ended.
    """
    if session_events.is_kept(record.session, event_id):
        return run
    _refuse_ended(run)
    after = _kept(record, keyring, run, event, event_id)
    kind = session_events.KINDS[type(event)].value
    record.note(kind, {"determinant": after.standing.id if after.standing else None})
    if isinstance(event, session.RedFlagRaised):
        record.first(ContactField.FIRST_RED_FLAG)
    if isinstance(event, session.Overridden):
        was = run.standing.id if run.standing else "nothing"
        record.fact(ContactField.OVERRIDE, f"{was} to {event.determinant}")
    return after


def end(
    record: Record, keyring: Keyring, run: Run | Lost, how: How, at: datetime | None = None
) -> Run | Lost:
    """End a run that is still open, at the moment it ended: by default now."""
    if run.row.ended_at is not None:
        return run
    ended_at = max(at or record.now, run.row.started_at)
    after = _ended(record, keyring, run, session.Ended(answers.seconds(run.row, ended_at), how))
    run.row.ended_at = ended_at
    record.note("protocol_ended", {"how": how.value})
    return after


def _ended(record: Record, keyring: Keyring, run: Run | Lost, ended: session.Ended) -> Run | Lost:
    if isinstance(run, Run):
        return _kept(record, keyring, run, ended, record.new_id())
    session_events.append(record, keyring, run.row, ended, event_id=record.new_id())
    return run


def _refuse_ended(run: Run) -> None:
    """The row says so too: sessions from before events were kept have no event of their end."""
    if run.row.ended_at is not None:
        raise ConflictError("This protocol has ended.", "Begin it again.")


def now_of(record: Record, run: Run) -> float:
    """The present moment in a run's own seconds."""
    return answers.seconds(run.row, record.now)


def required(found: Run | Lost | None) -> Run:
    """Insist on a run.

    Raises:
        NotFoundError: no protocol was begun in this call.
        ConflictError: the one that was can no longer be read.
    """
    match found:
        case None:
            raise NotFoundError("No protocol has begun.", "Choose a protocol first.")
        case Lost():
            raise ConflictError(LOST, GO_ON)
        case Run():
            return found


def determinants(rows: Rows, session_id: str) -> list[DeterminantSet]:
    """Return every determinant a session had, in order."""
    return list(
        rows.scalars(
            select(DeterminantSet)
            .where(DeterminantSet.session_id == session_id)
            .order_by(DeterminantSet.id)
        )
    )


def _read(
    rows: Rows, keyring: Keyring, published: PublishedProtocols, row: ProtocolSession
) -> Run | Lost:
    """Fold a session anew; one that cannot be read must cost no call-taker the call."""
    try:
        protocol = published.pinned(rows, row.publication_id)
        events = session_events.read(rows, keyring, row)
        return Run(row, session.fold(protocol, events, published.panel))
    except (ProtocolsError, PersonalError, NotFoundError) as wrong:
        log.error("session_lost", session_id=row.id, error=type(wrong).__name__)
        return Lost(row)


def _begun_meanwhile(record: Record, before: Run | Lost | None) -> ProtocolSession | None:
    """The open session that another order began after `before` was read.

    Of two beginnings at once the second waits here for the first one's commit: the call's row is
    there before any session is. A session's row is always locked before its call's.
    """
    line_record.lock_call(record.session, record.call_id)
    newest = answers.newest_session(record.session, record.call_id)
    if newest is None or newest.ended_at is not None:
        return None
    return None if before and before.row.id == newest.id else newest


def _same(begun: Run | Lost, version: Version) -> Run:
    if isinstance(begun, Run) and begun.row.publication_id == version.publication_id:
        return begun
    raise ConflictError(
        "Another protocol was begun at this moment.", "Look at what it asks; F3 goes to another."
    )


def _row(record: Record, version: Version) -> ProtocolSession:
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
    return row


def _answered(
    record: Record,
    keyring: Keyring,
    run: Run,
    question: str,
    value: Answer,
    *,
    carried: bool = False,
) -> Run:
    """Keep an answer and its event; what it changes follows."""
    event = session.Answered(now_of(record, run), question, value, carried=carried)
    with _refusals():
        session.legal(run.protocol, run.session, event)
    answer_id, times = record.new_id(), run.session.times.get(question)
    shown = times.shown_at if times else None
    answers.append(
        record.session,
        keyring,
        run.row,
        question,
        value,
        shown_at=record.now if shown is None else answers.moment(run.row, shown),
        now=record.now,
        new_id=answer_id,
    )
    after = _kept(record, keyring, run, event, answer_id, answer_id=answer_id)
    record.note("question_answered", {"question": question})
    if run.protocol.question_by_id[question].in_danger(value):
        record.first(ContactField.FIRST_RED_FLAG)
    return after


def _shown(record: Record, keyring: Keyring, run: Run) -> Run:
    """Keep when the next question came before the call-taker, once a question."""
    following = run.session.question
    if following is None or following.id in run.session.times:
        return run
    event = session.Shown(now_of(record, run), following.id)
    return _kept(record, keyring, run, event, record.new_id())


def _kept(
    record: Record,
    keyring: Keyring,
    run: Run,
    event: Event,
    event_id: str,
    *,
    answer_id: str | None = None,
) -> Run:
    """Keep an event that may happen, and the determinant where it changes."""
    with _refusals():
        session.legal(run.protocol, run.session, event)
    session_events.append(record, keyring, run.row, event, event_id=event_id, answer_id=answer_id)
    after = replace(run, session=session.after(run.session, event))
    was = (run.session.standing, run.session.standing_by, run.final)
    if after.standing and was != (after.standing, after.session.standing_by, after.final):
        determinant_rows.keep(record, keyring, run, after, event, event_id)
    return after


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn the pure rules' refusals into answers for the person at the desk."""
    try:
        yield
    except AnswerError as wrong:
        words = f"This answer is not possible: {wrong}."
        raise RefusedError(words, "Choose one of the list.") from wrong
    except RoleError as wrong:
        raise ForbiddenError(str(wrong), "Ask a senior or a supervisor.") from wrong
    except ChoiceError as wrong:
        raise ConflictError(str(wrong), "Choose another outcome.") from wrong
    except SessionError as wrong:
        raise ConflictError(str(wrong), "Begin the protocol again.") from wrong
