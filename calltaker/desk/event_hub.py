"""The live news of one process: read from `desk_event` once, and handed to every open stream.

The table is the truth. The bell only shortens the wait; without it the hub looks once a second. Events of
concurrent transactions may become visible out of order of their ids, so every look also covers the
last seconds and leaves out what was told; a stream hears such an event late, never not. A hub with
no listener reads nothing. It knows no person's rights beyond whose news an event is, and no HTTP.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calltaker.doorway import Wakeup
from ivr.runtime import Runtime
from models.effects import DeskEvent

LOOK_SECONDS = 1.0
LATE = timedelta(seconds=5)
BATCH = 500
MOST_UNHEARD = 1000
"""Looks that a stream may be behind; a page that takes nothing more comes back by itself and replays."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """One event, written once for all streams. `staff_id` None: for every desk."""

    id: int
    staff_id: str | None
    text: str

    def is_for(self, staff_id: str) -> bool:
        """Say whether this person hears it."""
        return self.staff_id is None or self.staff_id == staff_id


class Told:
    """The ids told in the last seconds, so that a look back tells nothing twice."""

    def __init__(self) -> None:
        self._ids: dict[int, None] = {}

    def fresh(self, found: list[News]) -> list[News]:
        """Leave out what was told, and remember the rest."""
        new = [news for news in found if news.id not in self._ids]
        self._ids.update((news.id, None) for news in new)
        for old in list(self._ids)[: -4 * BATCH]:
            del self._ids[old]
        return new


@dataclass(eq=False, slots=True)
class Listener:
    """One stream's end. `is_lost`: it took nothing for so long that it is told nothing more."""

    heard: SimpleQueue[list[News]] = field(default_factory=SimpleQueue)
    is_lost: bool = False

    def tell(self, news: list[News]) -> None:
        """Hand over what is new, unless this end has stopped taking."""
        self.is_lost = self.is_lost or self.heard.qsize() >= MOST_UNHEARD
        if not self.is_lost:
            self.heard.put(news)


class Hub:
    """One reader for all streams of a process; it reads as long as somebody listens."""

    def __init__(self, runtime: Runtime, wakeup: Wakeup | None) -> None:
        self.stopping = threading.Event()
        self._runtime = runtime
        self._wakeup = wakeup
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._position: int | None = None
        self._told = Told()

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Hear everything that becomes visible from now on."""
        listener = Listener()
        with self._lock:
            self._listeners.add(listener)
            self._begin()
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def hear(self, listener: Listener, seconds: float) -> list[News]:
        """Wait for news, at most so long; everything that is there at once comes together."""
        news: list[News] = []
        try:
            news += listener.heard.get(timeout=seconds)
            while True:
                news += listener.heard.get_nowait()
        except Empty:
            return news

    def catch_up(self, staff_id: str, after: int) -> list[News]:
        """Everything of one person after an event, at most `2 * BATCH` at a time, from the table.

        Raises:
            SQLAlchemyError: the table cannot be read now.
        """
        mine = or_(DeskEvent.staff_id.is_(None), DeskEvent.staff_id == staff_id)
        with self._runtime.reading() as session:
            return _look(session, after, self._runtime.clock(), mine)

    def look(self) -> bool:
        """Tell every listener what is new; True when there was so much that more may be there.

        Raises:
            SQLAlchemyError: the table cannot be read now.
        """
        with self._runtime.reading() as session:
            if self._position is None:
                self._position = session.scalar(select(func.max(DeskEvent.id))) or 0
            found = _look(session, self._position, self._runtime.clock())
        news = self._told.fresh(found)
        self._position = max((self._position, *(each.id for each in news)))
        if news:
            with self._lock:
                listeners = tuple(self._listeners)
            for listener in listeners:
                listener.tell(news)
        return len(news) >= BATCH

    def _begin(self) -> None:
        """Start the reader, which has ended when the last one stopped listening."""
        if self._reader is None:
            self._reader = threading.Thread(target=self._read_on, name="event hub", daemon=True)
            self._reader.start()

    def _read_on(self) -> None:
        while not self._is_over():
            try:
                if self.look():
                    continue
            except SQLAlchemyError as away:
                log.warning("events_unread", error=type(away).__name__)
                self.stopping.wait(LOOK_SECONDS)
                continue
            self._wait()

    def _is_over(self) -> bool:
        with self._lock:
            if self._listeners and not self.stopping.is_set():
                return False
            self._reader = None
            return True

    def _wait(self) -> None:
        if self._wakeup is None:
            self.stopping.wait(LOOK_SECONDS)
        else:
            self._wakeup.wait(LOOK_SECONDS)


def _look(session: Session, after: int, now: datetime, *whose: ColumnElement[bool]) -> list[News]:
    late = and_(DeskEvent.id > after - BATCH, DeskEvent.at > now - LATE)
    found = session.execute(
        select(DeskEvent.id, DeskEvent.staff_id, DeskEvent.call_id, DeskEvent.kind, DeskEvent.data)
        .where(or_(DeskEvent.id > after, late), *whose)
        .order_by(DeskEvent.id)
        .limit(2 * BATCH)
    )
    return [
        News(row.id, row.staff_id, _written(row.kind, {**row.data, **_ids(row)})) for row in found
    ]


def _ids(row: Row[Any]) -> dict[str, str | None]:
    return {"call_id": row.call_id, "staff_id": row.staff_id}


def _written(kind: str, told: Mapping[str, Any]) -> str:
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"event: {kind}\ndata: {data}\n\n"
