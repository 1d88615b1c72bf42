"""Trends, their pictures, and the agreement of readers: pure figures, held to known ones."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.quality import case_view, drawing
from calltaker.quality.agreement import cohen
from calltaker.quality.case_view import clock
from calltaker.quality.trends import MINIMUM, WEEKS, Scored, trends, weeks_until
from calltaker.staff.permissions import Sight
from models.states import CaseGrade
from protocols.session import Overridden, Retriaged
from tests.protocols.scoring_samples import case as session_of

pytestmark = pytest.mark.rules

TODAY = date(2026, 7, 1)
NOW = weeks_until(TODAY)
MEETS, PARTLY, NON = CaseGrade.MEETS, CaseGrade.PARTLY, CaseGrade.NON_COMPLIANT


def case(day=TODAY, earned=30, applicable=30, grade=MEETS, key="ana"):
    return Scored(key, day, earned, applicable, grade)


def test_weeks_begin_on_mondays_and_end_with_the_present_one():
    assert len(NOW) == WEEKS
    assert {week.weekday() for week in NOW} == {0}
    assert NOW[-1] <= TODAY < NOW[-1] + timedelta(days=7)


def test_points_are_added_before_they_are_divided():
    cases = [*[case(earned=10, applicable=10)] * 4, case(earned=0, applicable=40, grade=NON)]
    [trend] = trends(cases, NOW)
    assert (trend.whole.percent, trend.whole.n) == (50, 5)
    assert (trend.whole.meets, trend.whole.partly, trend.whole.non_compliant) == (4, 0, 1)


@pytest.mark.parametrize(("n", "percent"), [(MINIMUM - 1, None), (MINIMUM, 100)])
def test_a_percentage_is_shown_from_enough_cases_on(n, percent):
    [trend] = trends([case()] * n, NOW)
    assert trend.whole.percent == percent
    assert trend.weeks[-1][1].percent == percent


def test_what_is_not_scored_or_lies_outside_the_weeks_is_left_out():
    early, late = case(day=NOW[0] - timedelta(days=1)), case(day=NOW[-1] + timedelta(days=7))
    assert trends([early, late, case(grade=CaseGrade.NOT_SCORED)], NOW) == ()
    [trend] = trends([case(day=NOW[0]), case(day=NOW[-1] + timedelta(days=6))], NOW)
    assert (trend.weeks[0][1].n, trend.weeks[-1][1].n, trend.whole.n) == (1, 1, 2)


def test_most_cases_come_first():
    found = trends([case(key="ana"), case(key="bo"), case(key="bo")], NOW)
    assert [trend.key for trend in found] == ["bo", "ana"]


def test_a_picture_leaves_a_gap_over_weeks_with_too_few_cases():
    full = [case(day=week) for week in (NOW[0], NOW[1], NOW[3], NOW[4]) for _ in range(MINIMUM)]
    [trend] = trends([*full, case(day=NOW[2])], NOW)
    picture = drawing.draw(trend, "Ana")
    assert len(picture.dots) == 4
    assert [len(line.split()) for line in picture.lines] == [2, 2]
    assert picture.sentence == "Ana: from 100 % to 100 %; 4 of 13 weeks are shown."


@pytest.mark.parametrize(
    ("weeks", "sentence"),
    [
        (0, "Ana: no week has enough cases to be shown."),
        (1, "Ana: 100 % in one week; 1 of 13 weeks are shown."),
    ],
)
def test_a_picture_says_in_words_what_it_shows(weeks, sentence):
    cases = [case(day=week) for week in NOW[:weeks] for _ in range(MINIMUM)]
    [trend] = trends([*cases, case(day=NOW[5])], NOW)
    assert drawing.draw(trend, "Ana").sentence == sentence


def test_a_picture_stays_within_its_frame():
    assert drawing.height_of(100) == drawing.MARGIN
    assert drawing.height_of(0) == drawing.HEIGHT - drawing.MARGIN


KAPPAS = [
    # the textbook table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no
    ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4, "fair"),
    (
        [("y", "y")] * 45 + [("y", "n")] * 15 + [("n", "y")] * 25 + [("n", "n")] * 15,
        0.1304,
        "slight",
    ),
    ([("a", "a"), ("b", "b")], 1.0, "almost perfect"),
    ([("a", "b"), ("b", "a")], -1.0, "poor"),
    ([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], 0.0, "poor"),
    ([("a", "a")] * 9, None, "cannot be said"),
    ([], None, "cannot be said"),
]


@pytest.mark.parametrize(("pairs", "kappa", "words"), KAPPAS)
def test_kappa_is_the_textbooks(pairs, kappa, words):
    found = cohen(pairs)
    assert found.n == len(pairs)
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=1e-4))
    assert found.words == words


PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=12)


@settings(max_examples=60)
@given(PAIRS)
def test_kappa_does_not_care_who_read_first_and_is_1_only_for_full_agreement(pairs):
    found, other = cohen(pairs), cohen([(second, first) for first, second in pairs])
    assert found == other
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == all(first == second for first, second in pairs)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (4.4, "0:04"), (65, "1:05"), (-3, "-0:03"), (-0.2, "0:00"), (3600, "60:00")],
)
def test_moments_are_minutes_and_seconds_since_the_beginning(seconds, shown):
    assert clock(seconds) == shown


@pytest.mark.parametrize("sight", list(Sight))
@pytest.mark.parametrize("kind", [Overridden, Retriaged])
def test_a_reason_in_a_persons_own_words_is_for_those_who_may_hear_the_caller(kind, sight):
    chosen = kind(50.0, "urgent_9", "her mother Maruca fell", "senior")
    shown = [step.said for step in case_view.course(session_of(None, chosen), sight).steps]
    assert ("her mother Maruca fell" in shown) is (sight is Sight.FULL)
