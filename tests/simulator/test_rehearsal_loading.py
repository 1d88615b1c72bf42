"""Scripts: what is read, and that every mistake is named."""

from pathlib import Path

import pytest
import yaml

from simulator.rehearsal.errors import ScriptError
from simulator.rehearsal.loading import load, load_all
from simulator.rehearsal.location_page import link_in
from simulator.rehearsal.script import CallerDo, DeskDo, DeskWhen, Outcome, Wave, When

pytestmark = pytest.mark.rules

SHIPPED = Path(__file__).parents[2] / "simulator" / "rehearsal" / "scripts"
GOOD = {
    "name": "pothole",
    "title": "A pothole",
    "language": "en",
    "caller": {
        "from": "+15205550140",
        "steps": [
            {"hear": "press 1", "press": "1", "within": 5},
            {"say": "a pothole"},
            {"when": "in_room", "wait": 2},
            "hang_up",
        ],
    },
    "desk": [
        {"on_offer": "ignore"},
        {"then": [{"answers": {"danger_now": "no"}}, {"when": "answered"}, "they_have_it"]},
    ],
    "phones": {"+15205550191": {"next": [], "otherwise": {"on_ring": "busy"}}},
    "must_hear": ["press 1"],
    "expect": {
        "outcome": "talked",
        "rung": [],
        "limits": [{"from": "pressed 9", "to": "ringing +15205550191", "seconds": 5}],
    },
}


def changed(**changes):
    return yaml.safe_dump(GOOD | changes)


def mistakes_of(text):
    with pytest.raises(ScriptError) as raised:
        load(text, "script.yaml")
    return raised.value.mistakes


def test_a_script_is_read_as_it_is_written():
    script = load(yaml.safe_dump(GOOD), "script.yaml")
    assert [step.do for step in script.steps] == [
        CallerDo.PRESS,
        CallerDo.SAY,
        CallerDo.WAIT,
        CallerDo.HANG_UP,
    ]
    assert (script.steps[0].hear, script.steps[0].value, script.steps[0].within_seconds) == (
        "press 1",
        "1",
        5,
    )
    assert (script.steps[2].when, script.steps[2].value) == (When.IN_ROOM, 2)
    assert [role.accepts for role in script.desk] == [False, True]
    assert [step.do for step in script.desk[1].steps] == [
        DeskDo.ANSWERS,
        DeskDo.LISTEN,
        DeskDo.THEY_HAVE_IT,
    ]
    assert script.desk[1].steps[1].when is DeskWhen.ANSWERED
    assert script.wave is Wave.STAFFED
    assert script.expect.outcome is Outcome.TALKED
    assert script.expect.limits[0].seconds == 5
    assert script.phones.keys() == {"+15205550191"}


def test_a_telephone_opens_the_newest_link_that_it_was_texted():
    old, new = "see http://127.0.0.1:5/here/aa (for 10 minutes)", "open https://t.example/here/b-_"
    assert link_in(["Tucson 311: hello", old, new, "bye"]) == "https://t.example/here/b-_"
    assert link_in(["https://t.example/there/b"]) is None


