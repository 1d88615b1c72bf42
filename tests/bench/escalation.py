"""From the wish for 911 to the request that dials it, and to ringing, while 20 calls are live.

Measured in the simulator's journal: from the moment a key is pressed (or an emergency determinant is
posted) to the REST request that adds the participant, and to that leg's ringing. The account's calls
per second are raised, as the operating page tells a city to ask of Twilio.
"""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import aiohttp

from config.demonstration import rehearsal_staff
from config.stack import Stack, free_port
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.telephone_company import TelephoneCompany
from tests import cluster
from tests.bench.figures import Figure

LIVE_CALLS = 20
BY_KEY = 60
BY_DETERMINANT = 25
LINE = "311"
DETERMINANT_GOALS = (0.3, 1.0)
"""Seconds to the request and to ringing at the 99th percentile, from the determinant."""
KEY_GOALS = (2.0, 2.0)
"""The same from a key, the telephone company's own webhook included (trust page, goal G2)."""
ANSWERS_AT_ONCE = {"otherwise": {"on_ring": "answer", "after_seconds": 0.2}}


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the wish to the request, and to ringing."""

    to_request: float
    to_ringing: float


def measure() -> Iterator[Figure]:
    """Measure on PostgreSQL with real fsync."""
    folder = Path(mkdtemp(prefix="oldpueblo-bench-"))
    with cluster.running(durable=True) as database:
        stack = Stack(
            folder / "stack",
            free_port(),
            free_port(),
            database_url=database,
            speech_rate=6.0,
            calls_per_second=50,
        )
        stack.prepare()
        staff = rehearsal_staff(stack)
        try:
            stack.start()
            by_key, by_determinant = asyncio.run(_both(stack, staff))
        finally:
            stack.stop()
    yield from _figures("key 9", by_key, *KEY_GOALS)
    yield from _figures("determinant at the desk", by_determinant, *DETERMINANT_GOALS)


def _figures(
    what: str, times: list[Times], to_request: float, to_ringing: float
) -> Iterator[Figure]:
    requests = [one.to_request for one in times]
    ringing = [one.to_ringing for one in times]
    yield Figure(f"{what} to the request that dials 911, median", statistics.median(requests), "s")
    yield Figure(
        f"{what} to the request that dials 911, p99",
        _p99(requests),
        "s",
        to_request,
        at_least=False,
    )
    yield Figure(f"{what} to ringing at 911, p99", _p99(ringing), "s", to_ringing, at_least=False)


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


async def _both(stack: Stack, staff: Path) -> tuple[list[Times], list[Times]]:
    async with aiohttp.ClientSession() as session:
        company = TelephoneCompany(session, stack.simulator_url)
        for number in ("+15205550191", "+15205550192", "+15205550193"):
            await company.set_phone(number, ANSWERS_AT_ONCE)
        async with _live(company), _desk(stack, staff, company) as desk:
            by_determinant = [await _determinant(company, desk) for _ in range(BY_DETERMINANT)]
        async with _live(company):
            by_key = [await _key(company, number) for number in range(BY_KEY)]
    return by_key, by_determinant


@asynccontextmanager
async def _live(company: TelephoneCompany) -> AsyncIterator[None]:
    """Twenty callers in the menu, each asking again every few seconds."""
    sids = [
        await company.make_call(f"+152055501{40 + number % 20:02d}", LINE)
        for number in range(LIVE_CALLS)
    ]
    repeating = asyncio.create_task(_repeat(company, sids))
    try:
        await asyncio.sleep(2)
        yield
    finally:
        repeating.cancel()
        for sid in sids:
            await company.hang_up(sid)


async def _repeat(company: TelephoneCompany, sids: list[str]) -> None:
    while True:
        for sid in sids:
            await company.press(sid, "*")
            await asyncio.sleep(0.15)


async def _key(company: TelephoneCompany, number: int) -> Times:
    """A caller who presses 9 at the first prompt."""
    sid = await company.make_call(f"+152055501{40 + number % 20:02d}", LINE)
    await _listening(company, sid)
    known = len(await company.journal())
    await company.press(sid, "9")
    times = await _dialled(company, known, _first(await company.journal(), known, sid, "pressed"))
    await company.hang_up(sid)
    return times


async def _determinant(company: TelephoneCompany, desk: "Desk") -> Times:
    """A call-taker whose answer makes the protocol's determinant an emergency."""
    sid = await company.make_call("+15205550159", LINE)
    await _listening(company, sid)
    await company.press(sid, "0")
    call_id = await desk.take()
    await desk.door.post(f"/calls/{call_id}/protocol", {"protocol": "gas_smell"})
    known = len(await company.journal())
    began = datetime.now().astimezone()
    answer = {"question": "danger_now", "value": "yes"}
    asked = asyncio.create_task(desk.door.post(f"/calls/{call_id}/answers", answer))
    times = await _dialled(company, known, began)
    await asked
    await desk.finish(call_id)
    await company.hang_up(sid)
    return times


