"""The gate before everything that the city publishes: one question, whatever the kind.

What it is asked at a proposal it is asked again at the publishing, because the facts around a
document change without it. New hours and destinations are also held against the live menu and the
live protocols: what they would break in one blocks them. Knows no row and no page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from calltaker.authoring import announcements, documents, protocol_gate
from calltaker.authoring.errors import GateError
from calltaker.authoring.examined import ERROR, Examined, TooLongError, patience
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.authoring.history import Subject
from ivr.errors import CityPackError, MenuError
from ivr.rules import menu_gate
from ivr.rules.menu import Graph, compile_graph
from ivr.rules.menu_findings import Examination, Finding, Purpose, Severity
from models.states import PublicationKind
from protocols.proof_findings import Finding as ProtocolFinding
from protocols.proof_reference import unmet

TYPING_SECONDS = 5.0
"""Processor time that an examination between two keystrokes may take: callers' turns are answered by
the same process. A city's menu needs far less; one made to be large would take half a minute."""


def examine(kind: PublicationKind, document: object, grounds: Grounds, now: datetime) -> Examined:
    """Examine a plain document of a kind. Never raises for what stands in it."""
    match kind:
        case PublicationKind.MENU:
            return _examined(_menu(document, grounds, {}, now))
        case PublicationKind.ANNOUNCEMENT:
            return _announcement(document, grounds)
        case PublicationKind.PHRASES if grounds.phrases is not None:
            return _phrases(document, grounds.phrases)
        case _:
            mistakes = _mistakes(kind, document, grounds)
            return Examined(mistakes or _broken_by(kind, document, grounds, now))


def examine_typed(
    kind: PublicationKind, document: object, grounds: Grounds, now: datetime
) -> Examined:
    """Examine what somebody is typing; a menu that takes too long is told to wait for its proposal."""
    if kind is not PublicationKind.MENU:
        return examine(kind, document, grounds, now)
    try:
        return _examined(_menu(document, grounds, {}, now, _patiently(TYPING_SECONDS)))
    except TooLongError:
        return _examined(Examination((_NOT_WHILE_TYPING,)))


def examine_text(subject: Subject, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine a stored text. A protocol is its text; of any other kind the text is only a form."""
    if subject.kind is PublicationKind.PROTOCOL:
        return protocol_gate.examine(subject.key, text, grounds, now)
    try:
        document = documents.read(text)
    except documents.UnreadableError as broken:
        where = f"line {broken.line}" if broken.line else ""
        return Examined([_finding("unreadable", where, broken.what)])
    return examine(subject.kind, document, grounds, now)


def examine_again(subject: Subject, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine a text that was live before: its words were approved then, its facts may differ.

    What only a first publishing asks for (approved words, verified numbers) warns here, so that a
    city can always go back to what it had.
    """
    return examine_text(subject, text, replace(grounds, may_go_live=False), now)


def require_menu(document: object) -> Graph:
    """The menu of a document that can be walked at all: enough to try it.

    Raises:
        GateError: it cannot be.
    """
    try:
        return compile_graph(document)
    except MenuError as wrong:
        found = Examined([_said("M01", mistake) for mistake in wrong.mistakes])
        raise GateError(found.as_json(), found.errors) from wrong


def _menu(
    document: object,
    grounds: Grounds,
    instead: Mapping[PublicationKind, object],
    now: datetime,
    progress: Callable[[float], None] | None = None,
) -> Examination:
    purpose = Purpose.LIVE if grounds.may_go_live else Purpose.DEMONSTRATION
    return menu_gate.examine(document, grounds.facts(instead), now, purpose, progress)


_NOT_WHILE_TYPING = Finding(
    "M02",
    Severity.WARNING,
    "",
    None,
    "is too large to be examined while you type",
    "propose it: it is examined whole then; or split it",
)


def _patiently(seconds: float) -> Callable[[float], None]:
    """A progress that gives up once this thread has worked for so long."""
    tell = patience(seconds)

    def progress(share: float) -> None:
        if share < 1:
            tell()

    return progress


def _announcement(document: object, grounds: Grounds) -> Examined:
    try:
        read = announcements.read(document)
    except MenuError as wrong:
        return Examined([_said("A01", mistake) for mistake in wrong.mistakes])
    city = grounds.facts({})
    found = menu_gate.examine_announcement(read.text, read.starts, read.ends, city)
    return _examined(found)


def _phrases(document: object, look: Callable[[object], Sequence[Finding]]) -> Examined:
    try:
        return Examined([one.as_json() for one in look(document)])
    except CityPackError as wrong:
        return Examined([_said("H00", mistake) for mistake in wrong.mistakes])


def _mistakes(kind: PublicationKind, document: object, grounds: Grounds) -> list[dict[str, Any]]:
    reader = grounds.read.get(kind)
    if reader is None:
        return [_finding("kind", "", f"{kind.value} cannot be published here")]
    try:
        reader(document)
    except (CityPackError, MenuError) as wrong:
        return [_said("D01", mistake) for mistake in wrong.mistakes]
    return []


def _broken_by(
    kind: PublicationKind, document: object, grounds: Grounds, now: datetime
) -> list[dict[str, Any]]:
    """What is live would have this against it that it has not now."""
    return [
        *_menu_broken_by(kind, document, grounds, now),
        *_protocols_broken_by(kind, document, grounds, now),
    ]


def _protocols_broken_by(
    kind: PublicationKind, document: object, grounds: Grounds, now: datetime
) -> list[dict[str, Any]]:
    """Where live protocols lead, held against the city as it would be; no answer is walked."""
    if grounds.protocols is None:
        return []
    try:
        known = set(_unmet(grounds.protocols(now, {})))
        after = _unmet(grounds.protocols(now, {kind: document}))
    except CityPackError as wrong:
        return [_said("D01", mistake) for mistake in wrong.mistakes]
    return [
        {
            **_finding(
                one.code,
                f"protocol {key}, {one.where}",
                f"the live protocol, with this: {one.message}",
            ),
            "language": one.language or None,
        }
        for key, one in after
        if (key, one) not in known
    ]


def _unmet(around: ProtocolGrounds) -> list[tuple[str, ProtocolFinding]]:
    found = unmet(around.live.values(), around.reference)
    return [(protocol.id, one) for protocol, one in found]


def _menu_broken_by(
    kind: PublicationKind, document: object, grounds: Grounds, now: datetime
) -> list[dict[str, Any]]:
    menu = grounds.live_menu()
    if menu is None:
        return []
    known = {_alike(one) for one in _examined(_menu(menu, grounds, {}, now)).findings}
    after = _examined(_menu(menu, grounds, {kind: document}, now)).findings
    return [
        {**one, "message": f"the live menu, with this: {one['message']}"}
        for one in after
        if _alike(one) not in known
    ]


def _alike(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return finding["code"], finding["where"], finding["language"], finding["message"]


def _examined(found: Examination) -> Examined:
    whole = found.as_json()
    findings = whole.pop("findings")
    return Examined(findings, whole)


def _said(code: str, mistake: str) -> dict[str, Any]:
    where, _, what = mistake.rpartition(": ")
    return _finding(code, where, what)


def _finding(code: str, where: str, what: str) -> dict[str, Any]:
    return {
        "code": code,
        "severity": ERROR,
        "where": where,
        "language": None,
        "message": what,
        "mend": "",
        "example": [],
    }
