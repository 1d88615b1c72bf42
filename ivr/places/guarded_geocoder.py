"""Keeps a slow or broken geocoder from ever holding up a call.

One question takes at most `limit_seconds` whatever the network does; after several failures in a
row nobody is asked for a while; answers are remembered. Never raises: None means that the
embedded gazetteer's answer stands.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import structlog

from ivr.places.geocoder import Geocoded, Geocoder, GeocoderError

log = structlog.get_logger(__name__)

LIMIT_SECONDS = 1.5
AT_ONCE = 4
"""Questions under way; a further one is not asked, its caller would only wait."""
REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one question may take, and when a failing service is left alone for how long."""

    limit_seconds: float = LIMIT_SECONDS
    failures: int = 3
    rest_seconds: float = 30.0


class GuardedGeocoder:
    """A geocoder that answers in time or not at all; safe for many threads.

    Why the lock is safe: it is held for looking up and counting only, never while asking.
    """

    def __init__(
        self,
        inner: Geocoder,
        patience: Patience | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._inner = inner
        self._patience = patience or Patience()
        self._clock = clock
        self._lock = Lock()
        self._known: OrderedDict[str, Geocoded | None] = OrderedDict()
        self._failures = 0
        self._rests_until = float("-inf")
        self._under_way = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="geocoder")

    def locate(self, text: str) -> Geocoded | None:
        """The service's answer, or None when there is none in time."""
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
            if self._clock() < self._rests_until or self._under_way >= AT_ONCE:
                return None
            self._under_way += 1
        question = self._threads.submit(self._ask, text)
        try:
            return question.result(self._patience.limit_seconds)
        except TimeoutError:
            self._failed("no answer in time")
            return None

    def _ask(self, text: str) -> Geocoded | None:
        """Ask on a thread of its own; a late answer is remembered for the next caller."""
        try:
            found = self._inner.locate(text)
        except GeocoderError as wrong:
            self._failed(str(wrong))
            return None
        except Exception:  # the last frame of this thread: a fault of ours must not cost the call
            log.exception("geocoder broke")
            self._failed("a fault of ours")
            return None
        else:
            self._remember(text, found)
            return found
        finally:
            with self._lock:
                self._under_way -= 1

    def _remember(self, text: str, found: Geocoded | None) -> None:
        with self._lock:
            self._failures = 0
            self._known[text] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _failed(self, why: str) -> None:
        with self._lock:
            self._failures += 1
            rests = self._failures >= self._patience.failures
            if rests:
                self._failures = 0
                self._rests_until = self._clock() + self._patience.rest_seconds
        log.warning("geocoder failed", why=why, rests=rests)


__all__ = ["GuardedGeocoder", "Patience"]
