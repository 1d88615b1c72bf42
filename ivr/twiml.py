"""Documents for Twilio: what a turn or the line asks for, written as TwiML.

The only place where verbs and attributes are spelled. It must not know why a caller is told
something, nor any database; addresses, numbers and texts come in as values. ElementTree does the
escaping, so no text can become a verb. Twilio's own library builds the same documents in more than
four times the CPU time, a sixth of a whole voice turn.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Protocol, Self, assert_never
from xml.etree import ElementTree as ET

from ivr.gateway import ROOM_EVENTS
from ivr.rules.actions import Listen, Pause, Play, PlayRecording, Say, Spoken
from models.states import Language

CONTENT_TYPE = "text/xml; charset=utf-8"
TEXT_BUDGET = 10_000
"""Characters of text in one document: escaped they stay below Twilio's 64 KB."""
_VERB_COST = 100
"""What a verb itself takes from the budget, so that many empty ones cannot fill a document."""
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
VOICEMAIL_SILENCE_SECONDS = 5
"""Silence that ends a message; what nothing was said into goes on at once."""
KEY_SECONDS = 1
"""How long a key is waited for before a message is recorded."""
ANY_KEY = "1234567890*#"
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

    def __init__(
        self,
        voices: Mapping[Language, Sound],
        played_from: Callable[[str], str | None] = lambda _recording: None,
    ) -> None:
        """Take how languages sound, and where a recording is played from (None: say its text)."""
        self._voices = voices
        self._played_from = played_from
        self._root = ET.Element("Response")
        self._budget = TEXT_BUDGET

    def say(self, *spoken: Spoken) -> Self:
        """Speak, play or be silent, in order."""
        self._speak(self._root, spoken)
        return self

    def listen(self, asked: Listen, action: str) -> Self:
        """Speak the prompt and send what is heard to `action`; silence is sent there too.

        The redirect behind it makes sure that nothing falls off the document's end.
        """
        attributes = {
            "action": action,
            "method": "POST",
            "actionOnEmptyResult": "true",
            "timeout": str(max(1, ceil(asked.timeout_seconds))),
        }
        attributes |= _hearing(asked) | self._recognising(asked)
        self._speak(ET.SubElement(self._root, "Gather", attributes), asked.prompt)
        return self.redirect(action)

    def room(self, leg: RoomLeg) -> Self:
        """Put this leg into the room. The one builder of every leg that enters by a document.

        Nobody's leaving ends the room, nobody needs to be first, and every leg carries the same
        callback: Twilio keeps only that of the leg that makes the room.
        """
        dial = ET.SubElement(self._root, "Dial", {"action": leg.action, "method": "POST"})
        attributes = {
            "startConferenceOnEnter": "true",
            "endConferenceOnExit": "false",
            "beep": "false",
            "participantLabel": leg.label,
            "waitUrl": leg.wait_url,
            "waitMethod": "POST",
            "statusCallback": leg.callback,
            "statusCallbackMethod": "POST",
            "statusCallbackEvent": " ".join(ROOM_EVENTS),
        }
        if leg.muted:
            attributes["muted"] = "true"
        if leg.coach is not None:
            attributes["coach"] = leg.coach
        ET.SubElement(dial, "Conference", attributes).text = leg.room
        return self

    def enqueue(self, queue: str, wait_url: str, action: str) -> Self:
        """Wait in the queue; `wait_url` speaks meanwhile, `action` is asked when the wait ends."""
        attributes = {"waitUrl": wait_url, "waitUrlMethod": "POST", "action": action}
        ET.SubElement(self._root, "Enqueue", attributes | {"method": "POST"}).text = queue
        return self

    def human_line(
        self, number: str, action: str, ring_seconds: int, caller_id: str | None = None
    ) -> Self:
        """Ring a telephone outside this system; `action` hears whether it was answered."""
        timeout = str(min(600, max(5, ring_seconds)))
        attributes = {"action": action, "method": "POST", "timeout": timeout}
        if caller_id is not None:
            attributes["callerId"] = caller_id
        dial = ET.SubElement(self._root, "Dial", attributes)
        ET.SubElement(dial, "Number").text = number
        return self

    def transfer(self, number: str, action: str, callback: str, ring_seconds: int) -> Self:
        """Ring a telephone of the directory; `callback` hears that it answered, `action` the end."""
        self.human_line(number, action, ring_seconds)
        told = {
            "statusCallback": callback,
            "statusCallbackMethod": "POST",
            "statusCallbackEvent": "answered",
        }
        self._root[-1][-1].attrib.update(told)
        return self

    def before_tone(self, prompt: Iterable[Spoken], action: str, language: Language) -> Self:
        """Speak before a recording; a key or words meanwhile come to `action` at once.

        So 9, 0 and a cry for help need not wait for the tone. Nothing at all goes on behind it.
        """
        attributes = {
            "action": action,
            "method": "POST",
            "timeout": str(KEY_SECONDS),
            "input": "dtmf speech",
            "numDigits": "1",
            "finishOnKey": "",
        }
        attributes |= self._recogniser(language)
        self._speak(ET.SubElement(self._root, "Gather", attributes), prompt)
        return self

    def record(self, action: str, callback: str, longest_seconds: int) -> Self:
        """Record a message; any key ends it and comes to `action` with the message's length.

        `callback` hears when the file is there. Nothing said at all goes to `action` too.
        """
        attributes = {
            "action": action,
            "method": "POST",
            "maxLength": str(longest_seconds),
            "timeout": str(VOICEMAIL_SILENCE_SECONDS),
            "finishOnKey": ANY_KEY,
            "playBeep": "true",
            "recordingStatusCallback": callback,
            "recordingStatusCallbackMethod": "POST",
            "recordingStatusCallbackEvent": "completed",
        }
        ET.SubElement(self._root, "Record", attributes)
        return self.redirect(action)

    def redirect(self, url: str) -> Self:
        """Ask `url` for the next document."""
        ET.SubElement(self._root, "Redirect", {"method": "POST"}).text = url
        return self

    def leave(self) -> Self:
        """Leave the queue; the `action` of its `enqueue` goes on. Only in a waiting document."""
        ET.SubElement(self._root, "Leave")
        return self

    def text(self, words: str) -> Self:
        """Answer a text message by one."""
        ET.SubElement(self._root, "Message").text = self._within_budget(speakable(words))
        return self

    def hang_up(self) -> Self:
        """End this leg."""
        ET.SubElement(self._root, "Hangup")
        return self

    def written(self) -> bytes:
        """The document as UTF-8 bytes, at most 64 KB."""
        return _DECLARATION + ET.tostring(self._root, encoding="unicode").encode()

    def _speak(self, into: ET.Element, spoken: Iterable[Spoken]) -> None:
        for item in spoken:
            match item:
                case Say(text, language):
                    self._say(into, text, language)
                case PlayRecording(recording, text, language):
                    url = self._played_from(recording)
                    if url is None:
                        self._say(into, text, language)
                    else:
                        ET.SubElement(into, "Play").text = url
                case Play(url):
                    ET.SubElement(into, "Play").text = url
                case Pause(seconds):
                    ET.SubElement(into, "Pause", {"length": str(max(1, ceil(seconds)))})
                case _:
                    assert_never(item)

    def _say(self, into: ET.Element, text: str, language: Language) -> None:
        words = self._within_budget(speakable(text))
        if words:
            sound = self._voices[language]
            attributes = {"language": sound.locale, "voice": sound.voice}
            ET.SubElement(into, "Say", attributes).text = words

    def _within_budget(self, text: str) -> str:
        kept = text[: max(0, self._budget - _VERB_COST)]
        self._budget -= len(kept) + _VERB_COST
        return kept

    def _recognising(self, asked: Listen) -> dict[str, str]:
        """Attributes of the speech recogniser for what is asked."""
        if not asked.speech:
            return {}
        hints = ", ".join(_hint(hint) for hint in asked.hints[:_HINTS])[:_HINTS_LENGTH]
        kept = self._within_budget(hints) if hints else ""
        return self._recogniser(asked.language) | ({"hints": kept} if kept else {})

    def _recogniser(self, language: Language) -> dict[str, str]:
        """Whose words are heard; callers swear when it matters, so no filter."""
        return {
            "language": self._voices[language].locale,
            "speechTimeout": "auto",
            "profanityFilter": "false",
        }


def speakable(text: str) -> str:
    """Return the text without characters that no XML may hold (control characters, surrogates)."""
    return _NOT_SPEAKABLE.sub(" ", text).strip()


def _hint(text: str) -> str:
    return speakable(text.replace(",", " "))[:_HINT_LENGTH]


def _hearing(asked: Listen) -> dict[str, str]:
    """What ends the listening. One key alone acts at once, and then # and * are keys like others."""
    kinds = " ".join(kind for kind, on in (("dtmf", asked.keys), ("speech", asked.speech)) if on)
    attributes = {"input": kinds or "dtmf", "finishOnKey": "" if asked.num_digits == 1 else "#"}
    if asked.num_digits is not None:
        attributes["numDigits"] = str(asked.num_digits)
    if not asked.barge_in:
        attributes["bargeIn"] = "false"
    return attributes
