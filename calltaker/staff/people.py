"""The page of people: who may sign in, as what, and who was invited. Administrators change it."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request
from sqlalchemy.orm import Session

from calltaker.desk import desk_telephones
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.staff import accounts, invitations
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission, may
from ivr.shift import TAKES_CALLS
from models.states import Role

people = Blueprint("people", __name__)


@people.get("/people")
@allowed(Permission.SEE_STAFF)
def everybody() -> str:
    """All accounts and the open invitations."""
    with door().runtime.sessions() as session:
        return _page(session)


@people.post("/people/invite")
@allowed(Permission.MANAGE_STAFF)
def invite() -> str:
    """Invite somebody, and show the single-use address this once."""
    runtime = door().runtime
    with runtime.sessions() as session:
        invited = invitations.invite(
            session,
            request.form.get("email", ""),
            _role(),
            signed_in().staff_id,
            runtime.clock(),
        )
        session.commit()
        return _page(session, invited=invited, address=door().public_url + invited.path)


@people.post("/people/<staff_id>/role")
@allowed(Permission.MANAGE_STAFF)
def change_role(staff_id: str) -> Response:
    """Give a person another role."""
    role, now = _role(), door().runtime.clock()
    return _changed(
        lambda session: accounts.change_role(session, staff_id, role, signed_in().staff_id, now)
    )


@people.post("/people/<staff_id>/skills")
@allowed(Permission.MANAGE_STAFF)
def change_skills(staff_id: str) -> Response:
    """Say which calls a person takes."""
    wanted, known = request.form.get("skills", ""), door().runtime.city.skill_groups
    return _changed(lambda session: accounts.change_skills(session, staff_id, wanted, known))


@people.post("/people/<staff_id>/disable")
@allowed(Permission.MANAGE_STAFF)
def disable(staff_id: str) -> Response:
    """Shut a person out from their next request."""
    now = door().runtime.clock()
    return _changed(lambda session: accounts.disable(session, staff_id, signed_in().staff_id, now))


@people.post("/people/<staff_id>/enable")
@allowed(Permission.MANAGE_STAFF)
def enable(staff_id: str) -> Response:
    """Let a person in again."""
    return _changed(lambda session: accounts.enable(session, staff_id, signed_in().staff_id))


@people.post("/people/<staff_id>/desk-telephone/approve")
@allowed(Permission.MANAGE_STAFF)
def approve_desk_telephone(staff_id: str) -> Response:
    """Let a person's registered desk telephone be rung for them."""
    by, now = signed_in().staff_id, door().runtime.clock()
    return _changed(lambda session: desk_telephones.approve(session, staff_id, by, now))


def _changed(change: Callable[[Session], None]) -> Response:
    with door().runtime.sessions() as session:
        change(session)
        session.commit()
    return cast(Response, redirect("/people", 303))


def _page(
    session: Session, invited: invitations.Invited | None = None, address: str | None = None
) -> str:
    return render_template(
        "people.html",
        person=signed_in(),
        people=accounts.everybody(session),
        invitations=invitations.waiting(session, door().runtime.clock()),
        roles=list(Role),
        desk_telephones=desk_telephones.numbers(session, door().runtime.keyring),
        skills=sorted(door().runtime.city.skill_groups),
        takes_calls=TAKES_CALLS,
        may_change=may(signed_in().role, Permission.MANAGE_STAFF),
        invited=invited,
        address=address,
    )


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise RefusedError("There is no such role.", "Choose one of the list.") from None
