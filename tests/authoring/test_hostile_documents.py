"""Hostile bodies: every one is answered with what happened and what to do, and nothing is saved."""

import json

import pytest

from calltaker.authoring import documents, gate
from calltaker.authoring.documents import UnreadableError
from models.draft import Draft
from models.publication import Publication
from tests.authoring.authoring_stage import HOURS, MENU, City, menu

pytestmark = pytest.mark.database

SAID = {"en": "One moment.", "es": "Un momento."}
DEEP = json.dumps({"a": "b"}).replace('"b"', "[" * 5000 + "]" * 5000)
BODIES = {
    "nothing": b"",
    "no json": b"{",
    "a list": b"[]",
    "a number": b"7",
    "deep": ('{"revision": 0, "document": ' + '{"a":' * 60 + "1" + "}" * 60 + "}").encode(),
    "deeper": ('{"document": ' + "[" * 100_000).encode(),
    "no document": b'{"revision": 0}',
    "document a number": b'{"revision": 0, "document": 1}',
    "document a list": b'{"revision": 0, "document": [1]}',
    "not a number": b'{"revision": 0, "document": {"a": NaN}}',
    "a lone surrogate": b'{"revision": 0, "document": {"a": "\\ud800"}}',
    "a nul": b'{"revision": 0, "document": {"a": "\\u0000"}}',
    "bytes": b"\xff\xfe\x00",
    "revision a text": b'{"revision": "0", "document": {}}',
    "revision true": b'{"revision": true, "document": {}}',
    "revision negative": b'{"revision": -1, "document": {}}',
    "revision enormous": b'{"revision": 99999999999999, "document": {}}',
    "aliases": json.dumps({"revision": 0, "document": "a: &a [1]\nb: [*a, *a]"}).encode(),
    "python": json.dumps({"revision": 0, "document": "a: !!python/name:os.system x"}).encode(),
    "yaml nesting": json.dumps({"revision": 0, "document": "[" * 9000}).encode(),
    "two documents": json.dumps({"revision": 0, "document": "a: 1\n---\nb: 2"}).encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_draft_is_refused_with_words_and_leaves_nothing(city: City, name: str):
    writer = city.editor()
    writer.state()
    writer.person.state()
    answer = writer.client.put(
        f"{HOURS}/draft",
        data=BODIES[name],
        headers={"X-CSRFToken": writer.person.token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 422, answer.text
    assert answer.json["problem"]
    assert answer.json["what_to_do"]
    assert city.house.rows(Draft) == []


def test_a_body_is_as_large_as_a_menu_may_be_and_no_larger(city: City):
    writer = city.editor()
    large = {"key": "hours", "text": ["word " * 100] * 1800}
    assert 900_000 < len(json.dumps(large)) < 1_000_000
    assert writer.save(large, revision=0).status_code == 200
    too_large = {"key": "hours", "text": ["word " * 100] * 2100}
    assert writer.save(too_large, revision=0).status_code == 422
    enormous = {"key": "hours", "text": ["word " * 100] * 5000}
    assert writer.save(enormous, revision=0).status_code == 413
    assert len(city.house.rows(Draft)) == 1


ORDERS = [
    ("propose", {}),
    ("propose", {"revision": 1}),
    ("propose", {"revision": 1, "reason": "  "}),
    ("propose", {"revision": 1, "reason": "x" * 500}),
    ("propose", {"revision": 1, "reason": "why", "publish_at": "tomorrow"}),
    ("propose", {"revision": 1, "reason": "why", "publish_at": "2026-07-01T06:00:00"}),
    ("propose", {"revision": 1, "reason": {"a": 1}}),
    ("discard", {}),
    ("discard", {"revision": 7}),
    ("withdraw", {}),
    ("check", {"document": None}),
    ("try", {"document": {}, "state": None, "input": {}, "facts": {}}),
    ("try", {"document": [], "state": 7}),
    ("trial", {"document": {}}),
]


def test_a_menu_too_large_to_examine_while_typing_is_examined_whole_when_proposed(
    city: City, monkeypatch
):
    writer, stranding = city.editor(), menu()
    stranding["nodes"]["alone"] = {"kind": "say", "text": SAID, "next": "alone"}
    whole = writer.post(f"{MENU}/check", {"document": stranding}).json
    assert "L21" in {one["code"] for one in whole["findings"]}
    monkeypatch.setattr(gate, "TYPING_SECONDS", 0.0)
    answer = writer.post(f"{MENU}/check", {"document": stranding})
    assert answer.status_code == 200
    [told] = answer.json["findings"]
    assert (told["code"], told["severity"]) == ("M02", "warning")
    assert answer.json.keys() == whole.keys(), "the page reads both alike"
    writer.save(stranding, MENU)
    refused = writer.propose(MENU)
    assert refused.status_code == 422
    assert "L21" in {one["code"] for one in refused.json["findings"]}


FACTS = [
    {"now": "never"},
    {"now": "9999-12-31T23:59:59+00:00"},
    {"is_open": "perhaps"},
    {"line_length": -1},
    {"line_length": 10**9},
    {"seen_before": []},
]
INPUTS = [{"digits": 5}, {"speech": ["a"]}, {"digits": "1" * 2000}, {"event": {}}]


@pytest.mark.parametrize(("act", "order"), ORDERS)
def test_a_faulty_order_is_refused_with_words(city: City, act: str, order: dict):
    answer = city.editor().post(f"{MENU}/{act}", order)
    assert answer.status_code in (409, 422), answer.text
    assert answer.json["what_to_do"]
    assert len(city.house.rows(Publication)) == 2


@pytest.mark.parametrize(
    "part", [{"facts": facts} for facts in FACTS] + [{"input": given} for given in INPUTS]
)
def test_facts_and_inputs_that_cannot_be_are_refused(city: City, part: dict):
    order = {"document": menu(), "state": None, "input": {}, "facts": {}, **part}
    answer = city.editor().post(f"{MENU}/try", order)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_was_written_is_shown_as_text(city: City, text: str):
    writer = city.editor()
    writer.save({"key": "hours", "opens": text})
    shown = writer.client.get("/menus/hours/hours", headers={"Accept": "text/html"}).text
    assert text not in shown
    assert "&lt;" in shown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{a: on, b: no, c: yes}", {"a": "on", "b": "no", "c": "yes"}),
        ("a: 10:30\nb: 2026-07-01\nc: 08:00", {"a": "10:30", "b": "2026-07-01", "c": "08:00"}),
        ("1: one\n2: two", {"1": "one", "2": "two"}),
        ("a: true\nb: ~\nc: 7\nd: 1.5\ne: -3", {"a": True, "b": None, "c": 7, "d": 1.5, "e": -3}),
        ('{"a": {"b": [1, "x"]}}', {"a": {"b": [1, "x"]}}),
    ],
)
def test_yaml_means_what_json_could_say(written: str, read: object):
    assert documents.read(written) == read
    assert documents.read(documents.text_of(read)) == read


@pytest.mark.parametrize(
    "text", ["a: [", "[" * 20_000, "- " * 5000 + "a", "&a [*a]", "a: \x00", DEEP]
)
def test_an_unreadable_text_is_told_and_never_built(text: str):
    with pytest.raises(UnreadableError):
        documents.read(text)
