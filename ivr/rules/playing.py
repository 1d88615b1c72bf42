"""A menu played in the terminal: what the caller would hear, given what was typed.

Digits, `*` and `#` are keys; anything else is speech; an empty line is silence. Pure: the menu's
own interpreter answers, so what is played is what is called.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.rules import menu
from ivr.rules.actions import (
    Action,
    Escalate,
    Goodbye,
    GoOn,
    JoinLine,
    Listen,
    Pause,
    Play,
    RingHumanLine,
    Say,
)
from ivr.rules.menu import CallerInput, Graph, MenuState, Readers, Turn

KEYS = "digits * # are keys, other words are speech, an empty line is silence, q hangs up"
_KEYS = re.compile(r"[0-9*#]{1,20}")


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """One call being played. `over` says that nothing follows."""

    graph: Graph
    readers: Readers
    state: MenuState
    over: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The call after a step, and the lines to print."""

    play: PlayedCall
    lines: tuple[str, ...]


def begin(graph: Graph, readers: Readers, now: datetime) -> Shown:
    """Open a call: the greeting."""
    play = PlayedCall(graph, readers, menu.begin(graph))
    return _go_on(play, CallerInput(silent=True), now)


def step(play: PlayedCall, typed: str, now: datetime) -> Shown:
    """Take what was typed as the caller's next input."""
    words = typed.strip()
    if play.over or words.lower() == "q":
        return Shown(replace(play, over=True), () if play.over else ("[the caller hangs up]",))
    return _go_on(play, caller_input(words), now)


def caller_input(words: str) -> CallerInput:
    """What was typed as what a telephone would send."""
    if not words:
        return CallerInput(silent=True)
    if _KEYS.fullmatch(words):
        return CallerInput(digits=words)
    return CallerInput(speech=words)


def _go_on(play: PlayedCall, heard: CallerInput, now: datetime) -> Shown:
    turn = menu.answer(play.graph, play.state, heard, now, play.readers)
    lines = tuple(line for action in turn.actions for line in lines_of(action))
    return Shown(replace(play, state=turn.state, over=bool(turn.state.ended)), lines + _read(turn))


def _read(turn: Turn) -> tuple[str, ...]:
    """What the menu made of the words, for whoever tries it."""
    kinds = {"emergency_read", "intent_read", "place_read"}
    notes = (note for note in turn.journal if note.kind in kinds)
    return tuple(f"  ({note.kind}: {_facts(note.data)})" for note in notes)


def _facts(data: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in data.items() if value not in ("", []))


def lines_of(action: Action) -> tuple[str, ...]:
    """An action as lines of text."""
    match action:
        case Say():
            return (f"{action.language}: {action.text}",)
        case Play():
            return (f"[plays {action.url}]",)
        case Pause():
            return (f"[silence of {action.seconds:g} s]",)
        case Listen():
            spoken = tuple(line for said in action.prompt for line in lines_of(said))
            return (*spoken, f"[listens for {action.timeout_seconds:g} s]")
        case JoinLine():
            watched = ", 911 is dialled when untaken" if action.dial_when_untaken else ""
            return (*_said(action.sentence), f"[waits in the line, {action.priority}{watched}]")
        case Escalate():
            return (*_said(action.sentence), f"[dials 911, cause {action.cause}]")
        case RingHumanLine():
            return (*_said(action.sentence), "[rings the human line]")
        case Goodbye():
            return (*_said(action.sentence), "[the call ends]")
        case GoOn():
            return ()


def _said(sentence: tuple[Say, ...]) -> tuple[str, ...]:
    return tuple(line for said in sentence for line in lines_of(said))
