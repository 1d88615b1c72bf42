"""`<Gather>`: listens for keys and words while it speaks, and afterwards until its time is out.

Decides only what was put in; where that goes is the player's business.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from simulator.speaking import Rates
from simulator.twiml import Verb

AUTO_SPEECH_SECONDS = 1.0
DEFAULT_CONFIDENCE = 0.9
Partial = Callable[[str, int], None]


class Gathering:
    """One Gather's ear. The first kind of input decides; keys after words and words after keys are lost."""

    def __init__(self, verb: Verb, rates: Rates, partial: Partial) -> None:
        self._rates = rates
        self._partial = partial
        self._partials = 0
        self._inputs = verb.get("input", "dtmf").split()
        self._timeout = rates.timer_seconds(verb.number("timeout", 5))
        own = verb.get("speechTimeout", verb.get("timeout", "5"))
        self._speech_timeout = rates.timer_seconds(
            AUTO_SPEECH_SECONDS if own == "auto" else int(own)
        )
        self._finish_key = verb.get("finishOnKey", "#")
        self._wanted = verb.number("numDigits", 0)
        self._barge_in = verb.flag("bargeIn", default=True)
        self._loop = asyncio.get_running_loop()
        self._begun, self._changed = asyncio.Event(), asyncio.Event()
        self._deadline = 0.0
        self._digits, self._words = "", ""
        self._confidence: float | None = None
        self._is_done = False

    def described(self) -> dict[str, Any]:
        """What is listened for."""
        return {"input": self._inputs, "num_digits": self._wanted or None}

    def key(self, digit: str) -> bool:
        """Take a key; False when keys are not wanted (any more)."""
        if self._is_done or self._words or "dtmf" not in self._inputs:
            return False
        if digit == self._finish_key:
            self._is_done = True
        else:
            self._digits += digit
            self._is_done = len(self._digits) == self._wanted
        self._touch(self._timeout)
        return True

    def speech(self, text: str, confidence: float | None) -> bool:
        """Take words: they last as long as they take to say, then silence ends them."""
        if self._is_done or self._digits or "speech" not in self._inputs:
            return False
        starts = (
            max(self._loop.time(), self._deadline - self._speech_timeout)
            if self._words
            else self._loop.time()
        )
        self._words = f"{self._words} {text}".strip()
        self._confidence = confidence
        spoken = starts - self._loop.time() + self._rates.speech_seconds(text)
        self._touch(spoken + self._speech_timeout, interrupts=self._barge_in)
        self._partials += 1
        self._partial(self._words, self._partials - 1)
        return True

    async def listen(self, prompt: Coroutine[Any, Any, None]) -> dict[str, str] | None:
        """Speak the prompt, listening; the fields to send, or None when nothing was put in."""
        speaking = asyncio.ensure_future(prompt)
        begun = asyncio.ensure_future(self._begun.wait())
        try:
            await asyncio.wait({speaking, begun}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (speaking, begun):
                task.cancel()
        # Not `await speaking`: that could not tell its cancelling from this listener's own.
        await asyncio.wait({speaking})
        if not speaking.cancelled():
            speaking.result()
        if not self._digits and not self._words and not self._is_done:
            self._deadline = self._loop.time() + self._timeout
        await self._until_silent()
        self._is_done = True
        return self._result()

    async def _until_silent(self) -> None:
        while not self._is_done:
            self._changed.clear()
            try:
                async with asyncio.timeout_at(self._deadline):
                    await self._changed.wait()
            except TimeoutError:
                return

    def _touch(self, seconds: float, *, interrupts: bool = True) -> None:
        self._deadline = self._loop.time() + seconds
        self._changed.set()
        if interrupts:
            self._begun.set()

    def _result(self) -> dict[str, str] | None:
        if self._digits:
            return {"Digits": self._digits}
        if not self._words:
            return None
        confidence = {} if self._confidence is None else {"Confidence": f"{self._confidence:.6f}"}
        return {"SpeechResult": self._words} | confidence

    def empty_result(self) -> dict[str, str]:
        """What is sent for no input at all when `actionOnEmptyResult` asks for it."""
        named = {"dtmf": {"Digits": ""}, "speech": {"SpeechResult": "", "Confidence": "0.0"}}
        return {name: value for one in self._inputs for name, value in named[one].items()}
