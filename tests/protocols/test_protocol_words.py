"""Levels in their order, verdicts as data, reasons in words, and the terminal player."""

import json
from dataclasses import replace
from itertools import combinations

import pytest
from protocol_samples import choice, is_, library, number, played, protocol, text

from protocols import asking, author_tests
from protocols.conditions import Standing
from protocols.engine import determine
from protocols.levels import Level
from protocols.script import AuthorTest, Text
from protocols.wording import answer_text, why

pytestmark = pytest.mark.rules

CALM_STREET = {"danger_now": "no", "crash": "no", "swerving": "no", "object_in_lane": "no"}


def test_must_have_13_the_order_of_levels_is_stated_once():
    falling = [Level.EMERGENCY, Level.URGENT, Level.ROUTINE, Level.INFORMATION]
    for higher, lower in combinations(falling, 2):
        assert higher > lower
        assert higher >= lower
        assert lower < higher
        assert lower <= higher
    assert sorted(Level) == falling[::-1]
    assert max(Level) is Level.EMERGENCY


def test_a_level_is_never_compared_with_plain_text():
    with pytest.raises(TypeError):
        assert Level.URGENT < "zebra"
    with pytest.raises(TypeError):
        assert Level.URGENT > "aardvark"


def test_a_verdict_is_told_in_the_shape_outside_checks_rely_on():
    verdict = determine(library("pothole"), {"danger_now": "no", "crash": "unknown"})
    assert json.loads(json.dumps(asking.as_plain(verdict))) == {
        "determinant": "pothole_crash",
        "level": "emergency",
        "emergency": True,
        "destination": {"kind": "911", "key": "by_jurisdiction"},
        "common_code": "THAZ",
        "criteria": [{"rule": "crash", "read": {"crash": "unknown"}}],
        "unanswered": ["swerving", "object_in_lane", "hole_place", "find_it"],
    }


def test_a_verdict_without_an_outcome_is_told_too():
    plain = asking.as_plain(determine(library("pothole"), {}))
    assert (plain["determinant"], plain["level"], plain["destination"]) == (None, None, None)
    assert plain["unanswered"][0] == "danger_now"


def test_why_names_the_question_and_the_answer_in_the_callers_language():
    script = library("pothole")
    met = determine(script, {"danger_now": "no", "crash": "unknown"}).criteria[0]
    (reason,) = why(script, met, "es")
    assert reason.question == "¿Acaba de haber un choque ahí?"
    assert reason.answer == "No sabe"


WORDS = [
    ("crash", "yes", "Yes"),
    ("crash", "refused", "Will not say"),
    ("crash", Standing.NOT_ASKED, "not asked"),
    ("find_it", "by the bank", "by the bank"),
]


@pytest.mark.parametrize(("question", "answer", "words"), WORDS)
def test_an_answer_is_shown_as_a_person_says_it(question, answer, words):
    assert answer_text(library("pothole").question_by_id[question], answer, "en") == words


def test_a_language_the_line_does_not_have_is_no_sentence():
    with pytest.raises(KeyError):
        Text("yes", "sí")["fr"]


PROMISED = protocol(
    [choice("q", "yes", "no", danger=("yes",))], [("r", is_("q", "yes"), "emergency_1")]
)


def with_tests(*tests):
    made = tuple(AuthorTest(name, tuple(answers.items()), d) for name, answers, d in tests)
    return replace(PROMISED, tests=made)


def test_a_stored_test_that_comes_out_otherwise_is_named():
    script = with_tests(("wrong", {"q": "no"}, "emergency_1"), ("early", {}, "information_1"))
    assert author_tests.failures(script) == (
        author_tests.Failure("wrong", "emergency_1", "information_1"),
        author_tests.Failure("early", "information_1", None),
    )


def test_what_no_stored_test_touches_is_listed():
    left_out = author_tests.untested(with_tests(("calm", {"q": "no"}, "information_1")))
    assert left_out.rules == ("r",)
    assert "emergency_1" in left_out.determinants
    assert left_out.safety_answers == (("q", "yes"), ("q", "unknown"), ("q", "refused"))


def test_a_protocol_is_played_in_the_terminal_to_its_outcome():
    shown = played(library("pothole"), "2", "2", "2", "2", "3", "behind the bakery")
    assert shown.play.over
    assert "ROUTINE: Pothole repair (pothole_request)" in shown.lines
    assert dict(shown.play.answers) == {
        **CALM_STREET,
        "hole_place": "elsewhere",
        "find_it": "behind the bakery",
    }


PLAYED = [
    # what is typed       what is answered then                    over
    (["1"],               {"danger_now": "yes"},                   True),
    (["u"],               {"danger_now": "unknown"},               True),
    (["r"],               {"danger_now": "refused"},               True),
    (["2"],               {"danger_now": "no"},                    False),
    (["no"],              {"danger_now": "no"},                    False),
    (["7"],               {},                                      False),
    ([""],                {},                                      False),
    (["2", "b"],          {},                                      False),
    (["b"],               {},                                      False),
    (["2", "2", "b", "1"], {"danger_now": "no", "crash": "yes"},   True),
    (["1", "2"],          {"danger_now": "yes"},                   True),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "answers", "over"), PLAYED)
def test_each_word_typed_moves_the_play(typed, answers, over):
    shown = played(library("pothole"), *typed)
    assert (dict(shown.play.answers), shown.play.over) == (answers, over)


def test_a_caller_who_goes_before_the_danger_question_is_an_emergency_in_the_play():
    shown = played(library("pothole"), "q", language="es")
    assert shown.play.over
    assert any(line.startswith("EMERGENCY: Bache") for line in shown.lines)


@pytest.mark.parametrize(
    ("typed", "answer"), [("7", 7.0), ("many", None), ("inf", None), ("u", "unknown")]
)
def test_a_number_is_typed_as_a_number(typed, answer):
    shown = played(protocol([number("dogs"), text("where")], []), typed)
    assert dict(shown.play.answers).get("dogs") == answer
