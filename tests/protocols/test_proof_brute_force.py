"""The proof against brute force: every answer set of small generated protocols, through the engine."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from proof_oracles import ORACLES, answers_of, decided_late
from proof_samples import REFERENCE, proof
from protocol_samples import (
    COIN,
    LIMITS,
    OPERATORS,
    OUTCOME_IDS,
    WORDS,
    choice,
    condition,
    is_,
    library,
    number,
    protocol,
    text,
)

from protocols.author_tests import failures
from protocols.conditions import (
    All,
    Answered,
    AnyOf,
    Compare,
    Has,
    Not,
)
from protocols.engine import determine
from protocols.proof_findings import Severity
from protocols.proof_reference import Reference
from protocols.script import Question, QuestionKind, Worse

pytestmark = pytest.mark.rules

OVER_ANSWERS = {"E07", "E09", "E10", "E12", "E18", "I12"}


KINDS = st.sampled_from(["plain", "safety", "safety", "text", "number", "many", "many", "place"])
DANGERS = st.sampled_from([(), ("a",), ("a", "b")])
PLAIN = (QuestionKind.CHOICE, QuestionKind.NUMBER)
HAS = [frozenset("a"), frozenset("b"), frozenset("ab")]


@st.composite
def small_protocols(draw):
    questions = []
    for place in range(draw(st.integers(1, 4))):
        ask_if = draw_condition(draw, questions) if questions and draw(COIN) else None
        questions.append(draw_question(draw, f"q{place}", ask_if))
    rules = [
        (f"r{place}", draw_condition(draw, questions), draw(OUTCOME_IDS))
        for place in range(draw(st.integers(0, 4)))
    ]
    if draw(COIN):  # a sound beginning, so that the rarer faults come up on their own
        rules.append(("danger", every_danger(questions), "emergency_9"))
    return protocol(questions, rules, otherwise=draw(OUTCOME_IDS))


def draw_question(draw, name, ask_if):
    match draw(KINDS):
        case "plain":
            return choice(name, "a", "b", ask_if=ask_if)
        case "safety":
            return choice(name, "a", "b", "c", danger=("a",), ask_if=ask_if)
        case "many":
            return many(name, "a", "b", danger=draw(DANGERS), ask_if=ask_if)
        case "text":
            return text(name, ask_if=ask_if)
        case "place":
            return Question(name, QuestionKind.PLACE, WORDS, ask_if=ask_if)
    return draw_number(draw, name, ask_if)


def draw_number(draw, name, ask_if):
    made = number(name, ask_if=ask_if)
    if draw(COIN):
        return made
    return type(made)(
        name,
        made.kind,
        made.text,
        safety=True,
        worse=draw(st.sampled_from([None, *Worse])),
        ask_if=ask_if,
    )


def many(name, *options, danger=(), ask_if=None):
    made = choice(name, *options, danger=danger, ask_if=ask_if)
    return replace(made, kind=QuestionKind.MANY)


def draw_condition(draw, questions):
    """A condition of the kinds with one answer, or one about the others, or both joined."""
    plain = [question for question in questions if question.kind in PLAIN]
    others = [question for question in questions if question.kind not in PLAIN]
    if not others or (plain and draw(COIN)):
        return draw_plain_condition(draw, plain)
    found = draw_leaf(draw, draw(st.sampled_from(others)))
    if plain and draw(COIN):
        joined = (found, draw_plain_condition(draw, plain))
        return All(joined) if draw(COIN) else AnyOf(joined)
    return Not(found) if draw(COIN) else found


def draw_leaf(draw, question):
    if question.kind is QuestionKind.MANY and draw(COIN):
        return Has(question.id, draw(st.sampled_from(HAS)))
    return Answered(question.id)


def draw_plain_condition(draw, questions):
    numbers = [question for question in questions if question.kind is QuestionKind.NUMBER]
    if numbers and draw(COIN):
        return Compare(draw(st.sampled_from(numbers)).id, draw(OPERATORS), draw(LIMITS))
    return condition(draw, questions)


def every_danger(questions):
    parts = [is_(q.id, "a") for q in questions if q.safety and q.kind is QuestionKind.CHOICE]
    parts += [
        Has(q.id, frozenset(option.id for option in q.red_flags))
        for q in questions
        if q.safety and q.kind is QuestionKind.MANY
    ]
    return AnyOf(tuple(parts)) if parts else Answered(questions[0].id)


def asked_only_of_nobody():
    """The second question is on the path only where the first stays open: the caller has gone."""
    neither_and_both = All((is_("q0", "unknown"), is_("q0", "refused")))
    questions = [number("q0"), choice("q1", "a", "b", ask_if=neither_and_both)]
    return protocol(questions, [], otherwise="emergency_9")


def reached_only_by_leaving():
    """Each answer ends the call with the lesser emergency; whoever goes leaves both open."""
    questions = [choice("q0", "a", "b"), choice("q1", "a", "b", ask_if=is_("q0", "b"))]
    rules = [
        ("later", is_("q1", "a"), "emergency_9"),
        ("first", is_("q0", "a", "b"), "emergency_1"),
    ]
    return protocol(questions, rules)


def size(script):
    found = 1
    for question in script.questions:
        found *= len(answers_of(question)) + 1
    return found


@settings(max_examples=80, deadline=None)
@given(small_protocols().filter(lambda script: size(script) <= 2600))
@example(asked_only_of_nobody())
@example(reached_only_by_leaving())
def test_the_proof_finds_exactly_what_trying_every_answer_finds(script):
    found = proof(script).findings
    for code, oracle in ORACLES.items():
        said = {finding.where for finding in found if finding.code == code}
        assert said == oracle(script), code
    assert any(finding.code == "E18" for finding in found) == decided_late(script)


@settings(max_examples=80, deadline=None)
@given(small_protocols())
def test_every_counter_example_shows_its_fault_through_the_engine(script):
    for finding in proof(script).findings:
        answers = dict(finding.example)
        verdict = determine(script, answers, closed=finding.caller_gone)
        match finding.code:
            case "E12":
                assert verdict.final
                assert not verdict.emergency
            case "E10":
                assert {f"rule {met.rule}" for met in verdict.criteria} >= {
                    f"rule {name}" for name in finding.where.removeprefix("rules ").split(" and ")
                }
            case "I12":
                assert verdict.final


def test_a_protocol_past_the_bound_is_not_proven_and_blocks_under_the_rules_own_code():
    """Forty questions read by pairs at a distance: every half of the answers matters."""
    questions = [choice("danger_now", "yes", "no", danger=("yes",))]
    questions += [choice(f"q{place}", "a", "b") for place in range(40)]
    rules = [("danger", is_("danger_now", "yes"), "emergency_9")]
    rules += [
        (f"r{place}", both(f"q{place}", f"q{place + 20}"), "routine_9") for place in range(20)
    ]
    found = proof(protocol(questions, rules))
    unproven = {statement.code for statement in found.statements if statement.proven is None}
    blocking = {f.code for f in found.findings if f.message.startswith("not proven")}
    assert "E11" in unproven
    assert unproven == blocking
    assert found.blocks


def both(one, other):
    return All((is_(one, "a"), is_(other, "a")))


@pytest.mark.parametrize("name", ["gas_smell", "wire_down", "silent_call"])
def test_the_smallest_of_the_library_hold_by_brute_force_too(name):
    for code, oracle in ORACLES.items():
        assert oracle(library(name)) == set(), code
    found = proof(library(name), reference_of(library(name))).findings
    assert {f.code for f in found if f.severity is Severity.ERROR} & OVER_ANSWERS == set()
    assert failures(library(name)) == ()


def reference_of(script):
    codes = frozenset(determinant.common_code for determinant in script.determinants)
    return Reference(REFERENCE.now, REFERENCE.places, REFERENCE.targets_of_911, codes, frozenset())
