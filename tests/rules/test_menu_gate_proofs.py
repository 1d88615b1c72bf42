"""What passes the gate strands nobody: random callers on generated menus, and broken interpreters."""

import random
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from ivr.rules import menu_proof_facts
from ivr.rules.actions import (
    Escalate,
    Goodbye,
    JoinLine,
    Listen,
    RingHumanLine,
    TakeVoicemail,
    TransferTo,
)
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.hours import ALWAYS, Hours, Opening
from ivr.rules.menu import TURN_LIMIT, Graph, answer, begin, compile_graph
from ivr.rules.menu_gate import CityFacts
from ivr.rules.menu_nodes import BranchNode, CallBackNode, ConfirmNode
from ivr.rules.menu_state import CallerInput, Event, Readers, RequestStatus, Turn
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from models.states import EmergencyLevel, Language
from tests.rules.menus_good import INTENTS, NOW, city, examined, generated, large, large_city, small

pytestmark = pytest.mark.rules

ENDS = JoinLine | Escalate | RingHumanLine | Goodbye
AROUND = {"hours", "holiday", "caller", "line_length", "switch", "jurisdiction"}


# Random callers.


def readers(chance: random.Random) -> Readers:
    """A city in which every fact may change at any moment, and words mean what they name."""

    def place(words: str, _language: Language) -> PlaceFound | None:
        if not words.startswith("at "):
            return None
        spoken = SpokenPlace(PlaceKind.LANDMARK, text=words)
        area = words.removeprefix("at ")
        return PlaceFound(spoken, jurisdiction=area, tribal=area == "tribal")

    def danger(words: str, _language: Language) -> EmergencyReading:
        level = {"fire": EmergencyLevel.EMERGENCY, "hurt": EmergencyLevel.POSSIBLE}
        return EmergencyReading(level.get(words, EmergencyLevel.NONE))

    return Readers(
        danger,
        lambda words, language: Heard(words, 1.0, language=language) if words in INTENTS else Heard(),
        place,
        opening=lambda line, now: Opening(chance.random() < 0.5, now, chance.choice(["", "Labor Day"])),
        switch=lambda _: chance.random() < 0.5,
        line_length=lambda: chance.choice([0, 1, 4, 5, 90]),
        wait_seconds=lambda: chance.choice([None, 240.0]),
        seen_before=lambda: chance.random() < 0.5,
        can_text=chance.random() < 0.5,
        own_number=chance.choice(["", "0 1 4 2"]),
        request_status=lambda number: chance.choice([None, RequestStatus(number, *[dict.fromkeys(Language, "x")] * 2)]),
    )  # fmt: skip


def act(chance: random.Random, turn: Turn) -> CallerInput:
    """Anything that a caller may do now, silence and rubbish included."""
    match turn.actions[-1]:
        case TransferTo():
            return CallerInput(event=chance.choice([Event.TRANSFER_FAILED, Event.TRANSFER_ENDED]))
        case TakeVoicemail():
            return chance.choice([CallerInput(event=Event.RECORDED), CallerInput(silent=True)])
    return chance.choice(
        [
            CallerInput(silent=True),
            CallerInput(digits=chance.choice("1234*#")),
            CallerInput(digits=chance.choice("1234")),
            CallerInput(digits=chance.choice(["55", "12345", "7", "0", "9"])),
            CallerInput(speech=chance.choice([*INTENTS, "at tucson", "at marana", "at town"])),
            CallerInput(speech=chance.choice(["one", "dos", "yes", "no", "english", "repeat"])),
            CallerInput(speech=chance.choice(["mumble", "fire", "hurt", "at tribal", "person"])),
        ]
    )


def was_chosen(graph: Graph, asked: str, heard: CallerInput, turn: Turn) -> bool:
    """Whether a goodbye was the caller's own: an option, or a message that was left."""
    for name in turn.path:
        node = graph.nodes[name]
        if isinstance(node, CallBackNode) or (isinstance(node, BranchNode) and node.by in AROUND):
            return False
    if isinstance(graph.nodes[asked], ConfirmNode) and heard.digits == "2":
        return False
    return not heard.silent and heard.event != Event.TRANSFER_FAILED


