"""The numbered steps of a call: `/voice/t/CALL/STEP`, and the safe menu's own address."""

import structlog
from flask import Blueprint, Response, request

from ivr.rules.menu import CallerInput
from ivr.runtime import Runtime
from ivr.safe_menu import Stage
from ivr.turns import safe
from ivr.turns.taking import NOTHING_MORE, Come, take, to_step
from ivr.twiml import CONTENT_TYPE
from ivr.webhooks import form
from models.faults import Fault, fault_of
from models.turn_store import TurnKey

log = structlog.get_logger(__name__)
_ASKED = {stage.value: stage for stage in Stage}


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post("/t/<call_sid>/<int:step>", defaults={"asked": Stage.NOTHING.value})
    @voice.post("/t/<call_sid>/<int:step>/<asked>")
    def turn(call_sid: str, step: int, asked: str) -> Response:
        form.require_place(call_sid, step)
        heard, fields = form.caller_input(request.form), request.form
        stage = _ASKED.get(asked, Stage.NOTHING)
        come = Come(form.call_token(fields), form.left_message(fields))
        document = taken(runtime, TurnKey(call_sid, step), heard, come, stage)
        return Response(document, content_type=CONTENT_TYPE)

    @voice.post("/safe/<call_sid>/<int:step>/<asked>")
    def safe_turn(call_sid: str, step: int, asked: str) -> Response:
        form.require_place(call_sid, step)
        heard = form.caller_input(request.form)
        stage = _ASKED.get(asked, Stage.OFFERED)
        document = safe.answer(runtime, call_sid, step, stage, heard)
        return Response(document, content_type=CONTENT_TYPE)


def taken(
    runtime: Runtime,
    key: TurnKey,
    heard: CallerInput,
    come: Come = NOTHING_MORE,
    stage: Stage = Stage.NOTHING,
) -> bytes:
    """The turn's answer; the safe menu's when the turn cannot be taken.

    A row held by another request (the first of two equal ones) is asked for again, unless the
    input speaks of danger: that is answered at once and stays one escalation.
    """
    try:
        return take(runtime, key, heard, come)
    except Exception as error:
        if fault_of(error) is Fault.BUSY and _can_wait(runtime, heard, stage):
            return to_step(runtime, key.call_sid, key.step)
        log.exception("turn_not_taken", call_sid=key.call_sid, step=key.step)
        return safe.answer(runtime, key.call_sid, key.step, stage, heard)


def _can_wait(runtime: Runtime, heard: CallerInput, stage: Stage) -> bool:
    return stage is Stage.NOTHING and not safe.speaks_of_danger(runtime, heard)
