"""What a waiting caller's keys and words mean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.line_danger import (
    NO_CHOICE,
    Ask,
    BeCalledBack,
    Choice,
    Dial911,
    LeaveMessage,
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
SAID, MUSIC, QUIET, CONFIRM, DANGER, CALL_BACK = Window
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
    (CONFIRM, says("no"), NONE, MoveUp(PriorityClass.POSSIBLE, taken_back=True)),
    (CONFIRM, says("no", 0.2), NONE, Dial911(WORDS)),
    (CONFIRM, says("no he is bleeding"), EMERGENCY, Dial911(WORDS)),
    (CONFIRM, keys("*"), NONE, MoveUp(PriorityClass.POSSIBLE, taken_back=True)),
    (CONFIRM, keys("2"), NONE, Dial911(WORDS)),
    (DANGER, says("yes"), NONE, Dial911(CONFIRMED)),
    (DANGER, keys("1"), NONE, Dial911(CONFIRMED)),
    (DANGER, says("the house is on fire"), EMERGENCY, Dial911(CONFIRMED)),
    (DANGER, says("no"), NONE, MoveUp(PriorityClass.PRIORITY, taken_back=True)),
    (DANGER, keys("2"), NONE, MoveUp(PriorityClass.PRIORITY, taken_back=True)),
    (DANGER, says("well I am not sure"), NONE, TOP),
    (DANGER, SILENT, NONE, TOP),
]


@pytest.mark.parametrize(("window", "heard", "level", "then"), CASES)
def test_what_a_waiting_caller_means(window, heard, level, then):
    assert meaning(window, heard, level) == then


BOTH, MESSAGE = frozenset(Choice), frozenset({Choice.MESSAGE})
OTHER_WAYS = [
    # window     heard         level      choices    then
    (SAID, keys("1"), NONE, BOTH, Ask(CALL_BACK)),
    (MUSIC, keys("1"), NONE, BOTH, Ask(CALL_BACK)),
    (QUIET, keys("2"), NONE, BOTH, LeaveMessage()),
    (QUIET, keys("2"), NONE, MESSAGE, LeaveMessage()),
    (QUIET, keys("1"), NONE, MESSAGE, WaitOn(repeat=True)),
    (SAID, keys("1"), NONE, NO_CHOICE, WaitOn(repeat=True)),
    (SAID, keys("2"), NONE, NO_CHOICE, WaitOn(repeat=True)),
    (MUSIC, SILENT, NONE, BOTH, WaitOn()),
    (CALL_BACK, keys("1"), NONE, BOTH, BeCalledBack()),
    (CALL_BACK, says("yes"), NONE, BOTH, BeCalledBack()),
    (CALL_BACK, keys("1"), NONE, MESSAGE, WaitOn(repeat=True)),
    (CALL_BACK, keys("2"), NONE, BOTH, WaitOn(repeat=True)),
    (CALL_BACK, SILENT, NONE, BOTH, WaitOn(repeat=True)),
    (CALL_BACK, keys("9"), NONE, BOTH, Dial911(KEY)),
    (CALL_BACK, keys("0"), NONE, BOTH, Reassure()),
    (CALL_BACK, says("there is a fire"), EMERGENCY, BOTH, Ask(CONFIRM)),
    (DANGER, keys("1"), NONE, BOTH, Dial911(CONFIRMED)),
    (DANGER, keys("2"), NONE, BOTH, MoveUp(PriorityClass.PRIORITY, taken_back=True)),
    (CONFIRM, keys("2"), NONE, BOTH, Dial911(WORDS)),
]


@pytest.mark.parametrize(("window", "heard", "level", "choices", "then"), OTHER_WAYS)
def test_another_way_than_waiting_never_comes_before_danger(window, heard, level, choices, then):
    assert meaning(window, heard, level, choices) == then


inputs = st.builds(
    CallerInput,
    digits=st.none() | st.text("0123456789*#", max_size=4),
    speech=st.none() | st.text(max_size=30),
    confidence=st.none() | st.floats(0, 1),
)


@given(
    st.sampled_from(Window),
    inputs,
    st.sampled_from(EmergencyLevel),
    st.sampled_from([NO_CHOICE, MESSAGE, BOTH]),
)
@settings(max_examples=200, deadline=None)
def test_nine_always_dials_and_danger_is_never_waited_away(window, heard, level, choices):
    then = meaning(window, heard, level, choices)
    if (heard.digits or "").startswith("9"):
        assert then == Dial911(KEY)
    if level is EMERGENCY and window is not CONFIRM and not heard.digits:
        assert isinstance(then, Dial911 | Ask)
    if window is CONFIRM and heard.digits is None and heard.speech is None:
        assert isinstance(then, Dial911)
