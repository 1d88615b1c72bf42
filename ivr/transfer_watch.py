"""The moments at which a warm transfer must be looked after, whoever else is gone.

Lost callbacks, dead processes and silent destinations all come to light here: by asking the
telephone company, by counting who is in the room. It decides nothing that the machine does not.
"""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from ivr import call_end, record, room_watch, spool, transfer_rows
from ivr.dial_rows import rings_until, watch_ringing
from ivr.errors import GatewayError
from ivr.rules import transfer, transfer_room
from ivr.rules.transfer import TransferEvent
from ivr.rules.transfer_room import Caller, Room
from ivr.runtime import Runtime
from ivr.transfer_rows import Effect, EffectKind, room_now
from ivr.warm_transfer import LEG_EVENTS, UP, act, catch_up, dial_attempt, learn
from models.call import Call
from models.escalation import Escalation, EscalationAttempt
from models.states import CallPhase, DeadlineKind, TransferState

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 2.0
LEFT_BEHIND_SECONDS = 600.0
"""How long after its end a call is looked after."""
LONGEST_CALL = timedelta(days=1)
"""No call lasts so long: the look at those that ended stays within the newest."""


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
            runtime.dialler.submit(_look_at_ringing, runtime, attempt_id, call.id)
            return
    if attempt.state is TransferState.REQUESTED:
        _again(runtime, DeadlineKind.PSAP_RINGS_OUT, attempt_id, call.id)  # it may be under way
        _dial_unless_rung(runtime, attempt)
    elif attempt.state in transfer.CALLING:
        learn(runtime, attempt_id, _asked_after(runtime, attempt.call_sid))
        call_end.settle(runtime, call.id)


def _dial_unless_rung(runtime: Runtime, attempt: EscalationAttempt) -> None:
    """Dial what nobody has dialled. What the disk alone knows was dialled is written, never dialled again.

    Its label keeps it from ringing twice only while it rings: one that has hung up since would ring anew.
    """
    catch_up(runtime)
    if spool.has_rung(runtime.spool, attempt.escalation_id, attempt.n):
        log.warning("dial_not_written_yet", escalation_id=attempt.escalation_id, n=attempt.n)
        return
    dial_attempt(runtime, attempt.id)


def _look_at_ringing(runtime: Runtime, attempt_id: str, call_id: str) -> None:
    """Beside the other deadlines: a leg that rings no more is not waited for to the end of its time."""
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
    event = _heard_of(runtime, attempt.call_sid) if attempt else None
    if event is not None and event is not TransferEvent.PSAP_RANG:
        learn(runtime, attempt_id, event)
        call_end.settle(runtime, call_id)


def _asked_after(runtime: Runtime, call_sid: str | None) -> TransferEvent:
    """What the telephone company says of a leg whose ring time is over; silence rings out."""
    event = _heard_of(runtime, call_sid)
    if event is None or event is TransferEvent.PSAP_RANG:
        return TransferEvent.RANG_OUT
    return event


def _heard_of(runtime: Runtime, call_sid: str | None) -> TransferEvent | None:
    """What the telephone company says of a leg that we heard nothing of; None when it says nothing."""
    try:
        view = runtime.gateway.leg(call_sid) if call_sid else None
    except GatewayError:
        return None
    return LEG_EVENTS.get(view.status) if view else None


def check_unattended(runtime: Runtime, attempt_id: str) -> None:
    """20 s after 911 answered: both legs connected and nobody else there means they have it.

    Raises:
        GatewayError: nobody says whether both are; the look falls due again.
    """
    found = _talking(runtime, attempt_id)
    if found is None:
        return
    call, room = found
    if room.caller is not Caller.GONE and _is_over(runtime, call.call_sid):
        call_end.leg_ended(runtime, call.call_sid)
    elif transfer_room.has_the_caller(room):
        learn(runtime, attempt_id, TransferEvent.UNATTENDED_ELAPSED)


