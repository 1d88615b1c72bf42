"""A menu played in the terminal: what the caller would hear, given what was typed.

Digits, `*` and `#` are keys, a word in brackets is an event, anything else is speech; an empty line
is silence. Pure: the menu's own interpreter answers, so what is played is what is called.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.rules import menu
from ivr.rules.actions import (
    Action,
    CallMeBack,
    Effect,
    Ending,
    Escalate,
    Goodbye,
    GoOn,
    Handover,
    JoinLine,
    Listen,
    Pause,
    Play,
    PlayRecording,
    RingHumanLine,
    Say,
    Spoken,
    TakePlace,
    TakeVoicemail,
    TextLink,
    TextMe,
    TransferTo,
)
from ivr.rules.menu import CallerInput, Graph, MenuState, Readers, Turn

KEYS = (
    "digits * # are keys, [recorded] and [transfer_failed] are what a telephone tells, "
    "other words are speech, an empty line is silence, q hangs up"
)
_EVENT = re.compile(r"\[([a-z_]{1,40})\]")
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
    if event := _EVENT.fullmatch(words):
        return CallerInput(event=event[1])
    return CallerInput(speech=words)


def _go_on(play: PlayedCall, heard: CallerInput, now: datetime) -> Shown:
    turn = menu.answer(play.graph, play.state, heard, now, play.readers)
    lines = tuple(line for action in turn.actions for line in lines_of(action))
    done = tuple(line_of(effect) for effect in turn.effects)
    after = replace(play, state=turn.state, over=bool(turn.state.ended))
    return Shown(after, lines + done + _read(turn))


def _read(turn: Turn) -> tuple[str, ...]:
    """What the menu made of the words, for whoever tries it."""
    kinds = {
        *("emergency_read", "intent_read", "asked_between", "between_answered"),
        *("place_read", "place_came", "answer_heard", "request_asked"),
    }
    notes = (note for note in turn.journal if note.kind in kinds)
    return tuple(f"  ({note.kind}: {_facts(note.data)})" for note in notes)


def _facts(data: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in data.items() if value not in ("", []))


def lines_of(action: Action) -> tuple[str, ...]:
    """An action as lines of text."""
    match action:
        case Say() | Play() | PlayRecording() | Pause():
            return (_spoken(action),)
        case Listen():
            several = ", several digits ended by #" if action.num_digits is None else ""
            listens = f"[listens for {action.timeout_seconds:g} s{several}]"
            return (*_said(action.prompt), listens)
        case GoOn():
            return ()
        case TransferTo() | TakeVoicemail():
            return (*_said(action.sentence), _handover(action))
        case _:
            return (*_said(action.sentence), _ending(action))


def _spoken(said: Spoken) -> str:
    match said:
        case Say():
            return f"{said.language}: {said.text}"
        case PlayRecording():
            return f"{said.language}: {said.text} [recording {said.recording[:8]}]"
        case Play():
            return f"[plays {said.url}]"
        case Pause():
            return f"[silence of {said.seconds:g} s]"


def _handover(action: Handover) -> str:
    if isinstance(action, TransferTo):
        return f"[rings {action.entry}: type [transfer_failed] or [transfer_ended]]"
    return f"[records up to {action.longest_seconds} s: type [recorded] when done]"


def _ending(action: Ending) -> str:
    match action:
        case JoinLine():
            watched = ", 911 is dialled when untaken" if action.dial_when_untaken else ""
            return f"[waits in the line, {action.priority}{watched}]"
        case Escalate():
            return f"[dials 911, cause {action.cause}]"
        case RingHumanLine():
            return "[rings the human line]"
        case Goodbye():
            return "[the call ends]"


def line_of(effect: Effect) -> str:
    """An effect as a line of text."""
    match effect:
        case TextMe():
            return f"[texts the message of {effect.node} in {effect.language}]"
        case TextLink():
            return "[texts a link by which the telephone tells where it is]"
        case TakePlace():
            return "[takes the place that the telephone told]"
        case CallMeBack():
            return "[puts the caller on the list to be called back]"


def _said(sentence: tuple[Spoken, ...]) -> tuple[str, ...]:
    return tuple(map(_spoken, sentence))
