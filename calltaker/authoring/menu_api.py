"""The JSON door of menus, hours and destinations beyond the orders that every document takes.

Checks what somebody types, plays it, counts what callers did, tells what two versions differ in.
"""

import time

from flask import Blueprint, Response, jsonify, request

from calltaker.authoring import (
    chosen,
    difference,
    documents,
    gate,
    orders,
    trials,
    trying,
    usage,
)
from calltaker.authoring.errors import UnusableError
from calltaker.authoring.history import Subject
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from calltaker.staff.confirming import require_password
from calltaker.staff.guards import allowed
from calltaker.staff.permissions import Permission
from models import publications
from models.states import PublicationKind

publications_api = Blueprint("publications_api", __name__, url_prefix="/menus/api")


@publications_api.post("/<any(menu, hours, destinations, agencies, phrases):kind>/<key>/check")
@allowed(Permission.EDIT_DRAFTS)
def check(kind: str, key: str) -> Response:
    """Ask the gate; nothing is saved."""
    subject = chosen.edited(kind, key)
    document, began = orders.document_of(orders.body()), time.perf_counter()
    examined = gate.examine_typed(subject.kind, document, door().grounds, door().runtime.clock())
    took = (time.perf_counter() - began) * 1000
    return jsonify({**examined.as_json(), "took_ms": round(took, 1)})


@publications_api.post("/<any(menu, hours, destinations, agencies, phrases):kind>/<key>/try")
@allowed(Permission.EDIT_DRAFTS)
def try_in_page(kind: str, key: str) -> Response:
    """Play one turn of this text for a caller in the page; nothing is saved."""
    _menus_only(chosen.edited(kind, key))
    sent, runtime = orders.body(), door().runtime
    document, state = orders.document_of(sent), sent.get("state")
    if state is not None and not isinstance(state, str):
        raise UnusableError("The played call is not known.", "Begin the call again.")
    graph = gate.require_menu(document)
    heard = trying.heard_of(sent.get("input"))
    pretended = trying.pretended_of(sent.get("facts"), runtime.clock())
    around = trying.Around(runtime.readers, door().secret_key)
    return jsonify(trying.take(graph, state, heard, pretended, around))


@publications_api.post("/<any(menu, hours, destinations, agencies, phrases):kind>/<key>/trial")
@allowed(Permission.EDIT_DRAFTS)
def try_by_telephone(kind: str, key: str) -> Response:
    """Let calls to the trial number run this text for half an hour."""
    subject, sent = _menus_only(chosen.edited(kind, key)), orders.body()
    document, number = orders.document_of(sent), door().grounds.trial_number
    if not number:
        raise NotFoundError("There is no number to call a draft on.", "Try it in the page.")
    gate.require_menu(document)
    text, new_id = documents.text_of(document), door().runtime.new_id
    with orders.one_commit() as session:
        trial = trials.begin(session, subject, text, orders.doing(), new_id)
    return jsonify(number=number, until=trial.until.isoformat())


@publications_api.get("/<any(menu, hours, destinations, agencies, phrases):kind>/<key>/difference")
@allowed(Permission.SEE_PUBLICATIONS)
def differences(kind: str, key: str) -> Response:
    """What two texts differ in: `from` and `to` are `live`, `draft` or a version."""
    subject = orders.subject_of(kind, key)
    before = chosen.text(subject, request.args.get("from", "live"))
    after = chosen.text(subject, request.args.get("to", "draft"))
    found = difference.lines(documents.shown(before), documents.shown(after))
    return jsonify(lines=[line.as_json() for line in found])


@publications_api.get("/<any(menu, hours, destinations, agencies, phrases):kind>/<key>/usage")
@allowed(Permission.SEE_PUBLICATIONS)
def usage_of_live(kind: str, key: str) -> Response:
    """How callers went through the live version in the last 7 or 30 days."""
    subject, now = _menus_only(orders.subject_of(kind, key)), door().runtime.clock()
    days = {"7": 7, "30": 30}.get(request.args.get("days", "7"))
    if days is None:
        raise UnusableError("Only the last 7 or 30 days are counted.", "Ask for days=7 or days=30.")
    with door().runtime.reading() as session:
        live = publications.live(session, subject.kind, subject.key)
        if live is None:
            raise NotFoundError("There is no such document.", "Go back to the list.")
        counts = usage.count(session, live.id, days, now)
    return jsonify({**counts.as_json(now), "version": live.version, "days": days})


@publications_api.post("/confirm")
@allowed(Permission.SEE_PUBLICATIONS)
def confirm() -> Response:
    """Take the password again, before an order that asks for it."""
    require_password(orders.words_of(orders.body(), "password"))
    return jsonify(confirmed=True)


def _menus_only(subject: Subject) -> Subject:
    if subject.kind is not PublicationKind.MENU:
        raise NotFoundError("Only a menu can be played.", "Go back to the list.")
    return subject