def check_empty_chair(runtime: Runtime, attempt_id: str) -> None:
    """20 s after 911 answered with the caller gone: nobody came, so 911 is told by a document.

    A caller who is there without a report of it is never spoken over: they are looked for first.

    Raises:
        GatewayError: nobody says who is there; the look falls due again.
    """
    found = _talking(runtime, attempt_id)
    if found is None:
        return
    call, room = found
    if room.caller is Caller.GONE and room.coming:
        _again(runtime, DeadlineKind.EMPTY_CHAIR, attempt_id, call.id)
    elif transfer_room.is_empty_chair(room):
        room_watch.check_place(runtime, call.id)
        learn_if(runtime, attempt_id, TransferEvent.EMPTY_CHAIR_ELAPSED)


def learn_if(runtime: Runtime, attempt_id: str, event: TransferEvent) -> None:
    """Take the end of the empty chair in, if after the look it is still empty; then settle the call."""
    found = _room_of(runtime, attempt_id)
    if found is not None and transfer_room.is_empty_chair(found[1]):
        learn(runtime, attempt_id, event)
        call_end.settle(runtime, found[0].id)


def _talking(runtime: Runtime, attempt_id: str) -> tuple[Call, Room] | None:
    """The call and who is there, while 911's leg really is up: the report that it left may be lost."""
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        if attempt is None or attempt.state not in transfer.TALKING:
            return None
    found = _room_of(runtime, attempt_id)
    if found is None or attempt.call_sid is None or not _is_over(runtime, attempt.call_sid):
        return found
    learn(runtime, attempt_id, TransferEvent.PSAP_LEFT)
    call_end.settle(runtime, found[0].id)
    return None


def _room_of(runtime: Runtime, attempt_id: str) -> tuple[Call, Room] | None:
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        escalation = session.get(Escalation, attempt.escalation_id) if attempt else None
        call = session.get(Call, escalation.call_id) if escalation else None
        return None if call is None else (call, room_now(session, call))


def _is_over(runtime: Runtime, call_sid: str) -> bool:
    """Ask for a leg; one that is unknown there says nothing."""
    view = runtime.gateway.leg(call_sid)
    return view is not None and view.status in LEG_EVENTS and view.status not in UP


def _again(runtime: Runtime, kind: DeadlineKind, subject: str, call_id: str) -> None:
    due = runtime.clock() + timedelta(seconds=AGAIN_SECONDS)
    with runtime.sessions() as session:
        record.set_deadline(session, kind, subject, call_id, due)
        session.commit()


def look_after_the_ended(runtime: Runtime, now: datetime) -> int:
    """End again what the end of a call should have ended: a request was refused, or a process died.

    911 legs whose briefing was not spoken hear it; rooms in which somebody was left are ended. Returns
    how many calls were looked after.
    """
    with runtime.reading() as session:
        since = now - timedelta(seconds=LEFT_BEHIND_SECONDS)
        ended = list(
            session.execute(
                select(Call.id, Call.conference_sid)
                .where(Call.phase == CallPhase.ENDED, Call.ended_at.between(since, now))
                .where(Call.started_at > since - LONGEST_CALL)
                .where(Call.conference_sid.is_not(None))
            )
        )
        open_rooms = [
            row.id for row in ended if not record.is_room_over(session, row.conference_sid)
        ]
        briefed = {call_id: transfer_rows.briefed(session, call_id) for call_id in open_rooms}
        told = {
            attempt
            for legs in briefed.values()
            for attempt in legs
            if record.is_known(session, transfer_rows.told(attempt))
        }
    for call_id in open_rooms:
        try:
            act(runtime, _left_behind(runtime, call_id, briefed[call_id], told))
        except GatewayError as refused:  # the others' legs may be asked after all the same
            log.warning("ended_call_not_asked_after", call_id=call_id, code=refused.code)
    return len(open_rooms)


def _left_behind(
    runtime: Runtime, call_id: str, briefed: Mapping[str, str], told: Set[str]
) -> list[Effect]:
    """`briefed`: 911 legs by attempt. One that is up and was not `told` hears it; who hears it stays."""
    up = [attempt for attempt, leg in briefed.items() if not _is_over(runtime, leg)]
    if up:
        untold = [attempt for attempt in up if attempt not in told]
        return [Effect(EffectKind.BRIEF_AND_END, call_id, attempt) for attempt in untold]
    return [Effect(EffectKind.END_ROOM, call_id, "")]
