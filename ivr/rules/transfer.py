"""What a warm transfer to 911 does next: every event in every state, and which destination follows.

Pure. It knows no telephone company, no room and no row: facts come in as events, commands go out as
words. It must not know who carries them out. Once dialled, nothing here takes a 911 leg back before
911 has answered; a mistake is told to 911 by a person.

Source: the settled questions of reaching 911, 1 to 7.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType

from models.states import TransferState

REQUESTED = TransferState.REQUESTED
DIALLING = TransferState.DIALLING
RINGING = TransferState.RINGING
ANSWERED = TransferState.ANSWERED
ACCEPTED = TransferState.ACCEPTED
ENDED = TransferState.ENDED
BUSY = TransferState.BUSY
NO_ANSWER = TransferState.NO_ANSWER
FAILED = TransferState.FAILED
DECLINED = TransferState.DECLINED
CALLER_GONE = TransferState.CALLER_GONE

CALLING = frozenset({REQUESTED, DIALLING, RINGING})
"""911 is being called: the caller is not alone, whoever else is in the room."""
TALKING = frozenset({ANSWERED, ACCEPTED})
"""911's leg is up."""
OVER = frozenset({ENDED, BUSY, NO_ANSWER, FAILED, DECLINED, CALLER_GONE})
"""Nothing more is expected of this attempt. A silent one that is answered after all is up again."""

ROUNDS = 2
"""How often the whole list of destinations is tried before the line says that it failed."""


class TransferEvent(StrEnum):
    """What can become known about one attempt."""

    DIAL_SENT = "dial_sent"
    DIAL_REFUSED = "dial_refused"
    PSAP_RANG = "psap_rang"
    PSAP_ANSWERED = "psap_answered"
    PSAP_ACCEPTED = "psap_accepted"
    PSAP_BUSY = "psap_busy"
    RANG_OUT = "rang_out"
    PSAP_FAILED = "psap_failed"
    PSAP_DECLINED = "psap_declined"
    PSAP_LEFT = "psap_left"
    CALLER_LEFT = "caller_left"
    """The caller is gone and a call-taker is still in the room."""
    ROOM_EMPTIED = "room_emptied"
    """Neither the caller nor a call-taker is in the room any more."""
    CALL_TAKER_JOINED = "call_taker_joined"
    CALL_TAKER_LEFT = "call_taker_left"
    """A call-taker left by a recorded command; the caller is still there."""
    CALL_TAKER_LOST = "call_taker_lost"
    """A call-taker's leg is gone without a command; the caller is still there."""
    UNATTENDED_ELAPSED = "unattended_elapsed"
    """Caller and 911 were connected long enough with nobody else in the room."""
    EMPTY_CHAIR_ELAPSED = "empty_chair_elapsed"
    """911 answered, the caller is gone, and nobody came in time."""


class Command(StrEnum):
    """What somebody must do now."""

    WATCH_RINGING = "watch_ringing"
    WATCH_UNATTENDED = "watch_unattended"
    WATCH_EMPTY_CHAIR = "watch_empty_chair"
    DIAL_NEXT = "dial_next"
    DIAL_ONCE_MORE = "dial_once_more"
    ALLOW_LEAVE = "allow_leave"
    OFFER_ABOVE_ALL = "offer_above_all"
    ALERT_SUPERVISOR = "alert_supervisor"
    CALL_CALLER_BACK = "call_caller_back"
    OPEN_CALL_BACK_TASK = "open_call_back_task"
    BRIEF_AND_END = "brief_and_end"
    TELL_CALLER = "tell_caller"
    END_ROOM = "end_room"


@dataclass(frozen=True, slots=True)
class Step:
    """The state afterwards, and the commands in the order in which they are carried out."""

    state: TransferState
    commands: tuple[Command, ...] = ()


E, C = TransferEvent, Command
Row = Mapping[TransferEvent, Step]


def _stays(state: TransferState, *events: TransferEvent) -> dict[TransferEvent, Step]:
    """Events that change nothing in `state`: repeats, latecomers, and what cannot happen yet."""
    return {event: Step(state) for event in events}


