"""A scripted call-taker: one seat at the desk that takes part in whichever rehearsed call it is offered.

The product decides who is offered which call, so a seat belongs to no script: it looks at the offer, finds the script by the
caller's number, and plays the next role of that script's desk.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp

from simulator.rehearsal.errors import RefusedError, RehearsalError, StepError
from simulator.rehearsal.news import News
from simulator.rehearsal.phones import until_phones
from simulator.rehearsal.script import DeskDo, DeskRole, DeskWhen, Step
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.steps import Ears, Record, until
from simulator.rehearsal.telephone_company import TelephoneCompany

LOOK_SECONDS = 0.5
HEARTBEAT_SECONDS = 10.0
TOGETHER_SECONDS = 6.0
PATIENCE_SECONDS = 1.0  # before looking again at a door that answered with an error
log = logging.getLogger(__name__)
ASKS_FOR_911 = "desk asks for 911"
AT_LEAST_ANSWERED = frozenset({"answered", "accepted"})


class DeskPart:
    """The desk's part in one call: its roles, who has taken which, and what the product told about the call."""

    def __init__(self, roles: tuple[DeskRole, ...], record: Record) -> None:
        self._free = list(roles)
        self._taken: dict[str, DeskRole] = {}
        self.record = record
        self.caller_sid = ""
        self.call_id: str | None = None
        self.request_number: str | None = None
        self.problems: list[str] = []
        self.is_playing = False

    def role_of(self, seat: str) -> DeskRole | None:
        """The role that this seat plays: each new seat takes the next; None when all are taken."""
        if seat not in self._taken and self._free:
            self._taken[seat] = self._free.pop(0)
        return self._taken.get(seat)

    def give_back(self, seat: str) -> None:
        """The seat could not take the call: its role is the first to be had again."""
        if role := self._taken.pop(seat, None):
            self._free.insert(0, role)

    def is_played_by(self, seat: str) -> None:
        """The seat has played its role: the next offer to it is the next role's."""
        self._taken.pop(seat, None)

    def learn(self, state: dict[str, Any]) -> None:
        """Keep what the product's desk says of the call."""
        call = state.get("call") or {}
        self.call_id = call.get("call_id") or self.call_id
        self.request_number = (call.get("service_request") or {}).get(
            "number"
        ) or self.request_number


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
        self._company = company
        self._find_part = find_part
        self._identity = ""
        self._seen = 0.0

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
        listening = asyncio.create_task(self._news.follow())
        try:
            await self._look_for_ever()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _look_for_ever(self) -> None:
        """Look whenever there is news.

        A door that fails is looked at again, as a page would: what that costs a call is that call's finding.
        """
        while True:
            try:
                await self._show_life()
                state = await self._door.state()
                if not await self._take_an_offer(state) and not state["call"]:
                    await self._stay_ready(state)
            except (RefusedError, aiohttp.ClientError) as error:
                log.warning("%s looks again: %s", self.name, error)
                await asyncio.sleep(PATIENCE_SECONDS)
            await self._news.wait(LOOK_SECONDS)

    async def _show_life(self) -> None:
        if time.monotonic() - self._seen > HEARTBEAT_SECONDS:
            self._seen = time.monotonic()
            await self._door.post("/heartbeat")

    async def _stay_ready(self, state: dict[str, Any]) -> None:
        """Finish a wrap-up that no script finishes, and come back from wherever the product has put this seat."""
        with suppress(RefusedError):
            if wrap_up := state.get("wrap_up"):
                disposition = wrap_up["dispositions"][0]["key"]
                await self._door.post(
                    f"/calls/{wrap_up['call_id']}/wrap-up", {"disposition": disposition}
                )
            elif state["presence"]["state"] in ("break", "offline", "wrap_up"):
                await self._door.post("/presence", {"state": "available"})

    async def _take_an_offer(self, state: dict[str, Any]) -> bool:
        for offer in state["offers"] if not state["call"] else ():
            part = self._find_part(str(offer.get("caller") or ""))
            role = part.role_of(self.name) if part else None
            if part and role and role.accepts:
                return await self._accept(offer, part, role)
        return False

    async def _accept(self, offer: dict[str, Any], part: DeskPart, role: DeskRole) -> bool:
        try:
            await self._door.post(f"/offers/{offer['offer_id']}/accept")
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
            call = TakenCall(self._door, self._news, self._company, self._identity, leg, part)
            await call.play(role.steps)
            if any(step.do is DeskDo.DROP_BROWSER for step in role.steps):
                await self._register()
        except RehearsalError as error:
            part.problems.append(f"{self.name}: {error}")
            await self._give_up(part)
        finally:
            part.is_played_by(self.name)
            part.is_playing = False
            self._news.about = None

    async def _give_up(self, part: DeskPart) -> None:
        """A part that went wrong must not hold this seat: the call is ended and the next can come."""
        with suppress(RefusedError):
            await self._door.post(f"/calls/{part.call_id}/hangup")

    async def _register(self) -> None:
        issued = await self._door.post("/softphone-token")
        self._identity = await self._company.register(str(issued["token"]))


