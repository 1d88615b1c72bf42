"""The deeds of a warm transfer to 911: intent, dial, next destination, acceptance, briefing.

The pure machine decides (`ivr.rules.transfer`), `ivr.transfer_rows` writes, this module speaks to the
telephone company. The intent is written within 150 ms or spooled, and the dial goes out: nothing
else stands before it, neither packet nor place, nor offers, nor Redis.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial

import structlog

from ivr import (
    caller_leg,
    psap_dial,
    record,
    referral_dial,
    referral_rows,
    ring_in,
    spool,
    spool_replay,
    transfer_rows,
    waiting_line,
)
from ivr.again import persistently
from ivr.briefing import briefing_document, save_snapshot
from ivr.dial_rows import find_attempt, note_ringing, watch_ringing
from ivr.errors import AlreadyEndedError, GatewayError
from ivr.psap_dial import Refused, Ringing
from ivr.rules import transfer
from ivr.rules.referral import ReferralEvent
from ivr.rules.transfer import TransferEvent
from ivr.runtime import Runtime
from ivr.transfer_intent import Intent, intent_for, keep, spooled_intent, write_intent
from ivr.transfer_rows import Effect, EffectKind
from models.call import Call, Leg
from models.escalation import Escalation, EscalationAttempt
from models.states import (
    CallPhase,
    DeadlineKind,
    EscalationCause,
    TransferState,
)

log = structlog.get_logger(__name__)

HANG_UP_TRIES = 3
"""For a device that was left: refused each time, the one who holds it puts it down."""

CONNECTING_SECONDS = 8.0
"""A caller may listen this long to the sentence before they are in the room."""

SAME_DIAL_SECONDS = 2.0
"""Two who dial one attempt within this time are a slow one and whoever looked after it."""
DIAL_TAKES_SECONDS = 12.0
"""So long its requests may be under way: whoever died meanwhile is followed, whoever is slow is not."""

LEG_EVENTS: dict[str, TransferEvent] = {
    "ringing": TransferEvent.PSAP_RANG,
    "in-progress": TransferEvent.PSAP_ANSWERED,
    "busy": TransferEvent.PSAP_BUSY,
    "no-answer": TransferEvent.RANG_OUT,
    "failed": TransferEvent.PSAP_FAILED,
    "canceled": TransferEvent.PSAP_FAILED,
    "completed": TransferEvent.PSAP_LEFT,
}
"""The telephone company's words for a leg. `queued` and `initiated` say nothing new."""
UP = frozenset({"queued", "initiated", "ringing", "in-progress"})
"""Those of a leg that is not over."""


def escalate(
    runtime: Runtime, call_id: str, cause: EscalationCause, actor: str, escalation_id: str
) -> None:
    """Dial 911 into the call's live room, in this thread.

    The same escalation again, or another while one is open, dials nothing. `actor` is `caller`,
    `line` or a staff id. Never raises what the database or the telephone company may raise: the
    worst case is a spooled intent and a dial with what is known.
    """
    written = write_intent(runtime, call_id, cause, actor, escalation_id)
    if written is False:
        return
    first_here = spool.claim(runtime.spool, call_id, runtime.clock())
    if written is None and not first_here:  # the database cannot tell who was first: the disk does
        log.error("escalation_rings_already", call_id=call_id, escalation_id=escalation_id)
        return
    intent = written or spooled_intent(runtime, call_id, cause, actor, escalation_id)
    runtime.dialler.submit(_quietly, persistently, partial(_open_the_chair, runtime, call_id))
    in_doubt = written is None or not (first_here or spool.is_empty(runtime.spool))
    _ring_on(runtime, intent, look_first=in_doubt)
    _quietly(save_snapshot, runtime, escalation_id)
    _quietly(runtime.bell.ring)


