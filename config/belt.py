"""Redis, the bell and the job belt: the one place where its clients are built.

redis-py's own defaults block for a minute on a stalled server. `webhook` clients wait 0.5 s and
never retry; `worker` clients may wait longer. A breaker keeps a dead Redis from costing every
request its half second. Nothing that a caller waits for depends on any of this.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

WEBHOOK_SECONDS = 0.5
WORKER_SECONDS = 30.0
"""Longer than RQ's longest blocking pop, which is its worker_ttl (25 s) less 15 s."""
BREAKER_FAILURES = 3
BREAKER_SECONDS = 5.0
CHANNEL = "oldpueblo:desk-events"
TEXTS = "texts"
"""The queue of text messages."""

log = structlog.get_logger(__name__)


def webhook_client(url: str) -> "redis.Redis":
    """A client for doors: 0.5 s and no retry, whatever the server does."""
    return redis.Redis.from_url(
        url,
        socket_timeout=WEBHOOK_SECONDS,
        socket_connect_timeout=WEBHOOK_SECONDS,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )


def worker_client(url: str) -> "redis.Redis":
    """A client for the job worker, whose pops may block; bounded all the same."""
    return redis.Redis.from_url(
        url, socket_timeout=WORKER_SECONDS, socket_connect_timeout=WORKER_SECONDS
    )


class Breaker:
    """Stops asking a dependency that has failed three times in a row, for five seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether to try now; after the pause one probe at a time goes through."""
        with self._lock:
            if self._failures < BREAKER_FAILURES:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + BREAKER_SECONDS
            return True

    def succeeded(self) -> None:
        """The dependency answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The dependency did not answer in time."""
        with self._lock:
            self._failures += 1
            self._open_until = self._clock() + BREAKER_SECONDS


class RedisBell:
    """Tells push doors that desk events were committed; a missed ring costs them a second."""

    def __init__(self, url: str) -> None:
        self._client = webhook_client(url)
        self._breaker = Breaker()

    def ring(self) -> None:
        """Ring without ever raising or waiting more than 0.5 s."""
        if not self._breaker.allows():
            return
        try:
            self._client.publish(CHANNEL, b"")
            self._breaker.succeeded()
        except redis.RedisError as unheard:
            self._breaker.failed()
            log.warning("bell_unheard", error=type(unheard).__name__)


class NoBell:
    """A door that was given no Redis: desks find news by looking every second."""

    def ring(self) -> None:
        """Nobody to tell."""


class RedisWakeup:
    """One listening thread a process, for the one who waits: the hub of the live events.

    A ring while nobody waits is kept for the next wait, so that none falls between a look at the
    table and the wait after it. Without Redis nobody rings, and the hub looks every second.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._rung = threading.Event()
        threading.Thread(target=self._listen, name="wakeup", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return when the bell rings or has rung since the last wait, or after `seconds`."""
        self._rung.wait(seconds)
        self._rung.clear()

    def _listen(self) -> None:
        while True:
            try:
                self._follow()
            except redis.RedisError as gone:
                log.warning("wakeup_lost", error=type(gone).__name__)
                time.sleep(1.0)

    def _follow(self) -> None:
        client = redis.Redis.from_url(
            self._url,
            socket_connect_timeout=WEBHOOK_SECONDS,
            socket_timeout=WORKER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        listen: Any = client.pubsub  # redis-py leaves it untyped
        with listen(ignore_subscribe_messages=True) as channel:
            channel.subscribe(CHANNEL)
            while True:
                if channel.get_message(timeout=WORKER_SECONDS / 2) is not None:
                    self._rung.set()


class Belt:
    """The job belt: puts a job on a queue by its dotted name, JSON only."""

    def __init__(self, url: str) -> None:
        self._client = webhook_client(url)

    def put(self, function: str, *arguments: Any, job_id: str, queue: str = TEXTS) -> None:
        """Put a job on the belt; the same `job_id` again replaces it.

        Raises:
            redis.RedisError: the belt is out of reach; the outbox keeps the effect and tries again.
        """
        Queue(queue, connection=self._client, serializer=JSONSerializer).enqueue(
            function, *arguments, job_id=job_id, job_timeout=60, result_ttl=600
        )
