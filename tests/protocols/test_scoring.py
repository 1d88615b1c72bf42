"""The compliance score: each check missed and nearly missed, and what must never happen."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols import engine
from protocols.levels import Level
from protocols.red_flags import RedFlag
from protocols.scored_case import CaseRecord, Marks, Transfer
from protocols.scoring import score
from protocols.scoring_scale import SCALE, Grade, Item, Result, UnderTriage, Weight
from protocols.session import (
    Answered,
    Ended,
    How,
    Overridden,
    RedFlagRaised,
    Retriaged,
    Shown,
)
from tests.protocols.protocol_samples import (
    LIBRARY,
    WORDS,
    choice,
    determinant,
    is_,
    library,
    protocol,
)

pytestmark = pytest.mark.rules

INFORMATION = determinant("information_1", Level.INFORMATION, 1)
ROUTINE = determinant("routine_1", Level.ROUTINE, 1)
URGENT = determinant("urgent_9", Level.URGENT, 9)
EMERGENCY = determinant("emergency_9", Level.EMERGENCY, 9)
PROTOCOL = protocol(
    [
        choice("danger", "yes", "no", danger=("yes",)),
        choice("hurt", "yes", "no", danger=("yes",)),
        choice("big", "yes", "no"),
        choice("deep", "yes", "no", ask_if=is_("big", "yes")),
        choice("only_asking", "yes", "no"),
    ],
    [
        ("danger", is_("danger", "yes"), "emergency_9"),
        ("hurt", is_("hurt", "yes"), "emergency_9"),
        ("deep", is_("deep", "yes"), "urgent_9"),
        ("report", is_("only_asking", "no"), "routine_1"),
    ],
    determinants=(INFORMATION, ROUTINE, URGENT, EMERGENCY),
)
PANEL = (RedFlag("fire", WORDS, WORDS, "INFO", WORDS, WORDS),)
CALM = {"danger": "no", "hurt": "no", "big": "no", "only_asking": "no"}
VERIFIED = Marks(place_verified=True)
HEARD = Marks(place_verified=True, emergency_heard=True)


def asked(answers, start=0.0):
    """Each question shown a second before its answer, one every two seconds."""
    for n, (question, value) in enumerate(answers.items()):
        yield Shown(start + 2 * n + 1, question)
        yield Answered(start + 2 * n + 2, question, value)


def case(answers=None, *more, how=How.COMPLETED, without=(), **changes):
    """A session whose questions were asked in order, then `more`, then its end at 60 s."""
    events = [
        *(e for e in asked(CALM if answers is None else answers) if e not in without),
        *more,
        *([Ended(60.0, how)] if how else []),
    ]
    values = {"marks": VERIFIED, "panel": PANEL, **changes}
    return CaseRecord(PROTOCOL, tuple(events), **values)


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


MET, MISSED, NOT_APPLICABLE = Result.MET, Result.MISSED, Result.NOT_APPLICABLE
OVER_BY_HAND = {"danger": "no", "hurt": "no"}
EMERGENCY_CASE = {"danger": "yes"}
IN_TIME, LATE = Transfer(6.9), Transfer(7.1)
LOWERED = Overridden(50.0, "information_1", "", "senior")
EXCUSED = replace(LOWERED, reason="The caller only asked what a pothole is.")

CASES = [
    # what, the record, the item, what becomes of it
    ("all were asked", case(), Item.RED_FLAGS_ASKED, MET),
    (
        "one was never answered",
        case({**CALM, "hurt": "no"}, without=(Answered(4.0, "hurt", "no"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was answered and never shown",
        case(without=(Shown(3.0, "hurt"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was shown only after its answer",
        case(None, Shown(30.0, "hurt"), without=(Shown(3.0, "hurt"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was answered in the protocol before",
        CaseRecord(
            PROTOCOL,
            (
                Answered(0.0, "danger", "no", carried=True),
                *asked({name: CALM[name] for name in ("hurt", "big", "only_asking")}),
            ),
        ),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "an emergency ends the questions",
        case(EMERGENCY_CASE, how=How.EMERGENCY),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "the caller left before the second",
        case({"danger": "no"}, how=How.CALLER_GONE),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "the caller left after it was passed over",
        case({"danger": "no", "big": "no"}, how=How.CALLER_GONE),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    ("another protocol went on", case({"danger": "no"}, how=How.JUMPED), Item.RED_FLAGS_ASKED, MET),
    (
        "left early without 911",
        case({"danger": "no"}, how=How.EARLY_EXIT),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "left early to 911",
        case({"danger": "no"}, how=How.EARLY_EXIT, transfers=(Transfer(3.0),)),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    ("nothing was asked", case({}, how=How.JUMPED), Item.RED_FLAGS_ASKED, NOT_APPLICABLE),
    ("no emergency", case(), Item.EMERGENCY_TRANSFERRED, NOT_APPLICABLE),
    (
        "911 in time",
        case(EMERGENCY_CASE, transfers=(IN_TIME,)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    ("911 late", case(EMERGENCY_CASE, transfers=(LATE,)), Item.EMERGENCY_TRANSFERRED, MISSED),
    (
        "911 asked for late, then again",
        case(EMERGENCY_CASE, transfers=(Transfer(40.0), LATE)),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    ("911 never", case(EMERGENCY_CASE), Item.EMERGENCY_TRANSFERRED, MISSED),
    (
        "911 in time, and once more when it did not answer",
        case(EMERGENCY_CASE, transfers=(IN_TIME, Transfer(40.0))),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "the caller was gone at once",
        case(EMERGENCY_CASE, gone_at=6.0),
        Item.EMERGENCY_TRANSFERRED,
        NOT_APPLICABLE,
    ),
    (
        "the caller was gone when it had long been due",
        case(EMERGENCY_CASE, gone_at=30.0),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    (
        "abandoned by us",
        case(EMERGENCY_CASE, transfers=(replace(IN_TIME, abandoned=True),)),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    (
        "the red button before the first question",
        case(EMERGENCY_CASE, transfers=(Transfer(-3.0),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "the red button and no emergency",
        case(transfers=(Transfer(9.0),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "a red flag of the panel",
        case({"danger": "no"}, RedFlagRaised(3.0, "fire"), transfers=(Transfer(3.1),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "a red flag without 911",
        case({"danger": "no"}, RedFlagRaised(3.0, "fire")),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    ("verified", case(), Item.PLACE_VERIFIED, MET),
    ("not verified", case(marks=Marks()), Item.PLACE_VERIFIED, MISSED),
    (
        "not verified with a reason",
        case(marks=Marks(place_excused=True)),
        Item.PLACE_VERIFIED,
        MET,
    ),
    (
        "information needs no place",
        case({**CALM, "only_asking": "yes"}, marks=Marks()),
        Item.PLACE_VERIFIED,
        NOT_APPLICABLE,
    ),
    (
        "something urgent needs one",
        case({**CALM, "big": "yes", "deep": "yes"}, marks=Marks()),
        Item.PLACE_VERIFIED,
        MISSED,
    ),
    (
        "an emergency needs one",
        case(EMERGENCY_CASE, marks=Marks(), transfers=(IN_TIME,)),
        Item.PLACE_VERIFIED,
        MISSED,
    ),
    (
        "the caller was gone",
        case(marks=Marks(), gone_at=20.0),
        Item.PLACE_VERIFIED,
        NOT_APPLICABLE,
    ),
    (
        "no emergency to decline",
        case(None, LOWERED),
        Item.EMERGENCY_NOT_DECLINED,
        NOT_APPLICABLE,
    ),
    (
        "an emergency went on",
        case(EMERGENCY_CASE, transfers=(IN_TIME,)),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and the caller was asked",
        case(marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and nobody asked",
        case({}, how=How.WRAPPED_UP, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MISSED,
    ),
    (
        "the line heard a danger and 911 was dialled",
        case({}, how=How.WRAPPED_UP, marks=HEARD, transfers=(IN_TIME,)),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and a reason was given to go on",
        case({}, EXCUSED, how=How.WRAPPED_UP, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and the caller was gone",
        case({}, how=How.CALLER_GONE, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        NOT_APPLICABLE,
    ),
    ("nothing is known of a number", case(), Item.CALLBACK_VERIFIED, NOT_APPLICABLE),
    (
        "no number was taken",
        case(marks=replace(VERIFIED, callback_verified=False)),
        Item.CALLBACK_VERIFIED,
        MISSED,
    ),
    (
        "a number was taken",
        case(marks=replace(VERIFIED, callback_verified=True)),
        Item.CALLBACK_VERIFIED,
        MET,
    ),
    (
        "gone before the number",
        case(marks=replace(VERIFIED, callback_verified=False), gone_at=5.0),
        Item.CALLBACK_VERIFIED,
        NOT_APPLICABLE,
    ),
    ("in order", case(), Item.QUESTIONS_IN_ORDER, MET),
    (
        "before its turn",
        case({"hurt": "no", "danger": "no", "big": "no", "only_asking": "no"}),
        Item.QUESTIONS_IN_ORDER,
        MISSED,
    ),
    (
        "the danger before its turn",
        case({"hurt": "yes"}, transfers=(Transfer(3.0),)),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    (
        "going back changes no order",
        case(None, Answered(20.0, "danger", "no"), Answered(21.0, "big", "no")),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    (
        "going back with questions open changes no order",
        case(
            {"danger": "no", "hurt": "no"},
            Answered(10.0, "danger", "no"),
            *asked({"big": "no", "only_asking": "no"}, start=20.0),
        ),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    ("nothing was answered", case({}, how=How.JUMPED), Item.QUESTIONS_IN_ORDER, NOT_APPLICABLE),
    ("kept", case(), Item.DETERMINANT_KEPT, MET),
    ("overridden in silence", case(None, LOWERED), Item.DETERMINANT_KEPT, MISSED),
    ("overridden with a reason", case(None, EXCUSED), Item.DETERMINANT_KEPT, MET),
    (
        "overridden upwards in silence",
        case(None, Overridden(50.0, "urgent_9", "", "call_taker")),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "raised upon later facts needs no reason",
        case(None, Retriaged(50.0, "urgent_9", "", "call_taker")),
        Item.DETERMINANT_KEPT,
        MET,
    ),
    (
        "lowered upon later facts does",
        case(None, Retriaged(50.0, "information_1", "", "senior")),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "none was reached",
        case(OVER_BY_HAND, how=How.WRAPPED_UP),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "none was due yet",
        case(OVER_BY_HAND, how=How.JUMPED),
        Item.DETERMINANT_KEPT,
        NOT_APPLICABLE,
    ),
    ("nobody marks it", case(), Item.ADVICE_GIVEN, NOT_APPLICABLE),
    (
        "not given",
        case(marks=replace(VERIFIED, advice_given=False)),
        Item.ADVICE_GIVEN,
        MISSED,
    ),
    ("given", case(marks=replace(VERIFIED, advice_given=True)), Item.ADVICE_GIVEN, MET),
    (
        "gone before the advice",
        case(marks=replace(VERIFIED, advice_given=False), gone_at=20.0),
        Item.ADVICE_GIVEN,
        NOT_APPLICABLE,
    ),
    ("none left out", case(), Item.NO_QUESTION_SKIPPED, MET),
    (
        "one left out",
        case({"danger": "no", "hurt": "no", "only_asking": "no"}, how=How.WRAPPED_UP),
        Item.NO_QUESTION_SKIPPED,
        MISSED,
    ),
    (
        "one that this path asks",
        case({**CALM, "big": "yes"}, how=How.WRAPPED_UP),
        Item.NO_QUESTION_SKIPPED,
        MISSED,
    ),
    (
        "read otherwise",
        case(marks=replace(VERIFIED, read_word_for_word=False)),
        Item.READ_WORD_FOR_WORD,
        MISSED,
    ),
    (
        "a language was offered",
        case(marks=replace(VERIFIED, language_offered=True)),
        Item.LANGUAGE_OFFERED,
        MET,
    ),
    (
        "not closed",
        case(marks=replace(VERIFIED, closing_read=False)),
        Item.CLOSING_READ,
        MISSED,
    ),
]


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
