"""`/voice/message/CALL/WINDOW`: a waiting caller leaves a message instead.

Outside the queue, because nothing can be recorded in it. Until the tone 9 and words of danger mean what
they mean in the line, 0 leads back into it, and anything else begins the message at once.
"""

from functools import partial

from flask import Blueprint, Response, request

from ivr import leaving_line, left_for_desk
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.actions import Escalate
from ivr.rules.line_danger import Ask, Dial911, MoveUp, Reassure, Window, meaning
from ivr.rules.menu import CallerInput, asks_911
from ivr.runtime import Runtime
from ivr.turns.caller import Caller
from ivr.turns.leaving import LeftMessage
from ivr.turns.speaking import join_line, written
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form, signs, waiting_documents
from ivr.webhooks.waiting_documents import say, view
from models.states import EscalationCause

LONGEST_SECONDS = 120
STEP = 0
"""Recordings are reported with a step; the line has none."""
DONE = "done"
WINDOWS = frozenset({Window.SAID, Window.CONFIRM, Window.DANGER})


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post("/message/<call_sid>/<word>")
    def message(call_sid: str, word: str) -> Response:
        form.require_place(call_sid, STEP)
        heard = form.caller_input(request.form)
        if word == DONE:
            said = form.left_message(request.form)
            return _xml(_done(runtime, call_sid, heard, said))
        if word not in WINDOWS:
            raise UnknownCallError("no such window")
        return _xml(_before_tone(runtime, call_sid, Window(word), heard))


def begun(runtime: Runtime, call_sid: str) -> bytes:
    """Ask for the message; words and keys meanwhile are heard."""
    language = view(runtime, call_sid).language
    document = waiting_documents.document(runtime)
    prompt = say(runtime, "line_message_first", language)
    own = language or next(iter(runtime.city.languages))
    document.before_tone(prompt, _at(runtime, call_sid, Window.SAID), own)
    return _tone(document, runtime, call_sid).written()


def _before_tone(runtime: Runtime, call_sid: str, window: Window, heard: CallerInput) -> bytes:
    seen, document = view(runtime, call_sid), waiting_documents.document(runtime)
    level = signs.read(runtime, heard, seen.language)
    match meaning(window, heard, level):
        case Dial911(cause):
            return _escalated(runtime, call_sid, cause, window.value)
        case Ask(question):
            signs.keep(runtime, call_sid, level)
            listen = waiting_documents.question(runtime, question, seen)
            return document.listen(listen, _at(runtime, call_sid, question)).written()
        case MoveUp() as moved:
            return _back(runtime, call_sid, "line_welcome", moved)
        case Reassure():
            return _back(runtime, call_sid, "line_welcome")
        case _:
            return _tone(document, runtime, call_sid).written()


def _done(runtime: Runtime, call_sid: str, heard: CallerInput, said: LeftMessage | None) -> bytes:
    """The recording ended, by a key or by silence; a 9 that ended it dials, and the message is kept."""
    if said is not None:
        persistently(partial(_keep, runtime, call_sid, said))
    if asks_911(heard.digits or ""):
        return _escalated(runtime, call_sid, EscalationCause.KEY, DONE)
    if said is None:
        return _back(runtime, call_sid, "line_message_missing")
    thanks = say(runtime, "line_message_kept", view(runtime, call_sid).language)
    return waiting_documents.document(runtime).say(*thanks).hang_up().written()


def _keep(runtime: Runtime, call_sid: str, said: LeftMessage) -> None:
    call_id, now = Caller.of(call_sid).call_id, runtime.clock()
    with runtime.sessions() as session:
        left_for_desk.keep_message(session, call_id, said.recording_sid, said.seconds, now)
        session.commit()
    runtime.bell.ring()


def _escalated(runtime: Runtime, call_sid: str, cause: EscalationCause, where: str) -> bytes:
    caller, language = Caller.of(call_sid), view(runtime, call_sid).language
    escalate(runtime, caller, cause, f"message:{where}")
    return written(runtime, caller, [Escalate(cause, say(runtime, "connecting_911", language))])


def _back(runtime: Runtime, call_sid: str, sentence: str, moved: MoveUp | None = None) -> bytes:
    """Into the line again, where they stood, or more urgent."""
    persistently(partial(leaving_line.back_in_line, runtime, call_sid, moved))
    document = waiting_documents.document(runtime)
    document.say(*say(runtime, sentence, view(runtime, call_sid).language))
    return join_line(document, runtime, Caller.of(call_sid)).written()


def _tone(document: Document, runtime: Runtime, call_sid: str) -> Document:
    addresses = runtime.addresses
    end = addresses.voice(f"/voice/message/{call_sid}/{DONE}")
    return document.record(end, addresses.recorded(call_sid, STEP), LONGEST_SECONDS)


def _at(runtime: Runtime, call_sid: str, window: Window) -> str:
    return runtime.addresses.voice(f"/voice/message/{call_sid}/{window.value}")


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)
