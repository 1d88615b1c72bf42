"""Ringing somebody of the directory into a call's room, and letting them go, at the telephone company.

Decides nothing: the rows say whether they are wanted, and what came of it is handed back to them.
"""

import structlog

from ivr import psap_dial, record, referral_rows
from ivr.errors import AlreadyEndedError, GatewayError
from ivr.psap_dial import Order, Refused
from ivr.runtime import Runtime
from ivr.transfer_rows import Effect
from models.call import Call
from models.referral import Referral
from models.states import ReferralState

log = structlog.get_logger(__name__)


def dial(runtime: Runtime, referral_id: str) -> list[Effect]:
    """Ring them, if they are wanted still; twice is refused by the label. Returns what follows."""
    with runtime.reading() as session:
        row = session.get(Referral, referral_id)
        call = session.get(Call, row.call_id) if row else None
        if row is None or call is None or row.state is not ReferralState.REQUESTED:
            return []
        order = _order(runtime, call, row)
    outcome = Refused(None) if order is None else psap_dial.ring(runtime.gateway, order)
    with runtime.sessions() as session:
        locked = record.lock_call(session, call.id)
        fresh = session.get(Referral, referral_id, populate_existing=True)
        if locked is None or fresh is None:
            return []
        now = runtime.clock()
        effects = referral_rows.dialled(session, locked, fresh, outcome, now)
        session.commit()
    runtime.bell.ring()
    return effects


def _order(runtime: Runtime, call: Call, row: Referral) -> Order | None:
    """What the telephone company is asked for; None when the city has since taken the entry out.

    They are shown the line's own number: a crisis line or a utility calls back whom it was called by.
    """
    entry = runtime.city.directory.get(row.destination)
    if entry is None:
        return None
    addresses = runtime.addresses
    return Order(
        room_name=call.room,
        conference_sid=call.conference_sid,
        to=entry.number,
        label=referral_rows.label(row.id),
        ring_seconds=entry.ring_seconds,
        line_number=runtime.city.line_number,
        conference_callback=addresses.room_events(call.id),
        leg_callback=addresses.callback(f"/voice/referral/{row.id}"),
    )


def hang_up(runtime: Runtime, referral_id: str) -> None:
    """End their leg, or cancel it while it rings; one whose Sid is not known is looked up by its label."""
    with runtime.reading() as session:
        row = session.get(Referral, referral_id)
        call = session.get(Call, row.call_id) if row else None
    if row is None or call is None:
        return
    try:
        leg = row.call_sid or runtime.gateway.find_in_room(
            call.conference_sid or call.room, referral_rows.label(row.id)
        )
        if leg is not None:
            runtime.gateway.hang_up(leg)
    except AlreadyEndedError:
        log.info("referral_gone_before_hang_up", referral_id=referral_id)
    except GatewayError as refused:
        log.warning("referral_not_hung_up", referral_id=referral_id, code=refused.code)
        raise
