"""The page of announcements: put one before the menu in under a minute, and take it away."""

from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template

from calltaker.authoring import announcements, gate, orders
from calltaker.authoring.errors import GateError, UnusableError
from calltaker.doorway import door
from calltaker.errors import StaffDoorError
from calltaker.staff import confirming
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission, may
from models.states import PublicationKind

announcement_page = Blueprint("announcement_page", __name__, url_prefix="/menus/announcement")

USUALLY = timedelta(hours=12)
"""How long an announcement lasts unless its author says otherwise."""
_LONGEST = 1000


@announcement_page.get("")
@allowed(Permission.SEE_PUBLICATIONS)
def announcement() -> str:
    """Those that are up, and the form for another."""
    return _page({})


@announcement_page.post("")
@allowed(Permission.ANNOUNCE)
def put_up() -> Response:
    """Let callers hear it; what was typed comes back with what is wrong with it."""
    sent = orders.body()
    try:
        made = _put_up(sent)
    except StaffDoorError as wrong:
        if not orders.is_form():
            raise
        findings = wrong.more["findings"] if isinstance(wrong, GateError) else []
        return make_response(_page(sent, wrong, findings), wrong.status)
    if orders.is_form():
        return cast(Response, redirect("/menus/announcement", 303))
    return jsonify(key=made)


@announcement_page.post("/<key>/take-away")
@allowed(Permission.ANNOUNCE)
def take_away(key: str) -> Response:
    """Let callers hear it no longer."""
    with orders.one_commit() as session:
        announcements.take_away(session, key, orders.doing())
    if orders.is_form():
        return cast(Response, redirect("/menus/announcement", 303))
    return jsonify(key=key)


def _put_up(sent: dict[str, Any]) -> str:
    runtime, doing = door().runtime, orders.doing()
    text = {one: orders.words_of(sent, one, _LONGEST) for one in ("en", "es")}
    starts = orders.moment_of(sent, "starts") or doing.at
    ends = orders.moment_of(sent, "ends") or starts + USUALLY
    if ends <= doing.at:
        raise UnusableError("The end is past.", "Set an end that is still to come.")
    written = announcements.document("new", text, starts, ends)
    now = runtime.clock()
    gate.examine(PublicationKind.ANNOUNCEMENT, written, door().grounds, now).require()
    confirming.require_password(orders.words_of(sent, "password"))
    with orders.one_commit() as session:
        made = announcements.put_up(session, text, starts, ends, doing, runtime.new_id)
    return made.key


def _page(
    typed: dict[str, Any],
    wrong: StaffDoorError | None = None,
    findings: list[dict[str, Any]] | None = None,
) -> str:
    runtime = door().runtime
    now = runtime.clock()
    with runtime.reading() as session:
        up = announcements.up(session, now)
    return render_template(
        "menus_announcement.html",
        person=signed_in(),
        up=up,
        now=now,
        zone=ZoneInfo(door().grounds.zone),
        typed=typed,
        starts=_local(typed.get("starts"), now),
        ends=_local(typed.get("ends"), now + USUALLY),
        wrong=wrong,
        findings=findings or [],
        may_announce=may(signed_in().role, Permission.ANNOUNCE),
        asks_password=not confirming.is_fresh(),
        longest_seconds=int(announcements.LONGEST_SECONDS),
    )


def _local(given: object, otherwise: datetime) -> str:
    """A moment as a form's field shows it, in the city's own time."""
    zone = ZoneInfo(door().grounds.zone)
    try:
        moment = datetime.fromisoformat(str(given)) if given else otherwise
    except ValueError:
        moment = otherwise
    shown = moment.astimezone(zone) if moment.tzinfo else moment
    return shown.strftime("%Y-%m-%dT%H:%M")
