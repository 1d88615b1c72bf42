"""What a proof says: findings with a counter-example, and statements of what was proven.

Plain values, in the shapes `./run check-protocol --json` prints. Knows no protocol.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from protocols.conditions import Answer
from protocols.errors import Mistake

Example = tuple[tuple[str, Answer], ...]
"""Question and answer, in the order asked; `./run ask` takes them as they stand."""


class Purpose(StrEnum):
    """What a protocol is about to be used for; unverified and unapproved things block `live`."""

    DEMONSTRATION = "demonstration"
    LIVE = "live"


class Severity(StrEnum):
    """An error blocks; a warning needs a named person's acceptance with a reason."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong.

    `where` names ids ("rule biting"), `language` is empty where it makes no
    difference, `mend` says what the author can do. `example` is the shortest
    path found, empty where there is none to show; `caller_gone` says that the
    caller hangs up after it (`./run ask --gone`).
    """

    code: str
    severity: Severity
    where: str
    message: str
    mend: str = ""
    language: str = ""
    example: Example = ()
    caller_gone: bool = False

    def as_plain(self) -> dict[str, object]:
        """Give it as JSON can hold it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "language": self.language,
            "message": self.message,
            "mend": self.mend,
            "example": [list(pair) for pair in self.example],
            "caller_gone": self.caller_gone,
        }

    def __str__(self) -> str:
        language = f" {self.language}" if self.language else ""
        mend = f"\n      {self.mend}" if self.mend else ""
        return f"{self.code} {self.severity} {self.where}{language}: {self.message}{mend}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule of the gate: whether it was proven, over what and how.

    `proven` is None where the rule could not be decided within the bound, which
    blocks. `answer_sets` counts every assignment of answers to all questions the
    statement covers (numbers by interval, free text as one; `unknown`, `refused`
    and left open included); 0 for a rule that reads no answers. `seconds` are by
    the clock handed in.
    """

    code: str
    proven: bool | None
    answer_sets: int
    how: str
    seconds: float

    def as_plain(self) -> dict[str, object]:
        """Give it as JSON can hold it."""
        return {
            "code": self.code,
            "proven": self.proven,
            "answer_sets": self.answer_sets,
            "how": self.how,
            "seconds": round(self.seconds, 6),
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was found out about one protocol."""

    protocol: str
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]

    @property
    def blocks(self) -> bool:
        """Whether the protocol may not be published."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def as_plain(self) -> Mapping[str, object]:
        """Give it as JSON can hold it."""
        return {
            "protocol": self.protocol,
            "ok": not self.blocks,
            "findings": [finding.as_plain() for finding in self.findings],
            "statements": [statement.as_plain() for statement in self.statements],
        }


def of_mistakes(mistakes: tuple[Mistake, ...]) -> tuple[Finding, ...]:
    """Put what the loader refused into the gate's form."""
    return tuple(
        Finding(
            mistake.code,
            Severity.ERROR,
            f"line {mistake.line}, {mistake.where}" if mistake.line else mistake.where,
            mistake.message,
        )
        for mistake in mistakes
    )
