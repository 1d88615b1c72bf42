"""A city's skill groups: what is written well is read, and every mistake is named at once."""

import pytest

from config.skill_groups import skill_groups_of
from ivr.errors import CityPackError
from ivr.rules.skills import GroupKind

pytestmark = pytest.mark.rules

INTENTS, AREAS, LONGEST = ["water_leak", "loose_dog"], ["tucson", "marana"], 900.0
NAMES = {"en": "Water", "es": "Agua"}
GENERAL = {"kind": "topic", "names": NAMES, "overflow_seconds": 120, "then": None}
WATER = {**GENERAL, "overflow_seconds": 60, "then": "general", "intents": ["water_leak"]}


def read(**groups):
    given = {"groups": {"general": GENERAL, **groups}}
    return skill_groups_of(given, INTENTS, AREAS, LONGEST)


def test_a_group_is_read_as_it_is_written():
    groups = read(water=WATER, marana={**GENERAL, "kind": "agency", "jurisdictions": ["marana"]})
    assert groups["water"].intents == {"water_leak"}
    assert (groups["water"].overflow_seconds, groups["water"].then) == (60.0, "general")
    assert groups["marana"].kind is GroupKind.AGENCY
    assert groups["general"].then is None


MISTAKES = [
    # what is written                                what is said
    ({"water": {**WATER, "kind": "colour"}}, "kind: 'colour' is not topic or agency"),
    ({"water": {**WATER, "names": {"en": "Water"}}}, "has no name in every language"),
    ({"water": {**WATER, "names": "Water"}}, "has no name in every language"),
    ({"water": {**WATER, "overflow_seconds": -1}}, "-1 is not a number of seconds"),
    ({"water": {**WATER, "overflow_seconds": True}}, "True is not a number of seconds"),
    ({"water": {**WATER, "overflow_seconds": float("nan")}}, "nan is not a number of seconds"),
    ({"water": {**WATER, "overflow_seconds": "soon"}}, "'soon' is not a number of seconds"),
    ({"water": {**WATER, "intents": "water_leak"}}, "intents is not a list"),
    ({"water": {**WATER, "intents": ["weather"]}}, "intents: weather is not known"),
    ({"water": {**WATER, "jurisdictions": ["mars"]}}, "jurisdictions: mars is not known"),
    ({"water": {**WATER, "then": "nobody"}}, "then: nobody is not known"),
    ({"water": {**WATER, "then": "water"}}, "then: water is not known"),
    ({"water": {**WATER, "seconds": 3}}, "seconds is not known"),
    ({"water": {**WATER, "overflow_seconds": 780}}, "everybody is asked after 900 s"),
    ({"all": WATER}, "is no name of a group"),
    ({"everybody": WATER}, "is no name of a group"),
    ({"a, b": WATER}, "is no name of a group"),
    ({"w" * 41: WATER}, "is no name of a group"),
    ({"water": None}, "is not topic or agency"),
]


@pytest.mark.parametrize(("groups", "said"), MISTAKES)
def test_a_mistake_is_named(groups, said):
    with pytest.raises(CityPackError) as wrong:
        read(**groups)
    assert any(said in mistake for mistake in wrong.value.mistakes)


@pytest.mark.parametrize("document", [None, [], {}, {"groups": []}, {"groups": {"water": WATER}}])
def test_without_the_general_group_there_are_none(document):
    with pytest.raises(CityPackError, match="no map with the group 'general'"):
        skill_groups_of(document, INTENTS, AREAS, LONGEST)