async def _listening(company: TelephoneCompany, sid: str) -> None:
    for _ in range(200):
        if (await company.call(sid))["listening"]:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the line never listened")


async def _dialled(company: TelephoneCompany, known: int, began: datetime) -> Times:
    """Wait for the request and the ringing that came after `began`."""
    request = ringing = None
    for _ in range(400):
        for entry in (await company.journal())[known:]:
            if (
                entry["kind"] == "rest"
                and "/Participants" in str(entry["data"])
                and request is None
            ):
                request = _at(entry)
            if (
                entry["kind"] == "ringing"
                and entry["party"] == "phone"
                and request
                and ringing is None
            ):
                ringing = _at(entry)
        if request and ringing:
            return Times((request - began).total_seconds(), (ringing - began).total_seconds())
        await asyncio.sleep(0.05)
    raise RuntimeError("911 was not dialled within 20 s")


def _first(journal: list[dict[str, Any]], known: int, sid: str, kind: str) -> datetime:
    return next(
        _at(entry)
        for entry in journal[known:]
        if entry["kind"] == kind and entry["call_sid"] == sid
    )


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


@dataclass
class Desk:
    """One scripted call-taker."""

    door: StaffDoor
    company: TelephoneCompany
    identity: str
    leg: str = ""
    escalation_id: str = ""

    async def take(self) -> str:
        """Accept the next offer; gives the call's id once the softphone is in the room."""
        for _ in range(200):
            state = await self.door.state()
            if state["offers"]:
                offer = state["offers"][0]
                await self.door.post(f"/offers/{offer['offer_id']}/accept")
                self.leg = await self.company.connect(self.identity, {"offer": offer["offer_id"]})
                return await self._joined()
            await asyncio.sleep(0.05)
        raise RuntimeError("the desk was offered nothing")

    async def _joined(self) -> str:
        for _ in range(200):
            call = (await self.door.state())["call"]
            if call and call["in_room"]:
                return str(call["call_id"])
            await asyncio.sleep(0.05)
        raise RuntimeError("the softphone never joined")

    async def finish(self, call_id: str) -> None:
        """Say that 911 has the caller, leave, wrap up and be ready again."""
        await self._until(lambda state: _escalation(state).get("state") == "answered")
        await self.door.post(
            f"/calls/{call_id}/they-have-it", {"escalation_id": self.escalation_id}
        )
        await self.door.post(f"/calls/{call_id}/leave")
        await self._until(lambda state: state["wrap_up"])
        await self.door.post(f"/calls/{call_id}/wrap-up", {"disposition": "transferred_to_911"})
        await self.door.post("/presence", {"state": "available"})

    async def _until(self, claim: Callable[[dict[str, Any]], Any]) -> None:
        for _ in range(300):
            state = await self.door.state()
            self.escalation_id = _escalation(state).get("escalation_id") or self.escalation_id
            if claim(state):
                return
            await asyncio.sleep(0.05)
        raise RuntimeError(f"the desk never came so far: {state}")


def _escalation(state: dict[str, Any]) -> dict[str, Any]:
    return (state["call"] or {}).get("escalation") or {}


@asynccontextmanager
async def _desk(stack: Stack, staff: Path, company: TelephoneCompany) -> AsyncIterator[Desk]:
    import json

    account = json.loads(staff.read_text())["staff"][0]
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        door = StaffDoor(session, stack.product_url)
        await door.log_in(account["email"], account["password"])
        token = (await door.post("/softphone-token"))["token"]
        desk = Desk(door, company, await company.register(token))
        await door.post("/presence", {"state": "available"})
        yield desk
