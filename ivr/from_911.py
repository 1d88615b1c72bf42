"""A caller whom 911 has handed to us: is their dispatcher on the line too, do they go back by themselves?

Reads the ledger of handoffs and never writes it; the ledger's own duties give back. Caller and
dispatcher share one leg, so holding or returning the one would do it to the other.

Source: the settled questions of reaching 911, 9.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.call import Call
from models.handoff import Handoff, HandoffEvent
from models.states import HandoffDirection, HandoffFact

_THERE = (HandoffFact.WITH_DISPATCHER, HandoffFact.ALONE)


def handed_over(session: Session, call_id: str) -> Handoff | None:
    """The handoff by which 911 gave us this call; None where it did not come from them."""
    return session.scalar(
        select(Handoff)
        .where(Handoff.call_id == call_id, Handoff.direction == HandoffDirection.IN)
        .order_by(Handoff.begun_at.desc())
        .limit(1)
    )


def who_is_there(session: Session, handoff_id: str) -> HandoffFact | None:
    """The last word on whether a dispatcher is on the line; None before the first."""
    return session.scalar(
        select(HandoffEvent.fact)
        .where(HandoffEvent.handoff_id == handoff_id, HandoffEvent.fact.in_(_THERE))
        .order_by(HandoffEvent.id.desc())
        .limit(1)
    )


def is_dispatcher_there(session: Session, call_id: str) -> bool:
    """Say whether 911's dispatcher shares the caller's leg."""
    handoff = handed_over(session, call_id)
    if handoff is None:
        return False
    return who_is_there(session, handoff.id) is HandoffFact.WITH_DISPATCHER


def goes_back(session: Session, call: Call, trunks: Mapping[str, str]) -> bool:
    """Say whether nobody's answering here gives this caller back to 911, so that no other exit is needed.

    A call that has just rung on `trunks` may not stand in the ledger yet. Whom 911 would not take back
    either leaves the line like everybody.
    """
    handoff = handed_over(session, call.id)
    if handoff is None:
        return call.dialled_number in trunks
    if who_is_there(session, handoff.id) is not HandoffFact.ALONE:
        return False
    returned = select(HandoffEvent.id).where(
        HandoffEvent.handoff_id == handoff.id, HandoffEvent.fact == HandoffFact.RETURNED
    )
    return session.scalar(returned.limit(1)) is None
