"""The value that a branch goes by, read from the caller's state and the facts around the call.

A jurisdiction that is not certain is none: a caller is never sent away by a guess. Knows no walk:
what a branch does with the value is the walk's.
"""

from collections.abc import Iterable
from datetime import datetime

from ivr.rules.menu_nodes import BranchNode
from ivr.rules.menu_state import MenuState, Readers


def branch_value(node: BranchNode, state: MenuState, readers: Readers, now: datetime) -> str:
    """The case that a branch takes; one that it does not have leads to its `otherwise`."""
    match node.by:
        case "language":
            return state.language.value
        case "intent":
            return state.intent.intent
        case "jurisdiction":
            return state.place.jurisdiction if state.place and state.place.certain else ""
        case "hours":
            return "open" if readers.opening(node.line, now).is_open else "closed"
        case "holiday":
            return "yes" if readers.opening(node.line, now).holiday else "no"
        case "caller":
            return "seen" if readers.seen_before() else "new"
        case "line_length":
            return length_case(node.cases, readers.line_length())
        case "switch":
            return "on" if readers.switch(node.switch) else "off"
        case _:
            return ""


def length_case(cases: Iterable[str], length: int) -> str:
    """The first of the cases "0", "1-4", "5+" that holds a length, or ""."""
    return next((case for case in cases if _holds(case, length)), "")


def _holds(case: str, length: int) -> bool:
    least, _, most = case.removesuffix("+").partition("-")
    if not least.isdecimal():
        return False
    if case.endswith("+"):
        return length >= int(least)
    return int(least) <= length <= (int(most) if most.isdecimal() else int(least))
