"""What must never happen in a menu, on random callers and random graphs."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.actions import Ending, Escalate, Handover, JoinLine, Listen
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.menu import (
    CallerInput,
    MenuState,
    Pending,
    Readers,
    answer,
    begin,
    compile_graph,
)
from ivr.rules.menu_nodes import Ending as NodeEnding
from models.states import EmergencyLevel
from tests.rules.tucson_pack import NOW, PACK, readers, tucson

pytestmark = pytest.mark.rules

SAYINGS = [
    "yes", "no", "pothole", "Speedway and Campbell", "2200 E Speedway", "hay un bache", "operator",
    "my house is on fire", "a dog bit me", "repeat", "I don't know", "sells", "banana", "español",
]  # fmt: skip
INPUTS = st.one_of(
    st.just(CallerInput(silent=True)),
    st.text("0123456789*#", min_size=1, max_size=3).map(lambda d: CallerInput(digits=d)),
    st.sampled_from(SAYINGS).map(lambda s: CallerInput(speech=s)),
    st.text(max_size=40).map(lambda s: CallerInput(speech=s, confidence=0.3)),
    st.builds(CallerInput, st.none() | st.text(max_size=5), st.none() | st.text(max_size=20)),
)
ENDS = Ending
MOST_TURNS = 45


@settings(max_examples=40, deadline=None)
@given(st.lists(INPUTS, min_size=MOST_TURNS, max_size=MOST_TURNS))
def test_every_caller_ends_at_a_person_or_at_911_within_bounded_turns(inputs):
    turn = answer(tucson().menu, begin(tucson().menu), CallerInput(silent=True), NOW, readers())
    for heard in inputs:
        assert isinstance(turn.actions[-1], Listen | Handover | ENDS)
        if isinstance(turn.actions[-1], ENDS):
            return
        assert MenuState.from_json(turn.state.to_json()) == turn.state
        turn = answer(tucson().menu, turn.state, heard, NOW, readers())
    assert isinstance(turn.actions[-1], ENDS)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(tucson().menu.nodes)), INPUTS, st.sampled_from(list(Pending)))
def test_every_node_answers_every_input(node, heard, pending):
    state = MenuState(node=node, asked=True, pending=pending)
    turn = answer(tucson().menu, state, heard, NOW, readers())
    assert isinstance(turn.actions[-1], Listen | Handover | ENDS)
    assert len(turn.actions) == 1


@pytest.mark.parametrize("node", sorted(tucson().menu.nodes))
def test_9_and_0_work_at_every_node(node):
    state = MenuState(node=node, asked=True)
    nine = answer(tucson().menu, state, CallerInput(digits="9"), NOW, readers())
    zero = answer(tucson().menu, state, CallerInput(digits="0"), NOW, readers())
    assert isinstance(nine.actions[-1], Escalate)
    assert isinstance(zero.actions[-1], JoinLine)


def test_a_caller_of_a_node_that_is_gone_reaches_a_person():
    turn = answer(tucson().menu, MenuState("gone", asked=True), CallerInput(), NOW, readers())
    assert isinstance(turn.actions[-1], JoinLine)


def nothing_read() -> Readers:
    return Readers(
        lambda text, language: EmergencyReading(),
        lambda text, language: Heard(),
        lambda text, language: None,
    )


KINDS = ["say", "choose", "ask_intent", "ask_location", "confirm", "information", "branch", "line"]


def generated(kinds: list[str], followers: list[int]) -> dict:
    """A legal menu of any shape: followers anywhere, circles included."""
    names = [f"n{i}" for i in range(len(kinds))]
    text = {"en": "a", "es": "b"}
    prompt = {"text": text, "reprompts": [{"en": "c", "es": "d"}, {"en": "e", "es": "f"}]}
    place = {"text": {"en": "{place}", "es": "{place}"}, "reprompts": [
        {"en": "x {place}", "es": "x {place}"}, {"en": "y {place}", "es": "y {place}"}]}  # fmt: skip
    nodes = {}
    for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        to = [names[followers[(at + n) % len(followers)] % len(names)] for n in range(3)]
        option = {"key": "1", "words": {"en": ["one"], "es": ["uno"]}, "next": to[0]}
        nodes[name] = {"kind": kind} | {
            "say": {"text": text, "next": to[0]},
            "choose": {"prompt": prompt, "options": [option]},
            "ask_intent": {"prompt": prompt, "options": [option], "next": to[1], "unclear": to[2]},
            "ask_location": {"prompt": prompt, "options": [option], "change": text, "next": to[1]},
            "confirm": {"prompt": place, "right": to[0], "change": to[1], "give_up": to[2]},
            "information": {"text": text, "prompt": prompt, "options": [option]},
            "branch": {"by": "language", "cases": {"en": to[0]}, "otherwise": to[1]},
            "line": {"text": text, "priority": "ordinary", "skill": "general"},
        }[kind]
    sentences = yaml.safe_load((PACK / "first/menu.yaml").read_text("utf-8"))["sentences"]
    return {"key": "menu", "start": names[0], "sentences": sentences, "nodes": nodes}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=8),
    st.lists(st.integers(0, 7), min_size=3, max_size=8),
    st.lists(INPUTS, min_size=MOST_TURNS, max_size=MOST_TURNS),
)
def test_no_graph_can_spin_or_hold_a_caller(kinds, followers, inputs):
    graph = compile_graph(generated(kinds, followers))
    turn = answer(graph, begin(graph), CallerInput(silent=True), NOW, nothing_read())
    for heard in inputs:
        if isinstance(turn.actions[-1], ENDS):
            break
        turn = answer(graph, turn.state, heard, NOW, nothing_read())
    assert isinstance(turn.actions[-1], ENDS)


@settings(max_examples=25, deadline=None)
@given(st.lists(INPUTS, min_size=1, max_size=12))
def test_an_emergency_reading_never_falls_within_a_call(inputs):
    turn = answer(tucson().menu, begin(tucson().menu), CallerInput(silent=True), NOW, readers())
    rank = 0
    for heard in inputs:
        turn = answer(tucson().menu, turn.state, heard, NOW, readers())
        assert turn.state.emergency.rank >= rank
        rank = turn.state.emergency.rank


def test_the_state_begins_without_any_sign():
    assert begin(tucson().menu).emergency.level is EmergencyLevel.NONE
    assert not isinstance(tucson().menu.nodes[tucson().menu.start], NodeEnding)
