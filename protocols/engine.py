"""What to ask next, and what the answers so far amount to.

Pure and total: for every legal set of answers, in any order and with any
gaps, there is exactly one result and no exception. Knows no call, no clock and
no document format. Answers always go in whole; nothing is remembered between
two calls, so going back and changing an answer is simply another question.

Which answers count: those of questions on the path, that is asked given the
earlier answers that count. Others are ignored here and stay in the record.
Which outcome: of all rules that hold the most urgent (level, then priority);
all of them are reported. A rule for an emergency holds on UNKNOWN already.
An emergency ends the questions at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from protocols.conditions import Answer, Standing, Values
from protocols.errors import AnswerError, shown
from protocols.levels import Level
from protocols.script import (
    OTHERWISE,
    Destination,
    Determinant,
    Protocol,
    Question,
    ReadyRule,
)

Answers = Mapping[str, Answer]
"""Question id to answer; `unknown` and `refused` are legal everywhere."""


# Met and Verdict are made for every answer of every replayed call; a named
# tuple is as unchangeable as a frozen dataclass and made in a third of the time.
class Met(NamedTuple):
    """A rule that holds, what it leads to, and each value it read.

    `read` names what has no answer too: `unanswered`, `undecided`, `not_asked`, `left_open`.
    """

    rule: str
    determinant: str
    read: Mapping[str, Answer]


class Verdict(NamedTuple):
    """What the answers amount to.

    `determinant` is None while no rule holds and questions are open. `criteria`
    has every rule that holds, the deciding one first. `unanswered` lists the
    questions on the path without an answer, in order. `final` says that no
    more need be asked: all is answered, or it is an emergency.
    """

    determinant: Determinant | None
    criteria: tuple[Met, ...]
    unanswered: tuple[str, ...]
    final: bool

    @property
    def level(self) -> Level | None:
        """The level of the determinant so far."""
        return self.determinant.level if self.determinant else None

    @property
    def emergency(self) -> bool:
        """Whether 911 must be dialled now; no later answer takes this back."""
        return self.determinant is not None and self.determinant.emergency

    @property
    def destination(self) -> Destination | None:
        """Who takes over."""
        return self.determinant.destination if self.determinant else None

    @property
    def common_code(self) -> str | None:
        """The common incident type."""
        return self.determinant.common_code if self.determinant else None

    @property
    def request_code(self) -> str | None:
        """The category of the service request to make, if one is to be made."""
        return self.determinant.request_code if self.determinant else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on the path with its answer, None while it is open."""

    question: Question
    answer: Answer | None


def determine(protocol: Protocol, answers: Answers, *, closed: bool = False) -> Verdict:
    """Say what the answers amount to.

    Args:
        protocol: The version the call is pinned to.
        answers: All answers given, also those of questions no longer on the path.
        closed: The call is over (the caller has gone): a question on the path
            without an answer now counts like `unknown`, and the verdict is final.

    Raises:
        AnswerError: an answer to no question of this protocol, or not a legal one.
    """
    values = _place(protocol, answers, closed=closed)
    met = [rule for holds, enough, rule in protocol.ranked if holds(values) >= enough]
    open_as = Standing.LEFT_OPEN if closed else Standing.UNANSWERED
    unanswered = tuple([name for name, value in values.items() if value is open_as])
    if met:
        decided = met[0].determinant
        final = closed or decided.emergency or not unanswered
        return Verdict(decided, tuple([_met(rule, values) for rule in met]), unanswered, final)
    if unanswered and not closed:
        return Verdict(None, (), unanswered, False)
    decided = protocol.determinant_by_id[protocol.otherwise]
    return Verdict(decided, (Met(OTHERWISE, decided.id, {}),), unanswered, True)


def next_question(protocol: Protocol, answers: Answers) -> Question | None:
    """Give the first open question of the path, or None when no more need be asked.

    Raises:
        AnswerError: as `determine`.
    """
    verdict = determine(protocol, answers)
    return None if verdict.final else protocol.question_by_id[verdict.unanswered[0]]


