"""How callers went through the live version: who took which way, pressed 0, hung up, and where.

Counted from the journals of the calls that began with it; nothing personal is read. A call counts
once a node and once a way, however often it went there. Knows no page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.call import Call
from models.journal import JournalEntry
from models.states import CallOutcome

MOST_CALLS = 20_000
"""The newest calls of the time that are counted: a bound for a city's busiest month."""
_BATCH = 400
_SPOKE, _HEARD = "line_spoke", "caller_input"
_LISTENS = "Listen"


@dataclass(slots=True)
class Counts:
    """Calls by node and by way; a way is (from, to)."""

    callers: int = 0
    entered: Counter[str] = field(default_factory=Counter)
    ways: Counter[tuple[str, str]] = field(default_factory=Counter)
    to_person: Counter[str] = field(default_factory=Counter)
    hung_up: Counter[str] = field(default_factory=Counter)

    def as_json(self, now: datetime) -> dict[str, Any]:
        """For the editor's page. `newest_only`: there were more calls than are counted."""
        return {
            "as_of": now.isoformat(),
            "callers": self.callers,
            "newest_only": self.callers >= MOST_CALLS,
            "nodes": {
                node: {
                    "callers": self.entered[node],
                    "to_person": self.to_person[node],
                    "hung_up": self.hung_up[node],
                }
                for node in self.entered
            },
            "edges": [
                {"from": begin, "to": end, "callers": callers}
                for (begin, end), callers in self.ways.items()
            ],
        }


@dataclass(slots=True)
class _Way:
    """One call's way through the menu."""

    path: list[str] = field(default_factory=list)
    pressed_0: set[str] = field(default_factory=set)
    was_listening: bool = False


def count(session: Session, publication_id: str, days: int, now: datetime) -> Counts:
    """Count the calls of the last `days` that began with a version."""
    counts = Counts()
    calls = session.execute(
        select(Call.id, Call.outcome)
        .where(
            Call.menu_publication_id == publication_id,
            Call.started_at >= now - timedelta(days=days),
        )
        .order_by(Call.started_at.desc())
        .limit(MOST_CALLS)
    ).all()
    for begin in range(0, len(calls), _BATCH):
        batch = dict((row.id, row.outcome) for row in calls[begin : begin + _BATCH])  # noqa: C402 - rows
        for call_id, way in _ways(session, list(batch)):
            _add(counts, way, hung_up=batch[call_id] is CallOutcome.ABANDONED)
    return counts


def _ways(session: Session, call_ids: Sequence[str]) -> Iterator[tuple[str, _Way]]:
    rows = session.execute(
        select(JournalEntry.call_id, JournalEntry.kind, JournalEntry.data)
        .where(JournalEntry.call_id.in_(call_ids), JournalEntry.kind.in_((_SPOKE, _HEARD)))
        .order_by(JournalEntry.id)
    )
    ways: dict[str, _Way] = {call_id: _Way() for call_id in call_ids}
    for row in rows:
        _read(ways[row.call_id], row.kind, row.data)
    yield from ways.items()


def _read(way: _Way, kind: str, data: dict[str, Any]) -> None:
    if kind == _HEARD:
        if data.get("keys") == "0":
            way.pressed_0.add(str(data.get("node", "")))
        return
    way.path.extend(str(node) for node in data.get("path") or ())
    way.was_listening = data.get("action") == _LISTENS


def _add(counts: Counts, way: _Way, *, hung_up: bool) -> None:
    counts.callers += 1
    counts.entered.update(set(way.path))
    counts.ways.update({step for step in pairwise(way.path) if step[0] != step[1]})
    counts.to_person.update(way.pressed_0)
    if hung_up and way.was_listening and way.path:
        counts.hung_up[way.path[-1]] += 1
