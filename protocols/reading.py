"""From the nodes of a document to a `Protocol`, or to every mistake in it.

Shapes, ids, references, languages and types are settled here; whether the
questions and rules are *safe* is the publish gate's to prove. Knows no YAML.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from protocols.conditions import WITHHELD, Answer
from protocols.reading_conditions import Scope, condition
from protocols.reading_determinants import determinants
from protocols.reading_questions import questions
from protocols.script import OTHERWISE, Approval, AuthorTest, Protocol, Question, QuestionKind, Rule
from protocols.sections import Node, Notes, Scalar, Section, Table, number, refuse_repeats

MOST_RULES: Final = 400
MOST_TESTS: Final = 1000
MOST_SOURCES: Final = 50

_KEYS: Final = (
    "id", "version_note", "title", "approval", "sources",
    "questions", "rules", "otherwise", "determinants", "tests",
)  # fmt: skip

Known = Mapping[str, object]


def protocol(root: Node, notes: Notes) -> Protocol | None:
    """Read a whole document; None if a mistake was noted."""
    section = Section(root, "protocol", notes, _KEYS)
    asked, outcomes = questions(section), determinants(section)
    by_id = {question.id: question for question in asked}
    known = {determinant.id: determinant for determinant in outcomes}
    name, note = section.identifier("id"), section.line_of_text("version_note")
    title, approval = section.both_languages("title"), _approval(section)
    sources, tests = _sources(section), _tests(section, by_id, known)
    rules = _rules(section, by_id, known)
    otherwise = _determinant_id(section, "otherwise", known)
    if notes.mistakes:
        return None
    return Protocol(name, note, title, approval, sources, asked, rules, otherwise, outcomes, tests)


def answers(root: Node, notes: Notes, script: Protocol) -> dict[str, Answer] | None:
    """Read a table of question ids and answers that `script` allows; None if one is not."""
    found = _answers(root, "answers", notes, script.question_by_id)
    return None if notes.mistakes else dict(found)


def _approval(section: Section) -> Approval:
    node = section.need("approval")
    if node is None or isinstance(node, Scalar):
        if isinstance(node, Scalar) and node.text != "pending":
            section.note("approval is pending, or has by and on", node)
        return Approval()
    part = Section(node, "approval", section.notes, ("by", "on"))
    by, on = part.line_of_text("by"), part.line_of_text("on")
    try:
        return Approval(by, date.fromisoformat(on)) if on else Approval()
    except ValueError:
        part.note("on must be a date such as 2026-03-31", part.get("on"))
        return Approval()


def _sources(section: Section) -> tuple[str, ...]:
    nodes = section.items("sources", 1, MOST_SOURCES)
    for node in nodes:
        if not isinstance(node, Scalar) or not node.text.strip():
            section.note("a source must be text", node)
    return tuple(node.text for node in nodes if isinstance(node, Scalar))


def _rules(section: Section, by_id: Mapping[str, Question], known: Known) -> tuple[Rule, ...]:
    keys = ("id", "when", "determinant")
    parts = section.parts("rules", "rule", 0, MOST_RULES, keys)
    rules = [_rule(part, Scope(by_id), known) for part in parts]
    found = [rule for rule in rules if rule is not None]
    refuse_repeats(((r.id, p) for r, p in zip(rules, parts, strict=True) if r), "rule")
    return tuple(found)


def _rule(part: Section, scope: Scope, known: Known) -> Rule | None:
    name, determinant = part.identifier("id"), _determinant_id(part, "determinant", known)
    if name == OTHERWISE:
        part.note(f"{OTHERWISE} stands for no rule at all; give the rule another id")
    when = part.need("when")
    if when is None:
        return None
    return Rule(name, condition(when, part.where, part.notes, scope), determinant)


def _determinant_id(part: Section, key: str, known: Known) -> str:
    name, node = part.identifier(key), part.get(key)
    if name and node is not None and name not in known:
        part.notes.unknown(node, part.where, "determinant", name, known.keys())
    return name


def _tests(section: Section, by_id: Mapping[str, Question], known: Known) -> tuple[AuthorTest, ...]:
    keys = ("id", "answers", "determinant")
    parts = section.parts("tests", "test", 0, MOST_TESTS, keys)
    tests = tuple(_test(part, by_id, known) for part in parts)
    refuse_repeats(((t.id, p) for t, p in zip(tests, parts, strict=True)), "test")
    return tests


def _test(part: Section, by_id: Mapping[str, Question], known: Known) -> AuthorTest:
    name, node = part.identifier("id"), part.need("answers")
    found = _answers(node, part.where, part.notes, by_id) if node is not None else ()
    return AuthorTest(name, tuple(found), _determinant_id(part, "determinant", known))


def _answers(
    node: Node, where: str, notes: Notes, by_id: Mapping[str, Question]
) -> list[tuple[str, Answer]]:
    if not isinstance(node, Table):
        notes.add(node.line, where, "answers are a table of question and answer")
        return []
    section = Section(node, where, notes, None)
    found: list[tuple[str, Answer]] = []
    for name, value in section.pairs():
        question = by_id.get(name)
        if question is None:
            notes.unknown(value, where, "question", name, by_id.keys())
        elif (answer := _answer(question, value, where, notes)) is not None:
            found.append((name, answer))
    return found


def _answer(question: Question, node: Node, where: str, notes: Notes) -> Answer | None:
    if not isinstance(node, Scalar):
        notes.add(node.line, where, f"{question.id}: an answer is one word, number or text", "E06")
        return None
    answer: Answer | None = node.text
    if question.kind is QuestionKind.NUMBER and node.text not in WITHHELD:
        answer = number(node.text)
    fault = question.fault(node.text if answer is None else answer)
    if fault:
        notes.add(node.line, where, f"{question.id}: {fault}", "E06")
        return None
    return answer