def _before_the_answer(state: TransferState) -> dict[TransferEvent, Step]:
    """What is the same from the intent until 911 answers: the leg is never taken back."""
    return {
        E.PSAP_ANSWERED: Step(ANSWERED, (C.WATCH_UNATTENDED, C.WATCH_EMPTY_CHAIR)),
        E.PSAP_BUSY: Step(BUSY, (C.DIAL_NEXT,)),
        E.RANG_OUT: Step(NO_ANSWER, (C.DIAL_NEXT,)),
        E.PSAP_FAILED: Step(FAILED, (C.DIAL_NEXT,)),
        E.PSAP_DECLINED: Step(DECLINED, (C.DIAL_NEXT,)),
        E.PSAP_LEFT: Step(FAILED, (C.DIAL_ONCE_MORE,)),  # the answer's report was lost
        E.CALLER_LEFT: Step(state, (C.CALL_CALLER_BACK,)),
        E.ROOM_EMPTIED: Step(state, (C.OFFER_ABOVE_ALL, C.OPEN_CALL_BACK_TASK)),
        E.CALL_TAKER_LEFT: Step(state, (C.OFFER_ABOVE_ALL,)),
        E.CALL_TAKER_LOST: Step(state, (C.OFFER_ABOVE_ALL, C.ALERT_SUPERVISOR)),
        **_stays(state, E.PSAP_ACCEPTED, E.CALL_TAKER_JOINED),
        **_stays(state, E.UNATTENDED_ELAPSED, E.EMPTY_CHAIR_ELAPSED),
    }


_ROWS: Mapping[TransferState, Row] = {
    REQUESTED: {
        **_before_the_answer(REQUESTED),
        E.DIAL_SENT: Step(DIALLING, (C.WATCH_RINGING,)),
        E.DIAL_REFUSED: Step(FAILED, (C.DIAL_NEXT,)),
        E.PSAP_RANG: Step(RINGING, (C.WATCH_RINGING,)),  # the callback overtook REST's answer
    },
    DIALLING: {
        **_before_the_answer(DIALLING),
        E.PSAP_RANG: Step(RINGING),
        **_stays(DIALLING, E.DIAL_SENT, E.DIAL_REFUSED),
    },
    RINGING: {
        **_before_the_answer(RINGING),
        **_stays(RINGING, E.DIAL_SENT, E.DIAL_REFUSED, E.PSAP_RANG),
    },
    ANSWERED: {
        E.PSAP_ACCEPTED: Step(ACCEPTED, (C.ALLOW_LEAVE,)),
        E.PSAP_DECLINED: Step(DECLINED, (C.DIAL_NEXT,)),
        E.PSAP_LEFT: Step(FAILED, (C.DIAL_ONCE_MORE,)),
        E.CALLER_LEFT: Step(ANSWERED, (C.CALL_CALLER_BACK,)),
        E.ROOM_EMPTIED: Step(
            ANSWERED, (C.OFFER_ABOVE_ALL, C.OPEN_CALL_BACK_TASK, C.WATCH_EMPTY_CHAIR)
        ),
        E.CALL_TAKER_LEFT: Step(ANSWERED, (C.OFFER_ABOVE_ALL, C.WATCH_UNATTENDED)),
        E.CALL_TAKER_LOST: Step(
            ANSWERED, (C.OFFER_ABOVE_ALL, C.ALERT_SUPERVISOR, C.WATCH_UNATTENDED)
        ),
        E.UNATTENDED_ELAPSED: Step(ACCEPTED, (C.ALLOW_LEAVE,)),
        E.EMPTY_CHAIR_ELAPSED: Step(CALLER_GONE, (C.BRIEF_AND_END,)),
        **_stays(ANSWERED, E.DIAL_SENT, E.DIAL_REFUSED, E.PSAP_RANG, E.PSAP_ANSWERED),
        **_stays(ANSWERED, E.PSAP_BUSY, E.RANG_OUT, E.PSAP_FAILED, E.CALL_TAKER_JOINED),
    },
    ACCEPTED: {
        E.PSAP_LEFT: Step(ENDED, (C.TELL_CALLER,)),
        E.ROOM_EMPTIED: Step(ENDED, (C.END_ROOM,)),
        E.CALL_TAKER_LOST: Step(ACCEPTED, (C.ALERT_SUPERVISOR,)),
        **_stays(ACCEPTED, E.DIAL_SENT, E.DIAL_REFUSED, E.PSAP_RANG, E.PSAP_ANSWERED),
        **_stays(ACCEPTED, E.PSAP_ACCEPTED, E.PSAP_BUSY, E.RANG_OUT, E.PSAP_FAILED),
        **_stays(ACCEPTED, E.PSAP_DECLINED, E.CALLER_LEFT, E.CALL_TAKER_JOINED),
        **_stays(ACCEPTED, E.CALL_TAKER_LEFT, E.UNATTENDED_ELAPSED, E.EMPTY_CHAIR_ELAPSED),
    },
    ENDED: _stays(ENDED, *TransferEvent),
    BUSY: _stays(BUSY, *TransferEvent),
    NO_ANSWER: {  # perhaps only our own patience was over: the leg may ring on, and be answered
        **_stays(NO_ANSWER, *TransferEvent),
        E.PSAP_ANSWERED: Step(ANSWERED, (C.WATCH_UNATTENDED, C.WATCH_EMPTY_CHAIR)),
        E.PSAP_BUSY: Step(BUSY),
        E.PSAP_FAILED: Step(FAILED),
        E.PSAP_LEFT: Step(FAILED),
    },
    FAILED: _stays(FAILED, *TransferEvent),
    DECLINED: _stays(DECLINED, *TransferEvent),
    CALLER_GONE: _stays(CALLER_GONE, *TransferEvent),
}

