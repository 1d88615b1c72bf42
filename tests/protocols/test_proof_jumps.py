"""Names that lead on: questions in a loop, the protocols jumped to, the words the desk fills in."""

import json
from dataclasses import replace

import pytest
from proof_samples import BOTH, REFERENCE, errors, load, proof, sound

from config.checking_protocols import LIBRARY, jumps_among
from protocols.conditions import OneOf
from protocols.proof_jumps import jumps_of

pytestmark = pytest.mark.rules


def jumping(*names):
    """The sound document with suggested jumps, loaded."""
    return load(sound() | {"jumps": [{"to": name, "title": BOTH} for name in names]})


@pytest.mark.parametrize(
    ("to", "code", "message"),
    [
        ("thrid", "E01", 'no protocol "thrid"; nearest "third"'),
        ("sound", "E02", "sound jumps to sound"),
        ("back", "E04", "loop sound → back → sound"),
    ],
)
def test_a_jump_that_leads_nowhere_or_home_is_told_by_name(to, code, message):
    found = proof(jumping(to))
    assert errors(found) == {code}
    assert [finding.message for finding in found.findings] == [message]
    assert {s.code for s in found.statements if not s.proven} == {code}


def test_a_jump_to_another_protocol_passes_whatever_that_one_does():
    loops_elsewhere = {**REFERENCE.jumps, "other": ("third",), "third": ("other",)}
    found = proof(jumping("other", "third"), replace(REFERENCE, jumps=loops_elsewhere))
    assert found.findings == ()


def test_a_loop_over_three_protocols_is_named_with_its_way():
    around = {**REFERENCE.jumps, "third": ("back",)}
    found = proof(jumping("other"), replace(REFERENCE, jumps=around))
    assert [f.message for f in found.findings] == ["loop sound → other → third → back → sound"]


def test_what_a_draft_jumps_to_counts_and_not_what_its_live_version_did():
    live = {**REFERENCE.jumps, "sound": ("back",)}
    assert proof(jumping("other"), replace(REFERENCE, jumps=live)).findings == ()


def test_a_loop_of_questions_is_named_with_its_path():
    script = load(sound())
    loop = [
        replace(script.questions[0]),
        replace(script.questions[1], ask_if=OneOf("shape", frozenset({"big"}))),
        replace(script.questions[2], ask_if=OneOf("size", frozenset({"unknown"}))),
    ]
    found = proof(replace(script, questions=tuple(loop)))
    assert errors(found) == {"E04"}
    assert "size → shape → size" in found.findings[0].message
    forward = replace(script, questions=(script.questions[0], loop[1], script.questions[2]))
    assert errors(proof(replace(forward, questions=(*forward.questions[:2], replace(loop[2], ask_if=None))))) == {"E05"}  # fmt: skip


def test_a_placeholder_that_nobody_fills_in_is_an_unknown_name():
    document = sound()
    document["determinants"][1]["script"] = {"en": "To {street}", "es": "A {street}"}
    assert proof(load(document)).findings == ()
    found = proof(load(document), replace(REFERENCE, placeholders=frozenset()))
    assert errors(found) == {"E01"}
    assert {(f.where, f.language) for f in found.findings} == {
        ("determinant urgent, script", "en"),
        ("determinant urgent, script", "es"),
    }


def test_the_title_of_a_jump_is_held_to_the_rules_of_words():
    titled = load(sound() | {"jumps": [{"to": "third", "title": {"en": " ".join(["word"] * 21), "es": "Otra"}}]})  # fmt: skip
    assert [(f.code, f.where) for f in proof(titled).findings] == [("W01", "jump third, title")]


def test_the_jumps_of_the_library_and_of_files_beside_it_are_known_together(tmp_path):
    broken, fine = tmp_path / "broken.yaml", tmp_path / "fine.yaml"
    broken.write_text("id: [", encoding="utf-8")
    text = json.dumps(sound() | {"id": "fine", "jumps": [{"to": "pothole", "title": BOTH}]})
    fine.write_text(text, encoding="utf-8")
    known = jumps_among([broken, fine])
    assert known["fine"] == ("pothole",)
    assert {path.stem for path in LIBRARY.glob("*.yaml")} == set(known) - {"fine"}
    assert jumps_of([jumping("other", "third")]) == {"sound": ("other", "third")}
