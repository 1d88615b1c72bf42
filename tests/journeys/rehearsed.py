"""All scripted calls, played once on an engine: a file an engine, so that both are played side by side."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = [
    yaml.safe_load(path.read_text())
    for path in sorted((ROOT / "simulator/rehearsal/scripts").rglob("*.yaml"))
]
NAMES = [script["name"] for script in SCRIPTS]
Rows = dict[str, dict]


def play(database: str, name: str) -> Rows:
    """All scripts on a fresh stack; rows by script name, judged by what the caller heard and the desk showed."""
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
