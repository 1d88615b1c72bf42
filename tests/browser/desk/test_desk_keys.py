"""The desk's map of keys is held to what the keys do, in the page's own modules."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


def test_the_map_of_keys_and_the_acts_are_one():
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(HERE / "desk_keys.test.mjs")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "# pass 0" not in run.stdout
