"""Who sat at the desk with which calls a moment ago, so that the red button outlives the database.

A browser's session and a call's owner are rows. When no row can be read, the one order that cannot
wait is still taken from somebody whom this process has seen signed in within a quarter of an hour,
for a call that it has shown them. Nothing else is ever decided by memory.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from calltaker.staff.sessions import SignedIn, fingerprint

LASTS = timedelta(minutes=15)
MOST = 2000
KEY = "desk_memory"


class Memory:
    """The people and the calls of the last quarter of an hour; bounded."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, tuple[datetime, SignedIn]] = OrderedDict()
        self._calls: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def saw(self, word: str, person: SignedIn, now: datetime) -> None:
        """Remember that this word belongs to this person."""
        with self._lock:
            self._people[fingerprint(word)] = (now, person)
            self._people.move_to_end(fingerprint(word))
            while len(self._people) > MOST:
                self._people.popitem(last=False)

    def forget(self, word: str) -> None:
        """The word is worth nothing any more."""
        with self._lock:
            self._people.pop(fingerprint(word), None)

    def showed(self, staff_id: str, call_ids: Iterable[str], now: datetime) -> None:
        """Remember which calls this person's desk has shown."""
        with self._lock:
            for call_id in call_ids:
                self._calls[staff_id, call_id] = now
                self._calls.move_to_end((staff_id, call_id))
            while len(self._calls) > MOST:
                self._calls.popitem(last=False)

    def person(self, word: str, now: datetime) -> SignedIn | None:
        """Whom this word belonged to, a moment ago."""
        at, person = self._people.get(fingerprint(word), (None, None))
        return person if at is not None and now - at < LASTS else None

    def has_seen(self, staff_id: str, call_id: str, now: datetime) -> bool:
        """Whether this person's desk has shown this call, a moment ago."""
        at = self._calls.get((staff_id, call_id))
        return at is not None and now - at < LASTS


def memory() -> Memory:
    """The memory of the application that answers the present request."""
    return cast(Memory, current_app.extensions[KEY])
