"""The shipped city pack and short ways to call its menu, for the tests of rules."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from config.city import CityPack, load
from ivr.rules.menu import CallerInput, Graph, MenuState, Readers, Turn, answer, begin

PACK = Path(__file__).parents[2] / "config/tucson"
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SILENCE = CallerInput(silent=True)


@cache
def tucson() -> CityPack:
    return load(PACK)


@cache
def readers() -> Readers:
    return tucson().readers()


def keys(digits: str) -> CallerInput:
    return CallerInput(digits=digits)


def words(speech: str, confidence: float | None = None) -> CallerInput:
    return CallerInput(speech=speech, confidence=confidence)


def heard(typed: str) -> CallerInput:
    """ "" is silence, keys are keys, anything else is speech."""
    if not typed:
        return SILENCE
    return keys(typed) if set(typed) <= set("0123456789*#") else words(typed)


def call(*typed: str, graph: Graph | None = None) -> Turn:
    """A call from the greeting on; the turn after its last input."""
    chosen = graph or tucson().menu
    turn = answer(chosen, begin(chosen), SILENCE, NOW, readers())
    for one in typed:
        turn = answer(chosen, turn.state, heard(one), NOW, readers())
    return turn


def last(turn: Turn) -> object:
    return turn.actions[-1]


def spoken(turn: Turn) -> str:
    action = turn.actions[-1]
    said = getattr(action, "prompt", None) or getattr(action, "sentence", ())
    return " ".join(part.text for part in said if hasattr(part, "text"))


def at(node: str, **fields: object) -> MenuState:
    """A caller who was asked at a node."""
    return MenuState(node=node, asked=True, language_chosen=True, **fields)  # type: ignore[arg-type]