STEPS: Mapping[tuple[TransferState, TransferEvent], Step] = MappingProxyType(
    {(state, event): step for state, row in _ROWS.items() for event, step in row.items()}
)
"""The machine. Every state answers every event; a test holds it to that."""


def advance(state: TransferState, event: TransferEvent) -> Step:
    """Say what a warm transfer does next; safe for repeated and late events."""
    return STEPS[state, event]


def may_leave(state: TransferState) -> bool:
    """Say whether a call-taker may leave the caller with 911: only once 911 has them."""
    return state is ACCEPTED


_RANK: Mapping[TransferState, int] = {
    ACCEPTED: 5,
    ANSWERED: 4,
    RINGING: 3,
    DIALLING: 2,
    REQUESTED: 1,
}


def of_attempts(states: Sequence[TransferState]) -> TransferState:
    """Return the state of a whole transfer from its attempts, oldest first (one at least).

    A live attempt speaks for it, the furthest one first; with none alive the newest does.
    """
    alive = [state for state in states if state in _RANK]
    return max(alive, key=_RANK.__getitem__) if alive else states[-1]


@dataclass(frozen=True, slots=True)
class Next:
    """The destination to be dialled. `new_round`: the whole list was tried without success."""

    destination: str
    new_round: bool = False


def next_destination(
    destinations: Sequence[str], tried: Sequence[str], *, once_more: bool = False
) -> Next | None:
    """Choose whom to dial after the attempts so far.

    Args:
        destinations: keys in the city's order, one at least.
        tried: key of every attempt so far, oldest first.
        once_more: 911 hung up before it had the caller: the same again, once, then the next.

    Returns:
        None when every destination was tried in `ROUNDS` rounds: the line must say so aloud.
    """
    runs = [(key, len(list(same))) for key, same in groupby(tried)]
    if once_more and runs and runs[-1][1] % 2 == 1:
        return Next(runs[-1][0])
    done = sum(_counted(length) for _, length in runs)
    if done >= ROUNDS * len(destinations):
        return None
    at_start = done > 0 and done % len(destinations) == 0
    return Next(destinations[done % len(destinations)], new_round=at_start)


def _counted(run: int) -> int:
    """A destination dialled twice in a row counts once: the second was the "once more"."""
    return (run + 1) // 2


def may_ring_another(states: Collection[TransferState]) -> bool:
    """Say whether a destination may be rung beside these attempts: none is alive, none had the caller."""
    return OVER.issuperset(states) and ENDED not in states


def outlives_room(state: TransferState, states: Collection[TransferState]) -> bool:
    """Say whether an attempt's leg stays when the room ends; `states` are those of its whole transfer.

    One that hears the briefing does, and a silent one rings on towards it: unless another destination
    has had the caller, for then 911 knows.
    """
    if state is CALLER_GONE:
        return True
    return state is NO_ANSWER and not {ACCEPTED, ENDED} & set(states)


def sent_to(commands: Iterable[Command]) -> bool:
    """Say whether these commands ring 911 again."""
    return any(command in {C.DIAL_NEXT, C.DIAL_ONCE_MORE} for command in commands)
