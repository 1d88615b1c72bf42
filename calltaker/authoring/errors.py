"""What can go wrong while the city edits: the staff door's errors, each with what the page needs.

StaffDoorError
├── LaterSaveError      somebody saved first: both texts are shown
├── MovedOnError        the draft or the live version is not the one that was looked at
├── TakenError          a draft or a name is somebody's already
├── ReplayMovedError    more recorded calls change than the approver looked at
├── GateError           the gate found errors: nothing was changed
├── UnacceptedError     the gate warns of something that nobody has accepted
└── UnusableError       the document or a field of the order cannot be read

`more` holds the fields that the answer carries beside `problem` and `what_to_do`.
"""

from collections.abc import Mapping, Sequence
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


class TakenError(ConflictError):
    """A draft or a name is somebody's already."""

    def __init__(
        self, problem: str, what_to_do: str, more: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(problem, what_to_do)
        self.more = more or NOTHING


class ReplayMovedError(MovedOnError):
    """More recorded calls change than the approver looked at; `replay` is how it stands now."""

    def __init__(self, replay: Mapping[str, Any]) -> None:
        super().__init__(
            f"{replay['changed']} of {replay['sessions']} recorded calls change with this version,"
            f" and {replay['lost_911']} of them went to 911 and would not.",
            "Look at what changes, then approve it again.",
        )
        self.more = {"replay": dict(replay)}


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


class UnacceptedError(RefusedError):
    """The gate warns, and somebody has to accept that by name; `unaccepted` are the findings' ids."""

    def __init__(self, examined: Mapping[str, Any], unaccepted: Sequence[str]) -> None:
        count = "1 warning is" if len(unaccepted) == 1 else f"{len(unaccepted)} warnings are"
        super().__init__(
            f"{count} not accepted yet, so nothing was changed.",
            "Mend what is warned of, or accept each warning with a reason.",
        )
        self.more = {**examined, "unaccepted": list(unaccepted)}
