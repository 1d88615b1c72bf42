"""Whether a caller who is gone must be called back at once: danger was read, and nobody spoke to them.

Pure. What is unclear counts as danger; only a clear "no" takes it back. It must not know rows.
"""

from dataclasses import dataclass

from models.states import EmergencyLevel


@dataclass(frozen=True, slots=True)
class Lost:
    """A call that is over. `level` is the highest reading of its words.

    `taken_back`: the caller has said that nobody is in danger, and nothing since that somebody is.
    `talked`: a call-taker was in the room with them. `dialled`: 911 was; the transfer looks after what
    becomes of it. `ended_by_us`: somebody here hung up. `left_message`: their message rings at every
    desk by itself.
    """

    level: EmergencyLevel
    taken_back: bool = False
    talked: bool = False
    dialled: bool = False
    ended_by_us: bool = False
    left_message: bool = False


def must_be_called_back(lost: Lost) -> bool:
    """Say whether nobody else looks after a caller whom danger may have."""
    if lost.level is EmergencyLevel.NONE or lost.taken_back:
        return False
    return not (lost.talked or lost.dialled or lost.ended_by_us or lost.left_message)
