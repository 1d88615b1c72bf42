"""What an examination of a menu says: findings, lengths, and how long things take.

Plain values for the editor, the command line and publishing alike; knows no rule and no graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.states import Language


class Severity(StrEnum):
    """An error blocks publishing; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


class Purpose(StrEnum):
    """What the menu is examined for.

    Numbers that nobody verified and texts that nobody approved warn in a demonstration and block
    a live line.
    """

    DEMONSTRATION = "demonstration"
    LIVE = "live"

    @property
    def unverified(self) -> Severity:
        """How grave it is that nobody has verified or approved something."""
        return Severity.ERROR if self is Purpose.LIVE else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    `where` is a node's id ("" for the whole menu), `language` the text's or None, `mend` says what
    to do. `example` are the caller's inputs from the start that lead there, shortest first:
    "press 1", "say pothole", "silence", each with the facts that it needs ("press 2 (main closed)").
    """

    code: str
    severity: Severity
    where: str
    language: str | None
    message: str
    mend: str
    example: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether it stops publishing."""
        return self.severity is Severity.ERROR

    def as_json(self) -> dict[str, Any]:
        """The finding as the editor and `--json` show it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "language": self.language,
            "message": self.message,
            "mend": self.mend,
            "example": list(self.example),
        }


@dataclass(frozen=True, slots=True)
class LongestPath:
    """The slowest of the shortest ways to an answer or a person.

    `nodes` are the ids entered on it, `seconds` what is heard until it ends there, `choices` how
    many menus are chosen from.
    """

    nodes: tuple[str, ...] = ()
    seconds: float = 0.0
    choices: int = 0

    def as_json(self) -> dict[str, Any]:
        """The path as the editor shows it."""
        return {
            "nodes": list(self.nodes),
            "seconds": round(self.seconds, 1),
            "choices": self.choices,
        }


@dataclass(frozen=True, slots=True)
class Length:
    """A node's spoken seconds in one language, and its reading grade; None: too short to judge."""

    seconds: float
    grade: float | None


@dataclass(frozen=True, slots=True)
class Examination:
    """All that the gate says of a document.

    `nodes` are counted after the expansion of sub-menus, `turns_examined` are turns of the real
    interpreter. `seconds_to_person` is what a caller hears who answers every prompt at its end
    and takes the quickest way to a person, in the slower language; None: no way but key 0.
    """

    findings: tuple[Finding, ...]
    nodes: int = 0
    turns_examined: int = 0
    longest_path: LongestPath = LongestPath()
    seconds_to_person: float | None = None
    lengths: Mapping[str, Mapping[Language, Length]] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether nothing blocks."""
        return not any(finding.blocks for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The examination as the editor and `--json` show it."""
        to_person = self.seconds_to_person
        return {
            "passes": self.passes,
            "findings": [finding.as_json() for finding in self.findings],
            "nodes": self.nodes,
            "turns_examined": self.turns_examined,
            "longest_path": self.longest_path.as_json(),
            "seconds_to_person": None if to_person is None else round(to_person, 1),
            "lengths": {
                node: {language.value: _length(one) for language, one in lengths.items()}
                for node, lengths in self.lengths.items()
            },
        }


def _length(length: Length) -> dict[str, Any]:
    grade = None if length.grade is None else round(length.grade, 1)
    return {"seconds": round(length.seconds, 1), "grade": grade}
