"""Which of somebody's open pages has their softphone: one of all tabs and computers. Never commits.

A page takes it when it becomes ready. Another page says so, and takes it over only when asked; one
that has shown no sign of life for a while has nothing to be asked for. Closing the page ends a shift
that waited for calls: nobody is offered to an empty chair.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from calltaker.desk import presence
from calltaker.desk.presence import Choice
from calltaker.errors import ConflictError, RefusedError
from calltaker.staff.sessions import has_live_call
from ivr.waiting_line import NewId
from models.staff import Presence
from models.states import PresenceState

ALIVE = timedelta(seconds=75)
"""A page whose last sign of life is older is gone, or asleep; one behind others is let live once a minute."""
_HEX = re.compile(r"[0-9a-f]{32}")


def page_of(sent: dict[str, Any]) -> str | None:
    """The page that an order names, by the word that it made for itself; None where it names none.

    Raises:
        RefusedError: something else.
    """
    page = sent.get("page")
    if page is None:
        return None
    if not isinstance(page, str) or not _HEX.fullmatch(page):
        raise RefusedError("The order names no page.", "Load the page again and repeat it.")
    return page


def is_alive(row: Presence, now: datetime) -> bool:
    """Say whether a page has the softphone and has shown a sign of life lately."""
    return row.page is not None and now - row.heartbeat_at < ALIVE


def take(session: Session, staff_id: str, page: str, now: datetime, *, asked: bool) -> None:
    """Let `page` have the softphone; `asked`: the person wants it from another page.

    Raises:
        ConflictError: another page has it and was not asked for it, or has a call in it.
    """
    row = presence.row_of(session, staff_id, now)
    elsewhere = row.page != page and is_alive(row, now)
    if elsewhere and has_live_call(session, staff_id):
        raise ConflictError(
            "Your call is in another window.",
            "Finish it there; or call your desk telephone into it from here.",
        )
    if elsewhere and not asked:
        raise ConflictError(
            "Your telephone is in another window.",
            "Work on there, or press “Take the telephone here”.",
        )
    row.heartbeat_at = now
    _is_of(session, row, page, now)


def let_go(session: Session, staff_id: str, page: str, now: datetime, new_id: NewId) -> None:
    """The page is closed; who was available there is so no longer. A call goes on by itself."""
    row = presence.row_of(session, staff_id, now)
    if row.page != page:
        return
    _is_of(session, row, None, now)
    if row.state is PresenceState.AVAILABLE:
        presence.choose(session, staff_id, Choice(PresenceState.OFFLINE), now, new_id)


def _is_of(session: Session, row: Presence, page: str | None, now: datetime) -> None:
    if row.page != page:
        row.page = page
        presence.tell(session, row, now)
