"""What a room reports: who came, who left, who is held. Counted anew with every report.

Reports come doubled, late and in any order: each has one key in the inbox, and a leg's older report
never undoes a newer one. Being alone has one rule: a caller alone for 2 s, for any cause, goes to the
front of the line.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr import (
    call_backs,
    call_end,
    offers,
    record,
    referral_rows,
    ring_in,
    shift,
    transfer_rows,
    waiting_line,
)
from ivr.psap_dial import LABEL
from ivr.rules import transfer_room
from ivr.rules.referral import ReferralEvent
from ivr.rules.transfer import TransferEvent
from ivr.runtime import Runtime
from ivr.switching import has_another, joined
from ivr.transfer_rows import ALONE_SECONDS, Effect, EffectKind, is_there, legs_in_room, room_now
from ivr.warm_transfer import LEG_EVENTS, act, catch_up
from models.call import Call, Leg
from models.escalation import Escalation, EscalationAttempt
from models.line import Offer
from models.states import (
    CallPhase,
    DeadlineKind,
    LegKind,
    LegState,
    LineState,
    OfferState,
    PresenceState,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One report of a room. `key` names the fact in the inbox; `status` is the leg's own state."""

    key: str
    kind: str
    conference_sid: str
    sequence: int
    call_sid: str = ""
    label: str = ""
    status: str = ""


def take(runtime: Runtime, call_id: str, event: RoomEvent) -> None:
    """Take in one report; the same one again has no second effect.

    One of a 911 leg may overtake its spooled intent: that is written first.
    """
    if event.label.startswith(LABEL):
        _write_intent_of(runtime, event.label)
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, call_id)
        if call is None or not record.is_first(session, event.key, now):
            return
        call.heard_at = now
        effects = _applied(session, call, event, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()


def _write_intent_of(runtime: Runtime, label: str) -> None:
    with runtime.reading() as session:
        known = session.scalar(select(EscalationAttempt.id).where(EscalationAttempt.label == label))
    if known is None:
        catch_up(runtime)


def leg_over(runtime: Runtime, call_sid: str) -> None:
    """A telephone leg has ended, by its own report: the room's may be late, or lost."""
    now = runtime.clock()
    with runtime.sessions() as session:
        found = session.execute(
            select(Leg.call_id, Leg.kind).where(Leg.call_sid == call_sid)
        ).one_or_none()
        call = record.lock_call(session, found.call_id) if found else None
        leg = session.scalar(select(Leg).where(Leg.call_sid == call_sid))
        if call is None or leg is None or leg.kind is LegKind.CALLER:
            effects: list[Effect] | None = None
        else:
            effects = [] if leg.left_at else _leave(session, call, leg, "completed", now)
            session.commit()
    if effects is None:
        call_end.leg_ended(runtime, call_sid)
        return
    act(runtime, effects)
    runtime.bell.ring()


def found_in_room(runtime: Runtime, call_sid: str) -> None:
    """The telephone company says that a rung leg is in the room: the report was lost, or is late."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call_id = session.scalar(select(Leg.call_id).where(Leg.call_sid == call_sid))
        call = record.lock_call(session, call_id) if call_id else None
        leg = session.scalar(select(Leg).where(Leg.call_sid == call_sid))
        if call is None or leg is None or leg.state is not LegState.DIALLING:
            return
        effects = _come_in(session, call, leg, now)
        session.commit()
    act(runtime, effects)
    runtime.bell.ring()


def _applied(session: Session, call: Call, event: RoomEvent, now: datetime) -> list[Effect]:
    if record.is_room_over(session, event.conference_sid) or not _know_room(
        session, call, event, now
    ):
        return []  # a latecomer from a room that is not the call's any more
    match event.kind:
        case "participant-join":
            return _joined(session, call, event, now)
        case "participant-leave":
            return _left(session, call, event, now)
        case "participant-hold" | "participant-unhold":
            _held(session, call, event, now)
        case "participant-mute" | "participant-unmute":
            _muted(session, call, event)
        case "conference-end":
            return _ended(session, call, event, now)
    return []


def _know_room(session: Session, call: Call, event: RoomEvent, now: datetime) -> bool:
    """Learn the room's Sid from whichever report comes first; a new room counts from nothing.

    One name has one live room: somebody entering another one means that the one known is over.
    """
    if call.conference_sid not in {None, event.conference_sid}:
        if event.kind not in {"participant-join", "conference-start"}:
            return False
        record.is_first(session, record.room_over(call.conference_sid or ""), now)
        _forget_sequences(session, call.id)
    call.conference_sid = event.conference_sid
    return True


def _joined(session: Session, call: Call, event: RoomEvent, now: datetime) -> list[Effect]:
    leg = _leg_of(session, call, event, now)
    if leg is None or event.sequence <= leg.sequence:
        return []
    leg.sequence = event.sequence
    return _come_in(session, call, leg, now)


def _come_in(session: Session, call: Call, leg: Leg, now: datetime) -> list[Effect]:
    leg.state, leg.joined_at, leg.left_at = LegState.IN_ROOM, leg.joined_at or now, None
    session.flush()
    record.note(session, call.id, "room_joined", now, record.TWILIO, leg=leg.kind.value)
    effects: list[Effect] = []
    if call.phase is CallPhase.ENDED:
        return [] if leg.kind is LegKind.PSAP else [Effect(EffectKind.END_ROOM, call.id, "")]
    _belongs_in_room(session, call, leg, now)
    if leg.kind is LegKind.CALL_TAKER:
        event_of_it = TransferEvent.CALL_TAKER_JOINED
        effects = transfer_rows.tell_room(session, call, event_of_it, now)
        for other in joined(session, leg, now):
            effects.append(Effect(EffectKind.HANG_UP_LEG, call.id, other.id))
    if leg.kind is LegKind.REFERRAL:
        effects = _tell_referral(session, call, leg, ReferralEvent.ANSWERED, now)
    _take_over(session, call, now)
    return effects + recounted(session, call, now)


def _tell_referral(
    session: Session, call: Call, leg: Leg, event: ReferralEvent, now: datetime
) -> list[Effect]:
    row = referral_rows.of_leg(session, leg.label or "")
    return [] if row is None else referral_rows.apply(session, call, row, event, now)


def _belongs_in_room(session: Session, call: Call, leg: Leg, now: datetime) -> None:
    """Whoever is in the room makes it the call's place; an old report takes no caller out of the line."""
    in_line = call.phase is CallPhase.LINE and leg.kind is LegKind.CALLER
    if in_line and transfer_room.stays_in_line(room_now(session, call)):
        record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call.id, call.id, now)
        return
    if call.phase is CallPhase.LINE and leg.kind is LegKind.DESK_TELEPHONE:
        # The staffed line answers after all: it waits for a caller who waits for somebody.
        waiting_line.move_out(session, call.id, now)
        record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call.id, call.id, now)
    call.phase = CallPhase.ROOM


