"""Whose place it is, and when that cannot be relied on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.places.jurisdictions import OUTSIDE, Jurisdictions, area_of
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

# Points well inside, by general knowledge.
INSIDE = [
    ("tucson", 32.2360, -110.9437),  # Speedway and Campbell
    ("tucson", 32.2069, -110.8580),  # 22nd and Wilmot
    ("marana", 32.4600, -111.2100),  # old Marana
    ("oro_valley", 32.4250, -110.9700),  # Tangerine and Oracle side
    ("sahuarita", 31.9400, -110.9700),
    ("pima_county", 32.3250, -110.9000),  # Catalina Foothills
    ("pima_county", 31.8543, -110.8500),
]


@pytest.mark.parametrize(("key", "latitude", "longitude"), INSIDE)
def test_a_point_well_inside_is_certain(key, latitude, longitude):
    found = tucson().jurisdictions.at(latitude, longitude, 150)
    assert (found.key, found.certain) == (key, True)


def test_south_tucson_is_found_inside_tucson():
    assert tucson().jurisdictions.at(32.1955, -110.9690, 150).key == "south_tucson"
    assert not tucson().jurisdictions.at(32.2030, -110.9690, 150).certain


def test_a_point_near_a_line_is_uncertain():
    found = tucson().jurisdictions.at(32.2950, -110.9437, 150)  # River and Campbell
    assert not found.certain


def test_a_point_that_is_itself_vague_is_uncertain():
    assert tucson().jurisdictions.at(32.2360, -110.9437, 150).certain
    assert not tucson().jurisdictions.at(32.2360, -110.9437, 20_000).certain


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(32.119, -110.963), (32.131, -111.083), (32.107, -111.008), (31.92, -111.88)],
)
def test_tribal_land_and_its_neighbourhood_are_tribal(latitude, longitude):
    assert tucson().jurisdictions.at(latitude, longitude, 250).tribal


def test_outside_the_county_is_said():
    assert tucson().jurisdictions.at(33.45, -112.07, 500).key == OUTSIDE


@settings(max_examples=80, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 50_000))
def test_every_point_has_an_answer(latitude, longitude, uncertainty):
    known = {area.key for area in tucson().jurisdictions.areas} | {OUTSIDE}
    assert tucson().jurisdictions.at(latitude, longitude, uncertainty).key in known


@settings(max_examples=60, deadline=None)
@given(st.floats(31.8, 32.5), st.floats(-111.3, -110.6), st.floats(0, 3000), st.floats(0, 3000))
def test_more_uncertainty_never_makes_a_point_certain(latitude, longitude, less, more):
    areas: Jurisdictions = tucson().jurisdictions
    if areas.at(latitude, longitude, less + more).certain:
        assert areas.at(latitude, longitude, less).certain


BAD = {
    "crossed": {
        "properties": {"key": "x", "kind": "county", "name": {}, "error_metres": 1},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    },
    "kind": {
        "properties": {"key": "x", "kind": "moon", "name": {}, "error_metres": 1},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    },
    "error": {
        "properties": {"key": "x", "kind": "county", "name": {}, "error_metres": "wide"},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    },
}


@pytest.mark.parametrize("feature", BAD.values(), ids=BAD)
def test_a_bad_outline_is_refused(feature):
    with pytest.raises(ValueError, match=r"valid|kind|float"):
        area_of(feature)
