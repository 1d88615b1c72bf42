"""The file of spoken places is whole, and its split is what the figures say it is."""

import pytest

from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from tests.cases.understanding.places import PlaceCase, cases, document, is_right

pytestmark = pytest.mark.rules


def test_every_case_has_an_id_of_its_own_under_an_idea_that_is_explained():
    ids = [case.id for case in cases()]
    assert len(ids) == len(set(ids)) >= 250
    assert {one.rpartition("-")[0] for one in ids} == set(document()["ideas"])


def test_about_30_percent_are_held_back_in_both_languages():
    for language in ("en", "es"):
        chosen = [case for case in cases() if case.language == language]
        share = sum(case.is_held_back for case in chosen) / len(chosen)
        assert 0.2 < share < 0.4


def test_no_expected_place_is_right_for_a_case_that_names_none():
    wrong = SpokenPlace(PlaceKind.NONE)
    assert [case.id for case in cases() if is_right(case, wrong)] == [
        case.id for case in cases() if case.kind is PlaceKind.NONE
    ]


@pytest.mark.parametrize(
    ("place", "right"),
    [
        (SpokenPlace(PlaceKind.ADDRESS, "2200", "E", "Speedway", "Boulevard"), True),
        (SpokenPlace(PlaceKind.ADDRESS, "2200", "E", "Speedway", "Road"), False),
        (SpokenPlace(PlaceKind.ADDRESS, "2200", "W", "Speedway", "Boulevard"), False),
        (SpokenPlace(PlaceKind.ADDRESS, "2205", "E", "Speedway", "Boulevard"), False),
    ],
)
def test_an_address_is_right_only_in_all_its_parts(place, right):
    case = PlaceCase("x", cases()[0].language, "", PlaceKind.ADDRESS, "2200 E Speedway/Boulevard")
    assert is_right(case, place) is right
