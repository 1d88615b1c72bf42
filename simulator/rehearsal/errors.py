"""What can go wrong in a rehearsal.

RehearsalError
├── ScriptError     a script cannot be played; names every mistake in it
├── StepError       a step could not be taken: what was waited for never came
│   └── NotShownError  the desk that took a call was never shown it
└── RefusedError    the simulator or the product refused a request
"""


class RehearsalError(Exception):
    """Base of every error this package raises on purpose."""


class ScriptError(RehearsalError):
    """A script cannot be played; `mistakes` holds each one as a sentence that says where."""

    def __init__(self, name: str, mistakes: list[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(mistakes))
        self.mistakes = mistakes


class StepError(RehearsalError):
    """A step could not be taken: what it waited for did not come within its limit."""


class NotShownError(StepError):
    """A desk that had accepted a call was never shown it: its claim ran out."""


class RefusedError(RehearsalError):
    """The simulator or the product answered a request with something else than success."""

    def __init__(self, what: str, status: int, why: str = "") -> None:
        super().__init__(f"{what} answered {status}" + (f": {why}" if why else ""))
        self.status = status
