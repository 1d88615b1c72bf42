"""A rehearsed call at the desk that took it: its steps, from the accepted offer to the wrap-up."""

import asyncio
import time
import uuid
from contextlib import suppress
from functools import partial
from typing import Any

from simulator.rehearsal.desk_page import DeskPage, State
from simulator.rehearsal.desk_part import DeskPart
from simulator.rehearsal.errors import NotShownError, RefusedError, StepError
from simulator.rehearsal.figures import Shown
from simulator.rehearsal.phones import until_phones
from simulator.rehearsal.script import DeskDo, DeskWhen, Step
from simulator.rehearsal.steps import Ears, until
from simulator.rehearsal.telephone_company import TelephoneCompany

AGAIN_SECONDS = 1.0
PRESSES = (
    4  # what the product could not do at this moment is pressed again, as the desk's page says
)
TURNS_SECONDS = 5.0
TOGETHER_SECONDS = 6.0
ASKS_FOR_911 = "desk asks for 911"
AT_LEAST_ANSWERED = frozenset({"answered", "accepted"})
UNABLE = 500


class TakenCall:
    """A call that a seat has accepted, from its first step to its last."""

    def __init__(
        self,
        page: DeskPage,
        company: TelephoneCompany,
        identity: str,
        leg: str,
        part: DeskPart,
    ) -> None:
        self._page = page
        self._company = company
        self._identity = identity
        self._leg = leg
        self._part = part
        self._ears = Ears()

    async def play(self, steps: tuple[Step, ...]) -> None:
        """Take every step, after the product shows the call.

        Raises:
            NotShownError: The product took the call back before it was shown.
            RehearsalError: What a step waits for did not come, or the product refused it.
        """
        try:
            await self._page.until("the desk to show the call", 15, self._is_shown)
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
        """Keep what the page shows of the way to 911, and when it showed it first."""
        looked_since, seen = time.time(), set[str]()
        while True:
            stage = str(_escalation(self._page.state).get("state", ""))
            if stage and stage not in seen:
                seen.add(stage)
                self._part.shown.append(Shown(stage, self._page.at, looked_since))
            await self._page.turned(TURNS_SECONDS)

    async def _play(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            await self._wait(step)
            await self._do(step)
            self._part.learn(self._page.state)

    def _is_shown(self, state: State) -> bool:
        self._part.learn(state)
        return bool(state.get("call"))

    async def _wait(self, step: Step) -> None:
        if step.hear is not None:
            await until(
                f"the desk to hear “{step.hear}”",
                step.within_seconds,
                lambda: self._has_heard(step.hear or ""),
            )
        await until_phones(self._company, self._part.caller_sid, step, self._part.record)
        if step.when is not None:
            await self._page.until(
                f"the desk to show {step.when}", step.within_seconds, partial(_shows, step.when)
            )
            self._part.record.note(f"desk shows {step.when}")

    async def _has_heard(self, words: str) -> bool:
        return self._ears.find((await self._company.call(self._leg))["heard"], words)

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
                answered = partial(_shows, DeskWhen.ANSWERED)
                await self._page.until("911 to answer", step.within_seconds, answered)
                escalation = _escalation(self._page.state)
                await self._order("/they-have-it", {"escalation_id": escalation["escalation_id"]})
            case DeskDo.THEY_HAVE_THE_CALLER:
                within = step.within_seconds
                await self._page.until("who was called to answer", within, _is_answered)
                await self._order(f"/referrals/{_called(self._page.state)}/accepted")
            case DeskDo.LET_GO:
                await self._order(f"/referrals/{_called(self._page.state)}/cancel")
            case DeskDo.LEAVE:
                await self._page.until("Leave to be allowed", step.within_seconds, _may_leave)
                await self._order("/leave")
            case DeskDo.WRAP_UP:
                await self._page.until("the wrap-up", step.within_seconds, _is_wrapping_up)
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

    async def _order(self, path: str, body: Any = None) -> None:
        """Press it; with faults at random again, when it could not be done at this moment."""
        presses = PRESSES if self._part.is_watched else 1
        while True:
            presses -= 1
            try:
                await self._page.order(f"/calls/{self._part.call_id}{path}", body)
                return
            except RefusedError as refusal:
                if refusal.status < UNABLE or not presses:
                    raise
            await asyncio.sleep(AGAIN_SECONDS)

    async def _answer(self, answers: dict[str, Any]) -> None:
        """Answer as the desk asks, until it asks nothing more or all the script's answers are given."""
        left = dict(answers)
        while left:
            call = self._page.state.get("call") or {}
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


def _escalation(state: State) -> dict[str, Any]:
    return (state.get("call") or {}).get("escalation") or {}


def _shows(when: object, state: State) -> bool:
    if when is DeskWhen.ENDED:
        return not state.get("call")
    stage = _escalation(state).get("state")
    return stage == when or (when is DeskWhen.ANSWERED and stage in AT_LEAST_ANSWERED)


def _referral(state: State) -> dict[str, Any]:
    """Whom the desk shows as called last, beside 911."""
    called: list[dict[str, Any]] = (state.get("call") or {}).get("referrals") or [{}]
    return called[-1]


def _is_answered(state: State) -> bool:
    return _referral(state).get("state") in AT_LEAST_ANSWERED


def _called(state: State) -> str:
    return str(_referral(state).get("referral_id"))


def _may_leave(state: State) -> bool:
    return bool((state.get("call") or {}).get("may_leave"))


def _is_wrapping_up(state: State) -> bool:
    return bool(state.get("wrap_up"))
