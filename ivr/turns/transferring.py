"""Connecting a caller with an entry of the directory: who is rung, in which order, and what came.

An entry that is closed, may not be dialled, is busy or does not answer passes on to its fall-back;
when nobody is left the caller goes back into the menu, by the transfer's `failed` road. Which
fall-back is rung stands in the address; rows only record what happened.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from ivr import record
from ivr.rules.dialling import is_domestic
from ivr.runtime import HUMAN_LINE, DirectoryEntry, Runtime
from ivr.turns.caller import Caller
from ivr.twiml import Document
from models.contact_fields import ContactField
from models.states import DISPOSITION_CODES, CallOutcome, CallPhase, Disposition

log = structlog.get_logger(__name__)

MOST_FALL_BACKS = 8


@dataclass(frozen=True, slots=True)
class Target:
    """One telephone that is rung; `attempt` is its place among the fall-backs, from 0."""

    key: str
    attempt: int
    number: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class Rung:
    """One ringing as its address names it: whose, from which step, for which entry and fall-back."""

    call_id: str
    step: int
    entry: str
    attempt: int

    def fact(self, what: str) -> str:
        """The inbox key of what happened to it."""
        named = f"{what}\n{self.call_id}\n{self.step}\n{self.entry}\n{self.attempt}"
        return hashlib.sha256(named.encode()).hexdigest()


def ring(
    document: Document, runtime: Runtime, caller: Caller, step: int, entry: str, attempt: int = 0
) -> Document:
    """Ring the entry, or the first of its fall-backs from `attempt` on that can be rung now.

    With nobody left the address of the end is asked at once: it takes the `failed` road.
    """
    addresses = runtime.addresses
    target = first_target(runtime, entry, attempt, runtime.clock())
    if target is None:
        after_all = len(list(_order(runtime, entry)))
        return document.redirect(addresses.transferred(caller.call_sid, step, entry, after_all))
    return document.transfer(
        target.number,
        addresses.transferred(caller.call_sid, step, entry, target.attempt),
        addresses.transfer_leg(caller.call_sid, step, entry, target.attempt),
        target.ring_seconds,
    )


def first_target(runtime: Runtime, entry: str, attempt: int, now: datetime) -> Target | None:
    """The first telephone from `attempt` on that is open and may be dialled; None: nobody is left."""
    for place, key in enumerate(_order(runtime, entry)):
        if place < attempt:
            continue
        target = _target(runtime, key, place, now)
        if target is not None:
            return target
    return None


def connected(session: Session, runtime: Runtime, rung: Rung, now: datetime) -> None:
    """Somebody answered: record it once, however often it is reported."""
    call_id = rung.call_id
    call = record.lock_call(session, call_id)
    if call is None or not record.is_first(session, rung.fact(record.TRANSFER_CONNECTED), now):
        return
    if call.phase is CallPhase.ENDED and call.outcome is CallOutcome.ABANDONED:
        call.outcome = CallOutcome.TRANSFERRED
    order = list(_order(runtime, rung.entry))
    reached = order[rung.attempt] if rung.attempt < len(order) else rung.entry
    record.note(session, call_id, record.TRANSFER_CONNECTED, now, entry=reached)
    record.fact(session, call_id, ContactField.DESTINATION_ACTUAL, now, reached)
    record.fact(session, call_id, ContactField.DISPOSITION, now, Disposition.REFERRED.value)
    code = DISPOSITION_CODES[Disposition.REFERRED]
    record.fact(session, call_id, ContactField.DISPOSITION_CODE, now, code)


def unanswered(session: Session, rung: Rung, status: str, now: datetime) -> None:
    """Nobody answered: record it once."""
    call = record.lock_call(session, rung.call_id)
    if call is None or not record.is_first(session, rung.fact("transfer_unanswered"), now):
        return
    kind, about = "transfer_unanswered", {"entry": rung.entry, "status": status}
    record.note(session, call.id, kind, now, record.TWILIO, attempt=rung.attempt, **about)


def _order(runtime: Runtime, entry: str) -> Iterator[str]:
    """The entry, its fall-back, that one's fall-back ...; each once, the human line last."""
    seen: set[str] = set()
    key = entry
    while key and key not in seen and len(seen) < MOST_FALL_BACKS:
        seen.add(key)
        yield key
        found = runtime.city.directory.get(key)
        if found is None or key == HUMAN_LINE:
            return
        key = found.fall_back


def _target(runtime: Runtime, key: str, place: int, now: datetime) -> Target | None:
    if key == HUMAN_LINE:
        line = runtime.city.human_line
        return Target(key, place, line.number, line.ring_seconds)
    entry = runtime.city.directory.get(key)
    if entry is None:
        log.error("directory_entry_unknown", entry=key)
        return None
    if not runtime.gateway.may_dial(entry.number) or not is_domestic(entry.number):
        log.error("directory_entry_not_allowed", entry=key)
        return None
    return (
        Target(key, place, entry.number, entry.ring_seconds)
        if _is_open(runtime, entry, now)
        else None
    )


def _is_open(runtime: Runtime, entry: DirectoryEntry, now: datetime) -> bool:
    return not entry.line or runtime.readers.opening(entry.line, now).is_open
