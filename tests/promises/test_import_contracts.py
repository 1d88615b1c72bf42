"""The floor plan is kept by a machine: each contract, broken on purpose once, is reported by name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.promise

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("config", "calltaker", "ivr", "models", "protocols", "simulator")

BROKEN = [
    # contract       where the line goes               the line
    ("layers", "ivr/rules/actions.py", "import calltaker.doors"),
    ("layers", "models/base.py", "import protocols.engine"),
    ("pure", "ivr/rules/menu.py", "import sqlalchemy"),
    ("pure", "protocols/engine.py", "import flask"),
    ("vendor", "ivr/waiting_line.py", "import twilio.rest"),
    ("models", "models/call.py", "import redis"),
    ("stranger", "simulator/exchange.py", "import ivr.twiml"),
    ("stranger", "simulator/twiml.py", "import twilio.twiml"),
    ("inside-ivr", "ivr/waiting_line.py", "import ivr.webhooks"),
    ("inside-ivr", "ivr/signature.py", "import ivr.runtime"),
    ("one-chooser", "calltaker/doors.py", "import ivr.twilio_gateway"),
]
NAMES = {
    "layers": "The roof over two doors over the ground",
    "pure": "Rules and protocols are pure",
    "vendor": "Only twiml and twilio_gateway speak Twilio",
    "models": "Models know no door, no belt and no vendor",
    "stranger": "The simulator is a stranger",
    "inside-ivr": "Inside the telephone's door",
    "one-chooser": "Only the composition root chooses Twilio",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__", "static", "web", "node_modules"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [tool, "--contract", contract, "--no-cache"], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize(("contract", "where", "line"), BROKEN)
def test_a_broken_contract_is_reported(copy, contract, where, line):
    path = copy / where
    whole = path.read_text()
    path.write_text(f"{whole}\n{line}\n")
    try:
        told = lint(copy, contract)
    finally:
        path.write_text(whole)
    assert told.returncode == 1
    assert f"{NAMES[contract]} BROKEN" in told.stdout


def test_every_contract_has_been_broken_once_here():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    assert {contract["id"] for contract in contracts} == {contract for contract, _, _ in BROKEN}


BANNED = [
    ("import time", "TID251"),
    ("import random", "TID251"),
    ("import os", "TID251"),
    ("from datetime import datetime\n\nNOW = datetime.now()", "TID251"),
]


@pytest.mark.parametrize("package", ["protocols", "ivr/rules"])
@pytest.mark.parametrize(("line", "code"), BANNED)
def test_pure_packages_may_not_name_clock_chance_or_environment(package, line, code):
    told = subprocess.run(
        [
            *(Path(sys.executable).parent / "ruff", "check", "--output-format", "concise"),
            *("--stdin-filename", str(ROOT / package / "planted.py"), "-"),
        ],
        input=f'"""Planted."""\n\n{line}\n',
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert code in told.stdout
