"""The turn store's promises, the same on both engines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from models.call import CALLER_NUMBER, Call, CallTurn
from models.database import open_engine, open_sessions, open_turn_engine
from models.journal import JOURNAL_WORDS, ContactFact, JournalEntry
from models.personal import PersonalError
from models.states import CallPhase, EmergencyLevel, Language, NumberPresentation, Origin
from models.turn_store import (
    AlreadyAnswered,
    Change,
    Fact,
    JournalRow,
    NewCall,
    Saved,
    TurnKey,
    TurnStore,
)
from tests.fakes import NOON, fake_keyring

pytestmark = pytest.mark.database


@pytest.fixture
def store() -> TurnStore:
    return TurnStore(fake_keyring())


@pytest.fixture
def turn_engine(database_url) -> Iterator:
    engine = open_turn_engine(database_url, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def rows(database_url) -> Iterator:
    engine = open_engine(database_url)
    yield open_sessions(engine)
    engine.dispose()


@contextmanager
def connected(engine):
    connection = engine.raw_connection()
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def sid() -> str:
    return "CA" + uuid4().hex


def change(state="{}", **columns) -> Change:
    return Change(at=NOON, state=state, phase=columns.pop("phase", CallPhase.MENU), **columns)


def note(kind="said", words=None, **data) -> JournalRow:
    return JournalRow(uuid4().hex, kind, "caller", data, words)


def begin(store, connection, sid, answer=b"<first/>", journal=(), **columns):
    new = NewCall(
        call_id=uuid4().hex,
        origin=Origin.LINE_311,
        caller_number="+15205550140",
        number_presentation=NumberPresentation.GIVEN,
        dialled_number="+15205550100",
        stir_verstat=None,
        menu_publication_id=None,
    )
    key = TurnKey(sid, 0)
    outcome = store.begin(connection, key, new, change(**columns), list(journal), answer)
    return new, outcome


def save(store, connection, call_id, key, answer=b"<next/>", journal=(), **columns):
    changed = change(**columns)
    return store.save(connection, key, call_id, key.step + 1, changed, list(journal), answer)


def test_a_call_that_begins_is_loaded_as_it_was_written(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, outcome = begin(store, connection, sid, state='{"a": "é"}', language=Language.ES)
        assert outcome == Saved(b"<first/>")
        turn = store.load(connection, TurnKey(sid, 1))
        assert (turn.call_id, turn.step, turn.phase) == (new.call_id, 1, CallPhase.MENU)
        assert (turn.language, turn.state, turn.answer) == (Language.ES, '{"a": "é"}', None)
        assert store.load(connection, TurnKey(sid, 0)).answer == b"<first/>"
        assert store.load(connection, TurnKey("CA" + "0" * 32, 0)) is None
    with rows() as session:
        call = session.scalars(select(Call).where(Call.call_sid == sid)).one()
        assert call.started_at == call.heard_at == NOON
        assert b"520555" not in call.caller_number
        assert fake_keyring().unseal(CALLER_NUMBER, call.id, call.caller_number) == "+15205550140"


def test_a_repeated_first_webhook_gets_the_first_ones_bytes(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        begin(store, connection, sid, b"<one/>", [note()])
        _, again = begin(store, connection, sid, b"<two/>", [note()])
    assert again == AlreadyAnswered(b"<one/>")
    with rows() as session:
        assert len(session.scalars(select(Call).where(Call.call_sid == sid)).all()) == 1
        assert len(session.scalars(select(CallTurn).where(CallTurn.call_sid == sid)).all()) == 1


def test_a_turn_moves_the_step_and_keeps_answer_journal_and_facts(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
        spoken = note("caller_input", "un bache en la calle", keys="")
        outcome = save(
            store, connection, new.call_id, TurnKey(sid, 1), b"<second/>", [note(n=1), spoken],
            state="2", language=Language.EN, intent="pothole", jurisdiction="tucson",
            emergency_level=EmergencyLevel.POSSIBLE, call_token="token",
            facts=(Fact("entry_type", "pothole"), Fact("clock.location_verified", None)),
        )  # fmt: skip
        assert outcome == Saved(b"<second/>")
    with rows() as session:
        call = session.get(Call, new.call_id)
        assert (call.step, call.intent, call.jurisdiction) == (2, "pothole", "tucson")
        assert call.emergency_level is EmergencyLevel.POSSIBLE
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.call_id == call.id).order_by(JournalEntry.id)
        ).all()
        assert [entry.kind for entry in entries] == ["said", "caller_input"]
        assert entries[0].data == {"n": 1}
        assert entries[0].words is None
        assert entries[1].at == NOON
        words = fake_keyring().unseal(JOURNAL_WORDS, entries[1].entry_id, entries[1].words)
        assert words == "un bache en la calle"
        facts = session.execute(
            select(ContactFact.field, ContactFact.value).order_by(ContactFact.id)
        ).all()
        assert [tuple(fact) for fact in facts] == [
            ("entry_type", "pothole"), ("clock.location_verified", None),
        ]  # fmt: skip


def test_what_a_turn_does_not_say_stays_as_it_was(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid, language=Language.ES, call_token="first")
        save(store, connection, new.call_id, TurnKey(sid, 1), intent="pothole")
        save(store, connection, new.call_id, TurnKey(sid, 2))
    with rows() as session:
        call = session.get(Call, new.call_id)
        assert (call.language, call.intent, call.step) == (Language.ES, "pothole", 3)
        assert call.call_token is not None


def test_a_repeated_turn_changes_nothing(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
        save(store, connection, new.call_id, TurnKey(sid, 1), b"<first/>", [note()], state="1")
        again = save(
            store, connection, new.call_id, TurnKey(sid, 1), b"<other/>", [note()], state="2"
        )
        assert again == AlreadyAnswered(b"<first/>")
        assert store.load(connection, TurnKey(sid, 2)).state == "1"
    with rows() as session:
        entries = session.scalars(select(JournalEntry).where(JournalEntry.call_id == new.call_id))
        assert len(entries.all()) == 1


def test_a_step_that_is_not_awaited_is_not_answered(store, turn_engine, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
        early = save(store, connection, new.call_id, TurnKey(sid, 7))
        assert early == AlreadyAnswered(None)
        assert store.load(connection, TurnKey(sid, 7)).step == 1


def test_of_many_at_once_one_wins_and_all_give_its_bytes(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
    outcomes = []

    def ask(n):
        with connected(turn_engine) as connection:
            outcomes.append(
                save(store, connection, new.call_id, TurnKey(sid, 1), f"<a{n}/>".encode())
            )

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if isinstance(outcome, Saved)]
    assert len(outcomes) == 4
    assert len(winners) == 1
    assert {outcome.answer for outcome in outcomes} == {winners[0].answer}


def test_within_a_session_the_turn_waits_for_its_commit(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
    with rows() as session:
        raw = session.connection().connection
        assert isinstance(save(store, raw, new.call_id, TurnKey(sid, 1)), Saved)
        session.rollback()
    with connected(turn_engine) as connection:
        assert store.load(connection, TurnKey(sid, 1)).answer is None
    with rows() as session:
        save(store, session.connection().connection, new.call_id, TurnKey(sid, 1))
        session.execute(text("UPDATE call SET phase = 'line' WHERE id = :id"), {"id": new.call_id})
        session.commit()
    with connected(turn_engine) as connection:
        turn = store.load(connection, TurnKey(sid, 1))
    assert (turn.phase, turn.answer) == (CallPhase.LINE, b"<next/>")


def test_a_failing_journal_row_takes_the_whole_turn_with_it(store, turn_engine, sid):
    with connected(turn_engine) as connection:
        new, _ = begin(store, connection, sid)
    doubled = note()
    with connected(turn_engine) as connection, pytest.raises(Exception, match=r"(?i)unique"):
        save(store, connection, new.call_id, TurnKey(sid, 1), journal=[doubled, doubled])
    with connected(turn_engine) as connection:
        turn = store.load(connection, TurnKey(sid, 1))
    assert (turn.step, turn.answer) == (1, None)


def test_an_answer_moved_to_another_step_does_not_open(store, turn_engine, rows, sid):
    with connected(turn_engine) as connection:
        begin(store, connection, sid)
    with rows() as session:
        session.execute(text("UPDATE call_turn SET step = 5 WHERE call_sid = :sid"), {"sid": sid})
        session.commit()
    with connected(turn_engine) as connection, pytest.raises(PersonalError):
        store.load(connection, TurnKey(sid, 5))
