"""Whole calls through the shipped menu: what a resident says and where it leads."""

import pytest

from ivr.rules.actions import Escalate, JoinLine
from ivr.rules.menu import MenuState, Pending, answer
from models.states import EmergencyLevel, EscalationCause, Language, PriorityClass
from tests.rules.tucson_pack import NOW, at, call, heard, last, readers, spoken, tucson, words

pytestmark = pytest.mark.rules


def test_the_greeting_offers_911_first_and_each_language_in_itself():
    turn = call()
    said = [(part.language, part.text) for part in last(turn).prompt]
    assert [language for language, _ in said] == ["en", "es", "en", "es"]
    assert " ".join(text for _, text in said[:2]) == (
        "Tucson 3-1-1. Emergency, press 9. Emergencia, oprima 9."
    )
    assert said[2:] == [("en", "For English, press 1."), ("es", "Para español, oprima 2.")]
    assert turn.state.misses == 0


@pytest.mark.parametrize(
    ("said", "language"),
    [("1", "en"), ("2", "es"), ("english please", "en"), ("español", "es"), ("Spanish", "es")],
)
def test_a_language_is_chosen_by_key_or_by_its_name(said, language):
    turn = call(said)
    assert turn.state.language == language
    assert turn.state.node == "need"
    first = last(turn).prompt[0]
    assert first.language == language
    assert "9" in first.text
    assert "0" in first.text


def test_silence_at_the_greeting_is_asked_again_in_both_languages():
    turn = call("")
    assert {part.language for part in last(turn).prompt} == {Language.EN, Language.ES}


@pytest.mark.parametrize(
    ("said", "language"),
    [("there's a pothole", "en"), ("hay un perro suelto", "es")],
)
def test_words_at_the_greeting_choose_the_language_and_count_as_the_need(said, language):
    turn = call(said)
    assert turn.state.language == language
    assert turn.state.node == "where"


def test_a_place_that_was_said_with_the_need_is_not_asked_for_again():
    turn = call("1", "there's a big pothole at Speedway and Campbell")
    assert turn.state.node == "read_back"
    assert turn.state.intent.intent == "pothole"
    assert "Speedway Boulevard and Campbell Avenue" in spoken(turn)
    assert turn.state.place.jurisdiction == "tucson"


@pytest.mark.parametrize("yes", ["yes", "1", "sí", "correcto", "así es", "yes that's right", "si"])
def test_a_confirmed_place_goes_to_the_line_with_all_that_was_said(yes):
    turn = call("1", "loose dog", "22nd and Kolb", yes)
    assert last(turn).priority is PriorityClass.ORDINARY
    assert turn.state.confirmed
    assert turn.state.ended == "line"
    assert turn.state.words[:2] == ("loose dog", "22nd and Kolb")


def test_a_correction_in_the_same_breath_is_read_back():
    turn = call("2", "un bache", "la calle sexta y la Stone", "no, la sexta avenida y la Congress")
    assert turn.state.node == "read_back"
    assert "6th Avenue y Congress Street" in spoken(turn)


def test_a_place_is_read_back_twice_at_most():
    first = call("1", "pothole", "2200 east speedway", "2")
    assert first.state.node == "where"
    second = call("1", "pothole", "2200 east speedway", "2", "2300 east speedway", "no")
    assert isinstance(last(second), JoinLine)
    assert second.state.readbacks == {"place": 2}


def test_asking_to_hear_the_place_again_is_not_a_new_read_back():
    turn = call("1", "pothole", "Speedway and Campbell", "repeat", "repeat", "repeat")
    assert turn.state.node == "read_back"
    assert turn.state.readbacks == {"place": 1}


@pytest.mark.parametrize(
    "said", ["I have a question about bananas", "asdkjh", "the thing with the thing"]
)
def test_unclear_words_go_to_a_person_and_are_never_guessed(said):
    turn = call("1", said)
    assert isinstance(last(turn), JoinLine)
    assert turn.state.intent.intent == ""
    assert turn.state.words == (said,)


@pytest.mark.parametrize(
    "said", ["I want to talk to a person", "operator", "quiero hablar con alguien"]
)
def test_a_person_is_given_to_whoever_asks_for_one(said):
    assert isinstance(last(call("1", said)), JoinLine)


def test_an_intent_without_a_place_is_not_asked_where():
    turn = call("1", "I need to pay my water bill")
    assert turn.state.intent.intent == "water_bill"
    assert not {"where", "read_back"} & set(turn.path)


@pytest.mark.parametrize("said", ["I'm at Desert Diamond", "en San Xavier", "by the Pascua Yaqui"])
def test_a_tribal_place_goes_to_a_person(said):
    turn = call("1", "pothole", said)
    assert isinstance(last(turn), JoinLine)
    assert any(note.data.get("why") == "tribal place" for note in turn.journal)


def test_whoever_does_not_know_the_place_is_helped_by_a_person():
    assert isinstance(last(call("1", "pothole", "I don't know")), JoinLine)
    assert isinstance(last(call("1", "pothole", "1")), JoinLine)


