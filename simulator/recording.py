"""Recordings: `<Record>`, those of a leg or a room that REST starts, and the reports about them.

No sound is kept, only how long it was and what was said.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from simulator.config import Account
from simulator.legs import Leg, What, new_sid
from simulator.parameters import rfc2822
from simulator.steps import GoTo, Scene
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.player import Player

FILE_LATE_SECONDS = 0.5


@dataclass(slots=True, eq=False)
class Recording:
    """One recording; `source` is Twilio's word (RecordVerb, StartCallRecordingAPI ...)."""

    account: Account
    source: str
    call_sid: str | None
    conference_sid: str | None = None
    sid: str = field(default_factory=lambda: new_sid("RE"))
    status: str = "in-progress"
    channels: int = 1
    words: list[str] = field(default_factory=list)
    seconds: int = 0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def close(self, *, is_empty: bool = False) -> None:
        """It is complete, its length is now known; nothing at all recorded is no recording."""
        if self.status in ("in-progress", "paused"):
            self.status = "absent" if is_empty else "completed"
            self.seconds = int((datetime.now(UTC) - self.created_at).total_seconds())


class Recordings:
    """All recordings of all accounts."""

    def __init__(self) -> None:
        self._all: dict[str, Recording] = {}

    def add(self, recording: Recording) -> Recording:
        """Keep a recording that begins."""
        self._all[recording.sid] = recording
        return recording

    def of(self, account: Account, **wanted: str) -> Iterable[Recording]:
        """The account's recordings with these fields, oldest first."""
        return [
            one
            for one in self._all.values()
            if one.account is account
            and all(getattr(one, name) == value for name, value in wanted.items())
        ]

    def remove(self, recording: Recording) -> None:
        """Delete it."""
        del self._all[recording.sid]


class _Recorder:
    """The ear of a Record: a key of `finishOnKey` ends it, words are kept, silence ends it."""

    def __init__(
        self, recording: Recording, keys: str, longest: float, silence: float, player: "Player"
    ) -> None:
        self._recording = recording
        self._keys = keys
        self._player = player
        self._loop = asyncio.get_running_loop()
        self._silence = silence
        self._end = self._loop.time() + longest
        self._deadline = min(self._end, self._loop.time() + silence)
        self._changed = asyncio.Event()
        self.finish_key: str | None = None

    def described(self) -> dict[str, Any]:
        return {"input": ["record"], "num_digits": None}

    def key(self, digit: str) -> bool:
        if digit in self._keys:
            self.finish_key = digit
            self._changed.set()
        return digit in self._keys

    def speech(self, text: str, _confidence: float | None) -> bool:
        self._recording.words.append(text)
        spoken = self._player.rates.speech_seconds(text)
        self._deadline = min(self._end, self._loop.time() + spoken + self._silence)
        self._changed.set()
        return True

    async def until_done(self) -> None:
        while self.finish_key is None:
            self._changed.clear()
            try:
                async with asyncio.timeout_at(self._deadline):
                    await self._changed.wait()
            except TimeoutError:
                return


async def record(player: "Player", verb: Verb, scene: Scene) -> GoTo | None:
    """Do a Record: leads to its action; nothing said at all leads to the next verb, as at Twilio."""
    exchange, leg = player.exchange, player.leg
    if verb.flag("playBeep", default=True):
        exchange.scribe.heard(leg, What.PLAY, "beep")
    recording = exchange.recordings.add(Recording(leg.account, "RecordVerb", leg.sid))
    recorder = _Recorder(
        recording,
        verb.get("finishOnKey", "1234567890*#"),
        player.rates.timer_seconds(verb.number("maxLength", 3600)),
        player.rates.timer_seconds(verb.number("timeout", 5)),
        player,
    )
    leg.ear = recorder
    try:
        await recorder.until_done()
    except asyncio.CancelledError:
        _hung_up(player, verb, scene, recording)
        raise
    finally:
        leg.ear = None
    _finish(player, verb, scene, recording, is_empty=_is_empty(recording, recorder.finish_key))
    if recording.status == "absent":
        return None
    return player.action(
        verb, scene, _told(exchange.recording_url(recording), recording, recorder.finish_key)
    )


def _hung_up(player: "Player", verb: Verb, scene: Scene, recording: Recording) -> None:
    _finish(player, verb, scene, recording, is_empty=_is_empty(recording, None))
    if player.leg.is_over and scene.base is not None and recording.status == "completed":
        step = player.action(
            verb, scene, _told(player.exchange.recording_url(recording), recording, "hangup")
        )
        player.exchange.documents.tell(player.leg, step.url, step.params, step.method)


def _told(url: str, recording: Recording, digits: str | None) -> dict[str, str]:
    pressed = {"Digits": digits} if digits else {}
    return {
        "RecordingUrl": url,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.seconds),
    } | pressed


def _is_empty(recording: Recording, finish_key: str | None) -> bool:
    return not recording.words and finish_key is None


def _finish(
    player: "Player", verb: Verb, scene: Scene, recording: Recording, *, is_empty: bool
) -> None:
    recording.close(is_empty=is_empty)
    if recording.status not in verb.get("recordingStatusCallbackEvent", "completed").split():
        return
    called, transcribe = verb.get("recordingStatusCallback", ""), verb.get("transcribeCallback", "")
    url = player.address(called, scene) if called else None
    words = player.address(transcribe, scene) if transcribe else None
    player.exchange.spawn(_report(player, recording, url, words))


async def _report(
    player: "Player", recording: Recording, url: str | None, transcribe: str | None
) -> None:
    """The file, and the words in it, come later than the action: wait for the callback."""
    await asyncio.sleep(player.rates.timer_seconds(FILE_LATE_SECONDS))
    exchange, leg = player.exchange, player.leg
    if url:
        exchange.report(
            leg,
            "recording-completed",
            url,
            recording_parameters(exchange.recording_url(recording), recording),
        )
    if transcribe:
        await asyncio.sleep(player.rates.timer_seconds(FILE_LATE_SECONDS))
        exchange.report(leg, "transcription", transcribe, _transcription(leg, recording))


def recording_parameters(url: str, recording: Recording) -> dict[str, str]:
    """What a recordingStatusCallback says."""
    named = {
        "AccountSid": recording.account.sid,
        "CallSid": recording.call_sid,
        "ConferenceSid": recording.conference_sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": url,
        "RecordingStatus": recording.status,
        "RecordingDuration": str(recording.seconds),
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": rfc2822(recording.created_at),
        "RecordingSource": recording.source,
        "RecordingTrack": "both",
    }
    return {name: value for name, value in named.items() if value is not None}


def _transcription(leg: Leg, recording: Recording) -> dict[str, str]:
    return {
        "TranscriptionSid": new_sid("TR"),
        "TranscriptionText": " ".join(recording.words),
        "TranscriptionStatus": "completed",
        "RecordingSid": recording.sid,
        "CallSid": leg.sid,
        "AccountSid": leg.account.sid,
        "From": leg.from_,
        "To": leg.to,
    }
