"""Reading sees one moment of the record, on both engines; what is written meanwhile is seen afterwards."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models.database import reading
from models.effects import DeskEvent

pytestmark = pytest.mark.database


def write(sessions, kind):
    with sessions() as session:
        session.add(DeskEvent(kind=kind, at=datetime(2026, 7, 1, tzinfo=UTC), data={}))
        session.commit()


def kinds(session):
    return list(session.scalars(select(DeskEvent.kind).order_by(DeskEvent.id)))


def test_a_reader_sees_nothing_of_what_is_written_while_it_reads(sessions):
    write(sessions, "before")
    with reading(sessions) as session:
        assert kinds(session) == ["before"]
        write(sessions, "meanwhile")
        assert kinds(session) == ["before"]
    with reading(sessions) as session:
        assert kinds(session) == ["before", "meanwhile"]


def test_a_writer_after_a_reader_on_the_same_connection_sees_the_newest(sessions):
    with reading(sessions) as session:
        assert kinds(session) == []
    with sessions() as session:
        assert kinds(session) == []
        session.commit()
        write(sessions, "later")
        assert kinds(session) == ["later"]
