"""What can go wrong at the 911 door: one tree, drawn once.

HandoffError
├── UnreadableBodyError   what came is no JSON object, or too large
├── NoTokenError          no token, or one that lets nobody in
├── UnknownError          no such handoff, or not this agency's
├── UnsoundPacketError    ours breaks the rules and is not given out; every fault is listed
├── VersionError          the asked form is none of ours
├── RefusedMessageError   the message says what cannot be; every fault is listed
├── RefusedPacketError    the rules refuse the packet; every finding is listed
└── TooOftenError         come back after `retry_after` seconds

Each is written as problem JSON with what happened and what to do. Holds nothing of a caller.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from calltaker.handoff.findings import Finding


class HandoffError(Exception):
    """Base of every error that this door answers on purpose."""

    status = 400

    def __init__(self, problem: str, what_to_do: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.what_to_do = what_to_do

    def more(self) -> dict[str, Any]:
        """What a machine needs beside the words."""
        return {}


class UnreadableBodyError(HandoffError):
    """What came cannot be read as a message."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(f"The body {why}.", "Send one JSON object as application/json.")
        self.status = status


class NoTokenError(HandoffError):
    """Nobody of this name comes in."""

    status = 401

    def __init__(self, why: str) -> None:
        super().__init__(f"Not let in: {why}.", "Sign a fresh token with a key published here.")


class UnknownError(HandoffError):
    """There is nothing of that name for this agency."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such handoff here.", "Use an id of GET /handoff/v1/changes.")


class UnsoundPacketError(HandoffError):
    """What we know makes no packet that keeps the rules; `findings` as they were kept."""

    status = 503

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Our packet of this caller breaks the rules, so it is not given out.",
            "Take the caller by voice, and ask again after the next change.",
        )
        self.findings = [
            {name: each.get(name) for name in ("rule", "severity", "path", "message")}
            for each in findings
        ]

    def more(self) -> dict[str, Any]:
        """Every finding."""
        return {"findings": self.findings}


class VersionError(HandoffError):
    """None of the asked forms is spoken here."""

    status = 406

    def __init__(self, spoken: Sequence[str]) -> None:
        super().__init__(
            "That form of answer is not spoken here.", f"Accept one of {', '.join(spoken)}."
        )
        self.spoken = list(spoken)

    def more(self) -> dict[str, Any]:
        """The forms that are."""
        return {"spoken": self.spoken}


class RefusedMessageError(HandoffError):
    """The message cannot be; `faults` names every fault with its place."""

    status = 422

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("The message was not taken.", "Mend every fault and send it again.")
        self.faults = list(faults)

    def more(self) -> dict[str, Any]:
        """Every fault."""
        return {"faults": self.faults}


class RefusedPacketError(HandoffError):
    """The rules refuse the packet; the voice call proceeds regardless."""

    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            "The packet was not taken. The call itself is answered all the same.",
            "Mend every error and send it again.",
        )
        self.findings = list(findings)

    def more(self) -> dict[str, Any]:
        """Every finding."""
        return {"findings": [each.as_json() for each in self.findings]}


class TooOftenError(HandoffError):
    """Too many requests of one agency, or of one address without a token."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests.", f"Come back in {retry_after} seconds.")
        self.retry_after = retry_after
