"""What callers left for the desk, as tasks: messages to hear, people to call back, and doing them.

A task is done by one conditional UPDATE with a note of what came of it; of two people one is told
that it was done. Numbers are opened for the eyes of one role; notes are sealed. Never commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from calltaker.desk import showing, task_claims, transfer_view
from calltaker.desk.caller import open_caller
from calltaker.desk.viewer import Viewer
from calltaker.errors import ConflictError, NotFoundError, RefusedError
from calltaker.intake import follow_ups
from ivr import record
from ivr.left_for_desk import TASKS_CHANGED
from models.call import Call
from models.call_back import CALL_BACK_NOTE, EMERGENCY, MESSAGE, CallBack
from models.contact_fields import ContactField
from models.follow_up import FOLLOW_UP_NOTE, FollowUp
from models.personal import Column, Keyring
from models.states import EmergencyLevel
from models.voicemail import VOICEMAIL_NOTE, Voicemail

LONGEST_NOTE = 2_000
MOST = 100
"""Tasks of a kind that are shown, the oldest first."""
VOICEMAIL, CALL_BACK = "voicemail", "call_back"
Task = CallBack | Voicemail | FollowUp
KINDS: Mapping[str, tuple[type[Task], Column]] = {
    VOICEMAIL: (Voicemail, VOICEMAIL_NOTE),
    CALL_BACK: (CallBack, CALL_BACK_NOTE),
    follow_ups.KIND: (FollowUp, FOLLOW_UP_NOTE),
}
"""Each kind of task with its rows and the sealed column of what came of it."""


def open_tasks(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """Everything that waits: callers whom an emergency has lost, danger read, then the oldest."""
    messages = session.execute(
        select(Voicemail, Call)
        .join(Call, Call.id == Voicemail.call_id)
        .where(Voicemail.done_at.is_(None))
        .order_by(Voicemail.left_at)
        .limit(MOST)
    ).all()
    wishes = session.execute(
        select(CallBack, Call)
        .join(Call, Call.id == CallBack.call_id)
        .where(CallBack.done_at.is_(None), CallBack.node != MESSAGE)
        .order_by(CallBack.node != EMERGENCY, CallBack.asked_at)
        .limit(MOST)
    ).all()
    rows: list[CallBack | Voicemail] = [row for row, _ in messages]
    rows += [row for row, _ in wishes]
    progress = task_claims.progress_of(session, rows, viewer.now)
    shown = [_message(row, call, viewer) | progress[row.id] for row, call in messages]
    shown += [_wish(row, call, viewer) | progress[row.id] for row, call in wishes]
    shown += follow_ups.due(session, viewer)
    return sorted(shown, key=_urgency)


def _urgency(task: Mapping[str, Any]) -> tuple[bool, bool, str]:
    return not task["emergency"], task["read"] == EmergencyLevel.NONE.value, str(task["since"])


def message(session: Session, voicemail_id: str) -> Voicemail:
    """A message, done or not.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(Voicemail, voicemail_id)
    if found is None:
        raise NotFoundError("This message is not there.", "Look at the desk again.")
    return found


def finish(
    session: Session,
    keyring: Keyring,
    task: tuple[str, str],
    staff_id: str,
    note: str,
    at: datetime,
) -> None:
    """Say what came of a task (its kind and id); repeated by the same person it changes nothing.

    Raises:
        RefusedError: no note, or one that is too long.
        NotFoundError: there is no such task.
        ConflictError: somebody else has done it, or is on it.
    """
    kind, task_id = task
    words = _required(note)
    row = open_task(session, kind, task_id)
    if not isinstance(row, FollowUp):
        task_claims.require_free(session, row, staff_id, at)
    model, column = KINDS[kind]
    taken = session.execute(
        update(model)
        .where(model.id == task_id, model.done_at.is_(None))
        .values(done_at=at, done_by=staff_id, note=keyring.seal(column, task_id, words))
    )
    if taken.rowcount:  # type: ignore[attr-defined]
        _recorded(session, kind, row.call_id, task_id, staff_id, at)
        if not isinstance(row, FollowUp):
            task_claims.stop_ringing(session, row, at)
        return
    session.refresh(row)
    if row.done_by != staff_id:
        raise ConflictError("Somebody else has done this.", "Take the next one.")


def left_by_caller(session: Session, kind: str, task_id: str) -> task_claims.Task:
    """A task that a caller has left, done or not: somebody can be rung for it.

    Raises:
        NotFoundError: there is none.
    """
    row = open_task(session, kind, task_id)
    if isinstance(row, FollowUp):
        raise NotFoundError("This task is not there.", "Look at the desk again.")
    return row


def open_task(session: Session, kind: str, task_id: str) -> Task:
    """A task, done or not.

    Raises:
        NotFoundError: there is none.
    """
    row = cast(Task | None, session.get(KINDS[kind][0], task_id))
    if row is None:
        raise NotFoundError("This task is not there.", "Look at the desk again.")
    return row


def _recorded(
    session: Session, kind: str, call_id: str, task_id: str, staff_id: str, at: datetime
) -> None:
    record.note(session, call_id, f"{kind}_done", at, staff_id, task=task_id)
    record.fact(session, call_id, ContactField.CLOSED, at, actor=staff_id)
    record.tell_desks(session, TASKS_CHANGED, at, call_id)


def _required(note: str) -> str:
    words = note.strip()
    if not words:
        raise RefusedError("Say what came of it.", "Write a short note, then press Done.")
    if len(words) > LONGEST_NOTE:
        raise RefusedError(f"A note holds at most {LONGEST_NOTE} characters.", "Shorten it.")
    return words


def _message(row: Voicemail, call: Call, viewer: Viewer) -> dict[str, Any]:
    return {
        **_about(VOICEMAIL, row.id, call, viewer),
        "language": row.language.value,
        "since": showing.instant(row.left_at),
        "seconds": row.seconds,
        "is_there": row.kept_at is not None,
        "emergency": False,
        "number_by_hand": None,
    }


def _wish(row: CallBack, call: Call, viewer: Viewer) -> dict[str, Any]:
    """A caller to be rung back; of an emergency 911's number stands beside, if nobody answers."""
    is_emergency = row.node == EMERGENCY
    return {
        **_about(CALL_BACK, row.id, call, viewer),
        "language": row.language.value,
        "since": showing.instant(row.asked_at),
        "seconds": None,
        "is_there": False,
        "emergency": is_emergency,
        "number_by_hand": transfer_view.number_by_hand(call, viewer.city) if is_emergency else None,
    }


def _about(kind: str, task_id: str, call: Call, viewer: Viewer) -> dict[str, Any]:
    caller = open_caller(viewer.keyring, call, viewer.sight)
    return {
        "kind": kind,
        "task_id": task_id,
        "call_id": call.id,
        "caller": caller.number,
        "intent_title": viewer.intent_title(caller.intent),
        "words": caller.words,
        "place": (caller.place or {}).get("text"),
        "read": call.emergency_level.value,
    }
