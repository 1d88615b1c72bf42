"""Redis may be dead or stalled: a door waits half a second at most, and soon not at all."""

import socket
import threading
import time
from pathlib import Path

import pytest

from config import belt

pytestmark = pytest.mark.rules

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def stalled_server():
    """Takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        taken = []
        stop = threading.Event()

        def take() -> None:
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    taken.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        thread.join()
        for connection in taken:
            connection.close()


def test_a_bell_on_a_stalled_server_gives_up_within_its_half_second(stalled_server):
    bell = belt.RedisBell(stalled_server)
    began = time.monotonic()
    bell.ring()
    assert time.monotonic() - began < 0.5 * 2


def test_after_three_silences_the_bell_is_not_tried_at_all(stalled_server):
    bell = belt.RedisBell(stalled_server)
    for _ in range(belt.BREAKER_FAILURES):
        bell.ring()
    began = time.monotonic()
    for _ in range(100):
        bell.ring()
    assert time.monotonic() - began < 0.1


def test_a_breaker_lets_one_probe_through_after_its_pause():
    now = [0.0]
    breaker = belt.Breaker(clock=lambda: now[0])
    for _ in range(belt.BREAKER_FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now[0] += belt.BREAKER_SECONDS
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_redis_clients_are_built_in_one_place_only():
    built = [
        path.relative_to(ROOT).as_posix()
        for package in ("config", "calltaker", "ivr", "models", "protocols")
        for path in (ROOT / package).rglob("*.py")
        if "Redis.from_url(" in path.read_text() or "redis.Redis(" in path.read_text()
    ]
    assert built == ["config/belt.py"]


def test_jobs_travel_as_json_never_as_pickle():
    for path in (ROOT / "config").glob("*.py"):
        text = path.read_text()
        if "Queue(" in text or "Worker(" in text:
            assert text.count("serializer=JSONSerializer") == text.count(" Queue(") + text.count(
                " Worker("
            ), path
