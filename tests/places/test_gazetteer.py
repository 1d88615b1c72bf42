"""Placing what was said: corners computed, house numbers approximate, names only as names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import CityPackError
from ivr.places.gazetteer_document import build
from ivr.places.streets import metres_between
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from models.states import Language
from tests.rules.tucson_pack import readers, tucson

pytestmark = pytest.mark.rules


def find(text: str):
    return readers().place(text, Language.EN)


# Places of general knowledge, by hand: what was said, about where it is, and how far off at most.
KNOWN = [
    ("Speedway and Campbell", 32.2360, -110.9437, 150),
    ("Grant and Alvernon", 32.2505, -110.9094, 150),
    ("22nd and Kolb", 32.2069, -110.8411, 200),
    ("sixth and stone", 32.2276, -110.9718, 200),
    ("sixth avenue and twenty second street", 32.2069, -110.9687, 200),
    ("river and campbell", 32.2950, -110.9437, 500),
    ("Ina and Oracle", 32.3370, -110.9780, 300),
    ("2200 east speedway", 32.2360, -110.9392, 500),
    ("3601 south sixth avenue", 32.1790, -110.9687, 500),
    ("Reid Park", 32.2105, -110.9210, 500),
]


@pytest.mark.parametrize(("said", "latitude", "longitude", "metres"), KNOWN)
def test_a_known_place_is_put_about_where_it_is(said, latitude, longitude, metres):
    found = find(said)
    assert metres_between((found.latitude, found.longitude), (latitude, longitude)) <= metres
    assert found.approximate
    assert found.uncertainty_metres >= 100


def test_a_place_is_read_back_in_both_languages_with_its_type():
    found = find("22 hundred east speedway")
    assert found.said["en"] == "22 hundred East Speedway Boulevard"
    assert found.said["es"] == "2200 Este Speedway Boulevard"
    assert found.text == "2200 East Speedway Boulevard"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2200", "22 hundred"),
        ("2205", "22 oh 5"),
        ("4321", "43 21"),
        ("415", "415"),
        ("12600", "12600"),
    ],
)
def test_a_house_number_is_read_back_in_pairs(number, said):
    assert find(f"{number} East Speedway").said["en"] == f"{said} East Speedway Boulevard"


def test_a_number_pair_is_told_apart_by_the_axis_of_the_other_street():
    assert find("sixth and stone").text == "6th Street and Stone Avenue"
    assert find("sixth and congress").text == "6th Avenue and Congress Street"


def test_a_missing_direction_is_not_guessed():
    found = find("2200 Speedway")
    assert found.candidates == ("2200 East Speedway Boulevard", "2200 West Speedway Boulevard")
    assert not found.certain
    assert found.uncertainty_metres > 1000


@pytest.mark.parametrize("said", ["415 West Calle Alegria", "3425 South Pinkhaven Stravenue"])
def test_an_unknown_street_is_kept_without_a_point(said):
    found = find(said)
    assert found.text == said
    assert found.latitude is None
    assert found.jurisdiction == ""


def test_a_community_is_a_name_and_settles_nothing():
    found = find("I'm in Green Valley")
    assert not found.certain
    assert found.uncertainty_metres >= 2000


@pytest.mark.parametrize(
    "said", ["casino del sol", "San Xavier mission", "en la nación Tohono O'odham", "new pascua"]
)
def test_tribal_words_are_marked_whatever_else_was_understood(said):
    assert find(said).tribal


@pytest.mark.parametrize("said", ["Ventana Canyon", "he sells cars", "I have a reservation"])
def test_words_that_are_also_something_else_are_not_tribal(said):
    assert find(said) is None


def test_no_place_is_none():
    assert find("my dog died") is None


NAMES = sorted({street.name for street in tucson().gazetteer.streets})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_any_corner_is_either_placed_within_the_county_or_left_without_a_point(one, other):
    place = SpokenPlace(PlaceKind.INTERSECTION, street=one, cross_street=other)
    located = tucson().gazetteer.locate(place)
    if located.latitude is not None:
        assert 31.4 < located.latitude < 32.6
        assert -113.4 < located.longitude < -110.4


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.integers(1, 99_999), st.sampled_from(["", "N", "S", "E", "W"]))
def test_any_house_number_is_answered(street, number, direction):
    place = SpokenPlace(PlaceKind.ADDRESS, str(number), direction, street)
    located = tucson().gazetteer.locate(place)
    assert str(number) in located.text


def test_the_pack_holds_at_least_150_streets_and_40_landmarks():
    assert len(tucson().gazetteer.streets) >= 150
    assert len(tucson().gazetteer.landmarks) >= 40


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (None, "streets"),
        ({"streets": [{"name": "X", "axis": "up"}]}, "axis"),
        ({"streets": [{"name": "X", "axis": "curved"}]}, "axis and points"),
        ({"streets": [{"axis": "ew"}]}, "name"),
        ({"landmarks": [{"name": {"en": "X"}, "at": [1, 2]}]}, "landmark"),
        ({"numbering": {"N": [[10, 1], [0, 2]]}}, "must rise"),
    ],
)
def test_a_mistake_in_the_gazetteer_is_named(document, named):
    with pytest.raises(CityPackError) as error:
        build(document)
    assert named in str(error.value)
