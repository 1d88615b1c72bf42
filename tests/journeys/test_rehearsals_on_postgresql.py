"""Whole calls through the simulator on PostgreSQL: each scripted call ends as scripted."""

import json

import pytest

from tests import databases
from tests.journeys.rehearsed import NAMES, ROOT, SCRIPTS, Rows, check_packets, play, wanted

pytestmark = [pytest.mark.journey, pytest.mark.database]


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    url = databases.empty("postgresql", tmp_path_factory.mktemp("rehearsal"))
    return play(url, "rehearse-postgresql", wanted(request))


@pytest.mark.parametrize("script", NAMES)
def test_the_call_ends_as_scripted(rows, script):
    assert rows[script]["ok"], json.dumps(rows[script], indent=2, ensure_ascii=False)


def test_the_packets_of_every_call_with_a_transfer_keep_the_rules(rows):
    check_packets(rows, ROOT / ".run/rehearse-postgresql")


def test_there_are_enough_scripts_and_enough_of_them_spanish():
    assert len(set(NAMES)) == len(SCRIPTS) >= 14
    assert sum(script["language"] == "es" for script in SCRIPTS) >= 4
