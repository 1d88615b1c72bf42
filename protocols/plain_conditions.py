"""A condition in plain English: "danger_now is yes or not known"."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from protocols.conditions import (
    REFUSED_ANSWER,
    UNKNOWN_ANSWER,
    WITHHELD,
    All,
    Always,
    Answered,
    AnyOf,
    Compare,
    Condition,
    Has,
    Not,
    OneOf,
    Operator,
)

_STANDS: Final[Mapping[Operator, tuple[str, str]]] = {
    # what it says, and what its opposite says
    Operator.AT_LEAST: ("at least", "less than"),
    Operator.AT_MOST: ("at most", "more than"),
    Operator.MORE_THAN: ("more than", "at most"),
    Operator.LESS_THAN: ("less than", "at least"),
}
_WITHHELD: Final = {UNKNOWN_ANSWER: "not known", REFUSED_ANSWER: "not said"}
_OPPOSITE: Final = {"not known": "known", "not said": "said"}


def condition_in_words(condition: Condition) -> str:
    """Say a condition in words, questions and options by their ids."""
    return _say(condition, negated=False)


def _say(condition: Condition, *, negated: bool) -> str:
    match condition:
        case Always():
            return "never" if negated else "always"
        case Not(part):
            return _say(part, negated=not negated)
        case All(parts) | AnyOf(parts):
            # "not (a and b)" is said as "not a or not b", which is easier to read and the same.
            both = isinstance(condition, All) != negated
            said = [_within(part, negated=negated, among=len(parts)) for part in parts]
            return (" and " if both else " or ").join(said)
        case OneOf(question, answers):
            return _one_of(question, answers, negated=negated)
        case Has(question, options):
            return _has(question, options, negated=negated)
        case Answered(question):
            return f"{question} is {'not ' if negated else ''}answered"
        case Compare(question, operator, number):
            return f"{question} is {_STANDS[operator][negated]} {number:.15g}"
    assert_never(condition)


def _within(part: Condition, *, negated: bool, among: int) -> str:
    """Say a part of a longer condition, in brackets where "and" and "or" would run together."""
    inner, turned = _bare(part, negated=negated)
    said = _say(inner, negated=turned)
    return f"({said})" if among > 1 and _has_joints(inner, negated=turned) else said


def _bare(condition: Condition, *, negated: bool) -> tuple[Condition, bool]:
    """Take off each "not", and each list of one part."""
    while True:
        match condition:
            case Not(part):
                condition, negated = part, not negated
            case All((part,)) | AnyOf((part,)):
                condition = part
            case _:
                return condition, negated


def _has_joints(condition: Condition, *, negated: bool) -> bool:
    match condition:
        case All() | AnyOf():
            return True
        case OneOf(_, words) | Has(_, words):
            return len(words) > 1 and not negated
        case _:
            return False


def _has(question: str, options: frozenset[str], *, negated: bool) -> str:
    names = sorted(options)
    if not negated:
        return f"{question} includes {in_a_row(names, 'or')}"
    if len(names) == 1:
        return f"{question} does not include {names[0]}"
    return f"{question} includes neither {in_a_row(names, 'nor')}"


def _one_of(question: str, answers: frozenset[str], *, negated: bool) -> str:
    plain = sorted(answers - set(WITHHELD))
    words = [*plain, *(_WITHHELD[word] for word in WITHHELD if word in answers)]
    if not negated:
        return f"{question} is {in_a_row(words, 'or')}"
    if len(words) > 1:
        return f"{question} is neither {in_a_row(words, 'nor')}"
    return f"{question} is {_OPPOSITE.get(words[0]) or f'not {words[0]}'}"


def in_a_row(words: Sequence[str], last: str) -> str:
    """Write "a, b or c"."""
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
