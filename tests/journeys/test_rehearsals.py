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
from sqlalchemy import select

from calltaker.handoff import packets
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from config import city, settings
from config.assembly import build_runtime
from config.facts import exchange_of
from config.stack import ENVIRONMENT_FILE
from models.call import Call
from models.escalation import Escalation
from models.handoff import Handoff, HandoffPacket
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


def exchange_at(folder: Path) -> Exchange:
    """The exchange with 911 over what a rehearsal has left."""
    chosen = settings.read(json.loads((folder / ENVIRONMENT_FILE).read_text()))
    pack = city.load(chosen.city)
    return exchange_of(pack, build_runtime(chosen, pack), chosen)


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_call_ends_as_scripted(rows, engine, script):
    row = rows(engine)[script]
    assert row["ok"], json.dumps(row, indent=2, ensure_ascii=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_packet_of_every_call_with_a_transfer_keeps_the_rules(rows, engine):
    """As it was kept while the call went on, version by version, and as it would be given now."""
    transferred = {row["call_id"] for row in rows(engine).values() if row["transferred"]}
    assert len(transferred) >= 8
    exchange = exchange_at(ROOT / ".run" / f"rehearse-{engine}")
    with exchange.runtime.sessions() as session:
        writing = Writing(session, exchange.runtime.clock(), exchange.runtime.new_id)
        asked = select(Escalation.call_id).distinct()
        calls = session.scalars(select(Call).where(Call.id.in_(asked))).all()
        now = {call.id: packets.of_call(exchange, writing, call) for call in calls}
        versions = session.scalars(select(HandoffPacket)).all()
        handoffs = session.scalars(select(Handoff).where(Handoff.escalation_id.is_not(None))).all()
    assert transferred <= {name for call in calls for name in (call.id, call.call_sid)}
    assert {call_id: each.findings for call_id, each in now.items() if not each.is_sound} == {}
    faults = [found for row in versions for found in row.findings]
    assert [found for found in faults if found["severity"] == "error"] == []
    assert {each.call_id for each in handoffs} >= {call.id for call in calls}
    assert {row.handoff_id for row in versions} >= {each.id for each in handoffs}


def test_there_are_enough_scripts_and_enough_of_them_spanish():
    assert len(set(NAMES)) == len(SCRIPTS) >= 14
    assert sum(script["language"] == "es" for script in SCRIPTS) >= 4
