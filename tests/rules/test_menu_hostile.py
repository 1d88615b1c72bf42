"""Documents that nobody should have written: refused whole, quickly, and with nothing but mistakes."""

import json
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import MenuError
from ivr.rules.menu import compile_graph
from tests.rules.menus_made import (
    KINDS,
    PLAIN,
    RECORDING,
    document,
    language_node,
    node_of,
    option,
    text,
)

pytestmark = pytest.mark.rules

LINE = {"kind": "line", "text": text("The line.")}


def mistakes(whole: object) -> tuple[str, ...]:
    with pytest.raises(MenuError) as error:
        compile_graph(whole)
    return error.value.mistakes


def say(words: object) -> dict:
    return document({"it": {"kind": "say", "text": {"en": words, "es": "hola"}, "next": "end"}, "end": LINE})  # fmt: skip


SHAPES = {
    "script": "<script>alert(1)</script>",
    "markup that would dial": "Hello</Say><Dial>+15205550100</Dial><Say>",
    "an entity": "<!ENTITY x SYSTEM 'file:///'>",
    "a control character": "Hello\x00there",
    "an escape": "Hello\x1b[2Jthere",
    "a newline of another kind": "Hello\u2028there",
    "a turned direction": "Hello \u202egnihtemos",
    "half a character": "Hello \ud83d",
    "a lone brace": "Hello {there",
    "a variable of nobody": "Hello {__class__}",
    "a variable of another kind": "Hello {status}",
    "too many words": "word " * 250,
    "only blanks": "   ",
    "a number": 7,
    "a list": ["Hello"],
    "a recording without a transcript": {"recording": RECORDING},
    "a recording by a path": {"text": "Hello", "recording": "../../etc/passwd"},
    "a recording by an address": {"text": "Hello", "recording": "https://example.test/a.wav"},
    "a recording of a variable": {"text": "At {opens_at}", "recording": RECORDING},
    "more than a recording": {"text": "Hello", "recording": RECORDING, "volume": 11},
    "texts within texts": {"text": {"text": "Hello"}},
}


@pytest.mark.parametrize("words", SHAPES.values(), ids=SHAPES)
def test_a_text_that_cannot_be_spoken_is_named_with_its_node_and_language(words):
    found = mistakes(say(words))
    assert any(mistake.startswith("node it: text (en): ") or "placeholders differ" in mistake for mistake in found)  # fmt: skip


def test_the_places_of_mistakes_are_values_too():
    with pytest.raises(MenuError) as error:
        compile_graph(say("<b>"))
    found = error.value.found[0]
    assert (found.node, found.menu, found.language) == ("it", "", "en")
    assert str(found) == error.value.mistakes[0]


def test_a_variable_stands_in_every_language_or_in_none():
    it = {"kind": "say", "text": {"en": "We open {opens_at}.", "es": "Abrimos."}, "next": "end"}
    assert any(
        "between the languages" in one for one in mistakes(document({"it": it, "end": LINE}))
    )


BROKEN = [
    ("choose", {"options": [option("1", next="end", does="repeat")]}, "'does' is not known"),
    ("information", {"options": [option("1", does="dance")]}, "none of repeat, text_me"),
    ("information", {"text_message": None}, "'text_me' is none of repeat"),
    ("information", {"options": [option("1", does="repeat", next="end")]}, "both"),
    ("information", {"verified_on": "last week"}, "not a day"),
    ("information", {"verified_on": True}, "not a day"),
    ("information", {"text_message": text("x" * 500)}, "too long"),
    ("call_back", {"options": [option("2", next="end")]}, "exactly one option does call_back"),
    ("status", {"found": text("Found.")}, "placeholders"),
    ("status", {"not_found": text("{service}")}, "placeholders"),
    ("confirm", {"of": "weather"}, "none of place, intent"),
    ("confirm", {"of": "answer:Which One"}, "none of place, intent"),
    ("confirm", {"of": "intent"}, "placeholders"),
    ("ask", {"name": "__proto__"}, "not a name"),
    ("voicemail", {"longest_seconds": 9000}, "lasts 10 to 180"),
    ("voicemail", {"longest_seconds": float("nan")}, "lasts 10 to 180"),
    ("voicemail", {"longest_seconds": 10**5000}, "a huge number"),
    ("transfer", {"to": ["parks"]}, "not a word"),
    ("by_hours", {"cases": {"maybe": "end"}}, "none of closed, open"),
    ("by_holiday", {"cases": {True: "end"}}, "in quotes"),
    ("by_line_length", {"cases": {"many": "end"}}, "not a length"),
    ("by_switch", {"switch": None}, "switch: is missing"),
    ("say", {"next": {"node": "end"}}, "not a word"),
    ("say", {"next": "constructor"}, "does not exist"),
    ("choose", {"options": {"1": "end"}}, "not a list"),
    ("choose", {"options": [option("12", next="end")]}, "not one of 12345678"),
    ("choose", {"options": [option(None, next="end")]}, "not one of 12345678"),
    ("line", {"skill": "a" * 400}, "too long"),
]


@pytest.mark.parametrize(("kind", "change", "named"), BROKEN)
def test_a_mistake_of_a_kind_is_named(kind, change, named):
    it = node_of(kind, "end", "end", "end") | change
    found = mistakes(document({"it": it, "end": LINE}))
    assert any(named in mistake and "node it" in mistake for mistake in found), found


