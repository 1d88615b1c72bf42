"""What the city has published, as the line uses it: compiled, in memory, at most 2 s old.

One refresher a process asks the database which versions are live, compiles those that are new, and
swaps all of it at once. No caller waits for it. When the database is away, or what is live cannot
be compiled, the last good goes on serving and the log says so; before anything was read, hours and
911's destinations are the city pack's own. Calls in progress keep the version they began with.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calltaker.authoring import announcements, documents
from calltaker.authoring.announcements import Announcement
from calltaker.authoring.trials import LASTS
from calltaker.handoff import agencies
from calltaker.handoff.agencies import Agencies
from config.as_published import Current, Numbers
from config.directory import Destinations, read_destinations
from config.holidays import hours_of
from ivr.errors import TelephoneError, UnknownCallError
from ivr.rules import emergency, hours
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.hours import Hours, Opening
from ivr.rules.menu import Graph, compile_graph
from ivr.rules.menu_nodes import Text, Words
from ivr.rules.phrases import compile_phrases
from models import publications
from models.database import Sessions, reading
from models.menu_parts import MenuSwitch
from models.publication import Publication
from models.states import Language, PublicationKind, PublicationState

MENU_KEY = "menu"
FRESH_SECONDS = 2.0
_KEPT_GRAPHS = 64
_EARLIER = 5
_KINDS = (
    PublicationKind.MENU,
    PublicationKind.HOURS,
    PublicationKind.DESTINATIONS,
    PublicationKind.ANNOUNCEMENT,
    PublicationKind.AGENCIES,
    PublicationKind.PHRASES,
)

log = structlog.get_logger(__name__)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Row:
    """One version that is live or on trial, without its text."""

    id: str
    kind: PublicationKind
    key: str
    state: PublicationState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything published, compiled. Never changed: a new one takes its place."""

    hours: Hours
    destinations: Destinations
    menu: tuple[str, Graph] | None = None
    trial: tuple[str, Graph, datetime] | None = None
    announcements: tuple[Announcement, ...] = ()
    switches: Mapping[str, bool] = field(default_factory=dict)
    agencies: Agencies | None = None
    signs: emergency.Signs | None = None
    """The city pack's signs of danger, with the published phrases laid over them."""


