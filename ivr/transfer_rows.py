"""The rows of a warm transfer, moved by the pure machine; what must follow comes back as effects.

Functions take `session` first, never commit and never speak to the telephone company. Every caller
locks the call first, so two reports of one moment are applied one after the other, and the second
finds a state that no longer minds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import left_for_desk, record, referred, transfer_stamps, waiting_line
from ivr.psap_dial import LABEL
from ivr.rules import transfer
from ivr.rules.transfer import Command, TransferEvent
from ivr.rules.transfer_room import Caller, Room
from models.call import Call, Leg
from models.contact_fields import ContactField
from models.escalation import Escalation, EscalationAttempt
from models.line import Offer
from models.states import (
    CallPhase,
    DeadlineKind,
    EscalationCause,
    LegKind,
    LegState,
    OfferState,
    TransferState,
)

UNATTENDED_SECONDS = 20.0
EMPTY_CHAIR_SECONDS = 20.0
DIAL_SECONDS = 3.0
"""A dial not confirmed by then is looked up and sent again by whoever sweeps."""
ALONE_SECONDS = 2.0
"""A caller alone in a room for this long, for whatever cause, goes to the front of the line."""


class EffectKind(StrEnum):
    """What must be done at the telephone company after the commit."""

    DIAL = "dial"
    RING_HUMAN_LINE = "ring_human_line"
    CALL_CALLER_BACK = "call_caller_back"
    BRIEF_AND_END = "brief_and_end"
    TELL_CALLER = "tell_caller"
    SAY_IT_FAILED = "say_it_failed"
    END_ROOM = "end_room"
    DIAL_REFERRAL = "dial_referral"
    HANG_UP_REFERRAL = "hang_up_referral"
    HANG_UP_LEG = "hang_up_leg"


@dataclass(frozen=True, slots=True)
class Effect:
    """One deed for after the commit; `attempt_id` is the attempt (or referral, or leg) that it is about."""

    kind: EffectKind
    call_id: str
    attempt_id: str


def label(escalation_id: str, n: int) -> str:
    """The participant's label: the telephone company refuses one that is in use."""
    return f"{LABEL}{escalation_id}-{n}"


def open_escalation(
    session: Session,
    call: Call,
    escalation_id: str,
    cause: EscalationCause,
    actor: str,
    destinations: Sequence[str],
    now: datetime,
    *,
    spooled: bool = False,
) -> EscalationAttempt | None:
    """Write the intent and its first attempt; None when it is there, or another one is open."""
    known = session.get(Escalation, escalation_id)
    if known is not None or open_of(session, call.id) is not None:
        return None
    session.add(
        Escalation(
            id=escalation_id,
            call_id=call.id,
            cause=cause,
            actor=actor,
            jurisdiction=call.jurisdiction,
            destinations=list(destinations),
            state=TransferState.REQUESTED,
            requested_at=now,
            spooled=spooled,
        )
    )
    session.flush()
    record.note(
        session,
        call.id,
        "transfer_requested",
        now,
        actor,
        escalation=escalation_id,
        cause=cause.value,
    )
    record.fact(session, call.id, ContactField.TRANSFER_REQUESTED, now, actor=actor)
    record.fact(session, call.id, ContactField.DESTINATION_RECOMMENDED, now, destinations[0])
    record.tell_desks(session, "escalation_changed", now, call.id, escalation=escalation_id)
    return new_attempt(session, escalation_id, call.id, 1, destinations[0], now)


def new_attempt(
    session: Session, escalation_id: str, call_id: str, n: int, destination: str, now: datetime
) -> EscalationAttempt:
    """Write that a destination will be dialled, and the moment at which somebody looks after it."""
    attempt = EscalationAttempt(
        id=uuid4().hex,
        escalation_id=escalation_id,
        n=n,
        label=label(escalation_id, n),
        destination=destination,
        state=TransferState.REQUESTED,
        requested_at=now,
    )
    session.add(attempt)
    escalation = session.get(Escalation, escalation_id)
    if escalation is not None:
        escalation.attempt = n
    due = now + timedelta(seconds=DIAL_SECONDS)
    record.set_deadline(session, DeadlineKind.PSAP_RINGS_OUT, attempt.id, call_id, due)
    return attempt


