"""Empty, migrated databases for tests: one migration a process and engine, then copies."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from config import migrating
from models.database import normalised, open_engine, open_turn_engine
from tests.cluster import HOW_TO_MEND


class MissingEngineError(Exception):
    """A database that the selected tests demand is not there; it fails, it never skips."""


def fresh(engine: str, folder: Path) -> str:
    """The address of a new, migrated, empty database on `sqlite` or `postgresql`.

    It may be an address that an ended test has given back (`drop`): see `engine_of`.
    """
    if engine == "sqlite":
        path = _spare_files.pop() if _spare_files else folder / f"{uuid4().hex}.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_sqlite_template(), path)
        return f"sqlite:///{path}"
    if _spare:
        return _spare.pop()
    name = f"test_{uuid4().hex}"
    template = make_url(_postgresql_template())
    _lent.add(name)
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template.database}"')
    return template.set(database=name).render_as_string(hide_password=False)


def empty(engine: str, folder: Path) -> str:
    """The address of a new database without any table: migrations start here."""
    if engine == "sqlite":
        return f"sqlite:///{folder / uuid4().hex}.db"
    name = f"test_{uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}"')
    return server().set(database=name).render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Throw a test's database away; on PostgreSQL one that can be made like new is kept for the next."""
    parts = make_url(url)
    if parts.get_backend_name() != "postgresql":
        path = Path(str(parts.database))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        _spare_files.append(path)
        return
    if parts.database in _lent and _emptied(url):
        _spare.append(url)
        return
    _administer(f'DROP DATABASE IF EXISTS "{parts.database}" WITH (FORCE)')


def engine_of(url: str) -> Engine:
    """The engine of a test's database: an address given back has one that knows its statements already.

    Statements are compiled once an engine, a quarter of the work of a test with pages. Whoever uses
    it disposes of it at the end.
    """
    return _kept(url, open_engine)


def turn_engine_of(url: str) -> Engine:
    """The same for voice turns."""
    return _kept(url, open_turn_engine)


def _kept(url: str, opener: Callable[..., Engine]) -> Engine:
    key = (opener, url)
    if key not in _engines:
        _engines[key] = opener(url, pool_size=4)
    return _engines[key]


def spoil(engine: Engine) -> None:
    """A test is about to hang something on its engine: nobody shall have it afterwards."""
    for kept in [kept for kept, one in _engines.items() if one is engine]:
        del _engines[kept]


_engines: dict[tuple[Callable[..., Engine], str], Engine] = {}
_spare_files: list[Path] = []
_lent: set[str | None] = set()
_spare: list[str] = []
"""Copies of the template that were given back: emptying one is a tenth of the work of making one."""

_ALONE = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_SHAPE = text(
    "SELECT md5(string_agg(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull), ',' "
    "ORDER BY relname, attnum)) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid "
    "WHERE relnamespace = 'public'::regnamespace AND attnum > 0"
)
"""Tables, indexes and sequences with their columns: a test that changed any loses its database."""

_CLEARED = text(
    """
    DO $$
    DECLARE name text;
    BEGIN
      SET LOCAL session_replication_role = replica;  -- in any order
      FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
      LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
      PERFORM setval(quote_ident(sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
    """
)
"""The migrations themselves write no row but their own."""


def _emptied(url: str) -> bool:
    """Make a copy like new: nobody is connected, no row, every count from 1. False where it cannot be."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(_ALONE)
        if connection.scalar(_SHAPE) != _template_shape():
            return False
        connection.execute(_CLEARED)
    return True


@cache
def _template_shape() -> str:
    engine = create_engine(_postgresql_template(), poolclass=NullPool)
    with engine.connect() as connection:
        return str(connection.scalar(_SHAPE))


def server():
    """The server's address; demanded, never skipped."""
    address = os.environ.get("TEST_DATABASE_URL")
    if not address:
        raise MissingEngineError(HOW_TO_MEND)
    return make_url(normalised(address))


@cache
def _sqlite_template() -> Path:
    path = Path(mkdtemp(prefix="oldpueblo-template-")) / "template.db"
    engine = open_engine(f"sqlite:///{path}", patient=True)
    migrating.upgrade(engine)
    engine.dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@cache
def _postgresql_template() -> str:
    name = f"template_{uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}"')
    url = server().set(database=name).render_as_string(hide_password=False)
    engine = open_engine(url, patient=True)
    migrating.upgrade(engine)
    engine.dispose()
    return url


def _administer(statement: str) -> None:
    engine = create_engine(server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
