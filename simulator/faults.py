"""Faults that are asked for: slow and failing webhooks, lost callbacks, dropping legs, REST errors.

Decides only whether a fault strikes now; who asks carries it out. A fault belongs to one call and
strikes whatever belongs to that call (its family: the legs it shares a room or a dial with).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from simulator.errors import ConfigError


class FaultKind(StrEnum):
    """What can be made to go wrong."""

    WEBHOOK_SLOW = "webhook_slow"
    WEBHOOK_FAIL = "webhook_fail"
    TURN_DUPLICATE = "turn_duplicate"
    CALLBACK_DUPLICATE = "callback_duplicate"
    CALLBACK_LOSE = "callback_lose"
    CALLBACK_DELAY = "callback_delay"
    CALLBACK_REORDER = "callback_reorder"
    LEG_BUSY = "leg_busy"
    LEG_NO_ANSWER = "leg_no_answer"
    LEG_DROP = "leg_drop"
    REST_FAIL = "rest_fail"
    REST_SLOW = "rest_slow"


CALLBACK_KINDS = frozenset(kind for kind in FaultKind if kind.startswith("callback_"))
FIELDS = frozenset(
    {
        "kind",
        "path",
        "events",
        "to",
        "seconds",
        "after_seconds",
        "status",
        "times",
        "probability",
        "seed",
    }
)
ANY_CALL = "*"


@dataclass(slots=True)
class Fault:
    """One fault; `times` counts down, None strikes for ever."""

    kind: FaultKind
    path: str = ""
    events: frozenset[str] | None = None
    to: str | None = None
    seconds: float = 1.0
    after_seconds: float = 0.0
    status: int = 500
    times: int | None = 1
    probability: float = 1.0
    chance: Random = field(default_factory=Random)

    def fits(self, path: str, event: str | None, to: str | None) -> bool:
        """Whether it is meant for this path (webhooks: prefix, REST: part), event and number."""
        rest = self.kind in (FaultKind.REST_FAIL, FaultKind.REST_SLOW)
        here = self.path in path if rest else path.startswith(self.path)
        return here and (self.events is None or event in self.events) and self.to in (None, to)

    def strikes(self) -> bool:
        """Throw the seeded dice and count down."""
        if self.times == 0 or self.chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


def read_fault(value: object) -> Fault:
    """Read one FAULT of the control interface.

    Raises:
        ConfigError: An unknown kind or field, or a figure that is none.
    """
    if not isinstance(value, Mapping) or value.get("kind") not in set(FaultKind):
        raise ConfigError([f"a fault needs a kind, one of {', '.join(FaultKind)}"])
    unknown = set(value) - FIELDS
    if unknown:
        raise ConfigError([f"unknown field of a fault: {', '.join(sorted(unknown))}"])
    try:
        return _fault(FaultKind(value["kind"]), value)
    except (TypeError, ValueError) as error:
        raise ConfigError([f"a fault's figure is wrong: {error}"]) from error


def _fault(kind: FaultKind, value: Mapping[str, Any]) -> Fault:
    events, times = value.get("events"), value.get("times", None if kind in CALLBACK_KINDS else 1)
    return Fault(
        kind,
        str(value.get("path") or ""),
        None if events is None else frozenset(events),
        value.get("to"),
        float(value.get("seconds", 1.0)),
        float(value.get("after_seconds", 0.0)),
        int(value.get("status", 500)),
        None if times is None else int(times),
        float(value.get("probability", 1.0)),
        Random(value.get("seed", 0)),  # noqa: S311 - repeatable dice, not a secret
    )


class Faults:
    """The faults of all calls, and those that wait for the next call."""

    def __init__(self) -> None:
        self._of_calls: dict[str, list[Fault]] = {}
        self._waiting: list[Fault] = []

    def add(self, call_sid: str | None, faults: Collection[Fault]) -> None:
        """Ask for faults on a call; None is the next call made, `*` any call."""
        where = self._waiting if call_sid is None else self._of_calls.setdefault(call_sid, [])
        where.extend(faults)

    def begin(self, call_sid: str, faults: Collection[Fault] = ()) -> None:
        """A resident's call begins: it takes the faults that waited for it."""
        self._of_calls.setdefault(call_sid, []).extend([*self._waiting, *faults])
        self._waiting.clear()

    def take(
        self,
        kind: FaultKind,
        family: Collection[str] | None,
        *,
        path: str = "",
        event: str | None = None,
        to: str | None = None,
    ) -> Fault | None:
        """The fault of this kind that strikes now, if one does.

        Args:
            kind: What is about to happen.
            family: The calls this belongs to; None when nobody can know, then any call's fault fits.
            path: The webhook's path, or REST's.
            event: The callback's event.
            to: The number or client that is rung.
        """
        calls = tuple(self._of_calls) if family is None else (*family, ANY_CALL)
        for call_sid in calls:
            for fault in self._of_calls.get(call_sid, ()):
                if fault.kind is kind and fault.fits(path, event, to) and fault.strikes():
                    return fault
        return None
