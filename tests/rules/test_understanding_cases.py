"""The cases of what callers say are sound, and what is read of them does not fall."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules import emergency, understanding
from ivr.rules.folding import fold
from ivr.rules.phrase_weights import learn, shares
from models.states import EmergencyLevel, Language
from tests.cases.understanding.utterances import utterances
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

CASES = tuple(utterances())
TUNING = tuple(case for case in CASES if not case.held_back)
LEARNED = learn(
    [(["water", "leak"], "leak"), (["big", "pothole"], "hole"), (["hole", "street"], "hole")]
)


def level(text: str, language: Language) -> EmergencyLevel:
    return emergency.read(text, language, tucson().signs).level


def test_the_cases_are_many_and_a_third_is_spanish():
    assert len(CASES) >= 600
    assert len({case.id for case in CASES}) == len({case.text for case in CASES}) == len(CASES)
    assert sum(case.language is Language.ES for case in CASES) >= len(CASES) / 3 - 1
    assert {case.intent for case in CASES} - {""} <= set(tucson().intents.names)


def test_about_three_in_ten_of_the_first_cases_are_held_back():
    first = [case for case in CASES if not (case.tuned or case.held)]
    assert 0.25 < sum(case.held_back for case in first) / len(first) < 0.35
    assert not any(case.held_back for case in CASES if case.tuned)


def test_no_danger_of_the_tuning_split_stays_in_self_service():
    unread = [
        case.text
        for case in TUNING
        if case.emergency is not EmergencyLevel.NONE
        and level(case.text, case.language) is EmergencyLevel.NONE
    ]
    assert unread == []


def test_no_ordinary_call_of_the_tuning_split_is_read_as_an_emergency():
    alarms = [
        case.text
        for case in TUNING
        if case.emergency is EmergencyLevel.NONE
        and level(case.text, case.language) is EmergencyLevel.EMERGENCY
    ]
    assert alarms == []


def test_words_of_their_own_are_guessed_right_nine_times_of_ten_on_the_tuning_split():
    wanted = [case for case in TUNING if case.intent]
    right = sum(
        understanding.read(case.text, case.language, tucson().intents).intent == case.intent
        for case in wanted
    )
    assert right / len(wanted) >= 0.9


def test_a_word_no_example_holds_is_taken_by_its_pieces():
    believed = shares(["potholes"], LEARNED)
    assert max(believed, key=believed.__getitem__) == "hole"


def test_words_of_no_known_part_are_believed_to_be_nothing():
    assert shares(["zzz"], LEARNED) == {}


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_shares_of_any_words_are_together_one(text):
    believed = shares(fold(f"water {text}").split(), LEARNED)
    assert sum(believed.values()) == pytest.approx(1.0)
    assert all(0.0 <= share <= 1.0 for share in believed.values())
