"""Which calls of the telephone company were made for which caller. Pure: calls as the simulator tells them.

Several rehearsed calls ring at the same telephone at once; what rings there says by itself whose it is.
"""

from collections.abc import Mapping
from typing import Any

Call = Mapping[str, Any]


def is_made_for(call: Call, caller: Call) -> bool:
    """Whether a call was dialled for the caller's: into a room of theirs, by their `<Dial>`, or showing their number."""
    if call.get("direction") == "inbound":
        return False
    return (
        call.get("parent_call_sid") == caller.get("call_sid")
        or not set(call.get("rooms", ())).isdisjoint(caller.get("rooms", ()))
        or shows_number_of(call, caller)
    )


def shows_number_of(call: Call, caller: Call) -> bool:
    """Whether a call shows the caller's own number, which no other rehearsed call has meanwhile; none when withheld."""
    number = str(caller.get("from") or "")
    return number.startswith("+") and call.get("from") == number
