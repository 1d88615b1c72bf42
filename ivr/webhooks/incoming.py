"""A call rings: `/voice/incoming`, the address of the line's number."""

import structlog
from flask import Blueprint, Response, request

from ivr.errors import UnknownCallError
from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.safe_menu import Stage
from ivr.turns import safe
from ivr.turns.opening import FIRST_STEP, open_call
from ivr.twiml import CONTENT_TYPE
from ivr.webhooks import form

log = structlog.get_logger(__name__)


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""

    @voice.post("/incoming")
    def incoming() -> Response:
        sid = form.call_sid(request.form)
        if sid is None:
            raise UnknownCallError("a call without a CallSid")
        return Response(_greeting(runtime, sid), content_type=CONTENT_TYPE)


def _greeting(runtime: Runtime, sid: str) -> bytes:
    """The menu's first words; the safe menu's when the call cannot be opened."""
    try:
        return open_call(runtime, form.ringing(request.form, sid))
    except Exception:
        log.exception("call_not_opened", call_sid=sid)
        silent = CallerInput(silent=True)
        return safe.answer(runtime, sid, FIRST_STEP, Stage.NOTHING, silent)
