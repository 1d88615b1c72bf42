"""Whose a place is: what the caller hears in every jurisdiction, and who is rung for it."""

from dataclasses import replace

import pytest
import yaml

from ivr.places.jurisdictions import OUTSIDE
from ivr.rules.actions import JoinLine, Listen, TransferTo
from ivr.rules.menu import Turn, answer, begin
from ivr.rules.menu_state import CallerInput, Event
from models.states import Language
from tests.rules.tucson_pack import NOW, PACK, SILENCE, heard, last, readers, spoken, tucson

pytestmark = pytest.mark.rules

# jurisdiction, a place well inside it, a part of what is heard in each language, who is rung
OTHERS = [
    ("south_tucson", "sixth avenue and 36th street", "City of South Tucson", "Ciudad de South Tucson", "south_tucson_services"),
    ("marana", "Marana Road and Sandario Road", "Town of Marana", "Pueblo de Marana", "marana_services"),
    ("oro_valley", "Lambert Lane and La Cañada", "Town of Oro Valley", "Pueblo de Oro Valley", "oro_valley_services"),
    ("sahuarita", "La Villita and Sahuarita Road", "Town of Sahuarita", "Pueblo de Sahuarita", "sahuarita_services"),
    ("pima_county", "Sunrise and Swan", "Pima County, outside any city", "Condado de Pima, fuera", "county_services"),
]  # fmt: skip
NEED = {Language.EN: ("1", "there is a pothole"), Language.ES: ("2", "hay un bache")}


def confirmed(place: str, language: Language = Language.EN, around=None) -> Turn:
    """A report at a place that the caller has said to be right."""
    said = place.replace(" and ", " y ") if language is Language.ES else place
    turn, menu = None, tucson().menu
    state = begin(menu)
    for typed in ("", *NEED[language], said, "1"):
        given = heard(typed) if typed else SILENCE
        turn = answer(menu, state, given, NOW, around or readers())
        state = turn.state
    return turn


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("area", "place", "english", "spanish", "entry"), OTHERS)
def test_a_place_of_another_agency_is_said_to_be_theirs_and_put_through(
    area, place, english, spanish, entry, language
):
    turn = confirmed(place, language)
    assert turn.state.place.jurisdiction == area
    assert {Language.EN: english, Language.ES: spanish}[language] in spoken(turn)
    rung = answer(tucson().menu, turn.state, heard("1"), NOW, readers())
    assert isinstance(last(rung), TransferTo)
    assert last(rung).entry == entry
    assert entry in tucson().destinations.directory


@pytest.mark.parametrize(("area", "place", "english", "spanish", "entry"), OTHERS)
def test_whoever_would_rather_tell_us_and_whoever_is_not_answered_reaches_a_person(
    area, place, english, spanish, entry
):
    turn = confirmed(place)
    for typed in ("2", "0", "here"):
        assert isinstance(
            last(answer(tucson().menu, turn.state, heard(typed), NOW, readers())), JoinLine
        )
    rung = answer(tucson().menu, turn.state, heard("1"), NOW, readers())
    back = CallerInput(event=Event.TRANSFER_FAILED)
    failed = answer(tucson().menu, rung.state, back, NOW, readers())
    assert "Nobody answered there." in spoken(failed)
    assert isinstance(last(failed), JoinLine)
    assert failed.state.place.jurisdiction == area


AT_HOME_OR_IN_DOUBT = [
    "Speedway and Campbell",  # the City itself
    "Ina and Oracle",  # nearer to a line than the line is sure
    "River Road and Campbell",
    "Thornydale and Linda Vista",
    "415 West Calle Alegria",  # a street that nobody knows: no point
]


@pytest.mark.parametrize("place", AT_HOME_OR_IN_DOUBT)
def test_our_own_places_and_uncertain_ones_go_to_a_person_without_a_word_of_others(place):
    turn = confirmed(place)
    assert isinstance(last(turn), JoinLine)
    assert spoken(turn) == "Thank you. I am taking you to a person who has what you told me."


@pytest.mark.parametrize("area", ["san_xavier", "pascua_yaqui", "tohono_oodham"])
def test_tribal_land_is_nobodys_to_send_away(area):
    around = replace(readers(), place=lambda said, language: at_the_heart_of(area))
    turn = confirmed("a place", around=around)
    assert isinstance(last(turn), JoinLine)
    assert turn.state.place.tribal


def at_the_heart_of(area: str):
    [outline] = [one.outline for one in tucson().jurisdictions.areas if one.key == area]
    inside = outline.representative_point()
    return readers().place_at(inside.y, inside.x, 30.0)


def test_a_place_outside_the_county_is_said_to_be_and_a_person_helps():
    around = replace(readers(), place=lambda said, language: readers().place_at(33.4, -112.0, 30.0))
    turn = confirmed("a place", around=around)
    assert turn.state.place.jurisdiction == OUTSIDE
    assert spoken(turn).startswith("That place is outside Pima County.")
    assert isinstance(last(turn), JoinLine)


def test_every_jurisdiction_of_the_pack_has_its_row():
    own = {"tucson"} | {one.key for one in tucson().jurisdictions.areas if one.kind == "tribal"}
    tabled = {row[0] for row in OTHERS}
    assert {one.key for one in tucson().jurisdictions.areas} == own | tabled
    cases = tucson().menu.nodes["whose_place"].cases
    assert set(cases) == tabled | {OUTSIDE}


def test_no_menu_speaks_a_number_that_nobody_has_verified():
    document = yaml.safe_load((PACK / "first/destinations.yaml").read_text("utf-8"))
    for *_, entry in OTHERS:
        row = document["directory"][entry]
        assert row["verified_on"] is None
        assert row["rehearsal"] is True


def test_a_caller_with_doubt_about_danger_is_not_sent_away():
    turn = confirmed("Sunrise and Swan")
    asked = answer(tucson().menu, turn.state, heard("someone is hurt"), NOW, readers())
    assert isinstance(last(asked), Listen)
    assert "danger" in spoken(asked)
