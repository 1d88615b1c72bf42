"""Opening the database: one serious engine and one embedded, with the limits a caller can bear.

PostgreSQL serves a city, SQLite (WAL, BEGIN IMMEDIATE) a laptop. A statement on the call path may
take 1.5 s and wait 0.5 s for a lock: after that the caller is better served by the safe menu.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from models import sqlite_writers
from models.sqlite_writers import BUSY_SECONDS, READS_ONLY, queue_writers

STATEMENT_TIMEOUT_MS = 1500
LOCK_TIMEOUT_MS = 500
CONNECT_TIMEOUT_SECONDS = 2
SQLITE_POOL: Mapping[str, Any] = {"poolclass": QueuePool, "pool_size": 8, "max_overflow": -1}
"""Opening a file and its journal costs more than most of our questions; nobody waits for a connection."""
INTENT_MS = 150
ONE_MOMENT: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ"}
TCP_TIMEOUT_MS = 2000
"""A host that drops packets in silence is given up before Twilio gives us up."""

Sessions = Callable[[], Session]
"""Opens a session; the door that opens it commits it."""


def normalised(url: str) -> str:
    """Name the driver that the project locks: `postgresql://` means psycopg 3."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def open_engine(url: str, *, patient: bool = False, pool_size: int = 20) -> Engine:
    """Open the database at `url` (SQLAlchemy form).

    Args:
        url: `sqlite:////path` or `postgresql://...`.
        patient: no time limits: migrations and reports, never the call path.
        pool_size: connections kept; as many again may be opened under load.
    """
    url = normalised(url)
    if url.startswith("sqlite"):
        return _open_sqlite(url)
    options = (
        ""
        if patient
        else (f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}")
    )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=1.0,
        pool_pre_ping=True,
        connect_args={
            "options": options,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": TCP_TIMEOUT_MS,
        },
    )


def open_turn_engine(url: str, *, pool_size: int = 20) -> Engine:
    """Open the engine of voice turns: autocommit, no ping before use, no reset on return.

    `models.turn_store` sends whole statements over it; a cut connection is met by one retry there.
    """
    url = normalised(url)
    if url.startswith("sqlite"):
        return _open_sqlite(url)
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=1.0,
        pool_reset_on_return=None,
        connect_args={
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}",
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": TCP_TIMEOUT_MS,
            "prepare_threshold": 2,
        },
    )


def open_intent_engine(url: str) -> Engine:
    """Open the engine of 911 intents: every wait on it is bounded by 150 ms.

    What the database does not take in that time goes to the local spool, and the dial goes on.
    """
    url = normalised(url)
    if url.startswith("sqlite"):
        return _open_sqlite(url, busy_seconds=INTENT_MS / 1000)
    return create_engine(
        url,
        pool_size=4,
        max_overflow=28,
        pool_timeout=INTENT_MS / 1000,
        connect_args={
            "options": f"-c statement_timeout={INTENT_MS} -c lock_timeout={INTENT_MS}",
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": TCP_TIMEOUT_MS,
        },
    )


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Make sessions whose rows stay readable after the commit at the door."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """Open a session that only reads, one moment of the record: what is written meanwhile is not seen.

    A desk that shows half of a change offers what the other half refuses. On SQLite it waits for no
    writer and makes none wait, and its snapshot is that of the first statement all the same.
    """
    with sessions() as session:
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        session.connection(execution_options=ONE_MOMENT if is_postgresql else {READS_ONLY: True})
        yield session


def _open_sqlite(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """SQLite without the driver's own transactions: its writers come one after the other."""
    engine = create_engine(
        url,
        connect_args={
            "timeout": busy_seconds,
            "check_same_thread": False,
            "factory": sqlite_writers.Connection,
        },
        **({} if _is_memory(url) else SQLITE_POOL),
    )
    event.listen(engine, "connect", _prepare_sqlite)
    queue_writers(engine, busy_seconds)
    return engine


def _is_memory(url: str) -> bool:
    return url.endswith((":memory:", "sqlite://"))


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw: Any = connection
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
