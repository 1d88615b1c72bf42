"""Seeded calls with faults at random moments: nobody lost, nobody alone, 911 never dialled twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases

ROOT = Path(__file__).parent.parent.parent
CALLS = {"ci": 6, "full": 2_000}

SECONDS = "was dialled after"
"""Findings of how fast it went: a figure of the report, and no promise of a busy machine."""

pytestmark = [pytest.mark.journey, pytest.mark.database]


def test_no_seeded_call_breaks_a_promise(tmp_path, depth):
    name = "rehearse-faults"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "config.cli", "rehearse", "--json", "--name", name),
            *("--database", databases.empty("postgresql", tmp_path)),
            *("--faults", str(CALLS[depth]), "--seed", "11"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240 + 20 * CALLS[depth],
    )
    print(done.stderr[-1500:])
    rows = json.loads(done.stdout)
    assert [row["seed"] for row in rows] == list(range(11, 11 + CALLS[depth]))
    broken = {
        row["seed"]: found
        for row in rows
        if (found := [each for each in row["findings"] if SECONDS not in each])
    }
    assert broken == {}, done.stderr[-3000:]
    figures = json.loads((ROOT / ".run" / name / "figures.json").read_text())
    assert (figures["callers_alone"], figures["dialled_twice"]) == (0, 0)
    assert figures["asked_to_dial"]["n"] >= CALLS[depth] // 3
