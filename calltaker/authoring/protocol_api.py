"""The JSON door of protocols beyond the orders that every document takes.

Proves what somebody types, plays it, runs recorded calls on it, tells what two versions differ in,
begins and takes in protocols. What is typed and what is proven never changes a live version.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request

from calltaker.authoring import (
    approval,
    chosen,
    drafts,
    orders,
    protocol_beginning,
    protocol_document,
    protocol_gate,
    publication_orders,
    replaying,
    retiring,
    showing,
)
from calltaker.authoring.errors import UnusableError
from calltaker.authoring.examined import Examined
from calltaker.doorway import door
from calltaker.intake import protocol_view
from calltaker.intake.answers import as_answer
from calltaker.staff.confirming import require_password
from calltaker.staff.guards import allowed
from calltaker.staff.permissions import Permission
from models.publication import Publication
from models.states import PublicationKind
from protocols import engine
from protocols.conditions import Answer
from protocols.errors import AnswerError
from protocols.script import Protocol

protocol_api = Blueprint("protocol_api", __name__, url_prefix="/protocols/api")

KIND = PublicationKind.PROTOCOL.value


@protocol_api.post("/<key>/check")
@allowed(Permission.EDIT_DRAFTS)
def check(key: str) -> Response:
    """Prove a text, bounded in time; nothing is saved."""
    subject, text = chosen.edited(KIND, key), orders.written(orders.body())
    began, now = time.perf_counter(), door().runtime.clock()
    examined = protocol_gate.examine_typed(key, text, door().grounds, now)
    with door().runtime.reading() as session:
        live = drafts.live(session, subject)
        accepted = showing.accepted(session, live.accepted if live else None)
    took = (time.perf_counter() - began) * 1000
    return jsonify(
        {
            **_with_acceptances(examined, accepted),
            "ok": examined.errors == 0,
            "took_ms": round(took, 1),
            **_read(text, live),
        }
    )


@protocol_api.post("/<key>/try")
@allowed(Permission.EDIT_DRAFTS)
def try_in_page(key: str) -> Response:
    """Play a text as the desk would show it; nothing is saved.

    An answer that the text does not take any more is left out and told: it changed meanwhile.
    With `caller_gone` what is open counts as the rules have it for a caller who hung up.
    """
    chosen.edited(KIND, key)
    sent = orders.body()
    protocol = replaying.readable(orders.written(sent), key)
    answers, faults = _legal(protocol, sent.get("answers", {}))
    run = played(protocol, answers, is_gone=sent.get("caller_gone") is True)
    return jsonify(run=run, off_path=list(engine.off_path(protocol, answers)), faults=faults)


@protocol_api.get("/<key>/replay")
@allowed(Permission.SEE_PUBLICATIONS)
def replay(key: str) -> Response:
    """The recorded calls of the live version on the draft, or on a version."""
    subject = orders.subject_of(KIND, key)
    text = chosen.text(subject, request.args.get("to", "draft"))
    return jsonify(replaying.compare(subject, text).as_json())


@protocol_api.post("/<key>/replay")
@allowed(Permission.EDIT_DRAFTS)
def replay_of_text(key: str) -> Response:
    """The recorded calls of the live version on a text that is not saved."""
    subject, text = chosen.edited(KIND, key), orders.written(orders.body())
    return jsonify(replaying.compare(subject, text).as_json())


@protocol_api.get("/<key>/difference")
@allowed(Permission.SEE_PUBLICATIONS)
def differences(key: str) -> Response:
    """What two texts differ in: `from` and `to` are `live`, `draft` or a version."""
    subject = orders.subject_of(KIND, key)
    before = chosen.text(subject, request.args.get("from", "live"))
    after = chosen.text(subject, request.args.get("to", "draft"))
    return jsonify(protocol_document.difference(before, after))


@protocol_api.post("/<key>/retire")
@allowed(Permission.APPROVE_PUBLICATIONS)
def retire(key: str) -> Response:
    """Take a protocol out of use; rolling back brings it back."""
    subject, sent = chosen.known(orders.subject_of(KIND, key)), orders.body()
    number = orders.number_of(sent, "version")
    reason = approval.required_reason(orders.words_of(sent, "reason"))
    require_password(orders.words_of(sent, "password"))
    with orders.one_commit() as session:
        retiring.retire(session, subject, number, reason, orders.doing())
    return publication_orders.state_of(subject)


@protocol_api.post("/new")
@allowed(Permission.EDIT_DRAFTS)
def begin() -> Response:
    """Begin a protocol that there is not yet, from the smallest one that can be proven."""
    sent = orders.body()
    key = protocol_beginning.key_of(orders.words_of(sent, "key", 64))
    orders.edited(KIND, key)
    text = protocol_beginning.smallest(key, protocol_beginning.title_of(sent))
    return publication_orders.state_of(protocol_beginning.begin(key, text, orders.doing()))


@protocol_api.post("/import")
@allowed(Permission.EDIT_DRAFTS)
def take_in() -> Response:
    """Make a document from elsewhere the draft of the protocol that it says it is."""
    sent = orders.body()
    taken = protocol_beginning.read(orders.written(sent))
    orders.edited(KIND, taken.key)
    revision = orders.number_of(sent, "revision") if "revision" in sent else None
    subject = protocol_beginning.take_in(taken, revision, orders.doing())
    state = publication_orders.state_of(subject)
    return jsonify(key=taken.key, converted=taken.converted, state=state.json)


def _with_acceptances(examined: Examined, accepted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was found, each warning with who accepted it for the live version, and why."""
    found = examined.as_json()
    before = {
        row["finding"]: {"reason": row["reason"], "by": row["by"], "on": row["at"]}
        for row in accepted
    }
    for finding in found["findings"]:
        finding["accepted_before"] = before.get(finding["id"])
    return found


def _read(text: str, live: Publication | None) -> dict[str, Any]:
    """The text as document and table, and what it changes; None where it is no protocol."""
    protocol = protocol_document.loaded(text)
    if protocol is None:
        return {"document": None, "table": None, "difference": None}
    before = protocol_document.loaded(live.document) if live else None
    changes = protocol_document.sentences(before, protocol) if before else None
    return {
        "document": protocol_document.written(protocol),
        "table": protocol_document.table(protocol),
        "difference": None if changes is None else {"sentences": changes},
    }


def played(protocol: Protocol, answers: Mapping[str, Answer], *, is_gone: bool) -> dict[str, Any]:
    """A call as the desk would show it; after the caller has gone, nothing more is asked in it."""
    run = protocol_view.run("", 0, protocol, answers)
    if not is_gone:
        return run
    verdict = engine.determine(protocol, answers, closed=True)
    found = verdict.determinant
    came_to = found and protocol_view.determinant(found, verdict, final=True)
    return {**run, "question": None, "coming": [], "determinant": came_to}


def _legal(protocol: Protocol, given: object) -> tuple[dict[str, Answer], list[str]]:
    """The answers that a text takes, and what is wrong with the others."""
    if not isinstance(given, Mapping):
        raise UnusableError("The played answers could not be read.", "Begin again.")
    answers: dict[str, Answer] = {}
    faults: list[str] = []
    for name, value in given.items():
        answer = as_answer(value)
        try:
            engine.check(protocol, {name: answer})
        except AnswerError as wrong:
            faults += wrong.faults
        else:
            answers[name] = answer
    return answers, faults
