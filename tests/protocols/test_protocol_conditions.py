"""Three-valued conditions: what each operator makes of each kind of answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import conditions_on, generated_questions, is_, legal_answers

from protocols.conditions import (
    FALSE,
    TRUE,
    UNKNOWN,
    All,
    Always,
    Answered,
    AnyOf,
    Compare,
    Has,
    Not,
    OneOf,
    Operator,
    Standing,
    possible,
    reads,
    sure,
)

pytestmark = pytest.mark.rules

NAMES = {FALSE: "no", UNKNOWN: "unknown", TRUE: "yes"}
OPEN = (Standing.UNANSWERED, Standing.UNDECIDED)


def truth_of(name):
    return is_(name, "yes")


AND = [
    (TRUE, TRUE, TRUE), (TRUE, UNKNOWN, UNKNOWN), (TRUE, FALSE, FALSE),
    (UNKNOWN, UNKNOWN, UNKNOWN), (UNKNOWN, FALSE, FALSE), (FALSE, FALSE, FALSE),
]  # fmt: skip
OR = [
    (TRUE, TRUE, TRUE), (TRUE, UNKNOWN, TRUE), (TRUE, FALSE, TRUE),
    (UNKNOWN, UNKNOWN, UNKNOWN), (UNKNOWN, FALSE, UNKNOWN), (FALSE, FALSE, FALSE),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "both"), AND)
def test_all_is_the_least_of_its_parts(left, right, both):
    for one, other in ((left, right), (right, left)):
        values = {"p": NAMES[one], "q": NAMES[other]}
        assert sure(All((truth_of("p"), truth_of("q"))))(values) == both


@pytest.mark.parametrize(("left", "right", "either"), OR)
def test_any_is_the_greatest_of_its_parts(left, right, either):
    for one, other in ((left, right), (right, left)):
        values = {"p": NAMES[one], "q": NAMES[other]}
        assert sure(AnyOf((truth_of("p"), truth_of("q"))))(values) == either


@pytest.mark.parametrize(("truth", "turned"), [(TRUE, FALSE), (UNKNOWN, UNKNOWN), (FALSE, TRUE)])
def test_not_turns_true_and_false_and_leaves_unknown(truth, turned):
    assert sure(Not(truth_of("p")))({"p": NAMES[truth]}) == turned


COMPARISONS = [
    # listed             answer                is it one of them
    (("yes",),           "yes",                TRUE),
    (("yes",),           "no",                 FALSE),
    (("yes",),           "unknown",            UNKNOWN),
    (("yes",),           "refused",            UNKNOWN),
    (("yes",),           Standing.NOT_ASKED,   FALSE),
    (("yes",),           Standing.LEFT_OPEN,   UNKNOWN),
    (("unknown",),       "unknown",            TRUE),
    (("unknown",),       "refused",            FALSE),
    (("unknown",),       "no",                 FALSE),
    (("no", "unknown"),  "unknown",            TRUE),
    (("no", "unknown"),  "refused",            UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "answer", "truth"), COMPARISONS)
def test_unknown_refused_and_not_asked_are_three_different_things(listed, answer, truth):
    values = {"p": answer}
    assert sure(is_("p", *listed))(values) == possible(is_("p", *listed))(values) == truth


@pytest.mark.parametrize("standing", OPEN)
@pytest.mark.parametrize("condition", [truth_of("p"), Not(truth_of("p"))])
def test_an_open_question_is_surely_nothing_and_possibly_anything(condition, standing):
    assert sure(condition)({"p": standing}) == FALSE
    assert possible(condition)({"p": standing}) == TRUE


NUMBERS = [
    (Operator.AT_LEAST,  3, (3, 3.0, 4), (2, 2.99)),
    (Operator.AT_MOST,   3, (3, -7),     (3.01, 4)),
    (Operator.MORE_THAN, 3, (3.01, 4),   (3, 2)),
    (Operator.LESS_THAN, 3, (2, 2.99),   (3, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "limit", "within", "without"), NUMBERS)
def test_numbers_are_compared_as_numbers(operator, limit, within, without):
    test = sure(Compare("p", operator, limit))
    assert [test({"p": value}) for value in within] == [TRUE] * len(within)
    assert [test({"p": value}) for value in without] == [FALSE] * len(without)


@pytest.mark.parametrize("withheld", ["unknown", "refused", Standing.LEFT_OPEN])
@pytest.mark.parametrize("operator", Operator)
def test_a_number_that_was_not_told_is_unknown_either_way(operator, withheld):
    compare = Compare("p", operator, 3)
    assert sure(compare)({"p": withheld}) == sure(Not(compare))({"p": withheld}) == UNKNOWN


def test_always_holds_and_reads_nothing():
    assert sure(Always())({}) == TRUE
    assert sure(Not(Always()))({}) == FALSE
    assert reads(Always()) == ()


def test_a_condition_names_what_it_reads_once_and_in_order():
    parts = (truth_of("b"), Not(truth_of("a")), Compare("b", Operator.AT_LEAST, 1))
    assert reads(AnyOf((All(parts), truth_of("c")))) == ("b", "a", "c")


def plain_truth(condition, values):
    """A second, slower reading of the logic, straight from its definition."""
    match condition:
        case Always():
            return TRUE
        case Not():
            return TRUE - plain_truth(condition.part, values)
        case All():
            return min(plain_truth(part, values) for part in condition.parts)
        case AnyOf():
            return max(plain_truth(part, values) for part in condition.parts)
        case OneOf():
            answer = values[condition.question]
            if answer in condition.answers:
                return TRUE
            hidden = answer in ("unknown", "refused")
            return UNKNOWN if hidden and condition.answers - {"unknown", "refused"} else FALSE
        case Compare():
            answer = values[condition.question]
            if isinstance(answer, str):
                return UNKNOWN
            stands = {
                Operator.AT_LEAST: answer >= condition.number,
                Operator.AT_MOST: answer <= condition.number,
                Operator.MORE_THAN: answer > condition.number,
                Operator.LESS_THAN: answer < condition.number,
            }
            return TRUE if stands[condition.operator] else FALSE
        case Has():
            answer = values[condition.question]
            if isinstance(answer, str):
                return UNKNOWN
            return TRUE if set(answer) & condition.options else FALSE
        case Answered():
            return FALSE if values[condition.question] in ("unknown", "refused") else TRUE


HAS = Has("needs", frozenset({"water", "shade"}))
LISTED = [
    # the answer            certain   possible
    (("water",),            TRUE,     TRUE),
    (("food", "shade"),     TRUE,     TRUE),
    (("food",),             FALSE,    FALSE),
    ((),                    FALSE,    FALSE),
    ("unknown",             UNKNOWN,  UNKNOWN),
    ("refused",             UNKNOWN,  UNKNOWN),
    (Standing.UNANSWERED,   FALSE,    TRUE),
    (Standing.UNDECIDED,    FALSE,    TRUE),
    (Standing.NOT_ASKED,    FALSE,    FALSE),
    (Standing.LEFT_OPEN,    UNKNOWN,  UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "certain", "may_be"), LISTED)
def test_a_list_has_an_option_or_it_has_not_and_not_knowing_is_unknown(answer, certain, may_be):
    values = {"needs": answer}
    assert (sure(HAS)(values), possible(HAS)(values)) == (certain, may_be)
    turned = (sure(Not(HAS))(values), possible(Not(HAS))(values))
    assert turned == (TRUE - may_be, TRUE - certain)


WRITTEN_DOWN = [
    # the answer                                  certain   possible
    ("by the bank",                               TRUE,     TRUE),
    ("unanswered",                                TRUE,     TRUE),
    ({"text": "Sixth", "confirmed": True},        TRUE,     TRUE),
    (0,                                           TRUE,     TRUE),
    ((),                                          TRUE,     TRUE),
    ("unknown",                                   FALSE,    FALSE),
    ("refused",                                   FALSE,    FALSE),
    (Standing.UNANSWERED,                         FALSE,    TRUE),
    (Standing.NOT_ASKED,                          FALSE,    FALSE),
    (Standing.LEFT_OPEN,                          UNKNOWN,  UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "certain", "may_be"), WRITTEN_DOWN)
def test_of_what_is_written_down_only_whether_it_was_answered_is_asked(answer, certain, may_be):
    values = {"where": answer}
    assert sure(Answered("where"))(values) == certain
    assert possible(Answered("where"))(values) == may_be


@given(st.data())
@settings(max_examples=100)
def test_the_compiled_condition_says_what_the_definition_says(data):
    questions = data.draw(generated_questions(most=3))
    condition = data.draw(conditions_on(questions))
    values = {question.id: data.draw(legal_answers(question)) for question in questions}
    truth = plain_truth(condition, values)
    assert sure(condition)(values) == possible(condition)(values) == truth


@given(st.data())
@settings(max_examples=100)
def test_no_later_answer_leaves_the_bounds_that_sure_and_possible_give(data):
    questions = data.draw(generated_questions(most=3))
    condition = data.draw(conditions_on(questions))
    values = {question.id: data.draw(legal_answers(question)) for question in questions}
    open_now = data.draw(st.sets(st.sampled_from([question.id for question in questions])))
    before = values | dict.fromkeys(open_now, Standing.UNANSWERED)
    unasked = values | dict.fromkeys(open_now, Standing.NOT_ASKED)
    for after in (values, unasked):
        assert sure(condition)(before) <= sure(condition)(after) <= possible(condition)(before)
