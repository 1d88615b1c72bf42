"""How a caller comes back from a voicemail or a transfer, told by an event.

Whoever is alone again without one reaches the next node or a person: nothing is a dead end.
"""

from ivr.rules.menu_nodes import Handover, TransferNode, VoicemailNode
from ivr.rules.menu_state import Event, Turn
from ivr.rules.menu_steps import MISSES_IN_A_CALL, back, count_miss, miss
from ivr.rules.menu_walk import Walk


def came_back(walk: Walk, node: Handover, keys: str, event: str) -> Turn:
    """Take whatever ended a handover at its node."""
    match node:
        case VoicemailNode():
            return _after_voicemail(walk, node, keys, event)
        case TransferNode():
            return _after_transfer(walk, node, event)


def _after_voicemail(walk: Walk, node: VoicemailNode, keys: str, event: str) -> Turn:
    """A message that was left is thanked for; without one the caller is asked again."""
    if keys.startswith("*"):
        return back(walk)
    if event != Event.RECORDED:
        return miss(walk, "silence")
    walk.note("voicemail_left", node=walk.state.node)
    if not node.next:
        return walk.goodbye(node.thanks, walk.state.node)
    walk.speak(node.thanks)
    return walk.enter(node.next)


def _after_transfer(walk: Walk, node: TransferNode, event: str) -> Turn:
    """Whoever was not answered goes on where the menu says; whoever is alone again, to a person."""
    if event == Event.TRANSFER_ENDED:
        return walk.person("transfer ended")
    count_miss(walk, "transfer failed")
    if walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    return walk.enter(node.failed)
