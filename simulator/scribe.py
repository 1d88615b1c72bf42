"""Writes down what happens to a leg, and what its party hears, in the journal and on the leg.

The only place where the two are kept together, so what a test reads of a call is what the live
feed showed. Knows no exchange.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.journal import Entry, Journal, Kind
from simulator.legs import Asked, Heard, Leg, What


class Scribe:
    """The pen over one journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def note(self, leg: Leg | None, kind: Kind, data: Mapping[str, Any] | None = None) -> None:
        """Write what happened to a leg, or to nobody in particular."""
        self._write(datetime.now(UTC), leg, kind, data or {})

    def note_message(self, from_: str, to: str, data: Mapping[str, Any]) -> None:
        """Write that a text message went from number to number."""
        entry = Entry(datetime.now(UTC), 0.0, None, None, (from_, to), Kind.MESSAGE, data)
        self.journal.write(entry)

    def heard(
        self,
        leg: Leg,
        what: What,
        text: str | None = None,
        *,
        language: str | None = None,
        voice: str | None = None,
        speaker: str | None = None,
    ) -> None:
        """Write what a leg's party hears from now on, and tell its softphone."""
        heard = Heard(datetime.now(UTC), leg.seconds(), what, text, language, voice, speaker)
        leg.heard.append(heard)
        self._write(heard.at, leg, Kind.HEARD, heard.as_json())
        if leg.softphone is not None:
            leg.softphone.heard(leg, heard)

    def asked(self, leg: Leg, asked: Asked, digest: str | None = None) -> None:
        """Write that a leg's application was asked for a document."""
        leg.documents.append(asked)
        kind = Kind.WEBHOOK if asked.error is None else Kind.WEBHOOK_FAILED
        self.note(leg, kind, {**asked.as_json(), "body_sha256": digest})

    def _write(self, at: datetime, leg: Leg | None, kind: Kind, data: Mapping[str, Any]) -> None:
        if leg is None:
            self.journal.write(Entry(at, 0.0, None, None, (), kind, data))
            return
        numbers = (leg.from_, leg.to)
        self.journal.write(Entry(at, leg.seconds(), leg.sid, leg.party, numbers, kind, data))
