"""The schema keeps its promises: rows equal tables, and every migration goes both ways with data."""

import re
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Enum, insert, inspect

from config import migrating
from models.base import UtcDateTime
from models.database import open_engine
from models.rows import metadata
from tests import databases

pytestmark = [pytest.mark.promise, pytest.mark.database]

REVISIONS = [script.revision for script in ScriptDirectory(str(migrating.FOLDER)).walk_revisions()][
    ::-1
]


@pytest.fixture
def empty_engine(engine_name, tmp_path):
    url = databases.empty(engine_name, tmp_path)
    engine = open_engine(url, patient=True)
    yield engine
    engine.dispose()
    databases.drop(url)


def test_the_rows_equal_the_migrated_schema(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_are_numbered_without_a_gap():
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_up_and_down_and_up_with_data(empty_engine, revision):
    migrating.upgrade(empty_engine, revision)
    written = write_one_row_a_table(empty_engine) if revision == REVISIONS[-1] else 0
    below = str(int(revision) - 1).zfill(4) if revision != REVISIONS[0] else "base"
    migrating.downgrade(empty_engine, below)
    migrating.upgrade(empty_engine, revision)
    tables = inspect(empty_engine).get_table_names()
    assert set(metadata.tables) <= set(tables) or revision != REVISIONS[-1]
    assert written == (len(metadata.tables) if revision == REVISIONS[-1] else 0)


def test_an_unmigrated_database_is_refused_with_the_command(empty_engine):
    with pytest.raises(migrating.UnmigratedError, match=r"run ./run migrate"):
        migrating.require_current(empty_engine)


def test_every_state_enum_equals_its_database_check(engine):
    found, wanted = {}, {}
    for table in metadata.sorted_tables:
        checks = {
            frozenset(re.findall(r"'(\w+)'", check["sqltext"]))
            for check in inspect(engine).get_check_constraints(table.name)
        }
        enums = {
            frozenset(member.value for member in column.type.enum_class)
            for column in table.columns
            if isinstance(column.type, Enum)
        }
        found[table.name], wanted[table.name] = checks, enums
    assert found == wanted


def write_one_row_a_table(engine) -> int:
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            connection.execute(insert(table).values(sample_row(table)))
        connection.commit()
    return len(metadata.sorted_tables)


def sample_row(table) -> dict:
    """A value for every column that must have one; every id is "x", so foreign keys hold."""
    return {column.name: sample(column) for column in table.columns if not column.nullable}


def sample(column):
    if isinstance(column.type, Enum):
        return column.type.enum_class(column.type.enums[0])
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 7, 1, 12, tzinfo=UTC)
    kinds = {str: "x", int: 1, float: 1.0, bool: False, bytes: b"x", object: {}}
    return kinds[column.type.python_type]