def test_a_text_that_is_sent_needs_the_sentences_that_tell_of_it():
    whole = document({"it": node_of("information", "end", "end", "end"), "end": LINE})
    whole["sentences"] = {k: v for k, v in whole["sentences"].items() if k != "text_not_sent"}
    assert any("node it: sends a text" in mistake for mistake in mistakes(whole))


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ({"layout": {"end": [1, "<svg>"]}}, "layout"),
        ({"layout": {"end": [1e300, 2]}}, "layout"),
        ({"layout": []}, "layout"),
        ({"changed_on": "yesterday"}, "changed_on"),
        ({"reviewed": {"en": {"by": "Ana"}}}, "reviewed"),
        ({"reviewed": {"fr": {"by": "Ana", "on": "2026-11-01"}}}, "'fr'"),
        ({"key": ""}, "key: is missing"),
        ({"menus": 3}, "menus"),
        ({"__class__": 3}, "__class__"),
        ({7: 3}, "7 is not known"),
    ],
)
def test_a_mistake_of_the_head_is_named(head, named):
    assert any(named in mistake for mistake in mistakes(document({"end": LINE}) | head))


def test_a_whole_head_is_read():
    head = {
        "changed_on": "2026-11-20",
        "layout": {"end": [10, -4.5]},
        "reviewed": {"en": {"by": "Ana", "on": "2026-11-01"}, "es": None},
    }
    graph = compile_graph(document({"end": LINE}) | head)
    assert graph.changed_on.isoformat() == "2026-11-20"
    assert [language.value for language in graph.reviewed] == ["en"]


@pytest.mark.parametrize(
    "name", ["a/b", "../up", "", " ", "x" * 61, "ñ", "a\nb", 3, None, (1, 2), True]
)
def test_an_id_that_is_none_is_refused(name):
    assert any("id " in mistake for mistake in mistakes(document({"end": LINE, name: LINE}, "end")))


# Size.


def circle() -> dict:
    whole: dict = {"key": "menu"}
    whole["nodes"] = {"a": whole}
    whole["sentences"] = whole
    return whole


def laughing() -> object:
    """Nine lists of nine aliases each, nine deep: small in YAML, endless when it is walked."""
    level: object = "lol"
    for _ in range(12):
        level = [level] * 9
    return {"key": "menu", "start": "a", "nodes": {"a": {"kind": "say", "text": level}}}


def deep(depth: int) -> dict:
    inner: object = {}
    for _ in range(depth):
        inner = {"nodes": [inner]}
    return {"key": inner, "start": inner, "nodes": {"a": {"kind": inner, "next": inner}}}


def many(count: int) -> dict:
    return document(
        {f"n{n}": {"kind": "say", "text": text("x"), "next": "n0"} for n in range(count)}
    )


HUGE = {
    "a circle": circle(),
    "a laughing one": laughing(),
    "a deep one": deep(5_000),
    "a long text": say("x" * 2_000_000),
    "a long name": document({"end": LINE, "x" * 900_000: LINE}, "end"),
    "five thousand nodes": many(5_000),
    "a thousand wrong nodes": document({f"n{n}": {"kind": "dance"} for n in range(1_000)}),
    "a thousand unknown keys": document({"end": LINE | {f"k{n}": n for n in range(10_000)}}),
    "many numbers": {"nodes": {"a": {"options": list(range(200_000))}}},
    "many options": document({f"n{n}": node_of("choose", "x", "y", "z") for n in range(999)}),
}


MOST_CALLS = 1_200_000
"""Five calls for each of the 250,000 values that the largest document holds; some 0.2 s of work."""


def calls_of(work):
    """What `work` returns, and how many functions were called for it."""
    calls = 0

    def count(_frame, event, _what):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work(), calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("whole", HUGE.values(), ids=HUGE)
def test_a_huge_document_is_refused_in_bounded_work_with_at_most_200_mistakes(whole):
    found, calls = calls_of(lambda: mistakes(whole))
    assert calls < MOST_CALLS
    assert 1 <= len(found) <= 200
    assert all(len(mistake) < 1_000 for mistake in found)


def test_more_than_a_thousand_nodes_are_refused_and_a_thousand_are_not():
    assert len(compile_graph(many(1_000)).nodes) == 1_000
    assert any("more than 1000 nodes" in mistake for mistake in mistakes(many(1_001)))


def test_mistakes_beyond_the_limit_are_counted():
    with pytest.raises(MenuError) as error:
        compile_graph(HUGE["a thousand wrong nodes"])
    assert len(error.value.mistakes) == 200
    assert error.value.unlisted >= 800


def test_a_menu_of_every_kind_compiles_from_yaml_and_from_json_alike():
    nodes = {kind: node_of(kind, "end", "end", "end") for kind in PLAIN}
    nodes |= {"hello": language_node("end", "ask_intent"), "end": LINE}
    whole = document(nodes, "hello")
    assert compile_graph(yaml.safe_load(yaml.safe_dump(whole))) == compile_graph(
        json.loads(json.dumps(whole))
    )
    assert len(KINDS) == len(PLAIN) + 2


# Rubbish.

PLAIN_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(["repeat", "end", "it", "1", "9", "place", "{opens_at}", "hours", "open"])
)
RUBBISH = st.recursive(
    PLAIN_VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(RUBBISH)
def test_rubbish_is_a_menu_error_and_nothing_else(whole):
    with pytest.raises(MenuError):
        compile_graph(whole)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLAIN), st.data())
def test_rubbish_anywhere_in_a_node_is_a_menu_error_or_a_menu(kind, data):
    it = node_of(kind, "end", "end", "end")
    field = data.draw(st.sampled_from(sorted(it)))
    it[field] = data.draw(RUBBISH)
    whole = document({"it": it, "end": LINE})
    try:
        nodes = len(compile_graph(whole).nodes)
    except MenuError as error:
        nodes = len(error.mistakes)
    assert nodes > 0
