"""The JSON door of the city's documents: read, save, check, propose, approve, roll back.

Every order answers with the whole state of its document, read after the commit. The gate runs
before the transaction: nobody waits behind an examination.
"""

import time
from typing import cast

from flask import Blueprint, Response, jsonify, redirect, request

from calltaker.authoring import (
    approval,
    difference,
    documents,
    drafts,
    gate,
    orders,
    publishing,
    showing,
    trials,
    trying,
    usage,
)
from calltaker.authoring.errors import MovedOnError, UnusableError
from calltaker.authoring.history import Subject
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from calltaker.staff.confirming import require_password
from calltaker.staff.guards import allowed
from calltaker.staff.permissions import Permission
from models import publications
from models.draft import Draft
from models.publication import Publication
from models.states import HistoryEvent, PublicationKind, PublicationState

publications_api = Blueprint("publications_api", __name__, url_prefix="/menus/api")


@publications_api.get("/<kind>/<key>")
@allowed(Permission.SEE_PUBLICATIONS)
def document(kind: str, key: str) -> Response:
    """Everything about one document."""
    return _state(orders.subject_of(kind, key))


@publications_api.put("/<kind>/<key>/draft")
@allowed(Permission.EDIT_DRAFTS)
def save(kind: str, key: str) -> Response:
    """Save the draft over the revision that the writer began from."""
    subject, sent = _known(orders.edited(kind, key)), orders.body()
    text, revision = orders.text_of(sent), orders.number_of(sent, "revision")
    doing = orders.doing()
    with orders.one_commit() as session:
        saved = drafts.save(session, subject, text, revision, doing, door().runtime.new_id)
    return jsonify(
        revision=saved.revision,
        saved_at=saved.saved_at.isoformat(),
        saved_by=orders.shown(subject).person.name,
    )


@publications_api.post("/<kind>/<key>/check")
@allowed(Permission.EDIT_DRAFTS)
def check(kind: str, key: str) -> Response:
    """Ask the gate; nothing is saved."""
    subject = orders.edited(kind, key)
    document, began = orders.document_of(orders.body()), time.perf_counter()
    examined = gate.examine_typed(subject.kind, document, door().grounds, door().runtime.clock())
    took = (time.perf_counter() - began) * 1000
    return jsonify({**examined.as_json(), "took_ms": round(took, 1)})


@publications_api.post("/<kind>/<key>/try")
@allowed(Permission.EDIT_DRAFTS)
def try_in_page(kind: str, key: str) -> Response:
    """Play one turn of this text for a caller in the page; nothing is saved."""
    _menus_only(orders.edited(kind, key))
    sent, runtime = orders.body(), door().runtime
    document, state = orders.document_of(sent), sent.get("state")
    if state is not None and not isinstance(state, str):
        raise UnusableError("The played call is not known.", "Begin the call again.")
    graph = gate.require_menu(document)
    heard = trying.heard_of(sent.get("input"))
    pretended = trying.pretended_of(sent.get("facts"), runtime.clock())
    around = trying.Around(runtime.readers, door().secret_key)
    return jsonify(trying.take(graph, state, heard, pretended, around))


@publications_api.post("/<kind>/<key>/trial")
@allowed(Permission.EDIT_DRAFTS)
def try_by_telephone(kind: str, key: str) -> Response:
    """Let calls to the trial number run this text for half an hour."""
    subject, sent = _known(_menus_only(orders.edited(kind, key))), orders.body()
    document, number = orders.document_of(sent), door().grounds.trial_number
    if not number:
        raise NotFoundError("There is no number to call a draft on.", "Try it in the page.")
    gate.require_menu(document)
    text, new_id = documents.text_of(document), door().runtime.new_id
    with orders.one_commit() as session:
        trial = trials.begin(session, subject, text, orders.doing(), new_id)
    return jsonify(number=number, until=trial.until.isoformat())


@publications_api.post("/<kind>/<key>/propose")
@allowed(Permission.EDIT_DRAFTS)
def propose(kind: str, key: str) -> Response:
    """Put the draft before a second person, if the gate lets it."""
    subject, sent = orders.edited(kind, key), orders.body()
    revision, reason = orders.number_of(sent, "revision"), orders.words_of(sent, "reason")
    publish_at = orders.moment_of(sent, "publish_at")
    approval.required_reason(reason)
    _examine_draft(subject, revision)
    with orders.one_commit() as session:
        approval.propose(session, subject, revision, reason, publish_at, orders.doing())
    return _state(subject)


@publications_api.post("/<kind>/<key>/withdraw")
@allowed(Permission.EDIT_DRAFTS)
def withdraw(kind: str, key: str) -> Response:
    """Take the proposal back to write on."""
    subject = orders.edited(kind, key)
    with orders.one_commit() as session:
        approval.take_back(session, subject, HistoryEvent.WITHDRAWN, "", orders.doing())
    return _state(subject)


