"""Two close wishes are asked about once; whatever is no clear choice goes to a person."""

from dataclasses import replace

import pytest

from ivr.rules.actions import JoinLine, Listen
from ivr.rules.heard import Heard
from ivr.rules.menu import MenuState, answer
from ivr.rules.menu_between import close_two
from tests.rules.tucson_pack import NOW, SILENCE, at, heard, keys, readers, spoken, tucson, words

pytestmark = pytest.mark.rules

CLOSE = Heard("", 0.4, (("water_leak", 0.4), ("water_bill", 0.3), ("sewer", 0.1)))
BOTH = ("water_leak", "water_bill")


def turn_at(state: MenuState, said, intent: Heard = CLOSE):
    known = replace(readers(), intent=lambda text, language: intent)
    return answer(tucson().menu, state, said, NOW, known)


def asked():
    return turn_at(at("need"), words("something with the water at my place"))


@pytest.mark.parametrize(
    ("found", "two"),
    [
        (CLOSE, BOTH),
        (Heard("pothole", 0.9, (("sidewalk", 0.05),)), None),
        (Heard("", 0.3, (("water_leak", 0.3),)), None),
        (Heard("", 0.45, (("water_leak", 0.45), ("water_bill", 0.1))), None),
        (Heard("", 0.1, (("water_leak", 0.1), ("water_bill", 0.1))), None),
        (Heard("", 0.4, (("human", 0.4), ("water_bill", 0.4))), None),
        (Heard("", 0.4, (("crisis", 0.4), ("welfare_check", 0.3))), None),
        (Heard(), None),
    ],
)
def test_two_wishes_are_close_when_neither_is_clear_and_both_are_likely(found, two):
    assert close_two(found) == two


def test_the_caller_is_asked_by_name_and_by_key():
    turn = asked()
    assert isinstance(turn.actions[-1], Listen)
    assert turn.state.between == BOTH
    said = spoken(turn).lower()
    assert "water leak" in said
    assert "water bill" in said
    assert "press 2" in said


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1", "water_leak"), ("2", "water_bill"), ("the second", "water_bill"), ("primero", "water_leak")],
)  # fmt: skip
def test_a_key_or_first_and_second_choose(said, meant):
    turn = turn_at(asked().state, heard(said))
    assert turn.state.intent.intent == meant
    assert turn.state.between == ()


def test_words_that_name_one_of_the_two_choose():
    named = Heard("water_bill", 0.9)
    assert turn_at(asked().state, words("my bill"), named).state.intent.intent == "water_bill"


@pytest.mark.parametrize("said", [SILENCE, keys("3"), words("no neither"), words("a tree")])
def test_no_clear_choice_goes_to_a_person_with_the_words(said):
    other = Heard("tree", 0.9)
    turn = turn_at(asked().state, said, other)
    assert isinstance(turn.actions[-1], JoinLine)
    assert turn.state.words[0] == "something with the water at my place"


def test_danger_is_read_before_the_choice():
    turn = turn_at(asked().state, words("my house is on fire"))
    assert "911" in spoken(turn)


def test_the_question_outlives_being_stored():
    state = asked().state
    assert MenuState.from_json(state.to_json()) == state


def test_a_menu_without_the_sentence_asks_nothing():
    menu = tucson().menu
    silent = replace(menu, sentences=replace(menu.sentences, two_wishes=None))
    known = replace(readers(), intent=lambda text, language: CLOSE)
    turn = answer(silent, at("need"), words("something with the water"), NOW, known)
    assert isinstance(turn.actions[-1], JoinLine)
