"""All scripted calls, played once on an engine: a file an engine, so that both are played side by side."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
PATHS = sorted((ROOT / "simulator/rehearsal/scripts").rglob("*.yaml"))
SCRIPTS = [yaml.safe_load(path.read_text()) for path in PATHS]
NAMES = [script["name"] for script in SCRIPTS]
CLOSED = "closed"
"""The folder of calls after hours: only a rehearsal of everything closes the line for them."""
Rows = dict[str, dict]
_NONE = SimpleNamespace(params={})


def wanted(request: pytest.FixtureRequest) -> list[Path]:
    """The scripts that this run asks for; none of them by name where it asks for all."""
    asked = {
        getattr(item, "callspec", _NONE).params.get("script")
        for item in request.session.items
        if item.path == request.path and "rows" in item.fixturenames
    }
    if asked >= {None} or asked >= set(NAMES):  # a test of no script judges them all
        return []
    paths = [path for path, name in zip(PATHS, NAMES, strict=True) if name in asked]
    return [] if any(path.parent.name == CLOSED for path in paths) else paths


def play(database: str, name: str, scripts: Sequence[Path] = ()) -> Rows:
    """Scripts (all if none is named) on a fresh stack; rows by script name.

    Judged by what the caller heard and what the desk showed.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "config.cli", "rehearse", "--json"),
            *("--database", database, "--name", name),
            *(word for path in scripts for word in ("--script", str(path))),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    with contextlib.suppress(json.JSONDecodeError):
        rows = {row["script"]: row for row in json.loads(done.stdout)}
        if len(rows) == len(scripts or NAMES):
            return rows
    raise RuntimeError(
        f"the rehearsal did not print a row for every script: {done.stdout[-500:]}\n{done.stderr[-3000:]}"
    )