def visible_path(protocol: Protocol, answers: Answers) -> tuple[Asked, ...]:
    """List what the call-taker sees: the answered questions of the path, then the next one.

    Raises:
        AnswerError: as `determine`.
    """
    values = _place(protocol, answers, closed=False)
    path = [
        Asked(question, values[question.id])
        for question in protocol.questions
        if not isinstance(values[question.id], Standing)
    ]
    following = next_question(protocol, answers)
    return (*path, Asked(following, None)) if following else tuple(path)


def coming(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """List the questions that may still follow the next one, in order.

    Those whose asking hangs on an open question are among them; after an
    emergency there are none.

    Raises:
        AnswerError: as `determine`.
    """
    following = next_question(protocol, answers)
    if following is None:
        return ()
    values = _place(protocol, answers, closed=False)
    return tuple(
        question
        for question in protocol.questions
        if question is not following and _is_open(values[question.id])
    )


def off_path(protocol: Protocol, answers: Answers) -> tuple[str, ...]:
    """List the answered questions whose answers do not count, for the record.

    Raises:
        AnswerError: as `determine`.
    """
    values = _place(protocol, answers, closed=False)
    return tuple(name for name in answers if isinstance(values[name], Standing))


def check(protocol: Protocol, answers: Mapping[str, object]) -> None:
    """Refuse answers the protocol does not allow; a door calls this before it stores one.

    Raises:
        AnswerError: naming every fault.
    """
    faults = [
        fault for name, answer in answers.items() if (fault := _fault(protocol, name, answer))
    ]
    if faults:
        raise AnswerError(faults)


def faulty(protocol: Protocol, answers: Answers) -> tuple[str, ...]:
    """List the questions whose answers the protocol does not take, or does not ask at all."""
    others = _not_plainly_legal(protocol, answers)
    return tuple(name for name in others if _fault(protocol, name, answers[name]))


def taken(protocol: Protocol, question: str, value: object) -> Answer:
    """Give the answer that a value from JSON stands for: a list of options becomes a tuple.

    The chosen options come in the document's order, so that the same choice is
    the same answer.

    Raises:
        AnswerError: no such question, or not a legal answer to it.
    """
    asked = protocol.question_by_id.get(question)
    if isinstance(value, list | tuple) and asked is not None:
        places = {option.id: place for place, option in enumerate(asked.options)}
        known = all(isinstance(chosen, str) and chosen in places for chosen in value)
        value = tuple(sorted(value, key=places.__getitem__) if known else value)
    check(protocol, {question: value})
    return cast(Answer, value)  # as `check` has just said


def _is_open(value: Answer) -> bool:
    return isinstance(value, Standing) and value is not Standing.NOT_ASKED


def _fault(protocol: Protocol, name: str, answer: object) -> str | None:
    question = protocol.question_by_id.get(name)
    if question is None:
        return f"no question {shown(name)}"
    fault = question.fault(answer)
    return f"{name}: {fault}" if fault else None


def _place(protocol: Protocol, answers: Answers, *, closed: bool) -> dict[str, Answer]:
    """Give every question its answer that counts, or its standing, in the document's order."""
    _refuse_illegal(protocol, answers)
    values: dict[str, Answer] = {
        **(protocol.left_open if closed else protocol.unanswered),
        **answers,
    }
    for branch in protocol.branches:
        if not branch.certainly_asked(values):
            undecided = branch.possibly_asked(values)
            values[branch.question] = Standing.UNDECIDED if undecided else Standing.NOT_ASKED
    return values


def _refuse_illegal(protocol: Protocol, answers: Answers) -> None:
    others = _not_plainly_legal(protocol, answers)
    if others:
        check(protocol, {name: answers[name] for name in others})


def _not_plainly_legal(protocol: Protocol, answers: Answers) -> list[str]:
    """List the answers that need a closer look: the choices, nearly all answers, pass quickly."""
    choices = protocol.legal_choices
    try:
        return [name for name, answer in answers.items() if answer not in choices.get(name, ())]
    except TypeError:  # a value that cannot be in a set is none of the choices either
        return list(answers)


def _met(rule: ReadyRule, values: Values) -> Met:
    return Met(rule.id, rule.determinant.id, {name: values[name] for name in rule.reads})
