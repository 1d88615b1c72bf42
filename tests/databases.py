"""Empty, migrated databases for tests: one migration a process and engine, then copies."""

import os
import shutil
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from config import migrating
from models.database import normalised, open_engine
from tests.cluster import HOW_TO_MEND


class MissingEngineError(Exception):
    """A database that the selected tests demand is not there; it fails, it never skips."""


def fresh(engine: str, folder: Path) -> str:
    """The address of a new, migrated, empty database on `sqlite` or `postgresql`."""
    if engine == "sqlite":
        path = folder / f"{uuid4().hex}.db"
        shutil.copyfile(_sqlite_template(), path)
        return f"sqlite:///{path}"
    name = f"test_{uuid4().hex}"
    template = make_url(_postgresql_template())
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
    """Throw a test's database away."""
    parts = make_url(url)
    if parts.get_backend_name() == "postgresql":
        _administer(f'DROP DATABASE IF EXISTS "{parts.database}" WITH (FORCE)')


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
