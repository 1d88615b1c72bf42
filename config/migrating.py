"""Bringing the database up to date, and refusing to serve one that is not."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent.parent / "migrations"


class UnmigratedError(Exception):
    """The database is behind the code; the message names the command."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database down to `revision` (`base` empties it)."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def require_current(engine: Engine) -> None:
    """Refuse a database that is not at the newest revision.

    Raises:
        UnmigratedError: naming both revisions and the command that mends it.
    """
    newest = newest_revision()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        raise UnmigratedError(
            f"the database is at revision {found or 'none'}, the code needs {newest}: run ./run migrate"
        )


@cache
def newest_revision() -> str | None:
    """The revision that the code needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
