"""Misspelt names: the index finds just what measuring every name would find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from ivr.rules.street_spelling import LIKE_ENOUGH, spelling_of
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

FORMS = tuple(tucson().gazetteer.names().streets)
INDEX = spelling_of(FORMS)
LETTERS = st.text(alphabet="aelnorstcdwmy ", min_size=1, max_size=3)


def measured(said: str) -> str | None:
    """The same by measuring every name."""
    best = process.extractOne(said, FORMS, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return best[0] if best is not None else None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(FORMS),
    st.lists(st.tuples(st.integers(0, 25), st.sampled_from("-+="), LETTERS), max_size=4),
)
def test_the_index_finds_what_measuring_every_name_finds(form, edits):
    said = form
    for at, how, letters in edits:
        left_out = {"-": 1, "+": 0, "=": 1}[how]
        said = said[:at] + ("" if how == "-" else letters) + said[at + left_out :]
    if len(said) >= 4:
        assert INDEX.nearest(said) == measured(said)


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("speedwy", "speedway"),
        ("campbel", "campbell"),
        ("craycrof", "craycroft"),
        ("alvrnon", "alvernon"),
        ("zzzz", None),
        ("xy", None),
        ("", None),
    ],
)
def test_a_few_letters_may_differ(said, form):
    assert INDEX.nearest(said) == form


def test_an_index_of_nothing_finds_nothing():
    assert spelling_of(()).nearest("speedway") is None
