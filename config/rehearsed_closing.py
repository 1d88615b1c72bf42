"""Closing the line of a rehearsal for the day, as a city would: hours and an announcement, published.

What a rehearsal plays after hours is the very menu that it played before; only what is published
around it has changed. For rehearsals and tests alone.
"""

import copy
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from calltaker.authoring import announcements, documents, publishing
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.publishing import Approved
from config.yaml_text import read_yaml
from models import publications
from models.database import open_sessions
from models.states import PublicationKind

HOURS = Subject(PublicationKind.HOURS, "hours")
WHO = "rehearsal"
REACHES_EVERYBODY_SECONDS = 5.0
"""How soon what is published is what the next call hears, in every process."""
NOTICE = {
    "en": "There is a test of the storm notice.",
    "es": "Es una prueba del aviso de tormenta.",
}


def close_for_the_day(engine: Engine) -> None:
    """Publish that nobody is there today and tomorrow, with a notice, and wait until it is heard."""
    doing = Doing(WHO, datetime.now(UTC))
    with open_sessions(engine)() as session:
        _close(session, doing)
        until = doing.at + timedelta(hours=2)
        announcements.put_up(session, NOTICE, doing.at, until, doing, lambda: uuid4().hex)
        session.commit()
    time.sleep(REACHES_EVERYBODY_SECONDS)


def _close(session: Session, doing: Doing) -> None:
    live = publications.live(session, HOURS.kind, HOURS.key)
    if live is None:
        raise RuntimeError("no hours are published")
    document: dict[str, Any] = copy.deepcopy(read_yaml(live.document))
    today = doing.at.astimezone(ZoneInfo(document["time_zone"])).date()
    line = document["lines"]["main"]
    line["always_open"] = False
    line["special_days"] = {str(today + timedelta(days=ahead)): {"spans": []} for ahead in range(2)}
    written = Approved(documents.text_of(document), WHO, "closed for the rehearsal")
    publishing.publish(session, HOURS, written, doing, lambda: uuid4().hex)
