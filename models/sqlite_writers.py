"""SQLite has one writer at a time and no queue: the writers of one process pass here in the order they came.

A writer that finds the file busy looks again after ever longer pauses, and whoever has just come slips
in before it: on a loaded machine a caller's turn waited a second behind others of its own process. Other
processes still meet at the file itself; this door lets one of ours go there.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import cast

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

READS_ONLY = "reads_only"
"""The execution option of a connection that makes no writer wait."""
BUSY_SECONDS = 1.0


class Turnstile:
    """One passes at a time, first come, first served."""

    def __init__(self) -> None:
        self._changing = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """Wait for one's turn, at most `seconds`; False when it did not come."""
        with self._changing:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._changing:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # handed over in the last instant

    def leave(self) -> None:
        """Let the next one pass."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_turnstiles: dict[str, Turnstile] = {}
_making = Lock()


def turnstile_of(path: str | None) -> Turnstile:
    """The one of this process for a database file, shared by every engine on it; memory has its own each."""
    if not path or path == ":memory:":
        return Turnstile()
    with _making:
        return _turnstiles.setdefault(path, Turnstile())


class Connection(sqlite3.Connection):
    """The driver's connection, with the door that its writers pass."""

    turnstile: Turnstile


def queue_writers(engine: Engine, seconds: float) -> None:
    """Let every transaction of this engine pass the file's turnstile, up to `seconds` after it came.

    We say BEGIN IMMEDIATE ourselves: writers queue up front instead of failing in the middle (a read
    lock cannot always be raised to a write lock), and no time is spent on a transaction that must be
    thrown away. The turnstile is left just before the commit is written: the next waits for that at
    the file.
    """
    turnstile = turnstile_of(engine.url.database)
    inside: set[int] = set()

    def connect(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cast(Connection, raw).turnstile = turnstile

    def begin(connection: sqlalchemy.Connection) -> None:
        if connection.get_execution_options().get(READS_ONLY):
            connection.exec_driver_sql("BEGIN")
            return
        if not turnstile.enter(seconds):
            raise _locked()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            turnstile.leave()
            raise
        inside.add(id(connection))

    def end(connection: sqlalchemy.Connection) -> None:
        if id(connection) in inside:
            inside.discard(id(connection))
            turnstile.leave()

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    event.listen(engine, "rollback", end)


@contextmanager
def writing(raw: Connection, seconds: float = BUSY_SECONDS) -> Iterator[None]:
    """A transaction of one's own on the driver's connection, through the same turnstile.

    Raises:
        OperationalError: the turn did not come in time; sqlite3's own when the file stayed busy.
    """
    if not raw.turnstile.enter(seconds):
        raise _locked()
    try:
        raw.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")
    finally:
        raw.turnstile.leave()


def _locked() -> OperationalError:
    """What SQLite says of a file that stays busy."""
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", None, busy)
