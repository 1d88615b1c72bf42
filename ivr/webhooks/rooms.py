"""The rooms' addresses: a softphone that connects, legs that enter and leave, what a room reports.

Reports are answered with an empty document, whatever they say: they are news, not questions.
"""

import hashlib
import re
from functools import partial

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import (
    call_end,
    desk_telephone,
    record,
    referrals,
    referred,
    room_events,
    transfer_rows,
    waiting_line,
    warm_transfer,
)
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.room_events import RoomEvent
from ivr.rules import holding
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.turns.speaking import join_line
from ivr.twiml import CONTENT_TYPE, Document
from ivr.waiting_line import Proved, TooLate
from ivr.webhooks import following, form, room_documents
from ivr.webhooks.line import OVER, to_human_line
from models.call import Call
from models.intake import ServiceRequest
from models.states import CallPhase

log = structlog.get_logger(__name__)

IDENTITY = re.compile(r"client:staff-([0-9a-f]{32})")
CONFERENCE_SID = re.compile(r"CF[0-9a-f]{32}")
LABEL_LENGTH = 128
MOST_ATTEMPTS = 99
"""Dials of one escalation."""


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""
    _add_documents(voice, runtime)
    _add_reports(voice, runtime)


def _add_documents(voice: Blueprint, runtime: Runtime) -> None:
    @voice.post("/desk")
    def desk() -> Response:
        return _xml(_softphone(runtime))

    @voice.post("/room/<call_sid>/<int:step>")
    def enter(call_sid: str, step: int) -> Response:  # noqa: ARG001 - every redirect has its own address
        if not form.CALL_SID.fullmatch(call_sid):
            raise UnknownCallError("not a CallSid")
        return _xml(room_documents.caller_enters(runtime, call_sid))

    @voice.post("/room/<call_id>/left")
    def left_room(call_id: str) -> Response:
        return _xml(_left(runtime, form.hex_id(call_id)))

    @voice.post("/room/<call_id>/<any(wait, hold, alone):word>")
    def meanwhile(call_id: str, word: str) -> Response:
        return _xml(_meanwhile(runtime, form.hex_id(call_id), word))


def _add_reports(voice: Blueprint, runtime: Runtime) -> None:
    @voice.post("/room/<call_id>/events")
    def events(call_id: str) -> Response:
        event = _room_event()
        if event is not None:
            persistently(partial(room_events.take, runtime, form.hex_id(call_id), event))
        return _nothing(runtime)

    @voice.post("/leg/<escalation_id>/<int:n>")
    def psap_leg(escalation_id: str, n: int) -> Response:
        sid, status = form.call_sid(request.form), form.field(request.form, "CallStatus")
        if sid is not None and n <= MOST_ATTEMPTS:
            report = partial(
                warm_transfer.leg_reported, runtime, form.hex_id(escalation_id), n, sid, status
            )
            call_id = persistently(report)
            if call_id is not None:
                persistently(partial(call_end.settle, runtime, call_id))
        return _nothing(runtime)

    @voice.post("/referral/<referral_id>")
    def referral_leg(referral_id: str) -> Response:
        sid, status = form.call_sid(request.form), form.field(request.form, "CallStatus")
        if sid is not None:
            report = partial(referrals.leg_reported, runtime, form.hex_id(referral_id), sid, status)
            persistently(report)
        return _nothing(runtime)

    @voice.post("/person/<call_id>")
    def person(call_id: str) -> Response:
        sid = form.call_sid(request.form)
        if sid is not None and request.form.get("CallStatus") in OVER:
            log.info("person_leg_over", call_id=form.hex_id(call_id))
            persistently(partial(room_events.leg_over, runtime, sid))
        return _nothing(runtime)


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)


def _nothing(runtime: Runtime) -> Response:
    return _xml(Document(runtime.city.languages).written())


def _softphone(runtime: Runtime) -> bytes:
    """A softphone connects with its offer: it is proved, the caller follows, both enter the room.

    Without one it tries its connection before a shift: it hears a sentence, and nothing happens.
    """
    who = IDENTITY.fullmatch(request.form.get("From", ""))
    offer_id, sid = request.form.get("offer", ""), form.call_sid(request.form)
    if who is not None and "offer" not in request.form:
        return room_documents.telephone_check(runtime)
    if who is None or sid is None or not form.HEX.fullmatch(offer_id):
        return room_documents.softphone_refused(runtime)
    proved = persistently(partial(_proved, runtime, offer_id, who.group(1), sid))
    if not isinstance(proved, Proved):
        log.info("softphone_refused", reason=proved.reason.value)
        return room_documents.softphone_refused(runtime)
    runtime.bell.ring()
    following.follow(runtime, proved)
    return room_documents.softphone_enters(runtime, proved, offer_id)


