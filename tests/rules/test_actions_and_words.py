"""Short answers, folding, and the values of a turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import GatewayError, GatewayTimeout, LabelInUseError, MenuError, TelephoneError
from ivr.rules.actions import JoinLine
from ivr.rules.folding import fold
from ivr.rules.spoken_words import is_no, is_yes, starts_with_no, wants_person, wants_repeat
from models.states import PriorityClass

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    "text",
    ["yes", "Sí", "correcto", "así es", "yes please", "that's right", "ok", "sí, señor", "uno"],
)
def test_a_clear_yes(text):
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize(
    "text",
    ["no", "No.", "nope", "no, gracias", "nobody is in danger", "no one's hurt", "everyone is fine",
     "nadie está en peligro", "no es una emergencia", "it's not an emergency", "estamos bien"],
)  # fmt: skip
def test_a_clear_no(text):
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize(
    "text",
    ["no he is hurt", "nobody is safe", "we are not safe", "not", "everyone is not fine", "maybe", "",
     "no no hay fuego", "I don't know", "nobody can breathe", "no sé"],
)  # fmt: skip
def test_what_is_no_clear_no(text):
    assert not is_no(text)


@pytest.mark.parametrize("text", ["no, sixth avenue", "that's wrong", "no es", "it's not that one"])
def test_a_correction_begins_with_a_no(text):
    assert starts_with_no(text)


def test_a_person_and_a_repetition_are_asked_for_in_few_words():
    assert wants_person("operator please")
    assert not wants_person("there is a person sleeping on the sidewalk by the store")
    assert wants_repeat("say that again")


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()


def test_a_place_in_the_line_is_not_watched_unless_it_is_said():
    assert not JoinLine(PriorityClass.POSSIBLE, "general", ()).dial_when_untaken


def test_the_errors_are_one_tree():
    assert issubclass(GatewayTimeout, GatewayError)
    assert issubclass(LabelInUseError, TelephoneError)
    assert GatewayError("refused", 21210, 400).code == 21210
    assert MenuError(["one", "two"]).mistakes == ("one", "two")
