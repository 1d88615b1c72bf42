"""The menu's interpreter: one caller, one input, one turn.

Public face of the menu: `compile_graph`, `begin`, `answer` and the values of a turn.
Pure and total: any node, any input and any text give a turn, and no graph can spin.
The order of reading is the promise: key 9, words of danger, key 0, then the menu.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from ivr.rules.emergency_reading import higher
from ivr.rules.menu_answers import at_node
from ivr.rules.menu_document import compile_graph
from ivr.rules.menu_nodes import Graph, StatusNode
from ivr.rules.menu_state import CallerInput, JournalNote, MenuState, Pending, Readers, Turn
from ivr.rules.menu_walk import Walk
from ivr.rules.spoken_words import is_no, is_yes, starts_with_yes
from models.states import EmergencyLevel, EscalationCause, PriorityClass

__all__ = [
    "CallerInput",
    "Graph",
    "JournalNote",
    "MenuState",
    "Pending",
    "Readers",
    "Turn",
    "answer",
    "asks_911",
    "begin",
    "compile_graph",
    "number_asks_911",
]

TURN_LIMIT = 40
"""Turns of one caller in the menu; a person takes the call after that."""
CLEAR_CONFIDENCE = 0.4
"""Below it a spoken "no" is not clear. The recogniser may send none: then the words count."""
_KEPT_WORDS = 12
_LONGEST_EVENT = 40
_CAUSES = {
    EmergencyLevel.NONE: EscalationCause.KEY,
    EmergencyLevel.POSSIBLE: EscalationCause.POSSIBLE_CONFIRMED,
    EmergencyLevel.EMERGENCY: EscalationCause.WORDS,
}
_KEYS = frozenset("0123456789*#")
_NINES_ALONE = re.compile(r"9+1{0,2}|(?:911)+")
_ZEROS_ALONE = re.compile(r"0+")


@dataclass(frozen=True, slots=True)
class _Input:
    """A caller's input, cleaned: keys without separators, speech or ""."""

    keys: str
    speech: str
    confidence: float | None
    event: str


def begin(graph: Graph) -> MenuState:
    """Return the state of a caller who has heard nothing yet.

    Handing it to `answer` with a silent input speaks the greeting; that does not count as a miss.
    """
    return MenuState(node=graph.start)


def answer(
    graph: Graph, state: MenuState, heard: CallerInput, now: datetime, readers: Readers
) -> Turn:
    """Take the caller one turn through the menu.

    Total: never raises, whatever the node, the input or the version of the graph; the worst case
    is a person. `now` is aware; only branches on hours use it.
    """
    walk = Walk(graph, state, now, readers)
    got = _cleaned(heard)
    _note_input(walk, got)
    if state.pending is not Pending.NONE:
        return _answer_danger(walk, got)
    urgent = _urgent(walk, got)
    if urgent is not None:
        return urgent
    if state.turns >= TURN_LIMIT:
        return walk.person("too many turns")
    if state.ended:
        return _again(walk)
    if not state.asked or state.node not in graph.nodes:
        return walk.enter(state.node)
    return at_node(walk, got.keys, got.speech, got.event)


def _again(walk: Walk) -> Turn:
    """An ended walk that is asked once more ends the same way."""
    if walk.state.ended == "escalated":
        return walk.escalate(_CAUSES[walk.state.emergency.level])
    if walk.state.ended == "line":
        return walk.person("in the line already")
    return walk.enter(walk.state.node)


def _cleaned(heard: CallerInput) -> _Input:
    keys = "".join(filter(_KEYS.__contains__, heard.digits)) if heard.digits else ""
    return _Input(keys, (heard.speech or "").strip(), heard.confidence, heard.event)


def _note_input(walk: Walk, got: _Input) -> None:
    """Record what came in; longer digits may be personal and are kept with the words."""
    if not (walk.state.asked or got.keys or got.speech):
        return
    several = len(got.keys) > 1
    keys = "several" if several else got.keys
    words = f"{got.speech} {got.keys}".strip() if several else got.speech
    walk.note(
        "caller_input",
        words or None,
        node=walk.state.node,
        keys=keys,
        silent=not (got.keys or got.speech or got.event),
        confidence=got.confidence,
        **({"event": got.event[:_LONGEST_EVENT]} if got.event else {}),
    )
    if got.speech:
        walk.update(words=(*walk.state.words, got.speech)[-_KEPT_WORDS:])


