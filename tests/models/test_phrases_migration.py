"""The step to phrases: a city that runs gets the pack's empty document, and the way back keeps the rest."""

from pathlib import Path

import pytest
from sqlalchemy import text

from config import first_publications, migrating
from models.database import open_engine
from tests import databases

pytestmark = pytest.mark.database

CITY = Path(__file__).parents[2] / "config" / "tucson"
INSERT = (
    "INSERT INTO publication (id, kind, key, version, state, digest, document, author, reason,"
    f" created_at) VALUES ('{'1' * 32}', :kind, :kind, 1, 'live', '{'0' * 64}', 'text',"
    " 'city pack', 'why', '2026-07-01 12:00:00')"
)
KINDS = "SELECT kind, document FROM publication WHERE kind IN ('hours', 'phrases') ORDER BY kind"


@pytest.fixture
def running(engine_name, tmp_path):
    """A database of the step before, with the hours that a city has published."""
    url = databases.empty(engine_name, tmp_path)
    engine = open_engine(url, patient=True)
    migrating.upgrade(engine, "0008")
    with engine.begin() as connection:
        connection.execute(text(INSERT), {"kind": "hours"})
    yield engine
    engine.dispose()
    databases.drop(url)


def kinds(engine) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(KINDS))]


def test_a_city_that_runs_gets_the_empty_document_and_keeps_its_own(running):
    migrating.upgrade(running)
    told = first_publications.publish(running, CITY)
    assert "phrases phrases: live, version 1" in told
    hours, phrases = kinds(running)
    assert hours == ("hours", "text")
    assert phrases[1].endswith("phrases: []\n")


def test_the_way_back_forgets_phrases_alone_and_the_way_on_is_open_again(running):
    migrating.upgrade(running)
    first_publications.publish(running, CITY)
    migrating.downgrade(running, "0008")
    assert kinds(running) == [("hours", "text")]
    with pytest.raises(Exception, match=r"(?i)check"), running.begin() as connection:
        connection.execute(text(INSERT.replace("1" * 32, "2" * 32)), {"kind": "phrases"})
    migrating.upgrade(running)
