"""The orders that every kind of document takes: read, save, propose, approve, roll back.

Registered once for menus, hours and destinations, and once for protocols. Every order answers with
the whole state of its document, read after the commit. The gate runs before the transaction:
nobody waits behind an examination.
"""

from typing import cast

from flask import Blueprint, Response, jsonify, redirect

from calltaker.authoring import (
    acceptances,
    approval,
    chosen,
    drafts,
    gate,
    orders,
    publishing,
    replaying,
    showing,
)
from calltaker.authoring.approval import Proposal
from calltaker.authoring.errors import MovedOnError
from calltaker.authoring.history import Subject
from calltaker.doorway import door
from calltaker.errors import NotFoundError
from calltaker.staff.confirming import require_password
from calltaker.staff.guards import allowed
from calltaker.staff.permissions import Permission
from models.states import HistoryEvent, PublicationKind

publication_orders = Blueprint("publication_orders", __name__)


@publication_orders.get("/<key>")
@allowed(Permission.SEE_PUBLICATIONS)
def document(kind: str, key: str) -> Response:
    """Everything about one document."""
    return state_of(orders.subject_of(kind, key))


@publication_orders.put("/<key>/draft")
@allowed(Permission.EDIT_DRAFTS)
def save(kind: str, key: str) -> Response:
    """Save the draft over the revision that the writer began from."""
    subject, sent = chosen.edited(kind, key), orders.body()
    text, revision = orders.text_of(sent, subject.kind), orders.number_of(sent, "revision")
    doing = orders.doing()
    with orders.one_commit() as session:
        saved = drafts.save(session, subject, text, revision, doing, door().runtime.new_id)
    return jsonify(
        revision=saved.revision,
        saved_at=saved.saved_at.isoformat(),
        saved_by=orders.shown(subject).person.name,
    )


@publication_orders.post("/<key>/propose")
@allowed(Permission.EDIT_DRAFTS)
def propose(kind: str, key: str) -> Response:
    """Put the draft before a second person, if the gate lets it."""
    subject, sent = chosen.edited(kind, key), orders.body()
    revision, reason = orders.number_of(sent, "revision"), orders.words_of(sent, "reason")
    publish_at, given = orders.moment_of(sent, "publish_at"), acceptances.given_in(sent)
    approval.required_reason(reason)
    examined, doing = chosen.passed(subject, chosen.draft_at(subject, revision)), orders.doing()
    accepted = acceptances.required(subject.kind, examined, given, (), doing)
    with orders.one_commit() as session:
        proposal = Proposal(reason, publish_at, accepted)
        approval.propose(session, subject, revision, proposal, doing)
    return state_of(subject)


@publication_orders.post("/<key>/withdraw")
@allowed(Permission.EDIT_DRAFTS)
def withdraw(kind: str, key: str) -> Response:
    """Take the proposal back to write on."""
    subject = chosen.edited(kind, key)
    with orders.one_commit() as session:
        approval.take_back(session, subject, HistoryEvent.WITHDRAWN, "", orders.doing())
    return state_of(subject)


@publication_orders.post("/<key>/decline")
@allowed(Permission.APPROVE_PUBLICATIONS)
def decline(kind: str, key: str) -> Response:
    """Send the proposal back with a reason."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    with orders.one_commit() as session:
        approval.take_back(session, subject, HistoryEvent.DECLINED, reason, orders.doing())
    return state_of(subject)


@publication_orders.post("/<key>/approve")
@allowed(Permission.APPROVE_PUBLICATIONS)
def approve(kind: str, key: str) -> Response:
    """Make the proposal a version: live now, or at its time."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    seen = orders.number_of(sent, "revision"), orders.words_of(sent, "digest")
    given, doing = acceptances.given_in(sent), orders.doing()
    draft = chosen.draft_at(subject, seen[0])
    approval.require_second_person(draft, doing.by)
    examined = chosen.passed(subject, draft)
    require_password(orders.words_of(sent, "password"))
    if subject.kind is PublicationKind.PROTOCOL:
        examined = replaying.with_recorded_calls(subject, draft.document, examined, sent)
    accepted = acceptances.required(subject.kind, examined, given, draft.accepted, doing)
    with orders.one_commit() as session:
        approval.approve(session, subject, seen, doing, door().runtime.new_id, accepted)
    return state_of(subject)


@publication_orders.post("/<key>/roll-back")
@allowed(Permission.APPROVE_PUBLICATIONS)
def roll_back(kind: str, key: str) -> Response:
    """Make an earlier version live again, at once."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    number = orders.number_of(sent, "version")
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    version, now = chosen.version(subject, number), door().runtime.clock()
    gate.examine_again(subject, version.document, door().grounds, now).require()
    require_password(orders.words_of(sent, "password"))
    with orders.one_commit() as session:
        publishing.roll_back(session, subject, number, reason, orders.doing())
    return state_of(subject)


@publication_orders.post("/<key>/cancel")
@allowed(Permission.APPROVE_PUBLICATIONS)
def cancel(kind: str, key: str) -> Response:
    """Call off a version that waits for its time; its text can be written on again."""
    subject, sent = orders.subject_of(kind, key), orders.body()
    version = chosen.version(subject, orders.number_of(sent, "version"))
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    doing = orders.doing()
    with orders.one_commit() as session:
        if not publishing.set_aside(session, version, HistoryEvent.CANCELLED, doing, reason):
            raise MovedOnError("This version does not wait any more.", "Load the page again.")
        drafts.bring_back(session, version, doing.at, door().runtime.new_id)
    return state_of(subject)


@publication_orders.post("/<key>/discard")
@allowed(Permission.EDIT_DRAFTS)
def discard(kind: str, key: str) -> Response:
    """Throw the draft away."""
    subject, sent = chosen.edited(kind, key), orders.body()
    with orders.one_commit() as session:
        drafts.discard(session, subject, orders.number_of(sent, "revision"), orders.doing())
    return state_of(subject)


def state_of(subject: Subject) -> Response:
    """The answer to an order: the document's state, or for a form the page that shows it."""
    if orders.is_form():
        return cast(Response, redirect(_page_of(subject), 303))
    with door().runtime.reading() as session:
        found = showing.state(session, orders.shown(subject))
    if not found["history"] and found["draft"]["state"] == "none":
        raise NotFoundError("There is no such document.", "Go back to the list.")
    return jsonify(found)


def _page_of(subject: Subject) -> str:
    if subject.kind is PublicationKind.PROTOCOL:
        return f"/protocols/{subject.key}"
    return f"/menus/{subject.kind.value}/{subject.key}"
