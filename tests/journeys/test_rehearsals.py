"""Whole calls through the simulator, on both engines: each scripted call ends as scripted.

Judged by the simulator's journal (what the caller heard) and by what the desk shows.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests import databases

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = [
    yaml.safe_load(path.read_text())
    for path in sorted((ROOT / "simulator/rehearsal/scripts").rglob("*.yaml"))
]
NAMES = [script["name"] for script in SCRIPTS]
ENGINES = [
    pytest.param(engine, marks=pytest.mark.xdist_group(engine))
    for engine in ("sqlite", "postgresql")
]
"""Each engine's calls are played once, by one process."""
Rows = dict[str, dict]

pytestmark = [pytest.mark.journey, pytest.mark.database]


def play(database: str, name: str) -> Rows:
    """All scripts on a fresh stack; rows by script name."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "config.cli", "rehearse", "--json"),
            *("--database", database, "--name", name),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    with contextlib.suppress(json.JSONDecodeError):
        rows = {row["script"]: row for row in json.loads(done.stdout)}
        if rows.keys() == set(NAMES):
            return rows
    raise RuntimeError(
        f"the rehearsal did not print a row for every script: {done.stdout[-500:]}\n{done.stderr[-3000:]}"
    )


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Rows]:
    """Rows of an engine, played when first asked for."""

    @cache
    def of(engine: str) -> Rows:
        url = databases.empty(engine, tmp_path_factory.mktemp("rehearsal"))
        return play(url, f"rehearse-{engine}")

    return of


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_call_ends_as_scripted(rows, engine, script):
    row = rows(engine)[script]
    assert row["ok"], json.dumps(row, indent=2, ensure_ascii=False)


def test_there_are_enough_scripts_and_enough_of_them_spanish():
    assert len(set(NAMES)) == len(SCRIPTS) >= 14
    assert sum(script["language"] == "es" for script in SCRIPTS) >= 4
