"""What every party heard and did, and when: the record that a rehearsal is judged by.

Keeps entries in order, tells subscribers of each, and can write itself to a file. Knows no call.
"""

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

SAVE_SECONDS = 1.0
OPENS, CLOSES = b'{"entries": [', b"]}"


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
        self._saving = threading.Lock()

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
        """Add to the file what is new; begin it anew at the first time.

        Only what is new is written: a day of calls written again each second would hold everybody up.
        """
        with self._saving:
            self._save_new()

    def _save_new(self) -> None:
        if self._file is None or self._written == len(self._entries):
            return
        new = self._entries[self._written :]
        rows = [json.dumps(entry.as_json(), ensure_ascii=False).encode() for entry in new]
        begins = not self._written
        with self._file.open("wb" if begins else "r+b") as file:
            if not begins:
                file.seek(-len(CLOSES), os.SEEK_END)
            file.write((OPENS if begins else b", ") + b", ".join(rows) + CLOSES)
        self._written += len(new)

    async def keep_saving(self) -> None:
        """Save about once a second until cancelled; written in a thread, so calls do not wait for the disk."""
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await asyncio.to_thread(self.save)
