"""From nodes to conditions, checked against the questions they may read.

A comparison that could never be right is a mistake here, with its line: an
unknown question or option, a number against a choice, a question asked later.
Knows no YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.conditions import (
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
from protocols.errors import shown
from protocols.script import Question, QuestionKind
from protocols.sections import Items, Node, Notes, Scalar, Section, number

MOST_PARTS: Final = 100

WRITTEN: Final = {
    QuestionKind.TEXT: "free text",
    QuestionKind.PLACE: "a place",
    QuestionKind.TIME: "a time",
    QuestionKind.PERSON: "a person",
}
"""Kinds of question whose answer decides nothing, as messages call them."""

_SHAPES: Final = ("all", "any", "not", "always", "answered", "question")
_COMPARISONS: Final = ("is", "in", "has", "has_any", *(word.value for word in Operator))
_HARMLESS: Final = Always()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition at one place may read.

    `questions` are all of the document, None for one that was misread; `later`
    the ids it may not read yet; `reader` the question whose `ask_if` this is,
    None in a rule.
    """

    questions: Mapping[str, Question | None]
    later: frozenset[str] = frozenset()
    reader: str | None = None


def condition(node: Node, where: str, notes: Notes, scope: Scope) -> Condition:
    """Read a condition; what is wrong is noted, and then something harmless stands for it."""
    section = Section(node, where, notes, (*_SHAPES, *_COMPARISONS))
    shapes = [shape for shape in _SHAPES if section.has(shape)]
    if len(shapes) != 1:
        section.note(f"a condition has exactly one of {', '.join(_SHAPES)}")
        return _HARMLESS
    if shapes != ["question"]:
        for extra in (word for word in _COMPARISONS if section.has(word)):
            section.note(f"{extra} goes with question, not with {shapes[0]}", section.get(extra))
    match shapes[0]:
        case "all":
            return All(_parts(section, "all", scope))
        case "any":
            return AnyOf(_parts(section, "any", scope))
        case "not":
            return Not(condition(section.get("not") or node, where, notes, scope))
        case "always":
            return _always(section)
        case "answered":
            asked = _question(section, "answered", scope)
            return _HARMLESS if asked is None else Answered(asked.id)
        case _:
            return _comparison(section, scope)


def _parts(section: Section, key: str, scope: Scope) -> tuple[Condition, ...]:
    nodes = section.items(key, 1, MOST_PARTS)
    parts = tuple(condition(node, section.where, section.notes, scope) for node in nodes)
    return parts or (_HARMLESS,)


def _always(section: Section) -> Condition:
    if not section.flag("always"):
        section.note("always can only be true", section.get("always"))
    return Always()


def _comparison(section: Section, scope: Scope) -> Condition:
    question = _question(section, "question", scope)
    found = [word for word in _COMPARISONS if section.has(word)]
    if len(found) != 1:
        section.note(f"a comparison has exactly one of {', '.join(_COMPARISONS)}")
        return _HARMLESS
    if question is None:
        return _HARMLESS
    if not question.kind.decides:
        words = f"{question.id} is {WRITTEN[question.kind]}, which never decides; ask only answered"
        section.note(words, code="E06")
        return _HARMLESS
    if found[0] in ("is", "in"):
        return _one_of(section, question)
    if found[0] in ("has", "has_any"):
        return _has(section, question)
    return _compare(section, Operator(found[0]), question)


def _question(section: Section, key: str, scope: Scope) -> Question | None:
    name, node = section.line_of_text(key), section.get(key)
    if not name or node is None:
        return None
    if name == scope.reader:
        section.note("the condition reads its own question", node, "E02")
        return None
    if name in scope.later:
        section.note(f"{name} is asked later", node, "E05")
        return None
    if name not in scope.questions:
        section.notes.unknown(node, section.where, "question", name, scope.questions.keys())
    return scope.questions.get(name)


def _one_of(section: Section, question: Question) -> Condition:
    ids = [option.id for option in question.options]
    legal = [*(ids if question.kind is QuestionKind.CHOICE else ()), *WITHHELD]
    return OneOf(question.id, _words(section, "is", "in", question, legal))


def _has(section: Section, question: Question) -> Condition:
    if question.kind is not QuestionKind.MANY:
        section.note(f"{question.id} has one answer only; use is or in", code="E06")
        return _HARMLESS
    legal = [option.id for option in question.options]
    return Has(question.id, _words(section, "has", "has_any", question, legal))


def _words(
    section: Section, one: str, several: str, question: Question, legal: list[str]
) -> frozenset[str]:
    single = section.get(one)
    nodes = section.items(several, 1, MOST_PARTS) if single is None else (single,)
    for node in nodes:
        _refuse_foreign(section, node, question, legal, several)
    return frozenset(node.text for node in nodes if isinstance(node, Scalar))


def _refuse_foreign(
    section: Section, node: Node, question: Question, legal: list[str], several: str
) -> None:
    if not isinstance(node, Scalar):
        hint = f"; use {several}: for several" if isinstance(node, Items) else ""
        section.note(f"an answer must be one word{hint}", node, "E06")
    elif node.text in legal:
        return
    elif question.kind is QuestionKind.NUMBER:
        words = ", ".join(Operator)
        section.note(f"{question.id} is a number; compare it with {words}", node, "E06")
    elif question.kind is QuestionKind.MANY and several == "in":
        section.note(f"{question.id} is a list; ask has or has_any of it", node, "E06")
    else:
        options = ", ".join(legal)
        message = f"{shown(node.text)} is not an answer to {question.id} ({options})"
        section.note(message, node, "E06")


def _compare(section: Section, operator: Operator, question: Question) -> Condition:
    node = section.get(operator)
    if question.kind is not QuestionKind.NUMBER:
        section.note(f"{question.id} is no number; use is or in", node, "E06")
        return _HARMLESS
    limit = number(node.text) if isinstance(node, Scalar) else None
    if limit is None:
        section.note(f"{operator} needs a number", node, "E06")
        return _HARMLESS
    return Compare(question.id, operator, limit)
