"""The hot path's seam between two databases: load a turn, and commit it with its answer.

On PostgreSQL a turn is two round trips: one SELECT and one statement (a CTE) that moves the step,
writes the journal and keeps the answer's bytes. On SQLite the same three writes run between BEGIN
IMMEDIATE and COMMIT. The key of a turn is (call_sid, step): the UPDATE moves the step only if it is
still the expected one, so a repeated webhook changes nothing and is given the first one's bytes.

Functions take a DBAPI connection (`engine.raw_connection()` of the turn engine, or the connection
under an open session when the turn has effects to commit with it).
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any, cast

from models import sqlite_writers
from models.call import CALL_TOKEN, CALLER_NUMBER, MENU_STATE, TURN_ANSWER
from models.journal import JOURNAL_WORDS
from models.personal import Keyring
from models.states import (
    CallPhase,
    EmergencyLevel,
    Language,
    NumberPresentation,
    Origin,
)

Connection = Any
"""A DBAPI connection of psycopg 3 or sqlite3 (or SQLAlchemy's proxy around one)."""


@dataclass(frozen=True, slots=True)
class TurnKey:
    """What makes a turn one: the caller's leg and the numbered step in the path."""

    call_sid: str
    step: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as stored. `answer` is there when this step was answered before."""

    call_id: str
    step: int
    phase: CallPhase
    language: Language | None
    menu_publication_id: str | None
    state: str | None
    answer: bytes | None
    caller_number: bytes | None = None
    """Still sealed: most turns never ask for it."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A journal entry to be written with the turn; `words` is what a person said, sealed here."""

    entry_id: str
    kind: str
    actor: str
    data: Mapping[str, Any]
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the comparable record (`models.contact_fields`)."""

    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What the turn makes of the call's row. None leaves a column as it is."""

    at: datetime
    state: str
    phase: CallPhase
    language: Language | None = None
    intent: str | None = None
    emergency_level: EmergencyLevel | None = None
    jurisdiction: str | None = None
    call_token: str | None = None
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call that rings for the first time."""

    call_id: str
    origin: Origin
    caller_number: str | None
    number_presentation: NumberPresentation
    dialled_number: str
    stir_verstat: str | None
    menu_publication_id: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """This request's answer is the turn's answer."""

    answer: bytes


@dataclass(frozen=True, slots=True)
class AlreadyAnswered:
    """Another request took the step first; `answer` holds its bytes.

    None when the step was never answered and is not the awaited one: a step out of its life.
    """

    answer: bytes | None


class TurnStore:
    """Loads and commits voice turns; holds the keys that close personal columns."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def load(self, connection: Connection, key: TurnKey) -> Turn | None:
        """Read a turn in one statement; None when the call is unknown."""
        row = _one(connection, _LOAD, (key.step, key.call_sid))
        if row is None:
            return None
        call_id, step, phase, language, publication, state, number, answer = row
        return Turn(
            call_id=call_id,
            step=step,
            phase=CallPhase(phase),
            language=None if language is None else Language(language),
            menu_publication_id=publication,
            state=None
            if state is None
            else self._keyring.unseal(MENU_STATE, call_id, bytes(state)),
            answer=None if answer is None else self._open_answer(key, bytes(answer)),
            caller_number=None if number is None else bytes(number),
        )

    def begin(
        self,
        connection: Connection,
        key: TurnKey,
        new: NewCall,
        change: Change,
        journal: Sequence[JournalRow],
        answer: bytes,
    ) -> Saved | AlreadyAnswered:
        """Write a call's first turn; a repeated first webhook gets the first one's bytes."""
        number = new.caller_number
        keyring = self._keyring
        call = (
            new.call_id,
            key.call_sid,
            new.origin.value,
            change.phase.value,
            change.language.value if change.language else None,
            None if number is None else keyring.seal(CALLER_NUMBER, new.call_id, number),
            None if number is None else keyring.blind_index(number),
            new.number_presentation.value,
            new.dialled_number,
            new.stir_verstat,
            self._sealed_token(change, new.call_id),
            new.menu_publication_id,
            key.step + 1,
            keyring.seal(MENU_STATE, new.call_id, change.state),
            (change.emergency_level or EmergencyLevel.NONE).value,
        )
        return self._write(connection, key, new.call_id, _BEGIN, call, change, journal, answer)

    def save(
        self,
        connection: Connection,
        key: TurnKey,
        call_id: str,
        next_step: int,
        change: Change,
        journal: Sequence[JournalRow],
        answer: bytes,
    ) -> Saved | AlreadyAnswered:
        """Commit a turn with its answer, if the step is still the awaited one."""
        call = (
            next_step,
            self._keyring.seal(MENU_STATE, call_id, change.state),
            change.phase.value,
            change.language.value if change.language else None,
            change.intent,
            change.emergency_level.value if change.emergency_level else None,
            change.jurisdiction,
            self._sealed_token(change, call_id),
            _instant(connection, change.at),
            key.call_sid,
            key.step,
        )
        return self._write(connection, key, call_id, _MOVE, call, change, journal, answer)

    def _write(
        self,
        connection: Connection,
        key: TurnKey,
        call_id: str,
        call_statement: str,
        call: tuple[Any, ...],
        change: Change,
        journal: Sequence[JournalRow],
        answer: bytes,
    ) -> Saved | AlreadyAnswered:
        sealed = self._keyring.seal(TURN_ANSWER, f"{key.call_sid}:{key.step}", answer.decode())
        rows = [
            (
                row.entry_id,
                row.kind,
                row.actor,
                json.dumps(row.data, ensure_ascii=False),
                None
                if row.words is None
                else self._keyring.seal(JOURNAL_WORDS, row.entry_id, row.words),
            )
            for row in journal
        ]
        writer = _write_sqlite if _is_sqlite(connection) else _write_postgresql
        if writer(connection, call_statement, call, key, change, call_id, rows, sealed):
            return Saved(answer)
        stored = _one(connection, _STORED, (key.call_sid, key.step))
        return AlreadyAnswered(None if stored is None else self._open_answer(key, bytes(stored[0])))

    def _open_answer(self, key: TurnKey, blob: bytes) -> bytes:
        return self._keyring.unseal(TURN_ANSWER, f"{key.call_sid}:{key.step}", blob).encode()

    def _sealed_token(self, change: Change, call_id: str) -> bytes | None:
        if change.call_token is None:
            return None
        return self._keyring.seal(CALL_TOKEN, call_id, change.call_token)


_LOAD = """
SELECT c.id, c.step, c.phase, c.language, c.menu_publication_id, c.menu_state, c.caller_number,
  t.answer
FROM call c LEFT JOIN call_turn t ON t.call_sid = c.call_sid AND t.step = %s
WHERE c.call_sid = %s"""

_STORED = "SELECT answer FROM call_turn WHERE call_sid = %s AND step = %s"

_BEGIN = """
INSERT INTO call (id, call_sid, origin, phase, language, caller_number, caller_number_index,
  number_presentation, dialled_number, stir_verstat, call_token, menu_publication_id, step,
  menu_state, emergency_level, started_at, heard_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, {at}, {at})
ON CONFLICT (call_sid) DO NOTHING RETURNING id"""

_MOVE = """
UPDATE call SET step = %s, menu_state = %s, phase = %s,
  language = COALESCE(%s, language), intent = COALESCE(%s, intent),
  emergency_level = COALESCE(%s, emergency_level), jurisdiction = COALESCE(%s, jurisdiction),
  call_token = COALESCE(%s, call_token), heard_at = %s
WHERE call_sid = %s AND step = %s RETURNING id"""

_POSTGRESQL = """
WITH moved AS ({call}),
{noted}{recorded}kept AS (
  INSERT INTO call_turn (call_sid, step, answer, answered_at)
  SELECT %s, %s, %s, %s FROM moved)
SELECT id FROM moved"""

_NOTED = """noted AS (
  INSERT INTO journal (entry_id, call_id, at, kind, actor, data, words)
  SELECT j.entry_id, moved.id, %s, j.kind, j.actor, j.data::json, j.words
  FROM moved, (VALUES {rows}) AS j (n, entry_id, kind, actor, data, words) ORDER BY j.n),
"""
_NOTED_ROW = "({n}, %s::text, %s::text, %s::text, %s::text, %s::bytea)"

_RECORDED = """recorded AS (
  INSERT INTO contact_fact (call_id, at, field, value, actor)
  SELECT moved.id, %s, f.field, f.value, 'line'
  FROM moved, (VALUES {rows}) AS f (n, field, value) ORDER BY f.n),
"""
_RECORDED_ROW = "({n}, %s::text, %s::text)"


@cache
def _postgresql(call: str, entries: int, facts: int) -> str:
    """The statement for so many journal rows and facts; each is prepared once a connection.

    Plain values, not arrays: the driver escapes every quote of a JSON array's text by itself.
    """
    return _POSTGRESQL.format(
        call=call.format(at="%s"),
        noted=_NOTED.format(rows=_numbered(_NOTED_ROW, entries)) if entries else "",
        recorded=_RECORDED.format(rows=_numbered(_RECORDED_ROW, facts)) if facts else "",
    )


def _numbered(row: str, count: int) -> str:
    return ", ".join(row.format(n=n) for n in range(count))


_SQLITE_CALLS = {call: call.format(at="%s").replace("%s", "?") for call in (_BEGIN, _MOVE)}


def _write_postgresql(
    connection: Connection,
    statement: str,
    call: tuple[Any, ...],
    key: TurnKey,
    change: Change,
    _call_id: str,
    rows: list[tuple[Any, ...]],
    sealed: bytes,
) -> bool:
    at = change.at
    noted = (at, *chain.from_iterable(rows)) if rows else ()
    facts = chain.from_iterable((fact.field, fact.value) for fact in change.facts)
    recorded = (at, *facts) if change.facts else ()
    first = (*call, at, at) if statement is _BEGIN else call
    values = (*first, *noted, *recorded, key.call_sid, key.step, sealed, at)
    sql = _postgresql(statement, len(rows), len(change.facts))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() is not None


def _write_sqlite(
    connection: Connection,
    statement: str,
    call: tuple[Any, ...],
    key: TurnKey,
    change: Change,
    call_id: str,
    rows: list[tuple[Any, ...]],
    sealed: bytes,
) -> bool:
    raw = _raw_sqlite(connection)
    at = _instant(raw, change.at)
    first = (*call, at, at) if statement is _BEGIN else call
    with nullcontext() if raw.in_transaction else sqlite_writers.writing(raw):
        moved = raw.execute(_SQLITE_CALLS[statement], first).fetchone()
        if moved is not None:
            _note_sqlite(raw, call_id, at, rows, change)
            raw.execute(
                "INSERT INTO call_turn (call_sid, step, answer, answered_at) VALUES (?, ?, ?, ?)",
                (key.call_sid, key.step, sealed, at),
            )
    return moved is not None


def _note_sqlite(
    raw: sqlite3.Connection, call_id: str, at: Any, rows: list[tuple[Any, ...]], change: Change
) -> None:
    raw.executemany(
        "INSERT INTO journal (entry_id, call_id, at, kind, actor, data, words)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(row[0], call_id, at, *row[1:]) for row in rows],
    )
    raw.executemany(
        "INSERT INTO contact_fact (call_id, at, field, value, actor) VALUES (?, ?, ?, ?, 'line')",
        [(call_id, at, fact.field, fact.value) for fact in change.facts],
    )


def _one(connection: Connection, statement: str, values: tuple[Any, ...]) -> Any:
    if _is_sqlite(connection):
        raw = _raw_sqlite(connection)
        return raw.execute(statement.replace("%s", "?"), values).fetchone()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _is_sqlite(connection: Connection) -> bool:
    return isinstance(_raw(connection), sqlite3.Connection)


def _raw(connection: Connection) -> Any:
    """The driver's own connection under SQLAlchemy's proxy, if there is a proxy."""
    return getattr(connection, "driver_connection", connection)


def _raw_sqlite(connection: Connection) -> sqlite_writers.Connection:
    return cast(sqlite_writers.Connection, _raw(connection))


def _instant(connection: Connection, at: datetime) -> Any:
    """SQLite keeps the text that SQLAlchemy's own type writes: UTC without offset."""
    if not _is_sqlite(connection):
        return at
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
