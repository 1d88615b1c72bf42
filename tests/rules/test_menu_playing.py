"""A menu in the terminal."""

import pytest

from ivr.rules.menu import CallerInput, compile_graph
from ivr.rules.playing import begin, caller_input, step
from tests.rules.menus_made import (
    NUMBER,
    RECORDING,
    document,
    facts,
    language_node,
    node_of,
    text,
)
from tests.rules.tucson_pack import NOW, readers, tucson

pytestmark = pytest.mark.rules


def played(*typed: str):
    shown = begin(tucson().menu, readers(), NOW)
    for one in typed:
        shown = step(shown.play, one, NOW)
    return shown


def test_the_greeting_is_printed_in_its_languages():
    assert played().lines[:2] == (
        "en: Tucson 3-1-1. Emergency, press 9.",
        "es: Emergencia, oprima 9.",
    )


def test_what_was_understood_is_printed_below_what_is_said():
    lines = played("1", "a pothole at Speedway and Campbell").lines
    assert any("intent pothole" in line for line in lines)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (("9",), "[dials 911, cause key]"),
        (("1", "0"), "[waits in the line, ordinary]"),
        (("1", "dog bite", ""), "[waits in the line, possible, 911 is dialled when untaken]"),
        (("q",), "[the caller hangs up]"),
    ],
)
def test_an_ending_is_printed_and_ends_the_play(typed, line):
    shown = played(*typed)
    assert shown.lines[-1] == line
    assert shown.play.over
    assert step(shown.play, "1", NOW).lines == ()


def made(kind: str, *typed: str) -> tuple[str, ...]:
    """The lines after the last input at a node of a kind, in English."""
    nodes = {
        "hello": language_node("it", "it"),
        "it": node_of(kind, "end", "end", "end"),
        "end": {"kind": "goodbye", "text": text("Goodbye.")},
    }
    shown = begin(compile_graph(document(nodes)), facts(), NOW)
    for one in ("1", *typed):
        shown = step(shown.play, one, NOW)
    return shown.lines


@pytest.mark.parametrize(
    ("kind", "typed", "line"),
    [
        ("status", (), "[listens for 3 s, several digits ended by #]"),
        ("status", (NUMBER,), "en: Request 1 2 3 4, 5 6 7 8, pothole, is open."),
        ("voicemail", (), "[records up to 60 s: type [recorded] when done]"),
        ("voicemail", ("[recorded]",), "en: Thank you."),
        ("transfer", (), "[rings parks: type [transfer_failed] or [transfer_ended]]"),
        ("transfer", ("[transfer_failed]",), "en: Goodbye."),
        ("transfer", ("[transfer_ended]",), "[waits in the line, ordinary]"),
        ("call_back", ("1",), "[puts the caller on the list to be called back]"),
        ("information", ("2",), "[texts the message of it in en]"),
        ("ask", ("a blue one",), "  (answer_heard: name colour)"),
        ("human_line", (), "[rings the human line]"),
        ("emergency", (), "[dials 911, cause key]"),
    ],
)
def test_every_kind_of_node_is_played(kind, typed, line):
    assert line in made(kind, *typed)


def test_a_recording_is_shown_with_its_transcript():
    words = {"text": "Welcome.", "recording": RECORDING}
    nodes = {"it": {"kind": "goodbye", "text": {"en": words, "es": words}}}
    lines = begin(compile_graph(document(nodes)), facts(), NOW).lines
    assert lines[0] == "en: Welcome. [recording abababab]"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", CallerInput(silent=True)),
        ("12#", CallerInput(digits="12#")),
        ("[recorded]", CallerInput(event="recorded")),
        ("[Not one]", CallerInput(speech="[Not one]")),
        ("a pothole", CallerInput(speech="a pothole")),
    ],
)
def test_what_is_typed_is_what_a_telephone_would_send(typed, expected):
    assert caller_input(typed) == expected
