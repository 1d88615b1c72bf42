"""What a waiting caller's keys and words mean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.line_danger import (
    Ask,
    Dial911,
    MoveUp,
    Reassure,
    WaitOn,
    Window,
    meaning,
)
from ivr.rules.menu import CallerInput
from models.states import EmergencyLevel, EscalationCause, PriorityClass

pytestmark = pytest.mark.rules

NONE, POSSIBLE, EMERGENCY = EmergencyLevel
SAID, QUIET, CONFIRM, DANGER = Window
KEY, WORDS = EscalationCause.KEY, EscalationCause.WORDS
CONFIRMED = EscalationCause.POSSIBLE_CONFIRMED


def keys(digits):
    return CallerInput(digits=digits)


def says(words, confidence=None):
    return CallerInput(speech=words, confidence=confidence)


SILENT = CallerInput(silent=True)
TOP = MoveUp(PriorityClass.POSSIBLE, dial_when_untaken=True)

CASES = [
    # window  heard              level      then
    (SAID, keys("9"), NONE, Dial911(KEY)),
    (QUIET, keys("911"), NONE, Dial911(KEY)),
    (CONFIRM, keys("9"), NONE, Dial911(KEY)),
    (DANGER, keys("9"), NONE, Dial911(KEY)),
    (SAID, SILENT, NONE, WaitOn()),
    (QUIET, SILENT, NONE, WaitOn(repeat=True)),
    (SAID, keys("*"), NONE, WaitOn(repeat=True)),
    (SAID, keys("5"), NONE, WaitOn(repeat=True)),
    (SAID, keys("0"), NONE, Reassure()),
    (SAID, says("how long will it take"), NONE, WaitOn()),
    (SAID, says("there is a fire"), EMERGENCY, Ask(CONFIRM)),
    (SAID, says("I smell smoke"), POSSIBLE, Ask(DANGER)),
    (CONFIRM, SILENT, NONE, Dial911(WORDS)),
    (CONFIRM, says("no"), NONE, MoveUp(PriorityClass.POSSIBLE)),
    (CONFIRM, says("no", 0.2), NONE, Dial911(WORDS)),
    (CONFIRM, says("no he is bleeding"), EMERGENCY, Dial911(WORDS)),
    (CONFIRM, keys("*"), NONE, MoveUp(PriorityClass.POSSIBLE)),
    (CONFIRM, keys("2"), NONE, Dial911(WORDS)),
    (DANGER, says("yes"), NONE, Dial911(CONFIRMED)),
    (DANGER, keys("1"), NONE, Dial911(CONFIRMED)),
    (DANGER, says("the house is on fire"), EMERGENCY, Dial911(CONFIRMED)),
    (DANGER, says("no"), NONE, MoveUp(PriorityClass.PRIORITY)),
    (DANGER, keys("2"), NONE, MoveUp(PriorityClass.PRIORITY)),
    (DANGER, says("well I am not sure"), NONE, TOP),
    (DANGER, SILENT, NONE, TOP),
]


@pytest.mark.parametrize(("window", "heard", "level", "then"), CASES)
def test_what_a_waiting_caller_means(window, heard, level, then):
    assert meaning(window, heard, level) == then


inputs = st.builds(
    CallerInput,
    digits=st.none() | st.text("0123456789*#", max_size=4),
    speech=st.none() | st.text(max_size=30),
    confidence=st.none() | st.floats(0, 1),
)


@given(st.sampled_from(Window), inputs, st.sampled_from(EmergencyLevel))
@settings(max_examples=200, deadline=None)
def test_nine_always_dials_and_danger_is_never_waited_away(window, heard, level):
    then = meaning(window, heard, level)
    if (heard.digits or "").startswith("9"):
        assert then == Dial911(KEY)
    if level is EMERGENCY and window is not CONFIRM and not heard.digits:
        assert isinstance(then, Dial911 | Ask)
    if window is CONFIRM and heard.digits is None and heard.speech is None:
        assert isinstance(then, Dial911)
