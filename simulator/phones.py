"""Telephones in the outside world: what they do when they ring, by hand or by script.

Knows the telephone company only through what it is given: to answer, to speak, to hang up.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from simulator.callbacks import Spawn
from simulator.config import Behaviour, OnRing, Phone, PhoneKind, Resident
from simulator.legs import Answer, Leg

READY_SECONDS = 10.0
LOOK_SECONDS = 0.02
ANSWERS = {
    OnRing.ANSWER: Answer.ANSWERED,
    OnRing.BUSY: Answer.BUSY,
    OnRing.FAIL: Answer.FAILED,
    OnRing.NO_ANSWER: Answer.NO_ANSWER,
}


class Hands(Protocol):
    """What somebody at a telephone can do."""

    def respond(self, leg: Leg, answer: Answer) -> bool:
        """Answer or refuse a ringing leg."""

    def pressed(self, leg: Leg, digits: str) -> None:
        """Press keys."""

    def said(self, leg: Leg, text: str, confidence: float | None = None) -> None:
        """Say words."""

    def hung_up(self, leg: Leg) -> None:
        """Hang up."""


@dataclass(slots=True, eq=False)
class OutsidePhone:
    """One telephone: what it does at the next rings, and at all others."""

    number: str
    name: str
    kind: PhoneKind
    otherwise: Behaviour = field(default_factory=Behaviour)
    coming: deque[Behaviour] = field(default_factory=deque)
    legs: list[Leg] = field(default_factory=list)

    def next_behaviour(self) -> Behaviour:
        """What it does at this ring."""
        return self.coming.popleft() if self.coming else self.otherwise

    def ringing(self) -> list[str]:
        """The calls that ring here now."""
        return [leg.sid for leg in self.legs if not leg.is_over and not leg.is_live]

    def live(self) -> list[str]:
        """The calls that are answered here and go on."""
        return [leg.sid for leg in self.legs if leg.is_live]


class Phones:
    """All outside telephones, by number."""

    def __init__(
        self, phones: Iterable[Phone], residents: Iterable[Resident], hands: Hands, spawn: Spawn
    ) -> None:
        self._hands = hands
        self._spawn = spawn
        self._phones = {
            phone.number: OutsidePhone(phone.number, phone.name, phone.kind, phone.behaviour)
            for phone in phones
        }
        for resident in residents:
            self.know(resident.number, resident.name)

    def know(self, number: str, name: str = "") -> OutsidePhone:
        """The telephone of that number; a resident's, with nobody's script, if it is new."""
        fresh = OutsidePhone(number, name or number, PhoneKind.RESIDENT)
        return self._phones.setdefault(number, fresh)

    def find(self, number: str) -> OutsidePhone | None:
        """The telephone of that number, if there is one."""
        return self._phones.get(number)

    def all(self) -> list[OutsidePhone]:
        """Every telephone."""
        return list(self._phones.values())

    def reach(self, leg: Leg) -> Callable[[], None] | None:
        """How to ring the telephone that a leg calls; None when there is none."""
        phone = self._phones.get(leg.to)
        if phone is None:
            return None
        phone.legs.append(leg)
        behaviour = phone.next_behaviour()
        return lambda: self._begin(leg, behaviour)

    def _begin(self, leg: Leg, behaviour: Behaviour) -> None:
        if behaviour.on_ring not in (OnRing.MANUAL, OnRing.NO_ANSWER):
            self._spawn(self._act(leg, behaviour))

    async def _act(self, leg: Leg, behaviour: Behaviour) -> None:
        await asyncio.sleep(behaviour.after_seconds)
        if not self._hands.respond(leg, ANSWERS[behaviour.on_ring]):
            return
        if behaviour.on_ring is not OnRing.ANSWER:
            return
        if behaviour.hang_up_after_seconds is not None:
            self._spawn(self._hang_up(leg, behaviour.hang_up_after_seconds))
        if behaviour.press is not None and await self._until(lambda: leg.ear is not None):
            self._hands.pressed(leg, behaviour.press)
        if behaviour.say is not None and await self._until(lambda: self._can_speak(leg)):
            self._hands.said(leg, behaviour.say)

    async def _hang_up(self, leg: Leg, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        self._hands.hung_up(leg)

    @staticmethod
    def _can_speak(leg: Leg) -> bool:
        in_room = leg.participant is not None and leg.participant.joined
        return leg.ear is not None or in_room or leg.bridged_to is not None

    @staticmethod
    async def _until(is_so: Callable[[], bool]) -> bool:
        """People wait a moment before they speak or press: until they can, at most ten seconds."""
        loop = asyncio.get_running_loop()
        last = loop.time() + READY_SECONDS
        while not is_so() and loop.time() < last:
            await asyncio.sleep(LOOK_SECONDS)
        return is_so()
