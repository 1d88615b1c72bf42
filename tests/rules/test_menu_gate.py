"""The gate: every planted fault is found, with its node, its mend and a way there that plays."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from ivr.rules import menu_proof
from ivr.rules.menu import compile_graph
from ivr.rules.menu_gate import Finding, Outside, Purpose, Severity
from ivr.rules.menu_proof import replay
from ivr.rules.menu_state import Turn
from tests.rules.menus_good import (
    NOW,
    branch,
    choose,
    city,
    confirm,
    document,
    examined,
    information,
    never_open,
    opening_nodes,
    say,
    small,
    text,
)

pytestmark = pytest.mark.rules

Change = Callable[[dict[str, Any]], None]


def put(*path_and_value: Any) -> Change:
    *path, last, value = path_and_value

    def change(menu: dict[str, Any]) -> None:
        at: Any = menu["nodes"]
        for step in path:
            at = at[step]
        at[last] = value

    return change


def nodes(**made: Any) -> Change:
    return lambda menu: menu["nodes"].update(made)


def top(**fields: Any) -> Change:
    return lambda menu: menu.update(fields)


def drop(*path: Any) -> Change:
    def change(menu: dict[str, Any]) -> None:
        at: Any = menu["nodes"]
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def both(*changes: Change) -> Change:
    def change(menu: dict[str, Any]) -> None:
        for one in changes:
            one(menu)

    return change


def english(node: str, words: str, part: str = "prompt") -> Change:
    path = (node, "prompt", "text", "en") if part == "prompt" else (node, part, "en")
    return put(*path, words)


PRESSED = "For the street, press 1. For the park, press 2. For the water, press 3."
EIGHT = choose(*["line"] * 7)
EIGHT["options"].append({"key": "8", "words": {"en": ["eight"], "es": ["ocho"]}, "next": "line"})

FAULTS = [
    # code, where, what says it, what is planted
    ("L01", "more", "5 choices", put("more", choose("status", "ring_parks", "person", "end", "need"))),
    ("L01", "more", "8 choices", put("more", EIGHT)),
    ("L02", "deep", "4 choices deep", both(
        put("more", choose("status", "ring_parks", "person", "a")),
        nodes(a=choose("b", "end"), b=choose("deep", "end"), deep=information("person")))),
    ("L02", "slow", "of listening", both(
        put("more", choose("status", "ring_parks", "person", "s0")),
        nodes(**{f"s{n}": {"kind": "say", "text": text("word " * 45, "voz " * 45), "next": f"s{n + 1}"}
                 for n in range(3)}, s3=say("slow"), slow=information("person")))),
    ("L03", "more", "before its goal", english("more", "Press 1 for the street. For the park, press 2. "
                                               "For the water, press 3. For the trash, press 4.")),
    ("L03", "more", "never says key 4", english("more", PRESSED)),
    ("L03", "read_back", "never says key 2", english("read_back", "I heard {place}. If so, press 1.")),
    ("L04", "more", "go 1, 5", put("more", "options", 1, "key", "5")),
    ("L04", "promised", "nothing is on it", english("promised", "For one, press 1. For two, press 2. For x, press 3.")),
    ("L04", "promised", "in the order 2, 1", english("promised", "For two, press 2. For one, press 1.")),
    ("L04", "promised", "two goals", english("promised", "For a, press 1. For b, press 1. For c, press 2.")),
    ("L06", "greeting", "within 8 s", put("greeting", "greeting", 0, "text", "Welcome to Tucson.")),
    ("L06", "greeting", "within 8 s", put("greeting", "greeting", 0, "text", "word " * 22 + "Emergency, press 9.")),
    ("L06", "greeting", "the word emergency", english("longer", "For a person, press 0.", "text")),
    ("L06", "status", "does not say what 9", english("status", "Type it. For a person, press 0.")),
    ("L07", "greeting", "person on key 0", english("longer", "If anyone is in danger, press 9 or say emergency.", "text")),
    ("L07", "more", "0 reaches a person", put("more", "prompt", "reprompts", 1, "en", PRESSED)),
    ("L08", "closed", "another meaning", english("closed", "For the pool, press 0. For the street, press 1. "
                                                 "For the park, press 2. For the water, press 3.")),
    ("L10", "closed", "without saying anything", both(
        put("closed", "prompt", "text", text("We open {opens_at}.", "Abrimos {opens_at}.")),
        put("more", "options", 1, "next", "closed"))),
    ("L12", "notice", "blames", english("notice", "That was wrong.", "text")),
    ("L13", "notice", "takes", english("notice", "word " * 60, "text")),
    ("L13", "promised", "for key 1", english("promised", "For one that has very many words in its goal, press 1. For two, press 2.")),
    ("L13", "greeting", "greeting: takes", put("greeting", "greeting", 1, "text", "voz " * 20 + "Emergencia, oprima 9.")),
    ("L13", "parks", "takes", english("parks", "word " * 90, "text")),
    ("L14", "notice", "office word", english("notice", "Ask your municipal department.", "text")),
    ("L14", "notice", "school grade", english("notice", "Administrative representatives investigate environmental "
                                              "violations notwithstanding preliminary organizational communications "
                                              "concerning jurisdictional responsibilities and determinations and "
                                              "supplementary documentation of extraordinary complexity throughout "
                                              "several intergovernmental negotiations everywhere within several other neighborhood territories.", "text")),
    ("L15", "", "nobody has read", top(reviewed={})),
    ("L15", "notice", "the same in every", put("notice", "text", text("Cooling center news today.", "Cooling center news today."))),
    ("L15", "notice", "like the other language", put("notice", "text", "es", "The street is closed for you and the park.")),
    ("L15", "notice", "does not exist", put("notice", "text", "en", {"text": "All right.", "recording": "cd" * 32})),
    ("L16", "more", "before the language", top(start="more")),
    ("L16", "greeting", "0 times", drop("greeting", "options", 1)),
    ("L16", "greeting", "in itself", put("greeting", "options", 1, "text", "For Spanish, press 2.")),
    ("L17", "colour", "only be answered by speech", put("colour", "options", [])),
    ("L17", "more", "leads to a person", put("more", "options", 0, "words", "en", ["operator"])),
    ("L17", "more", "another option too", put("more", "options", 0, "words", "en", ["two ways"])),
    ("L17", "more", "sign of danger", put("more", "options", 0, "words", "en", ["fire"])),
    ("L17", "more", "again", put("more", "options", 0, "words", "en", ["repeat"])),
    ("L19", "where", "without reading", put("where", "next", "person")),
    ("L19", "read_back", "asks again", both(put("read_back", "right", "again"),
                                           nodes(again=confirm("area", "where", "person")))),
    ("L19", "need", "transferred", put("by_intent", "cases", "dog", "ring_parks")),
    ("L21", "lost", "never reached", nodes(lost=say("need"))),
    ("L21", "parks", "dead end", put("parks", information())),
    ("L21", "a", "circle", both(put("more", choose("status", "ring_parks", "person", "a")),
                                nodes(a=choose("b", "b"), b=choose("a", "a")), drop("end"),
                                put("closed", choose("message", "need")), put("promised", choose("need", "need")))),
    ("L21", "a", "without ever asking", both(put("notice", "next", "a"), nodes(a=say("b"), b=say("a")))),
    ("L21", "end", "did not choose", put("person", "cases", {"open": "queue", "closed": "end"})),
    ("L21", "end", "did not choose", put("ring_parks", "failed", "end")),
    ("L21", "end", "did not choose", put("need", "unclear", "end")),
    ("L21", "end", "did not choose", put("read_back", "give_up", "end")),
    ("L21", "end", "did not choose", put("offer", "declined", "end")),
    ("L21", "end", "without a word", put("end", "text", text("We open {opens_at}.", "Abrimos {opens_at}."))),
    ("L21", "ring_parks", "not in the directory", put("ring_parks", "to", "moon")),
    ("L21", "storm", "nobody can set", put("storm", "switch", "snow")),
    ("L21", "person", "which has none", put("person", "line", "moon")),
    ("L21", "by_intent", "does not exist", put("by_intent", "cases", "moon", "parks")),
    ("L21", "area", "does not exist", put("area", "cases", "moon", "marana")),
    ("L21", "line", "which nobody has", put("line", "skill", "moon")),
    ("L21", "line", "never asks", put("person", branch("caller", {}, "queue"))),
    ("L22", "notice", "has changed", english("notice", "Our menu has changed.", "text")),
    ("L23", "notice", "letter", english("notice", "Press B now.", "text")),
    ("L23", "notice", "calls a key", put("notice", "text", "es", "Si terminó, oprima asterisco para volver.")),
    ("L24", "message", "that it records", english("message", "Leave a message. For a person, press 0.", "text")),
    ("L24", "message", "how to decline", english("message", "Your message is recorded now.", "text")),
    ("V01", "parks", "never held", put("parks", "verified_on", None)),
    ("V01", "parks", "no source", drop("parks", "source")),
    ("V01", "parks", "on 2020-01-01", put("parks", "verified_on", "2020-01-01")),
    ("V01", "parks", "555-0123", both(put("parks", "verified_on", None), english("parks", "Call 520-555-0123.", "text"))),
]  # fmt: skip


def planted(change: Change) -> dict[str, Any]:
    menu = copy.deepcopy(small())
    change(menu)
    return menu


def found(menu: object, code: str, where: str, says: str, **more: Any) -> Finding:
    findings = examined(menu, **more).findings
    told = [one for one in findings if (one.code, one.where) == (code, where)]
    assert any(says in one.message for one in told), [
        (one.code, one.where, one.message) for one in findings
    ]
    return next(one for one in told if says in one.message)


def test_a_good_menu_has_no_finding_at_all():
    examination = examined(small())
    assert examination.findings == ()
    assert examination.passes


@pytest.mark.parametrize(("code", "where", "says", "change"), FAULTS)
def test_a_planted_fault_is_found_and_the_way_there_plays(code, where, says, change):
    menu = planted(change)
    finding = found(menu, code, where, says)
    assert finding.mend
    turns = replay(compile_graph(menu), city(), NOW, finding.example)
    assert not where or not finding.example or where in _met(turns)


def _met(turns: list[Turn]) -> set[str]:
    return {node for turn in turns for node in (*turn.path, turn.state.node)}


def test_every_rule_that_concerns_a_menu_is_planted_here():
    rules = {f"L{n:02}" for n in range(1, 26)}
    elsewhere = {"L18", "L20", "L25"}  # docs/menu-gate.md says where each of them is kept
    proven_by_a_broken_interpreter = {"L09", "L11"}  # tests/rules/test_menu_gate_proofs.py
    by_usage = {"L05"}
    assert rules - {fault[0] for fault in FAULTS} == (
        elsewhere | proven_by_a_broken_interpreter | by_usage
    )


def test_an_example_is_a_shortest_one():
    finding = found(planted(put("parks", information())), "L21", "parks", "dead end")
    assert finding.example == ("say something about my graffiti",)


def test_a_trap_behind_closed_hours_names_the_hours():
    menu = planted(put("person", "cases", {"open": "queue", "closed": "end"}))
    finding = found(menu, "L21", "end", "did not choose")
    assert finding.example[-1].endswith("(main closed)")
    assert replay(compile_graph(menu), city(), NOW, finding.example)[-1].state.ended == "goodbye"


def test_what_most_callers_want_comes_first():
    used = city(usage={"more": {"1": 10, "2": 90, "3": 5, "4": 1}})
    finding = found(small(), "L05", "more", "90 times", facts=used)
    assert finding.severity is Severity.WARNING
    few = city(usage={"more": {"1": 1, "2": 9}})
    assert not [one for one in examined(small(), few).findings if one.code == "L05"]


CITIES = [
    ("a line that never opens", "", "does not open", city(hours=never_open())),
    ("fall-backs in a circle", "ring_parks", "fall back on one another", city(directory={
        "parks": Outside("parks", fall_back="court"), "court": Outside("court", fall_back="parks")})),
    ("an office that closes and falls back on nobody", "ring_parks", "closed, first on", city(directory={
        "parks": Outside("parks", line="main", fall_back="")})),
    ("an office with hours that do not exist", "ring_parks", "has none", city(directory={
        "parks": Outside("parks", line="moon")})),
]  # fmt: skip


@pytest.mark.parametrize(("case", "where", "says", "facts"), CITIES)
def test_what_the_city_lacks_is_found(case, where, says, facts):
    found(small(), "L21", where, says, facts=facts)


def test_an_office_that_closes_may_fall_back_on_the_human_line():
    facts = city(directory={"parks": Outside("parks", line="main", verified_on=NOW.date())})
    assert examined(small(), facts).findings == ()


@pytest.mark.parametrize(
    ("code", "change", "facts"),
    [
        ("L15", top(reviewed={}), city()),
        ("V01", put("parks", "verified_on", None), city()),
        ("V02", nodes(), city(directory={"parks": Outside("parks")})),
    ],
)
def test_what_nobody_verified_warns_in_a_demonstration_and_blocks_a_live_line(code, change, facts):
    menu = planted(change)
    rehearsed = examined(menu, facts)
    live = examined(menu, facts, purpose=Purpose.LIVE)
    assert rehearsed.passes
    assert not live.passes
    assert {one.code for one in rehearsed.findings} == {one.code for one in live.findings} == {code}


def test_a_notice_of_change_is_news_for_thirty_days():
    change = english("notice", "Our menu has changed.", "text")
    fresh = planted(both(change, top(changed_on="2026-11-01")))
    assert not [one for one in examined(fresh).findings if one.code == "L22"]
    found(planted(both(change, top(changed_on="2026-10-01"))), "L22", "notice", "on 2026-10-01")


def test_a_sub_menu_that_is_used_twice_tells_its_mistake_once():
    used = {"kind": "menu", "menu": "part", "next": "person"}
    menu = planted(
        both(
            nodes(one=dict(used), two=dict(used)),
            put("more", choose("one", "two", "person", "end")),
        )
    )
    menu["nodes"] = {k: v for k, v in menu["nodes"].items() if k not in ("status", "ring_parks")}
    part = {"start": "ask", "nodes": {"ask": choose("back", "back"), "back": {"kind": "return"}}}
    menu["menus"] = {"part": part}
    assert examined(menu).findings == ()
    part["nodes"]["ask"]["prompt"]["text"]["en"] = "For one, press 1."
    findings = [one for one in examined(menu).findings if one.code == "L03"]
    assert [one.where for one in findings] == ["one/ask"]


def test_a_recording_counts_as_long_as_it_is():
    sound = {"text": "All right.", "recording": "ab" * 32}
    menu = planted(put("notice", "text", "en", sound))
    assert examined(menu).lengths["notice"]["en"].seconds == 3.0
    long = city(recordings={"ab" * 32: 25.0})
    found(menu, "L13", "notice", "takes 25 s", facts=long)


def test_the_examination_says_how_long_everything_takes():
    examination = examined(small())
    assert 5 < examination.seconds_to_person < 60
    assert examination.longest_path.seconds >= examination.seconds_to_person
    assert examination.longest_path.nodes[0] == "greeting"
    assert set(examination.lengths) == set(small()["nodes"]) - {
        "storm", "by_intent", "area", "person", "queue",
    }  # fmt: skip


def test_the_examination_is_plain_json():
    shown = json.loads(json.dumps(examined(planted(top(reviewed={}))).as_json()))
    assert shown["passes"] is True
    assert shown["nodes"] == len(small()["nodes"])
    assert shown["findings"][0]["severity"] == "warning"
    assert set(shown["lengths"]["parks"]["en"]) == {"seconds", "grade"}


def test_progress_is_told_up_to_the_whole():
    shares: list[float] = []
    examined(small(), progress=shares.append)
    assert shares[-1] == 1.0
    assert all(0 <= share <= 1 for share in shares)


# Documents that nobody would write by hand.


HOSTILE = [
    None, 7, "menu", [], {}, {"nodes": []}, {"nodes": {"a": None}}, {"nodes": {7: {"kind": "say"}}},
    {"start": "a", "nodes": {"a": {"kind": "say", "text": {"en": "\x00", "es": "<Dial>"}}}},
    document({"a": {"kind": ["say"]}}, start="a"),
    document({"a": say("a")}, start="a") | {"menus": {"m": {"start": "x", "nodes": {"x": {"kind": "menu", "menu": "m", "next": "x"}}}}},
    document({f"n{n}": say(f"n{n + 1}") for n in range(1200)}, start="n0"),
    document({"a": say("a") | {"text": {"en": "x" * 70_000, "es": "y"}}}, start="a"),
]  # fmt: skip


@pytest.mark.parametrize("menu", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_document_gives_findings_and_never_raises(menu):
    examination = examined(menu)
    assert not examination.passes
    assert {one.code for one in examination.findings} == {"M01"}
    assert all(one.mend for one in examination.findings)


def test_every_mistake_of_a_document_stands_with_its_place():
    menu = planted(both(put("more", "options", 0, "next", "moon"), put("parks", "text", "es", "")))
    told = {(one.where, one.language) for one in examined(menu).findings}
    assert told >= {("more", None), ("parks", "es")}


def test_hundreds_of_nodes_in_a_circle_are_found_out():
    ring = {f"n{n}": choose(f"n{(n + 1) % 250}", f"n{(n + 7) % 250}") for n in range(250)}
    findings = examined(document(opening_nodes("n0") | ring)).findings
    assert any(one.code == "L21" and "circle" in one.message for one in findings)


def test_a_menu_without_an_exit_of_its_own_is_refused():
    menu = document(opening_nodes("n") | {"n": choose("n", "n")})
    finding = found(menu, "L21", "n", "dead end")
    assert finding.blocks


def test_a_menu_that_is_too_large_to_prove_is_refused_and_not_examined_forever(monkeypatch):
    monkeypatch.setattr(menu_proof, "MOST_TURNS", 600)
    examination = examined(small())
    assert [one.code for one in examination.findings] == ["M02"]
    assert not examination.passes
    assert examination.turns_examined < 1200
