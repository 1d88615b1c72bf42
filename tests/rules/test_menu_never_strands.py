"""What must never happen in a menu, on random callers and random graphs."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.actions import CallMeBack, Ending, Escalate, Handover, JoinLine, Listen, TextMe
from ivr.rules.menu import CallerInput, MenuState, Pending, answer, begin
from ivr.rules.menu_nodes import Ending as EndingNode
from ivr.rules.menu_walk import STEP_LIMIT
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from models.states import EmergencyLevel
from tests.rules.menus_made import KINDS, PLAIN, call, closed, facts, generated, nowhere
from tests.rules.tucson_pack import NOW, readers, tucson

pytestmark = pytest.mark.rules

SAYINGS = [
    "yes", "no", "pothole", "Speedway and Campbell", "2200 E Speedway", "hay un bache", "operator",
    "my house is on fire", "a dog bit me", "repeat", "I don't know", "sells", "banana", "español",
    "pothole please", "bite", "12345678", "no it is the streetlight", "word1", "english",
]  # fmt: skip
INPUTS = st.one_of(
    st.just(CallerInput(silent=True)),
    st.text("0123456789*#", min_size=1, max_size=3).map(lambda d: CallerInput(digits=d)),
    st.sampled_from(SAYINGS).map(lambda s: CallerInput(speech=s)),
    st.text(max_size=40).map(lambda s: CallerInput(speech=s, confidence=0.3)),
    st.builds(CallerInput, st.none() | st.text(max_size=5), st.none() | st.text(max_size=20)),
    st.builds(
        CallerInput,
        digits=st.none() | st.text("0123456789*#", max_size=9),
        event=st.sampled_from(["recorded", "transfer_failed", "transfer_ended", "x"]),
    ),
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


PLACE = PlaceFound(
    SpokenPlace(PlaceKind.LANDMARK, text="the zoo"),
    said={"en": "the zoo", "es": "el zoológico"},
    jurisdiction="tucson",
)
FACTS = st.builds(
    lambda is_closed, length, can, number, seen, switch, found: facts(
        **({"opening": closed} if is_closed else {}),
        line_length=lambda: length,
        can_text=can,
        own_number=number,
        seen_before=lambda: seen,
        switch=lambda name: switch,
        place=(lambda said, language: PLACE) if found else nowhere,
    ),
    st.booleans(),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from(["", "4 2 1 7"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
GRAPHS = st.builds(
    generated,
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=9),
    st.lists(st.integers(0, 8), min_size=3, max_size=9),
    st.lists(st.sampled_from(PLAIN), max_size=4),
)
TURNS = Listen | Handover | ENDS


@settings(max_examples=120, deadline=None)
@given(GRAPHS, FACTS, st.lists(INPUTS, min_size=MOST_TURNS, max_size=MOST_TURNS))
def test_no_graph_can_spin_or_hold_a_caller(graph, known, inputs):
    turn = answer(graph, begin(graph), CallerInput(silent=True), NOW, known)
    rank = 0
    for heard in inputs:
        assert len(turn.actions) == 1
        assert isinstance(turn.actions[0], TURNS)
        assert len(turn.path) <= STEP_LIMIT
        assert set(turn.path) <= set(graph.nodes)
        assert turn.state.emergency.rank >= rank, "a reading of danger never falls"
        assert MenuState.from_json(turn.state.to_json()) == turn.state
        if isinstance(turn.actions[0], ENDS):
            break
        rank = turn.state.emergency.rank
        turn = answer(graph, turn.state, heard, NOW, known)
    assert isinstance(turn.actions[0], ENDS)


@settings(max_examples=150, deadline=None)
@given(GRAPHS, FACTS, INPUTS, st.data())
def test_every_node_of_every_graph_answers_9_0_and_anything_else(graph, known, heard, data):
    """9 dials and 0 is a person wherever a caller was asked, in a graph of any shape."""
    state = MenuState(
        node=data.draw(st.sampled_from(sorted(graph.nodes))),
        asked=True,
        language_chosen=data.draw(st.booleans()),
        turns=data.draw(st.integers(0, 50)),
        misses=data.draw(st.integers(0, 9)),
        pending=data.draw(st.sampled_from(list(Pending))),
        path=tuple(data.draw(st.lists(st.sampled_from(["n0", "gone"]), max_size=3))),
        answers=data.draw(st.sampled_from([{}, {"colour": "blue"}])),
        readbacks=data.draw(st.sampled_from([{}, {"place": 2, "intent": 1}])),
    )
    assert isinstance(answer(graph, state, heard, NOW, known).actions[-1], TURNS)
    for nine in (CallerInput(digits="9"), CallerInput(digits="911"), CallerInput(digits="9#")):
        assert isinstance(answer(graph, state, nine, NOW, known).actions[-1], Escalate)
    if state.pending is Pending.NONE:
        zero = answer(graph, state, CallerInput(digits="0"), NOW, known)
        assert isinstance(zero.actions[-1], JoinLine)


@settings(max_examples=60, deadline=None)
@given(GRAPHS, FACTS, st.lists(INPUTS, max_size=6))
def test_a_turn_depends_on_nothing_but_what_it_is_given(graph, known, inputs):
    state = begin(graph)
    for heard in (CallerInput(silent=True), *inputs):
        before = state.to_json()
        once, twice = (answer(graph, state, heard, NOW, known) for _ in range(2))
        assert once == twice
        assert state.to_json() == before, "the caller's state is not changed in place"
        state = once.state


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        generated,
        st.lists(st.sampled_from(["information", "call_back", "use"]), min_size=1, max_size=5),
        st.lists(st.integers(0, 5), min_size=3, max_size=9),
        st.just(["information"]),
    ),
    st.lists(st.sampled_from("123"), min_size=4, max_size=16),
)
def test_an_effect_is_asked_for_once_in_a_call(graph, keys):
    known = facts()
    turn = answer(graph, begin(graph), CallerInput(silent=True), NOW, known)
    asked = []
    for key in keys:
        turn = answer(graph, turn.state, CallerInput(digits=key), NOW, known)
        asked += [(type(effect), effect.node) for effect in turn.effects]
    texts = [one for one in asked if one[0] is TextMe]
    assert len(texts) == len(set(texts))
    assert sum(kind is CallMeBack for kind, _ in asked) <= 1


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("information", "1"), ("information", "2"), ("choose", "1"), ("choose", "*"), ("ask", "blue"),
     ("call_back", "1"), ("status", "12345678"), ("choose", "repeat"), ("voicemail", "[recorded]")],
)  # fmt: skip
def test_whoever_goes_round_without_a_miss_reaches_a_person_all_the_same(kind, typed):
    graph = generated([kind], [0, 0, 0])
    turn = call(graph, *[typed] * MOST_TURNS)
    assert isinstance(turn.actions[0], JoinLine)
    assert turn.state.misses_in_call == 0


@pytest.mark.parametrize("second", ["a dog bite", "no", "banana", "no, a bite", "", "*"])
@pytest.mark.parametrize("kind", ["choose", "ask", "status", "information", "call_back"])
def test_danger_once_heard_stays_whatever_is_said_after(kind, second):
    turn = call(generated([kind], [0, 0, 0]), "fire", second)
    assert turn.state.emergency.level is EmergencyLevel.EMERGENCY


def test_a_state_of_an_older_version_is_read_with_the_new_fields_empty():
    stored = json.loads(MenuState("need", readbacks={"place": 1}).to_json())
    for young in ("answers", "announced", "given_time", "promised", "hours_line"):
        del stored[young]
    stored["readbacks"] = 1
    assert MenuState.from_json(json.dumps(stored)) == MenuState("need", readbacks={"place": 1})


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
    assert not isinstance(tucson().menu.nodes[tucson().menu.start], EndingNode)
