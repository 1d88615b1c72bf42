"""How often an agency may ask: so many requests a minute, counted in the memory of this process."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
MOST_NAMES = 1000


class Pace:
    """Requests of the last minute by name; `most` are let through."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def seconds_to_wait(self, name: str, now: datetime) -> int:
        """Count a request; 0 lets it through, else whole seconds until the next one may come."""
        with self._lock:
            asked = self._asked.setdefault(name, deque())
            self._asked.move_to_end(name)
            while len(self._asked) > MOST_NAMES:
                self._asked.popitem(last=False)
            while asked and now - asked[0] >= WINDOW:
                asked.popleft()
            if len(asked) >= self._most:
                return max(1, int((asked[0] + WINDOW - now).total_seconds()) + 1)
            asked.append(now)
            return 0
