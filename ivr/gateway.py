"""What this system needs of a telephone company, in the trade's words. No vendor here.

`ivr.twilio_gateway` is the one that speaks to Twilio (or to the simulator, at another address);
tests hand in one that records. Every method may raise `ivr.errors.GatewayError` (refused),
`GatewayTimeout` (no answer in time: what was asked may have happened), `AlreadyEndedError` (the
call or room is over) or `NotAllowedError` (this system may not dial that number; nothing was sent).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

ROOM_EVENTS = ("start", "end", "join", "leave", "hold", "mute", "modify")
"""What every leg, by document or by REST, asks a room to report."""

LONGEST_RECORDING = 20_000_000
"""Bytes of a recording that are fetched: twenty minutes of a telephone's sound."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One leg to be rung into a call's room.

    `to` is E.164, `sip:` or `client:`; `from_number` what the callee is shown; `call_token` lets a
    caller's own number be shown. `room` is the conference's name: every leg enters by it.
    `ring_seconds` is the destination's own ring time (10 s is the least that Twilio can do).
    `is_caller`: it is the caller's own number, rung back into their room: it stands in no directory.
    """

    room: str
    to: str
    from_number: str
    label: str
    ring_seconds: int
    conference_callback: str
    leg_callback: str
    call_token: str | None = None
    is_caller: bool = False


@dataclass(frozen=True, slots=True)
class CallOut:
    """A resident's own telephone to be rung. Whoever answers asks `document` what to do.

    `to` and `from_number` are E.164; `leg_callback` hears how the leg fares; `ring_seconds` is 10 s at
    least.
    """

    to: str
    from_number: str
    document: str
    fallback: str
    leg_callback: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class Dialled:
    """What came back: the new leg and the room it will enter."""

    call_sid: str
    conference_sid: str | None


@dataclass(frozen=True, slots=True)
class Ring:
    """One call-taker's own telephone to be rung, outside every room.

    `to` is E.164. Who picks up hears the document at `document`; `leg_callback` hears the leg's life.
    """

    to: str
    from_number: str
    document: str
    leg_callback: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class LegView:
    """The telephone company's own view of a leg, for the reconciler."""

    call_sid: str
    status: str
    """queued, ringing, in-progress, completed, busy, failed, no-answer or canceled."""


class Gateway(Protocol):
    """A telephone company."""

    def dial_into_room(self, dial: Dial) -> Dialled:
        """Ring `dial.to` into the live room.

        Raises:
            LabelInUseError: a participant of this label is in the room: it was dialled before.
        """
        ...

    def ring(self, ring: Ring) -> str:
        """Ring a call-taker's approved desk telephone; returns the new leg."""
        ...

    def call_out(self, call: CallOut) -> str:
        """Ring a resident back; returns the new leg (CallSid)."""
        ...

    def find_in_room(self, room: str, label: str) -> str | None:
        """The leg (CallSid) with this label in the room, or None."""
        ...

    def labels_in_room(self, room: str) -> Mapping[str, str]:
        """Everybody who is in the room or is being rung into it: leg (CallSid) by label."""
        ...

    def redirect(self, call_sid: str, url: str) -> None:
        """Make a live leg ask `url` for its next document."""
        ...

    def speak_and_end(self, call_sid: str, document: str) -> None:
        """Make a live leg run an inline document (at most 4000 characters)."""
        ...

    def hold(self, conference_sid: str, call_sid: str, url: str | None) -> None:
        """Hold a participant with the document at `url`; None takes them off hold."""
        ...

    def remove(self, conference_sid: str, call_sid: str) -> None:
        """Take one leg out of the room; the others go on."""
        ...

    def end_room(self, conference_sid: str) -> None:
        """End the room for everybody in it."""
        ...

    def hang_up(self, call_sid: str) -> None:
        """End one leg, or cancel it while it still rings."""
        ...

    def leg(self, call_sid: str) -> LegView | None:
        """Ask for a leg's state; None when it is unknown there."""
        ...

    def send_text(self, to: str, body: str) -> str:
        """Send a text message; returns its Sid."""
        ...

    def may_dial(self, to: str) -> bool:
        """Say whether this system may dial `to`, also by a document: asked before it is written."""
        ...

    def may_call_back(self, to: str) -> bool:
        """Say whether a resident may be rung at `to`."""
        ...

    def recording(self, recording_sid: str) -> bytes:
        """The sound of a recording of our own account, WAV, at most `LONGEST_RECORDING` bytes."""
        ...

    def softphone_token(self, identity: str, seconds: int) -> str:
        """A token with which `identity` may register and dial the desk application."""
        ...
