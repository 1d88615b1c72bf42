"""A rehearsed call at the desk that took it: its steps, from the accepted offer to the wrap-up."""

import asyncio
import time
import uuid
from contextlib import suppress
from typing import Any

import aiohttp

from simulator.rehearsal.desk_part import DeskPart
from simulator.rehearsal.errors import NotShownError, RefusedError, StepError
from simulator.rehearsal.facts import FOREVER
from simulator.rehearsal.figures import Shown
from simulator.rehearsal.news import News
from simulator.rehearsal.phones import until_phones
from simulator.rehearsal.script import DeskDo, DeskWhen, Step
from simulator.rehearsal.staff_door import StaffDoor
from simulator.rehearsal.steps import Ears, until
from simulator.rehearsal.telephone_company import TelephoneCompany

LOOK_SECONDS = 0.5
WATCH_SECONDS = 0.15  # what is shown is known to have come within so long
TOGETHER_SECONDS = 6.0
ASKS_FOR_911 = "desk asks for 911"
AT_LEAST_ANSWERED = frozenset({"answered", "accepted"})


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
        self._has_asked = False

    async def play(self, steps: tuple[Step, ...]) -> None:
        """Take every step, after the product shows the call.

        Raises:
            NotShownError: The product took the call back before it was shown.
            RehearsalError: What a step waits for did not come, or the product refused it.
        """
        try:
            await until("the desk to show the call", 15, self._is_shown, self._news.wait)
        except StepError as waited:
            raise NotShownError(str(waited)) from waited
        watch = asyncio.create_task(self._watch()) if self._part.is_watched else None
        try:
            await self._play(steps)
        finally:
            if watch is not None:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)

    async def _watch(self) -> None:
        """Look what the desk shows of the way to 911: seldom until it is asked for, then closely."""
        looked_since, seen = FOREVER, set[str]()
        while True:
            with suppress(RefusedError, aiohttp.ClientError):
                stage = str((await self._escalation()).get("state", ""))
                if stage and stage not in seen:
                    seen.add(stage)
                    self._part.shown.append(Shown(stage, time.time(), looked_since))
                if stage or self._has_asked:
                    looked_since = min(looked_since, time.time())
            await asyncio.sleep(WATCH_SECONDS if looked_since != FOREVER else LOOK_SECONDS)

    async def _play(self, steps: tuple[Step, ...]) -> None:
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
            case DeskDo.THEY_HAVE_THE_CALLER:
                await until(
                    "who was called to answer",
                    step.within_seconds,
                    self._is_answered,
                    self._news.wait,
                )
                await self._order(f"/referrals/{await self._called()}/accepted")
            case DeskDo.LET_GO:
                await self._order(f"/referrals/{await self._called()}/cancel")
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
                    self._has_asked = True
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
        return bool(((await self._door.state())["call"] or {}).get("may_leave"))

    async def _referral(self) -> dict[str, Any]:
        """Whom the desk shows as called last, beside 911."""
        call = (await self._door.state())["call"] or {}
        called: list[dict[str, Any]] = call.get("referrals") or [{}]
        return called[-1]

    async def _is_answered(self) -> bool:
        return (await self._referral()).get("state") in AT_LEAST_ANSWERED

    async def _called(self) -> str:
        return str((await self._referral()).get("referral_id"))

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
            self._part.answered.append(time.time())
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
        case DeskDo.REFER | DeskDo.CONSULT:
            consult = step.do is DeskDo.CONSULT
            called = {"destination": step.value, "consult": consult}
            return "/referrals", {"referral_id": uuid.uuid4().hex, **called}
        case DeskDo.HOLD:
            return "/hold", {"on": step.value}
        case DeskDo.HANG_UP:
            return "/hangup", {}
        case _:
            raise StepError(f"{step.do} is no order to the desk")
