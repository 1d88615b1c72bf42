"""Random histories of the waiting line by its rules: nobody lost, nobody twice, in order, none for ever."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.rules.line_histories import LineHistory

pytestmark = pytest.mark.rules


def test_no_history_of_the_line_breaks_its_promises(depth):
    histories = 10_000 if depth == "full" else 40
    run_state_machine_as_test(
        LineHistory,
        settings=settings(
            max_examples=histories,
            stateful_step_count=40 if depth == "full" else 25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
