"""Conditions as typed data, and the three-valued logic that reads them.

No text is ever evaluated as code: a condition is one of the small classes
below, compiled once to closures. Knows questions only by their ids.

Truth is FALSE < UNKNOWN < TRUE; `all` is the least, `any` the greatest, `not`
turns the order round (Kleene's strong logic). A caller who doesn't know or
won't say makes a comparison UNKNOWN, never false, unless the condition itself
names `unknown` or `refused`. A question that this path never asks makes a
comparison FALSE: its old answer has stopped counting.

While a call goes on, some questions have no answer yet. So each condition is
compiled twice: `sure` is the least truth that any later answer can leave,
`possible` the greatest. What a rule says by `sure` no later answer takes back.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

Detail = str | int | float | bool
"""One value within a place, a time or a person."""

Answer = str | int | float | tuple[str, ...] | Mapping[str, Detail]
"""An option's id, a number, free text, or one of `UNKNOWN_ANSWER` and `REFUSED_ANSWER`;
the chosen options' ids, perhaps none; or the details of a place, a time or a person."""

Values = Mapping[str, Answer]
"""Every question's id with its answer that counts, or its `Standing`."""

Truth = int
FALSE: Final = 0
UNKNOWN: Final = 1
TRUE: Final = 2

Test = Callable[[Values], Truth]

UNKNOWN_ANSWER: Final = "unknown"
REFUSED_ANSWER: Final = "refused"
_NUMBER: Final = (int, float)  # a union would be built anew for every answer
WITHHELD: Final = (UNKNOWN_ANSWER, REFUSED_ANSWER)
"""Legal answers to every question: the caller doesn't know, or won't say."""


class Standing(StrEnum):
    """Why a question has no answer that counts."""

    UNANSWERED = "unanswered"  # asked on this path, not answered yet
    UNDECIDED = "undecided"  # whether it is asked hangs on an earlier open question
    NOT_ASKED = "not_asked"  # this path leaves it out
    LEFT_OPEN = "left_open"  # the call ended before it was answered


RESERVED: Final = frozenset({*WITHHELD, *Standing})
"""Words no option may take as its id."""


class Operator(StrEnum):
    """How a number is compared."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


_OPERATORS: Mapping[Operator, Callable[[float, float], bool]] = {
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
    Operator.MORE_THAN: operator.gt,
    Operator.LESS_THAN: operator.lt,
}


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever is answered."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The answer is one of `answers`: options' ids, `unknown`, `refused`."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compare:
    """The answered number stands so to `number`."""

    question: str
    operator: Operator
    number: float


@dataclass(frozen=True, slots=True)
class Has:
    """At least one of `options` (ids) is among those chosen."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """The question was answered; `unknown` and `refused` are no answer here.

    All that may be asked of a text, a place, a time or a person: what such an
    answer says decides nothing.
    """

    question: str


@dataclass(frozen=True, slots=True)
class All:
    """Each part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Always | OneOf | Compare | Has | Answered | All | AnyOf | Not


def reads(condition: Condition) -> tuple[str, ...]:
    """List the ids of the questions a condition reads, each once, in its own order."""
    match condition:
        case Always():
            return ()
        case OneOf() | Compare() | Has() | Answered():
            return (condition.question,)
        case Not():
            return reads(condition.part)
        case All() | AnyOf():
            return tuple(dict.fromkeys(name for part in condition.parts for name in reads(part)))
    assert_never(condition)


def sure(condition: Condition) -> Test:
    """Compile to the least truth that later answers can leave."""
    return _compile(condition, open_as=FALSE, negated=False)


def possible(condition: Condition) -> Test:
    """Compile to the greatest truth that later answers can bring."""
    return _compile(condition, open_as=TRUE, negated=False)


def _compile(condition: Condition, *, open_as: Truth, negated: bool) -> Test:
    """Push `not` down to the comparisons, where an open question can still count its own way."""
    match condition:
        case Always():
            return _constant(FALSE if negated else TRUE)
        case Not():
            return _compile(condition.part, open_as=open_as, negated=not negated)
        case All() | AnyOf():
            tests = [_compile(p, open_as=open_as, negated=negated) for p in condition.parts]
            return _least(tests) if isinstance(condition, All) != negated else _greatest(tests)
        case OneOf():
            return _one_of(condition, open_as, negated=negated)
        case Compare():
            return _compare(condition, open_as, negated=negated)
        case Has():
            return _has(condition, open_as, negated=negated)
        case Answered():
            return _answered(condition, open_as, negated=negated)
    assert_never(condition)


def _constant(truth: Truth) -> Test:
    return lambda _values: truth


def _least(tests: Sequence[Test]) -> Test:
    def least(values: Values) -> Truth:
        found = TRUE
        for test in tests:
            truth = test(values)
            if truth < found:
                if truth == FALSE:
                    return FALSE
                found = truth
        return found

    return tests[0] if len(tests) == 1 else least


def _greatest(tests: Sequence[Test]) -> Test:
    def greatest(values: Values) -> Truth:
        found = FALSE
        for test in tests:
            truth = test(values)
            if truth > found:
                if truth == TRUE:
                    return TRUE
                found = truth
        return found

    return tests[0] if len(tests) == 1 else greatest


def _one_of(condition: OneOf, open_as: Truth, *, negated: bool) -> Test:
    yes, no = (FALSE, TRUE) if negated else (TRUE, FALSE)
    # "Is it unknown?" is plainly answered by "refused"; "is it yes?" is not.
    names_an_option = bool(condition.answers - set(WITHHELD))
    table = _without_answer(open_as, no, UNKNOWN if names_an_option else no)
    table |= dict.fromkeys(condition.answers, yes)
    question, find = condition.question, table.get
    return lambda values: find(values[question], no)


def _compare(condition: Compare, open_as: Truth, *, negated: bool) -> Test:
    yes, no = (FALSE, TRUE) if negated else (TRUE, FALSE)
    table = _without_answer(open_as, no, UNKNOWN)
    question, number = condition.question, condition.number
    stands = _OPERATORS[condition.operator]

    def compare(values: Values) -> Truth:
        value = values[question]
        if isinstance(value, _NUMBER):
            return yes if stands(value, number) else no
        return table.get(value, no)

    return compare


def _has(condition: Has, open_as: Truth, *, negated: bool) -> Test:
    yes, no = (FALSE, TRUE) if negated else (TRUE, FALSE)
    table = _without_answer(open_as, no, UNKNOWN)
    question, options = condition.question, condition.options

    def has(values: Values) -> Truth:
        value = values[question]
        if isinstance(value, tuple):
            return no if options.isdisjoint(value) else yes
        return table.get(value, no)

    return has


def _answered(condition: Answered, open_as: Truth, *, negated: bool) -> Test:
    yes, no = (FALSE, TRUE) if negated else (TRUE, FALSE)
    table, question = _without_answer(open_as, no, no), condition.question

    def answered(values: Values) -> Truth:
        value = values[question]
        # Typed words may read "unanswered"; only the engine's own is a Standing.
        return table[value] if isinstance(value, Standing) or value in WITHHELD else yes

    return answered


def _without_answer(open_as: Truth, no: Truth, withheld: Truth) -> dict[Answer, Truth]:
    """Say what a comparison is worth where there is no plain answer to compare."""
    return {
        UNKNOWN_ANSWER: withheld,
        REFUSED_ANSWER: withheld,
        Standing.UNANSWERED: open_as,
        Standing.UNDECIDED: open_as,
        Standing.NOT_ASKED: no,
        Standing.LEFT_OPEN: UNKNOWN,
    }
