"""Speech, sound and silence on a leg, and how long they last.

A line is spoken at 175 words a minute (2.9 a second), times the rate of the configuration. Knows
no document beyond the one verb that is spoken.
"""

import asyncio
from dataclasses import dataclass

from simulator.legs import Leg, What
from simulator.scribe import Scribe
from simulator.twiml import Verb

WORDS_A_SECOND = 2.9
SOUND_SECONDS = 5.0
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
FOR_EVER = 0


@dataclass(frozen=True, slots=True)
class Rates:
    """How many times faster than in life: speech, and the exchange's own timers."""

    speech: float = 1.0
    timers: float = 1.0

    def speech_seconds(self, text: str) -> float:
        """How long a person or a machine takes to say it."""
        return len(text.split()) / WORDS_A_SECOND / self.speech

    def timer_seconds(self, seconds: float) -> float:
        """A timer of the exchange in real seconds."""
        return seconds / self.timers


class Speaker:
    """Plays the verbs that are only heard."""

    def __init__(self, scribe: Scribe, rates: Rates) -> None:
        self._scribe = scribe
        self._rates = rates

    async def speak(self, leg: Leg, verb: Verb) -> None:
        """Say, Play or Pause on a leg, as long as it lasts; cancelling stops it at once."""
        match verb.name:
            case "Say":
                await self._repeat(leg, verb, What.SAY, self._rates.speech_seconds(verb.text))
            case "Play" if verb.get("digits", ""):
                self._scribe.heard(leg, What.KEYS, verb.get("digits", ""))
                await asyncio.sleep(len(verb.get("digits", "")) * 0.1 / self._rates.speech)
            case "Play":
                await self._repeat(leg, verb, What.PLAY, SOUND_SECONDS / self._rates.speech)
            case "Pause":
                length = verb.number("length", 1)
                self._scribe.heard(leg, What.PAUSE, str(length))
                await asyncio.sleep(self._rates.timer_seconds(length))

    async def apologise(self, leg: Leg) -> None:
        """What Twilio says when there is no document and no fallback either."""
        self._scribe.heard(leg, What.SAY, APPLICATION_ERROR, language="en-US", voice="twilio")
        await asyncio.sleep(self._rates.speech_seconds(APPLICATION_ERROR))

    async def music(self, leg: Leg) -> None:
        """Twilio's own waiting music, until cancelled."""
        self._scribe.heard(leg, What.MUSIC, "waiting music")
        await asyncio.Event().wait()

    async def silence(self, leg: Leg) -> None:
        """Nothing at all, until cancelled."""
        self._scribe.heard(leg, What.SILENCE)
        await asyncio.Event().wait()

    async def _repeat(self, leg: Leg, verb: Verb, what: What, seconds: float) -> None:
        loop = verb.number("loop", 1)
        times = loop
        while times > 0 or loop == FOR_EVER:
            times -= 1
            language, voice = verb.get("language", "en-US"), verb.get("voice", "man")
            spoken = what is What.SAY
            self._scribe.heard(
                leg,
                what,
                verb.text,
                language=language if spoken else None,
                voice=voice if spoken else None,
            )
            # A sound of no length, repeated for ever, must still let others work.
            await asyncio.sleep(max(seconds, 0.001))
