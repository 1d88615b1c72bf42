"""Reports to a customer's application that nobody waits for: each its own request, none in step.

Carries out the faults of callbacks: lost, doubled, late, swapped with the next. Knows no meaning of
what it reports.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import TwimlError
from simulator.faults import FaultKind, Faults
from simulator.journal import Kind
from simulator.legs import Leg
from simulator.scribe import Scribe
from simulator.webhooks import Request, Webhooks

Spawn = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


@dataclass(frozen=True, slots=True)
class Callback:
    """One report: its event's name, the request, and the leg whose journal shows it."""

    event: str
    request: Request
    leg: Leg | None


@dataclass(slots=True, eq=False)
class _Held:
    """A callback that waits until another one has overtaken it."""

    family: frozenset[str]
    overtaken: asyncio.Event = field(default_factory=asyncio.Event)


class Callbacks:
    """Sends reports, each in a task of its own."""

    def __init__(self, webhooks: Webhooks, faults: Faults, scribe: Scribe, spawn: Spawn) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._scribe = scribe
        self._spawn = spawn
        self._held: list[_Held] = []

    def send(self, callback: Callback) -> None:
        """Report, now or as a fault has it; failures are only written down, as at Twilio."""
        self._spawn(self._deliver(callback))

    async def _deliver(self, callback: Callback) -> None:
        if self._strikes(FaultKind.CALLBACK_LOSE, callback) is not None:
            return
        family = frozenset(callback.request.family or ())
        await self._linger(callback, family)
        twice = self._strikes(FaultKind.CALLBACK_DUPLICATE, callback)
        token = str(uuid.uuid4())
        await self._once(callback, token)
        if twice is not None:
            await asyncio.sleep(twice.after_seconds)
            await self._once(callback, token)
        for held in self._held:
            if held.family & family:
                held.overtaken.set()

    async def _linger(self, callback: Callback, family: frozenset[str]) -> None:
        late = self._strikes(FaultKind.CALLBACK_DELAY, callback)
        if late is not None:
            await asyncio.sleep(late.seconds)
        if any(held.family & family for held in self._held):
            return
        swapped = self._strikes(FaultKind.CALLBACK_REORDER, callback)
        if swapped is None:
            return
        held = _Held(family)
        self._held.append(held)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(held.overtaken.wait(), max(swapped.seconds, 0.1))
        self._held.remove(held)

    async def _once(self, callback: Callback, token: str) -> None:
        request = callback.request
        told: dict[str, Any] = {
            "event": callback.event,
            "url": request.url,
            "params": dict(request.params),
        }
        try:
            reply = await self._webhooks.send(request, token)
            told["status"] = reply.status
        except TwimlError as error:
            told["error"] = str(error)
        self._scribe.note(callback.leg, Kind.CALLBACK, told)

    def _strikes(self, kind: FaultKind, callback: Callback) -> Any:
        family: Collection[str] | None = callback.request.family
        fault = self._faults.take(kind, family, event=callback.event, path=callback.request.path)
        if fault is not None:
            self._scribe.note(
                callback.leg, Kind.FAULT, {"kind": kind.value, "event": callback.event}
            )
        return fault
