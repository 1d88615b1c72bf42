"""The desk's orders about its telephones: register one, take a call with it, change over in a call."""

import re
from functools import partial

from flask import Blueprint, Response

from calltaker.answering import body, desk_state, one_commit, text_of
from calltaker.desk import desk_telephones, own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from ivr import desk_telephone
from ivr.again import persistently
from ivr.desk_telephone import Wanted
from models.states import DeskDevice

_HEX = re.compile(r"[0-9a-f]{32}")

switching = Blueprint("switching", __name__)


@switching.post("/desk/desk-telephone")
@allowed(Permission.ANSWER_CALLS)
def register() -> Response:
    """Keep this person's own desk telephone, until somebody approves it; empty takes it away."""
    number = text_of(body(), "number", longest=desk_telephones.LONGEST_NUMBER)
    runtime = door().runtime
    with one_commit() as session:
        now, staff_id = runtime.clock(), signed_in().staff_id
        desk_telephones.register(session, runtime.keyring, runtime.city, staff_id, number, now)
    return desk_state()


@switching.post("/desk/offers/<offer_id>/desk-telephone")
@allowed(Permission.ANSWER_CALLS)
def take_offer(offer_id: str) -> Response:
    """Ring the desk telephone for a call that this person has accepted."""
    wanted = _wanted(DeskDevice.DESK_TELEPHONE)
    with door().runtime.reading() as session:
        own_calls.own_offer(session, offer_id, wanted.staff_id)
    persistently(partial(desk_telephone.take_offer, door().runtime, offer_id, wanted))
    return desk_state()


@switching.post("/desk/calls/<call_id>/telephone")
@allowed(Permission.ANSWER_CALLS)
def switch(call_id: str) -> Response:
    """Change over to the other telephone; nobody leaves before the other one is in the room."""
    with door().runtime.reading() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
    device = body().get("device")
    if device not in list(DeskDevice):
        raise RefusedError("There is no such telephone.", "Load the page again and repeat it.")
    wanted = _wanted(DeskDevice(device))
    persistently(partial(desk_telephone.switch, door().runtime, call_id, wanted))
    return desk_state()


@switching.post("/desk/telephone/<switch_id>/cancel")
@allowed(Permission.ANSWER_CALLS)
def cancel(switch_id: str) -> Response:
    """Stop ringing the other telephone."""
    staff_id = signed_in().staff_id
    persistently(partial(desk_telephone.cancel, door().runtime, switch_id, staff_id))
    return desk_state()


def _wanted(device: DeskDevice) -> Wanted:
    switch_id = text_of(body(), "switch_id", longest=32)
    if not _HEX.fullmatch(switch_id):
        raise RefusedError("The order has no proper form.", "Load the page again and repeat it.")
    return Wanted(switch_id, signed_in().staff_id, device)
