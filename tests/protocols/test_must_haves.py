"""The must-haves of the protocol engine by number, and its invariants I1, I2, I4, I11 over streams.

Those not named here stand by number in the tests of their own module.
"""

import dataclasses
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    LIBRARY_IDS,
    choice,
    conditions_on,
    generated_protocols,
    generated_questions,
    is_,
    legal_answers,
    library,
    person,
    place,
    protocol,
    text,
)
from session_samples import PANEL, states, streams

from protocols import author_tests, engine, exchange, jumping, loading, session
from protocols.conditions import WITHHELD
from protocols.errors import ProtocolError
from protocols.session import Answered, Ended, How, RedFlagRaised

pytestmark = pytest.mark.rules

SMOKE = choice("smoke", "yes", "no", danger=("yes",))
FIRE = ("fire", is_("smoke", "yes"), "emergency_9")


def test_must_have_01_a_place_is_confirmed_or_says_why_it_is_not():
    where = place("where")
    assert where.fault({"text": "Sixth and Stone", "confirmed": True}) is None
    assert where.fault({"text": "the wash", "confirmed": False}) is not None
    flagged = {"text": "the wash", "confirmed": False, "unverified_reason": "no signs there"}
    assert where.fault(flagged) is None
    assert engine.determine(protocol([where], []), {"where": flagged}).final


def test_must_have_02_a_call_back_number_is_kept_as_it_was_read_back():
    who = person("who")
    assert who.fault({"name": "Ana", "phone": "+1 520 555 0101"}) is None
    assert who.fault({"phone": ""}) == "phone is empty"


@given(generated_protocols(), st.data())
@settings(max_examples=30)
def test_must_have_03_what_is_told_in_free_words_never_decides(script, data):
    """Other words, another place, another time: the same outcome by the same rules."""
    one, other = ({}, {})
    for question in script.questions:
        one[question.id] = other[question.id] = data.draw(legal_answers(question))
        told = one[question.id] not in WITHHELD and not question.kind.decides
        if told:
            another = legal_answers(question).filter(lambda answer: answer not in WITHHELD)
            other[question.id] = data.draw(another)
    first, second = (engine.determine(script, answers) for answers in (one, other))
    assert (first.determinant, first.final) == (second.determinant, second.final)
    assert [met.rule for met in first.criteria] == [met.rule for met in second.criteria]


@given(streams(), st.sampled_from(PANEL))
@settings(max_examples=25)
def test_must_have_04_a_red_flag_is_an_emergency_from_any_moment_of_any_session(made, flag):
    for now in states(*made):
        if now.ended is None:
            session.legal(now.protocol, now, RedFlagRaised(99, flag.id))
        raised = session.after(now, RedFlagRaised(99, flag.id))
        assert raised.standing == flag.determinant
        assert raised.flags[-1] == flag.id


@given(generated_protocols(), st.data())
@settings(max_examples=25)
def test_must_have_05_not_knowing_not_saying_and_going_are_answers_everywhere(script, data):
    withheld = {q.id: data.draw(st.sampled_from(WITHHELD)) for q in script.questions}
    assert engine.determine(script, withheld).final
    left_at = data.draw(st.sampled_from([q.id for q in script.questions]))
    some = {name: value for name, value in withheld.items() if name < left_at}
    assert engine.determine(script, some, closed=True).determinant is not None


def test_must_have_09_a_call_goes_to_911_without_finishing_the_questions():
    script = protocol([SMOKE, choice("q", "a", "b"), text("where")], [FIRE])
    now = session.fold(script, [RedFlagRaised(3, "weapon")], PANEL)
    assert now.verdict.unanswered == ("smoke", "q", "where")
    session.legal(script, now, Ended(4, How.EMERGENCY))


DOCUMENT = exchange.as_document(library("pothole"))
NEEDED = [
    # must-have, what every protocol has, where it stands, what stands where it is left out
    (10, ("determinants", 0, "advice"), "advice is missing"),
    (10, ("determinants", 0, "advice", "es"), "es is missing"),
    (11, ("questions", 0, "text", "en"), "en is missing"),
    (11, ("questions", 0, "note", "es"), "es is missing"),
    (11, ("questions", 0, "options", 0, "text", "es"), "es is missing"),
    (16, ("determinants", 0, "common_code"), "common_code is missing"),
    (16, ("determinants", 0, "request_code"), "request_code is missing"),
    (16, ("determinants", 0, "destination"), "destination is missing"),
    (20, ("approval",), "approval is missing"),
    (20, ("version_note",), "version_note is missing"),
    (20, ("sources",), "sources is missing"),
]


@pytest.mark.parametrize(("number", "path", "says"), NEEDED)
def test_must_have_10_11_16_20_nothing_a_caller_or_a_city_needs_can_be_left_out(number, path, says):
    document = json.loads(json.dumps(DOCUMENT))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    with pytest.raises(ProtocolError) as refused:
        exchange.from_document(document)
    assert says in str(refused.value)


def test_must_have_16_a_verdict_says_where_to_and_under_which_codes():
    found = next(t for t in library("pothole").tests if t.determinant == "pothole_request")
    verdict = engine.determine(library("pothole"), dict(found.answers))
    assert (verdict.destination.kind, verdict.common_code, verdict.request_code) == (
        "department",
        "PUBWKS",
        "pothole",
    )


@given(streams())
@settings(max_examples=30)
def test_must_have_18_nothing_that_was_recorded_is_ever_recorded_otherwise(made):
    """What was listed before is still listed, word for word, whatever is added."""
    now, *later = states(*made)
    for after in later:
        assert after.changes[: len(now.changes)] == now.changes
        assert set(now.answers) <= set(after.answers)
        for name, times in now.times.items():
            assert times.shown_at is None or after.times[name].shown_at == times.shown_at
            assert times.answered_at is None or after.times[name].answered_at == times.answered_at
        now = after


