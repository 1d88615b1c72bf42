"""Small protocols and answers for the tests: some by hand, most generated."""

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

import protocols
from protocols import conditions, loading, playing
from protocols.conditions import All, Always, Answered, AnyOf, Compare, Has, Not, OneOf, Operator
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

LIBRARY = Path(protocols.__file__).parent / "library"
LIBRARY_IDS = ("gas_smell", "loose_dog", "pothole")
WORDS = Text("words", "palabras")


def library_text(name):
    return (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def library(name):
    return loading.load(library_text(name), name)


def choice(name, *options, danger=(), ask_if=None):
    made = tuple(Option(option, WORDS, option in danger) for option in options)
    return Question(
        name, QuestionKind.CHOICE, WORDS, safety=bool(danger), options=made, ask_if=ask_if
    )


def number(name, ask_if=None, unit=None):
    return Question(name, QuestionKind.NUMBER, WORDS, ask_if=ask_if, unit=unit)


def text(name, ask_if=None):
    return Question(name, QuestionKind.TEXT, WORDS, ask_if=ask_if)


def many(name, *options, danger=(), ask_if=None):
    made = tuple(Option(option, WORDS, option in danger) for option in options)
    return Question(
        name, QuestionKind.MANY, WORDS, safety=bool(danger), options=made, ask_if=ask_if
    )


def place(name, ask_if=None):
    return Question(name, QuestionKind.PLACE, WORDS, ask_if=ask_if)


def moment(name, ask_if=None):
    return Question(name, QuestionKind.TIME, WORDS, ask_if=ask_if)


def person(name, ask_if=None):
    return Question(name, QuestionKind.PERSON, WORDS, ask_if=ask_if)


def determinant(name, level, priority=5):
    to_911 = level is Level.EMERGENCY
    kind = DestinationKind.NINE_ONE_ONE if to_911 else DestinationKind.DEPARTMENT
    destination = Destination(kind, "somewhere")
    return Determinant(name, level, WORDS, destination, "INFO", None, WORDS, WORDS, priority)


OUTCOMES = tuple(
    determinant(f"{level.value}_{priority}", level, priority)
    for level in Level
    for priority in (1, 9)
)


def protocol(questions, rules, otherwise="information_1", determinants=OUTCOMES):
    made = tuple(Rule(name, when, outcome) for name, when, outcome in rules)
    return Protocol(
        "made", "for a test", WORDS, Approval(), ("a test",), tuple(questions), made, otherwise,
        tuple(determinants), (),
    )  # fmt: skip


def played(script, *typed, language="en"):
    """What the terminal shows after the typed lines."""
    shown = playing.begin(script, language)
    for word in typed:
        shown = playing.step(shown.play, word)
    return shown


def is_(name, *answers):
    return OneOf(name, frozenset(answers))


# Strategies are made once: making them anew for every example costs more than drawing.
COIN = st.booleans()
WITHHELD = st.sampled_from(conditions.WITHHELD)
LIMITS = st.sampled_from([0, 2, 2.5, 7])
NUMBERS = st.sampled_from([-1, 0, 2, 2.5, 3, 7, 1e8, *conditions.WITHHELD])
CHOICES = st.sampled_from(["a", "b", "c", *conditions.WITHHELD])
CHOSEN = st.sets(CHOICES, min_size=1, max_size=3).map(frozenset)
TYPED = st.sampled_from(["", "by the bank", "not_asked", "unanswered", *conditions.WITHHELD])
LISTS = st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(tuple) | WITHHELD
HAD = st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(frozenset)
PLACES = st.sampled_from(
    [
        {"text": "Sixth and Stone", "confirmed": True},
        {"text": "by the wash", "confirmed": False, "unverified_reason": "no address"},
        {"text": "park", "latitude": 32.22, "longitude": -110.97, "confirmed": True},
        *conditions.WITHHELD,
    ]
)
MOMENTS = st.sampled_from(
    [{"text": "last night"}, {"text": "at nine", "at": "2026-07-04T21:00"}, *conditions.WITHHELD]
)
PERSONS = st.sampled_from(
    [{"name": "A. Ruiz", "phone": "+15205550101"}, {"description": "red cap"}, "unknown"]
)
OPERATORS = st.sampled_from(Operator)
OUTCOME_IDS = st.sampled_from([outcome.id for outcome in OUTCOMES])
SHAPES = st.sampled_from(["compare", "compare", "compare", "not", "all", "any", "always"])
FEW = st.integers(1, 3)


def condition(draw, questions, depth=2):
    """Any condition reading the given questions."""
    shape = draw(SHAPES) if depth else "compare"
    if shape == "always" or not questions:
        return Always()
    if shape == "not":
        return Not(condition(draw, questions, depth - 1))
    if shape in ("all", "any"):
        parts = tuple(condition(draw, questions, depth - 1) for _ in range(draw(FEW)))
        return All(parts) if shape == "all" else AnyOf(parts)
    return comparison(draw, questions[draw(st.integers(0, len(questions) - 1))])


def comparison(draw, question):
    """Any comparison of one question."""
    if not question.kind.decides:
        return Answered(question.id)
    if question.kind is QuestionKind.CHOICE:
        return OneOf(question.id, draw(CHOSEN))
    if not draw(COIN):
        return is_(question.id, draw(WITHHELD))
    if question.kind is QuestionKind.MANY:
        return Has(question.id, draw(HAD))
    return Compare(question.id, draw(OPERATORS), draw(LIMITS))


@st.composite
def conditions_on(draw, questions):
    return condition(draw, questions)


MAKERS = (choice, choice, choice, choice, number, number, many, many, text, place, moment, person)


@st.composite
def generated_questions(draw, most=5):
    questions = []
    for place in range(draw(st.integers(1, most))):
        ask_if = condition(draw, questions) if questions and draw(COIN) else None
        make = MAKERS[draw(st.integers(0, len(MAKERS) - 1))]
        options = ("a", "b", "c") if make in (choice, many) else ()
        questions.append(make(f"q{place}", *options, ask_if=ask_if))
    return questions


@st.composite
def generated_protocols(draw):
    questions = draw(generated_questions())
    rules = [
        (f"r{place}", condition(draw, questions), draw(OUTCOME_IDS))
        for place in range(draw(st.integers(0, 5)))
    ]
    return protocol(questions, rules, otherwise=draw(OUTCOME_IDS))


ANSWERS = {
    QuestionKind.CHOICE: CHOICES,
    QuestionKind.NUMBER: NUMBERS,
    QuestionKind.TEXT: TYPED,
    QuestionKind.MANY: LISTS,
    QuestionKind.PLACE: PLACES,
    QuestionKind.TIME: MOMENTS,
    QuestionKind.PERSON: PERSONS,
}


def legal_answers(question):
    return ANSWERS[question.kind]


@st.composite
def answers_to(draw, script):
    """Legal answers to some questions, whether on the path or not."""
    return {
        question.id: draw(legal_answers(question)) for question in script.questions if draw(COIN)
    }


@st.composite
def protocols_with_answers(draw):
    script = draw(generated_protocols())
    return script, draw(answers_to(script))
