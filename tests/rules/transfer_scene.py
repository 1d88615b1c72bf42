"""What a moment of a room consists of: the values of the model, without what happens to them.

Two truths stand side by side: what is real at the telephone company, and what our rows have been told
so far (`seen`). Everything here is hashed by the million, so states are plain strings.
"""

from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

from ivr.rules import transfer
from ivr.rules.transfer import TransferEvent
from ivr.rules.transfer_room import Caller, Room
from models.states import TransferState

E = TransferEvent
STATE = {state.value: state for state in TransferState}
S = SimpleNamespace(**{state.name: state.value for state in TransferState})
CALLING, TALKING, OVER = (
    frozenset(state.value for state in states)
    for states in (transfer.CALLING, transfer.TALKING, transfer.OVER)
)
WORDS = {
    "busy": E.PSAP_BUSY,
    "no-answer": E.RANG_OUT,
    "failed": E.PSAP_FAILED,
    "completed": E.PSAP_LEFT,
    "ringing": E.PSAP_RANG,
    "answered": E.PSAP_ANSWERED,
    "canceled": E.PSAP_FAILED,
}


class Psap(NamedTuple):
    """One attempt: what our row says, and what its leg really does.

    `real` is "", "ring", "up" or the word with which it ended; `news` are reports on their way, `here`
    whether our rows count its leg in the room.
    """

    n: int
    place: str
    seen: str = S.REQUESTED
    real: str = ""
    here: bool = False
    news: tuple[str, ...] = ()


class Person(NamedTuple):
    """A call-taker: really in the room or not; seen "", "coming", "arrived" or "in"."""

    real: bool
    seen: str
    ordered: bool = False
    news: tuple[str, ...] = ()


class Line(NamedTuple):
    """The staffed line outside, rung into the room once: real "", "ring", "up" or "over"."""

    real: str = ""
    here: bool = False
    news: tuple[str, ...] = ()


class World(NamedTuple):
    """Everything that can differ from one moment to the next."""

    caller: str = "room"
    """Really: room, way (a document leads them there), line, gone, or rung (called back)."""
    leg: str = "in"
    """As reported: in (the room), out, or left (hung up)."""
    phase: str = "room"
    news: tuple[str, ...] = ()
    held: bool = False
    hold: bool = False
    people: tuple[Person, ...] = ()
    psaps: tuple[Psap, ...] = ()
    tried: tuple[str, ...] = ()
    open: bool = False
    accepted: str = ""
    todo: frozenset = frozenset()
    """Deeds that follow a commit and live in a process's memory alone."""
    due: frozenset = frozenset()
    """Deadlines: they stand in the database and outlive every process."""
    task: bool = False
    faults: int = 1
    asks: int = 1
    """How often 911 may still be asked for."""
    backs: int = 1
    """How often the caller may still be called back."""
    line: Line = Line()


ALIVE = frozenset({"ring", "up"})


@cache
def of_attempts(seen):
    return transfer.of_attempts([STATE[each] for each in seen]).value


@cache
def room_of(leg, people, psaps, is_open, line):
    state = of_attempts(tuple(p.seen for p in psaps)) if is_open else None
    return Room(
        caller={"in": Caller.IN_ROOM, "out": Caller.ELSEWHERE, "left": Caller.GONE}[leg],
        call_takers=sum(p.seen in {"in", "arrived"} for p in people),
        outside=sum(p.here for p in psaps) + line.here,
        coming=any(p.seen in {"coming", "arrived"} for p in people),
        transfer=STATE[state] if state else None,
    )


def outlive_room(psaps, accepted):
    """The attempts whose legs are up and stay when the room ends; one that had the caller may be forgotten."""
    states = [*(STATE[p.seen] for p in psaps), *([transfer.ENDED] if accepted else [])]
    alive = (p for p in psaps if p.real in ALIVE)
    return {p.n for p in alive if transfer.outlives_room(STATE[p.seen], states)}


def is_forgotten(p):
    """An attempt of which no report, repeated or late, can change anything any more."""
    may_revive = p.seen == S.NO_ANSWER and p.real in {"ring", "completed"}
    briefed = p.seen == S.CALLER_GONE and p.real in ALIVE
    return p.seen in OVER and p.real not in ALIVE and not p.news and not may_revive and not briefed


def is_heard(p):
    """Whether the leg was ever up: then its answer may be reported again, however late."""
    return p.real in {"up", "completed"}
