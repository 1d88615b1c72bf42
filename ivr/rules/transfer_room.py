"""What happens in a call's room, in the transfer's words: who leaves, who is alone, what is over.

Pure. It reads who is there as the rows have it and says which event that is for the machine
(`ivr.rules.transfer`), or what may be done with the caller. It must not know rows, reports or
requests: the deeds hand in who is there, and the exhaustive search of the tests hands in a model.
"""

from dataclasses import dataclass
from enum import StrEnum

from ivr.rules.transfer import OVER, TransferEvent, may_leave
from models.states import TransferState


class Caller(StrEnum):
    """Where the caller's own leg is, as far as reported."""

    IN_ROOM = "in_room"
    ELSEWHERE = "elsewhere"
    """On the telephone: on the way into the room, or in the line."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Room:
    """Who is there. `outside` counts legs that are neither the caller's nor a call-taker's.

    An interpreter is nobody's company and not counted. `coming`: a call-taker has accepted and is not
    there yet. `transfer`: the state of the open transfer to 911, None when none is open. `not_taken`:
    somebody of the directory is called for the caller and does not have them yet. `held`: the caller
    is on hold.
    """

    caller: Caller
    call_takers: int = 0
    outside: int = 0
    coming: bool = False
    transfer: TransferState | None = None
    not_taken: bool = False
    held: bool = False


def when_caller_leaves(room: Room) -> TransferEvent:
    """The caller's telephone is down: what that is for an open transfer.

    Somebody on the way will be there for 911; should they not come, `when_nobody_comes`.
    """
    attended = room.call_takers or room.coming
    return TransferEvent.CALLER_LEFT if attended else TransferEvent.ROOM_EMPTIED


def when_nobody_comes(room: Room) -> TransferEvent | None:
    """Who had accepted did not come, the room being what is left."""
    return TransferEvent.ROOM_EMPTIED if is_empty_chair(room) else None


def when_call_taker_leaves(room: Room, *, commanded: bool) -> TransferEvent | None:
    """A call-taker's leg is gone, the room being what is left; None: another one is still there."""
    if room.call_takers or (room.coming and room.caller is Caller.GONE):
        return None
    if room.caller is Caller.GONE:
        return TransferEvent.ROOM_EMPTIED
    return TransferEvent.CALL_TAKER_LEFT if commanded else TransferEvent.CALL_TAKER_LOST


def is_alone(room: Room) -> bool:
    """Say whether the caller is in the room with nobody, and nobody is on the way to them."""
    others = room.call_takers + room.outside
    return room.caller is Caller.IN_ROOM and not (others or room.coming or room.transfer)


def may_go_to_front(room: Room) -> bool:
    """Say whether the caller may be taken out of the room: nobody is with them or called for them."""
    return room.caller is not Caller.GONE and is_alone(
        Room(Caller.IN_ROOM, room.call_takers, room.outside, room.coming, room.transfer)
    )


def has_the_caller(room: Room) -> bool:
    """20 s after 911 answered: both are connected and no call-taker is there."""
    return room.caller is Caller.IN_ROOM and not room.call_takers


def is_empty_chair(room: Room) -> bool:
    """20 s after 911 answered: the caller has hung up, nobody else came, and nobody is coming.

    A caller who is only not reported to be in the room is not gone: 911 may be talking to them.
    """
    return room.caller is Caller.GONE and not (room.call_takers or room.coming)


def stays_in_line(room: Room) -> bool:
    """A caller whom we sent to the line is reported in the room: an old report, or one to be moved.

    Only a transfer or a call-taker who comes makes the room the place where they belong.
    """
    return room.transfer is None and not room.coming


def why_not_leave(room: Room) -> str | None:
    """Why a call-taker may not leave, in `ivr.rooms.LeaveRefused`'s words; None when they may.

    911 must have the caller, or somebody else stay with them; nobody is left on hold, nor with
    somebody who has not taken them yet.
    """
    if room.transfer is not None:
        return None if may_leave(room.transfer) else "not_accepted"
    if room.call_takers > 1 or room.caller is Caller.GONE:
        return None
    if room.not_taken:
        return "not_taken"
    if room.call_takers + room.outside <= 1:
        return "nobody_else"
    return "caller_held" if room.held else None


def may_call_taker_leave(room: Room) -> bool:
    """Say whether a call-taker may leave."""
    return why_not_leave(room) is None


def is_over(room: Room) -> bool:
    """Say whether the call is over: the caller has hung up and no transfer is open."""
    return room.caller is Caller.GONE and (room.transfer is None or room.transfer in OVER)