def _take_over(session: Session, call: Call, now: datetime) -> None:
    """Whoever accepted is there, and so is the caller, or 911: the claim is fulfilled.

    A resident who is being rung comes later than the call-taker.
    """
    legs = legs_in_room(session, call.id)
    somebody = is_there(legs, LegKind.CALLER) or transfer_rows.open_of(session, call.id) is not None
    somebody = somebody or call_backs.awaits_resident(session, call)
    for leg in legs:
        if leg.kind is LegKind.CALL_TAKER and leg.staff_id is not None and somebody:
            waiting_line.mark_taken(session, call, leg.staff_id, now)


def _left(session: Session, call: Call, event: RoomEvent, now: datetime) -> list[Effect]:
    leg = _leg_of(session, call, event, now)
    if leg is None or event.sequence <= leg.sequence:
        return []
    leg.sequence = event.sequence
    return _leave(session, call, leg, event.status, now)


def _leave(session: Session, call: Call, leg: Leg, status: str, now: datetime) -> list[Effect]:
    record.note(
        session, call.id, "room_left", now, record.TWILIO, leg=leg.kind.value, status=status
    )
    match leg.kind:
        case LegKind.CALLER:
            effects = _caller_left(session, call, leg, status, now)
        case LegKind.CALL_TAKER:
            effects = _call_taker_left(session, call, leg, now)
        case LegKind.PSAP:
            effects = _psap_left(session, call, leg, status, now)
        case LegKind.DESK_TELEPHONE:
            _gone(leg, now)
            effects = []
        case LegKind.REFERRAL:
            _gone(leg, now)
            effects = _tell_referral(session, call, leg, ReferralEvent.LEFT, now)
    session.flush()
    return effects + recounted(session, call, now)


