"""One case as its page shows it: when each question was shown and answered, and what changed what.

Values in, values out. The caller's own words, places and people are shown only to whom the role
lets see them; what an answer to a list of options was, everybody who may see the case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from calltaker.intake import answer_words
from calltaker.staff.permissions import Sight
from protocols import session as protocol_session
from protocols.conditions import WITHHELD, Answer
from protocols.scored_case import CaseRecord
from protocols.script import Question, QuestionKind
from protocols.session import (
    Answered,
    By,
    Change,
    Ended,
    Event,
    Overridden,
    RedFlagRaised,
    Retriaged,
    Session,
    Shown,
)

HIDDEN = "hidden from your role"
OWN_WORDS = frozenset(
    {QuestionKind.TEXT, QuestionKind.PLACE, QuestionKind.TIME, QuestionKind.PERSON}
)
_BY = {
    By.RULES: "by the rules",
    By.RED_FLAG: "by a red flag",
    By.RETRIAGE: "by re-triage",
    By.OVERRIDE: "by an override",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline, `at_seconds` after the beginning.

    `kind` is an event's word, or `determinant`; `note` says what is unusual about it.
    """

    at_seconds: float
    kind: str
    what: str
    said: str = ""
    note: str = ""
    is_safety: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A session's timeline, and what stood in the end."""

    steps: tuple[Step, ...]
    session: Session


def course(record: CaseRecord, sight: Sight) -> Course:
    """Write the timeline of a case for the eyes of a role."""
    now = protocol_session.begin(record.protocol, record.panel)
    steps: list[Step] = []
    for event in record.events:
        known, now = len(now.changes), protocol_session.after(now, event)
        steps.append(_step(record, event, now, sight))
        steps += [_changed(change, sight) for change in now.changes[known:]]
    steps += [Step(one.requested_at, "transfer", "911 asked for") for one in record.transfers]
    if record.gone_at is not None:
        steps.append(Step(record.gone_at, "caller_left", "The caller left"))
    ordered = sorted(steps, key=lambda step: step.at_seconds)
    return Course(tuple(_marked(ordered, now)), now)


def clock(at_seconds: float) -> str:
    """Write seconds since the beginning as `1:05`, with a minus for what came before."""
    whole = round(abs(at_seconds))
    sign = "-" if at_seconds < 0 and whole else ""
    return f"{sign}{whole // 60}:{whole % 60:02d}"


def _step(record: CaseRecord, event: Event, now: Session, sight: Sight) -> Step:
    at = event.at_seconds
    match event:
        case Shown():
            question = record.protocol.question_by_id[event.question]
            return Step(at, "shown", question.text.en, is_safety=question.safety)
        case Answered():
            return _answered(record.protocol.question_by_id[event.question], event, sight)
        case RedFlagRaised():
            flag = now.panel.get(event.flag)
            return Step(at, "red_flag_raised", flag.title.en if flag else event.flag)
        case Retriaged():
            return Step(at, "retriaged", _title(record, event.determinant), _why(event, sight))
        case Overridden():
            return Step(at, "overridden", _title(record, event.determinant), _why(event, sight))
        case Ended():
            return Step(at, "ended", f"Ended: {event.how.value.replace('_', ' ')}")


def _answered(question: Question, event: Answered, sight: Sight) -> Step:
    note = "carried over from the protocol before" if event.carried else ""
    said = words_of(question, event.value, sight)
    return Step(event.at_seconds, "answered", question.id, said, note, question.safety)


def words_of(question: Question, value: Answer, sight: Sight) -> str:
    """Write an answer in English, or that it is not for these eyes."""
    shown = answer_words.shown(question, value)
    if shown is not None:
        return shown.en
    if question.kind in OWN_WORDS and value not in WITHHELD and sight is not Sight.FULL:
        return HIDDEN
    return answer_words.told(question, value)


def _changed(change: Change, sight: Sight) -> Step:
    chosen, computed = change.determinant, change.computed
    what = f"{chosen.title.en} ({chosen.level.value})" if chosen else "Nothing decided any more"
    beside = ""
    if change.by is not By.RULES and computed is not None and computed != chosen:
        beside = f"; the rules said {computed.title.en} ({computed.level.value})"
    reason = _why(change, sight)
    return Step(change.at_seconds, "determinant", what, reason, f"{_BY[change.by]}{beside}")


def _why(chosen: Change | Retriaged | Overridden, sight: Sight) -> str:
    """A reason in a person's own words says what the caller said."""
    if chosen.reason and sight is not Sight.FULL:
        return HIDDEN
    return chosen.reason or ""


def _title(record: CaseRecord, determinant: str) -> str:
    found = record.protocol.determinant_by_id.get(determinant)
    return found.title.en if found else determinant


def _marked(steps: list[Step], now: Session) -> Iterator[Step]:
    """Say of an answer that it was changed later, or does not count any more."""
    newest = {step.what: number for number, step in enumerate(steps) if step.kind == "answered"}
    off_path = now.off_path
    for number, step in enumerate(steps):
        if step.kind == "answered" and newest[step.what] != number:
            yield replace(step, note="changed later")
        elif step.kind == "answered" and step.what in off_path:
            yield replace(step, note="off the path in the end: kept, and does not count")
        else:
            yield step
