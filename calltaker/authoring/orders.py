"""Orders to the menus' door: their JSON, their fields, their session. Knows no particular order."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy.orm import Session

from calltaker.authoring import documents
from calltaker.authoring.documents import UnreadableError
from calltaker.authoring.errors import UnusableError
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.showing import Shown
from calltaker.doorway import door
from calltaker.errors import ForbiddenError, NotFoundError
from calltaker.staff.guards import signed_in
from calltaker.staff.permissions import EDITORS, may_edit
from models.states import PublicationKind
from protocols.loading import LONGEST_DOCUMENT

AGAIN = "Load the page again and repeat it."
_HIGHEST = 2**31 - 1
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_NUMBERS = frozenset({"revision", "version"})
_MOMENTS = frozenset({"publish_at", "starts", "ends"})


def subject_of(kind: str, key: str) -> Subject:
    """The document of an address.

    Raises:
        NotFoundError: no such kind is edited here.
    """
    try:
        subject = Subject(PublicationKind(kind), key)
    except ValueError:
        raise NotFoundError("There is no such document.", "Go back to the list.") from None
    if subject.kind not in EDITORS or len(key) > 64 or not documents.is_storable(key):
        raise NotFoundError("There is no such document.", "Go back to the list.")
    return subject


def edited(kind: str, key: str) -> Subject:
    """The document of an address, for somebody who may write it.

    Raises:
        NotFoundError, ForbiddenError: there is none, or this role does not write that kind.
    """
    return require_editor(subject_of(kind, key))


def require_editor(subject: Subject) -> Subject:
    """Go on only if this person may write this kind.

    Raises:
        ForbiddenError: their role does not.
    """
    if not may_edit(signed_in().role, subject.kind):
        raise ForbiddenError("Your role does not write this kind.", "Ask a supervisor.")
    return subject


def doing() -> Doing:
    """The person of the request, now."""
    return Doing(signed_in().staff_id, door().runtime.clock())


def shown(subject: Subject) -> Shown:
    """What the page of a document is made for."""
    return Shown(subject, signed_in(), door().grounds, door().runtime.clock())


@contextmanager
def one_commit() -> Iterator[Session]:
    """The order's session, committed at the end of the block."""
    with door().runtime.sessions() as session:
        yield session
        session.commit()


def body() -> dict[str, Any]:
    """The order's JSON object, or the fields of a page's form; no body is an empty one.

    Raises:
        UnusableError: something else.
    """
    if is_form():
        return _fields()
    data = request.get_data()
    try:
        sent = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        raise UnusableError("The order could not be read.", AGAIN) from None
    if not isinstance(sent, dict):
        raise UnusableError("The order could not be read.", AGAIN)
    return sent


def is_form() -> bool:
    """Whether the order comes from a page's form, which wants a page in answer."""
    return request.mimetype in _FORMS


def _fields() -> dict[str, Any]:
    """A form's fields as an order's: numbers as numbers, moments with the city's offset."""
    sent: dict[str, Any] = dict(request.form.items())
    for name in _NUMBERS & set(sent):
        sent[name] = int(sent[name]) if sent[name].isdecimal() and len(sent[name]) < 11 else None
    for name in _MOMENTS & set(sent):
        sent[name] = local_moment(sent[name])
    return sent


def local_moment(text: str) -> str:
    """A moment that a form gave in the city's own time, with its offset; "" stays."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = ZoneInfo(door().grounds.zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def document_of(sent: Mapping[str, Any]) -> Any:
    """The document of an order as plain data; it may come as data or as text.

    Raises:
        UnusableError: missing, or nothing that can be read; with the line of a text.
    """
    return _read(sent.get("document"))[0]


def text_of(sent: Mapping[str, Any], kind: PublicationKind) -> str:
    """The document of an order as the text to store.

    A protocol is written as text, and any text is kept: only its proposal needs it whole.

    Raises:
        UnusableError: nothing that can be stored; with the line of a text.
    """
    return written(sent) if kind is PublicationKind.PROTOCOL else _read(sent.get("document"))[1]


def written(sent: Mapping[str, Any]) -> str:
    """The text that somebody writes, with its line ends as files have them.

    Raises:
        UnusableError: missing, too long, or with a character that no text has.
    """
    text = sent.get("text")
    if not isinstance(text, str):
        raise UnusableError("The order lacks its text.", AGAIN)
    if len(text) > LONGEST_DOCUMENT:
        raise UnusableError(
            f"The text has {len(text)} characters; at most {LONGEST_DOCUMENT} are kept.",
            "Split the protocol.",
        )
    if not documents.is_storable(text):
        raise UnusableError("The text has a character that no text has.", "Take it out.")
    return text.replace("\r\n", "\n")


def _read(given: object) -> tuple[Any, str]:
    try:
        if isinstance(given, str):
            document, text = documents.read(given), given
        else:
            document = documents.plain(given)
            text = documents.text_of(document)
    except (UnreadableError, RecursionError) as broken:
        line = broken.line if isinstance(broken, UnreadableError) else None
        where = f" in line {line}" if line else ""
        raise UnusableError(
            f"The document cannot be read{where}: {broken}.", "Mend it and try again.", line
        ) from None
    if not isinstance(document, dict) or len(text) > documents.LONGEST_TEXT:
        raise UnusableError(
            "That is no document: a map of at most 1 MB is needed.", "Send the whole document."
        )
    return document, text


def words_of(sent: Mapping[str, Any], name: str, longest: int = 400) -> str:
    """A text of the order, "" where it is left out.

    Raises:
        UnusableError: no text, or too long.
    """
    value = sent.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise UnusableError(f"The {name} cannot be used.", f"Send at most {longest} characters.")
    return value


def number_of(sent: Mapping[str, Any], name: str) -> int:
    """A whole number of the order.

    Raises:
        UnusableError: missing or none.
    """
    value = sent.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _HIGHEST:
        raise UnusableError(f"The order lacks its {name}.", AGAIN)
    return value


def moment_of(sent: Mapping[str, Any], name: str) -> datetime | None:
    """An instant of the order with its offset, None where it is left out.

    Raises:
        UnusableError: no instant, or one without an offset.
    """
    value = sent.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnusableError(
            f"The {name} is no moment.", "Write it like 2026-07-01T06:00:00-07:00."
        ) from None
