"""Referrals: a call-taker calls somebody of the directory into the call, and what they then order.

A crisis line, 988, a utility, another agency, an interpreter: straight in, or with the caller on hold
first. Every order is recorded first; the telephone company is asked afterwards. It decides nothing
that the pure machine (`ivr.rules.referral`) does not.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr import record, referral_rows, rooms, transfer_rows
from ivr.errors import GatewayError, TelephoneError
from ivr.referral_rows import RING_GRACE_SECONDS, Wanted
from ivr.rules import referral
from ivr.rules.referral import ReferralEvent
from ivr.rules.transfer_room import Caller
from ivr.runtime import DirectoryEntry, Runtime
from ivr.transfer_rows import Effect
from ivr.warm_transfer import act
from models.call import Call
from models.referral import Referral
from models.states import DeadlineKind, ReferralState

LEG_EVENTS: dict[str, ReferralEvent] = {
    "ringing": ReferralEvent.RANG,
    "in-progress": ReferralEvent.ANSWERED,
    "busy": ReferralEvent.BUSY,
    "no-answer": ReferralEvent.RANG_OUT,
    "failed": ReferralEvent.FAILED,
    "canceled": ReferralEvent.FAILED,
    "completed": ReferralEvent.LEFT,
}
"""The telephone company's words for a leg. `queued` and `initiated` say nothing new."""


class ReferralRefused(TelephoneError):  # noqa: N818 (a refusal is an answer: the name says so)
    """Nobody is called; `reason` is one of the words below.

    `911_first`: 911 is called or on the line. `is_called`: they, or another who would take the caller
    over, are called already. `no_caller`: the caller has hung up. `not_in_directory`: no such entry.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refer(runtime: Runtime, wanted: Wanted, destination: str) -> None:
    """Call an entry of the directory into the room; the same order again calls nobody.

    Raises:
        NotInCallError: no live room of this call-taker.
        ReferralRefused: see there.
        GatewayError: the caller could not be put on hold; nobody was called.
    """
    entry = runtime.city.directory.get(destination)
    if entry is None:
        raise ReferralRefused("not_in_directory")
    with runtime.sessions() as session:
        call, _ = rooms.in_call(session, wanted.call_id, wanted.staff_id)
        if session.get(Referral, wanted.id) is not None:
            return
        reason = _why_not(session, call, entry)
        if reason is not None:
            raise ReferralRefused(reason)
        effect = referral_rows.begin(session, wanted, entry, runtime.clock())
        session.commit()
    runtime.bell.ring()
    if wanted.consult:
        _hold(runtime, wanted)
    act(runtime, [effect])


def _hold(runtime: Runtime, wanted: Wanted) -> None:
    """Hold the caller before anybody is rung for them; refused, the order is taken back."""
    try:
        rooms.hold(runtime, wanted.call_id, wanted.staff_id, on=True)
    except TelephoneError:
        cancel(runtime, wanted.call_id, wanted.staff_id, wanted.id)
        raise


def _why_not(session: Session, call: Call, entry: DirectoryEntry) -> str | None:
    room = transfer_rows.room_now(session, call)
    if room.transfer is not None:
        return "911_first"
    if room.caller is Caller.GONE:
        return "no_caller"
    return "is_called" if referral_rows.is_called(session, call.id, entry) else None


def they_have_them(runtime: Runtime, call_id: str, staff_id: str, referral_id: str) -> None:
    """The call-taker says that they have the caller; a caller on hold is brought to them."""
    _order(runtime, call_id, staff_id, referral_id, ReferralEvent.ACCEPTED)


def cancel(runtime: Runtime, call_id: str, staff_id: str, referral_id: str) -> None:
    """Take the call back while it rings, or thank them and let them go; the caller is off hold."""
    _order(runtime, call_id, staff_id, referral_id, ReferralEvent.CANCELLED)


def _order(
    runtime: Runtime, call_id: str, staff_id: str, referral_id: str, event: ReferralEvent
) -> None:
    """Carry out a call-taker's order about a referral of their call; of another call: nothing.

    Raises:
        NotInCallError: no live call of this call-taker.
    """
    with runtime.sessions() as session:
        call, _ = rooms.in_call(session, call_id, staff_id)
        row = session.get(Referral, referral_id)
        if row is None or row.call_id != call_id:
            return
        effects = referral_rows.apply(session, call, row, event, runtime.clock(), staff_id)
        session.commit()
    runtime.bell.ring()
    act(runtime, effects)


def leg_reported(runtime: Runtime, referral_id: str, call_sid: str, status: str) -> None:
    """A status callback of their leg, which may come before REST has answered the dial."""
    with runtime.reading() as session:
        row = session.get(Referral, referral_id)
    event = LEG_EVENTS.get(status)
    if row is not None and event is not None:
        _learn(runtime, row, event, call_sid)


def _learn(runtime: Runtime, seen: Referral, event: ReferralEvent, call_sid: str | None) -> None:
    now = runtime.clock()
    with runtime.sessions() as session:
        call = record.lock_call(session, seen.call_id)
        row = session.get(Referral, seen.id, populate_existing=True)
        if call is None or row is None:
            return
        if call_sid is not None:
            referral_rows.leg_of(session, row, call_sid, now)
        effects = referral_rows.apply(session, call, row, event, now)
        session.commit()
    runtime.bell.ring()
    act(runtime, effects)


def check_ringing(runtime: Runtime, referral_id: str) -> None:
    """The moment by which they should have been dialled, or should have answered: ask, then decide."""
    with runtime.reading() as session:
        row = session.get(Referral, referral_id)
    if row is None or row.state not in referral.CALLING:
        return
    entry = runtime.city.directory.get(row.destination)
    rings = (entry.ring_seconds if entry else 0) + RING_GRACE_SECONDS
    until = (row.dialled_at or row.requested_at) + timedelta(seconds=rings)
    if row.state is ReferralState.REQUESTED:
        act(runtime, [Effect(transfer_rows.EffectKind.DIAL_REFERRAL, row.call_id, row.id)])
    if runtime.clock() < until:
        _look_later(runtime, row, until)
    else:
        _learn(runtime, row, _asked_after(runtime, row.call_sid), None)


def _look_later(runtime: Runtime, row: Referral, until: datetime) -> None:
    with runtime.sessions() as session:
        kind = DeadlineKind.REFERRAL_RINGS_OUT
        record.set_deadline(session, kind, row.id, row.call_id, until)
        session.commit()


def _asked_after(runtime: Runtime, call_sid: str | None) -> ReferralEvent:
    """What the telephone company says of a leg that we heard nothing of; silence rings out."""
    try:
        view = runtime.gateway.leg(call_sid) if call_sid else None
    except GatewayError:
        view = None
    event = LEG_EVENTS.get(view.status) if view else None
    if event is None or event is ReferralEvent.RANG:
        return ReferralEvent.RANG_OUT
    return event