def open_of(session: Session, call_id: str) -> Escalation | None:
    """The call's open transfer, if there is one."""
    return session.scalar(
        select(Escalation).where(Escalation.call_id == call_id, Escalation.ended_at.is_(None))
    )


def attempts_of(session: Session, escalation_id: str) -> list[EscalationAttempt]:
    """Every attempt, oldest first."""
    return list(
        session.scalars(
            select(EscalationAttempt)
            .where(EscalationAttempt.escalation_id == escalation_id)
            .order_by(EscalationAttempt.n)
        )
    )


def outlive_room(session: Session, call_id: str) -> set[str]:
    """Legs of 911 that stay when the call's room ends, as far as they are up: the silent, the briefed."""
    staying = set()
    for escalation_id in session.scalars(
        select(Escalation.id).where(Escalation.call_id == call_id)
    ):
        attempts = attempts_of(session, escalation_id)
        states = [attempt.state for attempt in attempts]
        staying |= {a.call_sid for a in attempts if transfer.outlives_room(a.state, states)}
    return {call_sid for call_sid in staying if call_sid is not None}


def briefed(session: Session, call_id: str) -> dict[str, str]:
    """Legs of 911 that were to hear the briefing, by attempt."""
    rows = session.execute(
        select(EscalationAttempt.id, EscalationAttempt.call_sid)
        .join(Escalation, Escalation.id == EscalationAttempt.escalation_id)
        .where(
            Escalation.call_id == call_id,
            EscalationAttempt.call_sid.is_not(None),
            EscalationAttempt.state == TransferState.CALLER_GONE,
        )
    )
    return {row.id: str(row.call_sid) for row in rows}


def told(attempt_id: str) -> str:
    """The inbox key of a briefing that began: spoken anew it would break off and begin again."""
    return f"briefed:{attempt_id}"


def current_attempt(session: Session, escalation: Escalation) -> EscalationAttempt:
    """The attempt that speaks for the transfer: the furthest live one, else the newest."""
    attempts = attempts_of(session, escalation.id)
    state = transfer.of_attempts([attempt.state for attempt in attempts])
    return next(attempt for attempt in reversed(attempts) if attempt.state is state)


def tell_room(session: Session, call: Call, event: TransferEvent, now: datetime) -> list[Effect]:
    """Apply something that happened in the room to the call's open transfer, if there is one."""
    escalation = open_of(session, call.id)
    if escalation is None:
        return []
    return apply(session, call, escalation, current_attempt(session, escalation), event, now)


def apply(
    session: Session,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    event: TransferEvent,
    now: datetime,
) -> list[Effect]:
    """Move one attempt by one event; the call is locked by the caller of this."""
    before = attempt.state
    step = transfer.advance(before, event)
    attempt.state = step.state
    if step.state is not before:
        transfer_stamps.stamp(session, call, escalation, attempt, event, now)
    if attempt.state in transfer.OVER:
        _close_leg(session, attempt, now)
    session.flush()
    effects: list[Effect] = []
    if before in transfer.OVER and attempt.state not in transfer.OVER:
        effects = _answered_after_all(session, call, escalation, attempt, now)
        if effects:
            return effects
    for command in step.commands:
        effects += _carry_out(session, call, escalation, attempt, command, now)
    _summarise(session, call, escalation, now)
    return effects


