"""What the scoring of one protocol session looks at: its events, and what was done beside them.

Plain values, all moments in seconds since the session began (what came before it is negative).
Holds no row, no name and no telephone; `calltaker.quality` fills it from the record, a test by hand.
A mark that nobody could set is None: the scoring then leaves its check out instead of guessing.
"""

from dataclasses import dataclass

from protocols.red_flags import RedFlag
from protocols.script import Protocol
from protocols.session import Event


@dataclass(frozen=True, slots=True)
class Transfer:
    """One warm transfer of the call to 911.

    `abandoned`: we left before 911 had accepted the caller. `ended_at` is None while it was open.
    """

    requested_at: float
    accepted_at: float | None = None
    abandoned: bool = False
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What was done beside the questions: true, false, or None where nothing records it.

    `place_excused`: the place could not be verified and the reason is recorded. `emergency_heard`:
    the line had read the caller's words as a possible emergency before anybody answered.
    `callback_verified`: the caller was asked for a number to call back and it was read back; a number
    that only came with the call is none. `callback_refused`: they were asked, and gave none.
    """

    place_verified: bool = False
    place_excused: bool = False
    emergency_heard: bool = False
    callback_verified: bool | None = None
    callback_refused: bool = False
    advice_given: bool | None = None
    read_word_for_word: bool | None = None
    language_offered: bool | None = None
    closing_read: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One ended session: the version it was pinned to, its events in the order they were kept.

    `panel` has the universal red flags that the desk offered. `gone_at` is the moment the caller
    left before the case was done, None if they stayed to its end.
    """

    protocol: Protocol
    events: tuple[Event, ...]
    panel: tuple[RedFlag, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    marks: Marks = Marks()
    gone_at: float | None = None