def _proved(runtime: Runtime, offer_id: str, staff_id: str, sid: str) -> Proved | TooLate:
    with runtime.sessions() as session:
        proved = desk_telephone.prove_softphone(session, offer_id, staff_id, sid, runtime.clock())
        session.commit()
    return proved


def _left(runtime: Runtime, call_id: str) -> bytes:
    """A leg's way on after the room: a softphone's ends, a caller's is decided by the record."""
    sid, fields = form.call_sid(request.form), request.form
    if sid is None or fields.get("From", "").startswith("client:"):
        return room_documents.hang_up(runtime)
    if fields.get("CallStatus") in OVER:
        persistently(partial(room_events.leg_over, runtime, sid))
        return Document(runtime.city.languages).written()
    return persistently(partial(_caller_goes_on, runtime, call_id, sid))


def _newest_request(session: Session, call_id: str) -> str | None:
    """The number of what was reported in this call, the newest if several were."""
    return session.scalar(
        select(ServiceRequest.number)
        .where(ServiceRequest.call_id == call_id)
        .order_by(ServiceRequest.created_at.desc())
        .limit(1)
    )


def _caller_goes_on(runtime: Runtime, call_id: str, sid: str) -> bytes:
    """The caller is on the telephone and out of the room. Doubt goes to a person."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.call_sid != sid:
            return room_documents.hang_up(runtime)
        if call.end_commanded_at is not None or call.phase is CallPhase.ENDED:
            return room_documents.goodbye(runtime, call.language, _newest_request(session, call_id))
        if transfer_rows.open_of(session, call_id) is not None:
            return room_documents.caller_enters(runtime, sid)
        if call.phase is CallPhase.LINE:
            document = Document(runtime.city.languages)
            return join_line(document, runtime, Caller.of(sid)).written()
        if waiting_line.is_staffed(session):
            waiting_line.return_to_front(session, call, now, runtime.new_id, call.staff_id)
            waiting_line.offer_waiting(session, now, runtime.new_id)
            session.commit()
            document = Document(runtime.city.languages)
            document.say(*room_documents.say(runtime, "line_returning", call.language))
            return join_line(document, runtime, Caller.of(sid)).written()
    return to_human_line(runtime, sid, "nobody_in_line")


def _meanwhile(runtime: Runtime, call_id: str, word: str) -> bytes:
    """What somebody hears who is held, or waits in a room for the others."""
    path = f"/voice/room/{call_id}/{word}"
    if word == "alone":  # static: this is what is left when everything else was refused
        return room_documents.looping(runtime, "still_there", None, path)
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        to_911 = call is not None and transfer_rows.open_of(session, call_id) is not None
        consulted = bool(referred.open_of(session, call_id))
    language = call.language if call else None
    if word == "hold":
        reason = call.hold_reason if call else None
        key = "hold_consulting" if consulted else holding.sentence_of(reason)
        return room_documents.looping(runtime, key, language, path)
    key = "connecting_911" if to_911 else "one_moment"
    return room_documents.looping(runtime, key, language, path)


def _room_event() -> RoomEvent | None:
    """The report as values; its key is the fact itself, so that a retry and a double are one."""
    fields = request.form
    conference_sid, kind = (
        fields.get("ConferenceSid", ""),
        form.field(fields, "StatusCallbackEvent"),
    )
    sequence = fields.get("SequenceNumber", "")
    if not CONFERENCE_SID.fullmatch(conference_sid) or not re.fullmatch(r"\d{1,9}", sequence):
        return None
    sid = form.call_sid(fields) or ""
    fact = "\n".join((conference_sid, kind, sequence, sid))
    return RoomEvent(
        key=hashlib.sha256(fact.encode()).hexdigest(),
        kind=kind,
        conference_sid=conference_sid,
        sequence=int(sequence),
        call_sid=sid,
        label=form.field(fields, "ParticipantLabel", LABEL_LENGTH),
        status=form.field(fields, "ParticipantCallStatus"),
    )
