"""A call-taker's desk telephone, when the browser's sound fails; and the way back to the softphone.

We ring it with a document of our own: "press 1 to take the call". Only the 1 enters the room, so no
answering machine ever meets a caller. Whoever is in the room already stays there until the other
device has joined. Never a way to 911: their numbers are nobody's desk telephone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from ivr import offers, record, room_events, rooms, switching, waiting_line
from ivr.errors import GatewayError, GatewayTimeout, NotAllowedError, TelephoneError
from ivr.gateway import Ring
from ivr.rooms import NotInCallError
from ivr.rules.dialling import may_be_desk_telephone
from ivr.runtime import City, Runtime
from ivr.waiting_line import Proved, Reason, TooLate
from models.call import Leg
from models.desk_telephone import DESK_NUMBER, DeskTelephone, TelephoneSwitch
from models.line import Offer
from models.states import DeadlineKind, DeskDevice, Language, OfferState, SwitchState

log = structlog.get_logger(__name__)

ANSWERING_SECONDS = 15.0
"""From its ringing to the 1: picking up, hearing the sentence, pressing."""
PROMPTS = 2
"""How often the sentence is said before the telephone is put down again."""


class SwitchRefused(TelephoneError):  # noqa: N818 (a refusal is an answer: the name says so)
    """No telephone is rung; `reason` is one of the words below.

    `not_registered`: there is no desk telephone. `not_approved`: nobody has approved its number, or
    it has become the number of somebody else. `too_often`: the hour's rings are used up.
    `911_dials`: 911 is being dialled for somebody, and its request waits behind no other.
    `is_on_the_way`: another device is being called already. `is_there`: they speak with it now.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call-taker orders; `id` is made by the page, so that it can be ordered again."""

    id: str
    staff_id: str
    device: DeskDevice


def take_offer(runtime: Runtime, offer_id: str, wanted: Wanted) -> None:
    """Ring the desk telephone for a call that was accepted; the caller waits in the line meanwhile.

    Raises:
        NotInCallError: the offer is not accepted, or somebody else's.
        SwitchRefused: see there.
        GatewayError: the telephone company refused; the call is offered on.
    """
    now, city = runtime.clock(), runtime.city
    with runtime.sessions() as session:
        offer = session.get(Offer, offer_id)
        call = record.lock_call(session, offer.call_id) if offer else None
        if offer is None or call is None or offer.staff_id != wanted.staff_id:
            raise NotInCallError(offer_id)
        session.refresh(offer)
        if offer.state is not OfferState.ACCEPTED:
            raise NotInCallError(offer_id)
        if session.get(TelephoneSwitch, wanted.id) is not None:
            return
        number = _may_ring(runtime, session, wanted, call.id, now)
        _ask(session, wanted, call.id, now, offer.id)
        offers.prolong(session, offer, now, city.at_the_desk.ring_seconds + ANSWERING_SECONDS)
        session.commit()
    runtime.bell.ring()
    _ring(runtime, wanted.id, number)


def switch(runtime: Runtime, call_id: str, wanted: Wanted) -> None:
    """Let a call-taker come into their own room by another device; they stay until it has joined.

    Raises:
        NotInCallError: no live call of this call-taker.
        SwitchRefused: see there.
        GatewayError: the telephone company refused; they stay as they are.
    """
    now = runtime.clock()
    with runtime.sessions() as session:
        _, leg = rooms.in_call(session, call_id, wanted.staff_id)
        if session.get(TelephoneSwitch, wanted.id) is not None:
            return
        if switching.device_of(leg) is wanted.device:
            raise SwitchRefused("is_there")
        number = _may_ring(runtime, session, wanted, call_id, now)
        _ask(session, wanted, call_id, now)
        session.commit()
    runtime.bell.ring()
    if number is not None:
        _ring(runtime, wanted.id, number)


def cancel(runtime: Runtime, switch_id: str, staff_id: str) -> None:
    """They have changed their mind: the telephone stops ringing."""
    with runtime.reading() as session:
        row = session.get(TelephoneSwitch, switch_id)
    if row is not None and row.staff_id == staff_id and row.state is SwitchState.ASKED:
        _end(runtime, switch_id, SwitchState.CANCELLED)
        if row.call_sid is not None:
            _put_down(runtime, row.call_sid)


def took(runtime: Runtime, switch_id: str, leg_sid: str) -> Proved | TooLate:
    """Somebody pressed 1 on the desk telephone; the same leg again gets the same answer."""
    with runtime.sessions() as session:
        proved = _proved(session, switch_id, None, leg_sid, runtime.clock())
        session.commit()
    runtime.bell.ring()
    return proved


def prove_softphone(
    session: Session, switch_id: str, staff_id: str, leg_sid: str, now: datetime
) -> Proved | TooLate:
    """Hold a softphone that connects against an offer's claim, or against its own way back."""
    if session.get(TelephoneSwitch, switch_id) is None:
        return waiting_line.prove_softphone(session, switch_id, staff_id, leg_sid, now)
    return _proved(session, switch_id, staff_id, leg_sid, now)