def asks_911(keys: str) -> bool:
    """Say whether keys mean 911: 9 first (what follows within 2 s is dropped), or 911 anywhere."""
    return keys.startswith("9") or "911" in keys


def number_asks_911(keys: str) -> bool:
    """Say whether keys at a prompt that collects several digits mean 911: 9 alone, or 911.

    A number may begin with 9 or hold 911, so only nothing else beside them counts; what looks like
    a 911 that was begun or pressed twice does.
    """
    return _NINES_ALONE.fullmatch(keys.strip("#")) is not None


def _urgent(walk: Walk, got: _Input) -> Turn | None:
    """Whatever stands before the menu at every prompt: 9, danger, 0."""
    if not got.keys and not got.speech:
        return None
    several = isinstance(walk.graph.nodes.get(walk.state.node), StatusNode)
    if number_asks_911(got.keys) if several else asks_911(got.keys):
        return walk.escalate(EscalationCause.KEY)
    if got.speech:
        level = _read_danger(walk, got.speech)
        if level is EmergencyLevel.EMERGENCY:
            return walk.ask_about_danger(Pending.ESCALATION_CONFIRM)
        if level is EmergencyLevel.POSSIBLE:
            return walk.ask_about_danger(Pending.DANGER_QUESTION)
    zero = _ZEROS_ALONE.fullmatch(got.keys.strip("#")) if several else got.keys.startswith("0")
    return walk.person("key 0") if zero else None


def _read_danger(walk: Walk, speech: str) -> EmergencyLevel:
    """Read words for an emergency; with any sign also the place, which decides whom 911 means."""
    reading = walk.readers.emergency(speech, walk.state.language)
    if reading.level is EmergencyLevel.NONE:
        return reading.level
    walk.note(
        "emergency_read",
        " ".join(reading.words),
        level=reading.level.value,
        reason=reading.reason,
    )
    walk.update(emergency=higher(walk.state.emergency, reading))
    place = walk.readers.place(speech, walk.state.language)
    if place is not None:
        walk.update(place=place)
    intent = walk.readers.intent(speech, walk.state.language)
    if intent.intent and not walk.state.intent.intent:
        walk.update(intent=intent)
    return reading.level


def _answer_danger(walk: Walk, got: _Input) -> Turn:
    """Read the answer to a question about danger; what is unclear never lowers the danger."""
    level = _read_danger(walk, got.speech) if got.speech else EmergencyLevel.NONE
    clear = got.confidence is None or got.confidence >= CLEAR_CONFIDENCE
    said_no = clear and level is EmergencyLevel.NONE and is_no(got.speech) and not got.keys
    if walk.state.pending is Pending.ESCALATION_CONFIRM:
        return _confirm_escalation(walk, got, said_no=said_no)
    return _danger_question(walk, got, level, said_no=said_no)


def _confirm_escalation(walk: Walk, got: _Input, *, said_no: bool) -> Turn:
    """A clear no or star is the only way not to dial."""
    if said_no or got.keys == "*":
        walk.update(taken_back=True)
        return walk.join(PriorityClass.POSSIBLE, "emergency taken back")
    by_key = asks_911(got.keys)
    return walk.escalate(EscalationCause.KEY if by_key else EscalationCause.WORDS)


def _danger_question(walk: Walk, got: _Input, level: EmergencyLevel, *, said_no: bool) -> Turn:
    said_yes = is_yes(got.speech) or starts_with_yes(got.speech)
    by_key = asks_911(got.keys) or got.keys.startswith("1")
    if by_key or said_yes or level is EmergencyLevel.EMERGENCY:
        return walk.escalate(EscalationCause.POSSIBLE_CONFIRMED)
    if said_no or got.keys in {"2", "*"}:
        walk.update(taken_back=True)
        return walk.join(PriorityClass.PRIORITY, "danger denied")
    return walk.join(PriorityClass.POSSIBLE, "danger unclear", dial_when_untaken=True)
