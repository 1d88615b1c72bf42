"""Plays one script from the first ring to the last word, and judges it.

Knows the caller, the telephones and the desk's part; who sits at the desk is somebody else's affair.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.rehearsal.caller import OVER, Caller
from simulator.rehearsal.desk_part import DeskPart
from simulator.rehearsal.errors import RefusedError, RehearsalError, StepError
from simulator.rehearsal.facts import Facts, gather
from simulator.rehearsal.figures import Figures, Late, Seen, measure, never_late
from simulator.rehearsal.figures import findings_of as figure_findings
from simulator.rehearsal.judge import findings_of, lost_findings, outcome_of
from simulator.rehearsal.phones import TALKS
from simulator.rehearsal.script import Again, Outcome, Script
from simulator.rehearsal.steps import until
from simulator.rehearsal.taken_call import ASKS_FOR_911
from simulator.rehearsal.telephone_company import TelephoneCompany

SETTLE_SECONDS = 1.0
END_SECONDS = 0.5
LONGEST_CALL_SECONDS = 150.0
GIVING_UP_SECONDS = 3.0  # after a step that failed, nobody will end the call
WILD_PATIENCE_SECONDS = 60.0  # how long a caller waits for a person when things go wrong at random
REACHED = frozenset({Outcome.REACHED_911, Outcome.REPORTED_TO_911})


async def _seldom(_seconds: float) -> None:
    """A call that has been played takes its time to end: nobody waits for the very moment."""
    await asyncio.sleep(END_SECONDS)


@dataclass(frozen=True, slots=True)
class Row:
    """One rehearsed call, as it is printed; `findings` are empty when it went as scripted."""

    call_id: str
    script: str
    language: str
    steps: tuple[Mapping[str, Any], ...]
    outcome: str
    transferred: bool
    ok: bool
    seed: int | None
    findings: tuple[str, ...]
    figures: Figures | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the caller reached nobody at all."""
        return bool(lost_findings(Outcome(self.outcome)))

    def as_json(self) -> dict[str, Any]:
        """The shape that is printed with `--json`."""
        return {
            "call_id": self.call_id,
            "script": self.script,
            "language": self.language,
            "steps": list(self.steps),
            "outcome": self.outcome,
            "transferred": self.transferred,
            "ok": self.ok,
            "seed": self.seed,
            "findings": list(self.findings),
        }


@dataclass(frozen=True, slots=True)
class Telephones:
    """Which outside telephones are 911 desks and which are staffed lines, by number."""

    desks_911: frozenset[str]
    human_lines: frozenset[str]


