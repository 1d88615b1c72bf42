"""Plays many scripts: seats the staff, keeps scripts apart that need the same telephone, and plays the empty desk first.

Opens the connections to the simulator and the product; everything below is handed them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.rehearsal.desk import DeskPart, Seat
from simulator.rehearsal.performance import Performance, Row, Telephones
from simulator.rehearsal.script import Script, Wave
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.steps import Record
from simulator.rehearsal.telephone_company import TelephoneCompany
from simulator.rehearsal.wild_faults import plan

TAKES_CALLS = frozenset({"call_taker", "senior"})
MOST_SEATS = 4  # enough for calls side by side, few enough for a small machine
WITHHELD = "withheld"
WILD_STEP_SECONDS = 30.0
# With faults at random a call may land at any telephone: somebody is there.
ANSWERS_SOON: Mapping[str, Any] = {
    "next": [],
    "otherwise": {"on_ring": "answer", "after_seconds": 1.5, "say": "Good day, I am listening."},
}


@dataclass(frozen=True, slots=True)
class Staff:
    """One account that may log in."""

    email: str
    password: str
    role: str


@dataclass(slots=True)
class Rehearsal:
    """A run of scripts against one simulator and one product."""

    simulator_url: str
    product_url: str
    staff: Sequence[Staff]
    telephones: Telephones
    _on_stage: dict[str, DeskPart] = field(default_factory=dict)
    _in_use: set[str] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self, scripts: Sequence[Script], seeds: Sequence[int] = ()) -> list[Row]:
        """Play every script once, or, with seeds, one script a seed with that seed's faults.

        Raises:
            RefusedError: The simulator or the staff door cannot be used at all.
        """
        async with aiohttp.ClientSession() as session:
            company = TelephoneCompany(session, self.simulator_url)
            if seeds:
                return await self._wild(company, scripts, seeds)
            empty = [script for script in scripts if script.wave is Wave.EMPTY]
            staffed = [script for script in scripts if script.wave is Wave.STAFFED]
            rows = [await self._play(company, script) for script in empty]
            return rows + (
                await self._staffed(company, [(script, None) for script in staffed])
                if staffed
                else []
            )

    async def _wild(
        self, company: TelephoneCompany, scripts: Sequence[Script], seeds: Sequence[int]
    ) -> list[Row]:
        for number in self.telephones.desks_911 | self.telephones.human_lines:
            await company.set_phone(number, ANSWERS_SOON)
        able = [
            script.in_haste(WILD_STEP_SECONDS)
            for script in scripts
            if script.wave is Wave.STAFFED and script.reaches_somebody
        ]
        return await self._staffed(company, [(able[seed % len(able)], seed) for seed in seeds])

    async def _staffed(
        self, company: TelephoneCompany, calls: Sequence[tuple[Script, int | None]]
    ) -> list[Row]:
        async with self._seated(company) as seats:
            free = asyncio.Semaphore(max(1, seats))
            return list(
                await asyncio.gather(*(self._when_free(company, free, *call) for call in calls))
            )

    async def _when_free(
        self, company: TelephoneCompany, free: asyncio.Semaphore, script: Script, seed: int | None
    ) -> Row:
        """Play as soon as nobody else uses this script's telephones and there is somebody to answer."""
        async with self._alone_with(script.resources), free:
            return await self._play(company, script, seed)

    async def _play(
        self, company: TelephoneCompany, script: Script, seed: int | None = None
    ) -> Row:
        part = self._on_stage[_digits(script.caller)] = DeskPart(script.desk, Record())
        faults = plan(seed) if seed is not None else ()
        try:
            return await Performance(company, self.telephones, script, part, faults, seed).play()
        finally:
            self._on_stage.pop(_digits(script.caller), None)

    @asynccontextmanager
    async def _alone_with(self, resources: frozenset[str]) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not resources & self._in_use)
            self._in_use |= resources
        try:
            yield
        finally:
            async with self._changed:
                self._in_use -= resources
                self._changed.notify_all()

    @asynccontextmanager
    async def _seated(self, company: TelephoneCompany) -> AsyncIterator[int]:
        """Everybody who takes calls signs in and attends until the block ends; hands out how many they are."""
        takers = [person for person in self.staff if person.role in TAKES_CALLS][:MOST_SEATS]
        async with AsyncExitStack() as stack:
            tasks = []
            for person in takers:
                # On the loopback cookies come from an address, which the default jar refuses.
                jar = aiohttp.CookieJar(unsafe=True)
                session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
                door = StaffDoor(session, self.product_url)
                await door.log_in(person.email, person.password)
                seat = Seat(person.email, door, company, self._find_part)
                await seat.sit_down()
                stack.push_async_callback(seat.get_up)
                tasks.append(asyncio.create_task(seat.attend()))
            try:
                yield len(takers)
            finally:
                await _ended(tasks)

    def _find_part(self, caller: str) -> DeskPart | None:
        return self._on_stage.get(_digits(caller))


async def _ended(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


def _digits(caller: str) -> str:
    """A caller's number as both sides know it: its last ten digits; any withheld one alike."""
    digits = "".join(letter for letter in caller if letter.isdigit())
    return digits[-10:] or WITHHELD


def read_staff(document: Mapping[str, Any]) -> tuple[str, list[Staff]]:
    """The staff file: the product's base URL and its accounts."""
    people = [Staff(str(p["email"]), str(p["password"]), str(p["role"])) for p in document["staff"]]
    return str(document["base_url"]), people
