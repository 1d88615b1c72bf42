"""Turns actions into the document that a caller's telephone runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from ivr.rules.actions import (
    Action,
    Escalate,
    Goodbye,
    GoOn,
    JoinLine,
    Listen,
    Pause,
    Play,
    PlayRecording,
    RingHumanLine,
    Say,
    TakeVoicemail,
    TransferTo,
)
from ivr.runtime import Runtime
from ivr.turns import transferring
from ivr.turns.caller import Caller
from ivr.twiml import Document
from models.states import Language

QUEUE = "line"
"""Twilio's queue that every waiting caller stands in; the order is the database's."""
CALLER_LABEL = "caller"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where the answer to a turn comes: its number, and its address."""

    number: int
    address: str


NOWHERE = NextStep(0, "")
"""For turns that end in the line, the room or a goodbye: nothing comes back."""


def written(
    runtime: Runtime,
    caller: Caller,
    actions: Iterable[Action],
    then: NextStep = NOWHERE,
    language: Language = Language.EN,
) -> bytes:
    """Write the actions as one document; `then` hears the answer, `language` is the caller's."""
    document = Document(runtime.city.languages, runtime.sounds.address)
    for action in actions:
        _add(document, runtime, caller, action, then, language)
    return document.written()


def _add(
    document: Document,
    runtime: Runtime,
    caller: Caller,
    action: Action,
    then: NextStep,
    language: Language,
) -> None:
    next_at = then.address
    match action:
        case Say() | Play() | PlayRecording() | Pause():
            document.say(action)
        case Listen():
            document.listen(action, next_at)
        case JoinLine(sentence=sentence):
            join_line(document.say(*sentence), runtime, caller)
        case Escalate(sentence=sentence):
            enter_room(document.say(*sentence), runtime, caller)
        case RingHumanLine(sentence=sentence):
            ring_human_line(document.say(*sentence), runtime, caller.call_sid)
        case TransferTo(entry=entry, sentence=sentence):
            transferring.ring(document.say(*sentence), runtime, caller, then.number, entry)
        case TakeVoicemail(sentence=sentence, longest_seconds=longest):
            early = runtime.addresses.before_tone(caller.call_sid, then.number, longest)
            document.before_tone(sentence, early, language)
            record(document, runtime, caller.call_sid, then.number, longest)
        case Goodbye(sentence=sentence):
            document.say(*sentence).hang_up()
        case TransferTo() | TakeVoicemail() | GoOn():
            # Nothing is promised that this door cannot do: the menu hears of it as of a failure.
            document.redirect(next_at)
        case _:
            assert_never(action)


def record(
    document: Document, runtime: Runtime, call_sid: str, step: int, longest_seconds: int
) -> Document:
    """Record a message; its end is the answer of the step."""
    addresses = runtime.addresses
    end, kept = addresses.turn(call_sid, step), addresses.recorded(call_sid, step)
    return document.record(end, kept, longest_seconds)


def join_line(document: Document, runtime: Runtime, caller: Caller) -> Document:
    """Wait in the queue; the wait's own documents speak meanwhile."""
    addresses = runtime.addresses
    return document.enqueue(
        QUEUE, addresses.wait(caller.call_sid, 1), addresses.line_left(caller.call_sid)
    )


def enter_room(document: Document, runtime: Runtime, caller: Caller) -> Document:
    """Enter the call's room by its name: nobody was in it before, or its Sid would be used."""
    name = f"room-{caller.call_id}"
    return document.room(runtime.addresses.room_leg(caller.call_id, name, CALLER_LABEL))


def ring_human_line(
    document: Document, runtime: Runtime, call_sid: str, attempt: int = 1
) -> Document:
    """Ring the staffed number outside; `attempt` counts from 1."""
    line = runtime.city.human_line
    return document.human_line(
        line.number, runtime.addresses.human(call_sid, attempt), line.ring_seconds
    )
