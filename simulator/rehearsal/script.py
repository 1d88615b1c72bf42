"""A scripted call as a value: who calls, what they do, what the desk and the other telephones do, and what must follow.

Knows nothing of YAML and nothing of how a step is carried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

DEFAULT_LIMIT_SECONDS = 25.0


class CallerDo(StrEnum):
    """What a caller can do."""

    LISTEN = "listen"
    PRESS = "press"
    SAY = "say"
    SEND_LOCATION = "send_location"
    WAIT = "wait"
    HANG_UP = "hang_up"


class DeskDo(StrEnum):
    """What a call-taker can do once the call has been accepted."""

    LISTEN = "listen"
    SAY = "say"
    WAIT = "wait"
    NOTE = "note"
    PROTOCOL = "protocol"
    ANSWERS = "answers"
    PRESS_RED = "press_red"
    THEY_HAVE_IT = "they_have_it"
    REFER = "refer"
    CONSULT = "consult"
    THEY_HAVE_THE_CALLER = "they_have_the_caller"
    LET_GO = "let_go"
    LEAVE = "leave"
    HOLD = "hold"
    HANG_UP = "hang_up"
    DROP_BROWSER = "drop_browser"
    WRAP_UP = "wrap_up"


class When(StrEnum):
    """Where the caller's leg must have come before a step of the caller is taken."""

    LISTENING = "listening"
    IN_LINE = "in_line"
    IN_ROOM = "in_room"
    ENDED = "ended"


class DeskWhen(StrEnum):
    """What the desk must show before a step of the call-taker is taken: a state of the 911 transfer, or the end."""

    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    ENDED = "ended"


class Wave(StrEnum):
    """Scripts of an empty desk are played when nobody is signed in."""

    STAFFED = "staffed"
    EMPTY = "empty"


class Outcome(StrEnum):
    """How a call ended, from the caller's side, in one word."""

    REACHED_911 = "reached_911"
    REPORTED_TO_911 = "reported_to_911"
    SERVICE_REQUEST = "service_request"
    TALKED = "talked"
    HUMAN_LINE = "human_line"
    LEFT_LINE = "left_line"
    LEFT_MENU = "left_menu"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a caller or a call-taker.

    What comes before the deed, each within `within_seconds`: `hear`, a part of what must be heard; `rings` and `talks`,
    the number of an outside telephone that must be ringing or answered; `when`, where the call must have come.
    `value` is the deed's object: keys, words, seconds, a mapping of question to answer, or a position.
    """

    do: CallerDo | DeskDo
    value: Any = None
    hear: str | None = None
    rings: str | None = None
    talks: str | None = None
    when: When | DeskWhen | None = None
    within_seconds: float = DEFAULT_LIMIT_SECONDS


@dataclass(frozen=True, slots=True)
class DeskRole:
    """What the n-th call-taker to whom this call is offered does; `accepts` False lets the offer run out."""

    accepts: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """At most `seconds` may pass between two marks of the journal, such as `pressed 9` and `ringing +15205550191`."""

    start: str
    end: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must follow from a call; an empty part expects nothing of its kind.

    `rung` lists the outside telephones that rang, in order. `connected` lists telephones (or `desk`) that were in one
    room with the caller. `heard_by` holds, for a telephone, parts of what it must have heard. `texted` holds parts of
    the text messages that the caller must have got.
    """

    outcome: Outcome
    rung: tuple[str, ...] | None = None
    connected: tuple[str, ...] = ()
    not_connected: tuple[str, ...] = ()
    heard_by: Mapping[str, tuple[str, ...]] | None = None
    limits: tuple[TimeLimit, ...] = ()
    request_number_heard: bool = False
    texted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """A second call from the same telephone, `after_seconds` from the end of the first."""

    after_seconds: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One call of a rehearsal, ready to be played.

    `phones` holds how each outside telephone behaves during this call, as the simulator takes it; `faults` likewise.
    Two scripts of the same caller are never played at once, nor two to which one telephone behaves differently.
    With `again` the caller calls a second time, and it is the second call that is judged.
    """

    name: str
    title: str
    language: str
    wave: Wave
    caller: str
    dials: str
    steps: tuple[Step, ...]
    desk: tuple[DeskRole, ...]
    phones: Mapping[str, Mapping[str, Any]]
    faults: tuple[Mapping[str, Any], ...]
    must_hear: tuple[str, ...]
    expect: Expectation
    again: Again | None = None

    @property
    def reaches_somebody(self) -> bool:
        """Whether the caller of this script is to reach a person: with faults at random too they must."""
        return self.expect.outcome not in (Outcome.LEFT_LINE, Outcome.LEFT_MENU, Outcome.CUT_OFF)

    def in_haste(self, most_seconds: float) -> "Script":
        """The same call with a caller who waits at most so long for anything, at telephones as they are.

        What a telephone does is then this call's own fault, so that many calls ring at it side by side.
        """
        steps = (
            replace(step, within_seconds=min(step.within_seconds, most_seconds))
            for step in self.steps
        )
        faults = (*self.faults, *_as_faults(self.phones))
        return replace(self, steps=tuple(steps), phones={}, faults=faults)

    def called_from(self, number: str) -> "Script":
        """The same call from another number; one that shows none stays so."""
        shows = any(letter.isdigit() for letter in self.caller)
        return replace(self, caller=number) if shows else self


def _as_faults(phones: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Telephones that do not answer, as faults of one call: busy or silent whenever it rings there."""
    kinds = {"busy": "leg_busy", "no_answer": "leg_no_answer"}
    habits = {
        number: (behaviour.get("otherwise") or {}).get("on_ring")
        for number, behaviour in phones.items()
    }
    return [
        {"kind": kinds[habit], "to": number, "times": None}
        for number, habit in habits.items()
        if habit in kinds
    ]
