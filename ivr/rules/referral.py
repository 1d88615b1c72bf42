"""What happens to somebody of the directory who is called into a live call: every event in every state.

Pure, and told in the words of the transfer to 911 (`ivr.rules.transfer`), from which it differs in three
ways: it can be taken back, it is never tried twice, and nobody is dialled in its place. A crisis line,
a utility, another agency takes the caller over; an interpreter only helps the call-taker, and goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ivr.rules.transfer_room import Caller, Room
from models.states import DestinationKind, ReferralState

REQUESTED = ReferralState.REQUESTED
DIALLING = ReferralState.DIALLING
RINGING = ReferralState.RINGING
ANSWERED = ReferralState.ANSWERED
ACCEPTED = ReferralState.ACCEPTED
ENDED = ReferralState.ENDED
BUSY = ReferralState.BUSY
NO_ANSWER = ReferralState.NO_ANSWER
FAILED = ReferralState.FAILED
CANCELLED = ReferralState.CANCELLED

CALLING = frozenset({REQUESTED, DIALLING, RINGING})
TALKING = frozenset({ANSWERED, ACCEPTED})
OVER = frozenset({ENDED, BUSY, NO_ANSWER, FAILED, CANCELLED})


class ReferralEvent(StrEnum):
    """What can become known, or be ordered, of one of them."""

    DIAL_SENT = "dial_sent"
    DIAL_REFUSED = "dial_refused"
    RANG = "rang"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    """The call-taker says that they have the caller."""
    BUSY = "busy"
    RANG_OUT = "rang_out"
    FAILED = "failed"
    LEFT = "left"
    CANCELLED = "cancelled"
    """The call-taker takes the call back, or thanks them and lets them go."""
    CALLER_LEFT = "caller_left"
    CALL_TAKERS_LEFT = "call_takers_left"
    """No call-taker is in the room any more, nor on the way."""
    EMERGENCY_BEGAN = "emergency_began"
    """911 is dialled into the same room."""


class Deed(StrEnum):
    """What somebody must do now."""

    HANG_UP = "hang_up"
    """End their leg, or cancel it while it rings."""
    UNHOLD = "unhold"
    """Take the caller off hold, if they are held."""


@dataclass(frozen=True, slots=True)
class Step:
    """The state afterwards, and the deeds in order."""

    state: ReferralState
    deeds: tuple[Deed, ...] = ()


E, D = ReferralEvent, Deed
Row = Mapping[ReferralEvent, Step]


def _stays(state: ReferralState, *events: ReferralEvent) -> dict[ReferralEvent, Step]:
    """Events that change nothing in `state`: repeats, latecomers, and what cannot happen yet."""
    return {event: Step(state) for event in events}


def _before_the_answer(state: ReferralState) -> dict[ReferralEvent, Step]:
    """Whatever ends the ringing, the caller is not left on hold for it."""
    return {
        E.DIAL_SENT: Step(DIALLING if state is REQUESTED else state),
        E.DIAL_REFUSED: Step(FAILED, (D.UNHOLD,)) if state is REQUESTED else Step(state),
        E.RANG: Step(RINGING),
        E.ANSWERED: Step(ANSWERED),
        E.BUSY: Step(BUSY, (D.UNHOLD,)),
        E.RANG_OUT: Step(NO_ANSWER, (D.HANG_UP, D.UNHOLD)),
        E.FAILED: Step(FAILED, (D.UNHOLD,)),
        E.LEFT: Step(FAILED, (D.UNHOLD,)),  # the answer's report was lost
        E.CANCELLED: Step(CANCELLED, (D.HANG_UP, D.UNHOLD)),
        E.CALLER_LEFT: Step(CANCELLED, (D.HANG_UP,)),
        E.CALL_TAKERS_LEFT: Step(CANCELLED, (D.HANG_UP, D.UNHOLD)),
        E.EMERGENCY_BEGAN: Step(CANCELLED, (D.HANG_UP,)),
        **_stays(state, E.ACCEPTED),
    }


def _connected(state: ReferralState, *, takes_over: bool) -> dict[ReferralEvent, Step]:
    """They are on the line. Without a call-taker the caller goes on with who takes over, off hold."""
    without_us = Step(state, (D.UNHOLD,)) if takes_over else Step(ENDED, (D.HANG_UP,))
    accepted = Step(ACCEPTED, (D.UNHOLD,)) if takes_over and state is ANSWERED else Step(state)
    return {
        E.ACCEPTED: accepted,
        E.LEFT: Step(ENDED, (D.UNHOLD,)),
        E.CANCELLED: Step(ENDED, (D.HANG_UP, D.UNHOLD)),
        E.CALLER_LEFT: Step(ENDED, (D.HANG_UP,)),
        E.CALL_TAKERS_LEFT: without_us,
        **_stays(state, E.DIAL_SENT, E.DIAL_REFUSED, E.RANG, E.ANSWERED, E.BUSY),
        **_stays(state, E.RANG_OUT, E.FAILED, E.EMERGENCY_BEGAN),
    }


def _over(state: ReferralState) -> dict[ReferralEvent, Step]:
    """Nobody wants them any more: a leg that is heard of all the same is ended again."""
    up = {event: Step(state, (D.HANG_UP,)) for event in (E.DIAL_SENT, E.RANG, E.ANSWERED)}
    return _stays(state, *ReferralEvent) | up


def _table(*, takes_over: bool) -> Mapping[tuple[ReferralState, ReferralEvent], Step]:
    rows: dict[ReferralState, Row] = {state: _before_the_answer(state) for state in CALLING}
    rows |= {state: _connected(state, takes_over=takes_over) for state in TALKING}
    rows |= {state: _over(state) for state in OVER}
    return MappingProxyType(
        {(state, event): step for state, row in rows.items() for event, step in row.items()}
    )


_TAKES_OVER, _HELPS = _table(takes_over=True), _table(takes_over=False)


def takes_over(kind: DestinationKind) -> bool:
    """Say whether the caller may be left with them at all."""
    return kind is not DestinationKind.INTERPRETER


def advance(kind: DestinationKind, state: ReferralState, event: ReferralEvent) -> Step:
    """Say what becomes of one of them; safe for repeated and late events."""
    return (_TAKES_OVER if takes_over(kind) else _HELPS)[state, event]


def has_the_caller(
    kind: DestinationKind, state: ReferralState, *, stay_until_accepted: bool
) -> bool:
    """Say whether the call-taker may leave the caller with them."""
    if not takes_over(kind):
        return False
    return state is ACCEPTED or (state is ANSWERED and not stay_until_accepted)


def when_room_changes(kind: DestinationKind, room: Room) -> ReferralEvent | None:
    """What the room as it is now means for one of them; None: nothing new.

    An interpreter stays for a caller who was left with somebody else, and goes with the caller.
    """
    if room.caller is Caller.GONE:
        return E.CALLER_LEFT
    if room.call_takers or room.coming:
        return None
    still_helps = not takes_over(kind) and room.outside > 0
    return None if still_helps else E.CALL_TAKERS_LEFT
