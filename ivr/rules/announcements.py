"""What a waiting caller is told in each round, and how long a round lasts.

Pure. A round is an announcement, a moment in which words are heard, and music. It lasts between 45
and 60 seconds: oftener is a nuisance, and seldomer a line that seems dead. It must not know sentences.
"""

from dataclasses import dataclass
from enum import StrEnum

from ivr.rules.expected_wait import Minutes
from ivr.rules.line_danger import Choice

SPOKEN_WINDOW_SECONDS = 3.0
MUSIC_SECONDS = 16.0
"""One half of the music; a piece of the city pack should last about as long."""
KEY_SECONDS = 2.0


class Telling(StrEnum):
    """The sentences of an announcement, by their keys in the city pack."""

    POSITION = "line_position"
    WAIT = "line_wait"
    WAIT_SHORT = "line_wait_short"
    CHOICE = "line_choice"
    CHOICE_MESSAGE = "line_choice_message"
    EMERGENCY_WINDOW = "line_emergency_window"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands in the line. `position` None when it is not known."""

    position: int | None = None
    wait: Minutes | None = None
    choices: frozenset[Choice] = frozenset()


def announcement(standing: Standing, n: int) -> tuple[Telling, ...]:
    """What is told in the nth round, from 1. The other ways are named from the second minute on."""
    told: list[Telling] = []
    if standing.position is not None:
        told.append(Telling.POSITION)
    if standing.wait is not None:
        told.append(Telling.WAIT if standing.wait.low else Telling.WAIT_SHORT)
    if standing.choices and n % 2 == 0:
        both = Choice.CALL_BACK in standing.choices
        told.append(Telling.CHOICE if both else Telling.CHOICE_MESSAGE)
    return (*told, Telling.EMERGENCY_WINDOW)
