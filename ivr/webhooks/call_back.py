"""`/voice/call-back/CALL/N`: what a resident hears whom we have rung, and how their leg fares.

They take the call by a key or a word, so that no answering machine is ever connected. 9 dials 911
whatever the database does: its room follows from the address.
"""

import re
from functools import partial

import structlog
from flask import Blueprint, Response, request

from ivr import call_back_dial, call_backs, caller_leg, record
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.actions import Listen
from ivr.rules.calling_back import QUESTIONS, Answer, meaning
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.turns.speaking import enter_room
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.warm_transfer import CONNECTING_SECONDS
from ivr.webhooks import form
from ivr.webhooks.line import to_line
from ivr.webhooks.room_documents import caller_enters, say
from models.call import Call
from models.states import (
    CallBackOutcome,
    CallPhase,
    DeadlineKind,
    EmergencyLevel,
    EscalationCause,
    Language,
)

log = structlog.get_logger(__name__)

HEX = re.compile(r"[0-9a-f]{32}")
TIMEOUT_SECONDS = 6.0


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post("/call-back/<contact_id>/<int:n>")
    def call_back(contact_id: str, n: int) -> Response:
        sid = _require(contact_id, n)
        return _xml(_answered(runtime, Caller(sid, contact_id), n, form.caller_input(request.form)))

    @voice.post("/call-back/<contact_id>/leg")
    def call_back_leg(contact_id: str) -> Response:
        sid, status = _require(contact_id), form.field(request.form, "CallStatus")
        persistently(partial(call_back_dial.leg_reported, runtime, contact_id, sid, status))
        return _xml(Document(runtime.city.languages).written())


def _require(contact_id: str, n: int = 1) -> str:
    sid = form.call_sid(request.form)
    if sid is None or not HEX.fullmatch(contact_id) or not 1 <= n <= QUESTIONS + 1:
        raise UnknownCallError("nobody is rung back by this address")
    return sid


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)


def _answered(runtime: Runtime, who: Caller, n: int, heard: CallerInput) -> bytes:
    """The nth request of their telephone: what was said to the question before, or the first one."""
    if not persistently(partial(_is_theirs, runtime, who)):
        return _goodbye(runtime, None, "call_back_late")
    language = _language(runtime, who)
    answer = Answer.ASK_AGAIN
    if n > 1 or heard.digits:
        answer = meaning(heard, _level(runtime, heard, language), max(1, n - 1))
    match answer:
        case Answer.DIAL_911:
            return _dial_911(runtime, who, n, language)
        case Answer.TAKE:
            return _take(runtime, who, language)
        case Answer.CANCEL:
            settled = partial(call_back_dial.settle, runtime, who.call_id)
            persistently(partial(settled, CallBackOutcome.DECLINED))
            return _goodbye(runtime, language, "call_back_cancelled")
        case Answer.NOBODY:
            settled = partial(call_back_dial.settle, runtime, who.call_id)
            persistently(partial(settled, CallBackOutcome.MACHINE))
            return _goodbye(runtime, language, "call_back_nobody")
        case Answer.ASK_AGAIN:
            return _ask(runtime, who, n, language)


def _is_theirs(runtime: Runtime, who: Caller) -> bool:
    """Whether this leg is the one that was rung; without the database the signature is enough."""
    try:
        return call_back_dial.learn_leg(runtime, who.call_id, who.call_sid)
    except Exception:  # whatever the database raises: 9 must dial all the same
        log.exception("call_back_without_database", call_id=who.call_id)
        return True


def _language(runtime: Runtime, who: Caller) -> Language | None:
    try:
        with runtime.reading() as session:
            call = session.get(Call, who.call_id)
            return call.language if call else None
    except Exception:  # as above
        log.exception("call_back_without_database", call_id=who.call_id)
        return None


def _level(runtime: Runtime, heard: CallerInput, language: Language | None) -> EmergencyLevel:
    if not heard.speech:
        return EmergencyLevel.NONE
    languages = [language] if language else list(runtime.city.languages)
    readings = [runtime.readers.emergency(heard.speech, one) for one in languages]
    return max(readings, key=lambda reading: reading.rank).level


def _ask(runtime: Runtime, who: Caller, n: int, language: Language | None) -> bytes:
    listen = Listen(
        say(runtime, "call_back_offer", language),
        keys=True,
        speech=True,
        language=language or next(iter(runtime.city.languages)),
        timeout_seconds=TIMEOUT_SECONDS,
    )
    document = Document(runtime.city.languages)
    return document.listen(listen, runtime.addresses.call_back(who.call_id, n + 1)).written()


def _goodbye(runtime: Runtime, language: Language | None, sentence: str) -> bytes:
    document = Document(runtime.city.languages).say(*say(runtime, sentence, language))
    return document.hang_up().written()


def _dial_911(runtime: Runtime, who: Caller, n: int, language: Language | None) -> bytes:
    """Dialled first, then written down: the resident goes into the room where 911 rings."""
    escalate(runtime, who, EscalationCause.KEY, f"call-back:{n}")
    try:
        persistently(partial(_taken, runtime, who))
    except Exception:  # whatever the database raises
        log.exception("call_back_taken_unwritten", call_id=who.call_id)
    document = Document(runtime.city.languages).say(*say(runtime, "connecting_911", language))
    return enter_room(document, runtime, who).written()


def _take(runtime: Runtime, who: Caller, language: Language | None) -> bytes:
    match persistently(partial(_taken, runtime, who)):
        case CallPhase.ROOM:
            return caller_enters(runtime, who.call_sid)
        case CallPhase.LINE:
            return to_line(runtime, who.call_sid, "call_taker_delayed")
        case _:
            return _goodbye(runtime, language, "call_back_late")


def _taken(runtime: Runtime, who: Caller) -> CallPhase:
    """They are there: where their call stands now. Their way into the room is looked after."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, who.call_id)
        row = call_backs.try_of(session, who.call_id)
        if call is None or row is None:
            return CallPhase.ENDED
        if call_backs.awaits_resident(session, call):
            row.outcome, call.heard_at = CallBackOutcome.TAKEN, now
            record.note(session, call.id, "call_back_taken", now, record.CALLER, n=row.n)
            record.drop_deadline(session, DeadlineKind.CALL_BACK_RINGS, call.id, now)
            if call.phase is CallPhase.ROOM:
                caller_leg.watch(session, call, runtime, CONNECTING_SECONDS)
            record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
            session.commit()
        phase = call.phase if row.outcome is CallBackOutcome.TAKEN else CallPhase.ENDED
    runtime.bell.ring()
    return phase
