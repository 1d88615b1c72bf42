"""The library proven with the city pack's own data, and the two commands that show it."""

import json
from functools import cache

import pytest
from click.testing import CliRunner
from protocol_samples import LIBRARY, library_text

from config.checking_protocols import checked, reference_for
from config.cli import main
from protocols.proof_findings import Purpose, Severity

pytestmark = pytest.mark.rules

NAMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))


@cache
def reference():
    return reference_for(())


@cache
def proven(name, purpose=Purpose.DEMONSTRATION):
    return checked(library_text(name), name, reference(), purpose)


def run(*arguments, **more):
    return CliRunner().invoke(main, list(arguments), **more)


@pytest.mark.parametrize("name", NAMES)
def test_every_protocol_of_the_library_is_proven(name):
    found = proven(name)
    assert [str(f) for f in found.findings if f.severity is Severity.ERROR] == []
    assert all(statement.proven for statement in found.statements)
    assert max(statement.answer_sets for statement in found.statements) >= 25


def test_only_the_silent_call_asks_something_before_danger_and_that_stays_visible():
    warned = {name for name in NAMES if any(f.code == "W02" for f in proven(name).findings)}
    assert warned == {"silent_call"}


def test_nothing_goes_live_before_numbers_and_content_are_confirmed():
    blocking = {
        f.code for f in proven("gas_smell", Purpose.LIVE).findings if f.severity is Severity.ERROR
    }
    assert blocking == {"A01", "E14"}


def with_an_answer_nobody_heeds(folder):
    """A pothole protocol in which one more answer of danger has no rule."""
    text = library_text("pothole")
    danger_option = text.index("      - id:", text.index("id: crash"))
    added = "      - id: maybe\n        danger: true\n        text: {en: Maybe, es: Tal vez}\n"
    file = folder / "pothole.yaml"
    file.write_text(text[:danger_option] + added + text[danger_option:], encoding="utf-8")
    return file


def test_a_counter_example_of_check_protocol_replays_with_ask(tmp_path):
    file = with_an_answer_nobody_heeds(tmp_path)
    checked_file = run("check-protocol", "--json", str(file))
    assert checked_file.exit_code == 1
    findings = json.loads(checked_file.output)[0]["findings"]
    finding = next(f for f in findings if f["code"] == "E12")
    assert ["crash", "maybe"] in finding["example"]
    gone = ["--gone"] if finding["caller_gone"] else []
    asked = run(
        "ask",
        str(file),
        "--answers",
        "-",
        "--json",
        *gone,
        input=json.dumps(dict(finding["example"])),
    )
    assert asked.exit_code == 0
    verdict = json.loads(asked.output)
    assert verdict["determinant"]
    assert verdict["emergency"] is False


def test_check_protocol_says_in_lines_what_is_proven_and_how_to_replay_what_is_not(tmp_path):
    good = run("check-protocol", str(LIBRARY / "gas_smell.yaml"))
    assert good.exit_code == 0
    assert "gas_smell: proven; 25 sets of answers" in good.output
    bad = run("check-protocol", str(with_an_answer_nobody_heeds(tmp_path)))
    assert bad.exit_code == 1
    assert "pothole: BLOCKED" in bad.output
    assert "./run ask" in bad.output
    assert "1 blocked: pothole" in bad.output


def test_a_file_the_loader_refuses_is_told_in_the_same_form(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text(library_text("pothole").replace("question: crash,", "question: crsh,", 1))
    found = run("check-protocol", "--json", str(file))
    assert found.exit_code == 1
    codes = {finding["code"] for finding in json.loads(found.output)[0]["findings"]}
    assert codes == {"E01"}


def test_ask_takes_an_id_of_the_library_and_refuses_illegal_answers():
    yes = run("ask", "gas_smell", "--answers", "-", "--json", input="{danger_now: yes}")
    assert json.loads(yes.output)["determinant"] == "gas_danger"
    no = run("ask", "gas_smell", "--answers", "-", input="{danger_now: purple}")
    assert no.exit_code == 2
