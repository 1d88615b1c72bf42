"""The city's own recordings of prompts, and its music: where they are played from, and their bytes.

An address carries the recording's id and a signature with a key of this system, so that nobody
else can name one; the id is the SHA-256 of the bytes, so what is kept never grows old. Knows the
rows of recordings and no telephone company.
"""

import hashlib
import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from types import MappingProxyType

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ivr.runtime import Addresses, Sound
from models.database import Sessions, reading
from models.menu_parts import PromptRecording

KEPT_BYTES = 32_000_000
"""Sound kept in memory a process; the oldest used goes first."""
MISSING_SECONDS = 10.0
"""How long a recording that was not there is not looked for again."""
_ID = re.compile(r"[0-9a-f]{64}")

log = structlog.get_logger(__name__)


class RecordedSounds:
    """Recordings of the database, kept in memory once they were used."""

    def __init__(
        self,
        sessions: Sessions,
        addresses: Addresses,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        always: Mapping[str, Sound] = MappingProxyType({}),
    ) -> None:
        """Take the secret that the key of signatures is derived from.

        `always` are sounds that need no database, by id: the city pack's music.
        """
        self._always = always
        self._sessions = sessions
        self._addresses = addresses
        self._key = hmac.digest(secret.encode(), b"voice recordings", "sha256")
        self._clock = clock
        self._kept: OrderedDict[str, Sound] = OrderedDict()
        self._missing: dict[str, float] = {}
        self._lock = Lock()

    def address(self, recording: str) -> str | None:
        """Where Twilio plays it from; None when its text must be spoken instead."""
        if self._found(recording) is None:
            return None
        return self._addresses.recording(recording, self._signature(recording))

    def opened(self, recording: str, signature: str) -> Sound | None:
        """The recording of a signed address."""
        good = self._signature(recording)
        if not hmac.compare_digest(good.encode(), signature.encode(errors="replace")):
            return None
        return self._found(recording)

    def _signature(self, recording: str) -> str:
        return hmac.new(self._key, recording.encode(errors="replace"), hashlib.sha256).hexdigest()

    def _found(self, recording: str) -> Sound | None:
        """From memory, else from the database; whatever is wrong there, the text is spoken."""
        if recording in self._always:
            return self._always[recording]
        if not _ID.fullmatch(recording):
            return None
        with self._lock:
            if recording in self._kept:
                self._kept.move_to_end(recording)
                return self._kept[recording]
            if self._clock() < self._missing.get(recording, 0.0):
                return None
        sound = self._read(recording)
        self._keep(recording, sound)
        return sound

    def _read(self, recording: str) -> Sound | None:
        try:
            with reading(self._sessions) as session:
                row = session.execute(
                    select(PromptRecording.media_type, PromptRecording.data).where(
                        PromptRecording.id == recording
                    )
                ).one_or_none()
        except SQLAlchemyError as away:
            log.warning("recording_unread", recording=recording, error=type(away).__name__)
            return None
        return None if row is None else Sound(row.media_type, bytes(row.data))

    def _keep(self, recording: str, sound: Sound | None) -> None:
        with self._lock:
            if sound is None:
                self._missing = {recording: self._clock() + MISSING_SECONDS} | {
                    name: until for name, until in self._missing.items() if until > self._clock()
                }
                return
            self._missing.pop(recording, None)
            self._kept[recording] = sound
            while sum(len(one.content) for one in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)
