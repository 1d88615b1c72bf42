"""Which answers go along to another protocol."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    LIBRARY,
    answers_to,
    choice,
    generated_protocols,
    library,
    many,
    number,
    place,
    protocol,
    text,
)

from protocols.engine import check, determine
from protocols.jumping import carried
from protocols.script import Text

pytestmark = pytest.mark.rules

DANGER = choice("danger_now", "yes", "no", danger=("yes",))
DOGS = replace(number("dogs"), least=0, most=9)
HERE = protocol([DANGER, DOGS, many("needs", "water", "shade"), place("where"), text("note")], [])
CORNER = {"text": "Sixth", "confirmed": True}
GIVEN = {"danger_now": "no", "dogs": 7, "needs": ("water",), "where": CORNER, "note": "by the wash"}

OTHER = Text("other words", "otras palabras")
CASES = [
    # the question there                                  goes along
    (DANGER,                                              True),
    (replace(DANGER, note=OTHER),                         True),
    (replace(DANGER, text=OTHER),                         False),
    (choice("danger_now", "yes", "no"),                   False),
    (choice("danger_now", "no", "yes", danger=("yes",)),  False),
    (choice("danger", "yes", "no", danger=("yes",)),      False),
    (DOGS,                                                True),
    (replace(DOGS, most=5),                               False),
    (replace(DOGS, unit=OTHER),                           False),
    (text("dogs"),                                        False),
    (many("needs", "water", "shade"),                     True),
    (many("needs", "water"),                              False),
    (place("where"),                                      True),
    (text("where"),                                       False),
]  # fmt: skip


@pytest.mark.parametrize(("question", "goes"), CASES)
def test_must_have_06_a_jump_keeps_the_answers_to_the_same_questions(question, goes):
    there = protocol([question], [])
    expected = {question.id: GIVEN[question.id]} if goes else {}
    assert carried(HERE, there, GIVEN) == expected


def test_answers_come_in_the_order_of_the_protocol_that_goes_on():
    there = protocol([text("note"), DANGER], [])
    assert list(carried(HERE, there, GIVEN)) == ["note", "danger_now"]


def test_what_was_not_answered_is_not_carried():
    assert carried(HERE, HERE, {"danger_now": "unknown"}) == {"danger_now": "unknown"}


@given(generated_protocols(), generated_protocols(), st.data())
@settings(max_examples=30)
def test_whatever_is_carried_is_legal_there_and_was_said_here(here, there, data):
    answers = data.draw(answers_to(here))
    found = carried(here, there, answers)
    check(there, found)
    assert all(answers[name] == value for name, value in found.items())


NAMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def test_danger_told_in_one_protocol_of_the_library_is_danger_in_every_other():
    first = library("noise")
    for name in NAMES:
        there = library(name)
        if there.question_by_id["danger_now"].ask_if is None:
            kept = carried(first, there, {"danger_now": "unknown"})
            assert determine(there, kept).emergency, name
