"""The second voter on danger: it generalises, it is no voter alone, and its weights are up to date."""

import json
from dataclasses import replace
from functools import cache
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.danger_lessons import (
    ORDINARY_EMERGENCY,
    ORDINARY_POSSIBLE,
    FromWhere,
    Judged,
    Lessons,
    lessons_of,
    thresholds,
)
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from ivr.rules.danger_learning import Example, learn, taken
from ivr.rules.danger_parts import Meanings, compile_meanings, parts
from ivr.rules.danger_voter import Voter, compile_voter, vote, written
from ivr.rules.emergency import read
from ivr.rules.folding import fold
from models.states import EmergencyLevel, Language
from tests.cases.understanding.places import cases as places
from tests.cases.understanding.utterances import utterances
from tests.rules.tucson_pack import PACK, tucson

pytestmark = pytest.mark.rules

NONE, POSSIBLE, EMERGENCY = EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY
MEANINGS = compile_meanings({"meanings": {"who": "baby nino", "harm": "swallow* trag*"}})
EXAMPLES = [
    Example("the baby swallowed a coin", True),
    Example("my baby swallowed something", True),
    Example("the bin was not emptied", False),
    Example("my bin was skipped", False),
]
LEARNED = learn(taken(EXAMPLES, MEANINGS))
SMALL = Voter(MEANINGS, LEARNED.weights, LEARNED.bias, 0.0, 2.0)


def test_a_meaning_takes_words_that_no_example_held():
    assert vote("el niño se tragó algo", SMALL).score > 0 > vote("the bin", SMALL).score


def test_the_same_examples_give_the_same_weights():
    assert learn(taken(EXAMPLES, MEANINGS)) == LEARNED
    assert learn(taken(reversed(EXAMPLES), MEANINGS)) == LEARNED


FILES = read_yaml((PACK / "pack.yaml").read_text("utf-8"))["files"]


@cache
def lessons() -> Lessons:
    return lessons_of(PACK, FILES)


def test_the_shipped_weights_were_learned_from_the_shipped_examples():
    told = read_yaml((PACK / FILES["danger_meanings"]).read_text("utf-8"))
    weights = json.loads((PACK / FILES["danger_weights"]).read_text("utf-8"))
    assert weights["learned_from"] == lessons().digest(told), "run: ./run learn-danger"


def test_no_case_that_is_only_measured_is_learned_from():
    learned_from = {fold(example.text) for example in lessons().all}
    assert not [case.id for case in utterances() if case.held and fold(case.text) in learned_from]


def test_a_line_of_scenes_stands_for_each_of_its_choices():
    told = {"meanings": {"gas": "gas", "fire": "fire", "we": "us"}, "scenes": ["gas/fire we"]}
    found = compile_meanings(told)
    assert found.scene(["fire", "near", "us"]) == {"fire", "we"}
    assert found.scene(["fire", "and", "gas"]) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "a lady at the laundromat just slid off her chair and her eyes are open but she won't talk",
        "my niece drank something from under the sink and her mouth is foamy",
        "se le atoró el pan a mi suegro y está manoteando",
    ],
)
def test_danger_without_a_sign_is_not_left_in_self_service(text):
    assert read(text, Language.EN, replace(tucson().signs, voter=None)).level is NONE
    assert read(text, Language.EN, tucson().signs).level is not NONE


@pytest.mark.parametrize("case", [case for case in places() if not case.is_held_back][::4])
def test_a_place_alone_is_no_danger(case):
    if "hurry" not in case.text:
        assert read(case.text, case.language, tucson().signs).level is NONE


def test_the_voter_alone_never_reads_an_emergency():
    loud = Voter(Meanings(), {"bin": 99.0, "skipped": 99.0, "again": 99.0}, 9.0, 0.0, 1.0)
    signs = replace(tucson().signs, voter=loud)
    assert read("the bin was skipped again today", Language.EN, signs).level is POSSIBLE


def test_a_hint_beside_the_voter_is_an_emergency():
    loud = replace(tucson().signs.voter, possible_from=-99.0, sure_from=-99.0)
    signs = replace(tucson().signs, voter=loud)
    reading = read("the man over there and a knife thing", Language.EN, signs)
    assert reading.level is EMERGENCY
    assert "sounds like danger" in reading.reason


