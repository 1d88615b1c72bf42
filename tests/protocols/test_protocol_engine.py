"""The engine: what is asked, what counts, what is decided. Invariants of `protocols.md` by number."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    OUTCOMES,
    answers_to,
    choice,
    determinant,
    generated_protocols,
    is_,
    legal_answers,
    library_text,
    number,
    protocol,
    protocols_with_answers,
    text,
)

from protocols import loading
from protocols.asking import as_plain
from protocols.conditions import All, Always, AnyOf, Compare, Not, Operator
from protocols.engine import (
    Met,
    check,
    coming,
    determine,
    next_question,
    off_path,
    visible_path,
)
from protocols.errors import AnswerError
from protocols.levels import Level

pytestmark = pytest.mark.rules

SMOKE = protocol(
    [
        choice("smoke", "yes", "no", danger=("yes",)),
        choice("colour", "black", "white", ask_if=is_("smoke", "no")),
        number("minutes", ask_if=is_("colour", "black")),
        text("where"),
    ],
    [
        ("fire", is_("smoke", "yes"), "emergency_9"),
        ("long", Compare("minutes", Operator.AT_LEAST, 30), "urgent_1"),
        ("black", is_("colour", "black"), "routine_1"),
    ],
)


def decided(script, answers, **how):
    verdict = determine(script, answers, **how)
    return verdict.determinant.id if verdict.determinant else None


def asked(script, answers):
    question = next_question(script, answers)
    return question.id if question else None


WALK = [
    # answers                                                      next       so far
    ({},                                                           "smoke",   None),
    ({"smoke": "no"},                                              "colour",  None),
    ({"smoke": "no", "colour": "white"},                           "where",   None),
    ({"smoke": "no", "colour": "white", "where": "x"},             None,      "information_1"),
    ({"smoke": "no", "colour": "black"},                           "minutes", "routine_1"),
    ({"smoke": "no", "colour": "black", "minutes": 30},            "where",   "urgent_1"),
    ({"smoke": "no", "colour": "unknown"},                         "minutes", None),
    ({"smoke": "yes"},                                             None,      "emergency_9"),
    ({"smoke": "unknown"},                                         None,      "emergency_9"),
    ({"smoke": "refused"},                                         None,      "emergency_9"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "following", "outcome"), WALK)
def test_each_answer_brings_the_next_question_and_the_outcome_so_far(answers, following, outcome):
    assert (asked(SMOKE, answers), decided(SMOKE, answers)) == (following, outcome)


def test_an_emergency_ends_the_questions_at_once():
    verdict = determine(SMOKE, {"smoke": "yes"})
    assert verdict.emergency
    assert verdict.final
    assert verdict.level is Level.EMERGENCY
    assert verdict.destination.kind == "911"
    assert coming(SMOKE, {"smoke": "yes"}) == ()


def test_the_call_taker_sees_the_answers_on_the_path_and_the_next_question():
    answers = {"smoke": "no", "minutes": 5, "colour": "white"}
    path = [(step.question.id, step.answer) for step in visible_path(SMOKE, answers)]
    assert path == [("smoke", "no"), ("colour", "white"), ("where", None)]


COMING = [
    ({},                                  ["colour", "minutes", "where"]),
    ({"smoke": "no"},                     ["minutes", "where"]),
    ({"smoke": "no", "colour": "white"},  []),
    ({"smoke": "no", "where": "unanswered"}, ["minutes"]),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "following"), COMING)
def test_what_may_still_follow_is_shown_ahead(answers, following):
    assert [question.id for question in coming(SMOKE, answers)] == following


def test_must_have_08_going_back_recomputes_and_hides_answers_off_the_path():
    answers = {"smoke": "no", "colour": "black", "minutes": 45, "where": "alley"}
    assert decided(SMOKE, answers) == "urgent_1"
    edited = answers | {"colour": "white"}
    assert decided(SMOKE, edited) == "information_1"
    assert off_path(SMOKE, edited) == ("minutes",)
    assert decided(SMOKE, edited | {"colour": "black"}) == "urgent_1"


def test_must_have_12_all_rules_that_hold_are_reported_with_the_values_they_read():
    answers = {"smoke": "no", "colour": "black", "minutes": 45, "where": "alley"}
    assert determine(SMOKE, answers).criteria == (
        Met("long", "urgent_1", {"minutes": 45}),
        Met("black", "routine_1", {"colour": "black"}),
    )


def test_where_no_rule_holds_the_verdict_says_otherwise():
    answers = {"smoke": "no", "colour": "white", "where": "alley"}
    assert determine(SMOKE, answers).criteria == (Met("otherwise", "information_1", {}),)


@given(protocols_with_answers())
@settings(max_examples=100)
def test_i1_after_any_edit_the_result_equals_a_fresh_run_on_the_answers_of_the_path(made):
    script, answers = made
    stale = off_path(script, answers)
    fresh = {name: answer for name, answer in answers.items() if name not in stale}
    assert determine(script, answers) == determine(script, fresh)
    assert visible_path(script, answers) == visible_path(script, fresh)
    assert coming(script, answers) == coming(script, fresh)


@given(protocols_with_answers(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_i1_the_order_in_which_answers_came_never_changes_the_result(made, random):
    script, answers = made
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert determine(script, dict(shuffled)) == determine(script, answers)


LEANING = [
    # the level of the rule, the answer, does the rule hold
    ("emergency_1", "unknown", True),
    ("emergency_1", "refused", True),
    ("emergency_1", "no", False),
    ("urgent_1", "unknown", False),
    ("routine_1", "refused", False),
]


@pytest.mark.parametrize(("outcome", "answer", "holds"), LEANING)
def test_i3_not_knowing_counts_towards_an_emergency_and_towards_nothing_less(
    outcome, answer, holds
):
    script = protocol([choice("q", "yes", "no")], [("r", is_("q", "yes"), outcome)])
    assert decided(script, {"q": answer}) == (outcome if holds else "information_1")


def test_i3_a_question_the_path_leaves_out_is_not_held_against_the_caller():
    script = protocol(
        [
            choice("outside", "yes", "no"),
            choice("inside_smoke", "yes", "no", danger=("yes",), ask_if=is_("outside", "no")),
        ],
        [("smoke", is_("inside_smoke", "yes"), "emergency_9")],
    )
    assert decided(script, {"outside": "yes"}) == "information_1"
    assert decided(script, {"outside": "unknown", "inside_smoke": "unknown"}) == "emergency_9"


@given(generated_protocols(), st.data())
@settings(max_examples=100)
def test_an_emergency_is_never_taken_back_by_a_later_answer(script, data):
    answers, was_emergency = {}, False
    for question in data.draw(st.permutations(script.questions)):
        answers[question.id] = data.draw(legal_answers(question))
        now_emergency = determine(script, answers).emergency
        assert now_emergency or not was_emergency
        was_emergency = now_emergency


@given(protocols_with_answers())
@settings(max_examples=100)
def test_i7_any_legal_answers_give_a_result_and_a_final_one_has_a_determinant(made):
    script, answers = made
    verdict = determine(script, answers)
    assert verdict.final == (next_question(script, answers) is None)
    assert verdict.determinant is not None or not verdict.final
    closed = determine(script, answers, closed=True)
    assert closed.final
    assert closed.determinant is not None


@given(generated_protocols(), st.data())
@settings(max_examples=60)
def test_i7_following_the_questions_always_ends(script, data):
    answers = {}
    while (question := next_question(script, answers)) is not None:
        assert question.id not in answers
        answers[question.id] = data.draw(legal_answers(question))
    assert determine(script, answers).determinant is not None
    assert off_path(script, answers) == ()


ILLEGAL = [
    ({"smoke": "maybe"}, "smoke: 'maybe' is not an option (yes, no, unknown, refused)"),
    ({"smoke": True}, "smoke: True is not an option"),
    ({"smoke": ["yes"]}, "smoke: ['yes'] is not an option"),
    ({"smoke": None}, "smoke: None is not an option"),
    ({"minutes": "30"}, "minutes: '30' is not a number"),
    ({"minutes": True}, "minutes: True is not a number"),
    ({"minutes": float("nan")}, "minutes: nan is not a number of"),
    ({"minutes": float("inf")}, "minutes: inf is not a number of"),
    ({"where": 7}, "where: 7 is not text"),
    ({"where": "x" * 2001}, "where: 2001 characters, at most 2000"),
    ({"smel": "yes"}, "no question 'smel'"),
    ({"minutes": 10**5000}, "minutes: a number too long to print is not a number of"),
]


@pytest.mark.parametrize(("answers", "fault"), ILLEGAL)
def test_i8_an_answer_of_the_wrong_type_is_refused_and_never_converted(answers, fault):
    with pytest.raises(AnswerError) as refused:
        determine(SMOKE, answers)
    assert refused.value.faults[0].startswith(fault)


def test_i6_every_illegal_answer_is_named_at_once():
    with pytest.raises(AnswerError) as refused:
        check(SMOKE, {"smoke": "perhaps", "minutes": "many", "smel": 1})
    assert len(refused.value.faults) == 3


def test_i8_a_number_outside_its_bounds_is_refused():
    script = protocol([replace(number("dogs"), least=1, most=50)], [])
    for wrong in (0, 51):
        with pytest.raises(AnswerError):
            check(script, {"dogs": wrong})
    check(script, {"dogs": 50})


@given(protocols_with_answers(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_i9_the_order_of_rules_and_determinants_never_changes_the_result(made, random):
    script, answers = made
    rules, determinants = list(script.rules), list(script.determinants)
    random.shuffle(rules)
    random.shuffle(determinants)
    shuffled = replace(script, rules=tuple(rules), determinants=tuple(determinants))
    assert determine(shuffled, answers) == determine(script, answers)


RANKING = [
    # two outcomes that both hold         the one that decides
    (("urgent", 1), ("routine", 9),       0),
    (("emergency", 0), ("urgent", 10),    0),
    (("routine", 2), ("routine", 3),      1),
    (("information", 9), ("routine", 0),  1),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "winner"), RANKING)
def test_i9_the_most_urgent_level_wins_and_then_the_priority(one, other, winner):
    outcomes = [
        determinant(name, Level(level), priority)
        for name, (level, priority) in zip(("first", "second"), (one, other), strict=True)
    ]
    rules = [("r1", Always(), "first"), ("r2", Always(), "second")]
    script = protocol([text("q")], rules, "first", outcomes)
    verdict = determine(script, {"q": "x"})
    assert verdict.determinant.id == outcomes[winner].id
    assert len(verdict.criteria) == 2


READ = [
    ({},                                    False, {"p": "unanswered", "q": "undecided"}),
    ({"p": "unknown"},                      False, {"p": "unknown", "q": "unanswered"}),
    ({"p": "refused", "q": "no"},           False, {"p": "refused", "q": "no"}),
    ({"p": "no"},                           False, {"p": "no", "q": "not_asked"}),
    ({"p": "no", "q": "yes"},               False, {"p": "no", "q": "not_asked"}),
    ({},                                    True,  {"p": "left_open", "q": "left_open"}),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "closed", "read"), READ)
def test_i10_unanswered_unknown_refused_and_not_asked_are_told_apart(answers, closed, read):
    script = protocol(
        [choice("p", "yes", "no"), choice("q", "yes", "no", ask_if=is_("p", "yes"))],
        [("r", AnyOf((Always(), is_("p", "yes"), is_("q", "yes"))), "routine_1")],
    )
    assert determine(script, answers, closed=closed).criteria[0].read == read


def test_i10_typed_words_that_look_like_the_engines_own_are_plain_text():
    script = protocol([text("q")], [])
    verdict = determine(script, {"q": "unanswered"})
    assert verdict.final
    assert verdict.unanswered == ()


def test_i12_a_caller_who_is_gone_leaves_open_safety_questions_counted_as_danger():
    assert not determine(SMOKE, {}).final
    gone = determine(SMOKE, {}, closed=True)
    assert gone.emergency
    assert gone.unanswered == ("smoke", "colour", "minutes", "where")


def test_a_caller_who_is_gone_after_the_safety_questions_is_no_emergency():
    gone = determine(SMOKE, {"smoke": "no"}, closed=True)
    assert (gone.determinant.id, gone.final) == ("information_1", True)


@given(generated_protocols(), st.data())
@settings(max_examples=60)
def test_i14_the_same_answers_give_the_same_verdict_bit_for_bit(script, data):
    answers = data.draw(answers_to(script))
    again = replace(script)
    first, second = (json.dumps(as_plain(determine(s, answers))) for s in (script, again))
    assert first == second


def test_i14_a_document_read_twice_decides_the_same():
    answers = {"danger_now": "no", "crash": "no", "swerving": "unknown"}
    first, second = (loading.load(library_text("pothole"), "pothole") for _ in range(2))
    assert first == second
    assert determine(first, answers) == determine(second, answers)


def test_a_question_is_asked_when_it_is_not_certain_that_it_need_not_be():
    script = protocol(
        [choice("p", "yes", "no"), choice("q", "yes", "no", ask_if=Not(is_("p", "yes")))], []
    )
    assert asked(script, {"p": "unknown"}) == "q"
    assert asked(script, {"p": "no"}) == "q"
    assert asked(script, {"p": "yes"}) is None


def test_an_emergency_waits_until_no_open_answer_can_undo_it():
    both = All((is_("p", "yes"), Not(is_("q", "yes"))))
    script = protocol(
        [choice("p", "yes", "no"), choice("q", "yes", "no")], [("r", both, "emergency_1")]
    )
    assert not determine(script, {"p": "yes"}).emergency
    assert determine(script, {"p": "yes", "q": "unknown"}).emergency
    assert not determine(script, {"p": "yes", "q": "yes"}).emergency


def test_every_outcome_of_the_samples_is_a_different_one():
    assert len({outcome.id for outcome in OUTCOMES}) == 8
