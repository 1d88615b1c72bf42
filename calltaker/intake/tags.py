"""Tags of a contact: the city's own words, and words that a call-taker proposes. Never commits.

The city's words come from its pack and are open. A proposal is free text, which may name somebody: it
is sealed with its call, shown there alone, and suggested to nobody until the city takes it up.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calltaker.errors import NotFoundError, RefusedError
from calltaker.intake.record import Record
from ivr.record import add_once, lock_call
from models.call_tag import TAG_WORD, CallTag
from models.personal import Keyring, PersonalError

MOST = 8
LONGEST = 30
COUNTED = timedelta(days=30)
"""How far back the use of a tag counts for its place among the suggestions."""
_WORDS = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,3}")

CityTags = Mapping[str, str]
"""The city's tags: key to title."""


def add(record: Record, keyring: Keyring, city: CityTags, text: str) -> None:
    """Put a tag on a call; one that it has already changes nothing.

    Raises:
        RefusedError: no short word, or more tags than a contact can be told by.
    """
    typed = " ".join(text.split())
    tag = _in_list(city, typed)
    if tag is None and (len(typed) > LONGEST or not _WORDS.fullmatch(typed)):
        raise RefusedError(
            f"A tag is one to four words of letters, at most {LONGEST} characters.",
            "What has figures or names belongs into the notes.",
        )
    lock_call(record.session, record.call_id)
    has = _of(record.session, record.call_id)
    if any(_same(keyring, row, tag, typed) for row in has):
        return
    if len(has) >= MOST:
        raise RefusedError(f"A contact has at most {MOST} tags.", "Take one away first.")
    _write(record, keyring, tag, typed)


def remove(record: Record, tag_id: str) -> None:
    """Take a tag away; the journal keeps that it was there.

    Raises:
        NotFoundError: the call has no such tag.
    """
    row = record.session.get(CallTag, tag_id)
    if row is None or row.call_id != record.call_id:
        raise NotFoundError("This tag is not there.", "Look at the desk again.")
    record.session.delete(row)
    record.note("untagged", {"tag": row.tag})


def view(session: Session, keyring: Keyring, city: CityTags, call_id: str) -> list[dict[str, Any]]:
    """Write the tags of a call in the order in which they were put on it."""
    return [
        {
            "tag_id": row.id,
            "title": city.get(row.tag, row.tag.replace("_", " ")) if row.tag else opened,
            "is_proposal": row.tag is None,
        }
        for row in _of(session, call_id)
        if (opened := _opened(keyring, row)) is not None
    ]


def suggestions(session: Session, city: CityTags, now: datetime) -> list[dict[str, str]]:
    """The city's tags, those used most of late first."""
    rows = session.execute(
        select(CallTag.tag, func.count().label("uses"))
        .where(CallTag.tagged_at > now - COUNTED, CallTag.tag.is_not(None))
        .group_by(CallTag.tag)
    )
    used = {row.tag: row.uses for row in rows}
    ordered = sorted(city, key=lambda tag: (-used.get(tag, 0), city[tag].casefold()))
    return [{"tag": tag, "title": city[tag]} for tag in ordered]


def _in_list(city: CityTags, typed: str) -> str | None:
    wanted = typed.casefold()
    return next(
        (tag for tag, title in city.items() if wanted in (title.casefold(), tag.casefold())), None
    )


def _same(keyring: Keyring, row: CallTag, tag: str | None, typed: str) -> bool:
    if tag is not None or row.tag is not None:
        return row.tag == tag
    return (_opened(keyring, row) or "").casefold() == typed.casefold()


def _opened(keyring: Keyring, row: CallTag) -> str | None:
    """A proposal's word, "" of the city's; None where it does not open: it costs itself alone."""
    if row.word is None:
        return ""
    try:
        return keyring.unseal(TAG_WORD, row.id, row.word)
    except PersonalError:
        return None


def _write(record: Record, keyring: Keyring, tag: str | None, typed: str) -> None:
    tag_id = record.new_id()
    row = CallTag(
        id=tag_id,
        call_id=record.call_id,
        tag=tag,
        word=None if tag else keyring.seal(TAG_WORD, tag_id, typed),
        staff_id=record.staff_id,
        tagged_at=record.now,
    )
    if add_once(record.session, row):
        record.note("tagged", {"tag": tag})


def _of(session: Session, call_id: str) -> list[CallTag]:
    return list(
        session.scalars(
            select(CallTag)
            .where(CallTag.call_id == call_id)
            .order_by(CallTag.tagged_at, CallTag.id)
        )
    )
