"""The intake's addresses: protocol, answers, request, notes, place, intent and wrap-up of an own call."""

import secrets

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from calltaker.answering import body, desk_state, number_of, one_commit, record_of, text_of
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.intake import corrections, notes, protocol_sessions, requests, wrapping_up
from calltaker.intake.protocol_sessions import Run
from calltaker.intake.published import published
from calltaker.intake.record import Record
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from ivr import warm_transfer
from models.call import Call
from models.states import EscalationCause

intake = Blueprint("intake", __name__)


@intake.post("/desk/calls/<call_id>/protocol")
@allowed(Permission.ANSWER_CALLS)
def begin_protocol(call_id: str) -> Response:
    """Begin a protocol in its live version; an answer carried over may already be an emergency."""
    wanted, keyring = text_of(body(), "protocol"), door().runtime.keyring
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        version = published().live_one(session, wanted)
        run = protocol_sessions.begin(record, keyring, version, before)
        _follow_up(record, call, run)
    _dial_if_emergency(call_id, run)
    return desk_state()


@intake.post("/desk/calls/<call_id>/answers")
@allowed(Permission.ANSWER_CALLS)
def answer(call_id: str) -> Response:
    """Take an answer; an emergency determinant dials 911 in this request, right after the commit."""
    sent, keyring = body(), door().runtime.keyring
    question = text_of(sent, "question")
    with one_commit() as session:
        call, record, before = _in_call(session, call_id)
        asked = protocol_sessions.required(before)
        run = protocol_sessions.answer(record, keyring, asked, question, sent.get("value"))
        _follow_up(record, call, run)
    _dial_if_emergency(call_id, run)
    return desk_state()


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
        notes.save(record_of(session, call_id), runtime.keyring, text)
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


@intake.post("/desk/calls/<call_id>/wrap-up")
@allowed(Permission.ANSWER_CALLS)
def wrap_up(call_id: str) -> Response:
    """Close the contact with its disposition and be available again."""
    disposition = text_of(body(), "disposition")
    with one_commit() as session:
        call, record, run = _in_call(session, call_id)
        wrapping_up.close(record, call, run, disposition)
    return desk_state()


def _in_call(session: Session, call_id: str) -> tuple[Call, Record, Run | None]:
    call = own_calls.own(session, call_id, signed_in().staff_id)
    keyring = door().runtime.keyring
    run = protocol_sessions.current(session, keyring, published(), call_id)
    return call, record_of(session, call_id), run


def _follow_up(record: Record, call: Call, run: Run) -> None:
    """What a changed verdict brings with it, in the same transaction."""
    if requests.wants_request(run):
        requests.make(record, door().runtime.keyring, call, run, secrets.randbelow)
    record.tell()


def _dial_if_emergency(call_id: str, run: Run) -> None:
    """After the commit. Every answer while it is an emergency asks again with the same id: harmless,
    and a request that died between commit and dial is made good by the next one.
    """
    if not run.verdict.emergency:
        return
    warm_transfer.escalate(
        door().runtime,
        call_id,
        EscalationCause.DETERMINANT,
        signed_in().staff_id,
        run.escalation_id,
    )
