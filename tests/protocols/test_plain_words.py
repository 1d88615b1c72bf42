"""Conditions, the decision table and differences as sentences an approver reads."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    choice,
    determinant,
    generated_protocols,
    is_,
    library,
    many,
    number,
    place,
    protocol,
    text,
)

from protocols.conditions import All, Always, Answered, AnyOf, Compare, Has, Not, Operator
from protocols.levels import Level
from protocols.plain_words import condition_in_words, differences, table
from protocols.script import (
    Approval,
    AuthorTest,
    Destination,
    DestinationKind,
    Exemption,
    Jump,
    Text,
)

pytestmark = pytest.mark.rules


def stands(operator, limit=3):
    return Compare("n", operator, limit)


def has(*options):
    return Has("m", frozenset(options))


P, Q, R = is_("p", "yes"), is_("q", "a"), is_("r", "x")
WORDS = [
    (Always(),                                    "always"),
    (Not(Always()),                               "never"),
    (is_("danger_now", "yes", "unknown"),         "danger_now is yes or not known"),
    (is_("p", "b", "refused", "a", "unknown"),    "p is a, b, not known or not said"),
    (Not(P),                                      "p is not yes"),
    (Not(is_("p", "b", "a")),                     "p is neither a nor b"),
    (Not(is_("p", "yes", "unknown", "refused")),  "p is neither yes, not known nor not said"),
    (Not(is_("p", "unknown")),                    "p is known"),
    (Not(is_("p", "refused")),                    "p is said"),
    (Not(Not(P)),                                 "p is yes"),
    (stands(Operator.AT_LEAST),                   "n is at least 3"),
    (stands(Operator.AT_MOST, 2.5),               "n is at most 2.5"),
    (stands(Operator.MORE_THAN),                  "n is more than 3"),
    (stands(Operator.LESS_THAN),                  "n is less than 3"),
    (Not(stands(Operator.AT_LEAST)),              "n is less than 3"),
    (Not(stands(Operator.AT_MOST)),               "n is more than 3"),
    (Not(stands(Operator.MORE_THAN)),             "n is at most 3"),
    (Not(stands(Operator.LESS_THAN)),             "n is at least 3"),
    (has("fire"),                                 "m includes fire"),
    (has("gas", "fire"),                          "m includes fire or gas"),
    (Not(has("fire")),                            "m does not include fire"),
    (Not(has("gas", "fire")),                     "m includes neither fire nor gas"),
    (Answered("w"),                               "w is answered"),
    (Not(Answered("w")),                          "w is not answered"),
    (All((P, Q)),                                 "p is yes and q is a"),
    (AnyOf((P, Q)),                               "p is yes or q is a"),
    (All((P, AnyOf((Q, R)))),                     "p is yes and (q is a or r is x)"),
    (AnyOf((P, All((Q, R)))),                     "p is yes or (q is a and r is x)"),
    (Not(All((P, Q))),                            "p is not yes or q is not a"),
    (Not(AnyOf((P, Q))),                          "p is not yes and q is not a"),
    (All((P, Not(All((Q, R))))),                  "p is yes and (q is not a or r is not x)"),
    (All((All((P,)), AnyOf((Q,)))),               "p is yes and q is a"),
    (All((is_("p", "a", "b"), Q)),                "(p is a or b) and q is a"),
    (All((Not(is_("p", "a", "b")), Q)),           "p is neither a nor b and q is a"),
    (AnyOf((has("x", "y"), Q)),                   "(m includes x or y) or q is a"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "words"), WORDS)
def test_a_condition_is_said_in_words(condition, words):
    assert condition_in_words(condition) == words


def test_the_decision_table_has_the_most_urgent_first_with_rules_and_tests():
    rows = table(library("gas_smell"))
    assert [(row.rank, row.determinant, row.priority) for row in rows] == [
        (1, "gas_danger", 10),
        (2, "gas_inside", 9),
        (3, "gas_outside", 8),
    ]
    danger, inside, outside = rows
    assert [(r.rule, r.when, r.in_doubt) for r in inside.rules] == [
        ("inside", "smell_place is inside, not known or not said", True)
    ]
    assert outside.rules[0].when == "smell_place is neither inside, not known nor not said"
    assert danger.otherwise
    assert not inside.otherwise
    assert inside.tests == ("inside_a_building", "cannot_tell_where", "will_not_say_where")
    assert danger.rules[0].tests == (
        "danger_now_ends_it",
        "unsure_of_danger_is_danger",
        "will_not_say_is_danger",
    )


def test_only_a_rule_for_an_emergency_holds_in_doubt():
    found = {row.level: {r.in_doubt for r in row.rules} for row in table(library("encampment"))}
    assert found[Level.EMERGENCY] == {True}
    assert {False} == set().union(*(v for level, v in found.items() if level < Level.EMERGENCY))


SMOKE = choice("smoke", "yes", "no", danger=("yes",))
DOGS = replace(number("dogs"), least=1)
OLD = replace(
    protocol(
        [SMOKE, choice("colour", "black", "white"), DOGS, text("where")],
        [("fire", is_("smoke", "yes"), "fire"), ("dark", is_("colour", "black"), "note")],
        otherwise="note",
        determinants=(
            determinant("fire", Level.EMERGENCY, 9),
            determinant("note", Level.ROUTINE, 2),
        ),
    ),
    tests=(AuthorTest("burns", (("smoke", "yes"),), "fire"),),
)


def with_question(place, **change):
    questions = list(OLD.questions)
    questions[place] = replace(questions[place], **change)
    return replace(OLD, questions=tuple(questions))


def with_determinant(place, **change):
    found = list(OLD.determinants)
    found[place] = replace(found[place], **change)
    return replace(OLD, determinants=tuple(found))


def in_order(*names):
    return replace(OLD, questions=tuple(OLD.question_by_id[name] for name in names))


FRESH = Text("Is it hot?", "¿Está caliente?")
HEAT = replace(choice("heat", "yes", "no", danger=("yes",)), text=FRESH)
TREE = Destination(DestinationKind.DEPARTMENT, "trees")
YES, NO = SMOKE.options
CHANGES = [
    # the new version                                      says
    (replace(OLD, id="new"),                               ["Protocol: the id changed from made to new."]),
    (replace(OLD, title=Text("words", "otras")),           ["Protocol: the Spanish title changed from “palabras” to “otras”."]),
    (replace(OLD, version_note="Milder."),                 ["Protocol: the version note changed from “for a test” to “Milder.”"]),
    (replace(OLD, approval=Approval("Chief A", date(2026, 3, 31))), ["Protocol: the approval changed from pending to Chief A on 2026-03-31."]),
    (replace(OLD, sources=("a book",)),                    ["A source is new: “a book”.", "A source is gone: “a test”."]),
    (replace(OLD, otherwise="fire"),                       ["Protocol: the determinant where no rule holds changed from note to fire."]),
    (with_question(3, text=Text("words", "¿Dónde?")),      ["Question where: the Spanish text changed from “palabras” to “¿Dónde?”"]),
    (with_question(3, note=FRESH),                         ["Question where: the English note is new: “Is it hot?”", "Question where: the Spanish note is new: “¿Está caliente?”"]),
    (with_question(3, ask_if=is_("smoke", "no")),          ["Question where: the condition for asking changed from “always” to “smoke is no”."]),
    (replace(OLD, questions=(*OLD.questions[:3], place("where"))), ["Question where: the kind changed from text to place."]),
    (with_question(2, least=None, most=5),                 ["Question dogs: the least is gone; it was 1.", "Question dogs: the most is new: 5."]),
    (with_question(2, unit=Text("dogs", "perros")),        ["Question dogs: the English unit is new: “dogs”.", "Question dogs: the Spanish unit is new: “perros”."]),
    (with_question(0, safety=False),                       ["Question smoke: it is no longer a safety question."]),
    (with_question(0, options=(replace(YES, danger=False), NO)), ["Question smoke: option yes no longer means danger."]),
    (with_question(0, options=(YES, replace(NO, text=FRESH))), ["Question smoke: the English text of option no changed from “words” to “Is it hot?”", "Question smoke: the Spanish text of option no changed from “palabras” to “¿Está caliente?”"]),
    (with_question(0, options=(NO, YES)),                  ["Question smoke: the options come in the order no and yes."]),
    (with_question(0, options=(YES,)),                     ["Question smoke: option no is gone."]),
    (with_question(0, options=(YES, NO, replace(YES, id="a_bit"))), ["Question smoke: option a_bit is new: “words”. It means danger."]),
    (replace(OLD, questions=(*OLD.questions, HEAT)),       ["Question heat is new, after where: “Is it hot?”"]),
    (replace(OLD, questions=(HEAT, *OLD.questions)),       ["Question heat is new, in the first place: “Is it hot?”"]),
    (replace(OLD, questions=OLD.questions[:3]),            ["Question where is gone."]),
    (with_question(3, id="place"),                         ["Question where is now called place."]),
    (in_order("where", "smoke", "colour", "dogs"),         ["Question where has moved; it now comes first."]),
    (in_order("smoke", "where", "colour", "dogs"),         ["Question where has moved; it now comes after smoke."]),
    (replace(OLD, rules=OLD.rules[:1]),                    ["Rule dark is gone."]),
    (replace(OLD, rules=(*OLD.rules, replace(OLD.rules[1], id="pale", when=is_("colour", "white")))), ["Rule pale is new: if colour is white, then note."]),
    (replace(OLD, rules=(OLD.rules[0], replace(OLD.rules[1], when=is_("colour", "black", "unknown")))), ["Rule dark: the condition changed from “colour is black” to “colour is black or not known”."]),
    (replace(OLD, rules=(OLD.rules[0], replace(OLD.rules[1], determinant="fire"))), ["Rule dark: the determinant changed from note to fire."]),
    (with_determinant(1, level=Level.URGENT, priority=7),  ["Determinant note: the level changed from routine to urgent.", "Determinant note: the priority changed from 2 to 7."]),
    (with_determinant(1, destination=TREE, common_code="X"), ["Determinant note: the destination changed from department somewhere to department trees.", "Determinant note: the common code changed from INFO to X."]),
    (with_determinant(1, request_code="tree"),             ["Determinant note: the request code is new: tree."]),
    (with_determinant(0, script=Text("words", "Corra.")),  ["Determinant fire: the Spanish script changed from “palabras” to “Corra.”"]),
    (with_determinant(0, advice=Text("Run.", "palabras")), ["Determinant fire: the English advice changed from “words” to “Run.”"]),
    (replace(OLD, tests=()),                               ["Test burns is gone."]),
    (replace(OLD, tests=(replace(OLD.tests[0], answers=(("smoke", "unknown"),)),)), ["Test burns: the answers changed from smoke = words to smoke = Does not know."]),
    (replace(OLD, tests=(replace(OLD.tests[0], determinant="note"),)), ["Test burns: the determinant changed from fire to note."]),
    (replace(OLD, tests=(*OLD.tests, AuthorTest("none", (), "note"))), ["Test none is new: no answer gives note."]),
    (replace(OLD, jumps=(Jump("noise", Text("Noise", "Ruido")),)), ["Jump noise is new: “Noise”."]),
    (replace(OLD, exceptions=(Exemption("W02", "silence"),)), ["Exception W02: the reason is new: “silence”."]),
]  # fmt: skip


@pytest.mark.parametrize(("new", "sentences"), CHANGES)
def test_must_have_27_every_change_is_told_in_a_plain_sentence(new, sentences):
    assert [sentence.text for sentence in differences(OLD, new)] == sentences


def test_each_sentence_says_where_it_belongs_and_what_kind_of_change_it_is():
    new = replace(
        in_order("where", "smoke", "colour", "dogs"),
        rules=OLD.rules[:1],
        title=Text("a", "palabras"),
    )
    told = [(sentence.where, sentence.kind) for sentence in differences(OLD, new)]
    assert told == [
        ("protocol", "changed"),
        ("question where", "moved"),
        ("rule dark", "removed"),
    ]


def test_the_order_of_rules_determinants_and_tests_means_nothing_and_is_not_told():
    new = replace(OLD, rules=OLD.rules[::-1], determinants=OLD.determinants[::-1])
    assert differences(OLD, new) == ()


def test_a_condition_written_otherwise_is_told_even_where_the_words_are_the_same():
    same = All((is_("colour", "black"),))
    new = replace(OLD, rules=(OLD.rules[0], replace(OLD.rules[1], when=same)))
    assert [sentence.where for sentence in differences(OLD, new)] == ["rule dark"]


@given(generated_protocols(), generated_protocols(), st.data())
@settings(max_examples=15)
def test_protocols_that_differ_are_never_told_to_be_equal(old, new, data):
    assert differences(old, old) == ()
    ordered = [replace(p, rules=tuple(sorted(p.rules, key=lambda r: r.id))) for p in (old, new)]
    assert bool(differences(old, new)) == (ordered[0] != ordered[1])


def test_a_list_of_options_is_in_a_test_as_people_say_it():
    asked = many("m", "a", "b")
    made = replace(OLD, questions=(*OLD.questions, asked))
    tests = (*OLD.tests, AuthorTest("listed", (("m", ()),), "note"))
    (sentence,) = differences(made, replace(made, tests=tests))
    assert sentence.text == "Test listed is new: m = None of them gives note."
