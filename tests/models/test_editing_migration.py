"""The step to drafts keeps what a city had: its versions, its calls, and the pack's waiting texts."""

import pytest
from sqlalchemy import text

from config import migrating
from models.database import open_engine
from tests import databases

pytestmark = pytest.mark.database

INSERT = (
    "INSERT INTO publication (id, kind, key, version, state, digest, document, author, reason,"
    " created_at, published_at) VALUES (:id, 'menu', 'menu', :version, :state, :digest, :document,"
    " 'city pack', 'why', '2026-07-01 12:00:00', NULL)"
)
CALL = (
    "INSERT INTO call (id, call_sid, origin, phase, number_presentation, dialled_number, step,"
    " emergency_level, started_at, heard_at, menu_publication_id) VALUES (:id, 'CA', '311', 'menu',"
    " 'given', '311', 1, 'none', '2026-07-01 12:00:00', '2026-07-01 12:00:00', :menu)"
)


@pytest.fixture
def old(engine_name, tmp_path):
    """A database of the first revision: a live version, two drafts over it, and a call."""
    url = databases.empty(engine_name, tmp_path)
    engine = open_engine(url, patient=True)
    migrating.upgrade(engine, "0001")
    with engine.begin() as connection:
        for version, state in ((1, "live"), (2, "draft"), (3, "draft")):
            values = {"id": str(version) * 32, "version": version, "state": state}
            values |= {"digest": "0" * 64, "document": f"text {version}"}
            connection.execute(text(INSERT), values)
        connection.execute(text(CALL), {"id": "c" * 32, "menu": "1" * 32})
    yield engine
    engine.dispose()
    databases.drop(url)


def rows(engine, statement: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_the_newest_waiting_text_becomes_the_draft_and_versions_stay(old):
    migrating.upgrade(old)
    drafts = rows(old, "SELECT document, revision, state, based_on, saved_by FROM draft")
    assert drafts == [("text 3", 1, "editing", "1" * 32, "city pack")]
    assert rows(old, "SELECT version, state, document FROM publication") == [(1, "live", "text 1")]
    assert rows(old, "SELECT menu_publication_id FROM call") == [("1" * 32,)]


def test_the_way_back_keeps_versions_and_calls_and_drops_what_it_cannot_say(old):
    migrating.upgrade(old)
    with old.begin() as connection:
        for version, state in ((2, "scheduled"), (-1, "trial")):
            values = {"id": f"{version % 10}" * 32, "version": version, "state": state}
            connection.execute(text(INSERT), {**values, "digest": "0" * 64, "document": "x"})
        banner = INSERT.replace("'menu', 'menu'", "'announcement', 'storm'")
        values = {"id": "a" * 32, "version": 1, "state": "live", "digest": "0" * 64}
        connection.execute(text(banner), {**values, "document": "x"})
    migrating.downgrade(old, "0001")
    assert sorted(rows(old, "SELECT version, state FROM publication")) == [
        (-1, "superseded"),
        (1, "live"),
        (2, "superseded"),
    ]
    assert rows(old, "SELECT menu_publication_id FROM call") == [("1" * 32,)]
    migrating.upgrade(old)


def test_the_database_refuses_a_second_live_version_and_an_unknown_state(old):
    migrating.upgrade(old)
    for state in ("live", "draft", "nothing"):
        values = {"id": "9" * 32, "version": 9, "state": state, "digest": "0" * 64}
        with pytest.raises(Exception, match=r"(?i)unique|check"), old.begin() as connection:
            connection.execute(text(INSERT), {**values, "document": "x"})
