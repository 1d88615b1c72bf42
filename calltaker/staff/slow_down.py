"""Slowing down guesses: five failed sign-ins in 15 minutes for one account from one address.

Counted for the pair, so that an outsider can neither lock out a colleague nor the room, and the
same for accounts that do not exist, so that the answer tells nothing. Kept in the memory of the
process: a restart forgives. Holds fingerprints only, and a bounded number of them.
"""

import hashlib
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

ALLOWED = 5
WINDOW = timedelta(minutes=15)
MOST_PAIRS = 20_000


class SlowDown:
    """The failed sign-ins of the last quarter of an hour."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def seconds_to_wait(self, email: str, address: str, now: datetime) -> int:
        """Whole seconds until this pair may try again; 0 when it may now."""
        with self._lock:
            recent = self._recent(_pair(email, address), now)
        if len(recent) < ALLOWED:
            return 0
        return max(1, int((recent[0] + WINDOW - now).total_seconds()) + 1)

    def failed(self, email: str, address: str, now: datetime) -> None:
        """Count a failed sign-in."""
        key = _pair(email, address)
        with self._lock:
            self._failures[key] = [*self._recent(key, now), now][-ALLOWED:]
            self._failures.move_to_end(key)
            while len(self._failures) > MOST_PAIRS:
                self._failures.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """Forget the pair's failures."""
        with self._lock:
            self._failures.pop(_pair(email, address), None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(key, []) if now - at < WINDOW]


def _pair(email: str, address: str) -> str:
    return hashlib.sha256(f"{email}\n{address}".encode()).hexdigest()
