"""Seeded calls with faults at random moments: nobody lost, nobody alone, 911 never dialled twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases

ROOT = Path(__file__).parent.parent.parent
CALLS = {"ci": 6, "full": 2_000}

pytestmark = [pytest.mark.journey, pytest.mark.database]


def test_no_seeded_call_breaks_a_promise(tmp_path, depth):
    url = databases.empty("sqlite", tmp_path)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "config.cli", "rehearse", "--database", url),
            *("--faults", str(CALLS[depth]), "--seed", "11", "--name", "rehearse-faults"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120 + 20 * CALLS[depth],
    )
    print(done.stderr[-800:])
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
    assert f"{CALLS[depth]} calls, 0 lost" in done.stderr
    assert "dialled twice: 0" in done.stderr