def call(graph: Graph, chance: random.Random) -> str:
    """One call to its end; returns why a caller was stranded, "" when nobody was."""
    around = readers(chance)
    heard = CallerInput(silent=True)
    turn = answer(graph, begin(graph), heard, NOW, around)
    for _ in range(TURN_LIMIT + 3):
        asked, action = turn.state.node, turn.actions[-1]
        whys = {str(note.data.get("why")) for note in turn.journal if note.kind == "line_chosen"}
        if whys & {"the menu went in a circle", "node unknown", "node asks nothing"}:
            return f"lost: {whys}"
        if isinstance(action, ENDS):
            return ""
        if isinstance(action, Listen) and not action.prompt and not turn.state.given_time:
            return f"{asked} said nothing"
        heard = act(chance, turn)
        turn = answer(graph, turn.state, heard, NOW, around)
        if isinstance(turn.actions[-1], Goodbye) and not was_chosen(graph, asked, heard, turn):
            return f"{asked} hung up after {heard}"
    return "never ended"


def always_open() -> CityFacts:
    return city(hours=Hours(ZoneInfo("America/Phoenix"), ALWAYS))


def passing(wanted: int):
    """Generated menus that pass, and how many were tried for them."""
    found = []
    for seed in range(wanted * 12):
        menu = generated(seed, 8 + seed % 9)
        if examined(menu, always_open()).passes:
            found.append(menu)
        if len(found) == wanted:
            return found, seed + 1
    raise AssertionError(f"only {len(found)} of {wanted * 12} pass: the generator is too wild")


def test_whatever_passes_the_gate_never_strands_a_caller(depth):
    menus, callers = (200, 50) if depth == "full" else (25, 20)
    found, tried = passing(menus)
    assert tried > len(found), "a generator of good menus alone would prove nothing"
    stranded = {
        (number, caller): why
        for number, menu in enumerate(found)
        for caller in range(callers)
        if (why := call(compile_graph(menu), random.Random(1000 * number + caller)))
    }
    assert not stranded


def test_random_callers_do_find_what_the_gate_refuses():
    """The simulated callers are no blind judges: on planted menus they are stranded."""
    menu = small()
    menu["nodes"]["person"]["cases"]["closed"] = "end"
    assert not examined(menu).passes
    graph = compile_graph(menu)
    assert any(call(graph, random.Random(seed)) for seed in range(60))


def test_a_large_menu_that_passes_strands_nobody():
    menu = large(120)
    graph = compile_graph(menu)
    assert examined(menu, large_city(menu)).passes
    assert not [why for seed in range(30) if (why := call(graph, random.Random(seed)))]


# An interpreter that breaks its promise is found out, whatever the menu.


def _instead(action):
    """Every turn that would end in `action` listens on without a word, deaf to interruptions."""

    def broken(graph, state, heard, now, city):
        turn = answer(graph, state, heard, now, city)
        if not isinstance(turn.actions[-1], action):
            return turn
        deaf = Listen((), True, True, Language.EN, 2.0, barge_in=False)
        kept = replace(turn.state, ended="", node=state.node, asked=True)
        return replace(turn, state=kept, actions=(deaf,))

    return broken


def _hangs_up_on_silence(graph, state, heard, now, city):
    turn = answer(graph, state, heard, now, city)
    silent = state.asked and heard.silent and state.misses >= 1
    return replace(turn, actions=(Goodbye(()),)) if silent else turn


def _repeats_itself(graph, state, heard, now, city):
    turn = answer(graph, state, heard, now, city)
    action = turn.actions[-1]
    if heard.silent and state.asked and isinstance(action, Listen) and action.prompt:
        return replace(turn, actions=(replace(action, prompt=(*action.prompt[:0], "same")),))
    return turn


BROKEN = [
    ("L06", "does not dial 911", _instead(Escalate)),
    ("L07", "does not reach a person", _instead(JoinLine)),
    ("L09", "cannot be interrupted", _instead(JoinLine)),
    ("L10", "waits 2 s", _instead(JoinLine)),
    ("L11", "never reaches a person", _instead(JoinLine)),
    ("L11", "miss of a call", _instead(JoinLine)),
    ("L11", "turn 41 of a call", _instead(JoinLine)),
    ("L11", "ends the call", _hangs_up_on_silence),
    ("L11", "says the same", _repeats_itself),
]


@pytest.mark.parametrize(("code", "says", "broken"), BROKEN)
def test_a_broken_interpreter_is_found_out(monkeypatch, code, says, broken):
    monkeypatch.setattr(menu_proof_facts, "answer", broken)
    findings = examined(small()).findings
    assert any(one.code == code and says in one.message for one in findings)