class Published:
    """The city's live documents: menus for new calls and pinned ones, hours, whom to dial."""

    def __init__(
        self,
        sessions: Sessions,
        start: Snapshot,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Begin with the city pack's own hours, destinations and signs."""
        self._sessions = sessions
        self._clock = clock
        self._now = start
        self._signs = start.signs
        self._compiled: dict[str, Any] = {}
        self._graphs: OrderedDict[str, Graph] = OrderedDict()
        self._broken: set[str] = set()
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._process = 0
        self._stopping = threading.Event()
        self._looked_at = float("-inf")
        self._year = 0

    # What the line asks.

    def live(self) -> tuple[str, Graph]:
        """Publication id and graph that a new call begins with.

        Raises:
            UnknownCallError: nothing was ever published or read (the door speaks the safe menu).
        """
        if self._now.menu is None and time.monotonic() - self._looked_at >= FRESH_SECONDS:
            self.refresh()
        if self._now.menu is None:
            raise UnknownCallError("no menu is published: run ./run migrate")
        return self._now.menu

    def pinned(self, publication_id: str) -> Graph:
        """The graph that a call began with, published or on trial."""
        with self._lock:
            graph = self._graphs.get(publication_id)
            if graph is not None:
                self._graphs.move_to_end(publication_id)
                return graph
        with reading(self._sessions) as session:
            found = publications.by_id(session, publication_id)
        if found is None or found.kind is not PublicationKind.MENU:
            raise UnknownCallError(f"menu version {publication_id} is not there")
        return self._keep(publication_id, compile_graph(documents.read(found.document)))

    def trial(self) -> tuple[str, Graph] | None:
        """Id and graph of the draft that is being tried by telephone; None when there is none."""
        tried = self._now.trial
        if tried is None or self._clock() >= tried[2]:
            return None
        return tried[:2]

    def opening(self, line: str, now: datetime) -> Opening:
        """Whether a line is open, and when it opens next."""
        return hours.opening(self._now.hours, line, now)

    def emergency(self, text: str, language: Language) -> EmergencyReading:
        """Read words for an emergency, with the phrases that are live at this moment."""
        signs = self._now.signs
        return emergency.read(text, language, signs) if signs else EmergencyReading()

    def switch(self, key: str) -> bool:
        """Whether a supervisor has set a switch."""
        return self._now.switches.get(key, False)

    def announcements(self, now: datetime) -> tuple[Text, ...]:
        """What is announced at a moment."""
        on = (one for one in self._now.announcements if one.is_on(now))
        return tuple({lang: Words(words) for lang, words in one.text.items()} for one in on)

    @property
    def snapshot(self) -> Snapshot:
        """All of it, as it is now."""
        return self._now

    def answering_points(self) -> Current[Sequence[Any]]:
        """911's destinations by jurisdiction: a map that is always as published."""
        return Current(lambda: self._now.destinations.answering_points)

    def directory(self) -> Current[Any]:
        """The directory: a map that is always as published."""
        return Current(lambda: self._now.destinations.directory)

    def trunks(self) -> Current[str]:
        """Our numbers that only 911 rings, with the key of its agency: always as published."""
        return Current(
            lambda: {
                number: agency.key
                for agency in (self._now.agencies.agencies if self._now.agencies else {}).values()
                for number in agency.trunks
            }
        )

    def numbers(self, always: Container[str] = ()) -> Numbers:
        """Every number that was approved, and those of `always`: as published at each moment."""
        return Numbers(lambda: self._now.destinations.numbers(), always)

    # How it stays fresh.

    def start(self) -> None:
        """Begin to look every two seconds, once in a process."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        threading.Thread(target=self._go_on, name="published", daemon=True).start()

    def stop(self) -> None:
        """Look no more; what was read goes on serving."""
        self._stopping.set()

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            self.refresh()
            self._stopping.wait(max(0.05, FRESH_SECONDS - (time.monotonic() - began)))

    def refresh(self) -> None:
        """Look once. Whatever is wrong, what was good stays."""
        with self._refreshing:
            self._looked_at = time.monotonic()
            try:
                self._look()
            except SQLAlchemyError as away:
                log.warning("published_unread", error=type(away).__name__)
            except Exception:
                log.exception("published_not_refreshed")

    def _look(self) -> None:
        now = self._clock()
        if now.year != self._year:  # holidays are known two years ahead: read them anew
            self._year, self._compiled = now.year, {}
        with reading(self._sessions) as session:
            rows = _rows(session, now)
            switches = {row.key: row.is_on for row in session.scalars(select(MenuSwitch))}
            for row in rows:
                self._compile(session, row, now)
            menu = self._live_menu(session, rows)
        self._now = replace(
            self._now,
            menu=menu,
            trial=self._trial(rows),
            hours=self._only(rows, PublicationKind.HOURS, self._now.hours),
            destinations=self._only(rows, PublicationKind.DESTINATIONS, self._now.destinations),
            agencies=self._only(rows, PublicationKind.AGENCIES, self._now.agencies),
            signs=self._only(rows, PublicationKind.PHRASES, self._now.signs),
            announcements=self._announced(rows),
            switches=switches,
        )
        self._forget(rows)

    def _compile(self, session: Session, row: Row, now: datetime) -> None:
        """Compile a version that is new; one that cannot be is told once and passed over."""
        if row.id in self._broken or row.id in self._compiled or row.id in self._graphs:
            return
        found = session.get(Publication, row.id)
        if found is None:
            return
        try:
            value = self._value(row.kind, found.document, now)
        except (TelephoneError, documents.UnreadableError, ValueError) as wrong:
            self._broken.add(row.id)
            log.error(
                "published_document_unusable",
                kind=row.kind.value,
                key=row.key,
                version=found.version,
                error=type(wrong).__name__,
                mistakes=list(getattr(wrong, "mistakes", ()))[:20],
            )
            return
        if row.kind is PublicationKind.MENU:
            self._keep(row.id, value)
        else:
            self._compiled[row.id] = value

    def _value(self, kind: PublicationKind, text: str, now: datetime) -> Any:
        if kind is PublicationKind.PHRASES and self._signs is not None:
            return compile_phrases(documents.read(text), self._signs)
        return _compiled(kind, text, now)

    def _live_menu(self, session: Session, rows: Sequence[Row]) -> tuple[str, Graph] | None:
        """The live menu; the last good one, or the newest earlier one, where it cannot be used."""
        live = next((row for row in rows if _is_live_menu(row)), None)
        if live is None:
            return self._now.menu
        if live.id in self._graphs:
            return live.id, self._graphs[live.id]
        return self._now.menu or self._earlier(session)

    def _earlier(self, session: Session) -> tuple[str, Graph] | None:
        """For a process that starts on a menu that cannot be used: one that was live before it."""
        versions = session.scalars(
            select(Publication)
            .where(
                Publication.kind == PublicationKind.MENU,
                Publication.key == MENU_KEY,
                Publication.state == PublicationState.SUPERSEDED,
                Publication.version > 0,
            )
            .order_by(Publication.published_at.desc())
            .limit(_EARLIER)
        )
        for version in versions:
            try:
                graph = compile_graph(documents.read(version.document))
            except (TelephoneError, documents.UnreadableError):
                continue
            log.error("earlier_menu_serves", version=version.version)
            return version.id, self._keep(version.id, graph)
        return None

    def _trial(self, rows: Sequence[Row]) -> tuple[str, Graph, datetime] | None:
        tried = [row for row in rows if row.state is PublicationState.TRIAL]
        newest = max(tried, key=lambda row: row.created_at, default=None)
        if newest is None or newest.id not in self._graphs:
            return None
        return newest.id, self._graphs[newest.id], newest.created_at + LASTS

    def _only(self, rows: Sequence[Row], kind: PublicationKind, otherwise: Value) -> Value:
        """The one document of a kind, or what was good before it."""
        row = next((row for row in rows if row.kind is kind), None)
        return otherwise if row is None else self._compiled.get(row.id, otherwise)

    def _announced(self, rows: Sequence[Row]) -> tuple[Announcement, ...]:
        ids = (row.id for row in rows if row.kind is PublicationKind.ANNOUNCEMENT)
        found = (self._compiled[one] for one in ids if one in self._compiled)
        return tuple(sorted(found, key=lambda one: (one.starts, one.key)))

    def _keep(self, publication_id: str, graph: Graph) -> Graph:
        with self._lock:
            self._graphs[publication_id] = graph
            self._graphs.move_to_end(publication_id)
            live = self._now.menu
            while len(self._graphs) > _KEPT_GRAPHS:
                oldest = next(iter(self._graphs))
                if live is not None and oldest == live[0]:
                    self._graphs.move_to_end(oldest)
                    continue
                del self._graphs[oldest]
        return graph

    def _forget(self, rows: Sequence[Row]) -> None:
        known = {row.id for row in rows}
        self._compiled = {one: value for one, value in self._compiled.items() if one in known}
        self._broken &= known


def _rows(session: Session, now: datetime) -> list[Row]:
    """The one look: which versions are live or on trial."""
    found = session.execute(
        select(
            Publication.id,
            Publication.kind,
            Publication.key,
            Publication.state,
            Publication.created_at,
        ).where(
            Publication.kind.in_(_KINDS),
            or_(
                Publication.state == PublicationState.LIVE,
                (Publication.state == PublicationState.TRIAL)
                & (Publication.created_at > now - LASTS),
            ),
        )
    )
    return [Row(*row) for row in found]


def _is_live_menu(row: Row) -> bool:
    return (
        row.kind is PublicationKind.MENU
        and row.key == MENU_KEY
        and row.state is PublicationState.LIVE
    )


def _compiled(kind: PublicationKind, text: str, now: datetime) -> Any:
    document = documents.read(text)
    match kind:
        case PublicationKind.MENU:
            return compile_graph(document)
        case PublicationKind.HOURS:
            return hours_of(document, now.date())
        case PublicationKind.DESTINATIONS:
            return read_destinations(document)
        case PublicationKind.AGENCIES:
            return agencies.read(document)
        case _:
            return announcements.read(document)