def test_star_goes_back_and_forgets_the_place():
    turn = call("1", "pothole", "Speedway and Campbell", "*")
    assert turn.state.node == "where"
    assert turn.state.place is None


def test_the_third_miss_at_a_prompt_is_a_person_after_two_different_prompts():
    turns = [call("1", *[""] * misses) for misses in range(4)]
    texts = [spoken(turn) for turn in turns[:3]]
    assert len(set(texts)) == 3
    assert isinstance(last(turns[3]), JoinLine)


def test_the_fifth_miss_in_a_call_is_a_person():
    turn = call("", "", "1", "", "", "pothole", "")
    assert isinstance(last(turn), JoinLine)
    assert turn.state.misses_in_call == 5


# Danger.


@pytest.mark.parametrize("node", ["greeting", "need", "where", "read_back"])
@pytest.mark.parametrize("digits", ["9", "911", "91", "9#"])
def test_key_9_dials_at_once_at_every_prompt(node, digits):
    turn = answer(tucson().menu, at(node), heard(digits), NOW, readers())
    assert last(turn).cause is EscalationCause.KEY


@pytest.mark.parametrize("node", ["greeting", "need", "where", "read_back"])
def test_key_0_is_a_person_at_every_prompt(node):
    turn = answer(tucson().menu, at(node), heard("0"), NOW, readers())
    assert isinstance(last(turn), JoinLine)


@pytest.mark.parametrize("node", ["greeting", "need", "where", "read_back"])
@pytest.mark.parametrize(
    "said", ["my house is on fire", "huele a gas", "nine one one", "emergencia"]
)
def test_words_of_emergency_are_read_first_at_every_prompt(node, said):
    turn = answer(tucson().menu, at(node), words(said), NOW, readers())
    assert turn.state.pending is Pending.ESCALATION_CONFIRM
    assert last(turn).timeout_seconds == 3.0
    assert "Connecting you to 911" in spoken(turn)


TAKEN_BACK = ["no", "*", "no no", "nobody is in danger", "nadie está en peligro", "star"]
NOT_TAKEN_BACK = ["", "yes", "0", "5", "9", "hurry", "no there is a fire", "what", "nobody is safe"]


@pytest.mark.parametrize("reply", TAKEN_BACK)
def test_only_a_clear_no_or_star_takes_an_emergency_back(reply):
    turn = call("1", "my house is on fire", reply)
    assert last(turn).priority is PriorityClass.POSSIBLE
    assert not last(turn).dial_when_untaken
    assert turn.state.emergency.level is EmergencyLevel.EMERGENCY


@pytest.mark.parametrize("reply", NOT_TAKEN_BACK)
def test_anything_else_dials_silence_included(reply):
    assert isinstance(last(call("1", "my house is on fire", reply)), Escalate)


def test_a_no_that_the_recogniser_doubts_is_not_clear():
    turn = call("1", "my house is on fire")
    doubtful = answer(tucson().menu, turn.state, words("no", 0.2), NOW, readers())
    assert isinstance(last(doubtful), Escalate)


@pytest.mark.parametrize("reply", ["yes", "1", "9", "sí", "yes he is", "he is bleeding a lot"])
def test_danger_that_is_confirmed_dials(reply):
    turn = call("1", "a dog bit my neighbor", reply)
    assert last(turn).cause is EscalationCause.POSSIBLE_CONFIRMED


@pytest.mark.parametrize("reply", ["no", "2", "no one is hurt", "nobody"])
def test_danger_that_is_denied_is_a_person_with_priority(reply):
    turn = call("1", "a dog bit my neighbor", reply)
    assert last(turn).priority is PriorityClass.PRIORITY
    assert not last(turn).dial_when_untaken


@pytest.mark.parametrize("reply", ["", "I don't know", "maybe", "5", "0", "what did you say"])
def test_danger_left_unclear_is_watched_in_the_line(reply):
    turn = call("1", "a dog bit my neighbor", reply)
    assert last(turn).priority is PriorityClass.POSSIBLE
    assert last(turn).dial_when_untaken


def test_an_emergency_keeps_the_place_that_was_said_with_it():
    turn = call("1", "there's a fire at 1000 west tangerine road", "")
    assert isinstance(last(turn), Escalate)
    assert turn.state.place.jurisdiction == "oro_valley"


def test_the_journal_holds_personal_words_apart_from_its_data():
    turn = call("1", "my house is on fire at 2200 east speedway")
    read = next(note for note in turn.journal if note.kind == "emergency_read")
    assert read.words == "on fire"
    assert all("fire at" not in str(note.data) for note in turn.journal)


def test_a_state_survives_json():
    state = call("2", "hay un bache en la Speedway y la Campbell").state
    assert MenuState.from_json(state.to_json()) == state


def test_an_ended_call_that_is_asked_again_ends_the_same_way():
    turn = call("1", "operator")
    again = answer(tucson().menu, turn.state, heard(""), NOW, readers())
    assert isinstance(last(again), JoinLine)
    dialled = answer(tucson().menu, turn.state, heard("9"), NOW, readers())
    assert isinstance(last(dialled), Escalate)
