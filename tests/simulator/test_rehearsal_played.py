"""The runner against the real simulator and a small product: played, judged, printed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fake_product import FakeProduct
from stage import served

from simulator.app import build_app
from simulator.config import read_config
from simulator.rehearsal.__main__ import main

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
ACCOUNT, KEY, APP = "AC" + "1" * 32, "SK" + "2" * 32, "AP" + "3" * 32
CITY = "+15205550191"
ANSWERS = {
    "next": [],
    "otherwise": {"on_ring": "answer", "after_seconds": 1.5, "say": "911, what is your emergency?"},
}

REQUEST = {
    "name": "request", "title": "A request", "language": "en",
    "caller": {"from": "+15205550140", "steps": [
        {"hear": "tell me what you need", "say": "a pothole"},
        {"hear": "how can I help", "say": "On my street."},
        {"when": "ended"},
    ]},
    "desk": [{"then": [
        {"say": "Hello, how can I help?"}, {"hear": "on my street"}, {"answers": {"danger": "no", "size": "big"}}, "hang_up",
    ]}],
    "must_hear": ["press 9", "how can I help", "request number is"],
    "expect": {"outcome": "service_request", "rung": [], "connected": ["desk"], "request_number_heard": True},
}  # fmt: skip
NINE = {
    "name": "nine", "title": "Key 9", "language": "en",
    "caller": {"from": "+15205550141", "steps": [
        {"hear": "press 9", "press": "9"},
        {"hear": "what is your emergency", "say": "help"},
        {"wait": 0.5}, "hang_up",
    ]},
    "phones": {CITY: ANSWERS | {"otherwise": ANSWERS["otherwise"] | {"hang_up_after_seconds": 5}}},
    "must_hear": ["connecting you to 911", "what is your emergency"],
    "expect": {
        "outcome": "reached_911", "rung": [CITY], "connected": [CITY], "heard_by": {CITY: ["help"]},
        "limits": [{"from": "pressed 9", "to": f"ringing {CITY}", "seconds": 5}],
    },
}  # fmt: skip
RED = {
    "name": "red", "title": "The red button, number withheld", "language": "en",
    "caller": {"from": "anonymous", "steps": [
        {"hear": "tell me what you need", "say": "a fight"},
        {"talks": CITY, "wait": 1}, "hang_up",
    ]},
    "desk": [{"then": ["press_red", "they_have_it", "leave"]}],
    "phones": {CITY: ANSWERS | {"otherwise": ANSWERS["otherwise"] | {"hang_up_after_seconds": 4}}},
    "expect": {"outcome": "reached_911", "connected": [CITY, "desk"]},
}  # fmt: skip
LEAVES = {
    "name": "leaves", "title": "Hangs up in line", "language": "en",
    "caller": {"from": "+15205550142", "steps": [
        {"hear": "tell me what you need", "say": "a pothole"}, {"when": "in_line", "wait": 0.5}, "hang_up",
    ]},
    "expect": {"outcome": "left_line", "rung": [], "not_connected": ["desk"]},
}  # fmt: skip

BUSY = {
    "name": "busy", "title": "911 is busy for this call", "language": "en",
    "caller": {"from": "+15205550143", "steps": [
        {"hear": "press 9", "press": "9"}, {"when": "in_room", "wait": 1.5}, "hang_up",
    ]},
    "phones": {CITY: {"next": [], "otherwise": {"on_ring": "busy"}}},
    "expect": {"outcome": "left_menu", "rung": [CITY], "not_connected": [CITY]},
}  # fmt: skip


@pytest.fixture
def product():
    fake = FakeProduct(ACCOUNT, "token", KEY, "key-secret", APP, CITY)
    with served(fake.app) as running:
        fake.own = running.url
        yield fake


@pytest.fixture
def simulator(product):
    config = read_config({
        "speech_rate": 8,
        "accounts": [{
            "name": "tucson", "sid": ACCOUNT, "auth_token": "token", "api_keys": [{"sid": KEY, "secret": "key-secret"}],
            "numbers": [{"number": "+15205550100", "dialled_as": ["311"], "voice_url": f"{product.own}/voice/incoming"}],
            "apps": [{"sid": APP, "voice_url": f"{product.own}/voice/desk"}],
            "calls_per_second": 20,
        }],
        "phones": [{"number": CITY, "name": "City 911", "kind": "desk911"}],
    })  # fmt: skip
    with served(lambda: build_app(config, with_pages=False)) as running:
        product.simulator = running.url
        yield running.url


@pytest.fixture
def rehearse(tmp_path, product, simulator, capsys):
    """Play scripts from the command line; hands back the exit code and the rows."""
    staff = [
        {"email": f"{name}@311", "password": "right", "role": role}
        for name, role in (("maria", "call_taker"), ("sup", "supervisor"))
    ]
    (tmp_path / "staff.json").write_text(json.dumps({"base_url": product.own, "staff": staff}))

    def played(*scripts, more=()):
        files = [tmp_path / f"{script['name']}.yaml" for script in scripts]
        for file, script in zip(files, scripts, strict=True):
            file.write_text(yaml.safe_dump(script))
        words = [
            "--simulator",
            simulator,
            "--staff",
            str(tmp_path / "staff.json"),
            "--json",
            "--scripts",
            *map(str, files),
            *more,
        ]
        code = main(words)
        return code, {row["script"]: row for row in json.loads(capsys.readouterr().out)}

    return played


def test_calls_that_go_as_scripted_are_rows_that_are_ok(rehearse):
    code, rows = rehearse(REQUEST, NINE, RED, LEAVES)
    assert {name: (row["outcome"], row["ok"], row["findings"]) for name, row in rows.items()} == {
        "request": ("service_request", True, []),
        "nine": ("reached_911", True, []),
        "red": ("reached_911", True, []),
        "leaves": ("left_line", True, []),
    }
    assert code == 0
    assert rows["nine"]["transferred"]
    assert not rows["request"]["transferred"]
    assert rows["request"]["call_id"].startswith("id-CA")
    assert {
        "call_id",
        "script",
        "language",
        "steps",
        "outcome",
        "transferred",
        "ok",
        "seed",
    } <= rows["request"].keys()
    times = [step["at_seconds"] for step in rows["request"]["steps"]]
    assert times == sorted(times)


def test_a_telephone_behaves_to_each_call_as_its_script_says(rehearse):
    code, rows = rehearse(NINE, BUSY, RED)
    assert {name: (row["ok"], row["findings"]) for name, row in rows.items()} == dict.fromkeys(
        ("nine", "busy", "red"), (True, [])
    )
    assert code == 0


def test_the_desk_stays_empty_until_the_callers_of_an_empty_desk_are_gone(rehearse, product):
    caller = NINE["caller"] | {"from": "+15205550144"}
    code, rows = rehearse(NINE | {"name": "night", "wave": "empty", "caller": caller}, LEAVES)
    assert code == 0, rows
    assert product.callers_at_sign_in == []
    assert set(product.presence.values()) == {"offline"}


def test_a_call_that_goes_otherwise_fails_the_rehearsal_and_says_why(rehearse):
    expect = {"outcome": "talked", "rung": [CITY], "connected": [CITY]}
    code, rows = rehearse(LEAVES | {"expect": expect, "must_hear": ["bonjour"]})
    assert code == 1
    assert rows["leaves"]["ok"] is False
    assert rows["leaves"]["findings"] == [
        "ended as left_line, not as talked",
        "the caller did not hear “bonjour”",
        f"rang nobody, not {CITY}",
        f"the caller was never together with {CITY}",
    ]


def test_a_sentence_that_never_comes_is_named_and_the_call_is_hung_up(rehearse):
    steps = [{"hear": "bonjour", "within": 1, "press": "1"}]
    code, rows = rehearse(LEAVES | {"caller": {"from": "+15205550149", "steps": steps}})
    assert code == 1
    assert "waited 1 s for the caller to hear “bonjour”" in rows["leaves"]["findings"]


def test_a_question_that_the_script_does_not_answer_is_named(rehearse):
    desk = [{"then": [{"answers": {"size": "big"}}, "hang_up"]}]
    steps = [{"hear": "tell me what you need", "say": "a pothole"}, {"when": "ended", "within": 5}]
    code, rows = rehearse(
        REQUEST | {"desk": desk, "caller": {"from": "+15205550148", "steps": steps}}
    )
    assert code == 1
    assert any("the protocol asks danger" in finding for finding in rows["request"]["findings"])


def test_faults_at_random_are_played_by_their_seeds_and_only_ask_that_nobody_is_lost(rehearse):
    code, rows = rehearse(REQUEST, more=["--faults", "1", "--seed", "3"])
    assert rows["request"]["seed"] == 3
    assert (code == 0) is rows["request"]["ok"]


def test_a_script_that_is_wrong_stops_the_rehearsal_before_any_call(tmp_path):
    (tmp_path / "wrong.yaml").write_text("name: wrong\nlangauge: en\n")
    (tmp_path / "staff.json").write_text('{"base_url": "http://127.0.0.1:9", "staff": []}')
    words = [
        "--simulator",
        "http://127.0.0.1:9",
        "--staff",
        str(tmp_path / "staff.json"),
        "--scripts",
        str(tmp_path / "wrong.yaml"),
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "simulator.rehearsal", *words],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "script.langauge: is not known here" in ended.stderr
