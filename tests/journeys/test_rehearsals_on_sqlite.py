"""Whole calls through the simulator on SQLite: each scripted call ends as scripted."""

import json

import pytest

from tests import databases
from tests.journeys.rehearsed import NAMES, ROOT, Rows, check_packets, play, wanted

pytestmark = [pytest.mark.journey, pytest.mark.database]


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    url = databases.empty("sqlite", tmp_path_factory.mktemp("rehearsal"))
    return play(url, "rehearse-sqlite", wanted(request))


@pytest.mark.parametrize("script", NAMES)
def test_the_call_ends_as_scripted(rows, script):
    assert rows[script]["ok"], json.dumps(rows[script], indent=2, ensure_ascii=False)


def test_the_packets_of_every_call_with_a_transfer_keep_the_rules(rows):
    check_packets(rows, ROOT / ".run/rehearse-sqlite")
