"""What every change of a call writes beside its own rows: journal, facts, news, deadlines.

Functions take `session` first and never commit: the door does. They must not know why something
happened, and nothing they write outside sealed columns may be personal.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, DateTime, func, literal_column, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.call import Call, CallbackReceived
from models.contact_fields import ContactField
from models.effects import Deadline, DeskEvent
from models.journal import ContactFact, JournalEntry
from models.states import DeadlineKind

NO_KEY = {"key_share": True}
"""FOR NO KEY UPDATE: rows that only point at the call are still written meanwhile."""

TRANSFER_CONNECTED = "transfer_connected"
"""The journal's word for a caller whom the menu connected with an entry of the directory."""

LINE = "line"
TWILIO = "twilio"
CALLER = "caller"


def note(
    session: Session,
    call_id: str,
    kind: str,
    now: datetime,
    actor: str = LINE,
    **data: Any,
) -> None:
    """Write one thing that happened; `data` holds ids and figures, never personal text."""
    session.add(
        JournalEntry(
            entry_id=uuid4().hex, call_id=call_id, at=now, kind=kind, actor=actor, data=data
        )
    )


def count_notes(session: Session, call_id: str, kind: str) -> int:
    """How often something happened in a call."""
    return (
        session.scalar(
            select(func.count())
            .select_from(JournalEntry)
            .where(JournalEntry.call_id == call_id, JournalEntry.kind == kind)
        )
        or 0
    )


def fact(
    session: Session,
    call_id: str,
    field: ContactField,
    now: datetime,
    value: str | None = None,
    actor: str = LINE,
) -> None:
    """Add a value of the comparable record; none is ever overwritten."""
    session.add(ContactFact(call_id=call_id, at=now, field=field.value, value=value, actor=actor))


def tell_desks(
    session: Session,
    kind: str,
    now: datetime,
    call_id: str | None = None,
    staff_id: str | None = None,
    **data: Any,
) -> None:
    """Write news for desks: for one when `staff_id` is given, else for all."""
    session.add(DeskEvent(at=now, kind=kind, staff_id=staff_id, call_id=call_id, data=data))


def alert_supervisors(session: Session, call_id: str, now: datetime, why: str) -> None:
    """Something went wrong that a supervisor must see at once."""
    note(session, call_id, "supervisor_alerted", now, why=why)
    tell_desks(session, "supervisor_alert", now, call_id, why=why)


def new_id() -> str:
    """An id for a row that no door names."""
    return uuid4().hex


def set_deadline(
    session: Session, kind: DeadlineKind, subject: str, call_id: str, due_at: datetime
) -> None:
    """Make the line act at `due_at`; the same kind and subject again moves the moment."""
    found = session.scalar(
        select(Deadline).where(Deadline.kind == kind, Deadline.subject == subject)
    )
    if found is None:
        session.add(
            Deadline(id=uuid4().hex, kind=kind, subject=subject, call_id=call_id, due_at=due_at)
        )
    else:
        found.due_at, found.done_at = due_at, None
    session.flush()


def set_deadline_by(
    session: Session, kind: DeadlineKind, subject: str, call_id: str, due_at: datetime
) -> None:
    """Make the line act at `due_at` at the latest: an earlier moment that is waited for stays."""
    waited_for = session.scalar(
        select(Deadline.due_at).where(
            Deadline.kind == kind, Deadline.subject == subject, Deadline.done_at.is_(None)
        )
    )
    if waited_for is None or waited_for > due_at:
        set_deadline(session, kind, subject, call_id, due_at)


def drop_deadline(session: Session, kind: DeadlineKind, subject: str, now: datetime) -> None:
    """The moment is no longer waited for."""
    session.execute(
        update(Deadline)
        .where(Deadline.kind == kind, Deadline.subject == subject, Deadline.done_at.is_(None))
        .values(done_at=now)
    )


def drop_deadlines_of(session: Session, call_id: str, now: datetime) -> None:
    """The call is over: nothing is waited for any more."""
    session.execute(
        update(Deadline)
        .where(Deadline.call_id == call_id, Deadline.done_at.is_(None))
        .values(done_at=now)
    )


def lock_call(session: Session, call_id: str) -> Call | None:
    """Read the call and keep others from changing it until the commit.

    Everything that changes a call's line, room or transfer does this first, so that two reports of
    one moment are applied one after the other. SQLite's BEGIN IMMEDIATE does the same.
    """
    return session.get(Call, call_id, with_for_update=NO_KEY, populate_existing=True)


def is_first(session: Session, key: str, now: datetime) -> bool:
    """Say whether a reported fact is new: its key goes into the inbox, and stays.

    What came back is asked for, not counted: PostgreSQL's driver counts no rows of this statement.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.scalar(
        insert(CallbackReceived)
        .values(key=key, received_at=now)
        .on_conflict_do_nothing()
        .returning(CallbackReceived.key)
    )
    return taken is not None


def room_over(conference_sid: str) -> str:
    """The inbox key of a room's end."""
    return f"room-over:{conference_sid}"


def is_room_over(session: Session, conference_sid: str | None) -> bool:
    """Say whether a room's end was reported: its late reports count no more."""
    return conference_sid is not None and is_known(session, room_over(conference_sid))


def is_known(session: Session, key: str) -> bool:
    """Say whether a fact of this key is in the inbox."""
    return session.get(CallbackReceived, key) is not None


def database_moment(session: Session) -> ColumnElement[datetime] | datetime:
    """The database's own clock within a statement: what `database_now` asks for, without asking first."""
    if session.get_bind().dialect.name == "postgresql":
        return literal_column("clock_timestamp()", DateTime(timezone=True))
    return database_now(session)


def database_now(session: Session) -> datetime:
    """The database's own clock, for leases: every process agrees on it."""
    if session.get_bind().dialect.name == "postgresql":
        found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found.astimezone(UTC)
    written = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def add_once(session: Session, row: Any) -> bool:
    """Insert a row that another process may insert too; False when it was faster."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
