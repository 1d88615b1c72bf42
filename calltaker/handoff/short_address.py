"""A short address that can be read out: the packet as a plain page, for a quarter of an hour.

For a centre without tokens: the call-taker reads `HOST/handoff/page/CODE` over the telephone. The
code is a keyed fingerprint of the handoff and the quarter of an hour; it is looked for among the
handoffs of the last hour, and guesses are slowed down by address. Each showing is kept.
"""

import base64
import hmac
from datetime import datetime, timedelta

from flask import Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from calltaker.handoff import outgoing, packets, sheet
from calltaker.handoff.errors import UnknownError
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from models.handoff import Handoff
from models.states import HandoffDirection, HandoffFact

ENDPOINT = "handoff.page"
QUARTER = timedelta(minutes=15)
CHARACTERS = 10
_SPOKEN = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""Crockford's letters: none of I, L, O, U, so that whoever hears or types one means a digit."""
_MEANT = str.maketrans("ILO", "110")


def code_of(secret: str, handoff_id: str, now: datetime) -> str:
    """The code of a handoff at this time: ten letters and digits."""
    quarter = int(now.timestamp() // QUARTER.total_seconds())
    mac = hmac.digest(secret.encode(), f"handoff page {handoff_id} {quarter}".encode(), "sha256")
    return base64.b32encode(mac).decode()[:CHARACTERS].translate(_SPOKEN)


def show(exchange: Exchange, writing: Writing, code: str) -> Response:
    """The page behind a code.

    Raises:
        UnknownError: the code opens nothing, or no longer.
    """
    handoff = _of_code(exchange, writing.session, code.upper().translate(_MEANT), writing.now)
    row = outgoing.current(exchange, writing, handoff)
    document = packets.opened(exchange.runtime.keyring, row) if row else None
    if row is None or document is None:
        raise UnknownError
    writing.note(
        handoff, HandoffFact.PACKET_READ, "short address", version=row.version, sha256=row.sha256
    )
    shown = sheet.read(document)
    return Response(render_template("handoff_sheet.html", sheet=shown, version=row.version))


def _of_code(exchange: Exchange, session: Session, code: str, now: datetime) -> Handoff:
    recent = session.scalars(
        select(Handoff).where(
            Handoff.direction == HandoffDirection.OUT, Handoff.begun_at > now - timedelta(hours=1)
        )
    )
    for handoff in recent:
        for moment in (now, now - QUARTER):
            right = code_of(exchange.secret, handoff.id, moment)
            if hmac.compare_digest(right.encode(), code.encode()):
                return handoff
    raise UnknownError