def dial_attempt(runtime: Runtime, attempt_id: str) -> None:
    """Dial an attempt that stands written; dialling it twice is refused by its label.

    Where one given up as silent has answered meanwhile, nothing is dialled beside it.
    """
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        if attempt is None or attempt.state is not TransferState.REQUESTED:
            return
        states = {each.state for each in transfer_rows.attempts_of(session, attempt.escalation_id)}
        intent = intent_for(runtime, session, attempt)
    if states & transfer.TALKING:
        learn(runtime, attempt_id, TransferEvent.DIAL_REFUSED)
    elif intent is not None:
        _ring_on(runtime, intent, look_first=intent.n == 1)


def _ring_on(runtime: Runtime, first: Intent, *, look_first: bool) -> None:
    """Ring until something rings, a later report goes on, or every destination was tried.

    `look_first`: whether somebody else rang 911 for this call is not known for certain; a 911 leg that
    is in the room already is taken for the one that was to be dialled.
    """
    intent: Intent | None = first
    outcome: Ringing | Refused | None = None
    if look_first:
        outcome = psap_dial.already_rung(runtime.gateway, first.order(runtime))
    while intent is not None:
        if outcome is None and not _is_our_turn(runtime, intent):
            return
        outcome = outcome or psap_dial.ring(runtime.gateway, intent.order(runtime))
        try:
            effects = _write_outcome(runtime, intent, outcome)
        except Exception:  # whatever the database raises: the dial has gone out
            log.exception("dial_unwritten", escalation_id=intent.escalation_id, n=intent.n)
            intent, outcome = _spool_outcome(runtime, intent, outcome), None
            continue
        again = [effect for effect in effects if effect.kind is EffectKind.DIAL]
        act(runtime, [effect for effect in effects if effect not in again])
        intent, outcome = _next_intent(runtime, again), None


def _is_our_turn(runtime: Runtime, intent: Intent) -> bool:
    """Whether nobody else on this machine has dialled this very attempt a moment ago, or is at it.

    The label keeps it from ringing twice only while it rings: a busy one is gone within the second.
    """
    label, now = intent.order(runtime).label, runtime.clock()
    return spool.claim(runtime.spool, label, now, SAME_DIAL_SECONDS, DIAL_TAKES_SECONDS)


def _next_intent(runtime: Runtime, dials: Sequence[Effect]) -> Intent | None:
    for effect in dials:
        with runtime.reading() as session:
            attempt = session.get(EscalationAttempt, effect.attempt_id)
            if attempt is not None:
                return intent_for(runtime, session, attempt)
    return None


def _write_outcome(runtime: Runtime, intent: Intent, outcome: Ringing | Refused) -> list[Effect]:
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, intent.call_id)
        found = find_attempt(session, intent.escalation_id, intent.n)
        if call is None or found is None:
            raise LookupError("the intent is in the spool")
        escalation, attempt = found
        if isinstance(outcome, Ringing):
            note_ringing(session, call, attempt, outcome)
            watch_ringing(session, runtime, call, escalation, attempt, now)
            event = TransferEvent.DIAL_SENT
        else:
            attempt.twilio_code = outcome.code
            event = TransferEvent.DIAL_REFUSED
        effects = transfer_rows.apply(session, call, escalation, attempt, event, now)
        session.commit()
    return effects


def _spool_outcome(runtime: Runtime, intent: Intent, outcome: Ringing | Refused) -> Intent | None:
    """Without the database: keep what became of the dial on the disk, and go on by the list."""
    line = {"kind": "outcome", "escalation": intent.escalation_id, "n": intent.n}
    keep(runtime, line | asdict(outcome) | {"rings": isinstance(outcome, Ringing)})
    follower = None if isinstance(outcome, Ringing) else intent.following()
    if follower is None and not isinstance(outcome, Ringing):
        spool.release(runtime.spool, intent.call_id)
    if follower is not None:
        more = {"kind": "attempt", "n": follower.n, "destination": follower.destination}
        keep(runtime, line | more)
    return follower


