"""Turns actions into the document that a caller's telephone runs."""

from collections.abc import Iterable
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
    RingHumanLine,
    Say,
)
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.twiml import Document

QUEUE = "line"
"""Twilio's queue that every waiting caller stands in; the order is the database's."""
CALLER_LABEL = "caller"


def written(runtime: Runtime, caller: Caller, actions: Iterable[Action], next_at: str) -> bytes:
    """Write the actions as one document; `next_at` is the address that hears the answer."""
    document = Document(runtime.city.languages)
    for action in actions:
        _add(document, runtime, caller, action, next_at)
    return document.written()


def _add(
    document: Document, runtime: Runtime, caller: Caller, action: Action, next_at: str
) -> None:
    match action:
        case Say() | Play() | Pause():
            document.say(action)
        case Listen():
            document.listen(action, next_at)
        case JoinLine(sentence=sentence):
            join_line(document.say(*sentence), runtime, caller)
        case Escalate(sentence=sentence):
            enter_room(document.say(*sentence), runtime, caller)
        case RingHumanLine(sentence=sentence):
            ring_human_line(document.say(*sentence), runtime, caller.call_sid)
        case Goodbye(sentence=sentence):
            document.say(*sentence).hang_up()
        case GoOn():
            document.redirect(next_at)
        case _:
            assert_never(action)


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
