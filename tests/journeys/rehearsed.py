"""All scripted calls, played once on an engine: a file an engine, so that both are played side by side."""

import contextlib
import json
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from calltaker.handoff import packets
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from config import city, settings
from config.assembly import build_runtime
from config.facts import exchange_of
from config.stack import ENVIRONMENT_FILE
from config.yaml_text import read_yaml
from models.call import Call
from models.escalation import Escalation
from models.handoff import Handoff, HandoffPacket

ROOT = Path(__file__).parent.parent.parent
PATHS = sorted((ROOT / "simulator/rehearsal/scripts").rglob("*.yaml"))
SCRIPTS = [read_yaml(path.read_text()) for path in PATHS]
NAMES = [script["name"] for script in SCRIPTS]
ENGINES = ("sqlite", "postgresql")
TO_911 = {"reached_911", "reported_to_911"}
Rows = dict[str, dict]


def is_by_turns(script: str, engine: str) -> bool:
    """Whether at depth ci this call is played on the other engine: those to 911 are played on both."""
    if SCRIPTS[NAMES.index(script)]["expect"]["outcome"] in TO_911:
        return False
    return ENGINES[zlib.crc32(script.encode()) % 2] != engine


def wanted(request: pytest.FixtureRequest) -> list[Path]:
    """The scripts that this run asks for; all of them where it asks for none by name."""
    asked = {
        item.callspec.params["script"]
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    }
    chosen = [path for path, name in zip(PATHS, NAMES, strict=True) if name in asked]
    return chosen or PATHS


def play(database: str, name: str, scripts: Sequence[Path]) -> Rows:
    """Scripts on a fresh stack; rows by script name.

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
        if len(rows) == len(scripts):
            return rows
    raise RuntimeError(
        f"the rehearsal did not print a row for every script: {done.stdout[-500:]}\n{done.stderr[-3000:]}"
    )


def exchange_at(folder: Path) -> Exchange:
    """The exchange with 911 over what a rehearsal has left."""
    chosen = settings.read(json.loads((folder / ENVIRONMENT_FILE).read_text()))
    pack = city.load(chosen.city)
    return exchange_of(pack, build_runtime(chosen, pack), chosen)


def check_packets(rows: Rows, folder: Path) -> None:
    """Of every call with a transfer: as they were kept while it went on, version by version, and as they would be given now."""
    transferred = {row["call_id"] for row in rows.values() if row["transferred"]}
    assert len(transferred) >= 8
    exchange = exchange_at(folder)
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
