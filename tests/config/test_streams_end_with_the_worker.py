"""A server that is asked to stop ends its open streams first, and then does what it did before."""

import signal
import threading
from collections.abc import Iterator

import pytest

from config.app import stop_with_the_worker

pytestmark = pytest.mark.rules


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What the server's own handler of the signal has heard."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


def test_the_signal_ends_the_streams_and_reaches_the_server(heard):
    stopping = threading.Event()
    stop_with_the_worker(stopping)
    assert not stopping.is_set()
    signal.raise_signal(signal.SIGTERM)
    assert stopping.is_set()
    assert heard == [signal.SIGTERM]
