"""The course a session took: which questions were asked in their turn, and which were left out.

Pure. The engine alone says what is on the path; here its word is taken before every answer. Knows
no weights and no grades.

A question is owed while it is on the path and the case still asks: an emergency, the caller's going
and a jump end that. What had been passed over before such an end stays missing.
"""

from dataclasses import dataclass, field

from protocols import engine, session
from protocols.scored_case import CaseRecord
from protocols.script import Question
from protocols.session import Answered, Ended, How, Session

ENDS_QUESTIONS = frozenset({How.EMERGENCY, How.JUMPED, How.CALLER_GONE})


@dataclass(frozen=True, slots=True)
class Course:
    """The session in the end, and question ids in the document's order.

    `emergency_at` is when it first stood as an emergency while the caller was there, by the rules
    or by a person; `gone_at` when the caller left before the case was done.
    """

    session: Session
    answered: tuple[str, ...]
    answered_safety: tuple[str, ...]
    unshown_safety: tuple[str, ...]
    missing: tuple[str, ...]
    missing_safety: tuple[str, ...]
    out_of_order: tuple[str, ...]
    emergency_at: float | None
    gone_at: float | None


@dataclass(slots=True)
class _Walk:
    """The session so far, and what was noticed on the way."""

    session: Session
    passed_over: set[str] = field(default_factory=set)
    out_of_order: dict[str, None] = field(default_factory=dict)
    emergency_at: float | None = None


def follow(record: CaseRecord) -> Course:
    """Follow a session event by event.

    Raises:
        AnswerError, ChoiceError: an event that the protocol does not allow.
    """
    walk = _walk(record)
    now = walk.session
    asked = engine.visible_path(record.protocol, now.answers)
    on_path = [one.question for one in asked if one.answer is not None]
    safety = [question for question in on_path if question.safety]
    missing = [record.protocol.question_by_id[name] for name in _owed(record, walk)]
    return Course(
        session=now,
        answered=_ids(on_path),
        answered_safety=_ids(safety),
        unshown_safety=_ids([question for question in safety if _is_unshown(now, question.id)]),
        missing=_ids([question for question in missing if not question.safety]),
        missing_safety=_ids([question for question in missing if question.safety]),
        out_of_order=tuple(walk.out_of_order),
        emergency_at=walk.emergency_at,
        gone_at=_gone_at(record, now),
    )


def _walk(record: CaseRecord) -> _Walk:
    walk = _Walk(session.begin(record.protocol, record.panel))
    for event in record.events:
        before, walk.session = walk.session, session.after(walk.session, event)
        if isinstance(event, Answered):
            _notice(walk, before, event)
        if walk.session.emergency and not before.emergency and not isinstance(event, Ended):
            walk.emergency_at = event.at_seconds
    return walk


def _notice(walk: _Walk, before: Session, event: Answered) -> None:
    """Whether a first answer came in its turn.

    After an emergency there are no turns, and what makes it one is never too early.
    """
    if event.carried or event.question in before.answers or walk.session.emergency:
        return
    due = before.verdict.unanswered
    if not due or due[0] == event.question:
        return
    walk.out_of_order[event.question] = None
    walk.passed_over.update(due[: due.index(event.question)] if event.question in due else ())


def _owed(record: CaseRecord, walk: _Walk) -> tuple[str, ...]:
    open_ones = walk.session.verdict.unanswered
    if not _ended_rightly(record, walk.session):
        return open_ones
    return tuple(name for name in open_ones if name in walk.passed_over)


def _ended_rightly(record: CaseRecord, now: Session) -> bool:
    """Whether something ended the questions before the last of them."""
    left = _gone_at(record, now) is not None or now.ended in ENDS_QUESTIONS
    return left or now.emergency or bool(record.transfers)


def _gone_at(record: CaseRecord, now: Session) -> float | None:
    if record.gone_at is None and now.ended is How.CALLER_GONE:
        return now.ended_at_seconds
    return record.gone_at


def _is_unshown(now: Session, question: str) -> bool:
    times = now.times[question]
    if times.carried or times.answered_at is None:
        return False
    return times.shown_at is None or times.shown_at > times.answered_at


def _ids(questions: list[Question]) -> tuple[str, ...]:
    return tuple(question.id for question in questions)
