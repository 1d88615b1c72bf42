"""Everything the desk page shows, in one answer built by few queries.

The number of the newest event is read first: whatever happens while the rest is read comes again by
the stream, so a page that follows on from it misses nothing.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calltaker.desk import call_view, own_calls, showing, tasks, waiting_view
from calltaker.desk.dispositions import dispositions
from calltaker.desk.viewer import Viewer
from calltaker.handoff import desk_view
from calltaker.intake.published import PublishedProtocols
from calltaker.staff.permissions import Permission, may
from calltaker.staff.sessions import SignedIn
from models.effects import DeskEvent
from models.staff import Presence
from models.states import PresenceState


def read(
    session: Session, person: SignedIn, viewer: Viewer, published: PublishedProtocols
) -> dict[str, Any]:
    """Read the desk of one person, without the token of the page."""
    as_of_event = session.scalar(select(func.max(DeskEvent.id))) or 0
    presence = session.get(Presence, person.staff_id)
    return {
        "now": showing.instant(viewer.now),
        "as_of_event": as_of_event,
        "staff": _staff(person),
        "presence": _presence(presence, viewer),
        "line": waiting_view.line(session, viewer),
        "line_figures": waiting_view.figures(session, viewer),
        "tasks": tasks.open_tasks(session, viewer),
        **_calls(session, person, presence, viewer, published),
        "dispositions": dispositions(),
    }


def _staff(person: SignedIn) -> dict[str, Any]:
    return {
        "id": person.staff_id,
        "name": person.name,
        "role": person.role.value,
        "identity": person.identity,
        "languages": list(person.languages),
    }


def _presence(presence: Presence | None, viewer: Viewer) -> dict[str, Any]:
    if presence is None:
        return {"state": PresenceState.OFFLINE.value, "since": showing.instant(viewer.now)}
    return {"state": presence.state.value, "since": showing.instant(presence.since)}


def _calls(
    session: Session,
    person: SignedIn,
    presence: Presence | None,
    viewer: Viewer,
    published: PublishedProtocols,
) -> dict[str, Any]:
    nothing: dict[str, Any] = {"offers": [], "announced": [], "call": None, "wrap_up": None}
    if not may(person.role, Permission.ANSWER_CALLS):
        return nothing
    nothing["offers"] = waiting_view.offers(session, viewer)
    nothing["announced"] = desk_view.announced(
        session, viewer.keyring, viewer.now, viewer.announced_for
    )
    current = own_calls.current(session, person.staff_id)
    if current is not None:
        return {**nothing, "call": call_view.call(session, current, viewer, published)}
    if presence is None or presence.state is not PresenceState.WRAP_UP:
        return nothing
    ended = own_calls.last(session, person.staff_id)
    if ended is None:
        return nothing
    return {**nothing, "wrap_up": call_view.wrap_up(session, ended, viewer, published)}
