"""The compliance score: each check missed and nearly missed, and what must never happen."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols import engine
from protocols.scored_case import CaseRecord, Marks, Transfer
from protocols.scoring import score
from protocols.scoring_scale import SCALE, Grade, Item, UnderTriage, Weight
from protocols.session import (
    Answered,
    Ended,
    How,
    Overridden,
    RedFlagRaised,
    Shown,
)
from tests.protocols.protocol_samples import LIBRARY, library
from tests.protocols.scoring_samples import (
    CALM,
    CASES,
    EMERGENCY_CASE,
    EXCUSED,
    HEARD,
    IN_TIME,
    MISSED,
    PANEL,
    PROTOCOL,
    VERIFIED,
    asked,
    case,
)

pytestmark = pytest.mark.rules


def of(record, item):
    return next(check for check in score(record).checks if check.item is item)


def result(record, item):
    return of(record, item).result


def test_a_case_run_as_it_stands_meets_its_protocol_with_every_point():
    found = score(case())
    assert found.grade is Grade.MEETS
    assert (found.earned, found.applicable, found.percent) == (29, 29, 100)
    assert found.scale == SCALE.name
    assert found.under_triage == ()


def test_every_item_has_a_weight_and_is_looked_at_once():
    items = [check.item for check in score(case()).checks]
    assert items == list(Item)
    weights = [check.weight for check in score(case()).checks]
    assert weights == [Weight.CRITICAL] * 4 + [Weight.MAJOR] * 5 + [Weight.MINOR] * 3


@pytest.mark.parametrize(
    ("record", "item", "expected"),
    [pytest.param(*row[1:], id=f"{row[2].value}: {row[0]}") for row in CASES],
)
def test_each_check_says(record, item, expected):
    assert result(record, item) is expected


def test_a_missed_check_names_its_questions():
    missed = case({"danger": "no", "big": "no"}, how=How.WRAPPED_UP)
    assert of(missed, Item.RED_FLAGS_ASKED).questions == ("hurt",)
    assert of(missed, Item.NO_QUESTION_SKIPPED).questions == ("only_asking",)
    assert of(missed, Item.QUESTIONS_IN_ORDER).questions == ("big",)


def test_a_question_that_is_not_on_the_path_is_owed_by_nobody():
    found = score(case({**CALM, "big": "no"}))
    assert all("deep" not in check.questions for check in found.checks)
    assert found.grade is Grade.MEETS


GRADES = [
    ("a minor one", replace(VERIFIED, language_offered=False), Grade.MEETS, (29, 30)),
    (
        "three minor ones",
        Marks(
            place_verified=True,
            language_offered=False,
            closing_read=False,
            read_word_for_word=False,
        ),
        Grade.MEETS,
        (29, 32),
    ),
    ("a major one", replace(VERIFIED, advice_given=False), Grade.PARTLY, (29, 32)),
    ("a critical one", Marks(), Grade.NON_COMPLIANT, (19, 29)),
]


@pytest.mark.parametrize(
    ("marks", "grade", "points"), [pytest.param(*row[1:], id=row[0]) for row in GRADES]
)
def test_the_grade_goes_in_steps_when_there_is_missed(marks, grade, points):
    found = score(case(marks=marks))
    assert (found.grade, (found.earned, found.applicable)) == (grade, points)


def test_below_the_least_percentage_a_case_meets_its_protocol_only_partly():
    marks = Marks(place_verified=True, language_offered=False, closing_read=False)
    strict = replace(SCALE, meets_percent=95)
    assert score(case(marks=marks)).grade is Grade.MEETS
    assert score(case(marks=marks), strict).grade is Grade.PARTLY


def test_where_nothing_applied_there_is_no_score():
    found = score(case({}, how=How.JUMPED, marks=Marks()))
    assert (found.grade, found.percent, found.applicable) == (Grade.NOT_SCORED, None, 0)


def test_the_percentage_is_rounded_down_so_that_only_a_perfect_case_shows_100():
    many = replace(SCALE, points={Weight.CRITICAL: 1000, Weight.MAJOR: 1000, Weight.MINOR: 1})
    found = score(case(marks=replace(VERIFIED, language_offered=False)), many)
    assert found.percent == 99


SIGNS = [
    ("nothing", case(), ()),
    ("the rules' emergency", case(EMERGENCY_CASE, transfers=(IN_TIME,)), ()),
    ("lowered", case(None, EXCUSED), (UnderTriage.LOWERED,)),
    (
        "911 called anyway",
        case(transfers=(Transfer(20.0),)),
        (UnderTriage.SENT_TO_911_ANYWAY,),
    ),
    (
        "a person saw more than the rules",
        case(None, RedFlagRaised(20.0, "fire"), transfers=(Transfer(20.0),)),
        (UnderTriage.RAISED_BY_A_PERSON,),
    ),
    (
        "a person was quicker than the rules",
        case({"danger": "no"}, RedFlagRaised(3.0, "fire"), transfers=(Transfer(3.0),)),
        (),
    ),
    (
        "a red flag was not asked",
        case({"danger": "no"}, how=How.WRAPPED_UP),
        (UnderTriage.RED_FLAG_MISSED,),
    ),
]


@pytest.mark.parametrize(("record", "signs"), [pytest.param(*row[1:], id=row[0]) for row in SIGNS])
def test_the_signs_of_under_triage_are(record, signs):
    assert score(record).under_triage == signs


@pytest.mark.parametrize("name", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_every_tested_path_of_the_library_asked_in_order_meets_its_protocol(name):
    found = library(name)
    for test in found.tests:
        in_order = [
            (q.id, dict(test.answers)[q.id]) for q in found.questions if q.id in dict(test.answers)
        ]
        answers, events = {}, []
        for question, value in in_order:
            if engine.determine(found, answers).emergency:
                break
            answers[question] = value
            events += asked({question: value}, start=2.0 * len(events))
        sent = (
            (Transfer(events[-1].at_seconds),) if engine.determine(found, answers).emergency else ()
        )
        record = CaseRecord(found, (*events, Ended(900.0, How.COMPLETED)), (), sent, VERIFIED)
        scored = score(record)
        missed = [check for check in scored.checks if check.result is MISSED]
        assert (missed, scored.grade) == ([], Grade.MEETS), test.id


ANSWERS = st.sampled_from(["yes", "no", "unknown", "refused"])
EVENTS = st.one_of(
    st.builds(Shown, st.just(0.0), st.sampled_from(list(PROTOCOL.question_by_id))),
    st.builds(Answered, st.just(0.0), st.sampled_from(list(PROTOCOL.question_by_id)), ANSWERS),
    st.just(RedFlagRaised(0.0, "fire")),
    st.builds(
        Overridden,
        st.just(0.0),
        st.sampled_from(list(PROTOCOL.determinant_by_id)),
        st.sampled_from(["", "why"]),
        st.just("senior"),
    ),
    st.builds(Ended, st.just(0.0), st.sampled_from(How)),
)
RECORDS = st.builds(
    CaseRecord,
    st.just(PROTOCOL),
    st.lists(EVENTS, max_size=14).map(
        lambda events: tuple(replace(e, at_seconds=float(n)) for n, e in enumerate(events))
    ),
    st.just(PANEL),
    st.lists(st.builds(Transfer, st.floats(-5, 20)), max_size=2).map(tuple),
    st.builds(Marks, *[st.booleans()] * 3, *[st.none() | st.booleans()] * 5),
    st.none() | st.floats(0, 20),
)


@settings(max_examples=50)
@given(RECORDS)
def test_whatever_happens_a_case_has_one_score_and_a_missed_critical_check_is_never_outweighed(
    record,
):
    found = score(record)
    assert 0 <= found.earned <= found.applicable
    critical = [c for c in found.checks if c.weight is Weight.CRITICAL and c.result is MISSED]
    assert bool(critical) == (found.grade is Grade.NON_COMPLIANT)
    assert score(record) == found


NOT_ASKED_EVENTS = [event for event in asked(CALM) if event.question != "danger"]


@settings(max_examples=40)
@given(st.permutations(NOT_ASKED_EVENTS), st.sampled_from([How.WRAPPED_UP, How.EARLY_EXIT]))
def test_a_red_flag_that_was_never_asked_is_never_made_good_by_the_rest(events, how):
    timed = [replace(event, at_seconds=float(n)) for n, event in enumerate(events)]
    record = CaseRecord(PROTOCOL, (*timed, Ended(60.0, how)), PANEL, (), HEARD)
    assert score(record).grade is Grade.NON_COMPLIANT
    assert "danger" in of(record, Item.RED_FLAGS_ASKED).questions
