"""Which answers a proof tries: one of each sort that some condition could tell from another.

Numbers are cut at the constants they are compared with, the chosen options of a
list by what is asked of them; text, places, times and persons are answered or
not. Knows conditions and questions; knows no walk.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from protocols.conditions import (
    WITHHELD,
    All,
    Answer,
    AnyOf,
    Compare,
    Condition,
    Has,
    Not,
    Standing,
)
from protocols.script import LARGEST_NUMBER, Protocol, Question, QuestionKind

MOST_SELECTIONS: Final = 1024
"""Of one list of options; ten options that are all asked about one by one have as many."""

_SOMETHING: Final[Mapping[QuestionKind, Answer]] = {
    QuestionKind.TEXT: "...",
    QuestionKind.PLACE: {"text": "...", "confirmed": True},
    QuestionKind.TIME: {"text": "..."},
    QuestionKind.PERSON: {"name": "..."},
}
"""An answer that decides nothing by what it says."""


class TooLargeError(Exception):
    """A bound was reached, and the message says which: nothing can be said. Stays in the proof."""


def domains(protocol: Protocol) -> tuple[tuple[Answer, ...], ...]:
    """List what can become of each question, in the protocol's order.

    Its answers, `unknown`, `refused`, then left open, then not asked.

    Raises:
        TooLargeError: a list of options has more than `MOST_SELECTIONS` sorts of answers.
    """
    asked: dict[str, list[Condition]] = {}
    for leaf in _leaves(protocol):
        if isinstance(leaf, Compare | Has):
            asked.setdefault(leaf.question, []).append(leaf)
    return tuple(
        (
            *_plain_answers(question, asked.get(question.id, ())),
            *WITHHELD,
            Standing.LEFT_OPEN,
            Standing.NOT_ASKED,
        )
        for question in protocol.questions
    )


def how_many(question: Question, domain: tuple[Answer, ...]) -> int:
    """Count the answers to a question, left open included; numbers by interval, text as one."""
    if question.kind is QuestionKind.MANY:
        return int(2 ** len(question.options)) + len((*WITHHELD, Standing.LEFT_OPEN))
    return len(domain) - 1


def _leaves(protocol: Protocol) -> Iterator[Condition]:
    """Give what the conditions of rules and questions are made of."""
    pending: list[Condition] = [rule.when for rule in protocol.rules]
    pending += [question.ask_if for question in protocol.questions if question.ask_if is not None]
    while pending:
        match pending.pop():
            case Not(part):
                pending.append(part)
            case All(parts) | AnyOf(parts):
                pending.extend(parts)
            case leaf:
                yield leaf


def _plain_answers(question: Question, asked: Iterable[Condition]) -> tuple[Answer, ...]:
    match question.kind:
        case QuestionKind.CHOICE:
            return tuple(option.id for option in question.options)
        case QuestionKind.MANY:
            return _selections(question, [leaf.options for leaf in asked if isinstance(leaf, Has)])
        case QuestionKind.NUMBER:
            limits = {leaf.number for leaf in asked if isinstance(leaf, Compare)}
            return _one_of_each_interval(question, limits)
        case _:
            return (_SOMETHING[question.kind],)


def _selections(question: Question, asked: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """Give the fewest options of each sort of selection, fewest first, none at all among them."""
    sets = [*asked, frozenset(option.id for option in question.red_flags)]
    touches = {
        option.id: sum(1 << place for place, found in enumerate(sets) if option.id in found)
        for option in question.options
    }
    found: dict[int, tuple[str, ...]] = {0: ()}
    for touched, chosen in _growing(found):
        for option, more in touches.items():
            if touched | more not in found:
                found[touched | more] = (*chosen, option)
        if len(found) > MOST_SELECTIONS:
            message = f"more than {MOST_SELECTIONS:,} different answers to {question.id}"
            raise TooLargeError(message)
    return tuple(found.values())


def _growing(found: dict[int, tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give each entry once, those added meanwhile too, in the order they were added."""
    done = 0
    while done < len(found):
        batch = list(found.items())[done:]
        done += len(batch)
        yield from batch


def _one_of_each_interval(question: Question, limits: Iterable[float]) -> tuple[float, ...]:
    least = -LARGEST_NUMBER if question.least is None else question.least
    most = LARGEST_NUMBER if question.most is None else question.most
    cuts = sorted({limit for limit in limits if least <= limit <= most})
    if not cuts:
        return (min(max(1, least), most),)
    edges = [max(least, cuts[0] - 1), *cuts, min(most, cuts[-1] + 1)]
    between = [_between(one, other) for one, other in pairwise(cuts)]
    return tuple(sorted({*edges, *between}))


def _between(low: float, high: float) -> float:
    """Give a number strictly between, a whole one where there is one."""
    whole = int(low // 1) + 1
    return whole if low < whole < high else (low + high) / 2
