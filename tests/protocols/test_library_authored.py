"""Every protocol of the library, by its own tests and by the rules of its README.

What holds over *all* answers is proven before publishing; here the authors'
tests run, and what only a reader of several files would notice is looked at.
"""

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from protocol_samples import LIBRARY, library

from protocols.author_tests import failures, untested
from protocols.conditions import WITHHELD
from protocols.engine import determine
from protocols.script import DestinationKind

pytestmark = pytest.mark.rules

NAMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))
each_protocol = pytest.mark.parametrize("name", NAMES)

CATEGORIES = Path(__file__).parents[2] / "config/tucson/first/categories.yaml"

# Common incident types (APCO ANS 2.103.2-2019 and NENA's NONEMERG) in use. A new one is added
# here after a look at the register, where a slip of the pen would be found too late.
COMMON_CODES = {
    "911OPN", "ABDUCTNF", "ABUSE", "ALLERGIC", "ALRCO", "ANIMAL", "BITE", "BLDCLPSE", "BOMB",
    "BURGLARY", "CDX", "CITASST", "CIVIL", "COURT", "CRIMPS", "CUST", "DISORD", "DMPX",
    "DRUGPAR", "DRUGS", "DUI", "DVA", "DVNA", "EDP", "ELECHZD", "ENTRAP", "EXPOSURE", "EXTORT",
    "FELEC", "FIGHT", "FIREWRKS", "FOTHER", "FRAUD", "FSMOKE", "FTRASH", "FUNK", "GASLEAK",
    "GASLEAKI", "GASLEAKO", "HARR", "HATE", "HAZMAT", "IMP", "INFO", "INTOX", "LARCENY", "MNTL",
    "MTLV", "MVA", "MVAHR", "MVAINJY", "MVAUNK", "MVCP", "NCRELEV", "NEGLECT", "NOISE",
    "NONEMERG", "OD", "ODOR", "OPEN", "ORDERV", "PARKING", "PERMISS", "PERSUSP", "PERUNCON",
    "PHANDLE", "PROPFND", "PROPLOST", "PROPSTLN", "PROW", "PUBWKS", "RESCUE", "RESP", "ROBBERY",
    "RUNAWAY", "SAR", "SCRM", "SEXOFFNS", "SHOOT", "SICK", "SLMP", "STDBY", "STKX", "SUICTHRT",
    "SUSP", "THAZ", "THREATS", "TRAUMA", "TRESPASS", "TROUBLE", "VANDAL", "VEHABND", "VEHLOCK",
    "VEHSTLN", "VEHSUSP", "WATER", "WEAPON", "WELFARE", "WIRES",
}  # fmt: skip

# Silence answers no question: a key press and what is heard come before the danger question.
ASKS_SOMETHING_BEFORE_DANGER = {"silent_call"}

# So many digits are a telephone, an hour or an address.
DIGITS = re.compile(r"\d[\d :-]{2,}")


@cache
def categories():
    return yaml.safe_load(CATEGORIES.read_text(encoding="utf-8"))


@cache
def readme():
    return (LIBRARY / "README.md").read_text(encoding="utf-8")


def texts(script):
    for question in script.questions:
        yield from (question.text, *(option.text for option in question.options))
        yield from [question.note] if question.note else []
    for determinant in script.determinants:
        yield from (determinant.title, determinant.script, determinant.advice)


def dangers(question):
    return {*(option.id for option in question.red_flags), *WITHHELD} if question.safety else set()


def asked_anywhere():
    found = defaultdict(list)
    for name in NAMES:
        for question in library(name).questions:
            found[question.id].append((name, question))
    return found


@each_protocol
def test_the_authors_tests_pass_and_leave_nothing_out(name):
    script, left_out = library(name), untested(library(name))
    assert script.id == name
    assert failures(script) == ()
    assert (left_out.rules, left_out.determinants, left_out.safety_answers) == ((), (), ())


@each_protocol
def test_a_test_with_danger_or_doubt_in_it_expects_an_emergency(name):
    script = library(name)
    for test in script.tests:
        flagged = [q for q, answer in test.answers if script.question_by_id[q].in_danger(answer)]
        expected = script.determinant_by_id[test.determinant]
        assert expected.emergency == bool(flagged), test.id


@each_protocol
def test_without_any_one_rule_a_test_of_the_author_fails(name):
    script = library(name)
    for rule in script.rules:
        others = tuple(other for other in script.rules if other is not rule)
        assert failures(replace(script, rules=others)), rule.id


@each_protocol
def test_danger_is_asked_first_and_not_knowing_is_danger(name):
    script = library(name)
    first = script.questions[0]
    assert first.safety
    assert (first.id == "danger_now") == (name not in ASKS_SOMETHING_BEFORE_DANGER)
    assert "danger_now" in script.question_by_id
    for answer in dangers(first):
        assert determine(script, {first.id: answer}).emergency


@each_protocol
def test_the_questions_are_few_and_short(name):
    questions = library(name).questions
    assert len(questions) <= 9
    assert sum(question.safety for question in questions) <= 5
    for text in (question.text for question in questions):
        for sentence in (text.en, text.es):
            assert len(sentence.split()) <= 20, sentence
            assert sentence.count("?") == 1, sentence
        assert text.es.count("¿") == 1, text.es


@each_protocol
def test_every_text_is_written_in_both_languages_and_holds_no_number(name):
    for text in texts(library(name)):
        assert text.en != text.es or text.en == "No"
        assert DIGITS.findall(f"{text.en} {text.es}".replace("911", "")) == []


@each_protocol
def test_the_content_waits_for_approval_and_names_its_sources(name):
    assert library(name).approval.pending
    assert library(name).sources


@each_protocol
def test_every_outcome_has_a_known_code_and_a_place_to_go(name):
    slugs = {row["slug"] for row in categories()["categories"]}
    for determinant in library(name).determinants:
        destination = determinant.destination
        assert determinant.common_code in COMMON_CODES
        assert determinant.request_code in {None, *slugs}
        match destination.kind:
            case DestinationKind.NINE_ONE_ONE:
                assert (destination.key, determinant.request_code) == ("by_jurisdiction", None)
            case DestinationKind.DEPARTMENT:
                assert destination.key in categories()["departments"]
            case DestinationKind.REFERRAL:
                assert determinant.request_code is None
                assert f"| `{destination.key}` |" in readme()


@each_protocol
def test_a_suggested_jump_leads_to_another_protocol_under_its_own_title(name):
    for jump in library(name).jumps:
        assert jump.to != name
        assert jump.title == library(jump.to).title


@each_protocol
def test_no_two_outcomes_are_equally_urgent_and_none_outranks_a_higher_level(name):
    ordered = sorted(library(name).determinants, key=lambda d: (d.level.rank, d.priority))
    urgencies = [(d.level, d.priority) for d in ordered]
    assert len(set(urgencies)) == len(urgencies)
    assert [d.priority for d in ordered] == sorted(d.priority for d in ordered)


def test_a_question_of_several_protocols_is_the_same_in_all_and_stands_in_the_readme():
    for name, uses in asked_anywhere().items():
        _, first = uses[0]
        for protocol, question in uses[1:]:
            same = (question.text, question.kind, question.options, question.safety)
            assert same == (first.text, first.kind, first.options, first.safety), (protocol, name)
        if len(uses) > 1:
            assert f"| `{name}` | {first.text.en} | {first.text.es} |" in readme()


def test_the_library_answers_every_category_that_names_a_protocol():
    named = {row["protocol"] for row in categories()["categories"]} - {None}
    assert named <= set(NAMES)
