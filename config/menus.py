"""The published menus in memory: compiled once, the live one looked up again every two seconds."""

import threading
import time
from collections.abc import Callable

import structlog
import yaml
from sqlalchemy.exc import SQLAlchemyError

from ivr.errors import UnknownCallError
from ivr.rules.menu import Graph, compile_graph
from models import publications
from models.database import Sessions, reading
from models.publication import Publication
from models.states import PublicationKind

MENU_KEY = "menu"
FRESH_SECONDS = 2.0

log = structlog.get_logger(__name__)


class PublishedMenus:
    """Live and pinned menus. When the database is away the last live menu goes on serving."""

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._graphs: dict[str, Graph] = {}
        self._live: str | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def live(self) -> tuple[str, Graph]:
        """Publication id and graph that a new call begins with.

        Raises:
            UnknownCallError: nothing was ever published or read (the door speaks the safe menu).
        """
        with self._lock:
            if self._clock() - self._looked_at >= FRESH_SECONDS:
                self._look()
            if self._live is None:
                raise UnknownCallError("no menu is published: run ./run migrate")
            return self._live, self._graphs[self._live]

    def pinned(self, publication_id: str) -> Graph:
        """The graph that a call began with."""
        graph = self._graphs.get(publication_id)
        if graph is None:
            with reading(self._sessions) as session:
                found = publications.by_id(session, publication_id)
            if found is None:
                raise UnknownCallError(f"menu version {publication_id} is not there")
            graph = self._keep(found)
        return graph

    def _look(self) -> None:
        try:
            with reading(self._sessions) as session:
                found = publications.live(session, PublicationKind.MENU, MENU_KEY)
            if found is not None:
                self._keep(found)
                self._live = found.id
        except SQLAlchemyError as away:
            log.warning("live_menu_unread", error=type(away).__name__)
        self._looked_at = self._clock()

    def _keep(self, publication: Publication) -> Graph:
        if publication.id not in self._graphs:
            self._graphs[publication.id] = compile_graph(yaml.safe_load(publication.document))
        return self._graphs[publication.id]
