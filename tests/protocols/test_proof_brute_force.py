"""The proof against brute force: every answer set of small protocols, through the engine.

The oracle shares nothing with the proof but the engine: it tries all answers
one by one, numbers at and around each limit, and says where a rule is broken.
"""

from functools import lru_cache
from itertools import combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from proof_samples import REFERENCE, proof
from protocol_samples import (
    COIN,
    LIMITS,
    OPERATORS,
    OUTCOME_IDS,
    choice,
    condition,
    is_,
    library,
    number,
    protocol,
    text,
)

from protocols.author_tests import failures
from protocols.conditions import WITHHELD, All, Always, AnyOf, Compare, Standing
from protocols.engine import _place, determine, next_question
from protocols.proof_findings import Severity
from protocols.proof_reference import Reference
from protocols.script import QuestionKind, Worse

pytestmark = pytest.mark.rules

ABSENT = None
NUMBERS = (-1, 0, 1, 2, 2.25, 2.5, 3, 7, 8)
"""At, between and around the limits that generated conditions compare with."""
OVER_ANSWERS = {"E07", "E09", "E10", "E12", "E18", "I12"}


def plain_answers(question):
    match question.kind:
        case QuestionKind.CHOICE:
            return tuple(option.id for option in question.options)
        case QuestionKind.NUMBER:
            return NUMBERS
        case QuestionKind.TEXT:
            return ("by the bank",)


def answers_of(question):
    return (*plain_answers(question), *WITHHELD)


def answer_sets(script, *, gaps):
    choices = [(*answers_of(q), *([ABSENT] if gaps else [])) for q in script.questions]
    return product(*choices)


def given_to(script, chosen):
    pairs = zip(script.questions, chosen, strict=True)
    return {question.id: answer for question, answer in pairs if answer is not ABSENT}


def danger(question, answer):
    if answer is ABSENT or answer in WITHHELD:
        return True
    return answer in {option.id for option in question.red_flags}


def worse(question, one, two):
    """Whether `two` is more dangerous than `one`."""
    if danger(question, one) != danger(question, two):
        return danger(question, two)
    plain = not isinstance(one, str) and not isinstance(two, str)
    if question.worse is None or not plain or ABSENT in (one, two):
        return False
    return two > one if question.worse is Worse.HIGHER else two < one


@lru_cache(maxsize=1)  # three oracles read the same verdicts; one after another, so one is kept
def verdicts(script):
    """What every set of answers comes to, gaps included, by the answers in the order asked."""
    return {
        chosen: determine(script, given_to(script, chosen), closed=True)
        for chosen in answer_sets(script, gaps=True)
    }


def dishonoured(script):
    found = set()
    for chosen, verdict in verdicts(script).items():
        if verdict.emergency:
            continue
        values = _place(script, given_to(script, chosen), closed=True)
        for question, answer in zip(script.questions, chosen, strict=True):
            on_path = values[question.id] is not Standing.NOT_ASKED
            if question.safety and on_path and danger(question, answer):
                found.add(f"question {question.id}")
    return found


def lowering(script):
    levels = {chosen: verdict.level for chosen, verdict in verdicts(script).items()}
    found = set()
    for chosen, level in levels.items():
        for place, question in enumerate(script.questions):
            if question.safety and f"question {question.id}" not in found:
                for other in (*answers_of(question), ABSENT):
                    changed = (*chosen[:place], other, *chosen[place + 1 :])
                    if worse(question, chosen[place], other) and levels[changed] < level:
                        found.add(f"question {question.id}")
    return found


def calls(script, answers=()):
    """Every call as it is asked, with each beginning of it."""
    question = next_question(script, dict(answers))
    yield dict(answers), question
    if question is not None:
        for answer in answers_of(question):
            yield from calls(script, (*answers, (question.id, answer)))


