"""Documents for Twilio: what a turn or the line asks for, written as TwiML.

The only place where verbs and attributes are spelled. It must not know why a caller is told
something, nor any database; addresses, numbers and texts come in as values. Twilio's own library
does the escaping, so no text can become a verb.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Protocol, Self, assert_never

from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.gateway import ROOM_EVENTS
from ivr.rules.actions import Listen, Pause, Play, Say, Spoken
from models.states import Language

CONTENT_TYPE = "text/xml; charset=utf-8"
TEXT_BUDGET = 10_000
"""Characters of text in one document: escaped they stay below Twilio's 64 KB."""
_VERB_COST = 100
"""What a verb itself takes from the budget, so that many empty ones cannot fill a document."""
_HINTS = 500
_HINT_LENGTH = 100
_HINTS_LENGTH = 2_000
_NOT_SPEAKABLE = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Sound(Protocol):
    """How a language sounds: Twilio's names (`ivr.runtime.Voice`)."""

    @property
    def locale(self) -> str:
        """Twilio's locale, such as `es-US`."""
        ...

    @property
    def voice(self) -> str:
        """Twilio's voice, such as `Polly.Lupe-Neural`."""
        ...


@dataclass(frozen=True, slots=True)
class RoomLeg:
    """One leg's way into a call's room.

    `room` is the conference's name, or its Sid once known; `label` unique in the room (at most
    128 characters); `action` is asked when the leg leaves; `wait_url` plays while it is alone;
    `callback` hears every event of the room. All addresses are absolute. `coach` is a CallSid.
    """

    room: str
    label: str
    action: str
    wait_url: str
    callback: str
    muted: bool = False
    coach: str | None = None


class Document:
    """One answer to Twilio, verb by verb; every method returns the document itself."""

    def __init__(self, voices: Mapping[Language, Sound]) -> None:
        self._voices = voices
        self._response = VoiceResponse()
        self._budget = TEXT_BUDGET

    def say(self, *spoken: Spoken) -> Self:
        """Speak, play or be silent, in order."""
        self._speak(self._response, spoken)
        return self

    def listen(self, asked: Listen, action: str) -> Self:
        """Speak the prompt and send what is heard to `action`; silence is sent there too.

        The redirect behind it makes sure that nothing falls off the document's end.
        """
        gather = self._response.gather(
            action=action,
            method="POST",
            action_on_empty_result=True,
            timeout=max(1, ceil(asked.timeout_seconds)),
            **_hearing(asked),
            **self._recognising(asked),
        )
        self._speak(gather, asked.prompt)
        return self.redirect(action)

    def room(self, leg: RoomLeg) -> Self:
        """Put this leg into the room. The one builder of every leg that enters by a document.

        Nobody's leaving ends the room, nobody needs to be first, and every leg carries the same
        callback: Twilio keeps only that of the leg that makes the room.
        """
        dial = self._response.dial(action=leg.action, method="POST")
        dial.conference(
            leg.room,
            start_conference_on_enter=True,
            end_conference_on_exit=False,
            beep="false",
            participant_label=leg.label,
            wait_url=leg.wait_url,
            wait_method="POST",
            status_callback=leg.callback,
            status_callback_method="POST",
            status_callback_event=" ".join(ROOM_EVENTS),
            muted=leg.muted or None,
            coach=leg.coach,
        )
        return self

    def enqueue(self, queue: str, wait_url: str, action: str) -> Self:
        """Wait in the queue; `wait_url` speaks meanwhile, `action` is asked when the wait ends."""
        self._response.enqueue(
            queue, wait_url=wait_url, wait_url_method="POST", action=action, method="POST"
        )
        return self

    def human_line(
        self, number: str, action: str, ring_seconds: int, caller_id: str | None = None
    ) -> Self:
        """Ring a telephone outside this system; `action` hears whether it was answered."""
        dial = self._response.dial(
            action=action,
            method="POST",
            timeout=min(600, max(5, ring_seconds)),
            caller_id=caller_id,
        )
        dial.number(number)
        return self

    def redirect(self, url: str) -> Self:
        """Ask `url` for the next document."""
        self._response.redirect(url, method="POST")
        return self

    def leave(self) -> Self:
        """Leave the queue; the `action` of its `enqueue` goes on. Only in a waiting document."""
        self._response.leave()
        return self

    def hang_up(self) -> Self:
        """End this leg."""
        self._response.hangup()
        return self

    def written(self) -> bytes:
        """The document as UTF-8 bytes, at most 64 KB."""
        return str(self._response.to_xml()).encode()

    def _speak(self, into: VoiceResponse | Gather, spoken: Iterable[Spoken]) -> None:
        for item in spoken:
            match item:
                case Say(text, language):
                    self._say(into, text, language)
                case Play(url):
                    into.play(url)
                case Pause(seconds):
                    into.pause(length=max(1, ceil(seconds)))
                case _:
                    assert_never(item)

    def _say(self, into: VoiceResponse | Gather, text: str, language: Language) -> None:
        words = self._within_budget(speakable(text))
        if words:
            sound = self._voices[language]
            into.say(words, language=sound.locale, voice=sound.voice)

    def _within_budget(self, text: str) -> str:
        kept = text[: max(0, self._budget - _VERB_COST)]
        self._budget -= len(kept) + _VERB_COST
        return kept

    def _recognising(self, asked: Listen) -> dict[str, object]:
        """Attributes of the speech recogniser; callers swear when it matters, so no filter."""
        if not asked.speech:
            return {}
        hints = ", ".join(_hint(hint) for hint in asked.hints[:_HINTS])[:_HINTS_LENGTH]
        return {
            "language": self._voices[asked.language].locale,
            "speech_timeout": "auto",
            "profanity_filter": False,
            "hints": self._within_budget(hints) or None,
        }


def speakable(text: str) -> str:
    """Return the text without characters that no XML may hold (control characters, surrogates)."""
    return _NOT_SPEAKABLE.sub(" ", text).strip()


def _hint(text: str) -> str:
    return speakable(text.replace(",", " "))[:_HINT_LENGTH]


def _hearing(asked: Listen) -> dict[str, object]:
    """What ends the listening. One key alone acts at once, and then # and * are keys like others."""
    kinds = " ".join(kind for kind, on in (("dtmf", asked.keys), ("speech", asked.speech)) if on)
    return {
        "input": kinds or "dtmf",
        "num_digits": asked.num_digits,
        "finish_on_key": "" if asked.num_digits == 1 else "#",
        "barge_in": None if asked.barge_in else False,
    }
