"""Callers who were cut off with a sign of danger read and nobody spoken to: each is called back, once.

What is lost in a call's protocol is looked after by the intake, and what 911 was dialled for by the
transfer. Here it is all before: in the menu, while being asked about it, in the line, on the way out.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr import left_for_desk, record
from ivr.rules.lost_callers import Lost, must_be_called_back
from ivr.runtime import Runtime
from models.call import Call
from models.escalation import Escalation
from models.journal import JournalEntry
from models.line import Offer
from models.states import EmergencyLevel, OfferState
from models.voicemail import Voicemail

SIGN_READ = "emergency_read"
_URGENCY = list(EmergencyLevel)
_TAKEN_BACK = frozenset({"emergency taken back", "danger denied"})
"""Why the menu took a caller to a person who had said that nobody is in danger."""


def keep_sign(runtime: Runtime, call_sid: str, level: EmergencyLevel) -> None:
    """Write that danger was read in the line; the call's reading never falls."""
    now = runtime.clock()
    with runtime.sessions() as session:
        call_id = session.scalar(select(Call.id).where(Call.call_sid == call_sid))
        call = record.lock_call(session, call_id) if call_id else None
        if call is None:
            return
        call.emergency_level = max(call.emergency_level, level, key=_URGENCY.index)
        record.note(session, call.id, SIGN_READ, now, level=level.value)
        session.commit()


def look_after(session: Session, call: Call) -> None:
    """The call is closing: open the task for a caller whom danger may have, if nobody looks after them.

    Never commits. Asked again it opens nothing twice.
    """
    if call.emergency_level is EmergencyLevel.NONE or call.ended_at is None:
        return
    if must_be_called_back(_as_lost(session, call)):
        left_for_desk.must_be_called_back(session, call.id, call.ended_at)


def _as_lost(session: Session, call: Call) -> Lost:
    talked = exists().where(Offer.call_id == call.id, Offer.state == OfferState.JOINED)
    dialled = exists().where(Escalation.call_id == call.id)
    return Lost(
        level=call.emergency_level,
        taken_back=_is_taken_back(session, call.id),
        talked=bool(session.scalar(select(talked)))
        or record.count_notes(session, call.id, record.TRANSFER_CONNECTED) > 0,
        dialled=bool(session.scalar(select(dialled))),
        ended_by_us=call.end_commanded_at is not None,
        left_message=bool(session.scalar(select(exists().where(Voicemail.call_id == call.id)))),
    )


def _is_taken_back(session: Session, call_id: str) -> bool:
    """What was said last counts: a sign after a "no" is a sign again."""
    notes = session.execute(
        select(JournalEntry.kind, JournalEntry.data)
        .where(
            JournalEntry.call_id == call_id,
            JournalEntry.kind.in_([SIGN_READ, "line_chosen", "moved_up"]),
        )
        .order_by(JournalEntry.id)
    )
    taken_back = False
    for kind, data in notes:
        if kind == SIGN_READ:
            taken_back = False
        elif data.get("taken_back") or data.get("why") in _TAKEN_BACK:
            taken_back = True
    return taken_back
