"""The calls that were recorded on the live version of a protocol, run again on another text.

For whoever approves: which calls would end otherwise, and which went to 911 and would not. A version
that waits for its time is run again when that comes: calls went on meanwhile. What callers answered
is opened here and leaves as determinants alone. Never commits.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from calltaker.authoring import chosen, orders, protocol_document, protocol_gate
from calltaker.authoring.errors import ReplayMovedError, UnusableError
from calltaker.authoring.examined import Examined
from calltaker.authoring.history import Subject
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from calltaker.intake.answers import as_answer
from ivr.runtime import Runtime
from models import publications
from models.intake import ANSWER_VALUE, ProtocolAnswer, ProtocolSession
from models.personal import Keyring, PersonalError
from models.publication import Publication
from protocols import loading
from protocols.conditions import Answer
from protocols.errors import ProtocolError
from protocols.replay import Outcome, Replay, Replayed, replay
from protocols.script import Protocol

MOST = 10_000
"""Sessions that are run, the newest."""
LOST = "R01"
"""The finding, and its id: the approver has seen how many, and accepts it at that moment alone."""
SHOWN = 500
"""Changed calls that are listed; the counts are of all."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One session as it was recorded: every answer, also those off the path; the last one counts."""

    session_id: str
    call_id: str
    at: datetime
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of running the recorded calls of `version` on another text, in `seconds`.

    `unopened` more were recorded whose answers cannot be opened any more.
    """

    version: int
    recorded: Sequence[Recorded]
    outcome: Replay
    seconds: float
    unopened: int = 0

    @property
    def changed(self) -> int:
        """How many calls come to something else."""
        return len(self.outcome.changed)

    @property
    def lost_911(self) -> int:
        """How many calls went to 911 and would not."""
        return len(self.outcome.lost_911)

    @property
    def lost_in_words(self) -> str:
        """How many of how many calls 911 would lose."""
        count, sessions = self.lost_911, self.outcome.sessions
        return f"{count} of {sessions} recorded calls went to 911 and would not"

    def as_json(self) -> dict[str, Any]:
        """For a page."""
        known = {one.session_id: one for one in self.recorded}
        shown = self.outcome.changed[:SHOWN]
        moments = [one.at for one in self.recorded]
        return {
            "from_version": self.version,
            "sessions": self.outcome.sessions,
            "changed": self.changed,
            "lost_911": self.lost_911,
            "gained_911": len(self.outcome.gained_911),
            "illegal": len(self.outcome.illegal),
            "skipped": len(self.outcome.skipped),
            "unopened": self.unopened,
            "seconds": round(self.seconds, 3),
            "newest_at": max(moments).isoformat() if moments else None,
            "oldest_at": min(moments).isoformat() if moments else None,
            "calls": [self._call(one, known[one.session_id]) for one in shown],
            "left_out": self.changed - len(shown),
        }

    def _call(self, one: Replayed, recorded: Recorded) -> dict[str, Any]:
        return {
            "call_id": recorded.call_id,
            "session_id": recorded.session_id,
            "version": self.version,
            "at": recorded.at.isoformat(),
            "old": _outcome(one.old),
            "new": _outcome(one.new),
            "lost_911": one.lost_911,
            "gained_911": one.gained_911,
            "illegal": list(one.illegal),
        }


def recorded(session: Session, keyring: Keyring, publication_id: str) -> tuple[list[Recorded], int]:
    """Open the newest sessions that ran on one version, the newest first; and how many do not open."""
    newest = (
        select(ProtocolSession.id, ProtocolSession.call_id, ProtocolSession.started_at)
        .where(ProtocolSession.publication_id == publication_id)
        .order_by(ProtocolSession.started_at.desc(), ProtocolSession.id)
        .limit(MOST)
    )
    within = newest.subquery()
    rows = session.execute(
        select(
            ProtocolAnswer.session_id,
            ProtocolAnswer.question,
            ProtocolAnswer.answer_id,
            ProtocolAnswer.value,
        )
        .join(within, within.c.id == ProtocolAnswer.session_id)
        .order_by(ProtocolAnswer.id)
    )
    answers, unopened = _answers(rows, keyring)
    known = [
        Recorded(session_id, call_id, at, answers[session_id])
        for session_id, call_id, at in session.execute(newest)
        if session_id in answers
    ]
    return known, unopened


def compare(subject: Subject, text: str) -> Compared:
    """Run the recorded calls of the live version on a text.

    Raises:
        NotFoundError: nothing is live, or it cannot be read any more.
        GateError: the text is no protocol; every mistake is named.
    """
    live, new = chosen.live(subject), readable(text, subject.key)
    old = protocol_document.loaded(live.document, subject.key)
    if old is None:
        raise NotFoundError(
            "The live version cannot be read any more, so its calls cannot be played again.",
            "Publish one that can: there is nothing to compare it with.",
        )
    return _compared(door().runtime, live, old, new)


def when_it_comes_live(runtime: Runtime, version: Publication) -> Compared | None:
    """Run the calls recorded until now on a version whose time has come.

    None where nothing is live that it could be compared with.
    """
    with runtime.reading() as session:
        live = publications.live(session, version.kind, version.key)
    old = protocol_document.loaded(live.document, version.key) if live else None
    new = protocol_document.loaded(version.document, version.key)
    if live is None or old is None or new is None:
        return None
    return _compared(runtime, live, old, new)


def accepted_losses(accepted: Iterable[Mapping[str, Any]] | None) -> int:
    """How many calls that went to 911 and would not the approver has accepted by name."""
    return sum(row.get("count", 0) for row in accepted or () if row["code"] == LOST)


def readable(text: str, name: str) -> Protocol:
    """The protocol that a text is.

    Raises:
        GateError: it is none; every mistake is named with its line.
    """
    try:
        return loading.load(text, name)
    except ProtocolError as refused:
        protocol_gate.refusal(refused).require()
        raise


def with_recorded_calls(
    subject: Subject, text: str, examined: Examined, sent: Mapping[str, Any]
) -> Examined:
    """What was found in a proposal, and what the recorded calls have against it: asked at approval.

    A call that went to 911 and would not is a warning that the approver has to accept by name.

    Raises:
        ReplayMovedError: more calls change than the approver saw, or were not looked at.
    """
    with door().runtime.reading() as session:
        live = publications.live(session, subject.kind, subject.key)
    if live is None or protocol_document.loaded(live.document) is None:
        return examined
    compared = compare(subject, text)
    if _has_moved(compared, sent.get("replay")):
        raise ReplayMovedError(compared.as_json())
    if not compared.lost_911:
        return examined
    return replace(examined, findings=[*examined.findings, _lost(compared)])


def _lost(compared: Compared) -> Mapping[str, Any]:
    mend = "look at each of them; accept this with a reason, or decline the proposal"
    warning = protocol_gate.warned(LOST, "recorded calls", compared.lost_in_words, mend)
    return {**warning, "id": LOST, "count": compared.lost_911}


def _has_moved(compared: Compared, seen: object) -> bool:
    """Whether the approver saw less than there is; calls go on while somebody reads."""
    if not isinstance(seen, Mapping):
        return True
    changed, lost = (_count(seen.get(name)) for name in ("changed", "lost_911"))
    return compared.changed > changed or compared.lost_911 > lost


def _count(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise UnusableError("The order lacks what the replay said.", orders.AGAIN)
    return given


def _compared(runtime: Runtime, live: Publication, old: Protocol, new: Protocol) -> Compared:
    began = time.perf_counter()
    with runtime.reading() as session:
        calls, unopened = recorded(session, runtime.keyring, live.id)
    if unopened:
        log.error("recorded_calls_unopened", publication=live.id, count=unopened)
    outcome = replay(old, new, ((one.session_id, one.answers) for one in calls))
    return Compared(live.version, calls, outcome, time.perf_counter() - began, unopened)


def _answers(
    rows: Iterable[Row[str, str, str, bytes]], keyring: Keyring
) -> tuple[dict[str, dict[str, Answer]], int]:
    """The last answer to each question, by session; earlier ones are not even opened.

    A session with an answer whose key is lost, or that is damaged, is left out and counted.
    """
    newest: dict[str, dict[str, tuple[str, bytes]]] = {}
    for session_id, question, answer_id, value in rows:
        newest.setdefault(session_id, {})[question] = (answer_id, value)
    opened: dict[str, dict[str, Answer]] = {}
    for session_id, given in newest.items():
        with suppress(PersonalError):
            opened[session_id] = {
                question: as_answer(json.loads(keyring.unseal(ANSWER_VALUE, *sealed)))
                for question, sealed in given.items()
            }
    return opened, len(newest) - len(opened)


def _outcome(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.determinant is None:
        return None
    level = outcome.level.value if outcome.level else None
    return {
        "determinant": outcome.determinant,
        "level": level,
        "emergency": outcome.emergency,
    }