def _answered_after_all(
    session: Session, call: Call, escalation: Escalation, attempt: EscalationAttempt, now: datetime
) -> list[Effect]:
    """A destination given up as silent has answered: the caller is brought to it.

    After the call's end 911 hears the briefing instead, for nobody is left to bring.
    """
    attempt.ended_at = None
    if call.phase is CallPhase.ENDED:
        attempt.state, attempt.ended_at = TransferState.CALLER_GONE, now
        return [Effect(EffectKind.BRIEF_AND_END, call.id, attempt.id)]
    if open_of(session, call.id) is None:
        escalation.ended_at = None
    if call.phase is CallPhase.LINE:
        waiting_line.move_out(session, call.id, now)
        call.phase = CallPhase.ROOM
        record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call.id, call.id, now)
    return []


def _carry_out(
    session: Session,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    command: Command,
    now: datetime,
) -> list[Effect]:
    match command:
        case Command.DIAL_NEXT | Command.DIAL_ONCE_MORE:
            again = command is Command.DIAL_ONCE_MORE
            return _dial_again(session, call, escalation, attempt, now, once_more=again)
        case Command.CALL_CALLER_BACK:
            return [Effect(EffectKind.CALL_CALLER_BACK, call.id, attempt.id)]
        case Command.BRIEF_AND_END:
            return [Effect(EffectKind.BRIEF_AND_END, call.id, attempt.id)]
        case Command.TELL_CALLER:
            return [Effect(EffectKind.TELL_CALLER, call.id, attempt.id)]
        case Command.END_ROOM:
            return [Effect(EffectKind.END_ROOM, call.id, attempt.id)]
        case Command.WATCH_UNATTENDED:
            _watch(session, DeadlineKind.PSAP_UNATTENDED, attempt, call, now, UNATTENDED_SECONDS)
        case Command.WATCH_EMPTY_CHAIR:
            _watch(session, DeadlineKind.EMPTY_CHAIR, attempt, call, now, EMPTY_CHAIR_SECONDS)
        case Command.OFFER_ABOVE_ALL:
            waiting_line.offer_waiting(session, now, record.new_id)
        case Command.ALERT_SUPERVISOR:
            record.alert_supervisors(session, call.id, now, "call_taker_lost")
        case Command.OPEN_CALL_BACK_TASK:
            open_call_back_task(session, call.id, escalation.id, now)
        case Command.ALLOW_LEAVE | Command.WATCH_RINGING:
            pass  # the state itself allows it; the ring time is watched from the dial's own record
    return []


def _dial_again(
    session: Session,
    call: Call,
    escalation: Escalation,
    attempt: EscalationAttempt,
    now: datetime,
    *,
    once_more: bool,
) -> list[Effect]:
    """Choose and write the next attempt, unless another one is alive already or had the caller."""
    attempts = attempts_of(session, escalation.id)
    if not transfer.may_ring_another([each.state for each in attempts]):
        return []
    tried = [each.destination for each in attempts]
    chosen = transfer.next_destination(escalation.destinations, tried, once_more=once_more)
    if chosen is None:
        record.note(session, call.id, "transfer_failed", now, escalation=escalation.id)
        record.alert_supervisors(session, call.id, now, "transfer_failed")
        return [Effect(EffectKind.SAY_IT_FAILED, call.id, attempt.id)]
    n = attempts[-1].n + 1
    follower = new_attempt(session, escalation.id, call.id, n, chosen.destination, now)
    effects = [Effect(EffectKind.DIAL, call.id, follower.id)]
    if chosen.new_round:
        record.alert_supervisors(session, call.id, now, "no_destination_answered")
        effects.append(Effect(EffectKind.RING_HUMAN_LINE, call.id, follower.id))
    return effects


def open_call_back_task(session: Session, call_id: str, escalation_id: str, now: datetime) -> None:
    """Somebody must ring this caller: once a transfer, a task for every desk above all others."""
    if not record.is_first(session, f"call-back-task:{escalation_id}", now):
        return
    record.note(session, call_id, "call_back_task_opened", now, escalation=escalation_id)
    record.tell_desks(session, "call_back_task", now, call_id, escalation=escalation_id)
    left_for_desk.must_be_called_back(session, call_id, now)


