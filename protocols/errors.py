"""What can go wrong with a call-taking protocol.

ProtocolsError
├── ProtocolError   the document is not a protocol; holds every mistake, not only the first
├── AnswerError     an answer that the protocol does not allow
└── SessionError    something that may not happen in this session now
    ├── ChoiceError no such determinant or red flag, no reason, or an emergency would be lowered
    ├── RoleError   this person may not choose a less urgent determinant
    └── EndingError the session has ended, or cannot end in this way
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


class SessionError(ProtocolsError):
    """An event that may not happen now; the message says what to do instead."""


class ChoiceError(SessionError):
    """A person's choice of a determinant or a red flag that cannot stand."""


class RoleError(SessionError):
    """The choice is another person's to make."""


class EndingError(SessionError):
    """The session has ended already, or cannot end in this way."""


def shown(value: object) -> str:
    """Quote a value in a message: short and without control characters, whatever it is."""
    try:
        text = repr(value[:40] if isinstance(value, str) else value)
    except ValueError:  # Python refuses to print a whole number of more than 4,300 digits
        return "a number too long to print"
    return text if len(text) <= 60 else f"{text[:57]}..."
