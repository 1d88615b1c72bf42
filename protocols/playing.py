"""A protocol played in the terminal: what to print next, given what was typed.

An option is chosen by its number, several by their numbers with blanks between
them (`0` for none); `u` is unknown, `r` refused, `b` goes back
one question, `q` ends the call as if the caller had gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from protocols.conditions import REFUSED_ANSWER, UNKNOWN_ANSWER, Answer
from protocols.engine import Verdict, determine, next_question, taken
from protocols.errors import AnswerError
from protocols.script import Protocol, Question, QuestionKind
from protocols.wording import why

KEYS = "u unknown, r refused, b back, q caller gone"


@dataclass(frozen=True, slots=True)
class Play:
    """One call being played. `answers` are in the order given; `over` says that nothing follows."""

    protocol: Protocol
    language: str
    answers: tuple[tuple[str, Answer], ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The play after a step, and the lines to print."""

    play: Play
    lines: tuple[str, ...]


def begin(protocol: Protocol, language: str = "en") -> Shown:
    """Open a protocol at its first question."""
    shown = _go_on(Play(protocol, language))
    title = protocol.title[language]
    approval = ["(content approval pending)"] if protocol.approval.pending else []
    return replace(shown, lines=(title, *approval, *shown.lines))


def step(play: Play, typed: str) -> Shown:
    """Take what was typed; a line that means nothing is said so and the question stands."""
    word, question = typed.strip(), next_question(play.protocol, dict(play.answers))
    if play.over or question is None:
        return Shown(replace(play, over=True), ())
    match word.lower():
        case "q":
            return _end(play, determine(play.protocol, dict(play.answers), closed=True))
        case "b":
            return _go_on(replace(play, answers=play.answers[:-1]))
        case "u":
            answer: object = UNKNOWN_ANSWER
        case "r":
            answer = REFUSED_ANSWER
        case _:
            answer = _answer(question, word)
    try:
        given = taken(play.protocol, question.id, answer)
    except AnswerError:
        return Shown(play, (question.fault(answer) or KEYS, KEYS))
    return _go_on(replace(play, answers=(*play.answers, (question.id, given))))


def _answer(question: Question, word: str) -> object:
    """Turn a typed word into an answer, or leave it for the question to refuse."""
    places = {str(place): option.id for place, option in enumerate(question.options, 1)}
    match question.kind:
        case QuestionKind.CHOICE:
            return places.get(word, word)
        case QuestionKind.MANY:
            parts = [places.get(part, part) for part in word.split() if part != "0"]
            return tuple(parts) if word else word  # an empty line is a slip, not "none of them"
        case QuestionKind.NUMBER:
            return _number(word)
        case QuestionKind.TEXT:
            return word or UNKNOWN_ANSWER
        case QuestionKind.PLACE:
            typed = {"text": word, "confirmed": False, "unverified_reason": "typed in the terminal"}
            return typed if word else UNKNOWN_ANSWER
        case QuestionKind.TIME:
            return {"text": word} if word else UNKNOWN_ANSWER
        case QuestionKind.PERSON:
            return {"description": word} if word else UNKNOWN_ANSWER


def _number(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word


def _go_on(play: Play) -> Shown:
    answers = dict(play.answers)
    question = next_question(play.protocol, answers)
    if question is None:
        return _end(play, determine(play.protocol, answers))
    return Shown(play, tuple(_ask(question, play.language)))


def _ask(question: Question, language: str) -> Sequence[str]:
    options = [
        f"  {place} {option.text[language]}" for place, option in enumerate(question.options, 1)
    ]
    note = [f"  ({question.note[language]})"] if question.note else []
    unit = [f"  ... {question.unit[language]}"] if question.unit else []
    return ["", question.text[language], *note, *unit, *options]


def _end(play: Play, verdict: Verdict) -> Shown:
    return Shown(replace(play, over=True), tuple(_outcome(play, verdict)))


def _outcome(play: Play, verdict: Verdict) -> Sequence[str]:
    determinant, language = verdict.determinant, play.language
    if determinant is None:
        return []
    destination = determinant.destination
    reasons = [
        f"  {met.rule}: {reason.question} {reason.answer}"
        for met in verdict.criteria
        for reason in why(play.protocol, met, language)
    ]
    return [
        "",
        f"{determinant.level.upper()}: {determinant.title[language]} ({determinant.id})",
        f"  to {destination.kind} {destination.key}, code {determinant.common_code}",
        f"  say: {determinant.script[language]}",
        f"  advise: {determinant.advice[language]}",
        *reasons,
    ]
