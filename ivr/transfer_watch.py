"""The moments at which a warm transfer must be looked after, whoever else is gone.

Lost callbacks, dead processes and silent destinations all come to light here: by asking the
telephone company, by counting who is in the room. It decides nothing that the machine does not.
"""

from ivr.dial_rows import rings_until, watch_ringing
from ivr.errors import GatewayError
from ivr.rules import transfer
from ivr.rules.transfer import TransferEvent
from ivr.runtime import Runtime
from ivr.transfer_rows import is_there, legs_in_room
from ivr.warm_transfer import LEG_EVENTS, dial_attempt, learn
from models.call import Call
from models.escalation import Escalation, EscalationAttempt
from models.states import LegKind, TransferState


def check_ringing(runtime: Runtime, attempt_id: str) -> None:
    """The moment by which a destination should have been dialled, or should have answered."""
    now = runtime.clock()
    with runtime.sessions() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        escalation = session.get(Escalation, attempt.escalation_id) if attempt else None
        call = session.get(Call, escalation.call_id) if escalation else None
        if attempt is None or escalation is None or call is None:
            return
        ends = rings_until(runtime, escalation, attempt)
        if attempt.state in {TransferState.DIALLING, TransferState.RINGING} and now < ends:
            watch_ringing(session, runtime, call, escalation, attempt, now)
            session.commit()
            return
    if attempt.state is TransferState.REQUESTED:
        dial_attempt(runtime, attempt_id)
    elif attempt.state in transfer.CALLING:
        learn(runtime, attempt_id, _asked_after(runtime, attempt.call_sid))


def _asked_after(runtime: Runtime, call_sid: str | None) -> TransferEvent:
    """What the telephone company says of a leg that we heard nothing of; silence rings out."""
    try:
        view = runtime.gateway.leg(call_sid) if call_sid else None
    except GatewayError:
        view = None
    event = LEG_EVENTS.get(view.status) if view else None
    return TransferEvent.RANG_OUT if event in {None, TransferEvent.PSAP_RANG} else event


def check_unattended(runtime: Runtime, attempt_id: str) -> None:
    """20 s after 911 answered: both legs connected and nobody else there means they have it."""
    _if_room(runtime, attempt_id, TransferEvent.UNATTENDED_ELAPSED, caller=True)


def check_empty_chair(runtime: Runtime, attempt_id: str) -> None:
    """20 s after 911 answered with the caller gone: nobody came, so 911 is told by a document."""
    _if_room(runtime, attempt_id, TransferEvent.EMPTY_CHAIR_ELAPSED, caller=False)


def _if_room(runtime: Runtime, attempt_id: str, event: TransferEvent, *, caller: bool) -> None:
    """Take the event in, if no call-taker is there and the caller is there, or is not."""
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        escalation = session.get(Escalation, attempt.escalation_id) if attempt else None
        if escalation is None:
            return
        legs = legs_in_room(session, escalation.call_id)
        holds = is_there(legs, LegKind.CALLER) is caller and not is_there(legs, LegKind.CALL_TAKER)
    if holds:
        learn(runtime, attempt_id, event)
