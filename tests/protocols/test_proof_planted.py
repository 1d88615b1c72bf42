"""Each rule of the gate: a planted fault trips it and no other, a near miss passes."""

from dataclasses import replace

import pytest
from proof_samples import (
    PLACES,
    REFERENCE,
    case,
    choice,
    determinant,
    errors,
    load,
    proof,
    rule,
    sound,
)

from protocols.engine import determine
from protocols.errors import ProtocolError
from protocols.proof_findings import Purpose, Severity, of_mistakes

pytestmark = pytest.mark.rules

# Faults in questions and rules make tests fail or lack as well; that is no second fault.
FOLLOW = {"T01", "W03", "I13"}


def without_follow_ups(found):
    return errors(found) - FOLLOW


def test_the_sound_document_is_proven_with_nothing_to_say():
    found = proof(load(sound()))
    assert found.findings == ()
    assert {statement.proven for statement in found.statements} == {True}


def rule_reads(name, when):
    def plant(document):
        next(row for row in document["rules"] if row["id"] == name)["when"] = when

    return plant


def ask_if(name, when):
    def plant(document):
        next(row for row in document["questions"] if row["id"] == name)["ask_if"] = when

    return plant


def another_rule(name):
    def plant(document):
        document["rules"].append(rule(name, {"question": "size", "at_least": 6}, "routine"))

    return plant


def spanish_script(words):
    def plant(document):
        document["determinants"][1]["script"] = {"en": "Words", "es": words}

    return plant


