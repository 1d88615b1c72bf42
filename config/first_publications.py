"""Publishing the city pack's first documents, once per key; later differences become drafts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from calltaker.authoring import first
from config.settings import ROOT
from models.database import open_sessions
from models.states import PublicationKind

FIRST = {
    "menu.yaml": PublicationKind.MENU,
    "hours.yaml": PublicationKind.HOURS,
    "destinations.yaml": PublicationKind.DESTINATIONS,
    "categories.yaml": PublicationKind.CATEGORIES,
    "agencies.yaml": PublicationKind.AGENCIES,
    "phrases.yaml": PublicationKind.PHRASES,
}


def publish(engine: Engine, city: Path) -> list[str]:
    """Publish what was never published; returns a line for each document that changed."""
    with open_sessions(engine)() as session:
        published = first.publish_first(
            session, documents(city), datetime.now(UTC), lambda: uuid4().hex
        )
        session.commit()
    return [_told(line) for line in published if line.became is not first.Became.UNCHANGED]


def documents(city: Path) -> Iterator[first.Document]:
    """Kind, key and text of every first document of a city, the protocol library included."""
    for name, kind in FIRST.items():
        yield first.Document(kind, name.removesuffix(".yaml"), (city / "first" / name).read_text())
    for path in sorted((ROOT / "protocols/library").glob("*.yaml")):
        yield first.Document(PublicationKind.PROTOCOL, path.stem, path.read_text())


def _told(line: first.Published) -> str:
    version = "" if line.version is None else f", version {line.version}"
    return f"{line.kind} {line.key}: {line.became}{version}"
