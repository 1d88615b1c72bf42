"""SQLite's writers of one process pass one after the other, in the order they came."""

import sqlite3
import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.database import open_engine, open_intent_engine, open_sessions, reading
from models.faults import Fault, fault_of
from models.sqlite_writers import Turnstile, turnstile_of, writing

pytestmark = pytest.mark.rules


def waiting(turnstile, count):
    """Wait until so many stand in the queue."""
    while len(turnstile._waiting) < count:
        time.sleep(0.001)


def test_who_came_first_passes_first():
    turnstile, passed, threads = Turnstile(), [], []
    assert turnstile.enter(1)

    def come(name):
        assert turnstile.enter(10)
        passed.append(name)
        turnstile.leave()

    for number in range(5):
        threads.append(threading.Thread(target=come, args=(number,)))
        threads[-1].start()
        waiting(turnstile, number + 1)
    turnstile.leave()
    for thread in threads:
        thread.join()
    assert passed == [0, 1, 2, 3, 4]
    assert turnstile.enter(0)


def test_whoever_gives_up_takes_nobodys_turn():
    turnstile = Turnstile()
    assert turnstile.enter(1)
    assert not turnstile.enter(0.01)
    turnstile.leave()
    assert turnstile.enter(0)


def test_never_two_at_once_however_many_come_and_give_up():
    turnstile, inside, most = Turnstile(), [], []

    def come(seconds):
        if turnstile.enter(seconds):
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turnstile.leave()

    threads = [threading.Thread(target=come, args=(n % 3 * 0.0005,)) for n in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert turnstile.enter(0)


@pytest.fixture
def engine(tmp_path):
    opened = open_engine(f"sqlite:///{tmp_path / 'writers.db'}")
    with opened.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE line (n INTEGER)")
    yield opened
    opened.dispose()


def count(engine):
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM line").scalar()


def is_free(engine):
    turnstile = turnstile_of(engine.url.database)
    if not turnstile.enter(0):
        return False
    turnstile.leave()
    return True


def test_a_transaction_holds_the_turnstile_until_its_commit(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO line VALUES (1)")
        assert not is_free(engine)
    assert is_free(engine)
    assert count(engine) == 1


def test_a_transaction_that_fails_leaves_the_turnstile_too(engine):
    with suppress(ZeroDivisionError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO line VALUES (1)")
        raise ZeroDivisionError
    assert is_free(engine)
    assert count(engine) == 0


def test_a_session_that_is_closed_without_a_commit_leaves_the_turnstile(engine):
    with open_sessions(engine)() as session:
        session.execute(text("INSERT INTO line VALUES (1)"))
        assert not is_free(engine)
    assert is_free(engine)


def test_a_connection_that_breaks_leaves_the_turnstile(engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.invalidate()
    assert is_free(engine)


def test_who_only_reads_passes_no_turnstile(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO line VALUES (1)")
        with reading(open_sessions(engine)) as session:
            assert session.execute(text("SELECT count(*) FROM line")).scalar() == 0


def test_a_turn_that_does_not_come_is_the_fault_that_is_tried_again(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO line VALUES (1)")
        late = open_intent_engine(str(engine.url))
        with pytest.raises(OperationalError) as locked, late.begin():
            pass
        late.dispose()
    assert fault_of(locked.value) is Fault.BUSY
    assert count(engine) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_a_turns_own_transaction_passes_the_same_turnstile(engine, fails):
    raw = engine.raw_connection()
    with suppress(ZeroDivisionError), writing(raw.driver_connection):
        raw.driver_connection.execute("INSERT INTO line VALUES (1)")
        assert not is_free(engine)
        if fails:
            raise ZeroDivisionError
    raw.close()
    assert is_free(engine)
    assert count(engine) == (0 if fails else 1)


def test_a_turns_own_transaction_that_finds_another_program_writing_leaves_the_turnstile(engine):
    other = sqlite3.connect(engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    late = open_intent_engine(str(engine.url))
    raw = late.raw_connection()
    with pytest.raises(sqlite3.OperationalError), writing(raw.driver_connection):
        pass
    raw.close()
    late.dispose()
    other.rollback()
    other.close()
    assert is_free(engine)
