"""A protocol as one JSON document, for sharing with the 911 side, and as YAML for a person.

The document has the shape that `reading` takes, so it is read by the same code
and refused with the same messages. Round trips are exact: a protocol written
and read again is equal. Its JSON Schema stands in `document_schema`. Knows no
file and no page.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, assert_never

from protocols import document_schema, loading
from protocols.asking import plain_answer
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
)
from protocols.document_schema import Document
from protocols.errors import Mistake, ProtocolError
from protocols.reading_determinants import NO_REQUEST
from protocols.script import AuthorTest, Determinant, Option, Protocol, Question, Text

LONGEST_LINE: Final = 88
"""Characters of a table or list that YAML shows in one line."""

# YAML would take these for a line's end, or not at all, where JSON lets them stand.
_TO_ESCAPE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
_NOT_PLAIN: Final = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})


def as_document(protocol: Protocol) -> Document:
    """Write a protocol as a JSON object, keys in the order people write them."""
    found: Document = {
        "id": protocol.id,
        "version_note": protocol.version_note,
        "title": _both(protocol.title),
        "approval": _approval(protocol),
        "sources": list(protocol.sources),
        "questions": [_question(question, protocol) for question in protocol.questions],
        "rules": [
            {"id": r.id, "when": _condition(r.when, protocol), "determinant": r.determinant}
            for r in protocol.rules
        ],
        "otherwise": protocol.otherwise,
        "determinants": [_determinant(determinant) for determinant in protocol.determinants],
        "tests": [_test(test) for test in protocol.tests],
    }
    if protocol.exceptions:
        found["exceptions"] = [{"rule": e.rule, "reason": e.reason} for e in protocol.exceptions]
    if protocol.jumps:
        found["jumps"] = [{"to": jump.to, "title": _both(jump.title)} for jump in protocol.jumps]
    return found


def from_document(document: object, name: str = "document") -> Protocol:
    """Read a protocol from a JSON object.

    Raises:
        ProtocolError: every mistake, each with its line in the object written out
            with an indent of two.
    """
    try:
        text = _json(document, indent=2)
    except (TypeError, ValueError, RecursionError) as fault:
        mistake = Mistake(None, "document", "this is no JSON object that can be written out")
        raise ProtocolError(name, [mistake]) from fault
    if len(text) > loading.LONGEST_DOCUMENT:  # blanks at the beginning of lines should not count
        text = _json(document, indent=None)
    return loading.load(text, name)


def as_yaml(protocol: Protocol) -> str:
    """Write a protocol as YAML for a person to edit; `loading.load` reads it back equal."""
    return "".join(f"{line}\n" for line in _block(as_document(protocol), 0))


def schema() -> Document:
    """Give the JSON Schema (2020-12) of a protocol document."""
    return document_schema.schema()


def schema_text() -> str:
    """Give the schema as it is published in docs/protocol.schema.json."""
    return json.dumps(schema(), indent=2) + "\n"


def _both(text: Text) -> Document:
    return {"en": text.en, "es": text.es}


def _approval(protocol: Protocol) -> str | Document:
    by, on = protocol.approval.by, protocol.approval.on
    return {"by": by, "on": on.isoformat()} if by and on else "pending"


def _question(question: Question, protocol: Protocol) -> Document:
    found: Document = {"id": question.id, "kind": question.kind.value}
    if question.safety:
        found["safety"] = True
    found["text"] = _both(question.text)
    for key, text in (("note", question.note), ("unit", question.unit)):
        if text is not None:
            found[key] = _both(text)
    if question.kind.has_options:
        found["options"] = [_option(option, question) for option in question.options]
    for key, number in (("least", question.least), ("most", question.most)):
        if number is not None:
            found[key] = number
    if question.worse is not None:
        found["worse"] = question.worse.value
    if question.ask_if is not None:
        found["ask_if"] = _condition(question.ask_if, protocol)
    return found


def _option(option: Option, question: Question) -> Document:
    danger = {"danger": option.danger} if question.safety else {}
    return {"id": option.id, **danger, "text": _both(option.text)}


def _determinant(determinant: Determinant) -> Document:
    destination = determinant.destination
    return {
        "id": determinant.id,
        "level": determinant.level.value,
        "emergency": determinant.emergency,
        "priority": determinant.priority,
        "title": _both(determinant.title),
        "destination": {"kind": destination.kind.value, "key": destination.key},
        "common_code": determinant.common_code,
        "request_code": determinant.request_code or NO_REQUEST,
        "script": _both(determinant.script),
        "advice": _both(determinant.advice),
    }


def _test(test: AuthorTest) -> Document:
    answers = {question: plain_answer(answer) for question, answer in test.answers}
    return {"id": test.id, "answers": answers, "determinant": test.determinant}


def _condition(condition: Condition, protocol: Protocol) -> Document:
    match condition:
        case Always():
            return {"always": True}
        case All(parts):
            return {"all": [_condition(part, protocol) for part in parts]}
        case AnyOf(parts):
            return {"any": [_condition(part, protocol) for part in parts]}
        case Not(part):
            return {"not": _condition(part, protocol)}
        case Answered(question):
            return {"answered": question}
        case Compare(question, operator, number):
            return {"question": question, operator.value: number}
        case OneOf(question, answers):
            return _words(question, "is", "in", answers, protocol)
        case Has(question, options):
            return _words(question, "has", "has_any", options, protocol)
    assert_never(condition)


def _words(
    question: str, one: str, several: str, words: frozenset[str], protocol: Protocol
) -> Document:
    """Write a set of words in the order of the question's options, so that it is always the same."""
    options = (option.id for option in protocol.question_by_id[question].options)
    ordered = [word for word in (*options, *WITHHELD) if word in words]
    return {
        "question": question,
        **({one: ordered[0]} if len(ordered) == 1 else {several: ordered}),
    }


def _json(value: object, indent: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _block(value: object, indent: int) -> Iterable[str]:
    """Write a table or a list over several lines, its short parts in one line each."""
    margin = " " * indent
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _entry(f"{margin}{_word(key)}:", part, indent + 2)
    elif isinstance(value, list):
        for part in value:
            yield from _item(margin, part, indent + 2)


def _entry(head: str, part: object, indent: int) -> Iterable[str]:
    line = f"{head} {_flow(part)}"
    if not isinstance(part, Mapping | list) or not part or len(line) <= LONGEST_LINE:
        yield line
    else:
        yield head
        yield from _block(part, indent)


def _item(margin: str, part: object, indent: int) -> Iterable[str]:
    line = f"{margin}- {_flow(part)}"
    if not isinstance(part, Mapping) or len(line) <= LONGEST_LINE:
        yield line
        return
    first, *rest = _block(part, indent)
    yield f"{margin}- {first.lstrip(' ')}"
    yield from rest


def _flow(value: Any) -> str:
    """Write a value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_word(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _word(value) if isinstance(value, str) else _json(value, indent=None)


def _word(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if plain else _json(text, indent=None)