REFUSED = [
    ("E01", rule_reads("large", {"question": "sise", "at_least": 5}), rule_reads("large", {"question": "size", "at_least": 5})),
    ("E02", ask_if("shape", {"question": "shape", "is": "big"}), ask_if("shape", {"question": "size", "at_least": 6})),
    ("E03", another_rule("large"), another_rule("larger")),
    ("E05", ask_if("size", {"question": "shape", "is": "big"}), ask_if("shape", {"question": "size", "at_least": 6})),
    ("E06", rule_reads("big", {"question": "shape", "is": "huge"}), rule_reads("big", {"question": "shape", "in": ["big"]})),
    ("E17", spanish_script(""), spanish_script("Otras palabras")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fault", "near_miss"), REFUSED)
def test_what_the_loader_refuses_has_the_gates_code(code, fault, near_miss):
    document = sound()
    fault(document)
    with pytest.raises(ProtocolError) as refused:
        load(document)
    found = of_mistakes(refused.value.mistakes)
    assert {finding.code for finding in found} == {code}
    assert all(finding.severity is Severity.ERROR and finding.where for finding in found)
    document = sound()
    near_miss(document)
    assert without_follow_ups(proof(load(document))) == set()


def never_asked(document):
    ask_if("shape", {"question": "danger_now", "is": "yes"})(document)


def sometimes_asked(document):
    ask_if("shape", {"question": "danger_now", "is": "no"})(document)


def reached(*rules):
    """One more determinant, and rules that lead to it or do not."""

    def plant(document):
        document["determinants"].append(determinant("more", "routine", 2))
        document["rules"] += rules

    return plant


def can_never_hold(document):
    parts = [{"question": "size", "at_least": 5}, {"question": "size", "less_than": 3}]
    document["rules"].append(rule("odd", {"all": parts}, "routine"))


def can_hold(document):
    parts = [{"question": "size", "at_least": 3}, {"question": "size", "less_than": 5}]
    document["rules"].append(rule("odd", {"all": parts}, "routine"))


def always_holds(document):
    when = {"any": [{"question": "size", "at_least": 0}, {"question": "size", "in": ["unknown", "refused"]}]}  # fmt: skip
    document["rules"].append(rule("odd", when, "info"))


def marked_always(document):
    document["rules"].append(rule("odd", {"always": "true"}, "info"))


def overlapping(priority):
    def plant(document):
        document["determinants"].append(determinant("other", "routine", priority))
        document["rules"].append(rule("odd", {"question": "shape", "is": "small"}, "other"))

    return plant


def maybe(*answers):
    def plant(document):
        document["questions"][0] = choice("danger_now", "yes", "maybe", "no", danger=("yes", "maybe"))  # fmt: skip
        rule_reads("danger", {"question": "danger_now", "in": list(answers)})(document)

    return plant


def only_emergencies(*rules):
    """Every outcome dials 911, so that no answer can be too calm."""

    def plant(document):
        document["questions"][1:] = [choice("sure", "yes", "no", danger=("yes",))]
        document["rules"][1:] = rules
        document["determinants"] = [
            determinant("ed", "emergency", 9),
            determinant("info", "emergency", 8),
        ]
        document["tests"] = document["tests"][:3]
        if rules:
            document["determinants"].append(determinant("third", "emergency", 7))
            document["otherwise"] = "third"

    return plant


def codes(**changes):
    def plant(document):
        document["determinants"][2].update(changes)

    return plant


def goes_to(key):
    def plant(document):
        document["determinants"][3]["destination"] = {"kind": "referral", "key": key}

    return plant


def placeholders(spanish):
    def plant(document):
        document["determinants"][1]["script"] = {"en": "To {street} now", "es": spanish}

    return plant


def danger_after(count):
    def plant(document):
        fillers = [choice(f"filler_{number}", "a", "b") for number in range(count)]
        document["questions"] = fillers + document["questions"]

    return plant


def emergency_when(*parts):
    """A number that grows more dangerous the higher it is."""

    def plant(document):
        document["questions"][1].update(safety="true", worse="higher")
        document["determinants"].append(determinant("huge", "emergency", 8))
        document["rules"].append(rule("huge", {"all": list(parts)}, "huge"))
        document["tests"].append(case("huge", "huge", danger_now="no", size=6))
        document["rules"] = [row for row in document["rules"] if row["id"] not in ("big", "large")]
        document["rules"].append(rule("big", {"question": "size", "at_least": 2}, "routine"))
        document["questions"] = document["questions"][:2]
        document["determinants"] = [d for d in document["determinants"] if d["id"] != "urgent"]
        document["tests"] = [t for t in document["tests"] if t["id"] not in ("big", "large")]

    return plant


AT_LEAST_5 = {"question": "size", "at_least": 5}
AT_MOST_10 = {"question": "size", "at_most": 10}

PLANTED = [
    ("E07", never_asked, sometimes_asked),
    ("E07", reached(), reached(rule("more", {"question": "size", "at_least": 2}, "more"))),
    ("E09", can_never_hold, can_hold),
    ("E09", always_holds, marked_always),
    ("E10", overlapping(3), overlapping(2)),
    ("E12", maybe("yes"), maybe("yes", "maybe")),
    ("E14", goes_to("nowhere"), goes_to("by_day_or_line")),
    ("E14", goes_to("by_day"), goes_to("by_day_or_line")),
    ("E14", goes_to("one_way"), goes_to("old_number")),
    ("E15", only_emergencies(), only_emergencies(rule("sure", {"question": "sure", "is": "yes"}, "info"))),
    ("E16", codes(common_code="NOPE"), codes(common_code="INFO")),
    ("E16", codes(request_code="nope"), codes(request_code="pothole")),
    ("E17", placeholders("Ahora a la calle"), placeholders("Ahora a {street}")),
    ("E18", danger_after(3), danger_after(2)),
    ("I12", emergency_when(AT_LEAST_5, AT_MOST_10), emergency_when(AT_LEAST_5)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fault", "near_miss"), PLANTED)
def test_a_planted_fault_trips_its_rule_alone_and_the_near_miss_none(code, fault, near_miss):
    document = sound()
    fault(document)
    found = proof(load(document))
    assert without_follow_ups(found) == {code}
    assert {s.code for s in found.statements if not s.proven} - FOLLOW == {code}
    document = sound()
    near_miss(document)
    assert without_follow_ups(proof(load(document))) == set()


@pytest.mark.parametrize("fault", [row[1] for row in PLANTED])
def test_every_counter_example_can_be_replayed_to_its_end(fault):
    document = sound()
    fault(document)
    script = load(document)
    for finding in proof(script).findings:
        verdict = determine(script, dict(finding.example), closed=finding.caller_gone)
        if finding.code == "E12":
            assert verdict.final
            assert not verdict.emergency
        if finding.code == "E10":
            assert len({met.determinant for met in verdict.criteria}) >= 2


def without_otherwise(document, **changes):
    return replace(load(document), otherwise="nowhere", **changes)


def test_a_call_that_no_rule_ends_is_a_gap():
    document = sound()
    document["questions"], document["rules"] = document["questions"][:1], document["rules"][:1]
    document["determinants"], document["tests"] = document["determinants"][:1], []
    document["otherwise"] = "ed"
    found = proof(without_otherwise(document))
    assert without_follow_ups(found) - {"E12"} == {"E11"}
    assert found.findings[0].example == (("danger_now", "no"),)


def test_a_caller_who_goes_where_no_rule_ends_the_call_is_a_dead_end():
    document = sound()
    document["questions"] = [*document["questions"][:1], choice("shape", "big", "small")]
    when = {"question": "shape", "in": ["big", "small", "unknown", "refused"]}
    document["rules"] = [document["rules"][0], rule("any", when, "info")]
    document["determinants"] = [document["determinants"][0], document["determinants"][3]]
    document["tests"] = []
    found = proof(without_otherwise(document))
    dead = next(finding for finding in found.findings if finding.code == "E08")
    assert dead.example == (("danger_now", "no"),)
    assert dead.caller_gone
    assert "E11" not in errors(found)


def test_an_emergency_that_a_jurisdiction_has_nobody_for_is_refused():
    lacking = replace(REFERENCE, targets_of_911={"city": (PLACES[0],), "county": ()})
    found = proof(load(sound()), lacking)
    assert errors(found) == {"E13"}
    assert '"county"' in found.findings[0].message


def test_a_language_nobody_wrote_is_missing_everywhere():
    found = proof(load(sound()), replace(REFERENCE, languages=("en", "es", "yaqui")))
    assert errors(found) == {"E13", "E17"}


def test_numbers_never_verified_warn_in_a_demonstration_and_block_live():
    document = sound()
    goes_to("old_number")(document)
    script = load(document)
    assert errors(proof(script)) == set()
    assert [f.code for f in proof(script).findings] == ["E14"]
    assert errors(proof(script, purpose=Purpose.LIVE)) == {"E14"}


def test_pending_approval_warns_in_a_demonstration_and_blocks_live():
    document = sound() | {"approval": "pending"}
    assert errors(proof(load(document))) == set()
    assert errors(proof(load(document), purpose=Purpose.LIVE)) == {"A01"}


def test_a_long_sentence_and_a_double_question_warn():
    document = sound()
    long = {"en": " ".join(["word"] * 21), "es": "Corto"}
    double = {"en": "Is it big? Is it loud?", "es": "¿Es grande o ruidoso?"}
    document["determinants"][1]["advice"] = long
    document["questions"][1]["text"] = double
    found = proof(load(document))
    assert [(f.code, f.language, f.severity) for f in found.findings] == [
        ("W01", "en", Severity.WARNING),
        ("W01", "en", Severity.WARNING),
    ]


def test_the_reading_grade_follows_how_hard_a_text_is():
    document = sound()
    hard = {
        "en": "Municipal infrastructure deterioration necessitates comprehensive administrative intervention.",
        "es": "La administración municipal imposibilita intervenciones institucionales extraordinarias.",
    }
    document["determinants"][1]["advice"] = hard
    document["determinants"][2]["advice"] = hard
    found = proof(load(document), replace(REFERENCE, grades={"en": 4, "es": 4}))
    assert {(f.code, f.where, f.language) for f in found.findings} == {
        ("W01", "protocol", "en"),
        ("W01", "protocol", "es"),
    }


def test_a_test_that_fails_blocks_by_its_id_and_can_be_replayed():
    document = sound()
    document["tests"].append(case("wrong", "urgent", danger_now="no", size=1))
    found = proof(load(document))
    assert errors(found) == {"T01"}
    assert (found.findings[0].where, found.findings[0].example) == (
        "test wrong",
        (("danger_now", "no"), ("size", 1)),
    )


def test_what_no_test_exercises_blocks():
    document = sound()
    document["tests"] = document["tests"][1:]
    found = proof(load(document))
    assert errors(found) == {"W03"}
    assert "danger_now = yes" in found.findings[0].message


def test_a_rule_that_nothing_misses_is_reported():
    document = sound()
    document["rules"].append(rule("again", {"question": "danger_now", "in": ["yes"]}, "ed"))
    found = proof(load(document))
    assert errors(found) == {"I13"}
    assert {finding.where for finding in found.findings} == {"rule danger", "rule again"}


@pytest.mark.parametrize(("code", "count"), [("W02", 1), ("E18", 3)])
def test_a_declared_exception_is_a_visible_warning_with_its_reason(code, count):
    document = sound()
    danger_after(count)(document)
    document["exceptions"] = [{"rule": code, "reason": "Silence answers no question."}]
    found = proof(load(document))
    about = [finding for finding in found.findings if finding.code == code]
    assert without_follow_ups(found) == set()
    assert about
    assert all("Silence answers no question." in finding.message for finding in about)


def test_an_exception_that_nothing_needs_is_said():
    document = sound() | {"exceptions": [{"rule": "E18", "reason": "Once it was so."}]}
    found = proof(load(document))
    assert [(f.code, f.where) for f in found.findings] == [("E18", "exceptions")]
    assert errors(found) == set()


@pytest.mark.parametrize(
    "exceptions",
    [
        [{"rule": "E12", "reason": "No."}],
        [{"rule": "W02"}],
        [{"rule": "W02", "reason": ""}],
        [{"rule": "W02", "reason": "One."}, {"rule": "W02", "reason": "Two."}],
        "W02",
    ],
)
def test_an_exception_from_another_rule_or_without_a_reason_is_refused(exceptions):
    with pytest.raises(ProtocolError):
        load(sound() | {"exceptions": exceptions})
