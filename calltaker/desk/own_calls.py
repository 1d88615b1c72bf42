"""Whose call is whose: what one call-taker may see and touch. Everything else looks like nothing."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from calltaker.errors import NotFoundError
from models.call import Call, Leg
from models.escalation import Escalation
from models.line import Offer
from models.states import CallPhase, LegKind, OfferState

HELD = (OfferState.ACCEPTED, OfferState.JOINED)
REACHABLE = (*HELD, OfferState.OPEN)


def own(session: Session, call_id: str, staff_id: str) -> Call:
    """Return a call that this person has or had last.

    Raises:
        NotFoundError: unknown or somebody else's; the two look the same.
    """
    return _reach(session, call_id, staff_id, HELD)


def reachable(session: Session, call_id: str, staff_id: str) -> Call:
    """Return a call that this person has, had last, or is being offered.

    Raises:
        NotFoundError: as `own`.
    """
    return _reach(session, call_id, staff_id, REACHABLE)


def current(session: Session, staff_id: str) -> Call | None:
    """Return the call this person is joining or in; None once they left it on purpose."""
    joining = exists().where(
        Offer.call_id == Call.id,
        Offer.staff_id == staff_id,
        Offer.state == OfferState.ACCEPTED,
    )
    there = exists().where(
        Leg.call_id == Call.id,
        Leg.kind == LegKind.CALL_TAKER,
        Leg.staff_id == staff_id,
        Leg.left_at.is_(None),
        Leg.leave_commanded_at.is_(None),
    )
    return session.scalar(
        select(Call)
        .where(Call.phase != CallPhase.ENDED, or_(joining, there))
        .order_by(Call.started_at.desc())
        .limit(1)
    )


def last(session: Session, staff_id: str) -> Call | None:
    """Return the call this person was in last, by their own telephone leg."""
    return session.scalar(
        select(Call)
        .join(Leg, Leg.call_id == Call.id)
        .where(Leg.kind == LegKind.CALL_TAKER, Leg.staff_id == staff_id)
        .order_by(Leg.dialled_at.desc())
        .limit(1)
    )


def own_offer(session: Session, offer_id: str, staff_id: str) -> Offer:
    """Return an offer made to this person.

    Raises:
        NotFoundError: unknown or somebody else's.
    """
    offer = session.get(Offer, offer_id)
    if offer is None or offer.staff_id != staff_id:
        raise NotFoundError("This offer is not there.", "Wait for the next call.")
    return offer


def own_escalation(session: Session, escalation_id: str, call_id: str, staff_id: str) -> Escalation:
    """Return an escalation of this person's call.

    Raises:
        NotFoundError: unknown, of another call, or somebody else's call.
    """
    own(session, call_id, staff_id)
    escalation = session.get(Escalation, escalation_id)
    if escalation is None or escalation.call_id != call_id:
        raise NotFoundError("This transfer is not there.", "Look at the desk again.")
    return escalation


def _reach(session: Session, call_id: str, staff_id: str, states: tuple[OfferState, ...]) -> Call:
    offered = exists().where(
        Offer.call_id == Call.id, Offer.staff_id == staff_id, Offer.state.in_(states)
    )
    call = session.scalar(
        select(Call).where(Call.id == call_id, or_(Call.staff_id == staff_id, offered))
    )
    if call is None:
        raise NotFoundError("This call is not yours.", "Go back to the desk.")
    return call
