"""`./run packet CALL_ID`: the handoff packet of a call, as 911 would be given it now.

The database is `DATABASE_URL`'s, else the last rehearsal's, else the demonstration's.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calltaker.handoff import packets, sheet
from calltaker.handoff.ledger import Writing
from config import settings
from config.assembly import build_runtime
from config.city import load
from config.facts import exchange_of
from config.settings import ROOT, Settings, SettingsError
from config.stack import ENVIRONMENT_FILE
from models.call import Call
from models.escalation import Escalation

RUNS = ("rehearse", "demo")


class NoCallError(settings.SettingsError):
    """There is no such call in this database."""


def show(call_id: str, *, as_page: bool = False) -> int:
    """Print the packet; 1 when the rules refuse it, with every finding on standard error.

    Raises:
        SettingsError: no database is named, nor did a rehearsal or a demonstration leave one.
        NoCallError: the database knows no such call.
    """
    chosen = settings.read(environment())
    pack = load(chosen.city)
    exchange = exchange_of(pack, build_runtime(chosen, pack), chosen)
    with exchange.runtime.sessions() as session:
        call = _call(session, call_id, chosen)
        rendered = packets.of_call(
            exchange, Writing(session, datetime.now(UTC), lambda: uuid4().hex), call
        )
        session.commit()  # the incident's name is made once, and kept
    shown = json.dumps(rendered.document, ensure_ascii=False, indent=2)
    sys.stdout.write((sheet.as_text(rendered.document) if as_page else shown) + "\n")
    for finding in rendered.findings:
        sys.stderr.write(f"{finding.rule} {finding.path}: {finding.message}\n")
    return 0 if rendered.is_sound else 1


def environment() -> Mapping[str, str]:
    """The environment of this process, or that of the newest run that kept its own.

    Raises:
        SettingsError: neither is there.
    """
    if os.environ.get("DATABASE_URL"):
        return os.environ
    for name in RUNS:
        kept = ROOT / ".run" / name / ENVIRONMENT_FILE
        if kept.is_file():
            found: dict[str, str] = json.loads(kept.read_text())
            return found
    raise SettingsError(["DATABASE_URL is missing, and no rehearsal or demonstration was run here"])


def _call(session: Session, name: str, chosen: Settings) -> Call:
    """The call of this id, of its CallSid, or of an escalation of it."""
    of_escalation = select(Escalation.call_id).where(Escalation.id == name)
    found = session.scalar(
        select(Call).where(or_(Call.id == name, Call.call_sid == name, Call.id.in_(of_escalation)))
    )
    if found is None:
        where = chosen.database_url.rpartition("@")[2]
        raise NoCallError([f"there is no call {name!r} in {where}; ./run rehearse prints ids"])
    return found
