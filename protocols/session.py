"""A protocol running in one call, as the fold of all that happened in it.

Events are only ever added; what the session is now is worked out from them, so
a restart of any process changes nothing. Two things are kept apart: `verdict`
is what the engine makes of the answers as they stand, `standing` the
determinant that counts, which a red flag or a person may have chosen. Knows no
row, no call and no clock: each event says how many seconds after the session's
beginning it happened.

What stands follows the rules until somebody chooses. A choice stands until the
rules, on later facts, come to a more urgent level than it. An emergency once
standing has dialled 911 and stays, whatever is answered or chosen afterwards:
911 is told by a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from protocols import engine
from protocols.conditions import Answer
from protocols.engine import Verdict
from protocols.errors import AnswerError, ChoiceError, EndingError, RoleError, shown
from protocols.red_flags import RedFlag, determinant_of
from protocols.script import Determinant, Protocol, Question

MAY_LOWER: Final = frozenset({"senior", "supervisor"})
"""Roles that may choose a less urgent determinant than the one that stands."""

LONGEST_REASON: Final = 2000
"""Characters."""


class How(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"  # every question of the path is answered
    EMERGENCY = "emergency"  # 911 has the call
    EARLY_EXIT = "early_exit"  # left by the call-taker's choice
    JUMPED = "jumped"  # another protocol went on with it
    CALLER_GONE = "caller_gone"
    WRAPPED_UP = "wrapped_up"  # the call's wrap-up found it open


class By(StrEnum):
    """What made a determinant stand."""

    RULES = "rules"
    RED_FLAG = "red_flag"
    RETRIAGE = "retriage"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Shown:
    """The desk showed a question, the first time or again."""

    at_seconds: float
    question: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered, anew or changed; `carried` over a jump it was asked elsewhere."""

    at_seconds: float
    question: str
    value: Answer
    carried: bool = False


@dataclass(frozen=True, slots=True)
class RedFlagRaised:
    """The call-taker chose a red flag (its id) of the universal panel."""

    at_seconds: float
    flag: str


@dataclass(frozen=True, slots=True)
class Retriaged:
    """Later facts make another determinant (its id) right; `role` is the person's."""

    at_seconds: float
    determinant: str
    reason: str
    role: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person holds another determinant (its id) to be right than the rules do."""

    at_seconds: float
    determinant: str
    reason: str
    role: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over."""

    at_seconds: float
    how: How


Event = Shown | Answered | RedFlagRaised | Retriaged | Overridden | Ended


class Change(NamedTuple):
    """The standing determinant changed; `computed` is what the rules said at that moment.

    `determinant` is None where a changed answer left nothing decided. `reason`
    and `role` are a person's, None where the rules changed it.
    """

    at_seconds: float
    determinant: Determinant | None
    by: By
    computed: Determinant | None
    reason: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """When a question was first shown and first answered, in seconds since the beginning."""

    shown_at: float | None = None
    answered_at: float | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose, and what the rules said when they chose it."""

    determinant: Determinant
    by: By
    computed: Determinant | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is now.

    `answers` has the newest answer to each question, on the path or off it.
    `flags` are the red flags raised, in order. `seconds_to_determinant` is when
    the determinant was first settled: by the last answer, by an emergency, or
    by a person; None while it is not.
    """

    protocol: Protocol
    panel: Mapping[str, RedFlag]
    answers: Mapping[str, Answer]
    verdict: Verdict
    standing: Determinant | None = None
    standing_by: By = By.RULES
    choice: Choice | None = None
    changes: tuple[Change, ...] = ()
    times: Mapping[str, Times] = field(default_factory=lambda: MappingProxyType({}))
    flags: tuple[str, ...] = ()
    seconds_to_determinant: float | None = None
    ended: How | None = None
    ended_at_seconds: float | None = None

    @property
    def on_path(self) -> Mapping[str, Answer]:
        """The answers that count."""
        off = self.off_path
        return {name: value for name, value in self.answers.items() if name not in off}

    @property
    def off_path(self) -> Mapping[str, Answer]:
        """The answers that no longer count, kept for the record."""
        return {name: self.answers[name] for name in engine.off_path(self.protocol, self.answers)}

    @property
    def emergency(self) -> bool:
        """Whether an emergency stands, and so 911 is dialled."""
        return self.standing is not None and self.standing.emergency

    @property
    def question(self) -> Question | None:
        """The next question of the path; None after the end and when no more need be asked."""
        return None if self.ended else engine.next_question(self.protocol, self.answers)


def begin(protocol: Protocol, panel: Iterable[RedFlag] = ()) -> Session:
    """Begin a session on a version of a protocol, with the universal red flags."""
    verdict = engine.determine(protocol, {})
    session = Session(protocol, {flag.id: flag for flag in panel}, {}, verdict)
    return _settle(session, 0.0)


def fold(protocol: Protocol, events: Iterable[Event], panel: Iterable[RedFlag] = ()) -> Session:
    """Work out what a session is from all its events, in the order they were kept.

    Takes the events as they are: whether one may happen is `legal`'s to say,
    before it is kept. Even so no event takes an emergency back.

    Raises:
        AnswerError: an answer that the protocol does not allow.
        ChoiceError: a determinant that the protocol does not have.
    """
    session = begin(protocol, panel)
    for event in events:
        session = after(session, event)
    return session


def after(session: Session, event: Event) -> Session:
    """Take one more event.

    Raises:
        AnswerError, ChoiceError: as `fold`.
    """
    match event:
        case Shown():
            return _shown(session, event)
        case Answered():
            return _answered(session, event)
        case RedFlagRaised():
            return _raised(session, event)
        case Retriaged() | Overridden():
            return _chosen(session, event)
        case Ended():
            return _ended(session, event)
    assert_never(event)


