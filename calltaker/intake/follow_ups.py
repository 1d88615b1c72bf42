"""What is still to be done after a call: kept with the contact, a task of the desk once it is due.

A follow-up of one person is theirs alone for a day; left undone, or its person gone, it is
everybody's: nothing is forgotten because somebody is ill. Words are sealed. Never commits; done by
`calltaker.desk.tasks` like every task.
"""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calltaker.desk import showing
from calltaker.desk.caller import open_caller
from calltaker.desk.viewer import Viewer
from calltaker.errors import ConflictError, RefusedError
from calltaker.intake.due import KEPT_TO_ONESELF
from calltaker.intake.record import Record
from calltaker.staff.permissions import Sight
from ivr import record as line_record
from ivr.left_for_desk import TASKS_CHANGED
from models.call import Call
from models.follow_up import FOLLOW_UP_WHAT, FollowUp
from models.personal import Keyring, PersonalError
from models.staff import Staff
from models.states import EmergencyLevel, Language

KIND = "follow_up"
LONGEST = 300
MOST = 100
"""Due follow-ups that are shown, the oldest first."""
MOST_A_CALL = 20
_ID = re.compile(r"[0-9a-f]{32}")


def make(
    record: Record,
    keyring: Keyring,
    follow_up_id: str,
    what: str,
    due_at: datetime,
    *,
    for_me: bool,
) -> None:
    """Keep something to be done; the same id again changes nothing.

    Raises:
        RefusedError: no words, too many of them, or no id.
        ConflictError: the call has more than anybody will do, or the id is another call's.
    """
    words = " ".join(what.split())
    if not words or len(words) > LONGEST:
        raise RefusedError(f"Say what is to be done, in at most {LONGEST} characters.", "Write it.")
    if not _ID.fullmatch(follow_up_id):
        raise RefusedError("The order lacks its id.", "Load the page again and repeat it.")
    line_record.lock_call(record.session, record.call_id)
    before = list(
        record.session.scalars(select(FollowUp.id).where(FollowUp.call_id == record.call_id))
    )
    if follow_up_id in before:
        return
    if len(before) >= MOST_A_CALL:
        raise ConflictError("This call has enough to be done.", "Do some of it first.")
    row = FollowUp(
        id=follow_up_id,
        call_id=record.call_id,
        what=keyring.seal(FOLLOW_UP_WHAT, follow_up_id, words),
        due_at=due_at,
        for_staff_id=record.staff_id if for_me else None,
        made_by=record.staff_id,
        made_at=record.now,
    )
    if not line_record.add_once(record.session, row):
        raise ConflictError("This follow-up is another call's.", "Write it again.")
    record.note("follow_up_made", {"follow_up": follow_up_id, "for_me": for_me})
    line_record.tell_desks(record.session, TASKS_CHANGED, record.now, record.call_id)


def of_call(
    session: Session, keyring: Keyring, call_id: str, now: datetime
) -> list[dict[str, Any]]:
    """What was kept of one call, the first due first."""
    rows = session.execute(
        select(FollowUp, Staff.name)
        .outerjoin(Staff, Staff.id == FollowUp.for_staff_id)
        .where(FollowUp.call_id == call_id)
        .order_by(FollowUp.due_at, FollowUp.id)
    )
    return [
        {
            "task_id": row.id,
            "what": _opened(keyring, row),
            "due_at": showing.instant(row.due_at),
            "is_due": row.due_at <= now,
            "for_whom": name,
            "is_done": row.done_at is not None,
        }
        for row, name in rows
    ]


def due(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """What this person finds to be done now, as tasks in the desk's shape."""
    gone = select(Staff.id).where(Staff.disabled_at.is_not(None))
    mine = or_(
        FollowUp.for_staff_id.is_(None),
        FollowUp.for_staff_id == viewer.staff_id,
        FollowUp.due_at <= viewer.now - KEPT_TO_ONESELF,
        FollowUp.for_staff_id.in_(gone),
    )
    rows = session.execute(
        select(FollowUp, Call)
        .join(Call, Call.id == FollowUp.call_id)
        .where(FollowUp.done_at.is_(None), FollowUp.due_at <= viewer.now, mine)
        .order_by(FollowUp.due_at)
        .limit(MOST)
    )
    return [_task(row, call, viewer) for row, call in rows]


def _task(row: FollowUp, call: Call, viewer: Viewer) -> dict[str, Any]:
    """The shape of every task; the words are what was to be done, not what the caller said."""
    caller = open_caller(viewer.keyring, call, viewer.sight)
    return {
        "kind": KIND,
        "task_id": row.id,
        "call_id": call.id,
        "caller": caller.number,
        "intent_title": viewer.intent_title(caller.intent),
        "words": _opened(viewer.keyring, row) if viewer.sight is Sight.FULL else None,
        "place": (caller.place or {}).get("text"),
        "read": EmergencyLevel.NONE.value,
        "language": (call.language or Language.EN).value,
        "since": showing.instant(row.due_at),
        "seconds": None,
        "is_there": False,
        "emergency": False,
        "number_by_hand": None,
        "for_me": row.for_staff_id == viewer.staff_id,
    }


def _opened(keyring: Keyring, row: FollowUp) -> str | None:
    """What does not open costs its own words: the task stays, and its call is known."""
    try:
        return keyring.unseal(FOLLOW_UP_WHAT, row.id, row.what)
    except PersonalError:
        return None
