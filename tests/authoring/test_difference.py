"""What an approver reads: every change by its step and language, nothing that stayed the same."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.authoring.difference import MOST, lines
from tests.authoring.authoring_stage import menu

pytestmark = pytest.mark.rules

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


def told(change) -> list[tuple[str, str, str, str]]:
    """The lines of a change to the pack's menu."""
    before, after = menu(), menu()
    change(after)
    return [(one.where, one.what, one.before, one.after) for one in lines(before, after)]


def test_the_same_text_has_no_difference_and_the_picture_is_no_matter():
    assert told(lambda _: None) == []
    assert told(lambda document: document.update(layout={"need": [1, 2]})) == []


def test_changed_words_are_told_by_step_and_language():
    def change(document):
        document["nodes"]["goodbye"]["text"]["es"] = "Adiós."

    [(where, what, before, after)] = told(change)
    assert (where, what, after) == ("step goodbye", "words, in Spanish", "Adiós.")
    assert before == menu()["nodes"]["goodbye"]["text"]["es"]


def test_a_choice_is_known_by_its_key_wherever_it_stands():
    def change(document):
        options = document["nodes"]["topics"]["options"]
        options.reverse()
        next(one for one in options if one["key"] == "2")["next"] = "goodbye"

    assert told(change) == [("step topics", "choice, key 2, leads to", "town_topics", "goodbye")]


def test_a_new_step_is_told_with_everything_that_it_says():
    node = {"kind": "goodbye", "text": {"en": "Bye.", "es": "Adiós."}}
    found = told(lambda document: document["nodes"].update(late=node))
    assert found[0] == ("step late", "a new step", "", "goodbye")
    assert ("step late", "words, in English", "", "Bye.") in found
    assert ("step late", "words, in Spanish", "", "Adiós.") in found


def test_a_step_that_is_taken_out_is_one_line():
    found = told(lambda document: document["nodes"].pop("goodbye"))
    assert found == [("step goodbye", "taken out", "goodbye", "")]


def test_steps_of_a_shared_menu_say_which_menu():
    name = next(iter(menu()["menus"]))

    def change(document):
        nodes = document["menus"][name]["nodes"]
        nodes["more"] = {"kind": "return"}

    assert told(change)[0] == (f"step {name} / more", "a new step", "", "return")


def test_a_flood_of_differences_is_cut_and_said():
    after = {"nodes": {f"n{number}": {"kind": "say"} for number in range(MOST)}}
    found = lines({}, after)
    assert len(found) == MOST + 1
    assert "more than" in found[-1].what


@given(PLAIN, PLAIN)
@settings(max_examples=150, deadline=None)
def test_any_two_documents_compare_and_only_different_ones_differ(before, after):
    assert lines(before, copy.deepcopy(before)) == []
    for line in lines(before, after):
        assert isinstance(line.before, str)
        assert isinstance(line.after, str)
