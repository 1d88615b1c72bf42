"""A running session as the desk shows it: what stands and by whom, what may be chosen, what follows.

Values in, values out: no row is read, no request is known.
"""

from collections.abc import Iterable
from typing import Any

from calltaker.intake import protocol_view
from calltaker.intake.protocol_sessions import Run
from calltaker.intake.protocol_view import both
from models.states import Role
from protocols import session
from protocols.errors import SessionError
from protocols.red_flags import RedFlag
from protocols.script import Determinant
from protocols.session import By, Change, Ended, How, Overridden, Session

ANY_REASON = "a reason"


def view(run: Run, role: Role) -> dict[str, Any]:
    """Write a session in the desk's shape; `role` decides which choices are open."""
    shown = protocol_view.run(run.row.id, run.row.version, run.protocol, run.session.answers)
    asking = run.session.question
    return {
        **shown,
        "question": shown["question"] if asking else None,
        "coming": shown["coming"] if asking else [],
        "determinant": _standing(run),
        "standing_by": run.session.standing_by.value,
        "computed": _computed(run),
        "changes": [_change(change) for change in run.session.changes],
        "choices": [_choice(run, found, role) for found in _ranked(run)],
        "jumps": [{"protocol": jump.to, "title": both(jump.title)} for jump in run.protocol.jumps],
        "ended": run.session.ended.value if run.session.ended else None,
    }


def panel(flags: Iterable[RedFlag]) -> list[dict[str, Any]]:
    """Write the universal red flags, in the order of their number keys."""
    return [
        {
            "id": flag.id,
            "title": both(flag.title),
            "note": both(flag.note),
            "script": both(flag.script),
            "advice": both(flag.advice),
        }
        for flag in flags
    ]


def left_open(run: Run | None) -> dict[str, Any] | None:
    """What a caller who has gone leaves behind: unanswered counts like unknown, by the rules.

    None where nothing was left open, and where somebody had stopped asking before. Nothing is kept
    by this.
    """
    if run is None or not run.verdict.unanswered or run.emergency:
        return None
    closed = _closed(run)
    if closed is None:
        return None
    found = closed.verdict.determinant
    assert found is not None  # noqa: S101 - a closed verdict always has one
    open_questions = [run.protocol.question_by_id[name] for name in run.verdict.unanswered]
    return {
        "determinant": protocol_view.determinant(found, closed.verdict, final=True),
        "unanswered": [both(question.text) for question in open_questions],
    }


def in_the_end(run: Run, *, gone: bool) -> Determinant | None:
    """Say what stands once the call is over; `gone`: the caller went, and did not say the rest."""
    if run.emergency or not gone:
        return run.standing
    closed = _closed(run)
    return closed.standing if closed else run.standing


def _closed(run: Run) -> Session | None:
    """The session as the caller's going closes it; None where somebody had ended it before."""
    if run.session.ended is How.CALLER_GONE:
        return run.session
    if run.session.ended is not None or run.row.ended_at is not None:
        return None
    at = max((change.at_seconds for change in run.session.changes), default=0.0)
    return session.after(run.session, Ended(at, How.CALLER_GONE))


def _standing(run: Run) -> dict[str, Any] | None:
    if run.standing is None:
        return None
    return protocol_view.determinant(run.standing, run.verdict, final=run.final)


def _computed(run: Run) -> dict[str, Any] | None:
    """What the rules alone say, where somebody chose otherwise."""
    found = run.verdict.determinant
    if run.session.standing_by is By.RULES or found is None or found == run.standing:
        return None
    return _named(found)


def _named(found: Determinant) -> dict[str, Any]:
    return {"id": found.id, "title": both(found.title), "level": found.level.value}


def _change(change: Change) -> dict[str, Any]:
    return {
        "at_seconds": round(change.at_seconds, 1),
        "by": change.by.value,
        "determinant": _named(change.determinant) if change.determinant else None,
        "computed": _named(change.computed) if change.computed else None,
        "reason": change.reason,
        "role": change.role,
    }


def _ranked(run: Run) -> list[Determinant]:
    found = run.protocol.determinants
    return sorted(found, key=lambda one: (-one.level.rank, -one.priority, one.id))


def _choice(run: Run, found: Determinant, role: Role) -> dict[str, Any]:
    """One outcome to choose by hand; `why_not` says why this person may not."""
    standing = run.standing
    why_not = None
    try:
        wished = Overridden(0.0, found.id, ANY_REASON, role.value)
        session.legal(run.protocol, run.session, wished)
    except SessionError as wrong:
        why_not = str(wrong)
    return {
        **_named(found),
        "emergency": found.emergency,
        "stands": found == standing,
        "lower": standing is not None and found.level < standing.level,
        "why_not": why_not,
    }