def _open_the_chair(runtime: Runtime, call_id: str) -> None:
    """Beside the dial: the call leaves the line, a held caller hears us, everybody is offered it."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or call.phase is CallPhase.ENDED:
            return
        held, call.hold_since, call.phase = call.hold_since, None, CallPhase.ROOM
        if held is not None:  # refused or overtaken, it is ended again: 911 must not meet silence
            due = now + timedelta(seconds=caller_leg.RETRY_SECONDS)
            record.set_deadline(session, DeadlineKind.HOLD_ENDS, call_id, call_id, due)
        waiting_line.move_out(session, call_id, now)
        waiting_line.offer_waiting(session, now, runtime.new_id)
        caller_leg.watch(session, call, runtime, CONNECTING_SECONDS)
        effects = referral_rows.tell_all(session, call, ReferralEvent.EMERGENCY_BEGAN, now)
        session.commit()
    act(runtime, effects)
    if held is not None and call.conference_sid is not None:
        _quietly(runtime.gateway.hold, call.conference_sid, call.call_sid, None)
    runtime.bell.ring()


def learn(runtime: Runtime, attempt_id: str, event: TransferEvent) -> None:
    """Take in something that became known about one attempt, and do what follows."""
    now = runtime.clock()
    with runtime.sessions() as session:
        attempt = session.get(EscalationAttempt, attempt_id)
        escalation = session.get(Escalation, attempt.escalation_id) if attempt else None
        if attempt is None or escalation is None:
            return
        call = record.lock_call(session, escalation.call_id)
        if call is None:
            return
        session.refresh(attempt)
        session.refresh(escalation)
        call.heard_at = now
        effects = transfer_rows.apply(session, call, escalation, attempt, event, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()


def leg_reported(
    runtime: Runtime, escalation_id: str, n: int, call_sid: str, status: str
) -> str | None:
    """A status callback of 911's leg; returns the call's id, or None when nobody knows the attempt.

    The leg may be reported before REST answered the dial, and before its spooled intent was written.
    """
    call_id = _take_report(runtime, escalation_id, n, call_sid, status)
    if call_id is None:
        catch_up(runtime)
        call_id = _take_report(runtime, escalation_id, n, call_sid, status)
    if call_id is None:
        log.warning("report_of_unknown_attempt", escalation_id=escalation_id, n=n)
    return call_id


def _take_report(
    runtime: Runtime, escalation_id: str, n: int, call_sid: str, status: str
) -> str | None:
    with runtime.sessions() as session:
        found = find_attempt(session, escalation_id, n)
        if found is None:
            return None
        escalation, attempt = found
        call = record.lock_call(session, escalation.call_id)
        if attempt.call_sid not in {
            None,
            call_sid,
        }:  # dialled anew since: it says nothing of that leg
            log.info("report_of_an_earlier_leg", escalation_id=escalation_id, n=n)
            return escalation.call_id
        if call is not None and attempt.call_sid is None:
            note_ringing(session, call, attempt, Ringing(call_sid, None, number_shown=False))
        session.commit()
    event = LEG_EVENTS.get(status)
    if event is not None:
        learn(runtime, attempt.id, event)
    return escalation.call_id


def act(runtime: Runtime, effects: Sequence[Effect]) -> None:
    """Do what follows a commit, on the dialler's threads."""
    for effect in effects:
        runtime.dialler.submit(_quietly, _do, runtime, effect)


