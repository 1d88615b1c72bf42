"""The gate before protocols, without a database: lines, names, warnings by name, hostile texts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.authoring import acceptances, gate, protocol_document, protocol_gate
from calltaker.authoring.errors import UnacceptedError
from calltaker.authoring.examined import Examined
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.authoring.history import Doing
from calltaker.authoring.protocol_beginning import smallest
from calltaker.authoring.protocol_lines import Lines
from models.states import PublicationKind
from protocols.proof import prove
from protocols.proof_findings import Purpose
from protocols.proof_reference import Place
from tests.authoring.protocol_stage import (
    GROUNDS,
    NAMED,
    REFERENCE,
    calmer,
    dog,
    reworded,
    without_the_bite,
)
from tests.fakes import NOON

pytestmark = pytest.mark.rules

KIND = PublicationKind.PROTOCOL
TEXT = dog()
TITLE = {"en": "Tree", "es": "Árbol"}
WHERES = [
    # where, language                          the line that it means
    ("question biting", "", "- id: biting"),
    ("question biting", "es", "es: ¿El perro está mordiendo a alguien ahora?"),
    ("question biting, option yes", "", '- id: "yes"'),
    ("question danger_now, note", "es", "es: Si no está seguro, cuenta como sí."),
    ("question nobody", "", None),
    ("rule bite", "", "- id: bite"),
    ("rules bite and danger", "", "- id: bite"),
    ("determinant report", "", "- id: report"),
    ("determinant report, script", "en", "en: I am writing down what you told me."),
    ("test perhaps_bites", "", "- id: perhaps_bites"),
    ("otherwise", "", "otherwise: report"),
    ("approval", "", "approval: pending"),
    ("protocol", "", None),
    ("", "", None),
]


@pytest.mark.parametrize(("where", "language", "line"), WHERES)
def test_a_finding_points_to_its_line(where: str, language: str, line: str | None):
    found = Lines(TEXT).line(where, language)
    shown = None if found is None else TEXT.splitlines()[found - 1].strip()
    assert shown == line if line is None else shown.startswith(line)


def codes(text: str) -> dict[str, str]:
    found = protocol_gate.examine("dog", text, GROUNDS, NOON).findings
    return {one["code"]: one["severity"] for one in found}


def test_the_smallest_protocol_passes_with_the_warnings_of_every_new_one():
    text = smallest("dog", {"en": "Dog: 'loose' \"dog\" #1", "es": "Perro\\suelto: sí"})
    assert codes(text) == {"E14": "warning", "A01": "warning"}
    title = protocol_document.title(protocol_document.loaded(text))
    assert title == {"en": "Dog: 'loose' \"dog\" #1", "es": "Perro\\suelto: sí"}


def test_the_texts_of_these_tests_are_what_they_say():
    assert codes(TEXT) == codes(reworded()) == {"E14": "warning", "A01": "warning"}
    assert codes(without_the_bite()) == codes(TEXT)
    assert codes(calmer())["E12"] == "error"


def test_in_production_what_a_demonstration_warns_of_blocks():
    grounds = Grounds(protocols=GROUNDS.protocols, may_go_live=True)
    found = protocol_gate.examine("dog", TEXT, grounds, NOON)
    assert {one["code"] for one in found.findings if one["severity"] == "error"} == {"A01", "E14"}


def test_where_nothing_is_known_of_a_city_nothing_passes():
    assert protocol_gate.examine("dog", TEXT, Grounds(), NOON).errors


@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=40)
def test_no_text_makes_the_gate_fall(text: str):
    examined = protocol_gate.examine("dog", text, GROUNDS, NOON)
    assert examined.errors


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(["", "\t", ":", "[", "&", "- ", "'", "é"]))
@settings(max_examples=25)
def test_a_slip_of_the_hand_is_a_finding_or_a_protocol_and_never_a_fall(at: int, slip: str):
    examined = protocol_gate.examine("dog", TEXT[:at] + slip + TEXT[at + 1 :], GROUNDS, NOON)
    assert all(one["line"] is None or one["line"] > 0 for one in examined.findings)


def test_who_waits_for_a_proof_may_give_up_within_a_rule():
    heard: list[str] = []
    protocol = protocol_document.loaded(TEXT)
    prove(protocol, REFERENCE, Purpose.DEMONSTRATION, lambda: 0.0, heard.append)
    assert heard.count("E09") > 3, "a large protocol may keep one rule busy for a minute"
    assert heard.count("W01") == 1


def warning(name: str) -> dict[str, str]:
    said = {"code": "W01", "where": "", "language": "", "message": ""}
    return {"id": name, "severity": "warning", **said}


BEFORE = [{"finding": "a", "reason": "before"}]
CASES = [
    # found        given now          accepted before   missing      accepted
    (["a"], {}, [], ["a"], None),
    (["a"], {"a": "now"}, [], [], ["now"]),
    (["a"], {}, BEFORE, [], ["before"]),
    (["a"], {"a": "now"}, BEFORE, [], ["now"]),
    (["a", "b"], {"b": "now"}, BEFORE, [], ["before", "now"]),
    (["b", "c"], {"a": "now"}, BEFORE, ["b", "c"], None),
    ([], {"a": "now"}, BEFORE, [], []),
]


@pytest.mark.parametrize(("found", "given_now", "before", "missing", "reasons"), CASES)
def test_every_warning_needs_a_name_and_nothing_else_is_kept(
    found, given_now, before, missing, reasons
):
    examined = Examined([warning(name) for name in found])
    doing = Doing("a" * 32, NOON)
    if missing:
        with pytest.raises(UnacceptedError) as refused:
            acceptances.required(KIND, examined, given_now, before, doing)
        assert refused.value.more["unaccepted"] == missing
        return
    kept = acceptances.required(KIND, examined, given_now, before, doing)
    assert [row["reason"] for row in kept] == reasons


def standing(is_open: Callable[[object], bool], *protocols: str) -> Grounds:
    """A city in which the line is open as its hours say, and these protocols are live."""
    live = [protocol_document.loaded(text) for text in protocols]

    def around(_now: datetime, instead: Mapping[PublicationKind, object]) -> ProtocolGrounds:
        hours = instead.get(PublicationKind.HOURS, "always")
        line = Place("department:line", lambda _at: is_open(hours))
        places = {**REFERENCE.places, line.key: line}
        named = {one.id: one for one in live}
        return replace(NAMED, reference=replace(REFERENCE, places=places), live=named)

    return Grounds(read={PublicationKind.HOURS: lambda hours: hours}, protocols=around)


def hours(document: object, grounds: Grounds) -> list[str]:
    found = gate.examine(PublicationKind.HOURS, document, grounds, NOON)
    return [f"{one['code']} {one['severity']} {one['where']}" for one in found.findings]


def test_hours_that_would_leave_a_live_protocol_with_nobody_are_refused():
    grounds = standing(lambda hours: hours == "always", dog(), smallest("tree", TITLE))
    assert hours("always", grounds) == []
    assert hours("never", grounds) == [
        "E14 error protocol dog, determinant report",
        "E14 error protocol tree, determinant report",
    ]


def test_what_was_so_before_does_not_stop_new_hours():
    assert hours("still never", standing(lambda _hours: False, dog())) == []


def test_openings_that_many_protocols_share_are_looked_through_once():
    asked: list[object] = []
    grounds = standing(
        lambda hours: not asked.append(hours), *[smallest(f"p{n}", TITLE) for n in range(9)]
    )
    assert hours("always", grounds) == []
    assert len(asked) == 2 * 400 * 24 * 4, "once as it is and once as it would be"
