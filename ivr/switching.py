"""The rows of a call-taker's way from one device to another. Joins first, leaves then: a caller is never alone.

Functions take `session` first, never commit and never speak to the telephone company. Every caller
locks the call first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr import record
from models.call import Call, Leg
from models.desk_telephone import TelephoneSwitch
from models.escalation import Escalation
from models.states import CallPhase, DeskDevice, LegKind, LegState, SwitchState, TransferState

ON_THE_WAY = (SwitchState.ASKED, SwitchState.COMING)
LABEL = "desk-telephone-"
"""How the label of such a telephone's leg begins; a softphone's begins otherwise."""
LONGEST = timedelta(seconds=60)
"""A way that has led nowhere for so long keeps nobody from another one."""
HOUR = timedelta(hours=1)


def label(switch_id: str) -> str:
    """The participant's label of a desk telephone."""
    return f"{LABEL}{switch_id}"


def device_of(leg: Leg) -> DeskDevice:
    """What a call-taker's leg is spoken with."""
    is_desk = (leg.label or "").startswith(LABEL)
    return DeskDevice.DESK_TELEPHONE if is_desk else DeskDevice.SOFTPHONE


def newest(session: Session, call_id: str, staff_id: str) -> TelephoneSwitch | None:
    """The last way that somebody took, or tried, in a call."""
    return session.scalar(
        select(TelephoneSwitch)
        .where(TelephoneSwitch.call_id == call_id, TelephoneSwitch.staff_id == staff_id)
        .order_by(TelephoneSwitch.asked_at.desc())
        .limit(1)
    )


def is_open(row: TelephoneSwitch, now: datetime) -> bool:
    """Say whether they are still on their way."""
    return row.state in ON_THE_WAY and now - row.asked_at < LONGEST


def rings_lately(session: Session, staff_id: str, now: datetime) -> int:
    """How often somebody's desk telephone was rung in the last hour."""
    found = session.scalar(
        select(func.count()).where(
            TelephoneSwitch.staff_id == staff_id,
            TelephoneSwitch.device == DeskDevice.DESK_TELEPHONE,
            TelephoneSwitch.asked_at > now - HOUR,
        )
    )
    return found or 0


def is_911_dialled(session: Session) -> bool:
    """Say whether a dial of 911 is under way: the telephone company takes one request after another."""
    dialling = (TransferState.REQUESTED, TransferState.DIALLING)
    found = select(Escalation.id).where(
        Escalation.state.in_(dialling), Escalation.ended_at.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def enter(session: Session, row: TelephoneSwitch, call: Call, leg_sid: str, now: datetime) -> bool:
    """They are there: their leg may enter the room. False when the call is theirs no longer."""
    if call.phase is not CallPhase.ROOM or call.staff_id != row.staff_id:
        return False
    if call.end_commanded_at is not None:
        return False
    is_desk = row.device is DeskDevice.DESK_TELEPHONE
    session.add(
        Leg(
            id=row.id,
            call_id=call.id,
            call_sid=leg_sid,
            kind=LegKind.CALL_TAKER,
            state=LegState.ANSWERED,
            label=label(row.id) if is_desk else None,
            staff_id=row.staff_id,
            dialled_at=now,
        )
    )
    coming(session, row, leg_sid, now)
    return True


def coming(session: Session, row: TelephoneSwitch, leg_sid: str, now: datetime) -> None:
    """They have pressed 1, or their browser has connected."""
    row.state, row.call_sid = SwitchState.COMING, leg_sid
    _tell(session, row, now)


def end(session: Session, row: TelephoneSwitch, state: SwitchState, now: datetime) -> None:
    """Their way has led somewhere, or nowhere; said once."""
    if row.state in ON_THE_WAY:
        row.state, row.ended_at = state, now
        _tell(session, row, now)


def joined(session: Session, leg: Leg, now: datetime) -> Sequence[Leg]:
    """A call-taker's leg is in the room: their way is over, and their other legs may go (`let_go`).

    Only the end of a way lets another leg go: a late report of the device that was left lets none.
    """
    row = session.scalar(
        select(TelephoneSwitch).where(
            TelephoneSwitch.call_sid == leg.call_sid, TelephoneSwitch.state == SwitchState.COMING
        )
    )
    if row is None:
        return []
    end(session, row, SwitchState.TAKEN, now)
    return let_go(session, leg, now)


def let_go(session: Session, leg: Leg, now: datetime) -> Sequence[Leg]:
    """Return the other legs of the same call-taker in the call, each with its order to leave.

    The order is recorded here, before it is carried out: a leg gone without one is a loss.
    """
    others = _others(session, leg)
    for other in others:
        other.leave_commanded_at = other.leave_commanded_at or now
    session.flush()
    return others


def has_another(session: Session, leg: Leg) -> bool:
    """Say whether the same call-taker is in the room by another device as well."""
    return bool(_others(session, leg))


def _others(session: Session, leg: Leg) -> Sequence[Leg]:
    return session.scalars(
        select(Leg).where(
            Leg.call_id == leg.call_id,
            Leg.staff_id == leg.staff_id,
            Leg.staff_id.is_not(None),
            Leg.kind == LegKind.CALL_TAKER,
            Leg.left_at.is_(None),
            Leg.id != leg.id,
        )
    ).all()


def _tell(session: Session, row: TelephoneSwitch, now: datetime) -> None:
    words = {"switch": row.id, "device": row.device.value, "state": row.state.value}
    record.note(session, row.call_id, "telephone_switched", now, row.staff_id, **words)
    record.tell_desks(session, "call_changed", now, row.call_id, row.staff_id)
    session.flush()
