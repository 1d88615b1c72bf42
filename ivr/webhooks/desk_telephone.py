"""`/voice/desk-telephone/SWITCH/N`: what a call-taker hears on their desk telephone. Only a 1 enters the room.

N counts the sentences; each is answered at the next one's address. An answering machine presses
nothing: after the last sentence the telephone is put down.
"""

from functools import partial

import structlog
from flask import Blueprint, Response, request

from ivr import desk_telephone
from ivr.again import persistently
from ivr.rules.actions import Listen, Say
from ivr.runtime import Runtime
from ivr.twiml import CONTENT_TYPE, Document
from ivr.waiting_line import Proved
from ivr.webhooks import following, form, room_documents
from models.states import Language

log = structlog.get_logger(__name__)

KEY_SECONDS = 4.0
TAKE = "1"


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the addresses to the blueprint."""

    @voice.post("/desk-telephone/<switch_id>/<int:n>")
    def desk_telephone_rings(switch_id: str, n: int) -> Response:
        document = _answered(runtime, form.hex_id(switch_id), n)
        return Response(document, content_type=CONTENT_TYPE)

    @voice.post("/desk-telephone/<switch_id>/events")
    def desk_telephone_leg(switch_id: str) -> Response:
        sid, status = form.call_sid(request.form), form.field(request.form, "CallStatus")
        if sid is not None:
            report = partial(desk_telephone.reported, runtime, form.hex_id(switch_id), sid, status)
            persistently(report)
        nothing = Document(runtime.city.languages).written()
        return Response(nothing, content_type=CONTENT_TYPE)


def _answered(runtime: Runtime, switch_id: str, n: int) -> bytes:
    sid = form.call_sid(request.form)
    if sid is None or not desk_telephone.is_rung(runtime, switch_id):
        return room_documents.softphone_refused(runtime)
    if form.field(request.form, "Digits") == TAKE:
        return _taken(runtime, switch_id, sid)
    if n > desk_telephone.PROMPTS:
        return room_documents.hang_up(runtime)
    sentence = Say(runtime.city.sentences.say("desk_telephone_rings", Language.EN), Language.EN)
    listen = Listen((sentence,), True, False, Language.EN, KEY_SECONDS)
    action = runtime.addresses.voice(f"/voice/desk-telephone/{switch_id}/{n + 1}")
    return Document(runtime.city.languages).listen(listen, action).written()


def _taken(runtime: Runtime, switch_id: str, sid: str) -> bytes:
    """They are there: the caller follows out of the line, or is in the room already."""
    proved = persistently(partial(desk_telephone.took, runtime, switch_id, sid))
    if not isinstance(proved, Proved):
        log.info("desk_telephone_refused", reason=proved.reason.value)
        return room_documents.softphone_refused(runtime)
    following.follow(runtime, proved)
    label = desk_telephone.label_of(runtime, switch_id)
    return room_documents.call_taker_enters(runtime, proved, label)