def legal(protocol: Protocol, session: Session, event: Event) -> None:
    """Refuse an event that may not happen now; a door asks before it keeps one.

    Raises:
        AnswerError: the protocol has no such question, or does not allow this answer.
        ChoiceError: no such determinant or red flag, no reason, or an emergency would be lowered.
        RoleError: a less urgent determinant may be chosen by a senior or a supervisor only.
        EndingError: the session has ended already, or cannot end in this way.
    """
    if session.ended is not None:
        raise EndingError(f"The protocol has ended ({session.ended}); begin it again to go on.")
    match event:
        case Shown():
            if event.question not in protocol.question_by_id:
                raise AnswerError([f"no question {shown(event.question)}"])
        case Answered():
            engine.check(protocol, {event.question: event.value})
        case RedFlagRaised():
            if event.flag not in session.panel:
                raise ChoiceError(f"There is no red flag {shown(event.flag)}; choose one listed.")
        case Retriaged() | Overridden():
            _refuse_choice(session, event, _determinant(protocol, event.determinant))
        case Ended():
            _refuse_ending(session, event.how)


def _refuse_choice(session: Session, event: Retriaged | Overridden, chosen: Determinant) -> None:
    lower = session.standing is not None and chosen.level < session.standing.level
    if lower and session.emergency:
        raise ChoiceError("911 is dialled and stays so; tell 911 what has changed.")
    if (lower or isinstance(event, Overridden)) and not event.reason.strip():
        raise ChoiceError("Say why: this choice needs a reason.")
    if len(event.reason) > LONGEST_REASON:
        said = f"The reason has {len(event.reason)} characters, at most {LONGEST_REASON}"
        raise ChoiceError(f"{said}; shorten it.")
    if lower and event.role not in MAY_LOWER:
        raise RoleError("Only a senior or a supervisor may choose a less urgent outcome; ask one.")


def _refuse_ending(session: Session, how: How) -> None:
    if how is How.COMPLETED and not session.verdict.final:
        left = ", ".join(session.verdict.unanswered)
        raise EndingError(f"Not completed, still open: {left}; ask on, or leave early.")
    if how is How.EMERGENCY and not session.emergency:
        raise EndingError("No emergency stands; raise a red flag or leave in another way.")


def _determinant(protocol: Protocol, name: str) -> Determinant:
    found = protocol.determinant_by_id.get(name)
    if found is None:
        raise ChoiceError(f"There is no determinant {shown(name)}; choose one listed.")
    return found


def _shown(session: Session, event: Shown) -> Session:
    before = session.times.get(event.question, Times())
    if before.shown_at is not None:
        return session
    times = {**session.times, event.question: replace(before, shown_at=event.at_seconds)}
    return replace(session, times=times)


def _answered(session: Session, event: Answered) -> Session:
    answers = {**session.answers, event.question: event.value}
    verdict = engine.determine(session.protocol, answers)
    times, before = session.times, session.times.get(event.question, Times())
    if before.answered_at is None:
        first = replace(before, answered_at=event.at_seconds, carried=event.carried)
        times = {**times, event.question: first}
    now = replace(session, answers=answers, verdict=verdict, times=times)
    return _settle(now, event.at_seconds)


def _raised(session: Session, event: RedFlagRaised) -> Session:
    chosen = determinant_of(session.panel, event.flag)
    choice = Choice(chosen, By.RED_FLAG, session.verdict.determinant)
    now = replace(session, choice=choice, flags=(*session.flags, event.flag))
    return _settle(now, event.at_seconds, chose=True)


def _chosen(session: Session, event: Retriaged | Overridden) -> Session:
    chosen = _determinant(session.protocol, event.determinant)
    if session.emergency and not chosen.emergency:
        return session
    by = By.RETRIAGE if isinstance(event, Retriaged) else By.OVERRIDE
    now = replace(session, choice=Choice(chosen, by, session.verdict.determinant))
    return _settle(now, event.at_seconds, event.reason or None, event.role, chose=True)


def _ended(session: Session, event: Ended) -> Session:
    if session.ended is not None:
        return session
    now = replace(session, ended=event.how, ended_at_seconds=event.at_seconds)
    if event.how is not How.CALLER_GONE:
        return now
    verdict = engine.determine(session.protocol, session.answers, closed=True)
    return _settle(replace(now, verdict=verdict), event.at_seconds)


def _settle(
    session: Session,
    at_seconds: float,
    reason: str | None = None,
    role: str | None = None,
    *,
    chose: bool = False,
) -> Session:
    """Work out what stands now, and keep the change if it is one."""
    standing, by = _standing(session)
    settled_at = session.seconds_to_determinant
    if settled_at is None and standing and (by is not By.RULES or session.verdict.final):
        settled_at = at_seconds
    now = replace(session, standing=standing, standing_by=by, seconds_to_determinant=settled_at)
    if not chose and (standing, by) == (session.standing, session.standing_by):
        return now
    change = Change(at_seconds, standing, by, session.verdict.determinant, reason, role)
    return replace(now, changes=(*session.changes, change))


def _standing(session: Session) -> tuple[Determinant | None, By]:
    computed, choice = session.verdict.determinant, session.choice
    if choice is None or _outranks(computed, choice):
        standing, by = computed, By.RULES
    else:
        standing, by = choice.determinant, choice.by
    if session.emergency and not (standing and standing.emergency):
        return session.standing, session.standing_by
    return standing, by


def _outranks(computed: Determinant | None, choice: Choice) -> bool:
    """Say whether the rules have come, on later facts, to more than was chosen."""
    if computed is None or computed.level <= choice.determinant.level:
        return False
    return choice.computed is None or computed.level > choice.computed.level
