"""The editor's pure modules pass their own tests: no edit loses anything, and undo brings back the very document."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from config.settings import ROOT

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


def test_every_edit_of_a_menu_document_does_what_its_test_says(tmp_path):
    shipped = tmp_path / "menu.json"
    document = yaml.safe_load((ROOT / "config/tucson/first/menu.yaml").read_text())
    shipped.write_text(json.dumps(document, default=str))
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(HERE / "menu_edits.test.mjs")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SHIPPED_MENU": str(shipped)},
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "# pass 0" not in run.stdout