@dataclass(slots=True)
class Performance:
    """One script being played. `faults` and `seed` are those of a wild rehearsal, which only asks that nobody is lost.

    `rings_no_more` comes when the caller is gone and none of the script's telephones rings for them: how those behave
    from then on is of no matter to this call.
    """

    company: TelephoneCompany
    telephones: Telephones
    script: Script
    part: DeskPart
    faults: Sequence[Mapping[str, Any]] = ()
    seed: int | None = None
    late: Late = never_late
    call_sid: str = ""
    caller_hung_up: bool = False
    caller_is_gone: asyncio.Event = field(default_factory=asyncio.Event)
    rings_no_more: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self) -> Row:
        """Play the call, wait until it is over, and judge it."""
        try:
            return await self._played()
        finally:
            self.caller_is_gone.set()
            self.rings_no_more.set()

    async def _played(self) -> Row:
        problems: list[str] = []
        try:
            await self._set_the_stage()
            await self._play_caller(self.script)
            if self.script.again is not None:
                await self._call_again(self.script.again)
        except RehearsalError as error:
            problems.append(str(error))
            await self._meet_somebody()
        problems += await self._let_it_end(self._patience(has_failed=bool(problems)))
        return await self._judged([*problems, *self.part.problems])

    async def _set_the_stage(self) -> None:
        for number, behaviour in self.script.phones.items():
            await self.company.set_phone(number, behaviour)
        faults = [*self.script.faults, *self.faults]
        await self._dial(faults)

    async def _dial(self, faults: Sequence[Mapping[str, Any]]) -> None:
        self.call_sid = await self.company.make_call(self.script.caller, self.script.dials, faults)
        self.part.caller_sid = self.call_sid
        self.part.record.note(f"dialled {self.script.dials}")

    async def _call_again(self, again: Again) -> None:
        """Call a second time, once the first call is over: that one is judged."""
        await until("the first call to end", GIVING_UP_SECONDS, self._has_ended)
        await asyncio.sleep(again.after_seconds)
        await self._dial(self.faults)
        await self._play_caller(replace(self.script, steps=again.steps))

    async def _has_ended(self) -> bool:
        call = await self.company.call(self.call_sid)
        return call["status"] in OVER

    async def _play_caller(self, script: Script) -> None:
        caller = Caller(self.company, script, self.call_sid, self.part.record)
        try:
            await caller.play()
        finally:
            self.caller_hung_up = caller.has_hung_up

    def _patience(self, *, has_failed: bool) -> float:
        return GIVING_UP_SECONDS if has_failed else LONGEST_CALL_SECONDS

    async def _meet_somebody(self) -> None:
        """With faults at random a caller who hears something else than scripted stays on for a person."""
        if self.seed is not None and self.call_sid:
            with suppress(StepError):
                await until("a person", WILD_PATIENCE_SECONDS, self._has_met_somebody)

    async def _has_met_somebody(self) -> bool:
        call = await self.company.call(self.call_sid)
        return bool(call["bridged_to"]) or call["status"] in OVER

    async def _let_it_end(self, patience_seconds: float) -> list[str]:
        """Wait for the caller's leg to end and the desk's part to be played out; hang up what goes on for ever."""
        if not self.call_sid:
            return []
        try:
            await until("the call to end", patience_seconds, self._is_over, _seldom)
        except RehearsalError as error:
            await self._hang_up_everything()
            return [str(error)]
        finally:
            await asyncio.sleep(SETTLE_SECONDS)
        return []

    async def _hang_up_everything(self) -> None:
        others = [str(call["call_sid"]) for call in await self._still_open()]
        for call_sid in [self.call_sid, *others]:
            with suppress(RefusedError):
                await self.company.hang_up(call_sid)

    async def _still_open(self) -> list[Mapping[str, Any]]:
        """Calls to the script's telephones that were made for this one and are not over."""
        made = await self.company.rung_for(self.call_sid)
        wild = self.telephones.desks_911 | self.telephones.human_lines
        numbers = self.script.phones if self.seed is None else wild
        return [call for call in made if call["to"] in numbers and call["status"] not in OVER]

    async def _is_over(self) -> bool:
        call = await self.company.call(self.call_sid)
        if call["status"] not in OVER:
            return False
        self.caller_is_gone.set()
        still_open = await self._still_open()
        if all(call["status"] in TALKS for call in still_open):
            self.rings_no_more.set()
        # 911 may be told something after the caller is gone: the call is over when nobody is left on it.
        return not (still_open or self.part.is_playing)

    async def _judged(self, problems: list[str]) -> Row:
        journal = await self.company.journal(self.call_sid)
        legs = await self.company.calls(self.call_sid)
        facts = gather(journal, legs, self.call_sid)
        outcome = outcome_of(
            facts,
            self.telephones.desks_911,
            self.telephones.human_lines,
            self.part.request_number,
            caller_hung_up=self.caller_hung_up,
        )
        desks = self.telephones.desks_911
        seen = Seen(self._asked_at(), tuple(self.part.answered), tuple(self.part.shown))
        figures = measure(journal, legs, self.call_sid, desks, seen, self.late)
        findings = self._findings(facts, outcome, problems)
        if self.seed is not None:
            findings += figure_findings(figures)
            if figures.never_dialled and self.script.expect.outcome in REACHED:
                findings.append("911 was asked for and never dialled")
        return Row(
            call_id=self.part.call_id or self.call_sid,
            script=self.script.name,
            language=self.script.language,
            steps=tuple(self.part.record.steps),
            outcome=outcome.value,
            transferred=outcome in REACHED,
            ok=not findings,
            seed=self.seed,
            findings=tuple(findings),
            figures=figures,
        )

    def _asked_at(self) -> float | None:
        """When the desk asked for 911, in seconds of the call; None when it did not."""
        when = {
            step["what"]: float(step["at_seconds"]) for step in reversed(self.part.record.steps)
        }
        asked = when.get(ASKS_FOR_911)
        return None if asked is None else asked - when.get(f"dialled {self.script.dials}", 0.0)

    def _findings(self, facts: Facts, outcome: Outcome, problems: list[str]) -> list[str]:
        if self.seed is not None:
            return lost_findings(outcome)
        return [*problems, *findings_of(self.script, facts, outcome)]