def label_of(runtime: Runtime, switch_id: str) -> str:
    """The participant's label of a desk telephone that comes: an offer's, or its own."""
    with runtime.reading() as session:
        row = session.get(TelephoneSwitch, switch_id)
    if row is not None and row.offer_id is not None:
        return rooms.desk_label(row.offer_id)
    return switching.label(switch_id)


def is_rung(runtime: Runtime, switch_id: str) -> bool:
    """Say whether this way is still open to a 1."""
    with runtime.reading() as session:
        row = session.get(TelephoneSwitch, switch_id)
    return row is not None and switching.is_open(row, runtime.clock())


def reported(runtime: Runtime, switch_id: str, leg_sid: str, status: str) -> None:
    """The telephone company's word for the ring, which may come before REST has answered."""
    if status not in _OVER:
        return
    room_events.leg_over(runtime, leg_sid)
    _end(runtime, switch_id, _OVER[status])


_OVER = {
    "completed": SwitchState.UNANSWERED,
    "no-answer": SwitchState.UNANSWERED,
    "busy": SwitchState.UNANSWERED,
    "failed": SwitchState.FAILED,
    "canceled": SwitchState.CANCELLED,
}
"""What the end of a ring means for a way that had not led into the room."""


def somebody_elses(city: City) -> frozenset[str]:
    """Numbers that are no desk telephone: 911's, the directory's, the city's own."""
    points = {point.number for group in city.destinations.values() for point in group}
    entries = {entry.number for entry in city.directory.values()}
    own = {city.line_number, city.trial_number, city.human_line.number}
    return frozenset(points | entries | own | set(city.trunks))


def _proved(
    session: Session, switch_id: str, staff_id: str | None, leg_sid: str, now: datetime
) -> Proved | TooLate:
    row = session.get(TelephoneSwitch, switch_id)
    call = record.lock_call(session, row.call_id) if row else None
    if row is None or call is None:
        return TooLate(Reason.NOT_YOURS)
    session.refresh(row)
    if staff_id not in (None, row.staff_id) or (staff_id is None) is (
        row.device is DeskDevice.SOFTPHONE
    ):
        return TooLate(Reason.NOT_YOURS)
    if row.state is SwitchState.COMING and row.call_sid == leg_sid:
        return Proved(call.id, call.call_sid, False, call.step, call.language or Language.EN)
    if row.state is not SwitchState.ASKED or row.call_sid not in (None, leg_sid):
        return TooLate(Reason.OVER)
    if row.offer_id is not None:
        return _proved_by_offer(session, row, leg_sid, now)
    if not switching.enter(session, row, call, leg_sid, now):
        return TooLate(Reason.OVER)
    return Proved(call.id, call.call_sid, False, call.step, call.language or Language.EN)


