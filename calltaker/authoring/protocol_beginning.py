"""How a protocol comes to be: from the smallest one that can be proven, or from elsewhere.

Either way it is a draft, and nothing is taken in by half. Never changes a live version.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calltaker.authoring import drafts, history, orders, replaying
from calltaker.authoring.errors import LaterSaveError, TakenError, UnusableError
from calltaker.authoring.history import Doing, Subject
from calltaker.doorway import door
from models.states import PublicationKind
from protocols import exchange

SMALLEST = Path(__file__).with_name("smallest_protocol.yaml")
RESERVED = frozenset({"new", "import", "api", "schema"})
"""Addresses of their own beside those of the protocols."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,47}")
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A document from elsewhere: which protocol it says it is, and its text as it will be written.

    `converted` says that it was JSON.
    """

    key: str
    text: str
    converted: bool


def key_of(given: str) -> str:
    """The key of a new protocol.

    Raises:
        UnusableError: it cannot be one.
    """
    if not _KEY.fullmatch(given) or given in RESERVED:
        raise UnusableError(
            f"{given[:60]!r} cannot be a protocol's name.",
            "Take small letters, digits and _, a letter first, at most 48.",
        )
    return given


def title_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """The title of a new protocol in both languages.

    Raises:
        UnusableError: one is missing or too long.
    """
    given = sent.get("title")
    title = given if isinstance(given, dict) else {}
    said = {language: " ".join(str(title.get(language, "")).split()) for language in ("en", "es")}
    if any(not words or len(words) > _LONGEST_TITLE for words in said.values()):
        raise UnusableError(
            f"A title of 1 to {_LONGEST_TITLE} characters is needed in English and in Spanish.",
            "Write both.",
        )
    return said


def smallest(key: str, title: Mapping[str, str]) -> str:
    """The text of the smallest protocol that can be proven, under another name."""
    named = {"key": key, **{name: json.dumps(title[name], ensure_ascii=False) for name in title}}
    text = SMALLEST.read_text(encoding="utf-8")
    return re.sub(r"@(key|en|es)\b", lambda place: named[place[1]], text)


def read(text: str) -> TakenIn:
    """Read a document from elsewhere; JSON becomes YAML that a person can write on.

    Raises:
        GateError: it is no protocol; every mistake is named with its line.
        UnusableError: its id is an address of its own here.
    """
    protocol = replaying.readable(text, "document")
    converted = text.lstrip().startswith("{")
    return TakenIn(
        key_of(protocol.id), exchange.as_yaml(protocol) if converted else text, converted
    )


def begin(key: str, text: str, doing: Doing) -> Subject:
    """Make a text the first draft of a protocol that there is not yet.

    Raises:
        TakenError: there is one of this name.
    """
    subject = Subject(PublicationKind.PROTOCOL, key)
    with orders.one_commit() as session:
        if history.versions(session, subject) or drafts.find(session, subject):
            raise TakenError(
                f"There is a protocol {key} already.", "Open it, or take another name."
            )
        drafts.save(session, subject, text, 0, doing, door().runtime.new_id)
    return subject


def take_in(taken: TakenIn, revision: int | None, doing: Doing) -> Subject:
    """Make a document the draft of its protocol; `revision` names the draft that it may replace.

    Raises:
        TakenError: somebody writes on a draft, which was not named.
        LaterSaveError, MovedOnError: the draft is not at `revision` any more, or waits for approval.
    """
    subject, new_id = Subject(PublicationKind.PROTOCOL, taken.key), door().runtime.new_id
    try:
        with orders.one_commit() as session:
            drafts.save(session, subject, taken.text, revision or 0, doing, new_id)
    except LaterSaveError as late:
        if revision is not None:
            raise
        theirs = late.more["theirs"]
        raise TakenError(
            f"{theirs['saved_by']} is writing on the draft of {taken.key}.",
            "Replace their draft, or let them finish first.",
            {"key": taken.key, "revision": theirs["revision"]},
        ) from None
    return subject
