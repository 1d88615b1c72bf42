"""What can go wrong while the city edits: the staff door's errors, each with what the page needs.

StaffDoorError
├── LaterSaveError      somebody saved first: both texts are shown
├── MovedOnError        the draft or the live version is not the one that was looked at
├── GateError           the gate found errors: nothing was changed
└── UnusableError       the document or a field of the order cannot be read

`more` holds the fields that the answer carries beside `problem` and `what_to_do`.
"""

from collections.abc import Mapping
from typing import Any

from calltaker.errors import NOTHING, ConflictError, RefusedError


class MovedOnError(ConflictError):
    """The draft or the live version is not the one that was looked at."""


class LaterSaveError(MovedOnError):
    """Somebody saved this draft first; `theirs` is their text."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__(
            f"{theirs['saved_by']} saved this draft while you were writing.",
            "Compare both texts, take over what is yours, and save again.",
        )
        self.more = {"theirs": theirs}


class UnusableError(RefusedError):
    """What was sent cannot be used; `line` is where, when it is a text."""

    def __init__(self, problem: str, what_to_do: str, line: int | None = None) -> None:
        super().__init__(problem, what_to_do)
        self.more = NOTHING if line is None else {"line": line}


class GateError(RefusedError):
    """The gate found errors, so nothing was changed."""

    def __init__(self, examined: Mapping[str, Any], errors: int) -> None:
        super().__init__(
            f"The gate found {errors} error{'' if errors == 1 else 's'}, so nothing was changed.",
            "Mend what it names and try again.",
        )
        self.more = dict(examined)
