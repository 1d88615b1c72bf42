"""Whether a caller who calls again was cut off before, and has their place in the line back.

Pure. Who hung up of their own accord looks the same to the telephone company as one whose battery
died: so whatever says that the first call had come to its end counts against it. It must not know
rows, clocks or numbers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.states import CallOutcome, LineState

KEPT_FOR = timedelta(minutes=10)
_SERVED = frozenset(
    {
        CallOutcome.TRANSFERRED_TO_911,
        CallOutcome.TRANSFERRED,
        CallOutcome.HUMAN_LINE,
        CallOutcome.VOICEMAIL,
        CallOutcome.CALL_BACK,
    }
)
"""Whoever had somebody else, or left something, waits for nobody. A menu's answer is no end of a wait."""


@dataclass(frozen=True, slots=True)
class FormerCall:
    """The last call from the same number, as its end left it.

    `place` is what became of its place in the line, None when it had none. `ended_by_us`: somebody
    here hung up. `settled`: a call-taker wrote what came of it, other than that the caller was gone.
    `given_back`: another call has the place already.
    """

    ended_at: datetime | None
    place: LineState | None
    outcome: CallOutcome | None = CallOutcome.ABANDONED
    ended_by_us: bool = False
    settled: bool = False
    given_back: bool = False


def keeps_place(former: FormerCall, now: datetime) -> bool:
    """Say whether the caller was cut off so lately that the place is theirs again, once."""
    if former.ended_at is None or not former.ended_at <= now <= former.ended_at + KEPT_FOR:
        return False
    if former.given_back or former.ended_by_us or former.settled or former.outcome in _SERVED:
        return False
    return former.place in {LineState.ABANDONED, LineState.TAKEN}
