"""What callers leave for the desk when they do not wait: a message, or the wish to be called back.

Each is one row and a task until somebody says what came of it. Functions take `session` first and
never commit. The sound of a message stays with the telephone company; only its Sid is kept.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import record
from models.call import Call
from models.call_back import CALL_BACK_NUMBER, EMERGENCY, MESSAGE, CallBack
from models.line import LineEntry
from models.personal import Keyring
from models.states import CallOutcome, CallPhase, DeadlineKind, EmergencyLevel, Language
from models.voicemail import Voicemail

TASKS_CHANGED = "tasks_changed"
"""The news for desks that something was left or done."""
LONGEST_NODE = 200


def keep_message(
    session: Session,
    call_id: str,
    recording_sid: str,
    seconds: int,
    now: datetime,
    *,
    language: Language | None = None,
    file_is_there: bool = False,
) -> None:
    """Keep a message once, whoever tells of it first: its end, or the report about its file.

    A caller who hung up in the message had left none when their call was closed: the call's
    outcome is put right.
    """
    call = record.lock_call(session, call_id)
    if call is None:
        return
    known = session.scalar(select(Voicemail).where(Voicemail.recording_sid == recording_sid))
    if known is None:
        known = _message(call, recording_sid, seconds, now, language)
        session.add(known)
        record.note(session, call_id, "voicemail_recorded", now, record.CALLER, seconds=seconds)
        record.tell_desks(session, TASKS_CHANGED, now, call_id)
        _put_outcome_right(call)
        if call.emergency_level is not EmergencyLevel.NONE:
            _ring_for(session, call, now)
    if file_is_there and known.kept_at is None:
        known.kept_at, known.seconds = now, seconds
        record.note(session, call_id, "voicemail_kept", now, record.TWILIO, voicemail=known.id)
        record.tell_desks(session, TASKS_CHANGED, now, call_id)
    session.flush()


def ask_call_back(
    session: Session, keyring: Keyring, call_id: str, node: str, number: str, now: datetime
) -> None:
    """Put the caller's own number (E.164) on the list of those to be called back, once a call."""
    call = record.lock_call(session, call_id)
    asked = session.scalar(select(CallBack.id).where(CallBack.call_id == call_id))
    if call is None or asked is not None:
        return
    row_id = record.new_id()
    session.add(
        CallBack(
            id=row_id,
            call_id=call_id,
            number=keyring.seal(CALL_BACK_NUMBER, row_id, number),
            number_index=keyring.blind_index(number),
            language=call.language or Language.EN,
            node=node[:LONGEST_NODE],
            asked_at=now,
            **_place_of(session, call_id),
        )
    )
    record.note(session, call_id, "call_back_asked", now, record.CALLER, node=node)
    record.tell_desks(session, TASKS_CHANGED, now, call_id)
    session.flush()


def for_message(session: Session, call: Call, now: datetime) -> CallBack:
    """The wish by which the caller of a message is rung; made when there is none."""
    wish = session.scalar(select(CallBack).where(CallBack.call_id == call.id))
    if wish is None:
        wish = CallBack(
            id=record.new_id(),
            call_id=call.id,
            number=b"",
            number_index=call.caller_number_index,
            language=call.language or Language.EN,
            node=MESSAGE,
            asked_at=now,
        )
        session.add(wish)
        session.flush()
    return wish


def must_be_called_back(session: Session, call_id: str, now: datetime) -> bool:
    """Put a caller whom an emergency has lost at the head of what the desks have to do, once a call.

    Returns False where they are there already, or somebody has rung them back.
    """
    call = record.lock_call(session, call_id)
    wish = session.scalar(select(CallBack).where(CallBack.call_id == call_id))
    if call is None or (wish is not None and (wish.done_at or wish.node == EMERGENCY)):
        return False
    if wish is not None:
        wish.node = EMERGENCY
    else:
        session.add(
            CallBack(
                id=record.new_id(),
                call_id=call_id,
                number=b"",
                number_index=call.caller_number_index,
                language=call.language or Language.EN,
                node=EMERGENCY,
                asked_at=now,
            )
        )
    record.tell_desks(session, TASKS_CHANGED, now, call_id)
    record.note(session, call_id, "emergency_call_back_opened", now)
    session.flush()
    return True


def outcome(session: Session, call_id: str) -> CallOutcome | None:
    """How the call of somebody who left something ended; a wish to be called back weighs more."""
    wish = select(CallBack.id).where(
        CallBack.call_id == call_id, CallBack.node.not_in((EMERGENCY, MESSAGE))
    )
    if session.scalar(wish) is not None:
        return CallOutcome.CALL_BACK
    if session.scalar(select(Voicemail.id).where(Voicemail.call_id == call_id).limit(1)):
        return CallOutcome.VOICEMAIL
    return None


def _message(
    call: Call, recording_sid: str, seconds: int, now: datetime, language: Language | None
) -> Voicemail:
    return Voicemail(
        id=record.new_id(),
        call_id=call.id,
        recording_sid=recording_sid,
        seconds=seconds,
        language=language or call.language or Language.EN,
        left_at=now,
    )


def _ring_for(session: Session, call: Call, now: datetime) -> None:
    """Danger was read in what this caller told: their message rings at the desks like a call."""
    wish = for_message(session, call, now)
    if call.phase is CallPhase.ENDED:
        record.set_deadline(session, DeadlineKind.CALL_BACK_DUE, wish.id, call.id, now)


def _place_of(session: Session, call_id: str) -> dict[str, Any]:
    """The place that a caller had in the line, if they stood in it: the wish keeps it."""
    place = session.scalar(
        select(LineEntry)
        .where(LineEntry.call_id == call_id)
        .order_by(LineEntry.joined_at.desc())
        .limit(1)
    )
    return {} if place is None else {"waiting_since": place.waiting_since, "skill": place.skill}


def _put_outcome_right(call: Call) -> None:
    if call.phase is CallPhase.ENDED and call.outcome in {
        CallOutcome.ABANDONED,
        CallOutcome.GOODBYE,
    }:
        call.outcome = CallOutcome.VOICEMAIL
