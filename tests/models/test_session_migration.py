"""The step to events keeps what sessions had: their answers become their story, nobody chose yet."""

import pytest
from sqlalchemy import text

from config import migrating
from models.database import open_engine
from tests import databases

pytestmark = pytest.mark.database

NOON = "2026-07-01 12:00:00"
BEFORE = (
    "INSERT INTO staff (id, email, name, role, languages, password_hash, failed_sign_ins,"
    f" created_at) VALUES ('{'5' * 32}', 'a@b.example', 'Ana', 'call_taker', 'en', 'x', 0,"
    f" '{NOON}')",
    "INSERT INTO publication (id, kind, key, version, state, digest, document, author, reason,"
    f" created_at) VALUES ('{'1' * 32}', 'protocol', 'pothole', 1, 'live', '{'0' * 64}', 'x',"
    f" 'city pack', 'why', '{NOON}')",
    "INSERT INTO call (id, call_sid, origin, phase, number_presentation, dialled_number, step,"
    f" emergency_level, started_at, heard_at) VALUES ('{'c' * 32}', 'CA', '311', 'room', 'given',"
    f" '311', 1, 'none', '{NOON}', '{NOON}')",
    "INSERT INTO protocol_session (id, call_id, publication_id, protocol, version, staff_id,"
    f" started_at) VALUES ('{'2' * 32}', '{'c' * 32}', '{'1' * 32}', 'pothole', 1, '{'5' * 32}',"
    f" '{NOON}')",
)
ANSWER = (
    "INSERT INTO protocol_answer (answer_id, session_id, question, value, shown_at, answered_at)"
    f" VALUES (:id, '{'2' * 32}', :question, :value, '{NOON}', :at)"
)
SET = (
    "INSERT INTO determinant_set (session_id, determinant, level, priority, criteria, final,"
    f" set_at) VALUES ('{'2' * 32}', 'soon', 'urgent', 5, '[]', :final, '{NOON}')"
)


@pytest.fixture
def old(engine_name, tmp_path):
    """A database of the second revision with a session of two answers and its determinant."""
    url = databases.empty(engine_name, tmp_path)
    engine = open_engine(url, patient=True)
    migrating.upgrade(engine, "0002")
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
        for number, question in ((8, "danger_now"), (7, "crash")):
            values = {"id": str(number) * 32, "question": question, "value": b"sealed"}
            connection.execute(text(ANSWER), {**values, "at": f"2026-07-01 12:00:1{9 - number}"})
        connection.execute(text(SET), {"final": False})
    yield engine
    engine.dispose()
    databases.drop(url)


def rows(engine, statement: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_each_answer_becomes_the_event_that_it_was_in_the_same_order(old):
    migrating.upgrade(old, "0003")
    events = rows(old, "SELECT kind, answer_id, staff_id FROM protocol_event ORDER BY id")
    assert events == [("answered", number * 32, "5" * 32) for number in "87"]


def test_what_was_set_before_was_set_by_the_rules(old):
    migrating.upgrade(old, "0003")
    kept = rows(old, "SELECT determinant, source, computed, event_id, reason FROM determinant_set")
    assert kept == [("soon", "rules", "soon", None, None)]


def test_the_way_back_keeps_answers_and_what_the_rules_said(old):
    migrating.upgrade(old, "0003")
    with old.begin() as connection:
        connection.execute(text(SET), {"final": True})
        connection.execute(
            text("UPDATE determinant_set SET source = 'override' WHERE final = :yes"), {"yes": True}
        )
    migrating.downgrade(old, "0002")
    assert rows(old, "SELECT question FROM protocol_answer ORDER BY id") == [
        ("danger_now",),
        ("crash",),
    ]
    assert [bool(final) for (final,) in rows(old, "SELECT final FROM determinant_set")] == [False]
    migrating.upgrade(old, "0003")
    assert len(rows(old, "SELECT id FROM protocol_event")) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE determinant_set SET source = 'somebody'",
        "UPDATE protocol_event SET kind = 'forgotten'",
        "UPDATE protocol_event SET kind = 'shown', question = 'crash'",
    ],
)
def test_the_database_refuses_unknown_words_and_a_question_shown_twice(old, statement):
    migrating.upgrade(old, "0003")
    with pytest.raises(Exception, match=r"(?i)unique|check"), old.begin() as connection:
        connection.execute(text(statement))
