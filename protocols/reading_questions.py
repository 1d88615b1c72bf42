"""From nodes to the questions of a protocol. Knows no YAML, no rule and no determinant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from protocols.conditions import RESERVED
from protocols.reading_conditions import WRITTEN, Scope, condition
from protocols.script import Option, Question, QuestionKind, Worse
from protocols.sections import Section, refuse_repeats

MOST_QUESTIONS: Final = 200
MOST_OPTIONS: Final = 40

_KEYS: Final = (
    "id", "kind", "text", "note", "safety", "options", "least", "most", "worse", "unit", "ask_if",
)  # fmt: skip
_NUMBER_KEYS: Final = ("least", "most", "worse", "unit")


Known = Mapping[str, Question | None]
"""Questions by id; None where one was misread so far that nothing can be said of its answers."""


def questions(section: Section) -> tuple[tuple[Question, ...], Known]:
    """Read the list `questions`; each may read only those before it."""
    parts = section.parts("questions", "question", 1, MOST_QUESTIONS, _KEYS)
    asked = [_question(part) for part in parts]
    names = [question.id for question in asked]
    refuse_repeats(zip(names, parts, strict=True), "question")
    known = {
        question.id: question
        if names.count(question.id) == 1 and _is_sound(part, question)
        else None
        for part, question in zip(parts, asked, strict=True)
    }
    complete = tuple(
        _with_condition(part, question, known, frozenset(names[place:]) - {question.id})
        for place, (part, question) in enumerate(zip(parts, asked, strict=True), 1)
    )
    return complete, known


def _is_sound(part: Section, question: Question) -> bool:
    """Whether it is known which answers the question has, whatever else is wrong with it."""
    ids = [option.id for option in question.options]
    counted = not question.kind.has_options or len(ids) >= 2
    return part.word("kind", QuestionKind) is not None and counted and "" not in ids


def _with_condition(
    part: Section, question: Question, known: Known, later: frozenset[str]
) -> Question:
    node = part.get("ask_if")
    if node is None:
        return question
    scope = Scope(known, later, reader=question.id)
    return replace(question, ask_if=condition(node, f"{part.where}, ask_if", part.notes, scope))


def _question(part: Section) -> Question:
    kind = part.word("kind", QuestionKind)
    if kind is not None:
        _refuse_strange_keys(part, kind)
    question = Question(
        id=part.identifier("id"),
        kind=kind or QuestionKind.TEXT,
        text=part.both_languages("text"),
        note=part.both_languages("note") if part.has("note") else None,
        safety=part.flag("safety", mistaken=True),
        options=_options(part) if kind and kind.has_options else (),
        least=part.number("least"),
        most=part.number("most"),
        worse=part.word("worse", Worse) if part.has("worse") else None,
        unit=part.both_languages("unit") if part.has("unit") else None,
    )
    if question.least is not None and question.most is not None and question.least > question.most:
        part.note("least is above most", part.get("least"))
    return question


def _refuse_strange_keys(part: Section, kind: QuestionKind) -> None:
    """Refuse what would be passed over in silence: the author meant something by it."""
    if kind is not QuestionKind.NUMBER:
        part.refuse(_NUMBER_KEYS, "belongs to a number only")
    if not kind.has_options:
        part.refuse(("options",), "belongs to choice and many only")
    if not part.flag("safety", mistaken=True):
        part.refuse(("worse",), "belongs to a safety question only")
    elif not kind.decides:
        words = f"{WRITTEN[kind]} never decides; a safety question is a choice, many or a number"
        part.note(words, code="E06")


def _options(part: Section) -> tuple[Option, ...]:
    sections = part.parts("options", "option", 2, MOST_OPTIONS, ("id", "text", "danger"))
    safety = part.flag("safety", mistaken=True)
    options = tuple(_option(section, safety=safety) for section in sections)
    refuse_repeats(((o.id, s) for o, s in zip(options, sections, strict=True)), "option")
    return options


def _option(section: Section, *, safety: bool) -> Option:
    name = section.identifier("id")
    if name in RESERVED:
        section.note(f"{name} is the engine's own word; every question may be answered so")
        name = ""
    if safety:
        section.need("danger")
    else:
        section.refuse(("danger",), "belongs to a safety question only")
    return Option(name, section.both_languages("text"), section.flag("danger"))
