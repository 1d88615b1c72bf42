"""What a waiting caller's keys and words mean: 911, doubt, another way than waiting, or nothing.

Pure. In the line only keys act, and a spoken emergency is asked for in a short window; it is read as
in the menu: certainty asks once and dials, doubt asks one question and goes to a person.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ivr.rules.menu import CLEAR_CONFIDENCE, CallerInput, asks_911
from ivr.rules.spoken_words import is_no, is_yes, starts_with_yes
from models.states import EmergencyLevel, EscalationCause, PriorityClass


class Window(StrEnum):
    """What the caller was listening to when they did something."""

    SAID = "said"
    MUSIC = "music"
    """The first half of the time between two announcements; `QUIET` is the second."""
    QUIET = "quiet"
    CONFIRM = "confirm"
    DANGER = "danger"
    CALL_BACK = "call_back"
    """Whether they really want to be called back: one key too many must not cost a place."""


class Choice(StrEnum):
    """What an ordinary caller may have instead of waiting."""

    CALL_BACK = "call_back"
    MESSAGE = "message"


KEYS = MappingProxyType({"1": Choice.CALL_BACK, "2": Choice.MESSAGE})
NO_CHOICE: frozenset[Choice] = frozenset()


@dataclass(frozen=True, slots=True)
class Dial911:
    """Dial at once."""

    cause: EscalationCause


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask before anything else: `CONFIRM`, `DANGER` or `CALL_BACK`."""

    window: Window


@dataclass(frozen=True, slots=True)
class MoveUp:
    """Keep waiting, in a more urgent class; `dial_when_untaken` after 20 s without an answer.

    `taken_back`: they have said that nobody is in danger.
    """

    priority: PriorityClass
    dial_when_untaken: bool = False
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Reassure:
    """0 was pressed: a person is what they are waiting for."""


@dataclass(frozen=True, slots=True)
class BeCalledBack:
    """They want to be called back, and have said so twice."""


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """They leave a message instead."""


@dataclass(frozen=True, slots=True)
class WaitOn:
    """Nothing was asked. `repeat`: say the place in the line again at once."""

    repeat: bool = False


Meaning = Dial911 | Ask | MoveUp | Reassure | BeCalledBack | LeaveMessage | WaitOn


def meaning(
    window: Window,
    heard: CallerInput,
    level: EmergencyLevel,
    choices: frozenset[Choice] = NO_CHOICE,
) -> Meaning:
    """Say what to do.

    `level` is the reading of the words, `NONE` when there were none. `choices` are what this caller
    may have instead of waiting.
    """
    keys = heard.digits or ""
    if asks_911(keys):
        return Dial911(EscalationCause.KEY)
    if window is Window.CONFIRM:
        return _confirmed(heard, level)
    if window is Window.DANGER:
        return _about_danger(heard, level)
    if level is EmergencyLevel.EMERGENCY:
        return Ask(Window.CONFIRM)
    if level is EmergencyLevel.POSSIBLE:
        return Ask(Window.DANGER)
    if keys.startswith("0"):
        return Reassure()
    chosen = KEYS.get(keys)
    if window is Window.CALL_BACK:
        wants = chosen is Choice.CALL_BACK or is_yes(heard.speech or "")
        return BeCalledBack() if wants and Choice.CALL_BACK in choices else WaitOn(repeat=True)
    if chosen in choices:
        return Ask(Window.CALL_BACK) if chosen is Choice.CALL_BACK else LeaveMessage()
    return WaitOn(repeat=bool(keys) or window is Window.QUIET)


def _confirmed(heard: CallerInput, level: EmergencyLevel) -> Meaning:
    """A clear no or star is the only way not to dial; then a person, at the top of the line."""
    if heard.digits == "*" or _says_no(heard, level):
        return MoveUp(PriorityClass.POSSIBLE, taken_back=True)
    return Dial911(EscalationCause.WORDS)


def _about_danger(heard: CallerInput, level: EmergencyLevel) -> Meaning:
    speech, keys = heard.speech or "", heard.digits or ""
    says_yes = is_yes(speech) or starts_with_yes(speech)
    if keys.startswith("1") or says_yes or level is EmergencyLevel.EMERGENCY:
        return Dial911(EscalationCause.POSSIBLE_CONFIRMED)
    if keys in {"2", "*"} or _says_no(heard, level):
        return MoveUp(PriorityClass.PRIORITY, taken_back=True)
    return MoveUp(PriorityClass.POSSIBLE, dial_when_untaken=True)


def _says_no(heard: CallerInput, level: EmergencyLevel) -> bool:
    clear = heard.confidence is None or heard.confidence >= CLEAR_CONFIDENCE
    return clear and level is EmergencyLevel.NONE and not heard.digits and is_no(heard.speech or "")
