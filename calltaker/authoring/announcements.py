"""Announcements: a storm's banner, spoken before the first prompt while it lasts.

A supervisor puts one up and takes it away without a second person, because a storm does not wait;
the gate reads it all the same. Each is a version of a document of its own, so that what callers
heard, from when to when and by whom, stays known. Never commits.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from calltaker.authoring import documents, publishing
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.publishing import Approved
from calltaker.errors import ConflictError, NotFoundError
from ivr.errors import MenuError
from ivr.rules.menu_values import UNSPEAKABLE
from ivr.rules.prompt_length import seconds_of
from models import publications
from models.publication import Publication
from models.states import Language, PublicationKind

LONGEST_SECONDS = 20.0
"""An announcement stands between a caller and their need; all of them together are bounded."""
MOST_AT_ONCE = 2
LONGEST_LIFE = timedelta(days=31)
_LONGEST_TEXT = 600
_KEY_NAMED = re.compile(
    r"\b(?:press|dial|oprima|presione|marque|pulse)\s+(?:the\s+|la\s+|el\s+)?(?:[1-8*#](?!\d|-\d)|star|pound)",
    re.IGNORECASE,
)
_FIELDS = frozenset({"key", "text", "starts", "ends"})


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is spoken, by language, from `starts` up to `ends`."""

    key: str
    text: Mapping[Language, str]
    starts: datetime
    ends: datetime

    def is_on(self, now: datetime) -> bool:
        """Whether callers hear it at `now`."""
        return self.starts <= now < self.ends


def read(document: object) -> Announcement:
    """Compile an announcement.

    Raises:
        MenuError: lists every mistake.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    mistakes = [f"announcement: {name!r} is not known" for name in given if name not in _FIELDS]
    texts = given.get("text")
    texts = texts if isinstance(texts, Mapping) else {}
    spoken = {one: _words(texts.get(one.value), one, mistakes) for one in Language}
    starts, ends = (_moment(given.get(name), name, mistakes) for name in ("starts", "ends"))
    if starts and ends and not starts < ends <= starts + LONGEST_LIFE:
        mistakes.append(f"ends: must come after its start, at most {LONGEST_LIFE.days} days later")
    if mistakes or starts is None or ends is None:
        raise MenuError(mistakes)
    return Announcement(str(given.get("key", "")), spoken, starts, ends)


def put_up(
    session: Session,
    text: Mapping[str, str],
    starts: datetime,
    ends: datetime,
    doing: Doing,
    new_id: Callable[[], str],
) -> Publication:
    """Let callers hear it; the gate has read `document` of it.

    Raises:
        ConflictError: so many are up already that callers would wait too long.
    """
    if len(up(session, doing.at)) >= MOST_AT_ONCE:
        raise ConflictError(
            f"There are {MOST_AT_ONCE} announcements already: more would keep callers waiting.",
            "Take one away first.",
        )
    key = new_id()[:12]
    subject = Subject(PublicationKind.ANNOUNCEMENT, key)
    written = documents.text_of(document(key, text, starts, ends))
    approved = Approved(written, doing.by, "announcement")
    return publishing.publish(session, subject, approved, doing, new_id)


def document(key: str, text: Mapping[str, str], starts: datetime, ends: datetime) -> dict[str, Any]:
    """An announcement as a document."""
    return {
        "key": key,
        "text": dict(text),
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
    }


def take_away(session: Session, key: str, doing: Doing) -> None:
    """Let callers hear it no longer.

    Raises:
        NotFoundError: it is not up.
    """
    subject = Subject(PublicationKind.ANNOUNCEMENT, key)
    if not publishing.take_down(session, subject, doing, "taken away"):
        raise NotFoundError("This announcement is not up any more.", "Load the page again.")


def up(session: Session, now: datetime) -> list[Announcement]:
    """Those that are up or will be, the earliest first."""
    found = []
    for version in publications.all_live(session, PublicationKind.ANNOUNCEMENT):
        try:
            one = read(documents.shown(version.document))
        except MenuError:
            continue
        if now < one.ends:
            found.append(one)
    return sorted(found, key=lambda one: one.starts)


def _words(given: object, language: Language, mistakes: list[str]) -> str:
    if not isinstance(given, str) or not given.strip():
        mistakes.append(f"text ({language}): there are no words")
        return ""
    if len(given) > _LONGEST_TEXT or UNSPEAKABLE.search(given):
        mistakes.append(f"text ({language}): too long, or characters that cannot be spoken")
    if seconds_of(given[:_LONGEST_TEXT]) > LONGEST_SECONDS:
        mistakes.append(
            f"text ({language}): takes more than {LONGEST_SECONDS:.0f} s to say, so shorten it"
        )
    if _KEY_NAMED.search(given):
        mistakes.append(f"text ({language}): names a key, and an announcement has none but 9 and 0")
    if "{" in given or "}" in given:
        mistakes.append(f"text ({language}): nothing is filled in here, so no braces")
    return " ".join(given.split())


def _moment(given: object, name: str, mistakes: list[str]) -> datetime | None:
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        mistakes.append(f"{name}: is no moment with a time zone")
        return None
    return moment
