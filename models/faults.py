"""What a database error means to a caller who is waiting: the drivers' spellings, in one place.

Knows both drivers' codes and no door.
"""

import sqlite3
from enum import StrEnum

_LOCK_NOT_AVAILABLE = "55P03"
_GOING_DOWN = frozenset({"57P01", "57P02", "57P03"})
_BUSY_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Fault(StrEnum):
    """What to do about an error."""

    CUT = "cut"
    """The connection broke under the statement: once more, on a new one."""
    BUSY = "busy"
    """Somebody else holds the row: ask again in a moment."""
    AWAY = "away"
    """No answer is to be had now."""


def fault_of(error: BaseException) -> Fault | None:
    """Read an error of SQLAlchemy or of a driver; None when no database was to blame."""
    wrapped = getattr(error, "orig", None)
    cause = wrapped if isinstance(wrapped, BaseException) else error
    package = type(cause).__module__.partition(".")[0]
    if package not in {"psycopg", "psycopg_pool", "sqlite3", "sqlalchemy"}:
        return None
    state = getattr(cause, "sqlstate", None)
    code = getattr(cause, "sqlite_errorcode", None)
    if state == _LOCK_NOT_AVAILABLE or (code is not None and code & 0xFF in _BUSY_SQLITE):
        return Fault.BUSY
    if state in _GOING_DOWN or (state is None and _was_connected(error, cause)):
        return Fault.CUT
    return Fault.AWAY


def _was_connected(error: BaseException, cause: BaseException) -> bool:
    """Say whether a connection broke, rather than that none could be had.

    A bare driver error came from a connection that we held; SQLAlchemy marks its own.
    """
    if cause is not error:
        return bool(getattr(error, "connection_invalidated", False))
    return type(cause).__module__.startswith("psycopg") and (
        type(cause).__name__ in {"OperationalError", "InterfaceError"}
    )