def _do(runtime: Runtime, effect: Effect) -> None:
    match effect.kind:
        case EffectKind.DIAL:
            dial_attempt(runtime, effect.attempt_id)
        case EffectKind.RING_HUMAN_LINE:
            ring_in.human_line(runtime, effect.call_id, effect.attempt_id)
        case EffectKind.CALL_CALLER_BACK:
            ring_in.caller_back(runtime, effect.call_id)
        case EffectKind.BRIEF_AND_END:
            _brief_and_end(runtime, effect)
        case EffectKind.TELL_CALLER:
            caller_leg.to_front(runtime, effect.call_id, "psap_ended")
        case EffectKind.SAY_IT_FAILED:
            caller_leg.to_front(runtime, effect.call_id, "human_line_unanswered")
        case EffectKind.END_ROOM:
            _end_room(runtime, effect.call_id)
        case EffectKind.DIAL_REFERRAL:
            act(runtime, referral_dial.dial(runtime, effect.attempt_id))
        case EffectKind.HANG_UP_REFERRAL:
            persistently(partial(referral_dial.hang_up, runtime, effect.attempt_id))
        case EffectKind.HANG_UP_LEG:
            _hang_up_leg(runtime, effect.attempt_id)


def _hang_up_leg(runtime: Runtime, leg_id: str) -> None:
    """End the device that a call-taker has left for another one."""
    with runtime.reading() as session:
        leg = session.get(Leg, leg_id)
    if leg is None or leg.left_at is not None:
        return
    for _ in range(HANG_UP_TRIES):
        try:
            runtime.gateway.hang_up(leg.call_sid)
        except AlreadyEndedError:
            log.info("leg_gone_before_hang_up", call_id=leg.call_id)
        except GatewayError as refused:
            log.warning("leg_not_hung_up", call_id=leg.call_id, code=refused.code)
            continue
        return


def _brief_and_end(runtime: Runtime, effect: Effect) -> None:
    """911 answered and nobody came: they hear place and number, and the leg ends."""
    with runtime.reading() as session:
        attempt = session.get(EscalationAttempt, effect.attempt_id)
        call = session.get(Call, effect.call_id)
        if attempt is None or call is None or attempt.call_sid is None:
            return
        document = briefing_document(runtime, session, call, attempt.answered_at)
    try:
        runtime.gateway.speak_and_end(attempt.call_sid, document)
    except GatewayError:
        runtime.gateway.speak_and_end(attempt.call_sid, document)
    with runtime.sessions() as session:
        record.is_first(session, transfer_rows.told(attempt.id), runtime.clock())
        session.commit()


def _end_room(runtime: Runtime, call_id: str) -> None:
    """End the room; while a destination that stays may be up, everybody else is let go by themselves.

    Once dialled, 911 is not taken back before it has had the caller: a silent destination rings on,
    and hears the briefing when it answers.
    """
    with runtime.reading() as session:
        call = session.get(Call, call_id)
        if call is None or call.conference_sid is None:
            return
        staying = transfer_rows.outlive_room(session, call_id)
    if not _still_up(runtime, staying):
        runtime.gateway.end_room(call.conference_sid)
        return
    for call_sid in runtime.gateway.labels_in_room(call.conference_sid).values():
        if call_sid not in staying:
            _quietly(runtime.gateway.hang_up, call_sid)


def _still_up(runtime: Runtime, legs: Iterable[str]) -> bool:
    """Say whether any of these legs is not over; one that cannot be asked after may be up."""
    try:
        views = [runtime.gateway.leg(call_sid) for call_sid in legs]
    except GatewayError:
        return True
    return any(view is not None and view.status in UP for view in views)


def _quietly(deed: Callable[..., object], *arguments: object) -> None:
    """Do what nothing else may fail by: on another thread, or beside the work itself."""
    try:
        deed(*arguments)
    except Exception:  # whatever it is, it is told and the call goes on
        log.exception("deed_failed", deed=getattr(deed, "__name__", "?"))


def catch_up(runtime: Runtime) -> None:
    """Write the spool before a report of what stands in it; the minder may be at it too, and do it."""
    _quietly(replay_spool, runtime)


def replay_spool(runtime: Runtime) -> int:
    """Write what the disk kept while the database was away; returns how many lines were new."""
    spool.sweep_claims(runtime.spool, runtime.clock())
    return spool_replay.replay(runtime)