def test_a_sign_that_the_voter_clearly_speaks_against_is_asked_about():
    against = replace(tucson().signs.voter, bias=-50.0)
    signs = replace(tucson().signs, voter=against)
    assert read("my house is on fire", Language.EN, signs).level is POSSIBLE
    assert read("call 911", Language.EN, signs).level is EMERGENCY
    assert read("gas smell", Language.EN, signs).level is EMERGENCY


@pytest.mark.parametrize(
    "where",
    [
        "at speedway and campbell",
        "at 1000 west tangerine road",
        "near the corner of grant and alvernon",
    ],
)
def test_a_place_behind_a_sign_does_not_speak_against_it(where):
    reading = read(f"there's a fire {where}", Language.EN, tucson().signs)
    assert reading.level is EMERGENCY


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_the_voter_never_leaves_less_than_possible_where_a_sign_spoke(text):
    alone = read(text, Language.EN, replace(tucson().signs, voter=None))
    both = read(text, Language.EN, tucson().signs)
    assert both.rank >= min(alone.rank, 1)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=100), st.integers(1, 100))
def test_any_words_are_weighed(text, times):
    assert isfinite(vote((text * times)[:10_000], tucson().signs.voter).score)


def test_a_clause_full_of_signs_is_weighed_once_and_not_for_each(monkeypatch):
    weighed = []
    monkeypatch.setattr(
        "ivr.rules.emergency.vote", lambda text, voter: weighed.append(text) or vote(text, voter)
    )
    read("he is on fire and bleeding not breathing " * 100, Language.EN, tucson().signs)
    assert len(weighed) == 1


def test_parts_are_each_there_once():
    found = parts(["the", "the", "baby"], MEANINGS)
    assert len(found) == len(set(found))


def judged(danger: bool, score: float, level: EmergencyLevel = NONE) -> Judged:
    return Judged(danger, score, level, True)


def test_thresholds_leave_the_ordinary_their_shares():
    ordinary = [judged(False, score / 100) for score in range(1000)]
    found = thresholds([*ordinary, judged(True, 3.0, EMERGENCY)])
    levels = [found.level(one) for one in ordinary]
    assert levels.count(EMERGENCY) == 1000 * ORDINARY_EMERGENCY
    assert levels.count(EMERGENCY) + levels.count(POSSIBLE) == 1000 * ORDINARY_POSSIBLE


def test_where_signs_took_the_whole_share_the_voter_raises_nobody():
    ordinary = [judged(False, 1.0, EMERGENCY), judged(False, 5.0)]
    found = thresholds(ordinary)
    assert found.level(ordinary[1]) is NONE


def test_what_speaks_against_a_sign_only_lowers_an_emergency_to_possible():
    found = FromWhere(9.0, 9.0, 0.0)
    assert found.level(judged(True, -1.0, EMERGENCY)) is POSSIBLE
    assert found.level(judged(True, 1.0, EMERGENCY)) is EMERGENCY


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (None, "no map"),
        ({"meanings": {"who": ["a"]}}, "who"),
        ({"meanings": {"who": "a"}, "scenes": ["who whom"]}, "'whom'"),
        ({"meanings": {"who": "a"}, "scenes": [""]}, "empty"),
    ],
)
def test_a_mistake_in_the_meanings_is_named(document, named):
    with pytest.raises(CityPackError) as error:
        compile_meanings(document)
    assert named in str(error.value)


@pytest.mark.parametrize(
    "document", [None, {}, {"weights": {"a": "x"}, "bias": 0}, {"weights": [], "bias": 0}]
)
def test_a_file_that_holds_no_weights_is_refused(document):
    with pytest.raises(CityPackError):
        compile_voter(document, Meanings())


def test_weights_come_back_as_they_were_written():
    file = {"bias": 1, "possible_from": 2, "sure_from": 3, "against_below": -1}
    back = compile_voter({**file, "weights": written({"a": 1.5, "b": 0.00001})}, Meanings())
    assert back.weights == {"a": 1.5}