def _proved_by_offer(
    session: Session, row: TelephoneSwitch, leg_sid: str, now: datetime
) -> Proved | TooLate:
    offer_id = row.offer_id or ""
    proved = waiting_line.prove_softphone(session, offer_id, row.staff_id, leg_sid, now)
    if isinstance(proved, Proved):
        session.get_one(Leg, offer_id).label = switching.label(offer_id)
        offers.look_for_both(
            session,
            session.get_one(Offer, offer_id),
            now + timedelta(seconds=offers.JOIN_SECONDS),
        )
        switching.coming(session, row, leg_sid, now)
    return proved


def _may_ring(
    runtime: Runtime, session: Session, wanted: Wanted, call_id: str, now: datetime
) -> str | None:
    """The number to ring, None for the softphone.

    Raises:
        SwitchRefused: see there.
    """
    if switching.is_911_dialled(session):
        raise SwitchRefused("911_dials")
    last = switching.newest(session, call_id, wanted.staff_id)
    if last is not None and switching.is_open(last, now):
        raise SwitchRefused("is_on_the_way")
    if wanted.device is DeskDevice.SOFTPHONE:
        return None
    row = session.get(DeskTelephone, wanted.staff_id)
    if row is None:
        raise SwitchRefused("not_registered")
    number = runtime.keyring.unseal(DESK_NUMBER, row.staff_id, row.number)
    if row.approved_at is None or not may_be_desk_telephone(number, somebody_elses(runtime.city)):
        raise SwitchRefused("not_approved")
    most = runtime.city.at_the_desk.rings_an_hour
    if switching.rings_lately(session, wanted.staff_id, now) >= most:
        raise SwitchRefused("too_often")
    return number


def _ask(
    session: Session, wanted: Wanted, call_id: str, now: datetime, offer_id: str | None = None
) -> None:
    session.add(
        TelephoneSwitch(
            id=wanted.id,
            call_id=call_id,
            staff_id=wanted.staff_id,
            offer_id=offer_id,
            device=wanted.device,
            state=SwitchState.ASKED,
            asked_at=now,
        )
    )
    session.flush()
    words = {"switch": wanted.id, "device": wanted.device.value}
    record.note(session, call_id, "telephone_asked", now, wanted.staff_id, **words)
    record.tell_desks(session, "call_changed", now, call_id, wanted.staff_id)


def _ring(runtime: Runtime, switch_id: str, number: str | None) -> None:
    """Ring it. A refusal ends the way; without an answer it may ring all the same, and reports will say."""
    ring = Ring(
        to=number or "",
        from_number=runtime.city.line_number,
        document=runtime.addresses.voice(f"/voice/desk-telephone/{switch_id}/1"),
        leg_callback=runtime.addresses.callback(f"/voice/desk-telephone/{switch_id}/events"),
        ring_seconds=runtime.city.at_the_desk.ring_seconds,
    )
    try:
        call_sid = runtime.gateway.ring(ring)
    except GatewayTimeout:
        log.warning("desk_telephone_unsure", switch_id=switch_id)
        return
    except (GatewayError, NotAllowedError):
        _end(runtime, switch_id, SwitchState.FAILED)
        raise
    with runtime.sessions() as session:
        row = session.get_one(TelephoneSwitch, switch_id)
        row.call_sid = row.call_sid or call_sid
        session.commit()


def _end(runtime: Runtime, switch_id: str, state: SwitchState) -> None:
    """The way has led nowhere. A call that was to be taken by it is offered on at once."""
    now = runtime.clock()
    with runtime.sessions() as session:
        row = session.get(TelephoneSwitch, switch_id)
        if row is None:
            return
        record.lock_call(session, row.call_id)
        session.refresh(row)
        if row.state in switching.ON_THE_WAY and row.offer_id is not None:
            record.set_deadline_by(session, DeadlineKind.JOIN_ENDS, row.offer_id, row.call_id, now)
        switching.end(session, row, state, now)
        session.commit()
    runtime.bell.ring()


def _put_down(runtime: Runtime, call_sid: str) -> None:
    try:
        runtime.gateway.hang_up(call_sid)
    except GatewayError as refused:
        log.info("desk_telephone_not_put_down", code=refused.code)
