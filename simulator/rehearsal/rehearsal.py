"""Plays many scripts: seats the staff, keeps scripts apart that would disturb each other, and plays the empty desk first.

Opens the connections to the simulator and the product; everything below is handed them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.rehearsal.desk import Seat
from simulator.rehearsal.desk_part import DeskPart
from simulator.rehearsal.errors import RehearsalError
from simulator.rehearsal.figures import Late, never_late
from simulator.rehearsal.performance import Performance, Row, Telephones
from simulator.rehearsal.script import Script, Wave
from simulator.rehearsal.shared_phones import SharedPhones
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.steps import Record
from simulator.rehearsal.telephone_company import TelephoneCompany
from simulator.rehearsal.wild_faults import choose, plan

TAKES_CALLS = frozenset({"call_taker", "senior"})
MOST_SEATS = 6  # enough for calls side by side, few enough for a small machine
APART_SECONDS = 1.0  # no town's residents dial in the same millisecond
OPENING_SECONDS = 8.0  # the first caller of a system that has just started is alone with it
WITHHELD = "withheld"
WILD_STEP_SECONDS = 30.0
# With faults at random a call may land at any telephone: somebody is there.
ANSWERS_SOON: Mapping[str, Any] = {"on_ring": "answer", "after_seconds": 1.5}
SAYS_911 = "9-1-1 second desk, what is your emergency? 9-1-1, ¿cuál es su emergencia?"
SAYS_LINE = "City hall line, good day. Buenas tardes."
# Numbers reserved for fiction, more than calls can be at once, and ones that a call-back may ring.
CALLERS = tuple(f"+152055501{number}" for number in range(40, 70))
WILD_APART_SECONDS = 0.4


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
    most_seats: int = MOST_SEATS
    at_once: int = 0
    """Calls with faults side by side, whoever of them waits in the line; 0: as many as there are seats."""
    late: Late = never_late
    on_row: Callable[[Row], None] = lambda _row: None
    _on_stage: dict[str, DeskPart] = field(default_factory=dict)
    _callers: dict[str, asyncio.Lock] = field(default_factory=dict)
    _phones: SharedPhones = field(default_factory=SharedPhones)
    _pace: asyncio.Lock = field(default_factory=asyncio.Lock)
    _apart_seconds: float = APART_SECONDS
    _is_opening: bool = True

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
            # Whoever may have to wait for a telephone comes first: nobody else has to.
            staffed = sorted(
                (script for script in scripts if script.wave is Wave.STAFFED),
                key=lambda script: not script.phones,
            )
            nights = [self._performance(company, script) for script in empty]
            playing = [asyncio.create_task(self._at_the_telephones(night)) for night in nights]
            try:
                # Nobody signs in before the callers of the empty desk are gone; what 911 is told afterwards may go on.
                for night in nights:
                    await night.caller_is_gone.wait()
                rows = await self._staffed(company, [(script, None) for script in staffed])
            finally:
                first = await asyncio.gather(*playing)
            order = [script.name for script in scripts]
            return sorted(first + rows, key=lambda row: order.index(row.script))

    async def _wild(
        self, company: TelephoneCompany, scripts: Sequence[Script], seeds: Sequence[int]
    ) -> list[Row]:
        """Play side by side as many as are asked for: each from a number, and with telephones, of its own."""
        self._apart_seconds = WILD_APART_SECONDS
        for numbers, words in (
            (self.telephones.human_lines, SAYS_LINE),
            (self.telephones.desks_911, SAYS_911),
        ):
            for number in numbers:
                behaviour = {"next": [], "otherwise": {**ANSWERS_SOON, "say": words}}
                await company.set_phone(number, behaviour)
        able = [
            script.in_haste(WILD_STEP_SECONDS)
            for script in scripts
            if script.wave is Wave.STAFFED and script.reaches_somebody
        ]
        if not able:
            raise RehearsalError("no script's caller is to reach somebody: nothing for --faults")
        callers: asyncio.Queue[str] = asyncio.Queue()
        for number in CALLERS:
            callers.put_nowait(number)
        async with self._seated(company) as seats:
            free = asyncio.Semaphore(max(1, self.at_once or seats))
            return list(
                await asyncio.gather(
                    *(self._wild_one(company, free, callers, able, seed) for seed in seeds)
                )
            )

    async def _wild_one(
        self,
        company: TelephoneCompany,
        free: asyncio.Semaphore,
        callers: "asyncio.Queue[str]",
        scripts: Sequence[Script],
        seed: int,
    ) -> Row:
        number = await callers.get()
        try:
            script = choose(seed, scripts).called_from(number)
            row = await self._when_free(company, free, script, seed)
        finally:
            callers.put_nowait(number)
        self.on_row(row)
        return row

    async def _staffed(
        self, company: TelephoneCompany, calls: Sequence[tuple[Script, int | None]]
    ) -> list[Row]:
        if not calls:
            return []
        async with self._seated(company) as seats:
            free = asyncio.Semaphore(max(1, seats))
            return list(
                await asyncio.gather(*(self._when_free(company, free, *call) for call in calls))
            )

    async def _when_free(
        self, company: TelephoneCompany, free: asyncio.Semaphore, script: Script, seed: int | None
    ) -> Row:
        """Play as soon as nobody else has this script's number and there is somebody to answer."""
        one_at_a_time = self._callers.setdefault(_digits(script.caller), asyncio.Lock())
        async with one_at_a_time:
            return await self._at_the_telephones(self._performance(company, script, seed), free)

    async def _at_the_telephones(
        self, performance: Performance, free: asyncio.Semaphore | None = None
    ) -> Row:
        """Play while the script's telephones behave as it says; others have them as soon as they ring no more for it."""
        phones = performance.script.phones
        await self._phones.take(phones)
        async with free or nullcontext():
            async with self._pace:
                playing = asyncio.create_task(self._play(performance))
                apart = OPENING_SECONDS if self._is_opening else self._apart_seconds
                self._is_opening = False
                await asyncio.wait({playing}, timeout=apart)
            try:
                await performance.rings_no_more.wait()
            finally:
                await self._phones.give_back(phones)
            return await playing

    def _performance(
        self, company: TelephoneCompany, script: Script, seed: int | None = None
    ) -> Performance:
        part = DeskPart(script.desk, Record())
        part.is_watched = seed is not None
        first = min(self.telephones.desks_911, default="")
        faults = plan(seed, first) if seed is not None else ()
        return Performance(company, self.telephones, script, part, faults, seed, self.late)

    async def _play(self, performance: Performance) -> Row:
        caller = _digits(performance.script.caller)
        self._on_stage[caller] = performance.part
        try:
            return await performance.play()
        finally:
            self._on_stage.pop(caller, None)

    @asynccontextmanager
    async def _seated(self, company: TelephoneCompany) -> AsyncIterator[int]:
        """Everybody who takes calls signs in and attends until the block ends; hands out how many they are."""
        takers = [person for person in self.staff if person.role in TAKES_CALLS][: self.most_seats]
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
