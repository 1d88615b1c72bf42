"""Corners in the menu: two streets that do not meet are asked about, and one wrong part is changed alone."""

from dataclasses import replace

import pytest

from ivr.rules.actions import JoinLine, Listen
from ivr.rules.menu import answer, begin
from ivr.rules.menu_state import MenuState, Pending, Turn
from models.states import Language
from tests.rules.tucson_pack import NOW, SILENCE, heard, last, readers, spoken, tucson

pytestmark = pytest.mark.rules

POTHOLE = {"en": ("1", "there is a pothole"), "es": ("2", "hay un bache")}


def at(language: str, *typed: str, graph=None) -> Turn:
    """A report whose caller is asked where, and says this."""
    menu = graph or tucson().menu
    turn = answer(menu, begin(menu), SILENCE, NOW, readers())
    for one in (*POTHOLE[language], *typed):
        state = MenuState.from_json(turn.state.to_json())
        turn = answer(menu, state, heard(one), NOW, readers())
    return turn


PARALLEL = [
    ("en", "22nd street and sixth street", "22nd Street and 6th Street do not cross."),
    ("en", "the corner of sixth avenue and fourth avenue", "6th Avenue and 4th Avenue do not cross."),
    ("en", "Swan and Kolb", "Swan and Kolb do not cross."),
    ("es", "calle veintidós y calle sexta", "22nd Street y 6th Street no se cruzan."),
    ("es", "la esquina de la Swan con la Kolb", "Swan y Kolb no se cruzan."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "said", "told"), PARALLEL)
def test_two_streets_that_do_not_meet_are_never_read_back_as_a_corner(language, said, told):
    turn = at(language, said)
    assert turn.state.node == "where"
    assert turn.state.place is None
    assert spoken(turn).startswith(told)
    assert turn.state.misses == 1


@pytest.mark.parametrize(
    ("language", "said", "then", "read_back"),
    [
        ("en", "22nd street and sixth street", "sixth avenue", "22nd Street and 6th Avenue"),
        ("en", "22nd street and sixth street", "no, it is Kolb", "22nd Street and Kolb Road"),
        ("en", "Swan and Kolb", "Speedway", "Swan Road and Speedway Boulevard"),
        ("en", "Swan and Kolb", "Grant and Kolb", "Grant Road and Kolb Road"),
        ("es", "calle veintidós y calle sexta", "la avenida sexta", "22nd Street y 6th Avenue"),
    ],
)
def test_the_street_to_change_may_be_said_alone(language, said, then, read_back):
    turn = at(language, said, then)
    assert turn.state.node == "read_back"
    assert read_back in spoken(turn)
    assert turn.state.place.latitude is not None
    assert turn.state.unmet is None


def test_streets_apart_in_the_first_words_are_told_where_the_place_is_asked():
    menu = tucson().menu
    turn = answer(menu, begin(menu), SILENCE, NOW, readers())
    for one in ("1", "a pothole at 22nd street and sixth street"):
        turn = answer(menu, turn.state, heard(one), NOW, readers())
    assert spoken(turn).startswith("22nd Street and 6th Street do not cross.")
    assert "Where is it?" in spoken(turn)
    assert turn.state.misses == 0


def test_the_third_time_that_two_streets_do_not_meet_is_a_person():
    turn = at("en", *["Swan and Kolb"] * 3)
    assert isinstance(last(turn), JoinLine)


CHANGED = [
    # language, said first, said to the read-back, read back then
    ("en", "2200 east speedway", "no, west", "22 hundred West Speedway Boulevard"),
    ("en", "2200 east speedway", "no 2300", "23 hundred East Speedway Boulevard"),
    ("en", "2200 east speedway", "no, Broadway", "22 hundred East Broadway Boulevard"),
    ("en", "22nd and Kolb", "no, sixth avenue", "22nd Street and 6th Avenue"),
    ("en", "22nd and Kolb", "no, Golf Links", "Kolb Road"),
    ("es", "2200 este Speedway", "no, oeste", "2200 Oeste Speedway Boulevard"),
    ("es", "veintidós y Kolb", "no, la Swan", "22nd Street y Swan Road"),
    ("es", "Kolb y veintidós", "no, es la veintinueve", "Kolb Road y 29th Street"),
]


@pytest.mark.parametrize(("language", "said", "then", "read_back"), CHANGED)
def test_only_the_part_that_was_wrong_is_changed_and_read_back(language, said, then, read_back):
    turn = at(language, said, then)
    assert turn.state.node == "read_back"
    assert read_back in spoken(turn)
    assert turn.state.readbacks == {"place": 2}


@pytest.mark.parametrize(
    "said", ["no", "no it is not", "that is not it", "2", "no it is by the house", "nope"]
)
def test_a_plain_no_changes_nothing_by_itself(said):
    turn = at("en", "22nd and Kolb", said)
    assert isinstance(last(turn), Listen)
    assert turn.state.place is None or turn.state.place.text == "22nd Street and Kolb Road"


def test_a_corner_that_is_none_does_not_take_the_place_of_one_that_was_read_back():
    turn = at("en", "22nd and Kolb", "it is 22nd street and sixth street")
    assert turn.state.node == "where"
    assert turn.state.place is None
    assert "do not cross" in spoken(turn)
    assert "6th Avenue" in spoken(
        at("en", "22nd and Kolb", "it is 22nd street and 6th street", "sixth avenue")
    )


ROUGHLY_DRAWN = ["Sunrise and Skyline", "Kino and Campbell", "Starr Pass and 22nd street"]


@pytest.mark.parametrize("said", ROUGHLY_DRAWN)
def test_streets_that_bend_or_run_into_each_other_are_left_to_a_person(said):
    turn = at("en", said)
    assert turn.state.node == "read_back"
    assert turn.state.place.latitude is None


def test_a_menu_without_the_sentence_reads_back_what_was_said():
    silent = replace(tucson().menu.sentences, not_a_corner=None)
    turn = at("en", "22nd street and sixth street", graph=replace(tucson().menu, sentences=silent))
    assert turn.state.node == "read_back"
    assert "22nd Street and 6th Street" in spoken(turn)


@pytest.mark.parametrize("language", list(Language))
def test_parallel_streets_near_words_of_danger_still_ask_about_the_danger(language):
    said = {"en": "22nd street and sixth street, my house is on fire",
            "es": "calle veintidós y calle sexta, se quema mi casa"}[language.value]  # fmt: skip
    turn = at(language.value, said)
    assert turn.state.pending is not Pending.NONE
    assert turn.state.place.spoken.text