def _caller_left(
    session: Session, call: Call, leg: Leg, status: str, now: datetime
) -> list[Effect]:
    """Hung up, or only out of the room: then their own document goes on.

    A late report of their coming may have said that they are in the room after we had sent them to
    the front of the line: who has left it and has a place that waits is in the line.
    """
    leg.on_hold = False
    if status != "completed":
        leg.state = LegState.ANSWERED
        place = waiting_line.active_entry(session, call.id)
        if place is not None and place.state is LineState.WAITING:
            call.phase = CallPhase.LINE
        return []
    return call_end.caller_gone(session, call, now)


def _call_taker_left(session: Session, call: Call, leg: Leg, now: datetime) -> list[Effect]:
    _gone(leg, now)
    session.flush()
    if has_another(session, leg):
        return []  # they have only changed the device
    lost = leg.leave_commanded_at is None and call.end_commanded_at is None
    _nobody_comes(session, call, leg, now)
    caller_there = not call_end.is_gone(session, call)
    if leg.staff_id is not None:
        after = PresenceState.AVAILABLE if lost and caller_there else PresenceState.WRAP_UP
        shift.finish_call(session, leg.staff_id, after, now)
    if lost and caller_there:
        record.note(session, call.id, "call_taker_lost", now, record.TWILIO, staff=leg.staff_id)
    room = room_now(session, call)
    event = transfer_room.when_call_taker_leaves(room, commanded=not lost)
    if event is None:
        return []
    if event is TransferEvent.CALL_TAKER_LOST and room.transfer is None:
        record.alert_supervisors(session, call.id, now, "call_taker_lost")
    effects = transfer_rows.tell_room(session, call, event, now)
    return effects + call_end.close_if_over(session, call, now)


def _nobody_comes(session: Session, call: Call, leg: Leg, now: datetime) -> None:
    """They were on their way and are gone: their claim ends with them, and the caller is looked for."""
    offer = session.get(Offer, leg.id)
    if offer is None or offer.state is not OfferState.ACCEPTED:
        return
    offers.free_reservation(session, offer, now)
    record.drop_deadline(session, DeadlineKind.JOIN_ENDS, offer.id, now)
    record.set_deadline(session, DeadlineKind.RETRY_REDIRECT, call.id, call.id, now)
    session.flush()


def _psap_left(session: Session, call: Call, leg: Leg, status: str, now: datetime) -> list[Effect]:
    _gone(leg, now)
    session.flush()
    attempt = session.get(EscalationAttempt, leg.attempt_id) if leg.attempt_id else None
    escalation = session.get(Escalation, attempt.escalation_id) if attempt else None
    if attempt is None or escalation is None or attempt.call_sid not in {None, leg.call_sid}:
        return []  # nobody's attempt, or one that was dialled anew since
    event = LEG_EVENTS.get(status, TransferEvent.PSAP_LEFT)
    if event in {TransferEvent.PSAP_ANSWERED, TransferEvent.PSAP_RANG}:
        event = TransferEvent.PSAP_LEFT  # out of the room is gone, whatever the leg's own word
    effects = transfer_rows.apply(session, call, escalation, attempt, event, now)
    return effects + call_end.close_if_over(session, call, now)


def _held(session: Session, call: Call, event: RoomEvent, now: datetime) -> None:
    leg = _leg_of(session, call, event, now)
    if leg is None or event.sequence <= leg.sequence:
        return
    leg.sequence, leg.on_hold = event.sequence, event.kind == "participant-hold"
    if leg.on_hold and call.hold_since is None and is_needed(session, call):
        # An order to hold that came through after 911 was asked for: 911 must not meet silence.
        record.set_deadline(session, DeadlineKind.HOLD_ENDS, call.id, call.id, now)
    record.note(session, call.id, event.kind.replace("-", "_"), now, record.TWILIO)
    record.tell_desks(session, "call_changed", now, call.id, call.staff_id)


