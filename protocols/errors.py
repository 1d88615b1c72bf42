"""What can go wrong with a call-taking protocol.

ProtocolsError
├── ProtocolError   the document is not a protocol; holds every mistake, not only the first
└── AnswerError     an answer that the protocol does not allow
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ProtocolsError(Exception):
    """Base of every error this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a document.

    `line` counts from 1 and is None where the text has no readable lines.
    `where` names the item for a person, such as "rule biting". `code` is the
    publish gate's (E01 ...), or E00 for a document that has the wrong shape.
    """

    line: int | None
    where: str
    message: str
    code: str = "E00"

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.where}: {self.message}"


class ProtocolError(ProtocolsError):
    """The document `name` cannot be used; `mistakes` lists all that was found, in line order."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__("\n".join([f"{name}: {count}", *map(str, mistakes)]))
        self.name = name
        self.mistakes = tuple(mistakes)


class AnswerError(ProtocolsError):
    """Answers the protocol does not allow; `faults` names each by its question."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)
