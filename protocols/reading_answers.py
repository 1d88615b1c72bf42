"""From nodes to answers, each checked against its question. Knows no YAML and no rule."""

from typing import Final

from protocols.conditions import WITHHELD, Answer, Detail
from protocols.errors import shown
from protocols.reading_questions import Known
from protocols.script import Question, QuestionKind
from protocols.sections import Items, Node, Notes, Scalar, Section, Table, number

_NUMBERS: Final = ("latitude", "longitude")
_TRUTHS: Final = {"true": True, "false": False}


def answers(node: Node, where: str, notes: Notes, known: Known) -> list[tuple[str, Answer]]:
    """Read a table of question ids and answers; what is wrong is noted and left out."""
    if not isinstance(node, Table):
        notes.add(node.line, where, "answers are a table of question and answer")
        return []
    found: list[tuple[str, Answer]] = []
    for name, value in Section(node, where, notes, None).pairs():
        if name not in known:
            notes.unknown(value, where, "question", name, known.keys())
        elif (question := known[name]) is not None:
            answer = _answer(question, value, where, notes)
            found += [] if answer is None else [(name, answer)]
    return found


def _answer(question: Question, node: Node, where: str, notes: Notes) -> Answer | None:
    answer = _read(question, node, where, notes)
    if answer is None:
        notes.add(node.line, where, f"{question.id}: an answer is {_SHAPES[question.kind]}", "E06")
        return None
    if fault := question.fault(answer):
        notes.add(node.line, where, f"{question.id}: {fault}", "E06")
        return None
    return answer


_SHAPES: Final = {
    QuestionKind.CHOICE: "one word, number or text",
    QuestionKind.NUMBER: "one word, number or text",
    QuestionKind.TEXT: "one word, number or text",
    QuestionKind.MANY: "a list of options, [] for none of them",
    QuestionKind.PLACE: "a table such as {text: ..., confirmed: true}",
    QuestionKind.TIME: "a table such as {text: ..., at: 2026-07-04T21:30}",
    QuestionKind.PERSON: "a table such as {name: ..., description: ...}",
}


def _read(question: Question, node: Node, where: str, notes: Notes) -> Answer | None:
    """Take a node as it stands; None where the kind of question has no such shape."""
    if isinstance(node, Scalar):
        return _word(question, node.text)
    if isinstance(node, Items):
        return _chosen(question, node)
    if question.kind.decides or question.kind is QuestionKind.TEXT:
        return None
    return {key: _detail(key, value, notes, where) for key, value in _pairs(node, where, notes)}


def _word(question: Question, text: str) -> Answer | None:
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.TEXT:
            return text
        case QuestionKind.NUMBER:
            found = None if text in WITHHELD else number(text)
            return text if found is None else found
        case _:
            return text if text in WITHHELD else None


def _chosen(question: Question, node: Items) -> Answer | None:
    if question.kind is not QuestionKind.MANY:
        return None
    return tuple(part.text if isinstance(part, Scalar) else "" for part in node.nodes)


def _pairs(node: Table, where: str, notes: Notes) -> list[tuple[str, Node]]:
    return list(Section(node, where, notes, None).pairs())


def _detail(key: str, node: Node, notes: Notes, where: str) -> Detail:
    if not isinstance(node, Scalar):
        notes.add(node.line, where, f"{shown(key)} must be text", "E06")
        return ""
    if key == "confirmed":
        return _TRUTHS.get(node.text, node.text)
    found = number(node.text) if key in _NUMBERS else None
    return node.text if found is None else found