def unreachable(script):
    asked, reached = set(), set()
    for answers, question in calls(script):
        if question is not None:
            asked.add(question.id)
        left = question is not None  # the caller goes before the call has come to its end
        reached.add(determine(script, answers, closed=left).determinant.id)
    lost = {f"question {q.id}" for q in script.questions if q.id not in asked}
    return lost | {f"determinant {d.id}" for d in script.determinants if d.id not in reached}


def constant(script):
    held, asked = {r.id: set() for r in script.rules}, {q.id: set() for q in script.questions}
    for chosen in answer_sets(script, gaps=False):
        answers = given_to(script, chosen)
        met = {met.rule for met in determine(script, answers).criteria}
        values = _place(script, answers, closed=False)
        for rule in script.rules:
            held[rule.id].add(rule.id in met)
        for question in script.questions:
            asked[question.id].add(values[question.id] is not Standing.NOT_ASKED)
    rules = {f"rule {r.id}" for r in script.rules if len(held[r.id]) == 1 and not marked(r.when)}
    branches = {
        f"question {q.id}, ask_if"
        for q in script.questions
        if q.ask_if is not None and not marked(q.ask_if) and len(asked[q.id]) == 1
    }
    return rules | branches


def marked(when):
    return isinstance(when, Always)  # constant by the author's own word


def overlapping(script):
    found = set()
    order = [rule.id for rule in script.rules]
    for verdict in verdicts(script).values():
        met = sorted(verdict.criteria, key=lambda m: _order(order, m))
        for one, other in combinations(met, 2):
            first, second = (script.determinant_by_id[m.determinant] for m in (one, other))
            alike = (first.level, first.priority) == (second.level, second.priority)
            if alike and first.id != second.id:
                found.add(f"rules {one.rule} and {other.rule}")
    return found


def _order(order, met):
    return order.index(met.rule) if met.rule in order else len(order)


def decided_late(script):
    """Whether some call comes past three questions, or to its end, without a first decision."""

    def late(answers):
        question = next_question(script, dict(answers))
        if question is None:
            return True
        following = [(*answers, (question.id, answer)) for answer in answers_of(question)]
        if any(determine(script, dict(more)).emergency for more in following):
            return len(answers) >= 3
        return any(late(more) for more in following)

    return late(())


ORACLES = {
    "E07": unreachable,
    "E09": constant,
    "E10": overlapping,
    "E12": dishonoured,
    "I12": lowering,
}


@st.composite
def small_protocols(draw):
    questions = []
    for place in range(draw(st.integers(1, 4))):
        ask_if = condition(draw, questions) if questions and draw(COIN) else None
        questions.append(draw_question(draw, f"q{place}", ask_if))
    rules = [
        (f"r{place}", draw_condition(draw, questions), draw(OUTCOME_IDS))
        for place in range(draw(st.integers(0, 4)))
    ]
    if draw(COIN):  # a sound beginning, so that the rarer faults come up on their own
        rules.append(("danger", every_danger(questions), "emergency_9"))
    return protocol(questions, rules, otherwise=draw(OUTCOME_IDS))


def draw_question(draw, name, ask_if):
    kind = draw(st.sampled_from(["plain", "safety", "safety", "text", "number"]))
    match kind:
        case "plain":
            return choice(name, "a", "b", ask_if=ask_if)
        case "safety":
            return choice(name, "a", "b", "c", danger=("a",), ask_if=ask_if)
        case "text":
            return text(name, ask_if=ask_if)
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


def draw_condition(draw, questions):
    numbers = [question for question in questions if question.kind is QuestionKind.NUMBER]
    if numbers and draw(COIN):
        return Compare(draw(st.sampled_from(numbers)).id, draw(OPERATORS), draw(LIMITS))
    return condition(draw, questions)


def every_danger(questions):
    parts = [is_(q.id, "a") for q in questions if q.safety and q.kind is QuestionKind.CHOICE]
    return AnyOf(tuple(parts)) if parts else is_(questions[0].id, "unknown")


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
