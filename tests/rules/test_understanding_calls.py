"""Whole calls in the menu: what was understood decides where the caller goes."""

import pytest

from ivr.rules.actions import Escalate, JoinLine, Listen
from models.states import EmergencyLevel, Language, PriorityClass
from tests.rules.tucson_pack import call, last, readers, spoken

pytestmark = pytest.mark.rules

WAYS = {
    "what is needed": (),
    "which problem": ("1",),
    "where it is": ("POTHOLE",),
    "the place is read back": ("POTHOLE", "speedway and campbell"),
    "the number of a report": ("4",),
    "the water bill's answer": ("2",),
}
SAID = {
    "1": ("there is a pothole", "my husband collapsed and he is not breathing"),
    "2": ("hay un bache", "mi esposo se desmayó y no respira"),
}
CONNECTING = {"1": "Connecting you to 911", "2": "Le conecto con el 9-1-1"}
SCENE = "a lady at the laundromat slid off her chair and her eyes are open but she won't talk"


@pytest.mark.parametrize("language", ["1", "2"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_emergency_is_heard_at_every_prompt_in_each_language(language, way):
    pothole, danger = SAID[language]
    turn = call(language, *(pothole if step == "POTHOLE" else step for step in way), danger)
    assert CONNECTING[language] in spoken(turn)


@pytest.mark.parametrize("answer", ["", "yes", "what", "he is bleeding"])
def test_an_emergency_that_is_not_taken_back_is_dialled(answer):
    assert isinstance(last(call("1", "my house is on fire", answer)), Escalate)


@pytest.mark.parametrize("answer", ["no", "*", "no nobody"])
def test_an_emergency_taken_back_is_a_person_at_the_top_of_the_line(answer):
    action = last(call("1", "my house is on fire", answer))
    assert isinstance(action, JoinLine)
    assert action.priority is PriorityClass.POSSIBLE


@pytest.mark.parametrize(
    ("language", "doubt", "yes", "no"),
    [
        ("1", "someone is following me", "yes", "no"),
        ("1", "I'd like to order a pizza", "yes", "no"),
        ("2", "tengo miedo", "sí", "no"),
    ],
)
def test_doubt_is_asked_about_and_the_answer_decides(language, doubt, yes, no):
    assert isinstance(last(call(language, doubt)), Listen)
    assert isinstance(last(call(language, doubt, yes)), Escalate)
    assert last(call(language, doubt, no)).priority is PriorityClass.PRIORITY
    silent = last(call(language, doubt, ""))
    assert silent.priority is PriorityClass.POSSIBLE
    assert silent.dial_when_untaken


def test_a_scene_without_a_word_of_danger_is_not_left_in_self_service():
    assert call("1", SCENE).state.emergency.level is not EmergencyLevel.NONE


@pytest.mark.parametrize(
    ("language", "said", "intent"),
    [
        ("1", "I almost had a heart attack over this graffiti on my wall", "graffiti"),
        ("2", "se me muere el teléfono rápido hay un perro suelto", "loose_dog"),
        ("1", "a dead cat in the road", "dead_animal"),
    ],
)
def test_figures_of_speech_stay_ordinary(language, said, intent):
    turn = call(language, said)
    assert turn.state.emergency.level is EmergencyLevel.NONE
    assert turn.state.intent.intent == intent


def test_danger_told_later_does_not_change_what_the_call_was_about():
    turn = call("1", "there is a pothole", "oh no a man just got hit by a car he is not moving")
    assert turn.state.intent.intent == "pothole"


def test_the_type_of_a_street_is_put_right_while_it_is_read_back():
    turn = call(
        *("1", "there is a pothole", "22nd street and sixth street"),
        "no 22nd street and sixth avenue",
    )
    assert "6th Avenue" in spoken(turn)


@pytest.mark.parametrize(
    ("said", "jurisdiction"),
    [("Speedway and Campbell", "tucson"), ("I'm in Green Valley", "pima_county")],
)
def test_a_place_has_its_jurisdiction(said, jurisdiction):
    assert readers().place(said, Language.EN).jurisdiction == jurisdiction


def test_a_tribal_place_is_taken_by_a_person():
    assert isinstance(last(call("1", "there is trash dumped on San Xavier")), JoinLine)
