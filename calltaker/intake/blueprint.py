"""The intake's addresses: request, notes, place, what is known near it, intent and wrap-up."""

import secrets

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from calltaker.answering import (
    body,
    desk_state,
    number_of,
    one_commit,
    record_of,
    text_of,
    viewer_of_request,
)
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.intake import (
    corrections,
    judged_readings,
    location_links,
    nearby,
    note_reading,
    notes,
    protocol_sessions,
    requests,
    wrapping_up,
)
from calltaker.intake.protocol_sessions import Lost, Run
from calltaker.intake.published import published
from calltaker.intake.record import Record
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from models.call import Call

intake = Blueprint("intake", __name__)


@intake.post("/desk/calls/<call_id>/request")
@allowed(Permission.ANSWER_CALLS)
def make_request(call_id: str) -> Response:
    """Make the service request of the final determinant, if it was not made by itself."""
    with one_commit() as session:
        call, record, run = _in_call(session, call_id)
        keyring, asked = door().runtime.keyring, protocol_sessions.required(run)
        requests.make(record, keyring, call, asked, secrets.randbelow)
        record.tell()
    return desk_state()


@intake.post("/desk/calls/<call_id>/notes")
@allowed(Permission.ANSWER_CALLS)
def save_notes(call_id: str) -> Response:
    """Save the notes as they stand."""
    text = text_of(body(), "text", longest=notes.LONGEST + 1)
    runtime = door().runtime
    with runtime.sessions() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        notes.save(record, runtime.keyring, text)
        note_reading.read(record, runtime.readers, text)
        session.commit()
    return desk_state()


@intake.post("/desk/calls/<call_id>/place")
@allowed(Permission.ANSWER_CALLS)
def correct_place(call_id: str) -> Response:
    """Put the place right, in words or with a pin."""
    sent, runtime = body(), door().runtime
    latitude, longitude = number_of(sent, "latitude"), number_of(sent, "longitude")
    if (latitude is None) != (longitude is None):
        raise RefusedError("A pin has a latitude and a longitude.", "Put the pin again.")
    point = None if latitude is None or longitude is None else (latitude, longitude)
    text = text_of(sent, "text", longest=2000)
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        corrections.place(
            record, runtime.keyring, runtime.readers, call, text, point, door().jurisdiction_at
        )
        requests.move(record, runtime.keyring, call)
        record.tell()
    return desk_state()


@intake.get("/desk/calls/<call_id>/nearby")
@allowed(Permission.ANSWER_CALLS)
def known_nearby(call_id: str) -> Response:
    """The open service requests around the place of an own call."""
    viewer = viewer_of_request()
    with door().runtime.reading() as session:
        call = own_calls.own(session, call_id, viewer.staff_id)
        return jsonify(nearby.of_call(session, call, viewer))


@intake.post("/desk/calls/<call_id>/location-link")
@allowed(Permission.ANSWER_CALLS)
def text_location_link(call_id: str) -> Response:
    """Text the caller a link by which their telephone may tell where it is."""
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        location_links.text(record, door().runtime.keyring, call)
        record.tell()
    return desk_state()


@intake.post("/desk/calls/<call_id>/better-number")
@allowed(Permission.ANSWER_CALLS)
def keep_better_number(call_id: str) -> Response:
    """Keep where the caller says that they can be called back."""
    sent, keyring = body(), door().runtime.keyring
    text = text_of(sent, "number", longest=40) if sent.get("number") else ""
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        corrections.better_number(record, keyring, call, text)
        record.tell()
    return desk_state()


@intake.post("/desk/calls/<call_id>/intent")
@allowed(Permission.ANSWER_CALLS)
def correct_intent(call_id: str) -> Response:
    """Put right what the call is about."""
    slug = text_of(body(), "intent")
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        corrections.intent(record, call, slug)
        record.tell()
    return desk_state()


@intake.post("/desk/calls/<call_id>/reading")
@allowed(Permission.ANSWER_CALLS)
def judge_reading(call_id: str) -> Response:
    """Say whether the line read this caller's danger right."""
    judgement = text_of(body(), "judgement")
    with one_commit() as session:
        call = own_calls.own(session, call_id, signed_in().staff_id)
        record = record_of(session, call_id)
        judged_readings.judge(record, call, judgement)
        record.tell()
    return desk_state()


@intake.post("/desk/calls/<call_id>/wrap-up")
@allowed(Permission.ANSWER_CALLS)
def wrap_up(call_id: str) -> Response:
    """Close the contact with its disposition and be available again."""
    disposition = text_of(body(), "disposition")
    with one_commit() as session:
        call, record, run = _in_call(session, call_id)
        wrapping_up.close(record, door().runtime.keyring, call, run, disposition)
    return desk_state()


def _in_call(session: Session, call_id: str) -> tuple[Call, Record, Run | Lost | None]:
    call = own_calls.own(session, call_id, signed_in().staff_id)
    keyring = door().runtime.keyring
    run = protocol_sessions.current(session, keyring, published(), call_id, to_write=True)
    return call, record_of(session, call_id), run
