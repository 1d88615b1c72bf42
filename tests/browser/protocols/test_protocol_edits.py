"""The editor's pure modules pass their own tests: no edit loses a comment, and every id is written where it is read."""

import os
import subprocess
from pathlib import Path

import pytest

from config.settings import ROOT

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


def test_every_edit_of_a_protocols_text_does_what_its_test_says():
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(HERE / "protocol_edits.test.mjs")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LIBRARY": str(ROOT / "protocols" / "library")},
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "# pass 0" not in run.stdout
