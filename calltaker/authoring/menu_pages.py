"""The pages of what the city edits: the list, the menu's editor, and hours, destinations and agencies as text.

Pages read and show; what changes something goes to the JSON door, which takes their forms too. Only
the text of a document is saved here, so that a faulty one comes back with its line and its words.
"""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template

from calltaker.authoring import (
    announcements,
    difference,
    documents,
    drafts,
    gate,
    orders,
    showing,
    switches,
)
from calltaker.authoring.errors import LaterSaveError, UnusableError
from calltaker.authoring.history import Subject, events
from calltaker.authoring.listing import NAMES, kept_back, listed
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from calltaker.staff import confirming
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission, may
from models.states import PublicationKind

menu_pages = Blueprint("menu_pages", __name__, url_prefix="/menus")

TITLES = {
    kind: NAMES[kind]
    for kind in (
        PublicationKind.HOURS,
        PublicationKind.DESTINATIONS,
        PublicationKind.AGENCIES,
        PublicationKind.PHRASES,
    )
}


@menu_pages.get("")
@allowed(Permission.SEE_PUBLICATIONS)
def everything() -> str:
    """Every document and its state, what was kept back, the announcements, the switches."""
    runtime = door().runtime
    now = runtime.clock()
    with runtime.reading() as session:
        shown = {
            "documents": listed(session),
            "kept_back": kept_back(session),
            "announcements": announcements.up(session, now),
            "switches": switches.listed(session),
        }
    return render_template(
        "menus.html",
        person=signed_in(),
        may_announce=may(signed_in().role, Permission.ANNOUNCE),
        now=now,
        zone=ZoneInfo(door().grounds.zone),
        **shown,
    )


@menu_pages.get("/menu/<key>")
@allowed(Permission.SEE_PUBLICATIONS)
def editor(key: str) -> str:
    """The editor of a menu; the bundle reads the rest."""
    subject = orders.subject_of("menu", key)
    with door().runtime.reading() as session:
        if drafts.live(session, subject) is None:
            raise NotFoundError("There is no such menu.", "Go back to the list.")
    return render_template("menus_editor.html", person=signed_in(), key=key)


@menu_pages.get("/<kind>/<key>")
@allowed(Permission.SEE_PUBLICATIONS)
def written(kind: str, key: str) -> str:
    """A document as text, with what the gate says of its draft."""
    return _page(_written(orders.subject_of(kind, key)))


@menu_pages.post("/<kind>/<key>")
@allowed(Permission.EDIT_DRAFTS)
def write(kind: str, key: str) -> Response:
    """Save the text of a draft. A fault comes back with its line, and nothing typed is lost."""
    subject, sent = _written(orders.edited(kind, key)), orders.body()
    try:
        text, revision = orders.text_of(sent, subject.kind), orders.number_of(sent, "revision")
        with orders.one_commit() as session:
            if drafts.live(session, subject) is None:
                raise NotFoundError("There is no such document.", "Go back to the list.")
            drafts.save(session, subject, text, revision, orders.doing(), door().runtime.new_id)
    except UnusableError as wrong:
        page = _page(subject, typed=str(sent.get("document", "")), fault=wrong.problem)
        return make_response(page, wrong.status)
    except LaterSaveError as late:
        page = _page(subject, typed=text, fault=late.problem, theirs=late.more["theirs"])
        return make_response(page, late.status)
    return cast(Response, redirect(f"/menus/{kind}/{key}", 303))


@menu_pages.post("/switches/<key>")
@allowed(Permission.ANNOUNCE)
def set_switch(key: str) -> Response:
    """Set a switch; a script is told, a form gets the list."""
    sent = orders.body()
    is_on = {"true": True, "on": True, "false": False, "off": False}.get(
        str(sent.get("is_on")).lower()
    )
    if is_on is None:
        raise UnusableError("A switch is on or off.", "Load the page again and repeat it.")
    with orders.one_commit() as session:
        switches.set_switch(session, key, orders.doing(), is_on=is_on)
    if orders.is_form():
        return cast(Response, redirect("/menus", 303))
    return jsonify(key=key, is_on=is_on)


def _written(subject: Subject) -> Subject:
    """Only documents that are written as text have such a page."""
    if subject.kind not in TITLES:
        raise NotFoundError("There is no such document.", "Go back to the list.")
    return subject


def _page(
    subject: Subject,
    typed: str | None = None,
    fault: str | None = None,
    theirs: dict[str, Any] | None = None,
) -> str:
    shown = orders.shown(subject)
    with door().runtime.reading() as session:
        state = showing.state(session, shown)
        happened = events(session, subject.kind.value, subject.key)
    if state["live"] is None:
        raise NotFoundError("There is no such document.", "Go back to the list.")
    draft = state["draft"]
    begun = draft["state"] != "none"
    return render_template(
        "menus_document.html",
        person=shown.person,
        title=TITLES[subject.kind],
        state=state,
        text=draft["text"] if typed is None else typed,
        revision=theirs["revision"] if theirs else draft["revision"],
        fault=fault,
        theirs=theirs,
        findings=_findings(subject, draft["text"]) if begun else [],
        lines=_lines(state["live"]["text"], draft["text"]) if begun else [],
        events=happened[:20],
        local=_local,
        asks_password=not confirming.is_fresh(),
        is_own=shown.person.staff_id in (draft.get("saved_by_id"), draft.get("proposed_by_id")),
    )


def _local(at: str) -> str:
    """A moment as the city's clock shows it."""
    moment = datetime.fromisoformat(at).astimezone(ZoneInfo(door().grounds.zone))
    return moment.strftime("%Y-%m-%d %H:%M")


def _findings(subject: Subject, text: str) -> list[dict[str, Any]]:
    now = door().runtime.clock()
    examined = gate.examine_text(subject, text, door().grounds, now)
    return [dict(finding) for finding in examined.findings]


def _lines(before: str, after: str) -> list[dict[str, str]]:
    found = difference.lines(documents.shown(before), documents.shown(after))
    return [line.as_json() for line in found]
