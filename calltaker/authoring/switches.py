"""Switches that menus branch by: shown are those that the live menu reads. Never commits.

A supervisor sets them without a second person: every way that a switch can stand was proven when
the menu was published.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calltaker.authoring import documents, history
from calltaker.authoring.history import Doing
from calltaker.authoring.menu_reading import switches_of
from calltaker.errors import NotFoundError
from models import publications
from models.draft import PublicationEvent
from models.menu_parts import MenuSwitch
from models.states import HistoryEvent, PublicationKind

SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch as the page shows it; `is_read`: the live menu branches by it."""

    key: str
    is_on: bool
    is_read: bool
    set_by: str = ""
    set_at: datetime | None = None


def listed(session: Session) -> list[Switch]:
    """The switches that the live menu reads, and those that are on without being read."""
    read = dict.fromkeys(
        key
        for one in publications.all_live(session, PublicationKind.MENU)
        for key in switches_of(documents.shown(one.document))
    )
    rows = {row.key: row for row in session.scalars(select(MenuSwitch))}
    names = history.names_of(session, [row.set_by for row in rows.values()])
    keys = dict.fromkeys([*read, *(key for key, row in rows.items() if row.is_on)])
    return [
        Switch(key, row.is_on, key in read, names[row.set_by], row.set_at)
        if (row := rows.get(key))
        else Switch(key, is_on=False, is_read=True)
        for key in keys
    ]


def set_switch(session: Session, key: str, doing: Doing, *, is_on: bool) -> None:
    """Set a switch.

    Raises:
        NotFoundError: no menu reads it and it is not on.
    """
    if key not in {one.key for one in listed(session)}:
        raise NotFoundError("No menu reads this switch.", "Choose one of the list.")
    values = {"is_on": is_on, "set_by": doing.by, "set_at": doing.at}
    try:
        with session.begin_nested():
            if session.get(MenuSwitch, key) is None:
                session.add(MenuSwitch(key=key, **values))
    except IntegrityError:
        session.expire_all()  # somebody set it for the first time in this very moment
    session.execute(update(MenuSwitch).where(MenuSwitch.key == key).values(**values))
    session.add(
        PublicationEvent(
            kind=SWITCH,
            key=key,
            what=HistoryEvent.SWITCHED_ON if is_on else HistoryEvent.SWITCHED_OFF,
            by=doing.by,
            at=doing.at,
            reason="",
        )
    )
