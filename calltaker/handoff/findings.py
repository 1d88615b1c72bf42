"""What is wrong with a packet, and the ground that it is judged on. Values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from calltaker.handoff.agencies import Agencies, Agency, Right


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `rule` is V00 (shape) to V16, `path` a JSON path; `blocks` refuses the packet."""

    rule: str
    path: str
    message: str
    blocks: bool = True

    def as_json(self) -> dict[str, object]:
        """For an answer: which rule, where, what."""
        severity = "error" if self.blocks else "warning"
        return {
            "rule": self.rule,
            "severity": severity,
            "path": self.path,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """Who sends to whom, and what counts as known.

    `first` asks for an owner, as the first packet of a handoff must have one. `rights` are those of
    the receiver, None where the receiver is us and may know everything.
    """

    sender: str
    receiver: str
    outgoing: bool
    now: datetime
    clock_skew_seconds: float
    common_types: frozenset[str]
    levels: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    first: bool = True
    rights: frozenset[Right] | None = None
    health_types: frozenset[str] = frozenset()


def outgoing(
    agencies: Agencies,
    receiver: Agency,
    common_types: frozenset[str],
    now: datetime,
    *,
    first: bool,
) -> Ground:
    """The ground of a packet of ours."""
    return Ground(
        sender=agencies.ourselves.domain,
        receiver=receiver.domain,
        outgoing=True,
        now=now,
        clock_skew_seconds=agencies.clock_skew_seconds,
        common_types=common_types,
        levels=agencies.levels,
        first=first,
        rights=receiver.rights,
        health_types=agencies.health_types,
    )


def incoming(
    agencies: Agencies,
    sender: Agency,
    common_types: frozenset[str],
    now: datetime,
    *,
    first: bool,
) -> Ground:
    """The ground of a packet from the other side: its levels are its own words."""
    return Ground(
        sender=sender.domain,
        receiver=agencies.ourselves.domain,
        outgoing=False,
        now=now,
        clock_skew_seconds=agencies.clock_skew_seconds,
        common_types=common_types,
        first=first,
    )
