"""Live news for desks: a stream of the table `desk_event`, replayed from where a page left off.

A stream first reads what it has missed from the table, then follows the process's hub
(`calltaker.desk.event_hub`), which reads what is new once for all of them.
"""

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from threading import Event, Lock
from typing import cast

import structlog
from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from calltaker.desk.event_hub import BATCH, LOOK_SECONDS, Hub, Listener, News, Told
from calltaker.doorway import DeskDoor
from calltaker.errors import TooManyError
from calltaker.staff import sessions
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from calltaker.staff.sessions import SignedIn
from ivr.runtime import Runtime

KEEP_ALIVE_SECONDS = 5.0
OF_ONE_PERSON = 4
BESIDE_CALLERS = 100
"""Open streams of a process that also answers callers: they must never lack a thread."""
ALONE = 280
"""Open streams of a process that does nothing else; below its threads."""
RETRY_SECONDS = 5
RECONNECT_MS = 1500

log = structlog.get_logger(__name__)

push = Blueprint("push", __name__)


class Streams:
    """The open streams of this process: counted, capped at `most`, and told to stop."""

    def __init__(self, runtime: Runtime, hub: Hub, most: int = BESIDE_CALLERS) -> None:
        self.runtime = runtime
        self.hub = hub
        self._most = most
        self._open: Counter[str] = Counter()
        self._lock = Lock()

    @property
    def stopping(self) -> Event:
        """Set when the process ends."""
        return self.hub.stopping

    def enter(self, staff_id: str) -> None:
        """Count a stream in.

        Raises:
            TooManyError: the person or the process has as many as it may.
        """
        with self._lock:
            if self._open[staff_id] >= OF_ONE_PERSON or self._open.total() >= self._most:
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


def streams_of(door: DeskDoor, *, push_only: bool) -> Streams:
    """Make the streams of an application."""
    hub = Hub(door.runtime, door.wakeup)
    return Streams(door.runtime, hub, ALONE if push_only else BESIDE_CALLERS)


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
    position, told, misses = after, Told(), True
    alive_at = clock()
    yield f"retry: {RECONNECT_MS}\n\n"
    with streams.hub.listening() as listener:
        while _goes_on(streams, listener, clock() - alive_at):
            try:
                if clock() - alive_at >= KEEP_ALIVE_SECONDS:
                    if not _still_signed_in(streams, person):
                        return
                    alive_at = clock()
                    yield ": keep-alive\n\n"
                if misses:
                    found = streams.hub.catch_up(person.staff_id, position)
                    misses = len(found) >= BATCH
                else:
                    found = streams.hub.hear(listener, LOOK_SECONDS)
            except SQLAlchemyError as away:
                log.warning("events_unread", error=type(away).__name__)
                streams.stopping.wait(LOOK_SECONDS)
                continue
            news = told.fresh([one for one in found if one.is_for(person.staff_id)])
            if news:
                yield "".join(_written(news, position))
                position = max(position, *(one.id for one in news))


def _goes_on(streams: Streams, listener: Listener, silent_seconds: float) -> bool:
    """A stream that was not signed for, or that takes nothing, ends; its page comes back and replays."""
    too_silent = silent_seconds >= 3 * KEEP_ALIVE_SECONDS
    return not (streams.stopping.is_set() or listener.is_lost or too_silent)


def _still_signed_in(streams: Streams, person: SignedIn) -> bool:
    with streams.runtime.reading() as session:
        return sessions.still_open(session, person.session_id)


def _written(news: list[News], position: int) -> Iterator[str]:
    """Write events; `id` never goes back, whatever order they became visible in."""
    for one in news:
        position = max(position, one.id)
        yield f"id: {position}\n{one.text}"


def _after() -> int:
    for text in (request.headers.get("Last-Event-ID"), request.args.get("after")):
        if text and text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    return 0