def test_must_have_19_and_i11_a_running_session_never_changes_its_version():
    old = protocol([SMOKE, text("where")], [FIRE])
    running = session.fold(old, [Answered(1, "smoke", "no")])
    replace(old, rules=(), questions=(text("other"),))  # a new version is another object
    assert session.after(running, Answered(2, "where", "x")).protocol is old
    for thing, name in ((old, "rules"), (old.questions[0], "text"), (running, "standing")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


def test_must_have_20_who_approved_and_when_is_part_of_the_protocol():
    assert library("pothole").approval.pending
    document = {**DOCUMENT, "approval": {"by": "Chief A", "on": "2026-03-31"}}
    approval = exchange.from_document(document).approval
    assert (approval.by, approval.on.isoformat(), approval.pending) == (
        "Chief A",
        "2026-03-31",
        False,
    )


@pytest.mark.parametrize("name", LIBRARY_IDS)
def test_must_have_26_the_tests_kept_with_a_protocol_cover_each_rule_and_each_exit(name):
    script = library(name)
    assert author_tests.failures(script) == ()
    left = author_tests.untested(script)
    assert (left.rules, left.determinants, left.safety_answers) == ((), (), ())
    missing = replace(script, tests=script.tests[:1])
    assert author_tests.untested(missing).rules


CODE = [
    "__import__('os').system('true')",
    "smoke == 'yes'",
    "{{ smoke }}",
    "${smoke}",
    "lambda: True",
    {"==": [{"var": "smoke"}, "yes"]},
    {"question": "danger_now", "is": "yes", "eval": "1"},
    ["danger_now", "yes"],
    True,
    None,
    1,
]


@pytest.mark.parametrize("code", CODE)
def test_must_have_28_and_i2_no_text_is_ever_a_condition(code):
    document = json.loads(json.dumps(DOCUMENT))
    document["rules"][0]["when"] = code
    with pytest.raises(ProtocolError) as refused:
        exchange.from_document(document)
    assert any(m.where.startswith("rule ") for m in refused.value.mistakes)


JSON = st.recursive(
    st.sampled_from(["q0", "a", "yes", "unknown", "zebra", 3, -0.5, True, None, ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["all", "any", "not", "always", "question", "is", "in", "has", "answered"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(generated_questions(most=3), st.data())
@settings(max_examples=30)
def test_i2_a_condition_that_is_none_cannot_be_loaded_and_a_loaded_one_runs(questions, data):
    document = exchange.as_document(protocol(questions, []))
    made = data.draw(conditions_on(questions).map(lambda c: _written(questions, c)) | JSON)
    document["rules"] = [{"id": "r", "when": made, "determinant": "urgent_1"}]
    try:
        script = exchange.from_document(document)
    except ProtocolError:
        return
    answers = {question.id: data.draw(legal_answers(question)) for question in questions}
    assert engine.determine(script, answers).determinant is not None


def _written(questions, condition):
    return exchange.as_document(protocol(questions, [("r", condition, "urgent_1")]))["rules"][0][
        "when"
    ]


@given(generated_protocols(), st.data())
@settings(max_examples=25)
def test_must_have_29_what_is_missing_when_a_caller_goes_never_takes_an_emergency_away(
    script, data
):
    answers = {
        q.id: data.draw(legal_answers(q)) for q in script.questions if data.draw(st.booleans())
    }
    gone = engine.determine(script, answers, closed=True)
    assert gone.emergency >= engine.determine(script, answers).emergency
    assert gone.final


@given(streams())
@settings(max_examples=30)
def test_i1_after_edits_and_going_back_the_verdict_is_that_of_the_path_alone(made):
    for now in states(*made):
        if now.ended is None:
            assert engine.determine(now.protocol, now.on_path) == now.verdict
            assert {**now.on_path, **now.off_path} == now.answers


@given(streams(), generated_protocols())
@settings(max_examples=25)
def test_i1_after_a_jump_the_verdict_is_that_of_the_answers_carried(made, there):
    *_, now = states(*made)
    kept = jumping.carried(now.protocol, there, now.answers)
    begun = session.fold(there, [Answered(0, k, v, carried=True) for k, v in kept.items()], PANEL)
    assert begun.verdict == engine.determine(there, kept)
    assert all(times.carried and times.shown_at is None for times in begun.times.values())


def uses(script, name):
    """How many rules, conditions of asking and tests name a question."""
    document = json.dumps(exchange.as_document(script))
    return document.count(f'"question": "{name}"') + document.count(f'"{name}": ')


@pytest.mark.parametrize("name", LIBRARY_IDS)
def test_i4_a_question_cannot_be_taken_away_while_anything_names_it(name):
    for question in library(name).questions:
        document = exchange.as_document(library(name))
        document["questions"] = [q for q in document["questions"] if q["id"] != question.id]
        with pytest.raises(ProtocolError) as refused:
            exchange.from_document(document)
        said = [m for m in refused.value.mistakes if f"'{question.id}'" in m.message]
        assert len(said) == uses(library(name), question.id)


def test_i4_a_question_renamed_in_every_use_decides_as_before():
    script = library("pothole")
    written = exchange.as_yaml(script).replace("swerving", "going_round")
    renamed = loading.load(written, "pothole")
    for test in script.tests:
        answers = {k.replace("swerving", "going_round"): v for k, v in test.answers}
        found = engine.determine(renamed, answers).determinant.id
        assert found.replace("going_round", "swerving") == test.determinant
