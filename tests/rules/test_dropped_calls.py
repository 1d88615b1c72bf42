"""Who was cut off and has their place back, and whom danger may have had when they were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from ivr.rules.dropped_calls import FormerCall, keeps_place
from ivr.rules.lost_callers import Lost, must_be_called_back
from models.states import CallOutcome, EmergencyLevel, LineState

pytestmark = pytest.mark.rules

NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
CUT_OFF = FormerCall(NOON - timedelta(minutes=3), LineState.ABANDONED)
IN_CALL = replace(CUT_OFF, place=LineState.TAKEN, outcome=CallOutcome.HELPED)

CASES = [
    ("cut off while waiting", CUT_OFF, True),
    ("cut off in the call", IN_CALL, True),
    ("cut off waiting after the menu's answer", replace(CUT_OFF, outcome=CallOutcome.GOODBYE), True),
    ("ten minutes later", replace(CUT_OFF, ended_at=NOON - timedelta(minutes=10)), True),
    ("later than that", replace(CUT_OFF, ended_at=NOON - timedelta(minutes=10, seconds=1)), False),
    ("not over yet", replace(CUT_OFF, ended_at=None), False),
    ("clocks that disagree", replace(CUT_OFF, ended_at=NOON + timedelta(seconds=1)), False),
    ("never in the line", replace(CUT_OFF, place=None), False),
    ("left the line for 911 or a message", replace(CUT_OFF, place=LineState.MOVED), False),
    ("we hung up", replace(IN_CALL, ended_by_us=True), False),
    ("somebody wrote what came of it", replace(IN_CALL, settled=True), False),
    ("another call has the place", replace(CUT_OFF, given_back=True), False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "former", "keeps"), CASES, ids=[row[0] for row in CASES])
def test_a_place_is_kept_for_whom_was(what, former, keeps):
    assert keeps_place(former, NOON) is keeps


@pytest.mark.parametrize("outcome", CallOutcome)
def test_whoever_had_somebody_else_or_left_something_waits_for_nobody(outcome):
    waits = {
        *(CallOutcome.ABANDONED, CallOutcome.HELPED, CallOutcome.GOODBYE, CallOutcome.FAILED),
        CallOutcome.NOT_REACHED,  # rung back, missed it, and calls at once
    }
    assert keeps_place(replace(IN_CALL, outcome=outcome), NOON) is (outcome in waits)


def test_danger_with_nobody_looking_after_it_is_called_back_and_nothing_else():
    asked = [
        Lost(level, *rest) for level in EmergencyLevel for rest in product([False, True], repeat=5)
    ]
    back = [lost for lost in asked if must_be_called_back(lost)]
    assert back == [Lost(EmergencyLevel.POSSIBLE), Lost(EmergencyLevel.EMERGENCY)]
