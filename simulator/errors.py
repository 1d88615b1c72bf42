"""What can go wrong at the telephone company.

SimulatorError
├── ConfigError           the YAML cannot be used; every fault is named at once
├── TokenError            a softphone's access token is not good
├── TwimlError            a document that Twilio would refuse, with Twilio's code
├── RestError             a REST request that Twilio would refuse: status, code, message
├── CallStateError        a control request that the call's state does not allow
└── NoSuchThingError      a control request about something that is not there
"""

from collections.abc import Sequence


class SimulatorError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigError(SimulatorError):
    """The configuration cannot be used; `faults` names every reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class TokenError(SimulatorError):
    """An access token is refused; `code` is Twilio's number (20101, 20104, 20151)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class TwimlError(SimulatorError):
    """A document or the fetching of it failed; `code` is Twilio's number (12100, 11200 ...)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


class RestError(SimulatorError):
    """Twilio's refusal of a REST request: HTTP `status`, Twilio's `code`, a sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class CallStateError(SimulatorError):
    """The call is not in the state that the request needs."""


class NoSuchThingError(SimulatorError):
    """There is no call, telephone or softphone of that name."""
