"""The addresses of the caller's card: earlier contacts, tags, follow-ups, language, another outcome."""

from flask import Blueprint, Response, jsonify

from calltaker.answering import (
    body,
    desk_state,
    one_commit,
    record_of,
    text_of,
    viewer_of_request,
)
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.intake import corrections, earlier_contacts, follow_ups, tags, wrapping_up
from calltaker.intake.due import due_at
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission

card = Blueprint("card", __name__)


@card.get("/desk/calls/<call_id>/card")
@allowed(Permission.ANSWER_CALLS)
def beside_the_call(call_id: str) -> Response:
    """What stands beside an own call and seldom changes: earlier contacts, the tags to choose from."""
    viewer = viewer_of_request()
    with door().runtime.reading() as session:
        call = own_calls.own(session, call_id, viewer.staff_id)
        return jsonify(
            earlier=earlier_contacts.of_call(session, call, viewer),
            tags=tags.suggestions(session, door().tags, viewer.now),
        )


@card.post("/desk/calls/<call_id>/earlier/<earlier_id>")
@allowed(Permission.ANSWER_CALLS)
def read_earlier(call_id: str, earlier_id: str) -> Response:
    """Read one earlier contact; an order, because each opening is written down."""
    viewer = viewer_of_request()
    with one_commit() as session:
        call = own_calls.own(session, call_id, viewer.staff_id)
        record = record_of(session, earlier_id)
        told = earlier_contacts.opened(record, call, earlier_id, viewer, door().tags)
    return jsonify(told)


@card.post("/desk/calls/<call_id>/tags")
@allowed(Permission.ANSWER_CALLS)
def add_tag(call_id: str) -> Response:
    """Put a tag on the contact: a word of the city's list, or a proposal."""
    text = text_of(body(), "tag", longest=tags.LONGEST + 1)
    with one_commit() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        tags.add(record, door().runtime.keyring, door().tags, text)
        record.tell()
    return desk_state()


@card.post("/desk/calls/<call_id>/tags/<tag_id>/remove")
@allowed(Permission.ANSWER_CALLS)
def remove_tag(call_id: str, tag_id: str) -> Response:
    """Take a tag away."""
    with one_commit() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        tags.remove(record, tag_id)
        record.tell()
    return desk_state()


@card.post("/desk/calls/<call_id>/follow-up")
@allowed(Permission.ANSWER_CALLS)
def make_follow_up(call_id: str) -> Response:
    """Keep what is still to be done after the call."""
    sent, runtime = body(), door().runtime
    for_me = sent.get("for_me", False)
    if not isinstance(for_me, bool):
        raise RefusedError("It is for you or for anybody.", "Choose one of the two.")
    task_id, what = text_of(sent, "follow_up_id"), text_of(sent, "what", follow_ups.LONGEST + 1)
    due = due_at(text_of(sent, "when"), door().grounds.zone, runtime.clock())
    with one_commit() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        follow_ups.make(record, runtime.keyring, task_id, what, due, for_me=for_me)
        record.tell()
    return desk_state()


@card.post("/desk/calls/<call_id>/language")
@allowed(Permission.ANSWER_CALLS)
def correct_language(call_id: str) -> Response:
    """Put right which language the caller speaks."""
    language = text_of(body(), "language", longest=8)
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        corrections.language(record, call, language)
        record.tell()
    return desk_state()


@card.post("/desk/calls/<call_id>/disposition")
@allowed(Permission.ANSWER_CALLS)
def correct_disposition(call_id: str) -> Response:
    """Say that a contact which was closed lately ended otherwise."""
    disposition = text_of(body(), "disposition")
    with one_commit() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
        wrapping_up.correct(record_of(session, call_id), disposition)
    return desk_state()
