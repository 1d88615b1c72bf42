"""What can go wrong at the staff's door: one tree, drawn once.

StaffDoorError
├── NotFoundError       nothing here that this person may see (others' calls look the same)
├── ForbiddenError      this role may not do that
├── ConflictError       the world has moved on: a lost race, a call that ended
├── RefusedError        what was sent cannot be used
├── PasswordNeededError the password is asked for again before this
├── TooManyError        come back after `retry_after` seconds
└── NotReadyError       the door cannot be opened: a missing bundle, an unguarded route

Each carries what happened and what to do, in words for the person at the desk: `calltaker.security`
turns it into problem JSON or a page. Must not hold personal text or internal detail.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


class StaffDoorError(Exception):
    """Base of every error this package raises on purpose.

    `problem` says what happened, `what_to_do` the next step; both are shown to staff. `more` holds
    what a script needs beside them.
    """

    status = 500
    more: Mapping[str, Any] = NOTHING

    def __init__(self, problem: str, what_to_do: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.what_to_do = what_to_do


class NotFoundError(StaffDoorError):
    """There is nothing here, or nothing that this person may know of."""

    status = 404


class ForbiddenError(StaffDoorError):
    """This role may not do that."""

    status = 403


class ConflictError(StaffDoorError):
    """The request came too late or does not fit the present state."""

    status = 409


class RefusedError(StaffDoorError):
    """What was sent cannot be used."""

    status = 422


class PasswordNeededError(StaffDoorError):
    """The password was not given lately, or is not the right one; nothing was done."""

    status = 428
    more = MappingProxyType({"needs": "password"})

    def __init__(self, problem: str = "Your password is asked for again before this.") -> None:
        super().__init__(problem, "Give your password and repeat what you did.")


class TooManyError(StaffDoorError):
    """Too many at once, or too often; `retry_after` whole seconds."""

    status = 429

    def __init__(self, problem: str, what_to_do: str, retry_after: int, status: int = 429) -> None:
        super().__init__(problem, what_to_do)
        self.retry_after = retry_after
        self.status = status


class NotReadyError(StaffDoorError):
    """The door cannot be opened; raised at start, never to a browser."""