def _muted(session: Session, call: Call, event: RoomEvent) -> None:
    leg = session.scalar(select(Leg).where(Leg.call_sid == event.call_sid))
    if leg is not None and leg.call_id == call.id:
        leg.muted = event.kind == "participant-mute"


def _ended(session: Session, call: Call, event: RoomEvent, now: datetime) -> list[Effect]:
    """The room is over: nobody is in it, whatever reports are missing; its Sid is never used again."""
    record.is_first(session, record.room_over(event.conference_sid), now)
    effects: list[Effect] = []
    for leg in legs_in_room(session, call.id):
        status = "in-progress" if leg.kind is LegKind.CALLER else "completed"
        effects += _leave(session, call, leg, status, now)
    call.conference_sid = None
    _forget_sequences(session, call.id)
    record.note(session, call.id, "room_ended", now, record.TWILIO)
    return effects + call_end.close_if_over(session, call, now)


def recounted(session: Session, call: Call, now: datetime) -> list[Effect]:
    """Who is left? A caller alone is moved in 2 s; anybody else alone is let go."""
    effects = referral_rows.look_again(session, call, now)
    if call.phase is not CallPhase.ROOM:
        return effects
    room = room_now(session, call)
    if transfer_room.is_alone(room):
        due = now + timedelta(seconds=ALONE_SECONDS)
        record.set_deadline(session, DeadlineKind.CALLER_ALONE, call.id, call.id, due)
        record.note(session, call.id, "caller_alone", now)
    record.tell_desks(session, "call_changed", now, call.id, call.staff_id)
    if room.call_takers + room.outside and transfer_room.is_over(room):
        effects.append(Effect(EffectKind.END_ROOM, call.id, ""))
    return effects


def is_needed(session: Session, call: Call) -> bool:
    """Say whether 911 is being called or is on the line: then the room stays as it is."""
    return transfer_rows.open_of(session, call.id) is not None


def _leg_of(session: Session, call: Call, event: RoomEvent, now: datetime) -> Leg | None:
    """The leg that a report is about, written when this is the first word of it."""
    leg = session.scalar(select(Leg).where(Leg.call_sid == event.call_sid))
    if leg is not None:
        return leg if leg.call_id == call.id else None
    if event.call_sid == call.call_sid:
        return call_end.caller_leg_row(session, call, now)
    if event.label.startswith(ring_in.CALLER_BACK):
        call.call_sid = event.call_sid
        return call_end.caller_leg_row(session, call, now)
    return _outside_leg(session, call, event, now)


def _outside_leg(session: Session, call: Call, event: RoomEvent, now: datetime) -> Leg | None:
    """A leg of 911's or the directory's, reported before REST answered the dial; the staffed line's."""
    if event.label.startswith(referral_rows.LABEL):
        row = referral_rows.of_leg(session, event.label)
        known = row is not None and row.call_id == call.id
        return referral_rows.leg_of(session, row, event.call_sid, now) if row and known else None
    attempt = session.scalar(
        select(EscalationAttempt).where(EscalationAttempt.label == event.label)
    )
    if attempt is None and not event.label.startswith(ring_in.HUMAN):
        log.warning("unknown_leg_in_room", call_id=call.id)
        return None
    if attempt is not None and attempt.call_sid is None:
        attempt.call_sid = event.call_sid
    leg = Leg(
        id=record.new_id(),
        call_id=call.id,
        call_sid=event.call_sid,
        kind=LegKind.DESK_TELEPHONE if attempt is None else LegKind.PSAP,
        state=LegState.DIALLING,
        label=event.label,
        attempt_id=attempt.id if attempt else None,
        sequence=-1,
        dialled_at=now,
    )
    session.add(leg)
    session.flush()
    return leg


def _gone(leg: Leg, now: datetime) -> None:
    leg.state, leg.left_at, leg.on_hold = LegState.LEFT, now, False


def _forget_sequences(session: Session, call_id: str) -> None:
    session.execute(update(Leg).where(Leg.call_id == call_id).values(sequence=-1))
