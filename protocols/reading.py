"""From the nodes of a document to a `Protocol`, or to every mistake in it.

Shapes, ids, references, languages and types are settled here; whether the
questions and rules are *safe* is the publish gate's to prove. Knows no YAML.

A document is a table of `id`, `version_note`, `title`, `approval` (`pending`, or
`by` and `on`), `sources`, `questions`, `rules`, `otherwise`, `determinants`, `tests`,
[`exceptions`], [`jumps`]:

question     id, kind (choice, many, number, text, place, time, person), text,
             [note], [safety], [ask_if];
             choice, many: options of id, text and, on a safety question, danger;
             number: [least], [most], [worse: higher or lower], [unit]
rule         id, when, determinant
condition    {all: [...]}, {any: [...]}, {not: ...}, {always: true}, or
             {question: ID, is: ANSWER}, {question: ID, in: [ANSWER, ...]},
             {question: ID, at_least / at_most / more_than / less_than: NUMBER},
             {question: ID, has: OPTION} or {question: ID, has_any: [OPTION, ...]} of many,
             {answered: ID}, all that may be asked of text, place, time and person
determinant  id, level, emergency, priority, title, destination (kind, key),
             common_code, request_code (or none), script, advice
test         id, answers (question: answer), determinant; an answer is a word or a number,
             many: a list of options; place, time, person: a table (`details`)
jump         to (a protocol's id), title: what callers of this one often need
exception    rule (W02: danger is not asked first; E18: not within three questions), reason

Every title, text, note, unit, script and advice is a table of `en` and `es`. What is
in brackets may be left out, and so may `exceptions` and `jumps`; `rules` and
`tests` may be empty.
"""

from datetime import date
from typing import Final

from protocols import reading_answers
from protocols.conditions import Always, Answer
from protocols.errors import shown
from protocols.reading_conditions import Scope, condition
from protocols.reading_determinants import determinants
from protocols.reading_questions import Known, questions
from protocols.script import (
    OTHERWISE,
    Approval,
    AuthorTest,
    Exemption,
    Jump,
    Protocol,
    Rule,
)
from protocols.sections import Node, Notes, Scalar, Section, refuse_repeats

MOST_RULES: Final = 400
MOST_TESTS: Final = 1000
MOST_SOURCES: Final = 50
MOST_JUMPS: Final = 20
EXEMPTIBLE: Final = ("E18", "W02")
"""Rules of the gate about the order of questions; from no other is there an exception."""

_KEYS: Final = (
    "id", "version_note", "title", "approval", "sources",
    "questions", "rules", "otherwise", "determinants", "tests", "exceptions", "jumps",
)  # fmt: skip


def protocol(root: Node, notes: Notes) -> Protocol | None:
    """Read a whole document; None if a mistake was noted."""
    section = Section(root, "protocol", notes, _KEYS)
    (asked, known), outcomes = questions(section), determinants(section)
    ends = frozenset(determinant.id for determinant in outcomes)
    name, note = section.identifier("id"), section.line_of_text("version_note")
    title, approval = section.both_languages("title"), _approval(section)
    sources, tests = _sources(section), _tests(section, known, ends)
    rules = _rules(section, known, ends)
    otherwise, exceptions = _determinant_id(section, "otherwise", ends), _exceptions(section)
    jumps = _jumps(section)
    if notes.mistakes:
        return None
    return Protocol(
        name, note, title, approval, sources, asked, rules, otherwise, outcomes, tests,
        exceptions, jumps,
    )  # fmt: skip


def answers(root: Node, notes: Notes, script: Protocol) -> dict[str, Answer] | None:
    """Read a table of question ids and answers that `script` allows; None if one is not."""
    found = reading_answers.answers(root, "answers", notes, script.question_by_id)
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
    return section.texts("sources", 1, MOST_SOURCES, "a source")


def _rules(section: Section, known: Known, ends: frozenset[str]) -> tuple[Rule, ...]:
    parts = section.parts("rules", "rule", 0, MOST_RULES, ("id", "when", "determinant"))
    rules = tuple(_rule(part, Scope(known), ends) for part in parts)
    refuse_repeats(((r.id, p) for r, p in zip(rules, parts, strict=True)), "rule")
    return rules


def _rule(part: Section, scope: Scope, ends: frozenset[str]) -> Rule:
    name, determinant = part.identifier("id"), _determinant_id(part, "determinant", ends)
    if name == OTHERWISE:
        part.note(f"{OTHERWISE} stands for no rule at all; give the rule another id")
    node = part.need("when")
    when = condition(node, part.where, part.notes, scope) if node is not None else Always()
    return Rule(name, when, determinant)


def _determinant_id(part: Section, key: str, ends: frozenset[str]) -> str:
    name, node = part.identifier(key), part.get(key)
    if name and node is not None and name not in ends:
        part.notes.unknown(node, part.where, "determinant", name, ends)
    return name


def _tests(section: Section, known: Known, ends: frozenset[str]) -> tuple[AuthorTest, ...]:
    parts = section.parts("tests", "test", 0, MOST_TESTS, ("id", "answers", "determinant"))
    tests = tuple(_test(part, known, ends) for part in parts)
    refuse_repeats(((t.id, p) for t, p in zip(tests, parts, strict=True)), "test")
    return tests


def _test(part: Section, known: Known, ends: frozenset[str]) -> AuthorTest:
    name, node = part.identifier("id"), part.need("answers")
    where, notes = part.where, part.notes
    found = reading_answers.answers(node, where, notes, known) if node is not None else ()
    return AuthorTest(name, tuple(found), _determinant_id(part, "determinant", ends))


def _jumps(section: Section) -> tuple[Jump, ...]:
    parts = section.parts("jumps", "jump", 0, MOST_JUMPS, ("to", "title"))
    found = tuple(Jump(part.identifier("to"), part.both_languages("title")) for part in parts)
    refuse_repeats(((j.to, part) for j, part in zip(found, parts, strict=True)), "jump")
    return found


def _exceptions(section: Section) -> tuple[Exemption, ...]:
    most = len(EXEMPTIBLE)
    parts = section.parts("exceptions", "exception", 0, most, ("rule", "reason"))
    found = tuple(Exemption(p.line_of_text("rule"), p.line_of_text("reason")) for p in parts)
    refuse_repeats(((e.rule, part) for e, part in zip(found, parts, strict=True)), "exception")
    for exemption, part in zip(found, parts, strict=True):
        if exemption.rule and exemption.rule not in EXEMPTIBLE:
            message = f"rule {shown(exemption.rule)} must be one of {', '.join(EXEMPTIBLE)}"
            part.note(message, part.get("rule"))
    return found
