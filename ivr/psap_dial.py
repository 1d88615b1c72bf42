"""Ringing one destination into a call's room, as often as it takes and never twice.

Knows the telephone company and its refusals; it must not know rows, states or why it dials. After a
request without an answer the label is looked up before any retry: what was asked may have happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import sleep

import structlog

from ivr.errors import (
    GatewayError,
    GatewayTimeout,
    LabelInUseError,
    NotAllowedError,
)
from ivr.gateway import Dial, Gateway

log = structlog.get_logger(__name__)

PAUSES = (0.2, 0.6, 1.2)
"""Seconds before each retry: three in five seconds, the requests themselves included."""
NOT_FOUND, TOO_MANY = 404, 429
LABEL = "psap-"
"""How the label of every 911 leg begins."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """The destination is being rung. `call_sid` is None when only the label is known to be there."""

    call_sid: str | None
    conference_sid: str | None
    number_shown: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing rings; `code` is the telephone company's number, where it gave one."""

    code: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """Whom to ring and how. `caller_number` and `call_token` are shown to 911 where that is let.

    Every leg enters by `room_name`: the live conference of that name is one, so all meet, whether or
    not an earlier one has ended meanwhile. `conference_sid` only finds a leg that is there.
    """

    room_name: str
    conference_sid: str | None
    to: str
    label: str
    ring_seconds: int
    line_number: str
    conference_callback: str
    leg_callback: str
    caller_number: str | None = None
    call_token: str | None = None


class _Try:
    """What changes from one try to the next: the number shown."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.shown = order.caller_number

    def dial(self) -> Dial:
        order = self.order
        return Dial(
            room=order.room_name,
            to=order.to,
            from_number=self.shown or order.line_number,
            label=order.label,
            ring_seconds=order.ring_seconds,
            conference_callback=order.conference_callback,
            leg_callback=order.leg_callback,
            call_token=order.call_token if self.shown else None,
        )

    def mend(self, error: GatewayError) -> bool:
        """Change what the refusal was about; True when trying again at once makes sense."""
        if self.shown is not None and _is_about_the_number(error):
            self.shown = None
            return True
        return False


def ring(
    gateway: Gateway, order: Order, wait: Callable[[float], None] = sleep
) -> Ringing | Refused:
    """Ring the destination; returns when it rings or cannot be rung.

    A refusal of the caller's own number (any 4xx but 404 and 429) is met with the line's number at
    once. Never raises what the gateway may raise.
    """
    attempt, pauses = _Try(order), list(PAUSES)
    while True:
        outcome = _once(gateway, attempt)
        if isinstance(outcome, Ringing | Refused):
            return outcome
        if attempt.mend(outcome):
            continue
        if not pauses or _is_final(outcome):
            return Refused(outcome.code)
        wait(pauses.pop(0))


def _once(gateway: Gateway, attempt: _Try) -> Ringing | Refused | GatewayError:
    shown = attempt.shown is not None
    try:
        dialled = gateway.dial_into_room(attempt.dial())
    except NotAllowedError:
        log.error("destination_not_allowed", label=attempt.order.label)
        return Refused(None)
    except LabelInUseError:
        return Ringing(look_up(gateway, attempt.order), None, shown)
    except GatewayTimeout as unanswered:
        found = look_up(gateway, attempt.order)
        return unanswered if found is None else Ringing(found, None, shown)
    except GatewayError as refused:
        log.warning("dial_refused", label=attempt.order.label, code=refused.code)
        return refused
    return Ringing(dialled.call_sid, dialled.conference_sid, shown)


def already_rung(gateway: Gateway, order: Order) -> Ringing | None:
    """The 911 leg that is in the call's room already, whichever order rang it; None also in doubt."""
    try:
        here = gateway.labels_in_room(order.room_name)
    except GatewayError as refused:
        log.warning("room_not_looked_into", label=order.label, code=refused.code)
        return None
    found = next((sid for label, sid in here.items() if label.startswith(LABEL)), None)
    return None if found is None else Ringing(found, None, number_shown=False)


def look_up(gateway: Gateway, order: Order) -> str | None:
    """The leg of this label, or None when it is not there or nobody answers."""
    try:
        return gateway.find_in_room(order.conference_sid or order.room_name, order.label)
    except GatewayError:
        return None


def _is_about_the_number(error: GatewayError) -> bool:
    status = error.status or 0
    return 400 <= status < 500 and status not in {NOT_FOUND, TOO_MANY}


def _is_final(error: GatewayError) -> bool:
    """A refusal that the same request will meet again."""
    return not isinstance(error, GatewayTimeout) and _is_about_the_number(error)
