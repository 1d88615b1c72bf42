"""A menu in the terminal."""

import pytest

from ivr.rules.playing import begin, step
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
