"""A scripted call-taker: one seat at the desk that takes part in whichever rehearsed call it is offered.

The product decides who is offered which call, so a seat belongs to no script: it looks at the offer, finds the script by the
caller's number, and plays the next role of that script's desk.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp

from simulator.rehearsal.desk_page import PATIENCE_SECONDS, DeskPage
from simulator.rehearsal.desk_part import DeskPart
from simulator.rehearsal.errors import NotShownError, RefusedError, RehearsalError, StepError
from simulator.rehearsal.news import News
from simulator.rehearsal.script import DeskDo, DeskRole
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.taken_call import TakenCall
from simulator.rehearsal.telephone_company import TelephoneCompany

STAYS_SECONDS = 30.0
PAGE_SECONDS = 5.0  # a page that does not turn is looked at all the same
log = logging.getLogger(__name__)


class Seat:
    """One signed-in member of staff with a headless softphone."""

    def __init__(
        self,
        name: str,
        door: StaffDoor,
        company: TelephoneCompany,
        find_part: Callable[[str], DeskPart | None],
    ) -> None:
        self.name = name
        self._door = door
        self._news = News(door.events)
        self._page = DeskPage(name, door, self._news)
        self._company = company
        self._find_part = find_part
        self._identity = ""

    async def sit_down(self) -> None:
        """Register the softphone and be ready for calls."""
        await self._register()
        await self._door.post("/presence", {"state": "available"})

    async def get_up(self) -> None:
        """Be offline; what the product refuses at the end of the day is no matter."""
        with suppress(RefusedError):
            await self._door.post("/presence", {"state": "offline"})

    async def attend(self) -> None:
        """Look at the desk for ever and take part in the calls it offers; ended by cancelling it."""
        async with (
            asyncio.TaskGroup() as seat
        ):  # if one of them ends in an error, the rehearsal does
            seat.create_task(self._news.follow())
            seat.create_task(self._page.keep())
            seat.create_task(self._look_for_ever())

    async def _look_for_ever(self) -> None:
        """Look whenever the page has turned; a refusal is met with another look, as a person would."""
        while True:
            await self._page.turned(PAGE_SECONDS)
            try:
                state = self._page.state
                if state and not await self._take_an_offer(state) and not state["call"]:
                    await self._stay_ready(state)
            except (RefusedError, aiohttp.ClientError) as error:
                log.warning("%s looks again: %s", self.name, error)
                await asyncio.sleep(PATIENCE_SECONDS)

    async def _stay_ready(self, state: dict[str, Any]) -> None:
        """Finish a wrap-up that no script finishes, and come back from wherever the product has put this seat."""
        with suppress(RefusedError):
            if wrap_up := state.get("wrap_up"):
                disposition = wrap_up["dispositions"][0]["key"]
                path = f"/calls/{wrap_up['call_id']}/wrap-up"
                await self._page.order(path, {"disposition": disposition})
            elif state["presence"]["state"] in ("break", "offline", "wrap_up"):
                await self._page.order("/presence", {"state": "available"})

    async def _take_an_offer(self, state: dict[str, Any]) -> bool:
        for offer in state["offers"] if not state["call"] else ():
            part = self._find_part(str(offer.get("caller") or ""))
            role = part.role_of(self.name) if part else None
            if part and role and role.accepts:
                return await self._accept(offer, part, role)
        return False

    async def _accept(self, offer: dict[str, Any], part: DeskPart, role: DeskRole) -> bool:
        try:
            await self._page.order(f"/offers/{offer['offer_id']}/accept")
        except RefusedError as refusal:
            part.give_back(self.name)
            if refusal.status == 409:
                return False
            raise
        part.call_id = str(offer["call_id"])
        part.record.note(f"{self.name} accepted")
        await self._play(offer, part, role)
        return True

    async def _play(self, offer: dict[str, Any], part: DeskPart, role: DeskRole) -> None:
        part.is_playing = True
        self._news.about = part.call_id
        try:
            leg = await self._company.connect(self._identity, {"offer": offer["offer_id"]})
            call = TakenCall(self._page, self._company, self._identity, leg, part)
            await call.play(role.steps)
            if any(step.do is DeskDo.DROP_BROWSER for step in role.steps):
                await self._register()
        except (
            NotShownError
        ) as error:  # the claim ran out: whoever is offered the call next takes it
            part.problems.append(f"{self.name}: {error}")
            part.give_back(self.name)
        except RehearsalError as error:
            part.problems.append(f"{self.name}: {error}")
            if part.is_watched:
                # A caller who came back to the line is answered by whoever is offered them.
                part.give_back(self.name)
            await self._give_up(part)
        finally:
            part.is_played_by(self.name)
            part.is_playing = False
            self._news.about = None

    async def _give_up(self, part: DeskPart) -> None:
        """A part that went wrong must not hold this seat: the call is ended, or left, and the next can come.

        With faults at random the caller may only be elsewhere for a while: nobody hangs up on them.
        """
        if part.is_watched:
            with suppress(StepError):
                await self._page.until("the call to be over", STAYS_SECONDS, _is_free)
        for order in ("hangup", "leave"):
            with suppress(RefusedError):
                await self._page.order(f"/calls/{part.call_id}/{order}")
                return

    async def _register(self) -> None:
        issued = await self._door.post("/softphone-token")
        self._identity = await self._company.register(str(issued["token"]))


def _is_free(state: dict[str, Any]) -> bool:
    return not state["call"]
