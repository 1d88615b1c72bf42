"""The desk's orders about referrals: call somebody of the directory in, they have them, let them go."""

import re
from functools import partial

from flask import Blueprint, Response

from calltaker.answering import body, desk_state, text_of
from calltaker.desk import own_calls
from calltaker.doorway import door
from calltaker.errors import RefusedError
from calltaker.staff.guards import allowed, signed_in
from calltaker.staff.permissions import Permission
from ivr import referrals
from ivr.again import persistently
from ivr.referral_rows import Wanted

_HEX = re.compile(r"[0-9a-f]{32}")

referring = Blueprint("referring", __name__)


@referring.post("/desk/calls/<call_id>/referrals")
@allowed(Permission.ANSWER_CALLS)
def refer(call_id: str) -> Response:
    """Call an entry of the directory into the call; `consult` puts the caller on hold first."""
    sent = body()
    referral_id, consult = text_of(sent, "referral_id", longest=32), sent.get("consult", False)
    if not _HEX.fullmatch(referral_id) or not isinstance(consult, bool):
        raise RefusedError("The order has no proper form.", "Load the page again and repeat it.")
    destination, staff_id = text_of(sent, "destination", longest=40), signed_in().staff_id
    _own(call_id)
    wanted = Wanted(referral_id, call_id, staff_id, consult)
    persistently(partial(referrals.refer, door().runtime, wanted, destination))
    return desk_state()


@referring.post("/desk/calls/<call_id>/referrals/<referral_id>/accepted")
@allowed(Permission.ANSWER_CALLS)
def accepted(call_id: str, referral_id: str) -> Response:
    """They have said that they have the caller."""
    _own(call_id)
    staff_id, runtime = signed_in().staff_id, door().runtime
    persistently(partial(referrals.they_have_them, runtime, call_id, staff_id, referral_id))
    return desk_state()


@referring.post("/desk/calls/<call_id>/referrals/<referral_id>/cancel")
@allowed(Permission.ANSWER_CALLS)
def cancel(call_id: str, referral_id: str) -> Response:
    """Take the call back, or let them go."""
    _own(call_id)
    staff_id, runtime = signed_in().staff_id, door().runtime
    persistently(partial(referrals.cancel, runtime, call_id, staff_id, referral_id))
    return desk_state()


def _own(call_id: str) -> None:
    """Look whose call it is, in a transaction that is closed before the telephone is touched."""
    with door().runtime.reading() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
