"""Recorded sessions of one version run on another: what would have come of them.

For the approver of a new version, who sees before it is live which calls would
have ended otherwise, and above all which would have gone to 911 and would not.
Knows no record: sessions come in as ids and answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocols import engine
from protocols.conditions import Answer
from protocols.engine import Verdict
from protocols.errors import AnswerError
from protocols.levels import Level
from protocols.script import Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answers come to on one version.

    `determinant` is None while questions are open and no rule holds; `open`
    names the questions of the path that have no answer, in order.
    """

    determinant: str | None
    level: Level | None
    emergency: bool
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One session on both versions; `illegal` names the answers the new one does not take."""

    session_id: str
    old: Outcome
    new: Outcome
    illegal: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether it comes to another determinant or level, or to none where there was one."""
        old, new = self.old, self.new
        return (old.determinant, old.level) != (new.determinant, new.level)

    @property
    def lost_911(self) -> bool:
        """Whether the caller went to 911 and would not."""
        return self.old.emergency and not self.new.emergency

    @property
    def gained_911(self) -> bool:
        """Whether the caller did not go to 911 and would."""
        return self.new.emergency and not self.old.emergency


@dataclass(frozen=True, slots=True)
class Replay:
    """All sessions run. `changed` lists those that come to something else, 911 first.

    `illegal` lists those with an answer the new version does not take, changed
    or not: a question that is gone, or an option of it. `skipped` are the ids
    of sessions whose answers even the old version does not take.
    """

    sessions: int
    changed: tuple[Replayed, ...]
    illegal: tuple[Replayed, ...]
    skipped: tuple[str, ...]

    @property
    def unchanged(self) -> int:
        """How many come to the same determinant."""
        return self.sessions - len(self.changed) - len(self.skipped)

    @property
    def lost_911(self) -> tuple[Replayed, ...]:
        """Those that went to 911 and would not."""
        return tuple(session for session in self.changed if session.lost_911)

    @property
    def gained_911(self) -> tuple[Replayed, ...]:
        """Those that did not go to 911 and would."""
        return tuple(session for session in self.changed if session.gained_911)


def replay(
    old: Protocol, new: Protocol, sessions: Iterable[tuple[str, Mapping[str, Answer]]]
) -> Replay:
    """Run recorded sessions on the old and on the new version.

    Args:
        old: The version the sessions were pinned to.
        new: The version that is to be approved.
        sessions: Id and all answers of each, those off the path among them.

    An answer the new version does not take is left out there, as if the question
    were still open. A session counts as it was recorded: where the new version
    asks more, its `open` says so and nothing is guessed, so a caller who went to
    911 and would first be asked something new counts as lost.
    """
    run = [_replayed(old, new, session_id, answers) for session_id, answers in sessions]
    done = [session for session in run if isinstance(session, Replayed)]
    return Replay(
        sessions=len(run),
        changed=tuple(sorted(filter(_is_changed, done), key=_weight)),
        illegal=tuple(session for session in done if session.illegal),
        skipped=tuple(session for session in run if isinstance(session, str)),
    )


def _replayed(
    old: Protocol, new: Protocol, session_id: str, answers: Mapping[str, Answer]
) -> Replayed | str:
    """Run one session on both; its bare id where the old version does not take the answers."""
    try:
        before = engine.determine(old, answers)
    except AnswerError:
        return session_id
    illegal = engine.faulty(new, answers)
    kept = {name: answers[name] for name in answers if name not in illegal} if illegal else answers
    after = engine.determine(new, kept)
    return Replayed(session_id, _outcome(before), _outcome(after), illegal)


def _outcome(verdict: Verdict) -> Outcome:
    determinant = verdict.determinant
    if determinant is None:
        return Outcome(None, None, emergency=False, open=verdict.unanswered)
    emergency = determinant.emergency
    left = () if emergency else verdict.unanswered  # after an emergency no more is asked
    return Outcome(determinant.id, determinant.level, emergency, left)


def _is_changed(session: Replayed) -> bool:
    return session.changed


def _weight(session: Replayed) -> tuple[bool, bool]:
    """Put what matters most to the approver first; the sort keeps the rest in its order."""
    return (not session.lost_911, not session.gained_911)
