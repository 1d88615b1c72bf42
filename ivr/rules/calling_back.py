"""When a resident is rung back, how often, in which window, and what they mean when they answer.

Pure: hours come in as a question about a moment, the line's own waits as a figure. A wish keeps the
place in the line that the caller had; a try is rung only when its turn has come. It must not know
rows, numbers or the telephone company.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, floor

from ivr.rules.hours import Opening
from ivr.rules.menu import CallerInput, asks_911
from ivr.rules.spoken_words import is_no, is_yes
from models.states import CallBackOutcome, EmergencyLevel

MOST_TRIES = 3
MOST_TO_A_NUMBER = 6
"""Times that one number is rung in a day, whoever asked for it; an emergency is not counted."""
PAUSES = (timedelta(minutes=10), timedelta(minutes=45))
"""Between the end of a try and the next one."""
QUESTIONS = 2
"""How often an answered telephone is asked whether it takes the call."""
WINDOW_MINUTES = 5
"""Windows are spoken in whole steps of this."""
SHORTEST_WINDOW_MINUTES = 10
LONGEST_WINDOW_MINUTES = 180
"""What is farther away is said as a day, not as minutes."""

FINAL = frozenset({CallBackOutcome.TAKEN, CallBackOutcome.DECLINED, CallBackOutcome.CANCELLED})
"""After these nobody rings again by itself."""


@dataclass(frozen=True, slots=True)
class Past:
    """What has been tried. `tries` counts what was dialled; `is_over`: somebody has finished it.

    `by_hand`: only a person rings this one (an emergency): nothing falls due by itself.
    """

    asked_at: datetime
    tries: int = 0
    last_ended_at: datetime | None = None
    last_outcome: CallBackOutcome | None = None
    after_hours: bool = False
    by_hand: bool = False
    is_over: bool = False


def next_try(
    past: Past,
    opening: Callable[[datetime], Opening],
    now: datetime,
    pauses: Sequence[timedelta] = PAUSES,
) -> datetime | None:
    """When the next try may enter the line, from `now` on; None: never again by itself.

    Never before its pause is over, never a fourth time, and never while the line is closed unless
    they agreed to that.
    """
    if past.by_hand or is_settled(past):
        return None
    moment = max(now, _earliest(past, pauses))
    hours = opening(moment)
    if past.after_hours or hours.is_open:
        return moment
    return hours.next_open


def is_settled(past: Past) -> bool:
    """Say whether nobody is rung any more: done, cancelled, talked, or tried often enough."""
    return past.is_over or past.last_outcome in FINAL or past.tries >= MOST_TRIES


def gave_up(past: Past) -> bool:
    """Say whether the last try has failed and a person must decide what to do."""
    return not past.is_over and past.last_outcome not in FINAL and past.tries >= MOST_TRIES


def _earliest(past: Past, pauses: Sequence[timedelta]) -> datetime:
    if past.tries == 0 or past.last_ended_at is None:
        return past.asked_at
    return past.last_ended_at + pauses[min(past.tries, len(pauses)) - 1]


@dataclass(frozen=True, slots=True)
class Window:
    """What may be promised: "in about 20 to 40 minutes"."""

    from_minutes: int
    to_minutes: int


def window(wait_seconds: float | None) -> Window | None:
    """The window for a wait that the line expects; None where there is no figure to be honest with.

    The figure is a mean: it is said from itself to twice of it, never narrower than ten minutes.
    """
    if wait_seconds is None:
        return None
    least = max(WINDOW_MINUTES, WINDOW_MINUTES * floor(wait_seconds / 60 / WINDOW_MINUTES))
    twice = WINDOW_MINUTES * ceil(2 * wait_seconds / 60 / WINDOW_MINUTES)
    most = max(twice, least + SHORTEST_WINDOW_MINUTES)
    return Window(least, most) if most <= LONGEST_WINDOW_MINUTES else None


class Promise(StrEnum):
    """Which sentence tells the caller when we ring."""

    MINUTES = "minutes"
    TODAY = "today"
    WHEN_OPEN = "when_open"


def promise(
    wait_seconds: float | None, opening: Callable[[datetime], Opening], now: datetime
) -> tuple[Promise, Window | None]:
    """What may be said of when we ring: minutes only if the line is still open at their end."""
    if not opening(now).is_open:
        return Promise.WHEN_OPEN, None
    told = window(wait_seconds)
    if told is not None and opening(now + timedelta(minutes=told.to_minutes)).is_open:
        return Promise.MINUTES, told
    return Promise.TODAY, None


class Answer(StrEnum):
    """What whoever picked up means."""

    TAKE = "take"
    CANCEL = "cancel"
    DIAL_911 = "dial_911"
    ASK_AGAIN = "ask_again"
    NOBODY = "nobody"


def meaning(heard: CallerInput, level: EmergencyLevel, question: int) -> Answer:
    """Read the answer to the nth question; only a clear one connects, so that no machine is.

    9 dials 911. Words of danger go to the call-taker who waits, at once: many machines greet with
    "in an emergency dial 911", and a person with the red button hears the difference. A word at the
    head of a longer sentence is a greeting, not an answer ("no one is here to take your call").
    """
    keys, speech = heard.digits or "", heard.speech or ""
    if asks_911(keys):
        return Answer.DIAL_911
    if keys[:1] in {"1", "0"} or level is not EmergencyLevel.NONE:
        return Answer.TAKE
    if keys[:1] == "2":
        return Answer.CANCEL
    if not keys and is_yes(speech):
        return Answer.TAKE
    if not keys and is_no(speech):
        return Answer.CANCEL
    return Answer.ASK_AGAIN if question < QUESTIONS else Answer.NOBODY


def slot(now: datetime, calls_per_second: float) -> int:
    """The number of the slot that a dial takes: one a slot leaves half of the account's rate free."""
    return floor(now.timestamp() * calls_per_second / 2)


CANCEL_WORDS = frozenset({"stop", "cancel", "cancelar", "cancela", "cancele", "alto"})
"""What cancels by text message, whatever the case and the marks around it."""


CARRIERS_WORDS = frozenset({"stop", "cancel"})
"""Those of them that the telephone company answers by itself."""


def first_word(body: str) -> str:
    """The first word of a text message, small letters alone; "" when it has none."""
    letters = "".join(each if each.isalpha() else " " for each in body[:200].lower())
    return next(iter(letters.split()), "")


def is_cancelling(body: str) -> bool:
    """Say whether a text message asks not to be rung: one of the words, alone or first."""
    return first_word(body) in CANCEL_WORDS
