"""The answers that 911 has had already: read out of its packet for the protocol that fits.

Another line like ours writes its protocol and answers as notes; from any other centre only the type
leads to a protocol. Questions of danger are never taken over: they are asked again. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calltaker.handoff import sheet
from calltaker.handoff.reading import mapping, objects, text
from calltaker.handoff.shapes import INCIDENT
from calltaker.intake.published import Version
from protocols.script import Protocol, Question, QuestionKind

_HEAD = re.compile(r"protocol ([a-z][a-z0-9_]{0,63}) v\d+")
_LINE = re.compile(r"\+\d+:\d\d (.+)")


@dataclass(frozen=True, slots=True)
class Fitting:
    """The protocol to begin with, and what is answered in it already, by question."""

    version: Version
    answers: Mapping[str, str]


def fitting(document: Mapping[str, Any], live: Sequence[Version]) -> Fitting | None:
    """The live protocol that a packet leads to; None where none fits."""
    for note in objects(document.get("notesComponent")):
        lines = sheet.cleaned(text(note.get("notesActionComments"))).splitlines()
        named = _HEAD.fullmatch(lines[0].strip()) if lines else None
        version = next((each for each in live if named and each.protocol.id == named[1]), None)
        if version is not None:
            return Fitting(version, _answers(version.protocol, lines[1:]))
    return _by_type(document, live)


def _by_type(document: Mapping[str, Any], live: Sequence[Version]) -> Fitting | None:
    """The protocol with most outcomes of the packet's common type."""
    code = text(mapping(document.get(INCIDENT)).get("incidentTypeCommonRegistryText"))
    counted = [
        (sum(each.common_code == code for each in version.protocol.determinants), version)
        for version in live
    ]
    most, chosen = max(counted, key=lambda pair: pair[0], default=(0, None))
    return Fitting(chosen, {}) if chosen is not None and most else None


def _answers(protocol: Protocol, lines: Sequence[str]) -> dict[str, str]:
    said = [found[1] for line in lines if (found := _LINE.fullmatch(line.strip()))]
    answers: dict[str, str] = {}
    for question in protocol.questions:
        if question.safety or question.kind is not QuestionKind.CHOICE:
            continue
        start = f"{question.text.en} "
        answer = next((each.removeprefix(start) for each in said if each.startswith(start)), None)
        option = _option(question, answer)
        if option is not None:
            answers[question.id] = option
    return answers


def _option(question: Question, answer: str | None) -> str | None:
    return next((each.id for each in question.options if each.text.en == answer), None)
