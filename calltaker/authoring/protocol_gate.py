"""The gate before a protocol: every mistake of its text with its line, or the proof of what it says.

Asks `protocols` alone; what the city has published is handed in. Knows no row and no page.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calltaker.authoring.examined import ERROR, WARNING, Examined, TooLongError, patience
from calltaker.authoring.grounds import Grounds
from calltaker.authoring.protocol_lines import Lines
from ivr.errors import CityPackError
from protocols import loading
from protocols.errors import Mistake, ProtocolError
from protocols.proof import Progress, prove
from protocols.proof_findings import Finding, Proof, Purpose
from protocols.proof_reference import Reference
from protocols.script import Protocol

TYPING_SECONDS = 5.0
"""Processor time between two keystrokes; the largest protocol of the library needs far less."""


def examine(key: str, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine the text of the protocol `key`. Never raises for what stands in it."""
    return _examine(key, text, grounds, now, None)


def examine_typed(key: str, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine what somebody is typing; what takes too long is told to wait for its proposal.

    `details` say with `complete` whether all was examined.
    """
    tell = patience(TYPING_SECONDS)
    try:
        return _examine(key, text, grounds, now, lambda _code: tell())
    except TooLongError:
        return Examined([_NOT_WHILE_TYPING], _proven(None, complete=False))


def _examine(
    key: str, text: str, grounds: Grounds, now: datetime, progress: Progress | None
) -> Examined:
    try:
        protocol = loading.load(text, key)
    except ProtocolError as refused:
        return refusal(refused)
    try:
        reference = _reference(grounds, now)
    except CityPackError as wrong:
        found = [_said("E00", "city", mistake) for mistake in wrong.mistakes]
        return Examined(found, _proven(None))
    purpose = Purpose.LIVE if grounds.may_go_live else Purpose.DEMONSTRATION
    proof, lines = prove(protocol, reference, purpose, time.perf_counter, progress), Lines(text)
    found = [_plain(finding, lines) for finding in proof.findings]
    return Examined([*_other_id(key, protocol, lines), *found], _proven(proof))


def refusal(refused: ProtocolError) -> Examined:
    """What the loader has against a text, each mistake with its line."""
    return Examined([_mistake(mistake) for mistake in refused.mistakes], _proven(None))


def _reference(grounds: Grounds, now: datetime) -> Reference:
    if grounds.protocols is None:
        raise CityPackError(["no protocol can be published here"])
    return grounds.protocols(now, {}).reference


def _other_id(key: str, protocol: Protocol, lines: Lines) -> list[dict[str, Any]]:
    """A document says which protocol it is: calls would otherwise be told apart by two names."""
    if protocol.id == key:
        return []
    message = f"the document says {protocol.id}, and this is the protocol {key}"
    mend = f"write id: {key}, or import it as a protocol of its own"
    return [_said("E03", "id", message, mend, lines.line("id"))]


def _proven(proof: Proof | None, *, complete: bool = True) -> dict[str, Any]:
    statements = proof.statements if proof else ()
    return {
        "statements": [statement.as_plain() for statement in statements],
        "answer_sets": max((one.answer_sets for one in statements), default=0),
        "complete": complete,
    }


def _plain(finding: Finding, lines: Lines) -> dict[str, Any]:
    plain = finding.as_plain()
    return {
        "id": _id(finding.code, finding.where, finding.language, finding.message),
        **plain,
        "line": lines.line(finding.where, finding.language),
        "replay": plain["example"],
    }


def _mistake(mistake: Mistake) -> dict[str, Any]:
    return _said(mistake.code, mistake.where, mistake.message, "", mistake.line)


def _said(
    code: str, where: str, message: str, mend: str = "", line: int | None = None
) -> dict[str, Any]:
    """A finding that no proof made: it has no example."""
    return {
        "id": _id(code, where, "", message),
        "code": code,
        "severity": ERROR,
        "where": where,
        "language": "",
        "message": message,
        "mend": mend,
        "example": [],
        "caller_gone": False,
        "line": line,
        "replay": [],
    }


def warned(code: str, where: str, message: str, mend: str) -> dict[str, Any]:
    """A warning that no proof made."""
    return {**_said(code, where, message, mend), "severity": WARNING}


def _id(*said: str) -> str:
    """What an acceptance names: the same finding has the same, as long as it says the same."""
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


_NOT_WHILE_TYPING: Mapping[str, Any] = warned(
    "G02",
    "protocol",
    "is too large to be proven while you type",
    "propose it: it is proven whole then; or split it",
)
