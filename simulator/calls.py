"""The life of a leg: made, rung, answered, redirected, ended, each step reported and written down.

The only module that moves a leg from state to state. What an answered leg runs is the player's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from simulator.callbacks import Callback
from simulator.conference import ParticipantStatus
from simulator.config import Account, VoiceUrls
from simulator.errors import RestError
from simulator.faults import FaultKind
from simulator.journal import Kind
from simulator.legs import Answer, CallbackPlan, CallStatus, Direction, Leaving, Leg, Party, What
from simulator.parameters import call_parameters, progress_parameters
from simulator.steps import GoTo, Inline
from simulator.webhooks import Request

if TYPE_CHECKING:
    from simulator.exchange import Exchange

SET_UP_SECONDS = 0.02
NOT_IN_PROGRESS = 21220
STATUS_OF: Mapping[Answer, tuple[CallStatus, str]] = {
    Answer.BUSY: (CallStatus.BUSY, "486"),
    Answer.NO_ANSWER: (CallStatus.NO_ANSWER, "487"),
    Answer.FAILED: (CallStatus.FAILED, "503"),
    Answer.UNREACHABLE: (CallStatus.FAILED, "404"),
    Answer.CANCELED: (CallStatus.CANCELED, "487"),
}


class Calls:
    """All legs of all accounts."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._legs: dict[str, Leg] = {}

    def all(self) -> list[Leg]:
        """Every leg, oldest first."""
        return list(self._legs.values())

    def find(self, sid: str, account: Account | None = None) -> Leg | None:
        """A leg by its SID, of this account if one is named."""
        leg = self._legs.get(sid)
        return leg if leg is not None and account in (None, leg.account) else None

    def come_in(self, leg: Leg, params: Mapping[str, str] | None = None) -> Leg:
        """An inbound leg arrives at its number or app: it rings and its application is asked.

        `params` are a softphone's own; they are sent once and never stand for Twilio's fields.
        """
        self._legs[leg.sid] = leg
        leg.status = CallStatus.RINGING
        self._exchange.scribe.note(leg, Kind.DIALLED, {"from": leg.from_, "to": leg.to})
        url = leg.urls.voice_url if leg.urls else ""
        taken = call_parameters(leg)
        own = {name: value for name, value in (params or {}).items() if name not in taken}
        self.run(leg, GoTo(url, params=own))
        return leg

    def originate(
        self,
        account: Account,
        to: str,
        from_: str,
        direction: Direction,
        *,
        parent_sid: str | None = None,
        progress: CallbackPlan | None = None,
        urls: VoiceUrls | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> Leg:
        """Make an outgoing leg; nothing rings yet."""
        party = Party.SOFTPHONE if to.startswith("client:") else Party.PHONE
        leg = Leg(account, direction, party, from_, to, urls=urls, parent_sid=parent_sid)
        leg.progress, leg.fields = progress, fields or {}
        self._legs[leg.sid] = leg
        return leg

    def place(self, leg: Leg, timeout_seconds: int, then: Callable[[], Awaitable[None]]) -> None:
        """Ring a leg that REST made, in its turn of the account's calls per second, then go on."""
        leg.task = self._exchange.spawn(self._placed(leg, timeout_seconds, then))

    async def _placed(
        self, leg: Leg, timeout_seconds: int, then: Callable[[], Awaitable[None]]
    ) -> None:
        leg.queue_seconds = await self._exchange.lane(leg.account).turn()
        if await self.ring(leg, timeout_seconds) is Answer.ANSWERED:
            await then()

    async def ring(self, leg: Leg, timeout_seconds: int) -> Answer:
        """Ring until somebody answers, refuses or the time is out; a leg that failed is over."""
        leg.ring_result = asyncio.get_running_loop().create_future()
        self._exchange.scribe.note(leg, Kind.DIALLED, _dialled(leg))
        self._report(leg, "initiated", "initiated")
        await asyncio.sleep(SET_UP_SECONDS)
        answer = await self._until_answered(leg, timeout_seconds)
        if answer is Answer.ANSWERED:
            self.answer(leg)
        else:
            status, leg.sip_code = STATUS_OF[answer]
            await self.end(leg, status, Leaving.ADD_FAILED)
        return answer

    async def _until_answered(self, leg: Leg, timeout_seconds: int) -> Answer:
        if leg.ring_result is None or leg.is_over:
            return Answer.CANCELED
        if self._strikes(FaultKind.LEG_BUSY, leg):
            return Answer.BUSY
        ignored = self._strikes(FaultKind.LEG_NO_ANSWER, leg)
        ringing = None if ignored else self._exchange.reach(leg)
        if not ignored and ringing is None:
            return Answer.UNREACHABLE
        leg.status = CallStatus.RINGING
        self._exchange.scribe.note(leg, Kind.RINGING)
        self._report(leg, "ringing", "ringing")
        self._exchange.early_media(leg)
        if ringing is not None:
            ringing()
        try:
            async with asyncio.timeout(self._exchange.rates.timer_seconds(timeout_seconds)):
                return await asyncio.shield(leg.ring_result)
        except TimeoutError:
            return Answer.NO_ANSWER

    def _strikes(self, kind: FaultKind, leg: Leg) -> bool:
        fault = self._exchange.faults.take(kind, self._exchange.family(leg), to=leg.to)
        if fault is None:
            return False
        self._exchange.scribe.note(leg, Kind.FAULT, {"kind": kind.value})
        if kind is FaultKind.LEG_DROP:
            self._exchange.spawn(self._drop(leg, fault.after_seconds))
        return True

    async def _drop(self, leg: Leg, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        await self.end(leg)

    def respond(self, leg: Leg, answer: Answer) -> bool:
        """Whoever is rung answers or refuses; False when it no longer rings."""
        if leg.ring_result is None or leg.ring_result.done():
            return False
        leg.ring_result.set_result(answer)
        return True

    def answer(self, leg: Leg) -> None:
        """From now on the leg is in progress; once only."""
        if leg.is_live or leg.is_over:
            return
        leg.status = CallStatus.IN_PROGRESS
        leg.answered_at, leg.answered = datetime.now(UTC), monotonic()
        self._exchange.scribe.note(leg, Kind.ANSWERED)
        self._report(leg, "answered", CallStatus.IN_PROGRESS.value)
        self._strikes(FaultKind.LEG_DROP, leg)
        if leg.softphone is not None:
            leg.softphone.answered(leg)

    def run(self, leg: Leg, first: GoTo | Inline) -> None:
        """Have a player run from this document on."""
        leg.task = self._exchange.spawn(self._exchange.player(leg).run(first))

    async def redirect(self, leg: Leg, first: GoTo | Inline) -> None:
        """Take a leg out of whatever it does, and run this instead.

        Raises:
            RestError: 21220, the leg is not in progress.
        """
        if not leg.is_live:
            raise RestError(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
        leg.leaving = Leaving.UPDATED
        await self._stop(leg)
        if leg.is_over:
            raise RestError(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
        if leg.participant is not None:
            self._exchange.rooms.leave(leg.participant, Leaving.UPDATED)
        leg.leaving = Leaving.HUNG_UP
        self.run(leg, first)

    async def finish(self, leg: Leg, rejected: str | None) -> None:
        """The leg's document has come to its end, or said Hangup or Reject."""
        refused = CallStatus.BUSY if rejected == "busy" else CallStatus.NO_ANSWER
        await self.end(leg, refused if rejected else None)

    def hang_up(self, leg: Leg, leaving: Leaving, *, canceled: bool = False) -> None:
        """End a leg soon; nothing happens to one that is over."""
        if not leg.is_over:
            status = CallStatus.CANCELED if canceled and not leg.is_live else None
            self._exchange.spawn(self.end(leg, status, leaving))

    async def end(
        self, leg: Leg, status: CallStatus | None = None, leaving: Leaving = Leaving.HUNG_UP
    ) -> None:
        """End a leg, however it stands, and tell everybody whom it concerns; once only."""
        if leg.is_over:
            return
        unanswered = (
            CallStatus.NO_ANSWER if leg.direction is Direction.INBOUND else CallStatus.CANCELED
        )
        leg.status = status or (CallStatus.COMPLETED if leg.is_live else unanswered)
        leg.leaving, leg.ended_at = leaving, datetime.now(UTC)
        leg.duration_seconds = 0 if leg.answered is None else round(monotonic() - leg.answered)
        self.respond(leg, Answer.CANCELED)
        await self._stop(leg)
        if leg.participant is not None:
            self._exchange.rooms.leave(leg.participant, leaving)
        leg.over.set()
        self._exchange.scribe.note(
            leg, Kind.ENDED, {"status": leg.status.value, "why": leaving.value}
        )
        self._report(leg, "completed", leg.status.value)
        self._report_to_number(leg)
        if leg.softphone is not None:
            leg.softphone.hangup(leg)

    async def _stop(self, leg: Leg) -> None:
        """Cancel what the leg runs, also what another redirect has started meanwhile."""
        while (
            leg.task is not None and not leg.task.done() and leg.task is not asyncio.current_task()
        ):
            leg.task.cancel()
            await asyncio.wait({leg.task})

    def _report(self, leg: Leg, event: str, status: str) -> None:
        plan = leg.progress
        if plan is not None and event in plan.events:
            params = progress_parameters(leg, status, plan.next_sequence())
            self._exchange.report(leg, event, plan.url, params, plan.method)

    def _report_to_number(self, leg: Leg) -> None:
        """A number's own StatusCallback comes at the end only, with SequenceNumber 0."""
        url = leg.urls.status_callback if leg.urls else None
        if url and leg.direction is Direction.INBOUND:
            params = progress_parameters(leg, leg.status.value, 0)
            request = Request(leg.account, url, params, family=self._exchange.family(leg))
            self._exchange.callbacks.send(Callback("completed", request, leg))


def _dialled(leg: Leg) -> dict[str, str]:
    """Who is dialled, whose number they are shown and, for one rung into a room, which room."""
    told = {"from": leg.from_, "to": leg.to}
    if leg.participant is None:
        return told
    room = leg.participant.room
    return told | {"conference": room.sid, "name": room.name}


def ring_tone(exchange: "Exchange", leg: Leg) -> None:
    """Early media: those who talk in the room hear that somebody is being rung."""
    if leg.participant is None:
        return
    leg.participant.status = ParticipantStatus.RINGING
    for other in leg.participant.room.joined:
        if not other.hold:
            exchange.scribe.heard(other.leg, What.RING, leg.participant.name)
