"""Lists of options, places, times and persons before the gate."""

import json

import pytest
from click.testing import CliRunner
from proof_samples import BOTH, case, choice, errors, load, proof, rule, sound

from config.cli import main
from protocols.engine import determine
from protocols.proof_domains import MOST_SELECTIONS
from protocols.proof_findings import Severity

pytestmark = pytest.mark.rules

OPTIONS = ("smoke", "spark", "water")


def seen(*rules, danger=("smoke", "spark"), options=OPTIONS):
    """The sound document with "what do you see?" after its first question."""
    document = sound()
    document["questions"].insert(1, choice("seen", *options, danger=danger) | {"kind": "many"})
    document["rules"] += rules
    for one in document["tests"]:
        if one["answers"].get("danger_now") == "no":
            one["answers"]["seen"] = []
    document["tests"] += [
        case(f"seen_{answer}", "ed", danger_now="no", seen=answer if answer in ("unknown", "refused") else [answer])
        for answer in (*danger, "unknown", "refused")
    ]  # fmt: skip
    return document


def to_911(*options):
    return rule("seen", {"question": "seen", "has_any": list(options)}, "ed")


def test_a_list_whose_dangers_all_lead_to_911_is_proven():
    found = proof(load(seen(to_911("smoke", "spark"))))
    assert found.findings == ()
    sets = {statement.answer_sets for statement in found.statements} - {0}
    # Each with unknown, refused and left open; a number is below, at or above its one limit.
    assert sets == {(2 + 3) * (2**3 + 3) * (3 + 3) * (2 + 3)}


def test_one_danger_that_no_rule_heeds_is_told_once_however_many_selections_have_it():
    found = proof(load(seen(to_911("smoke"))))
    told = [finding for finding in found.findings if finding.code == "E12"]
    assert [finding.message.split(":")[0] for finding in told] == ["seen = spark"]
    answers = dict(told[0].example)
    assert answers["seen"] == ("spark",)
    verdict = determine(load(seen(to_911("smoke"))), answers, closed=told[0].caller_gone)
    assert verdict.final
    assert not verdict.emergency


def test_unheeded_dangers_are_told_one_by_one_and_not_in_every_mixture():
    calm = [
        rule(f"calm_{o}", {"question": "seen", "has": o}, "routine") for o in ("smoke", "spark")
    ]
    found = proof(load(seen(to_911("water"), *calm)))
    told = {finding.message.split(":")[0] for finding in found.findings if finding.code == "E12"}
    assert told == {"seen = smoke", "seen = spark"}


def test_a_danger_of_a_list_that_no_test_chooses_is_untested():
    document = seen(to_911("smoke", "spark"))
    document["tests"] = [one for one in document["tests"] if one["id"] != "seen_spark"]
    found = proof(load(document))
    assert [(f.code, f.message) for f in found.findings] == [
        ("W03", "no test answers seen = spark")
    ]


def test_not_knowing_what_is_there_may_not_count_like_nothing_seen():
    heeds_nothing = rule("seen", {"question": "seen", "has": "water"}, "routine")
    found = proof(load(seen(heeds_nothing)))
    assert {"E12", "E15"} <= errors(found)
    calm = next(finding for finding in found.findings if finding.code == "E15")
    assert calm.message == "unknown counts like none of them"


def test_a_list_too_long_to_prove_blocks_and_says_which_it_is():
    options = [f"o{place}" for place in range(11)]
    rules = [rule(f"r{o}", {"question": "seen", "has": o}, "ed") for o in options]
    found = proof(load(seen(*rules, danger=options[:1], options=options)))
    unproven = [finding for finding in found.findings if "not proven" in finding.message]
    assert {statement.code for statement in found.statements if statement.proven is None} == {
        finding.code for finding in unproven
    }
    assert f"more than {MOST_SELECTIONS:,} different answers to seen" in unproven[0].message
    assert all(finding.severity is Severity.ERROR for finding in unproven)


def test_a_long_list_asked_about_as_a_whole_is_proven():
    options = [f"o{place}" for place in range(20)]
    found = proof(load(seen(to_911(*options[:9]), danger=options[:9], options=options)))
    assert errors(found) == set()


def placed(kind, otherwise_asked):
    """The sound document with a question of this kind first read by a rule, if it was answered."""
    document = sound()
    document["questions"].append({"id": "known", "kind": kind, "text": BOTH})
    document["rules"].append(rule("known", otherwise_asked, "routine"))
    document["tests"].append(case("known", "routine", danger_now="no", size=1, known=DETAILS[kind]))
    for one in document["tests"]:
        one["answers"].setdefault("known", "unknown")
    return document


DETAILS = {
    "text": "by the bank",
    "place": {"text": "by the bank", "confirmed": "true"},
    "time": {"text": "at noon"},
    "person": {"name": "Ana"},
}


@pytest.mark.parametrize("kind", DETAILS)
def test_whether_something_was_answered_may_decide_and_is_proven(kind):
    found = proof(load(placed(kind, {"answered": "known"})))
    assert found.findings == ()


@pytest.mark.parametrize("kind", DETAILS)
def test_a_counter_example_with_details_replays_with_ask(kind, tmp_path):
    """The rule stands at the level of another that holds too, and leads elsewhere."""
    document = placed(kind, {"answered": "known"})
    document["determinants"].append(document["determinants"][2] | {"id": "other"})
    document["rules"][-1]["determinant"] = "other"
    found = proof(load(document))
    overlap = next(finding for finding in found.findings if finding.code == "E10")
    assert "known = answered" in overlap.message or "known = ..." in overlap.message
    file = tmp_path / "sound.yaml"
    file.write_text(json.dumps(document), encoding="utf-8")
    answers = json.dumps(dict(overlap.example))
    asked = CliRunner().invoke(main, ["ask", str(file), "--answers", "-", "--json"], input=answers)
    assert asked.exit_code == 0, asked.output
    assert {"large", "known"} <= {met["rule"] for met in json.loads(asked.output)["criteria"]}
