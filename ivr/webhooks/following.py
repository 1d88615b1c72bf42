"""What follows a call-taker who comes to the room, by whichever device: the caller, or a resident's telephone.

On the door's own thread, after the commit; the answer to the call-taker's leg waits for none of it.
"""

from functools import partial

from ivr import call_back_dial, call_backs, caller_leg
from ivr.again import persistently
from ivr.runtime import Runtime
from ivr.waiting_line import Proved
from models.call import Call


def follow(runtime: Runtime, proved: Proved) -> None:
    """Move the caller's leg out of the line; a resident who is called back is rung instead."""
    if not proved.redirect:
        return
    if persistently(partial(_rings_back, runtime, proved.call_id)):
        runtime.dialler.submit(persistently, partial(call_back_dial.dial, runtime, proved.call_id))
    else:
        url = caller_leg.room_url(runtime, proved.caller_sid, proved.step)
        runtime.dialler.submit(caller_leg.follow, runtime, proved.caller_sid, url)


def _rings_back(runtime: Runtime, call_id: str) -> bool:
    """Whether the caller is a resident who has yet to take our call: they have no leg to be moved."""
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        return call is not None and call_backs.awaits_resident(session, call)
