"""A scripted resident: listens, presses, speaks, waits and hangs up, each step after what must have come before it.

Knows only the telephone.
"""

import asyncio
from enum import StrEnum
from typing import Any

from simulator.rehearsal.errors import StepError
from simulator.rehearsal.facts import texts_to
from simulator.rehearsal.location_page import link_in, tell
from simulator.rehearsal.phones import until_phones
from simulator.rehearsal.script import CallerDo, Script, Step, When
from simulator.rehearsal.steps import Ears, Record, until
from simulator.rehearsal.telephone_company import TelephoneCompany

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Caller:
    """Plays the caller's part of one script on one call."""

    def __init__(
        self, company: TelephoneCompany, script: Script, call_sid: str, record: Record
    ) -> None:
        self._company = company
        self._script = script
        self._call_sid = call_sid
        self._record = record
        self._ears = Ears()
        self.has_hung_up = False

    async def play(self) -> None:
        """Take every step.

        Raises:
            StepError: What a step waits for did not come, or the call ended before it.
        """
        for step in self._script.steps:
            await self._wait(step)
            await self._do(step)

    async def _wait(self, step: Step) -> None:
        if step.hear is not None:
            await until(
                f"the caller to hear “{step.hear}”",
                step.within_seconds,
                lambda: self._has_heard(step),
            )
            self._record.note(f"caller heard “{step.hear}”")
        await until_phones(self._company, self._call_sid, step, self._record)
        if step.when is not None:
            await until(
                f"the caller to be {step.when}", step.within_seconds, lambda: self._has_come(step)
            )
            self._record.note(f"caller {step.when}")
        if step.do is CallerDo.SAY:
            await until("the line to listen", step.within_seconds, self._is_listened_to)

    async def _do(self, step: Step) -> None:
        match step.do:
            case CallerDo.LISTEN:
                return
            case CallerDo.PRESS:
                await self._company.press(self._call_sid, step.value)
            case CallerDo.SAY:
                await self._company.say(self._call_sid, step.value)
            case CallerDo.SEND_LOCATION:
                await self._send_location(step)
            case CallerDo.WAIT:
                await asyncio.sleep(step.value)
            case CallerDo.HANG_UP:
                call = await self._company.call(self._call_sid)
                self.has_hung_up = call["status"] not in OVER
                await self._company.hang_up(self._call_sid)
        told = "" if step.value is None or step.do is CallerDo.SEND_LOCATION else f" {step.value}"
        self._record.note(f"caller {step.do}{told}")

    async def _send_location(self, step: Step) -> None:
        """Wait for the text message with its link, open it, and send the position."""
        found: list[str] = []

        async def has_come() -> bool:
            entries = await self._company.journal(self._call_sid)
            own = texts_to(self._script.caller, entries)
            found[:] = filter(None, [link_in(own)])
            return bool(found)

        await until("a text message with a link", step.within_seconds, has_come)
        await tell(found[0], step.value)

    async def _has_heard(self, step: Step) -> bool:
        call = await self._company.call(self._call_sid)
        if self._ears.find(call["heard"], step.hear or ""):
            return True
        return self._still_on(call, f"“{step.hear}” was heard")

    async def _has_come(self, step: Step) -> bool:
        call = await self._company.call(self._call_sid)
        return is_at(call, step.when) or self._still_on(call, f"it was {step.when}")

    async def _is_listened_to(self) -> bool:
        call = await self._company.call(self._call_sid)
        hears_speech = "speech" in (call.get("listening") or {}).get("input", ())
        is_together = bool(call.get("conference") or call.get("bridged_to"))
        return hears_speech or is_together or self._still_on(call, "the line listened")

    def _still_on(self, call: dict[str, Any], what: str) -> bool:
        if call["status"] in OVER:
            raise StepError(f"the call was over before {what}")
        return False


def is_at(call: dict[str, Any], when: StrEnum | None) -> bool:
    """Whether a call, as the simulator tells it, has come where a step wants it."""
    match when:
        case When.LISTENING:
            return bool(call.get("listening"))
        case When.IN_LINE:
            return bool(call.get("queue"))
        case When.IN_ROOM:
            return bool(call.get("conference"))
        case When.ENDED:
            return call["status"] in OVER
        case _:
            return False
