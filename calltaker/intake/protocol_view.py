"""A protocol session as the desk shows it. Values in, values out: no row, no request."""

from collections.abc import Mapping
from typing import Any

from calltaker.intake import answer_words
from calltaker.intake.published import Version
from protocols import engine
from protocols.conditions import WITHHELD, Answer
from protocols.engine import Asked, Verdict
from protocols.script import Determinant, Option, Protocol, Question, Text

OPENING = "opening"
"""The protocol of a call of which nothing is known yet."""

STANDING: Mapping[str, dict[str, str]] = {
    value: {"en": text.en, "es": text.es} for value, text in answer_words.STANDING.items()
}
"""How the answers are named that every question allows."""


def run(
    session_id: str, version: int, protocol: Protocol, answers: Mapping[str, Answer]
) -> dict[str, Any]:
    """Write a session: the question to ask, what was answered, what may come, the outcome so far."""
    verdict = engine.determine(protocol, answers)
    following = engine.next_question(protocol, answers)
    path = engine.visible_path(protocol, answers)
    return {
        "session_id": session_id,
        "protocol": protocol.id,
        "version": version,
        "title": both(protocol.title),
        "approval": "pending" if protocol.approval.pending else "approved",
        "question": _question(following) if following else None,
        "answered": [_answered(asked) for asked in path if asked.answer is not None],
        "coming": [
            {"id": question.id, "text": both(question.text)}
            for question in engine.coming(protocol, answers)
        ],
        "determinant": determinant(verdict.determinant, verdict, final=verdict.final)
        if verdict.determinant
        else None,
    }


def choices(live: list[Version], suggested: str | None) -> list[dict[str, Any]]:
    """List the protocols that can be chosen, the suggested one first: without one, the opening."""
    if suggested not in {version.protocol.id for version in live}:
        suggested = OPENING
    listed = [
        {
            "protocol": version.protocol.id,
            "title": both(version.protocol.title),
            "suggested": version.protocol.id == suggested,
        }
        for version in live
    ]
    return sorted(listed, key=lambda choice: not choice["suggested"])


def both(text: Text) -> dict[str, str]:
    """Write a text in both languages."""
    return {"en": text.en, "es": text.es}


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind.value,
        "text": both(question.text),
        "note": both(question.note) if question.note else None,
        "unit": both(question.unit) if question.unit else None,
        "safety": question.safety,
        "options": [*map(_option, question.options), *_withheld()],
    }


def _option(option: Option) -> dict[str, Any]:
    return {"id": option.id, "text": both(option.text)}


def _withheld() -> list[dict[str, Any]]:
    return [{"id": value, "text": STANDING[value]} for value in WITHHELD]


def _answered(asked: Asked) -> dict[str, Any]:
    """An answer given, with its whole question: any page can ask it again, a fresh one too."""
    assert asked.answer is not None  # noqa: S101 - asked by `run`
    words = answer_words.shown(asked.question, asked.answer)
    return {
        "question": asked.question.id,
        "text": both(asked.question.text),
        "value": asked.answer,
        "option_text": both(words) if words else None,
        "told": answer_words.told(asked.question, asked.answer),
        "asked": _question(asked.question),
    }


def determinant(found: Determinant, verdict: Verdict, *, final: bool) -> dict[str, Any]:
    """Write a determinant that stands, with what the rules read."""
    return {
        "id": found.id,
        "level": found.level.value,
        "emergency": found.emergency,
        "title": both(found.title),
        "destination": {"kind": found.destination.kind.value, "key": found.destination.key},
        "script": both(found.script),
        "advice": both(found.advice),
        "common_code": found.common_code,
        "request_code": found.request_code,
        "criteria": [{"rule": met.rule, "read": dict(met.read)} for met in verdict.criteria],
        "final": final,
    }
