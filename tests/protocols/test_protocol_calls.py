"""Single calls through the library: what residents say, and where it must end."""

import pytest
from protocol_samples import library

from protocols.engine import determine

pytestmark = pytest.mark.rules

CALM = {"danger_now": "no"}
CALM_DOG = {**CALM, "dog_attacking": "no", "dog_bite": "no"}
CALM_STREET = {**CALM, "crash": "no", "swerving": "no", "object_in_lane": "no"}
NO_REASON = {
    **CALM_DOG,
    "near_school": "no",
    "dog_aggressive": "no",
    "home_known": "no",
    "dog_looks": "brown",
}

CALLS = [
    # protocol     answers                                          level          to               code        request
    ("gas_smell",  {**CALM, "smell_place": "inside"},               "emergency",   "911",           "GASLEAKI", None),
    ("gas_smell",  {**CALM, "smell_place": "outside"},              "emergency",   "911",           "GASLEAKO", None),
    ("gas_smell",  {**CALM, "smell_place": "unknown"},              "emergency",   "911",           "GASLEAKI", None),
    ("gas_smell",  {"danger_now": "refused"},                       "emergency",   "911",           "GASLEAKI", None),
    ("loose_dog",  {**CALM, "dog_attacking": "attacking"},          "emergency",   "911",           "BITE",     None),
    ("loose_dog",  {**CALM, "dog_attacking": "charging"},           "emergency",   "911",           "BITE",     None),
    ("loose_dog",  {**CALM_DOG, "dog_bite": "yes"},                 "emergency",   "911",           "BITE",     None),
    ("loose_dog",  {**CALM_DOG, "near_school": "yes", "dog_pack": "yes"}, "emergency", "911",       "ANIMAL",   None),
    ("loose_dog",  {**NO_REASON, "near_school": "yes", "dog_pack": "no"}, "urgent", "animal_care",  "ANIMAL",   "loose_dog"),
    ("loose_dog",  {**NO_REASON, "dog_aggressive": "yes"},          "urgent",      "animal_care",   "ANIMAL",   "loose_dog"),
    ("loose_dog",  {**NO_REASON, "home_known": "yes", "home_address": "x"}, "routine", "animal_care", "ANIMAL", "loose_dog"),
    ("loose_dog",  NO_REASON,                                       "information", "animal_care",   "ANIMAL",   None),
    ("pothole",    {**CALM, "crash": "yes"},                        "emergency",   "911",           "THAZ",     None),
    ("pothole",    {**CALM_STREET, "swerving": "yes"},              "emergency",   "911",           "THAZ",     None),
    ("pothole",    {**CALM_STREET, "object_in_lane": "yes"},        "emergency",   "911",           "THAZ",     None),
    ("pothole",    {**CALM_STREET, "hole_place": "elsewhere", "find_it": "x"}, "routine", "transportation", "PUBWKS", "pothole"),
    ("pothole",    {**CALM_STREET, "hole_place": "bike_lane", "hole_size": "yes", "find_it": "x"}, "urgent", "transportation", "PUBWKS", "pothole"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "level", "to", "code", "request_code"), CALLS)
def test_each_call_ends_where_it_must(name, answers, level, to, code, request_code):
    verdict = determine(library(name), answers)
    destination = verdict.destination
    assert verdict.final
    assert verdict.level == level
    assert (destination.kind.value if verdict.emergency else destination.key) == to
    assert (verdict.common_code, verdict.request_code) == (code, request_code)


def test_whoever_smells_gas_is_told_to_leave_first_and_touch_nothing():
    for determinant in library("gas_smell").determinants:
        assert determinant.emergency
        said = f"{determinant.script.en} {determinant.advice.en}".lower()
        assert "leave" in said or "walk away" in said
        assert "no flame" in said
    inside = library("gas_smell").determinant_by_id["gas_inside"]
    assert "switch" in inside.advice.en
    assert "from outside" in inside.advice.en
