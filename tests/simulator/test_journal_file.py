"""The journal's file: whole at every moment somebody reads it, and never written anew from its beginning."""

import json
from datetime import UTC, datetime

import pytest

from simulator.journal import Entry, Journal, Kind

pytestmark = pytest.mark.rules


def entry(text):
    at = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    return Entry(at, 0.0, "CA1", "resident", (), Kind.HEARD, {"text": text})


def test_each_save_adds_what_is_new_and_the_file_is_json(tmp_path):
    file = tmp_path / "journal.json"
    file.write_text("of an earlier run")
    journal = Journal(file)
    written = []
    for texts in (["uno"], [], ["dos", "tres"], ["¿cuatro?"]):
        for text in texts:
            journal.write(entry(text))
        journal.save()
        written += texts
        rows = json.loads(file.read_text(encoding="utf-8"))["entries"]
        assert [row["data"]["text"] for row in rows] == written


def test_what_was_saved_is_not_written_again(tmp_path):
    file = tmp_path / "journal.json"
    journal = Journal(file)
    journal.write(entry("first"))
    journal.save()
    file.write_bytes(file.read_bytes().replace(b"first", b"FIRST"))
    journal.write(entry("second"))
    journal.save()
    assert "FIRST" in file.read_text(encoding="utf-8")


def test_a_journal_without_a_file_saves_nothing():
    journal = Journal()
    journal.write(entry("one"))
    journal.save()
    assert len(journal.entries()) == 1
