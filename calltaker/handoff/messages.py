"""Acknowledgement and completion: what the other side says of a handoff, read with every fault.

Both are idempotent: the same message again gets the same answer and changes nothing. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calltaker.handoff import identifiers, registries
from calltaker.handoff.reading import texts
from calltaker.handoff.validation import instant_of
from models.states import HandoffOutcome

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_REASONS = 20
_REASON_CHARACTERS = 200


class MessageError(ValueError):
    """The message cannot be; `faults` names every fault with its place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The receiver has a packet, or refuses it; `has_caller` says that a person has the caller."""

    packet_sha256: str
    received: bool
    reasons: tuple[str, ...]
    has_caller: bool
    incident: str | None
    call: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Completion:
    """What became of it on their side."""

    outcome: HandoffOutcome
    final_common_type: str | None
    disposition: str | None
    incident: str | None
    call: str | None
    at: datetime


def acknowledgement(body: Mapping[str, Any], now: datetime, skew_seconds: float) -> Acknowledgement:
    """Read an acknowledgement.

    Raises:
        MessageError: naming every fault.
    """
    reader = _Reader(body, now, skew_seconds)
    status = reader.word("status", ("received", "rejected"))
    sha256 = reader.matching("packet_sha256", _SHA256, "64 hex digits")
    reasons = [each[:_REASON_CHARACTERS] for each in texts(body.get("reasons"))][:_REASONS]
    has_caller = reader.truth("has_caller")
    incident, call, at = reader.names()
    reader.done()
    return Acknowledgement(
        sha256 or "", status == "received", tuple(reasons), has_caller, incident, call, at
    )


def completion(body: Mapping[str, Any], now: datetime, skew_seconds: float) -> Completion:
    """Read a completion.

    Raises:
        MessageError: naming every fault.
    """
    reader = _Reader(body, now, skew_seconds)
    outcome = reader.word("outcome", tuple(HandoffOutcome))
    final_type = reader.matching("final_common_type", _CODE, "a common type", needed=False)
    disposition = body.get("disposition")
    known = isinstance(disposition, str) and disposition in registries.DISPOSITIONS
    if disposition is not None and not known:
        reader.faults.append("disposition: is no common disposition from 01 to 45")
    incident, call, at = reader.names()
    reader.done()
    return Completion(HandoffOutcome(outcome), final_type, disposition, incident, call, at)


class _Reader:
    """Takes a message apart and collects what is wrong with it."""

    def __init__(self, body: Mapping[str, Any], now: datetime, skew_seconds: float) -> None:
        self._body = body
        self._now = now
        self._latest = now + timedelta(seconds=skew_seconds)
        self.faults: list[str] = []

    def word(self, name: str, known: tuple[str, ...]) -> str:
        given = self._body.get(name)
        if not isinstance(given, str) or given not in known:
            self.faults.append(f"{name}: must be one of {', '.join(known)}")
            return known[0]
        return given

    def matching(
        self, name: str, pattern: re.Pattern[str], what: str, *, needed: bool = True
    ) -> str | None:
        given = self._body.get(name)
        if given is None and not needed:
            return None
        if not isinstance(given, str) or not pattern.fullmatch(given):
            self.faults.append(f"{name}: must be {what}")
            return None
        return given

    def truth(self, name: str) -> bool:
        given = self._body.get(name, False)
        if not isinstance(given, bool):
            self.faults.append(f"{name}: must be true or false")
        return given is True

    def names(self) -> tuple[str | None, str | None, datetime]:
        """Their incident and call, where told, and when it was said."""
        incident = self._urn("incident", identifiers.INCIDENT)
        call = self._urn("call", identifiers.CALL)
        at = instant_of(self._body.get("at"))
        if at is None:
            self.faults.append("at: must be an RFC 3339 time with an offset")
        elif at > self._latest:
            self.faults.append("at: lies in the future")
        return incident, call, at or self._now

    def _urn(self, name: str, kind: str) -> str | None:
        given = self._body.get(name)
        if given is None:
            return None
        if not identifiers.is_urn(given, kind):
            self.faults.append(f"{name}: must be an identifier urn:emergency:uid:{kind}:...")
            return None
        return str(given)

    def done(self) -> None:
        if self.faults:
            raise MessageError(self.faults)
