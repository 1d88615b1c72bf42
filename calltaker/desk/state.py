"""Everything the desk page shows, in one answer built by few queries.

The number of the newest event is read first: whatever happens while the rest is read comes again by
the stream, so a page that follows on from it misses nothing.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calltaker.desk import (
    call_view,
    desk_telephones,
    own_calls,
    shift_view,
    showing,
    tasks,
    waiting_view,
)
from calltaker.desk.dispositions import dispositions
from calltaker.desk.viewer import Viewer
from calltaker.handoff import desk_view
from calltaker.intake import wrapping_up
from calltaker.intake.published import PublishedProtocols
from calltaker.staff.permissions import Permission, may
from calltaker.staff.sessions import SignedIn
from models.desk_telephone import DeskTelephone
from models.effects import DeskEvent
from models.staff import Presence, Staff
from models.states import PresenceState


def read(
    session: Session, person: SignedIn, viewer: Viewer, published: PublishedProtocols
) -> dict[str, Any]:
    """Read the desk of one person, without the token of the page."""
    as_of_event = session.scalar(select(func.max(DeskEvent.id))) or 0
    presence, telephone = _own_rows(session, person.staff_id)
    return {
        "now": showing.instant(viewer.now),
        "as_of_event": as_of_event,
        "staff": _staff(person),
        "presence": _presence(presence, viewer),
        "breaks": shift_view.breaks(viewer.city),
        "desk_telephone": desk_telephones.view(viewer.keyring, telephone),
        "line": waiting_view.line(session, viewer),
        "line_figures": waiting_view.figures(session, viewer),
        "tasks": tasks.open_tasks(session, viewer),
        **_calls(session, person, presence, viewer, published),
        "dispositions": dispositions(),
    }


def _own_rows(session: Session, staff_id: str) -> tuple[Presence | None, DeskTelephone | None]:
    """What somebody is doing and their desk telephone, by one query."""
    found = session.execute(
        select(Presence, DeskTelephone)
        .select_from(Staff)
        .outerjoin(Presence, Presence.staff_id == Staff.id)
        .outerjoin(DeskTelephone, DeskTelephone.staff_id == Staff.id)
        .where(Staff.id == staff_id)
    ).one()
    return found[0], found[1]


def _staff(person: SignedIn) -> dict[str, Any]:
    return {
        "id": person.staff_id,
        "name": person.name,
        "role": person.role.value,
        "identity": person.identity,
        "languages": list(person.languages),
    }


def _presence(presence: Presence | None, viewer: Viewer) -> dict[str, Any]:
    return shift_view.presence(presence, viewer)


def _calls(
    session: Session,
    person: SignedIn,
    presence: Presence | None,
    viewer: Viewer,
    published: PublishedProtocols,
) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "offers": [],
        "announced": [],
        "call": None,
        "wrap_up": None,
        "last_contact": None,
    }
    if not may(person.role, Permission.ANSWER_CALLS):
        return nothing
    nothing["offers"] = waiting_view.offers(session, viewer)
    nothing["announced"] = desk_view.announced(
        session, viewer.keyring, viewer.now, viewer.announced_for
    )
    current = own_calls.current(session, person.staff_id)
    if current is not None:
        return {**nothing, "call": call_view.call(session, current, viewer, published)}
    if presence is None:
        return nothing
    if presence.state is not PresenceState.WRAP_UP:
        return {**nothing, "last_contact": wrapping_up.to_correct(session, viewer)}
    ended = own_calls.last(session, person.staff_id)
    if ended is None:
        return nothing
    return {**nothing, "wrap_up": call_view.wrap_up(session, ended, viewer, published)}