def _close_leg(session: Session, attempt: EscalationAttempt, now: datetime) -> None:
    """The attempt is over: its leg no longer counts as somebody in the room."""
    if attempt.state is TransferState.CALLER_GONE:
        return  # 911 still hears the briefing
    leg = session.scalar(select(Leg).where(Leg.attempt_id == attempt.id, Leg.left_at.is_(None)))
    if leg is not None:
        leg.state, leg.left_at = LegState.LEFT, now


def _summarise(session: Session, call: Call, escalation: Escalation, now: datetime) -> None:
    """Bring the transfer's own state up to its attempts; it ends when none is alive."""
    state = transfer.of_attempts([each.state for each in attempts_of(session, escalation.id)])
    if state is not escalation.state:
        escalation.state = state
        record.tell_desks(session, "escalation_changed", now, call.id, escalation=escalation.id)
    if state in transfer.OVER and escalation.ended_at is None:
        end(session, call, escalation, now)


def end(session: Session, call: Call, escalation: Escalation, now: datetime) -> None:
    """Close the transfer: nobody is offered the empty chair any more."""
    escalation.ended_at = now
    if escalation.accepted_at is None:
        record.fact(session, call.id, ContactField.TRANSFER_ABANDONED, now)
    waiting_line.withdraw_chair(session, call.id, now)
    if call.phase is CallPhase.ROOM:  # what tells the caller lives in one process: this outlives it
        due = now + timedelta(seconds=ALONE_SECONDS)
        record.set_deadline(session, DeadlineKind.CALLER_ALONE, call.id, call.id, due)
    record.note(session, call.id, "transfer_ended", now, state=escalation.state.value)
    record.tell_desks(session, "escalation_changed", now, call.id, escalation=escalation.id)


def _watch(
    session: Session,
    kind: DeadlineKind,
    attempt: EscalationAttempt,
    call: Call,
    now: datetime,
    seconds: float,
) -> None:
    record.set_deadline(session, kind, attempt.id, call.id, now + timedelta(seconds=seconds))


def legs_in_room(session: Session, call_id: str) -> list[Leg]:
    """Everybody who is in the call's room now, as far as reported."""
    return list(
        session.scalars(select(Leg).where(Leg.call_id == call_id, Leg.state == LegState.IN_ROOM))
    )


def room_now(session: Session, call: Call) -> Room:
    """Who is there, as far as reported: what the room's own rules are asked with."""
    legs = legs_in_room(session, call.id)
    own = session.scalar(select(Leg.state).where(Leg.call_sid == call.call_sid))
    caller = Caller.GONE if own is LegState.LEFT else Caller.ELSEWHERE
    coming = select(Offer.id).where(Offer.call_id == call.id, Offer.state == OfferState.ACCEPTED)
    takers = sum(leg.kind is LegKind.CALL_TAKER for leg in legs)
    people = {leg.staff_id or leg.id for leg in legs if leg.kind is LegKind.CALL_TAKER}
    callers = sum(leg.kind is LegKind.CALLER for leg in legs)
    escalation = open_of(session, call.id)
    called = referred.open_of(session, call.id)
    helpers = referred.helpers(called)
    return Room(
        caller=Caller.IN_ROOM if callers else caller,
        call_takers=len(people),
        outside=len(legs) - takers - callers - sum(leg.call_sid in helpers for leg in legs),
        coming=session.scalar(coming.limit(1)) is not None,
        transfer=None if escalation is None else escalation.state,
        not_taken=any(referred.has_not_taken(each) for each in called),
        held=call.hold_since is not None,
    )


def is_there(legs: Sequence[Leg], kind: LegKind) -> bool:
    """Say whether a leg of this kind is among them."""
    return any(leg.kind is kind for leg in legs)
