"""The gate before everything that the city publishes: one question, whatever the kind.

What it is asked at a proposal it is asked again at the publishing, because the facts around a
document change without it. Knows no row and no page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from calltaker.authoring import documents
from calltaker.authoring.errors import GateError
from calltaker.authoring.grounds import Grounds
from ivr.errors import CityPackError, MenuError
from ivr.rules.menu import compile_graph
from models.states import PublicationKind

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Examined:
    """What the gate found. `findings` in the shape of `./run check-menu --json`.

    `details` are the measures of a menu: lengths, longest path, time to a person.
    """

    findings: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many findings block."""
        return sum(finding["severity"] == ERROR for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For a page."""
        return {**self.details, "findings": [dict(finding) for finding in self.findings]}

    def require(self) -> None:
        """Go on only without errors.

        Raises:
            GateError: carries everything that was found.
        """
        if self.errors:
            raise GateError(self.as_json(), self.errors)


def examine(kind: PublicationKind, document: object, grounds: Grounds, now: datetime) -> Examined:
    """Examine a plain document of a kind."""
    if kind is PublicationKind.MENU:
        return _menu(document, grounds, now)
    return Examined(_mistakes(kind, document, grounds))


def examine_text(kind: PublicationKind, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine a stored text."""
    try:
        document = documents.read(text)
    except documents.UnreadableError as broken:
        return Examined([_finding(kind.value, f"line {broken.line}: {broken.what}")])
    return examine(kind, document, grounds, now)


def examine_again(kind: PublicationKind, text: str, grounds: Grounds, now: datetime) -> Examined:
    """Examine a text that was live before: its words were approved then, its facts may differ.

    What only a first publishing asks for (approved words, verified numbers) warns here, so that a
    city can always go back to what it had.
    """
    return examine_text(kind, text, replace(grounds, may_go_live=False), now)


def require_menu(document: object) -> None:
    """Go on only with a menu that can be walked at all: enough to try it.

    Raises:
        GateError: it cannot.
    """
    try:
        compile_graph(document)
    except MenuError as wrong:
        Examined([_finding("menu", mistake) for mistake in wrong.mistakes]).require()


def _menu(document: object, grounds: Grounds, now: datetime) -> Examined:
    try:
        compile_graph(document)
    except MenuError as wrong:
        return Examined([_finding("menu", mistake) for mistake in wrong.mistakes])
    return Examined([])


def _mistakes(kind: PublicationKind, document: object, grounds: Grounds) -> list[dict[str, Any]]:
    reader = grounds.read.get(kind)
    if reader is None:
        return [_finding(kind.value, f"{kind.value} cannot be published here")]
    try:
        reader(document)
    except (CityPackError, MenuError) as wrong:
        return [_finding(kind.value, mistake) for mistake in wrong.mistakes]
    return []


def _finding(code: str, mistake: str) -> dict[str, Any]:
    where, _, what = mistake.rpartition(": ")
    return {
        "code": code,
        "severity": ERROR,
        "where": where,
        "language": None,
        "message": what,
        "mend": "",
        "example": [],
    }
