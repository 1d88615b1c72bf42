"""Live news for desks: a stream of the table `desk_event`, replayed from where a page left off.

The table is the truth. The bell only shortens the wait; without it each stream looks once a second.
Events of concurrent transactions may become visible out of order of their ids, so every look also
covers the last seconds and leaves out what was sent; a page hears such an event late, never not.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

import structlog
from flask import Blueprint, Response, current_app, request
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calltaker.doorway import DeskDoor, Wakeup
from calltaker.errors import TooManyError
from calltaker.staff import sessions
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from calltaker.staff.sessions import SignedIn
from ivr.runtime import Runtime
from models.effects import DeskEvent

LOOK_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 5.0
LATE = timedelta(seconds=5)
BATCH = 500
OF_ONE_PERSON = 4
OF_THE_PROCESS = 100
RETRY_SECONDS = 5
RECONNECT_MS = 1500

log = structlog.get_logger(__name__)

push = Blueprint("push", __name__)


class Streams:
    """The open streams of this process: counted, capped, and told to stop."""

    def __init__(self, runtime: Runtime, wakeup: Wakeup | None) -> None:
        self.runtime = runtime
        self.stopping = threading.Event()
        self._wakeup = wakeup
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def wait(self, seconds: float) -> None:
        """Wait for the bell, at most so long."""
        if self._wakeup is None:
            self.stopping.wait(seconds)
        else:
            self._wakeup.wait(seconds)

    def enter(self, staff_id: str) -> None:
        """Count a stream in.

        Raises:
            TooManyError: the person or the process has as many as it may.
        """
        with self._lock:
            if self._open[staff_id] >= OF_ONE_PERSON or self._open.total() >= OF_THE_PROCESS:
                raise TooManyError(
                    "Too many pages are open.", "Close other desk pages.", RETRY_SECONDS, status=503
                )
            self._open[staff_id] += 1

    def leave(self, staff_id: str) -> None:
        """Count a stream out."""
        with self._lock:
            self._open[staff_id] -= 1
            if self._open[staff_id] <= 0:
                del self._open[staff_id]


def streams_of(door: DeskDoor) -> Streams:
    """Make the streams of an application."""
    return Streams(door.runtime, door.wakeup)


@push.get("/events")
@allowed(Permission.OPEN_DESK)
def events() -> Response:
    """The stream of one page, from the event after `Last-Event-ID` or `after`."""
    streams, person = cast(Streams, current_app.extensions["event_streams"]), signed_in()
    streams.enter(person.staff_id)
    answer = Response(_Stream(streams, person, _after()), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


class _Stream:
    """The body of one stream. Closing it, at any moment, counts it out exactly once."""

    def __init__(self, streams: Streams, person: SignedIn, after: int) -> None:
        self._lines = follow(streams, person, after)
        self._leave: Callable[[], None] | None = lambda: streams.leave(person.staff_id)

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def close(self) -> None:
        """Called by the server when the page has gone or the stream has ended."""
        leave, self._leave = self._leave, None
        self._lines.close()
        if leave:
            leave()


def follow(
    streams: Streams, person: SignedIn, after: int, clock: Callable[[], float] = time.monotonic
) -> Generator[str, None, None]:
    """Give the stream's text bit by bit until the person is signed out or the process stops.

    While the database cannot be read nothing is sent, not even a sign of life: the page then says
    that it is not live. The stream ends after a while, and the page comes back by itself.
    """
    position, sent = after, _Sent()
    quiet_since = clock()
    yield f"retry: {RECONNECT_MS}\n\n"
    while not streams.stopping.is_set() and clock() - quiet_since < 3 * KEEP_ALIVE_SECONDS:
        try:
            with _reading(streams) as session:
                news = sent.fresh(_look(session, person.staff_id, position, streams.runtime))
        except SQLAlchemyError as away:
            log.warning("events_unread", error=type(away).__name__)
            streams.stopping.wait(LOOK_SECONDS)
            continue
        for event in news:
            position = max(position, event.id)
            yield _written(event, position)
            quiet_since = clock()
        if clock() - quiet_since >= KEEP_ALIVE_SECONDS:
            if not _still_signed_in(streams, person):
                return
            quiet_since = clock()
            yield ": keep-alive\n\n"
        if len(news) < BATCH:
            streams.wait(LOOK_SECONDS)


class _Sent:
    """The ids sent in the last seconds, so that a look back sends nothing twice."""

    def __init__(self) -> None:
        self._ids: dict[int, None] = {}

    def fresh(self, found: list[DeskEvent]) -> list[DeskEvent]:
        """Leave out what was sent, and remember the rest."""
        new = [event for event in found if event.id not in self._ids]
        self._ids.update((event.id, None) for event in new)
        for old in list(self._ids)[: -4 * BATCH]:
            del self._ids[old]
        return new


@contextmanager
def _reading(streams: Streams) -> Iterator[Session]:
    with streams.runtime.reading() as session:
        yield session
        session.expunge_all()


def _look(session: Session, staff_id: str, after: int, runtime: Runtime) -> list[DeskEvent]:
    late = and_(DeskEvent.id > after - BATCH, DeskEvent.at > runtime.clock() - LATE)
    mine = or_(DeskEvent.staff_id.is_(None), DeskEvent.staff_id == staff_id)
    return list(
        session.scalars(
            select(DeskEvent)
            .where(or_(DeskEvent.id > after, late), mine)
            .order_by(DeskEvent.id)
            .limit(2 * BATCH)
        )
    )


def _still_signed_in(streams: Streams, person: SignedIn) -> bool:
    with streams.runtime.reading() as session:
        return sessions.still_open(session, person.session_id)


def _written(event: DeskEvent, position: int) -> str:
    """Write one event; `id` never goes back, whatever order events became visible in."""
    told = {**event.data, "call_id": event.call_id, "staff_id": event.staff_id}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position}\nevent: {event.kind}\ndata: {data}\n\n"


def _after() -> int:
    for text in (request.headers.get("Last-Event-ID"), request.args.get("after")):
        if text and text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    return 0