class TakenCall:
    """A call that a seat has accepted, from its first step to its last."""

    def __init__(
        self,
        door: StaffDoor,
        news: News,
        company: TelephoneCompany,
        identity: str,
        leg: str,
        part: DeskPart,
    ) -> None:
        self._door = door
        self._news = news
        self._company = company
        self._identity = identity
        self._leg = leg
        self._part = part
        self._ears = Ears()

    async def play(self, steps: tuple[Step, ...]) -> None:
        """Take every step, after the product shows the call.

        Raises:
            RehearsalError: What a step waits for did not come, or the product refused it.
        """
        await until("the desk to show the call", 15, self._is_shown, self._news.wait)
        for step in steps:
            await self._wait(step)
            await self._do(step)
            self._part.learn(await self._door.state())

    async def _is_shown(self) -> bool:
        state = await self._door.state()
        self._part.learn(state)
        return bool(state["call"])

    async def _wait(self, step: Step) -> None:
        if step.hear is not None:
            await until(
                f"the desk to hear “{step.hear}”",
                step.within_seconds,
                lambda: self._has_heard(step.hear or ""),
            )
        await until_phones(self._company, self._part.caller_sid, step, self._part.record)
        if step.when is not None:
            await until(
                f"the desk to show {step.when}",
                step.within_seconds,
                lambda: self._shows(step.when),
                self._news.wait,
            )
            self._part.record.note(f"desk shows {step.when}")

    async def _has_heard(self, words: str) -> bool:
        return self._ears.find((await self._company.call(self._leg))["heard"], words)

    async def _shows(self, when: object) -> bool:
        call = (await self._door.state())["call"]
        if when is DeskWhen.ENDED:
            return not call
        state = ((call or {}).get("escalation") or {}).get("state")
        return state == when or (when is DeskWhen.ANSWERED and state in AT_LEAST_ANSWERED)

    async def _do(self, step: Step) -> None:
        match step.do:
            case DeskDo.LISTEN:
                return
            case DeskDo.SAY:
                await self._until_together()
                await self._company.say(self._leg, step.value)
            case DeskDo.WAIT:
                await asyncio.sleep(step.value)
            case DeskDo.DROP_BROWSER:
                await self._company.drop(self._identity)
            case DeskDo.ANSWERS:
                await self._answer(step.value)
            case DeskDo.THEY_HAVE_IT:
                await until(
                    "911 to answer",
                    step.within_seconds,
                    lambda: self._shows(DeskWhen.ANSWERED),
                    self._news.wait,
                )
                escalation = await self._escalation()
                await self._order("/they-have-it", {"escalation_id": escalation["escalation_id"]})
            case DeskDo.LEAVE:
                await until(
                    "Leave to be allowed", step.within_seconds, self._may_leave, self._news.wait
                )
                await self._order("/leave")
            case DeskDo.WRAP_UP:
                await until(
                    "the wrap-up", step.within_seconds, self._is_wrapping_up, self._news.wait
                )
                await self._order("/wrap-up", {"disposition": step.value})
            case _:
                if step.do is DeskDo.PRESS_RED:
                    self._part.record.note(ASKS_FOR_911)
                await self._order(*_order_of(step))
        self._part.record.note(
            f"desk {step.do}" + (f" {step.value}" if isinstance(step.value, str) else "")
        )

    async def _until_together(self) -> None:
        """People do not speak into an empty room; after a while they do, and wonder."""
        with suppress(StepError):
            await until("the caller to be in the room", TOGETHER_SECONDS, self._is_together)

    async def _is_together(self) -> bool:
        own = (await self._company.call(self._leg))["conference"]
        theirs = (await self._company.call(self._part.caller_sid))["conference"]
        return own is not None and own == theirs

    async def _may_leave(self) -> bool:
        return bool((await self._escalation()).get("may_leave"))

    async def _is_wrapping_up(self) -> bool:
        return bool((await self._door.state()).get("wrap_up"))

    async def _escalation(self) -> dict[str, Any]:
        call = (await self._door.state())["call"] or {}
        return call.get("escalation") or {}

    async def _order(self, path: str, body: Any = None) -> dict[str, Any]:
        return await self._door.post(f"/calls/{self._part.call_id}{path}", body)

    async def _answer(self, answers: dict[str, Any]) -> None:
        """Answer as the desk asks, until it asks nothing more or all the script's answers are given."""
        left = dict(answers)
        while left:
            call = (await self._door.state())["call"] or {}
            asked = ((call.get("protocol") or {}).get("question") or {}).get("id")
            if asked is None:
                return
            if asked not in left:
                raise StepError(
                    f"the protocol asks {asked}, the script answers only {', '.join(left)}"
                )
            await self._order("/answers", {"question": asked, "value": left.pop(asked)})


def _order_of(step: Step) -> tuple[str, dict[str, Any]]:
    """The address and body of a deed that is a single order to the desk."""
    match step.do:
        case DeskDo.NOTE:
            return "/notes", {"text": step.value}
        case DeskDo.PROTOCOL:
            return "/protocol", {"protocol": step.value}
        case DeskDo.PRESS_RED:
            return "/emergency", {"escalation_id": uuid.uuid4().hex}
        case DeskDo.HOLD:
            return "/hold", {"on": step.value}
        case DeskDo.HANG_UP:
            return "/hangup", {}
        case _:
            raise StepError(f"{step.do} is no order to the desk")
