"""The number a caller writes down: misheard ones are found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import request_number

pytestmark = pytest.mark.rules
bodies = st.integers(0, request_number.BODIES - 1)


@pytest.mark.parametrize(
    ("body", "number"), [(0, "00000000"), (572, "00005724"), (1_234_567, None), (9_999_999, None)]
)
def test_a_number_has_eight_digits_and_is_right(body: int, number: str | None):
    made = request_number.of(body)
    assert number in (None, made)
    assert len(made) == 8
    assert request_number.is_right(made)


@settings(max_examples=200)
@given(bodies, st.integers(0, 7), st.integers(1, 9))
def test_one_misheard_digit_is_found(body: int, place: int, shift: int):
    number = request_number.of(body)
    wrong = str((int(number[place]) + shift) % 10)
    assert not request_number.is_right(number[:place] + wrong + number[place + 1 :])


@settings(max_examples=200)
@given(bodies, st.integers(0, 6))
def test_two_swapped_digits_are_found(body: int, place: int):
    number = request_number.of(body)
    one, other = number[place], number[place + 1]
    swapped = number[:place] + other + one + number[place + 2 :]
    assert request_number.is_right(swapped) is (one == other)


@given(st.text(max_size=12))
def test_no_text_upsets_the_check(text: str):
    assert request_number.is_right(text) in (True, False)


@pytest.mark.parametrize("body", [-1, request_number.BODIES])
def test_a_body_out_of_range_is_refused(body: int):
    with pytest.raises(ValueError, match="seven digits"):
        request_number.of(body)


def test_a_number_is_read_in_two_groups_of_four():
    assert request_number.spoken("00005724") == "0 0 0 0, 5 7 2 4"
    assert request_number.is_right("0000 5724")
