"""The location link in the menu: to whom it is offered, how it is waited for, what comes of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.actions import Escalate, JoinLine, Listen, TakePlace, TextLink
from ivr.rules.menu import answer, begin
from ivr.rules.menu_link import LINK_ROUNDS
from ivr.rules.menu_state import Link, MenuState, Readers, Turn
from models.states import Language
from tests.rules.tucson_pack import NOW, SILENCE, heard, last, readers, spoken, tucson

pytestmark = pytest.mark.rules

SPEEDWAY = (32.2360, -110.9437, 15.0)
TO_WHERE = ("1", "there is a pothole")


def known(sent: tuple[float, float, float] | None = None, *, mobile: bool = True) -> Readers:
    """A caller whose telephone takes links, or not, and has sent a point, or nothing yet."""
    place = None if sent is None else readers().place_at(*sent)
    texted = None if place is None else replace(place, source="location_link")
    return replace(readers(), can_link=lambda: mobile, texted_place=lambda: texted)


def ring(*typed: str, around: Readers) -> Turn:
    menu = tucson().menu
    turn = answer(menu, begin(menu), SILENCE, NOW, around)
    for one in typed:
        turn = on(turn, one, around)
    return turn


def on(turn: Turn, typed: str, around: Readers) -> Turn:
    state = MenuState.from_json(turn.state.to_json())
    return answer(tucson().menu, state, heard(typed) if typed else SILENCE, NOW, around)


def waiting(language: str = "1", *silences: str) -> Turn:
    need = {"1": "there is a pothole", "2": "hay un bache"}[language]
    return ring(language, need, "2", *silences, around=known())


OFFER = {
    "1": "To send it from your phone, press 2.",
    "2": "Para mandarla desde su teléfono, oprima 2.",
}


@pytest.mark.parametrize(("language", "need"), [("1", "there is a pothole"), ("2", "hay un bache")])
@pytest.mark.parametrize("misses", [(), ("mumble",), ("mumble", "mumble")])
def test_every_wording_of_where_offers_the_link_to_those_who_can_take_it(language, need, misses):
    for mobile in (True, False):
        turn = ring(language, need, *misses, around=known(mobile=mobile))
        assert (OFFER[language] in spoken(turn)) is mobile
        assert " 2." not in spoken(turn) or mobile


def test_whoever_cannot_be_texted_is_told_so_and_asked_again_with_nothing_sent():
    turn = ring(*TO_WHERE, "2", around=known(mobile=False))
    assert turn.effects == ()
    assert spoken(turn).startswith("I cannot send a link to the number you are calling from. Where")
    assert turn.state.node == "where"


@pytest.mark.parametrize(
    ("language", "told"), [("1", "I am sending a link to your phone"), ("2", "Le mando un enlace")]
)
def test_the_link_is_sent_once_and_the_caller_hears_it(language, told):
    turn = waiting(language)
    assert turn.effects == (TextLink(),)
    assert told in spoken(turn)
    again = on(on(turn, "1", known()), "2", known())
    assert again.state.node == "location_link"
    assert again.effects == ()
    assert told not in spoken(again)


def test_a_place_that_came_is_read_back_by_its_corner_and_confirmed():
    turn = on(waiting(), "", known(SPEEDWAY))
    assert turn.effects == (TakePlace(),)
    assert "a place near Speedway Boulevard and Campbell Avenue" in spoken(turn)
    assert not turn.state.confirmed
    done = on(turn, "yes", known(SPEEDWAY))
    assert isinstance(last(done), JoinLine)
    assert done.state.confirmed
    assert done.state.place.source == "location_link"
    assert done.state.place.latitude == SPEEDWAY[0]


def test_a_place_that_was_refused_does_not_come_back():
    refused = on(on(waiting(), "", known(SPEEDWAY)), "2", known(SPEEDWAY))
    assert refused.state.node == "where"
    assert refused.state.place is None
    assert "press 2" not in spoken(refused)
    silent = on(refused, "", known(SPEEDWAY))
    assert silent.state.place is None
    assert silent.state.misses == 1
    again = on(silent, "2", known(SPEEDWAY))
    assert again.state.node == "where"
    assert again.effects == ()


def test_a_place_that_comes_late_is_taken_where_the_caller_is_silent():
    asked = on(waiting(), "1", known())
    assert asked.state.node == "where"
    assert on(asked, "", known(SPEEDWAY)).state.node == "read_back"


@pytest.mark.parametrize("near", [(32.10, -110.97, 15.0), (32.131, -111.083, 50.0)])
def test_a_place_on_tribal_land_goes_to_a_person_unread(near):
    turn = on(waiting(), "", known(near))
    assert isinstance(last(turn), JoinLine)
    assert turn.state.place.tribal


def test_waiting_has_words_and_ends_in_about_ninety_seconds_without_a_miss():
    turn, said, seconds = waiting(), [], 0.0
    for _ in range(LINK_ROUNDS):
        assert isinstance(last(turn), Listen)
        said.append(spoken(turn))
        seconds += last(turn).timeout_seconds + len(spoken(turn).split()) / 2.5
        turn = on(turn, "", known())
    assert turn.state.node == "where"
    assert spoken(turn).startswith("Your location has not come.")
    assert turn.state.misses_in_call == 0
    assert all(one != other for one, other in pairwise(said))
    assert 75 <= seconds <= 105


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("1", "where"),
        ("say the place", "where"),
        ("Speedway and Campbell", "read_back"),
        ("okay", "location_link"),
        ("*", "where"),
    ],
)
def test_the_caller_may_do_otherwise_while_waiting(typed, where):
    assert on(waiting(), typed, known()).state.node == where


@pytest.mark.parametrize(
    ("typed", "ending"),
    [("9", Escalate), ("0", JoinLine), ("a person", JoinLine), ("San Xavier", JoinLine)],
)
@pytest.mark.parametrize("rounds", [0, LINK_ROUNDS - 1])
def test_every_exit_works_while_waiting(typed, ending, rounds):
    turn = waiting("1", *[""] * rounds)
    assert isinstance(last(on(turn, typed, known())), ending)


def test_danger_said_while_waiting_is_asked_about_first():
    turn = on(waiting(), "my house is on fire", known(SPEEDWAY))
    assert "Connecting you to 911" in spoken(turn)


def test_words_that_mean_nothing_are_misses_and_the_third_is_a_person():
    turn = waiting("1", "mumble", "mumble")
    assert turn.state.misses == 2
    assert isinstance(last(on(turn, "mumble", known())), JoinLine)


INPUTS = st.sampled_from(["", "", "1", "2", "no", "yes", "mumble", "again", "*", "5", "my phone"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(INPUTS, st.booleans()), max_size=45))
def test_whatever_is_done_at_most_one_link_goes_out_and_the_call_goes_on(steps):
    turn, sent = ring(*TO_WHERE, "2", around=known()), 1
    for typed, came in steps:
        if turn.state.ended:
            break
        turn = on(turn, typed, known(SPEEDWAY if came else None))
        sent += turn.effects.count(TextLink())
        assert isinstance(last(turn), Listen | JoinLine)
        assert turn.state.link in (Link.SENT, Link.TAKEN)
        assert turn.state.link_rounds <= LINK_ROUNDS
    assert sent == 1


def test_a_state_of_an_older_menu_is_read_without_a_link():
    text = waiting().state.to_json().replace(',"link":"sent","link_rounds":0', "")
    state = MenuState.from_json(text)
    assert (state.link, state.link_rounds, state.language) == (Link.NONE, 0, Language.EN)
