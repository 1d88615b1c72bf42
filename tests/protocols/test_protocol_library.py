"""The three protocols of the library, over every answer a caller can give.

Small enough to be examined whole: each path of questions, and each set of
answers even where the questions would have ended earlier.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from protocol_samples import LIBRARY, LIBRARY_IDS, library

from protocols.author_tests import failures, untested
from protocols.conditions import WITHHELD
from protocols.engine import determine, next_question, off_path
from protocols.levels import Level
from protocols.script import QuestionKind

pytestmark = [pytest.mark.rules, pytest.mark.parametrize("name", LIBRARY_IDS)]

COMMON_CODES = {"ANIMAL", "BITE", "GASLEAKI", "GASLEAKO", "THAZ", "PUBWKS"}
ABSENT = None


def answers_of(question):
    if question.kind is QuestionKind.TEXT:
        return ("by the bank", *WITHHELD)
    return (*(option.id for option in question.options), *WITHHELD)


def paths(script, answers=()):
    """Every way through the questions, each to its end."""
    question = next_question(script, dict(answers))
    if question is None:
        yield dict(answers)
        return
    for answer in answers_of(question):
        yield from paths(script, (*answers, (question.id, answer)))


def deciding(script):
    """The questions rules can read: all but free text."""
    return [question for question in script.questions if question.kind is not QuestionKind.TEXT]


@cache
def levels(name):
    """The level of every set of answers, safety questions left open among them, call closed."""
    script, found = library(name), {}
    questions = deciding(script)
    choices = [(*answers_of(q), *([ABSENT] if q.safety else [])) for q in questions]
    for chosen in product(*choices):
        pairs = zip(questions, chosen, strict=True)
        answers = {question.id: answer for question, answer in pairs if answer is not ABSENT}
        found[chosen] = determine(script, answers, closed=True).level
    return found


def dangers(question):
    return {*(option.id for option in question.red_flags), *WITHHELD, ABSENT}


def test_every_path_ends_in_exactly_one_determinant(name):
    script, reached = library(name), set()
    for answers in paths(script):
        verdict = determine(script, answers)
        assert verdict.final
        assert verdict.determinant is not None
        reached.add(verdict.determinant.id)
    assert reached == {determinant.id for determinant in script.determinants}


def test_every_question_is_on_some_path(name):
    script = library(name)
    shown = {question for answers in paths(script) for question in answers}
    assert shown == {question.id for question in script.questions}


def test_danger_or_doubt_on_a_safety_question_is_an_emergency_on_every_path(name):
    script = library(name)
    for answers in paths(script):
        given = [script.question_by_id[question] for question in answers]
        flagged = [q for q in given if q.safety and answers[q.id] in dangers(q)]
        assert determine(script, answers).emergency or not flagged, answers


def test_no_continuation_takes_an_emergency_back(name):
    """Even answers given after the red flag, or changed before it, leave an emergency one."""
    script = library(name)
    questions = deciding(script)
    danger = {q.id: dangers(q) for q in questions if q.safety}
    for chosen, level in levels(name).items():
        if level is Level.EMERGENCY:
            continue
        answers = {q.id: a for q, a in zip(questions, chosen, strict=True) if a is not ABSENT}
        flagged = {name for name, found in danger.items() if answers.get(name, "no") in found}
        assert flagged <= set(off_path(script, answers)), answers


def test_i12_changing_a_safety_answer_towards_danger_never_lowers_the_level(name):
    questions, found = deciding(library(name)), levels(name)
    danger = {place: dangers(q) for place, q in enumerate(questions) if q.safety}
    for chosen, level in found.items():
        for place, dangerous in danger.items():
            if chosen[place] in dangerous:
                continue
            for worse in dangerous:
                changed = (*chosen[:place], worse, *chosen[place + 1 :])
                assert found[changed] >= level, (chosen, changed)


def test_the_first_emergency_decision_comes_with_the_first_question(name):
    script = library(name)
    assert script.questions[0].id == "danger_now"
    for answer in ("yes", *WITHHELD):
        assert determine(script, {"danger_now": answer}).emergency


def test_the_danger_question_is_the_same_in_all_protocols(name):
    first, other = library(name).questions[0], library(LIBRARY_IDS[0]).questions[0]
    assert (first.text, first.options) == (other.text, other.options)


def test_every_stored_test_passes_and_they_leave_nothing_out(name):
    script = library(name)
    assert failures(script) == ()
    left_out = untested(script)
    assert (left_out.rules, left_out.determinants, left_out.safety_answers) == ((), (), ())


def test_i13_without_any_one_rule_a_stored_test_fails(name):
    script = library(name)
    for rule in script.rules:
        others = tuple(other for other in script.rules if other is not rule)
        assert failures(replace(script, rules=others)), rule.id


def texts(script):
    for question in script.questions:
        yield from (question.text, *(option.text for option in question.options))
        yield from [question.note] if question.note else []
    for determinant in script.determinants:
        yield from (determinant.title, determinant.script, determinant.advice)


def test_each_question_is_one_short_question_in_both_languages(name):
    for question in library(name).questions:
        for sentence in (question.text.en, question.text.es):
            assert len(sentence.split()) <= 20, sentence
            assert sentence.count("?") == 1, sentence
        assert question.text.es.count("¿") == 1


def test_every_text_is_said_in_both_languages_and_not_the_same_words(name):
    for text in texts(library(name)):
        assert text.en.strip()
        assert text.es.strip()
        assert text.en != text.es or text.en == "No"


def test_no_telephone_number_stands_in_a_text(name):
    for text in texts(library(name)):
        assert set(re.findall(r"\d[\d -]{2,}", f"{text.en} {text.es}".replace("911", ""))) == set()


def test_the_content_waits_for_approval_and_names_its_sources(name):
    script = library(name)
    assert script.approval.pending
    assert script.sources
    assert script.id == name == (LIBRARY / f"{name}.yaml").stem


def test_every_determinant_has_a_known_code_and_a_place_to_go(name):
    for determinant in library(name).determinants:
        assert determinant.common_code in COMMON_CODES
        assert determinant.destination.key
        assert determinant.emergency == (determinant.destination.kind == "911")
        assert (determinant.level is Level.EMERGENCY) <= (determinant.request_code is None)


def test_more_urgent_levels_never_have_the_lower_priority(name):
    ordered = sorted(library(name).determinants, key=lambda d: (d.level.rank, d.priority))
    assert [d.priority for d in ordered] == sorted(d.priority for d in ordered)
