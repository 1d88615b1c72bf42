"""One answer with its determinant, on a form of twenty questions: half answered, and in full.

Figures without a goal: the goals are ratios to other engines, and those are not measured here yet.
"""

from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter

from protocols.conditions import Answer, OneOf
from protocols.engine import determine
from protocols.levels import Level
from protocols.script import (
    Approval,
    Destination,
    DestinationKind,
    Determinant,
    Option,
    Protocol,
    Question,
    QuestionKind,
    Rule,
    Text,
)
from tests.bench.figures import Figure

QUESTIONS = 20
ROUNDS, REPEATS = 31, 400
WORDS = Text("words", "palabras")


def form() -> Protocol:
    """Twenty yes-no questions; a yes to any of the first five is an emergency, else routine."""
    questions = tuple(
        Question(
            f"q{n}",
            QuestionKind.CHOICE,
            WORDS,
            safety=n < 5,
            options=(Option("yes", WORDS, n < 5), Option("no", WORDS)),
        )
        for n in range(QUESTIONS)
    )
    rules = tuple(
        Rule(f"r{n}", OneOf(f"q{n}", frozenset({"yes"})), _to(n)) for n in range(QUESTIONS)
    )
    outcomes = (_outcome("ed", Level.EMERGENCY), _outcome("routine", Level.ROUTINE))
    return Protocol("form", "", WORDS, Approval(), (), questions, rules, "routine", outcomes, ())


def measure() -> Iterator[Figure]:
    """Determine again and again what the answers so far come to."""
    script = form()
    answers: dict[str, Answer] = {f"q{n}": "no" for n in range(QUESTIONS)}
    half = dict(list(answers.items())[: QUESTIONS // 2])
    yield Figure("one answer with determinant, form half full", _microseconds(script, half), "µs")
    yield Figure("one answer with determinant, form full", _microseconds(script, answers), "µs")


def _microseconds(script: Protocol, answers: Mapping[str, Answer]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for _ in range(REPEATS):
            determine(script, answers)
        rounds.append((perf_counter() - began) / REPEATS * 1e6)
    return median(rounds)


def _to(number: int) -> str:
    return "ed" if number < 5 else "routine"


def _outcome(name: str, level: Level) -> Determinant:
    to = DestinationKind.NINE_ONE_ONE if level is Level.EMERGENCY else DestinationKind.DEPARTMENT
    return Determinant(name, level, WORDS, Destination(to, "any"), "INFO", None, WORDS, WORDS, 5)
