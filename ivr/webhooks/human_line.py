"""`/voice/human/CALL/TRY`: the staffed line outside was rung; answered or not, somebody decides.

Needs no database: the try is counted in the address. 9 dials 911 between two tries.
"""

from flask import Blueprint, Response, request

from ivr.rules.actions import Escalate, Listen
from ivr.rules.menu import asks_911
from ivr.runtime import Runtime
from ivr.turns import safe
from ivr.turns.caller import Caller
from ivr.turns.speaking import ring_human_line, written
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from models.states import EscalationCause

KEY_WINDOW_SECONDS = 2.0


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""

    @voice.post("/human/<call_sid>/<int:attempt>")
    def human(call_sid: str, attempt: int) -> Response:
        form.require_place(call_sid, attempt)
        document = _after(runtime, call_sid, attempt)
        return Response(document, content_type=CONTENT_TYPE)


def _after(runtime: Runtime, call_sid: str, attempt: int) -> bytes:
    fields = request.form
    if asks_911(form.caller_input(fields).digits or ""):
        return _escalated(runtime, call_sid, attempt)
    status = fields.get("DialCallStatus", "")
    if form.talked(fields):
        return safe.farewell(runtime)
    if status and attempt >= safe.HUMAN_LINE_TRIES:
        return _given_up(runtime)
    if status:
        return _between(runtime, call_sid, attempt + 1)
    return ring_human_line(Document(runtime.city.languages), runtime, call_sid, attempt).written()


def _between(runtime: Runtime, call_sid: str, attempt: int) -> bytes:
    """Say that nobody answered, hear whether it is an emergency, then ring again."""
    languages = runtime.city.languages
    listen = Listen(
        safe.everywhere(runtime, "human_line_unanswered"),
        keys=True,
        speech=False,
        language=next(iter(languages)),
        timeout_seconds=KEY_WINDOW_SECONDS,
    )
    return Document(languages).listen(listen, runtime.addresses.human(call_sid, attempt)).written()


def _escalated(runtime: Runtime, call_sid: str, attempt: int) -> bytes:
    caller = Caller.of(call_sid)
    escalate(runtime, caller, EscalationCause.KEY, f"human:{attempt}")
    sentence = safe.everywhere(runtime, "connecting_911")
    return written(runtime, caller, [Escalate(EscalationCause.KEY, sentence)])


def _given_up(runtime: Runtime) -> bytes:
    """Nobody answers at all: say what still helps, then let the caller go."""
    document = Document(runtime.city.languages)
    return document.say(*safe.everywhere(runtime, "human_line_gave_up")).hang_up().written()
