"""What every party heard and did, and when: the record that a rehearsal is judged by.

Keeps entries in order, tells subscribers of each, and can write itself to a file. Knows no call.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Any

SAVE_SECONDS = 1.0
SAVE_SHARE = 30.0  # times as long as writing took


class Kind(StrEnum):
    """What an entry tells of."""

    DIALLED = "dialled"
    RINGING = "ringing"
    ANSWERED = "answered"
    HEARD = "heard"
    PRESSED = "pressed"
    SAID = "said"
    WEBHOOK = "webhook"
    WEBHOOK_FAILED = "webhook_failed"
    CALLBACK = "callback"
    REST = "rest"
    JOINED = "joined"
    LEFT = "left"
    HELD = "held"
    UNHELD = "unheld"
    QUEUED = "queued"
    DEQUEUED = "dequeued"
    FAULT = "fault"
    MESSAGE = "message"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `at_seconds` counts from the call's beginning."""

    at: datetime
    at_seconds: float
    call_sid: str | None
    party: str | None
    numbers: tuple[str, ...]
    kind: Kind
    data: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The shape that the control interface and the journal file use."""
        return {
            "at": stamp(self.at),
            "at_seconds": self.at_seconds,
            "call_sid": self.call_sid,
            "party": self.party,
            "kind": self.kind.value,
            "data": dict(self.data),
        }


Listener = Callable[[Entry], None]


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Journal:
    """All entries, oldest first."""

    def __init__(self, file: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._listeners: list[Listener] = []
        self._file = file
        self._written = 0

    def write(self, entry: Entry) -> None:
        """Keep an entry and tell everyone who listens."""
        self._entries.append(entry)
        for listener in tuple(self._listeners):
            listener(entry)

    def entries(self, call_sid: str | None = None) -> list[Entry]:
        """The entries of one call, or of all."""
        return [entry for entry in self._entries if call_sid in (None, entry.call_sid)]

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Have `listener` called with every entry from now on; it must not block."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def save(self) -> None:
        """Write the file, if there is one and something is new."""
        if self._file is None or self._written == len(self._entries):
            return
        entries = list(self._entries)
        text = json.dumps({"entries": [entry.as_json() for entry in entries]}, ensure_ascii=False)
        part = self._file.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(self._file)
        self._written = len(entries)

    async def keep_saving(self) -> None:
        """Save about once a second until cancelled; written in a thread, so calls do not wait for the disk.

        A long journal takes long to write: the pause grows with it, so that writing stays a small part.
        """
        pause = SAVE_SECONDS
        while True:
            await asyncio.sleep(pause)
            began = monotonic()
            await asyncio.to_thread(self.save)
            pause = max(SAVE_SECONDS, SAVE_SHARE * (monotonic() - began))
