"""What a gate found in a document, in the one shape that pages read, and how long it may look.

Knows no kind of document.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from calltaker.authoring.errors import GateError

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Examined:
    """What the gate found. `findings` in the shape of `./run check-menu --json`.

    `details` are the measures of a menu (lengths, longest path, time to a person) or what was
    proven of a protocol.
    """

    findings: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many findings block."""
        return sum(finding["severity"] == ERROR for finding in self.findings)

    @property
    def warnings(self) -> list[Mapping[str, Any]]:
        """The findings that warn."""
        return [finding for finding in self.findings if finding["severity"] == WARNING]

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


class TooLongError(Exception):
    """The examination was given up."""


def patience(seconds: float) -> Callable[[], None]:
    """A function that gives up once this thread has worked for so many seconds.

    It raises TooLongError. Whoever examines calls it now and then: the same process answers callers.
    """
    until = time.thread_time() + seconds

    def tell() -> None:
        if time.thread_time() > until:
            raise TooLongError

    return tell
