"""`/voice/transfer/CALL/STEP/ENTRY/ATTEMPT`: a telephone of the directory was rung for a caller.

Not answered, its fall-back is rung; with nobody left, and after a talk, the menu goes on. The
address says all that must be known: without the database the next telephone is rung all the same.
"""

import re
from collections.abc import Callable
from functools import partial

import structlog
from flask import Blueprint, Response, request

from ivr import room_events
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.menu import CallerInput
from ivr.rules.menu_state import Event
from ivr.runtime import Runtime
from ivr.turns import transferring
from ivr.turns.caller import Caller
from ivr.turns.transferring import Rung
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from ivr.webhooks.line import OVER
from ivr.webhooks.turn import taken
from models.turn_store import TurnKey

log = structlog.get_logger(__name__)

ENTRY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
ANSWERED = "in-progress"
MOST_ATTEMPTS = 99
_WHERE = "/transfer/<call_sid>/<int:step>/<entry>/<int:attempt>"


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post(_WHERE)
    def rung(call_sid: str, step: int, entry: str, attempt: int) -> Response:
        _require(call_sid, step, entry, attempt)
        return _xml(_after(runtime, call_sid, Rung(_call(call_sid), step, entry, attempt)))

    @voice.post(f"{_WHERE}/leg")
    def transfer_leg(call_sid: str, step: int, entry: str, attempt: int) -> Response:
        _require(call_sid, step, entry, attempt)
        if request.form.get("CallStatus") == ANSWERED:
            rung = Rung(_call(call_sid), step, entry, attempt)
            persistently(partial(_connected, runtime, rung))
        return _xml(Document(runtime.city.languages).written())


def _require(call_sid: str, step: int, entry: str, attempt: int) -> None:
    form.require_place(call_sid, step)
    if not ENTRY.fullmatch(entry) or attempt > MOST_ATTEMPTS:
        raise UnknownCallError("no such entry")


def _call(call_sid: str) -> str:
    return Caller.of(call_sid).call_id


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)


def _after(runtime: Runtime, call_sid: str, rung: Rung) -> bytes:
    """What the caller hears when the ringing, or the talk, is over."""
    fields, key = request.form, TurnKey(call_sid, rung.step)
    talked, status = form.talked(fields), form.field(fields, "DialCallStatus")
    if talked:
        _noted(partial(_connected, runtime, rung))
    if fields.get("CallStatus") in OVER:
        persistently(partial(room_events.leg_over, runtime, call_sid))
        return Document(runtime.city.languages).written()
    if talked:
        return taken(runtime, key, CallerInput(event=Event.TRANSFER_ENDED))
    if status:
        _noted(partial(_unanswered, runtime, rung, status))
    attempt = rung.attempt + 1 if status else rung.attempt
    if transferring.first_target(runtime, rung.entry, attempt, runtime.clock()) is None:
        return taken(runtime, key, CallerInput(event=Event.TRANSFER_FAILED))
    document, caller = Document(runtime.city.languages), Caller.of(call_sid)
    return transferring.ring(document, runtime, caller, rung.step, rung.entry, attempt).written()


def _noted(work: Callable[[], None]) -> None:
    """Write it down where that can be: no caller is lost with the record, or waits long for it."""
    try:
        work()
    except Exception:  # whatever the database raises
        log.exception("transfer_unrecorded")


def _connected(runtime: Runtime, rung: Rung) -> None:
    with runtime.sessions() as session:
        transferring.connected(session, runtime, rung, runtime.clock())
        session.commit()


def _unanswered(runtime: Runtime, rung: Rung, status: str) -> None:
    with runtime.sessions() as session:
        transferring.unanswered(session, rung, status, runtime.clock())
        session.commit()
