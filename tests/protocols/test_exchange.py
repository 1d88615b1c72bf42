"""A protocol as one JSON document: nothing lost on the way, and the published schema is true."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    LIBRARY,
    answers_to,
    choice,
    generated_protocols,
    is_,
    library,
    many,
    number,
    protocol,
    text,
)
from small_schema import faults

from protocols import exchange, loading
from protocols.conditions import All, Always, Compare, Not, Operator
from protocols.errors import ProtocolError
from protocols.script import Approval, AuthorTest, Exemption, Jump, Text, Worse

pytestmark = pytest.mark.rules

NAMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))
SCHEMA = exchange.schema()
PUBLISHED = Path(__file__).parents[2] / "docs/protocol.schema.json"


def there_and_back(script):
    document = json.loads(json.dumps(exchange.as_document(script)))
    assert faults(document, SCHEMA) == []
    assert exchange.from_document(document) == script
    assert loading.load(exchange.as_yaml(script), "yaml") == script


@pytest.mark.parametrize("name", NAMES)
def test_every_protocol_of_the_library_goes_out_and_comes_back_equal(name):
    document = json.loads(json.dumps(exchange.as_document(library(name))))
    assert exchange.from_document(document) == library(name)


@pytest.mark.parametrize("name", NAMES[::8])
def test_protocols_of_the_library_are_as_the_schema_says_and_come_back_from_yaml_too(name):
    there_and_back(library(name))


@given(generated_protocols(), st.data())
@settings(max_examples=25)
def test_any_protocol_goes_out_and_comes_back_equal(script, data):
    answers = tuple(data.draw(answers_to(script)).items())
    there_and_back(replace(script, tests=(AuthorTest("t", answers, script.otherwise),)))


STRANGE = [
    "yes", "no", "null", "~", "123", "1e5", "- a", "a: b", "#not a comment", "{a}", "[b]", "*a",
    "&a", "!a", "%a", "@a", "`a`", "'a'", '"a"', "a\\nb", "¿Qué, señor?", "tab\there", "a\nb",
    " led", "trailing ", "\x7f", "\x85", "\u2028", "\ufeff", "🔥", "a \u2028 b", "true", "|", ">", "?", "=", "",
]  # fmt: skip


@pytest.mark.parametrize("words", STRANGE)
def test_whatever_was_typed_comes_back_as_it_was(words):
    script = protocol([text("what")], [])
    test = AuthorTest("t", (("what", words),), script.otherwise)
    there_and_back(replace(script, tests=(test,)))


NUMBERS = [0, -1, 2.5, 0.00001, 0.000015, -0.00001, 999_999_999, 999_999_998.123456, 1.0]


@pytest.mark.parametrize("limit", NUMBERS)
def test_every_number_comes_back_as_it_was(limit):
    asked = replace(number("n"), least=limit, safety=True, worse=Worse.HIGHER)
    when = Not(All((Always(), Compare("n", Operator.MORE_THAN, limit))))
    there_and_back(protocol([asked], [("r", when, "routine_1")]))


def test_what_may_be_left_out_comes_back_too():
    script = replace(
        protocol([choice("q", "a", "b"), many("m", "a", "b", danger=("a",))], []),
        approval=Approval("Chief A", date(2026, 3, 31)),
        exceptions=(Exemption("W02", "silence first"),),
        jumps=(Jump("noise", Text("Noise", "Ruido")),),
    )
    there_and_back(script)


def test_the_document_is_always_written_the_same():
    made = protocol([choice("q", "b", "a")], [("r", is_("q", "a", "unknown", "b"), "urgent_1")])
    assert exchange.as_document(made)["rules"][0]["when"] == {
        "question": "q",
        "in": ["b", "a", "unknown"],
    }
    script = library("noise")
    assert exchange.as_yaml(script) == exchange.as_yaml(loading.load(exchange.as_yaml(script), "n"))


HOSTILE = [
    (None, "needs keys and values"),
    ([], "needs keys and values"),
    ({}, "id is missing"),
    ({"id": object()}, "no JSON object"),
    ({"id": {"a": 1}}, "id must be text"),
    ({"id": "x\ud800"}, "document"),
    ({"id": float("nan")}, "id 'NaN' must be small letters"),
]


@pytest.mark.parametrize(("document", "says"), HOSTILE)
def test_a_hostile_document_is_refused_with_every_mistake(document, says):
    with pytest.raises(ProtocolError) as refused:
        exchange.from_document(document)
    assert says in str(refused.value)


def test_a_document_nested_without_end_is_refused():
    nested = {}
    for _ in range(100_000):
        nested = {"all": nested}
    with pytest.raises(ProtocolError):
        exchange.from_document({"rules": nested})


def test_a_mistake_in_a_json_document_has_its_line():
    document = exchange.as_document(library("noise"))
    document["questions"][0]["kind"] = "riddle"
    with pytest.raises(ProtocolError) as refused:
        exchange.from_document(document, "noise")
    line = (
        json.dumps(document, indent=2, ensure_ascii=False)
        .split("\n")
        .index('      "kind": "riddle",')
    )
    assert refused.value.mistakes[0].line == line + 1


def test_the_published_schema_is_the_one_the_code_makes():
    # Written by: python -c "from protocols import exchange; print(exchange.schema_text(), end='')"
    assert PUBLISHED.read_text("utf-8") == exchange.schema_text()


def broken(change):
    document = exchange.as_document(library("encampment"))
    change(document)
    return document


BROKEN = [
    lambda d: d.pop("title"),
    lambda d: d.update(colour="red"),
    lambda d: d.update(id="No Id"),
    lambda d: d.update(approval="maybe"),
    lambda d: d.update(sources=[]),
    lambda d: d["title"].pop("es"),
    lambda d: d["title"].update(en=""),
    lambda d: d["questions"][0].update(kind="riddle"),
    lambda d: d["questions"][0].update(least=3),
    lambda d: d["questions"][0].pop("options"),
    lambda d: d["questions"][0]["options"][0].pop("danger"),
    lambda d: d["questions"][-1].update(safety=True),
    lambda d: d["rules"][0].update(when={"all": []}),
    lambda d: d["rules"][0].update(when={"question": "q"}),
    lambda d: d["rules"][0].update(when={"question": "q", "is": "a", "in": ["b"]}),
    lambda d: d["rules"][0].update(when={"always": False}),
    lambda d: d["determinants"][0].update(level="dire"),
    lambda d: d["determinants"][0].update(priority=11),
    lambda d: d["determinants"][0].update(emergency="yes"),
    lambda d: d["tests"][0].update(answers={"q": None}),
    lambda d: d["tests"][0].update(answers={"q": {"city": "Tucson"}}),
    lambda d: d.update(jumps=[{"to": "noise"}]),
]


@pytest.mark.parametrize("change", range(len(BROKEN)))
def test_what_the_schema_refuses_the_loader_refuses_too(change):
    document = broken(BROKEN[change])
    assert faults(document, SCHEMA)
    with pytest.raises(ProtocolError):
        exchange.from_document(document)
