"""A form of twenty questions with twenty rules, for every engine the same.

Written once as plain rows; ours is made from them here, the others' in `protocol_yardsticks`.
A walk asks 17 of the questions, 20 at most: three are asked only where an earlier one was not "no".
"""

from collections.abc import Mapping, Sequence
from itertools import product

from protocols.conditions import All, Condition, OneOf
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

Cell = tuple[str, tuple[str, ...]]
"""A question and the answers that fit."""

QUESTIONS = tuple(f"q{place}" for place in range(20))
ASKED_IF: Mapping[str, str] = {"q8": "q6", "q13": "q11", "q17": "q14"}
"""A question and the earlier one that must not be "no"."""
NOT_NO = ("yes", "unknown", "refused")
DANGER = QUESTIONS[:5]
TABLE: tuple[tuple[tuple[Cell, ...], Level], ...] = (
    *[(((name, NOT_NO),), Level.EMERGENCY) for name in DANGER],
    *[(((f"q{n}", ("yes",)),), Level.URGENT) for n in range(5, 10)],
    *[(((f"q{n}", ("yes",)), (f"q{n + 5}", ("yes",))), Level.ROUTINE) for n in range(10, 15)],
    *[(((f"q{n}", ("yes",)),), Level.INFORMATION) for n in range(10, 15)],
)
"""The rules, the most urgent first: the first that holds decides."""
WALKS: tuple[Mapping[str, str], ...] = (
    dict.fromkeys(QUESTIONS, "no"),
    dict.fromkeys(QUESTIONS, "no") | {"q12": "yes", "q17": "yes"},
    dict.fromkeys(QUESTIONS, "no") | {"q6": "unknown", "q14": "yes", "q19": "yes"},
    dict.fromkeys(QUESTIONS, "no") | {"q9": "yes"},
    dict.fromkeys(QUESTIONS, "no") | {"q4": "unknown"},
)
"""What five callers would answer, each question they are asked; the last goes to 911."""

WORDS = Text("words", "palabras")


def ours() -> Protocol:
    """Make the form a protocol of ours."""
    rows = [(f"r{place}", cells, level) for place, (cells, level) in enumerate(TABLE)]
    rules = tuple(Rule(name, _condition(cells), outcome(name)) for name, cells, _ in rows)
    ends = tuple(
        determinant(outcome(name), level, len(rows) - place)
        for place, (name, _, level) in enumerate(rows)
    )
    return of_parts([_question(name) for name in QUESTIONS], rules, (*ends, NONE))


def of_parts(
    questions: Sequence[Question], rules: Sequence[Rule], outcomes: Sequence[Determinant]
) -> Protocol:
    """Put a protocol together; `none` stands where no rule holds."""
    head = ("form", "", WORDS, Approval(), ())
    return Protocol(*head, tuple(questions), tuple(rules), "none", tuple(outcomes), ())


def outcome(rule: str) -> str:
    """Name what a rule leads to."""
    return f"{rule}_met"


def some_answers() -> list[dict[str, str]]:
    """Give answers to hold the engines together: all that a few questions can be given."""
    chosen = ("q4", "q6", "q8", "q10", "q15")
    return [
        dict.fromkeys(QUESTIONS, "no") | dict(zip(chosen, given, strict=True))
        for given in product(("yes", "no", "unknown"), repeat=len(chosen))
    ]


def _question(name: str) -> Question:
    danger = name in DANGER
    options = (Option("yes", WORDS, danger), Option("no", WORDS))
    asked_if = OneOf(ASKED_IF[name], frozenset(NOT_NO)) if name in ASKED_IF else None
    return Question(
        name, QuestionKind.CHOICE, WORDS, safety=danger, options=options, ask_if=asked_if
    )


def _condition(cells: tuple[Cell, ...]) -> Condition:
    parts = tuple(OneOf(name, frozenset(answers)) for name, answers in cells)
    return parts[0] if len(parts) == 1 else All(parts)


def determinant(name: str, level: Level, priority: int) -> Determinant:
    """Make an outcome; only its level and priority matter here."""
    to = DestinationKind.NINE_ONE_ONE if level is Level.EMERGENCY else DestinationKind.DEPARTMENT
    where = Destination(to, "any")
    return Determinant(name, level, WORDS, where, "INFO", None, WORDS, WORDS, priority)


NONE = determinant("none", Level.INFORMATION, 0)
