"""`/voice/voicemail/CALL/STEP`: a message is recorded for a caller.

What comes before the tone: 9, 0, star and words of danger go to the menu as at any prompt; whatever
else is said there was meant for the message, so the tone comes at once. When the file is there, the
telephone company says so: that is news, not a question.
"""

from functools import partial

from flask import Blueprint, Response, request

from ivr import left_for_desk
from ivr.again import persistently
from ivr.errors import UnknownCallError
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.turns import safe
from ivr.turns.caller import Caller
from ivr.turns.leaving import LeftMessage
from ivr.turns.speaking import record
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from ivr.webhooks.turn import taken
from models.turn_store import TurnKey

COMPLETED = "completed"
OF_THE_MENU = ("9", "0", "*")
LONGEST_SECONDS = 3_600
"""What Twilio records at most."""


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post("/voicemail/<call_sid>/<int:step>")
    def voicemail(call_sid: str, step: int) -> Response:
        form.require_place(call_sid, step)
        message, fields = form.left_message(request.form), request.form
        if message is not None and fields.get("RecordingStatus") == COMPLETED:
            call_id = Caller.of(call_sid).call_id
            persistently(partial(_kept, runtime, call_id, message))
        return _xml(Document(runtime.city.languages).written())

    @voice.post("/voicemail/<call_sid>/<int:step>/<int:longest>")
    def before_tone(call_sid: str, step: int, longest: int) -> Response:
        form.require_place(call_sid, step)
        if not 1 <= longest <= LONGEST_SECONDS:
            raise UnknownCallError("no such message")
        heard = form.caller_input(request.form)
        if _is_for_the_menu(runtime, heard):
            return _xml(taken(runtime, TurnKey(call_sid, step), heard))
        document = Document(runtime.city.languages)
        return _xml(record(document, runtime, call_sid, step, longest).written())


def _xml(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)


def _is_for_the_menu(runtime: Runtime, heard: CallerInput) -> bool:
    return (heard.digits or "").startswith(OF_THE_MENU) or safe.speaks_of_danger(runtime, heard)


def _kept(runtime: Runtime, call_id: str, message: LeftMessage) -> None:
    sid, seconds, now = message.recording_sid, message.seconds, runtime.clock()
    with runtime.sessions() as session:
        left_for_desk.keep_message(session, call_id, sid, seconds, now, file_is_there=True)
        session.commit()
    runtime.bell.ring()