def test_an_expectation_that_nobody_rings_differs_from_none():
    assert load(yaml.safe_dump(GOOD), "s").expect.rung == ()
    assert load(changed(expect={"outcome": "talked"}), "s").expect.rung is None


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"name": None}, "name: must be a text"),
        ({"langauge": "en"}, "script.langauge: is not known here"),
        ({"language": "fr"}, "language: 'fr' is not en or es"),
        ({"wave": "night"}, "wave: 'night' is not one of staffed, empty"),
        ({"wave": "empty"}, "desk: an empty desk has no call-takers"),
        ({"caller": {"from": 15205550140, "steps": []}}, "caller.from: must be a text"),
        (
            {"caller": {"from": "x", "steps": [{"send_location": {"latitude": "north"}}]}},
            "caller.steps[1].send_location.latitude: must be a number, not 'north'",
        ),
        (
            {"caller": {"from": "x", "steps": [{"press": 9}]}},
            "caller.steps[1].press: must be a text",
        ),
        (
            {"caller": {"from": "x", "steps": [{"press": "9a"}]}},
            "'9a' is not on a telephone's keypad",
        ),
        (
            {"caller": {"from": "x", "steps": [{"press": "9", "say": "help"}]}},
            "caller.steps[1]: does several things at once: press, say",
        ),
        (
            {"caller": {"from": "x", "steps": [{"within": 3}]}},
            "caller.steps[1]: waits for nothing and does nothing",
        ),
        (
            {"caller": {"from": "x", "steps": [{"wait": "2"}]}},
            "caller.steps[1].wait: must be a number of seconds",
        ),
        (
            {"caller": {"from": "x", "steps": [{"when": "in_bed"}]}},
            "'in_bed' is not one of listening, in_line, in_room, ended",
        ),
        ({"caller": {"from": "x", "steps": ["leave"]}}, "caller.steps[1].leave: is not known here"),
        ({"desk": [{"on_offer": "maybe"}]}, "desk[1].on_offer: 'maybe' is not accept or ignore"),
        ({"desk": [{"then": [{"hold": "yes"}]}]}, "desk[1].then[1].hold: must be true or false"),
        (
            {"desk": [{"then": [{"hang_up": "now"}]}]},
            "desk[1].then[1].hang_up: must be true or false",
        ),
        ({"phones": {"+1": {"always": {}}}}, "phones.+1.always: is not known here"),
        ({"faults": [{}]}, "faults[1].kind: must be a text"),
        ({"expect": {"outcome": "saved"}}, "expect.outcome: 'saved' is not one of"),
        (
            {"expect": {"outcome": "talked", "limits": [{"from": "a", "seconds": -1}]}},
            "expect.limits[1].seconds: must be a number",
        ),
    ],
)
def test_each_mistake_is_named_with_its_place(changes, mistake):
    assert any(mistake in found for found in mistakes_of(changed(**changes)))


def test_all_mistakes_are_named_at_once():
    found = mistakes_of(changed(language="fr", wave="night", must_hear=[9]))
    assert len(found) == 3


def test_what_is_no_yaml_is_said_so():
    assert "is no YAML" in mistakes_of("a: [")[0]


def test_two_scripts_of_one_name_are_refused(tmp_path):
    for file in ("a.yaml", "b.yaml"):
        (tmp_path / file).write_text(yaml.safe_dump(GOOD))
    with pytest.raises(ScriptError, match="pothole is there twice"):
        load_all([tmp_path])


def test_an_empty_folder_is_no_rehearsal(tmp_path):
    with pytest.raises(ScriptError, match="none found"):
        load_all([tmp_path])


def test_the_shipped_scripts_can_be_played_and_cover_what_was_promised():
    scripts = load_all([SHIPPED])
    assert len(scripts) >= 14
    assert sum(script.language == "es" for script in scripts) >= 4
    assert {script.expect.outcome for script in scripts} >= {
        Outcome.SERVICE_REQUEST,
        Outcome.REACHED_911,
        Outcome.REPORTED_TO_911,
        Outcome.HUMAN_LINE,
        Outcome.LEFT_LINE,
        Outcome.LEFT_MENU,
        Outcome.TALKED,
    }
    faults = {fault["kind"] for script in scripts for fault in script.faults}
    assert {"callback_duplicate", "callback_reorder"} <= faults


def test_scripts_that_play_together_never_share_a_caller():
    callers = [script.caller for script in load_all([SHIPPED])]
    assert len(callers) == len(set(callers))


def test_only_fictional_numbers_are_ever_dialled():
    for script in load_all([SHIPPED]):
        for number in {script.caller, *script.phones} - {"anonymous"}:
            assert number.startswith("+152055501")
