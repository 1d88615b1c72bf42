"""The telephone company: everything that belongs together, and what softphones and people ask of it.

Composes the parts and knows how they reach each other; each part's rules are its own.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any

import aiohttp

from simulator.callbacks import Callback, Callbacks
from simulator.calls import Calls, ring_tone
from simulator.conference import Music, Participant, Room, Rooms
from simulator.config import Account, App, SimulatorConfig
from simulator.documents import Documents
from simulator.errors import CallStateError, NoSuchThingError, TwimlError
from simulator.faults import Fault, Faults
from simulator.headless import HeadlessSoftphones
from simulator.journal import Journal, Kind
from simulator.lanes import Lane
from simulator.legs import Answer, Asked, Direction, Leaving, Leg, Party, What
from simulator.phones import Phones
from simulator.player import Player
from simulator.ports import Softphone
from simulator.queues import Lines
from simulator.recording import Recording, Recordings
from simulator.room_reports import RoomReports
from simulator.scribe import Scribe
from simulator.speaking import Rates, Speaker
from simulator.texts import Texts
from simulator.tokens import VoiceGrant, verify_token
from simulator.waiting import play_music
from simulator.webhooks import Request, Webhooks

log = logging.getLogger(__name__)


class Exchange:
    """One telephone company with its accounts. Make it inside a running event loop."""

    def __init__(self, config: SimulatorConfig, session: aiohttp.ClientSession) -> None:
        self.config = config
        self.session = session
        self.base_url = f"http://127.0.0.1:{config.listen_port}"
        self._tasks: set[asyncio.Task[None]] = set()
        self._softphones: dict[tuple[str, str], Softphone] = {}
        self._lanes = {account.sid: Lane(account.calls_per_second) for account in config.accounts}
        self.rates = Rates(config.speech_rate, config.timer_rate)
        self.journal = Journal(config.journal_file)
        self.scribe = Scribe(self.journal)
        self.speaker = Speaker(self.scribe, self.rates)
        self.faults = Faults()
        self.webhooks = webhooks = Webhooks(session, self.faults)
        self.callbacks = Callbacks(webhooks, self.faults, self.scribe, self.spawn)
        self.documents = Documents(webhooks, self.faults, self.scribe, self.spawn, self.family)
        self.calls = Calls(self)
        self.rooms = Rooms(RoomReports(self).report, self._start_music)
        self.lines = Lines()
        self.recordings = Recordings()
        self.texts = Texts()
        self.phones = Phones(config.phones, config.residents, self, self.spawn)
        self.headless = HeadlessSoftphones(self)

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do some work beside; what goes wrong in it is logged with its traceback."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task of the exchange failed", exc_info=error)

    async def close(self) -> None:
        """Stop all work; calls are simply gone, as in a power cut."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # What other parts ask

    def player(self, leg: Leg) -> Player:
        """A player for a leg."""
        return Player(self, leg)

    def lane(self, account: Account) -> Lane:
        """The account's calls per second."""
        return self._lanes[account.sid]

    def family(self, leg: Leg) -> Collection[str] | None:
        """The calls that belong together with this one; None when nobody can know."""
        sids = {leg.sid} | {leg.parent_sid or leg.sid}
        for room in self.rooms.of(leg.account):
            if sids & room.family:
                sids |= room.family
        if sids != {leg.sid} or leg.party is Party.RESIDENT:
            return sids
        shown = self.showing(leg.from_)
        return sids | shown if shown else None

    def showing(self, number: str) -> set[str]:
        """The residents' live calls from a number: what shows it belongs to them before they meet."""
        return {
            leg.sid
            for leg in self.calls.all()
            if leg.party is Party.RESIDENT and leg.from_ == number and not leg.is_over
        }

    def report(
        self, leg: Leg, event: str, url: str, params: Mapping[str, str], method: str = "POST"
    ) -> None:
        """Send a report about a leg."""
        request = Request(leg.account, url, params, method, self.family(leg))
        self.callbacks.send(Callback(event, request, leg))

    def refused(self, leg: Leg, why: str) -> None:
        """Something in a document could not be done; the call goes on after it."""
        self.scribe.asked(leg, Asked("", None, "", 0.0, why))

    def recording_url(self, recording: Recording) -> str:
        """A recording's address, without extension."""
        account = recording.account.sid
        return f"{self.base_url}/2010-04-01/Accounts/{account}/Recordings/{recording.sid}"

    def reach(self, leg: Leg) -> Callable[[], None] | None:
        """How to ring whom a leg calls; None when nobody has that address."""
        if not leg.to.startswith("client:"):
            return self.phones.reach(leg)
        softphone = self._softphones.get((leg.account.sid, leg.to.removeprefix("client:")))
        if softphone is None or not softphone.grant.incoming_allowed:
            return None
        leg.softphone = softphone
        return lambda: softphone.ring(leg)

    def early_media(self, leg: Leg) -> None:
        """Those in the room hear the ring tone of whom is rung into it."""
        ring_tone(self, leg)

    def _start_music(self, participant: Participant, music: Music) -> "asyncio.Task[None]":
        return self.spawn(self._music(participant, music))

    async def _music(self, participant: Participant, music: Music) -> None:
        leg = participant.leg
        try:
            await play_music(self.player(leg), music)
        except TwimlError as error:
            if participant.hold:
                await self.speaker.music(leg)
            participant.failure = error
            self.rooms.leave(participant, Leaving.ADD_FAILED)

    def drop_from_room(self, room: Room, participant: Participant) -> None:
        """Whoever leaves a room before having come in is not rung any more."""
        if not participant.leg.is_live and room.family:
            self.calls.hang_up(participant.leg, Leaving.ADD_FAILED, canceled=True)

    # What people at telephones do

    def dial(
        self,
        caller: str,
        to: str,
        faults: Collection[Fault] = (),
        fields: Mapping[str, str] | None = None,
    ) -> Leg:
        """Somebody dials a number or a short code; raises NoSuchThingError when nobody has it."""
        for account in self.config.accounts:
            for number in account.numbers:
                if to == number.number or to in number.dialled_as:
                    leg = Leg(account, Direction.INBOUND, Party.RESIDENT, caller, number.number)
                    leg.urls, leg.fields = number.urls, dict(fields or {})
                    self.faults.begin(leg.sid, faults)
                    if caller.startswith("+"):
                        self.phones.know(caller)
                    return self.calls.come_in(leg)
        raise NoSuchThingError(f"nobody has the number {to!r}")

    def leg(self, sid: str) -> Leg:
        """A leg by its SID; raises NoSuchThingError."""
        leg = self.calls.find(sid)
        if leg is None:
            raise NoSuchThingError(f"there is no call {sid!r}")
        return leg

    def respond(self, leg: Leg, answer: Answer) -> bool:
        """Answer or refuse a ringing leg."""
        return self.calls.respond(leg, answer)

    def pressed(self, leg: Leg, digits: str) -> None:
        """Press keys: for a Gather, or heard by the others, or lost."""
        taken = "".join(digit for digit in digits if leg.ear is not None and leg.ear.key(digit))
        self.scribe.note(leg, Kind.PRESSED, {"digits": digits, "taken": taken})
        for other in self.listeners(leg) if not taken else ():
            self.scribe.heard(other, What.KEYS, digits, speaker=name_of(leg))

    def said(self, leg: Leg, text: str, confidence: float | None = None) -> None:
        """Say words: to a Gather, as a caption to the others, or lost as on a telephone."""
        taken = leg.ear is not None and leg.ear.speech(text, confidence)
        others = [] if taken else self.listeners(leg)
        told = {"text": text, "taken": taken, "heard_by": [other.sid for other in others]}
        self.scribe.note(leg, Kind.SAID, told)
        for other in others:
            self.scribe.heard(other, What.CAPTION, text, speaker=name_of(leg))

    def hung_up(self, leg: Leg) -> None:
        """Hang up, or refuse what still rings here."""
        if not self.respond(leg, Answer.BUSY):
            self.calls.hang_up(leg, Leaving.HUNG_UP)

    @staticmethod
    def listeners(leg: Leg) -> list[Leg]:
        """The legs whose parties hear what this leg's party says."""
        here = leg.participant
        if here is not None:
            return [one.leg for one in here.room.joined if one.hears(here)]
        return [leg.bridged_to] if leg.bridged_to is not None else []

    # What softphones ask: see simulator.ports.SoftphoneExchange

    def verify_softphone(self, token: str) -> VoiceGrant:
        """Verify an access token now; raises TokenError with Twilio's code."""
        return verify_token(token, self.config.accounts, time.time())

    def register_softphone(self, softphone: Softphone) -> None:
        """From now on this softphone is rung for its identity."""
        self._softphones[softphone.grant.account_sid, softphone.grant.identity] = softphone

    def unregister_softphone(self, softphone: Softphone) -> None:
        """It is gone: not rung any more, and every leg it still has ends as hung up."""
        key = softphone.grant.account_sid, softphone.grant.identity
        if self._softphones.get(key) is softphone:
            del self._softphones[key]
        for leg in self.calls.all():
            if leg.softphone is softphone:
                self.softphone_hung_up(leg)

    def connect_softphone(self, softphone: Softphone, params: Mapping[str, str]) -> Leg:
        """Call the grant's TwiML App with these custom parameters.

        Raises:
            CallStateError: The grant names no app, or one that is not the account's.
        """
        account, app = self._app(softphone.grant)
        caller = f"client:{softphone.grant.identity}"
        leg = Leg(account, Direction.INBOUND, Party.SOFTPHONE, caller, "", urls=app.urls)
        leg.softphone = softphone
        return self.calls.come_in(leg, params)

    def _app(self, grant: VoiceGrant) -> tuple[Account, App]:
        for account in self.config.accounts:
            for app in account.apps:
                if account.sid == grant.account_sid and app.sid == grant.application_sid:
                    return account, app
        raise CallStateError(f"the token's TwiML App {grant.application_sid!r} is not known")

    def softphone_answered(self, leg: Leg) -> None:
        """The person accepts a ringing leg."""
        self.respond(leg, Answer.ANSWERED)

    def softphone_hung_up(self, leg: Leg) -> None:
        """The person ends the leg, or refuses it while it rings."""
        self.hung_up(leg)

    def softphone_pressed(self, leg: Leg, digits: str) -> None:
        """The person presses keys."""
        self.pressed(leg, digits)

    def softphone_said(self, leg: Leg, text: str) -> None:
        """The person says words."""
        self.said(leg, text)


def name_of(leg: Leg) -> str:
    """What captions call the party of a leg."""
    return leg.participant.name if leg.participant is not None else leg.other_number