@publications_api.post("/<kind>/<key>/decline")
@allowed(Permission.APPROVE_PUBLICATIONS)
def decline(kind: str, key: str) -> Response:
    """Send the proposal back with a reason."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    with orders.one_commit() as session:
        approval.take_back(session, subject, HistoryEvent.DECLINED, reason, orders.doing())
    return _state(subject)


@publications_api.post("/<kind>/<key>/approve")
@allowed(Permission.APPROVE_PUBLICATIONS)
def approve(kind: str, key: str) -> Response:
    """Make the proposal a version: live now, or at its time."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    seen = orders.number_of(sent, "revision"), orders.words_of(sent, "digest")
    doing = orders.doing()
    approval.require_second_person(_examine_draft(subject, seen[0]), doing.by)
    require_password(orders.words_of(sent, "password"))
    with orders.one_commit() as session:
        approval.approve(session, subject, seen, doing, door().runtime.new_id)
    return _state(subject)


@publications_api.post("/<kind>/<key>/roll-back")
@allowed(Permission.APPROVE_PUBLICATIONS)
def roll_back(kind: str, key: str) -> Response:
    """Make an earlier version live again, at once."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    number = orders.number_of(sent, "version")
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    version = _version(subject, number)
    now = door().runtime.clock()
    gate.examine_again(subject.kind, version.document, door().grounds, now).require()
    require_password(orders.words_of(sent, "password"))
    with orders.one_commit() as session:
        publishing.roll_back(session, subject, number, reason, orders.doing())
    return _state(subject)


@publications_api.post("/<kind>/<key>/cancel")
@allowed(Permission.APPROVE_PUBLICATIONS)
def cancel(kind: str, key: str) -> Response:
    """Call off a version that waits for its time; its text can be written on again."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    version = _version(subject, orders.number_of(sent, "version"))
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    doing = orders.doing()
    with orders.one_commit() as session:
        if not publishing.set_aside(session, version, HistoryEvent.CANCELLED, doing, reason):
            raise MovedOnError("This version does not wait any more.", "Load the page again.")
        drafts.bring_back(session, version, doing.at, door().runtime.new_id)
    return _state(subject)


@publications_api.post("/<kind>/<key>/discard")
@allowed(Permission.EDIT_DRAFTS)
def discard(kind: str, key: str) -> Response:
    """Throw the draft away."""
    subject, sent = orders.edited(kind, key), orders.body()
    with orders.one_commit() as session:
        drafts.discard(session, subject, orders.number_of(sent, "revision"), orders.doing())
    return _state(subject)


@publications_api.get("/<kind>/<key>/difference")
@allowed(Permission.SEE_PUBLICATIONS)
def differences(kind: str, key: str) -> Response:
    """What two texts differ in: `from` and `to` are `live`, `draft` or a version."""
    subject = orders.subject_of(kind, key)
    before = _text(subject, request.args.get("from", "live"))
    after = _text(subject, request.args.get("to", "draft"))
    found = difference.lines(documents.shown(before), documents.shown(after))
    return jsonify(lines=[line.as_json() for line in found])


@publications_api.get("/<kind>/<key>/usage")
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


def _state(subject: Subject) -> Response:
    """The answer to an order: the document's state, or for a form the page that shows it."""
    if orders.is_form():
        return cast(Response, redirect(f"/menus/{subject.kind.value}/{subject.key}", 303))
    with door().runtime.reading() as session:
        found = showing.state(session, orders.shown(subject))
    if not found["history"]:
        raise NotFoundError("There is no such document.", "Go back to the list.")
    return jsonify(found)


def _menus_only(subject: Subject) -> Subject:
    if subject.kind is not PublicationKind.MENU:
        raise NotFoundError("Only a menu can be played.", "Go back to the list.")
    return subject


def _known(subject: Subject) -> Subject:
    """Only documents that were published once are edited: no page invents one."""
    with door().runtime.reading() as session:
        if publications.live(session, subject.kind, subject.key) is None:
            raise NotFoundError("There is no such document.", "Go back to the list.")
    return subject


def _examine_draft(subject: Subject, revision: int) -> Draft:
    """The draft, if it stands at `revision` and the gate lets it pass."""
    with door().runtime.reading() as session:
        draft = drafts.find(session, subject)
        if draft is None or draft.revision != revision:
            raise drafts.refusal(session, subject)
    now = door().runtime.clock()
    gate.examine_text(subject.kind, draft.document, door().grounds, now).require()
    return draft


def _version(subject: Subject, number: int) -> Publication:
    with door().runtime.reading() as session:
        found = publications.version(session, subject.kind, subject.key, number)
    if found is None or found.state is PublicationState.TRIAL:
        raise NotFoundError("There is no such version.", "Choose one of the list.")
    return found


def _text(subject: Subject, which: str) -> str:
    with door().runtime.reading() as session:
        if which == "draft" and (draft := drafts.find(session, subject)):
            return draft.document
        if which in {"draft", "live"}:
            live = publications.live(session, subject.kind, subject.key)
            return live.document if live else ""
    if not which.isdecimal() or len(which) > 9:
        raise UnusableError("That is no version.", "Name live, draft or a version's number.")
    return _version(subject, int(which)).document
