"""What a rehearsal measures of the way to 911, from a journal alone."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.rehearsal.figures import Seen, Shown, findings_of, measure
from simulator.rehearsal.machine import Machine
from simulator.rehearsal.run_figures import Judged, of_run

pytestmark = pytest.mark.rules

BEGAN = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
CALLER, FIRST, SECOND, DESK = "CA1", "CA2", "CA3", "CA4"
LEGS = {
    CALLER: {"from": "+15205550142", "to": "+15205550100"},
    FIRST: {"from": "+15205550142", "to": "+15205550191"},
    SECOND: {"from": "+15205550142", "to": "+15205550192"},
    DESK: {"from": "client:staff-1", "to": "+15205550100"},
}
DESKS = frozenset({"+15205550191", "+15205550192"})


def entry(sid, kind, at, /, **data):
    moment = (BEGAN + timedelta(seconds=at)).isoformat()
    if (kind in {"joined", "left", "dialled"} and sid != CALLER) or kind in {"joined", "left"}:
        data = {"conference": "CF1", "name": "room-1", **data}
    return {"call_sid": sid, "kind": kind, "at": moment, "data": data}


WELL = [
    entry(CALLER, "dialled", 0),
    entry(CALLER, "pressed", 1, digits="9"),
    entry(FIRST, "dialled", 1.2),
    entry(CALLER, "joined", 2),
    entry(FIRST, "ended", 3, status="busy"),
    entry(SECOND, "dialled", 3.5),
    entry(SECOND, "answered", 6),
    entry(SECOND, "joined", 6),
    entry(SECOND, "left", 20),
    entry(SECOND, "ended", 20, status="completed"),
    entry(CALLER, "left", 21),
]


def of(entries, asked_at=None, shown=(), answered=()):
    ordered = sorted(entries, key=lambda each: each["at"])
    began = BEGAN.timestamp()
    seen = Seen(asked_at, tuple(began + at for at in answered), shown)
    return measure(ordered, LEGS, CALLER, DESKS, seen)


def test_from_the_key_to_the_dial_and_from_a_failure_to_the_next():
    figures = of(WELL)
    assert figures.dial_seconds == pytest.approx(0.2)
    assert figures.next_seconds == pytest.approx((0.5,))
    assert figures.alone_seconds == pytest.approx(1.0)
    assert figures.beside == 0
    assert findings_of(figures) == []


def test_the_desks_button_counts_as_asking():
    figures = of([each for each in WELL if each["kind"] != "pressed"], asked_at=0.9)
    assert figures.dial_seconds == pytest.approx(0.3)


def test_the_answer_before_the_dial_counts_as_asking_where_nothing_was_pressed():
    silent = [each for each in WELL if each["kind"] != "pressed"]
    assert of(silent, answered=(0.4, 1.1, 1.9)).dial_seconds == pytest.approx(0.1, abs=1e-3)
    assert of(WELL, answered=(1.1,)).dial_seconds == pytest.approx(0.2, abs=1e-3)
    assert of(silent).dial_seconds is None


def test_who_asks_for_911_and_is_never_dialled_for_is_told_apart():
    assert of(WELL[:2]).never_dialled
    assert not of(WELL).never_dialled
    assert not of(WELL[:1], answered=(1.0,)).never_dialled


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({2: entry(FIRST, "dialled", 7.5)}, "911 was dialled after"),
        ({10: entry(CALLER, "left", 40)}, "the caller was alone for 20.0 s"),
        ({4: entry(FIRST, "ended", 9, status="completed")}, "beside a live leg"),
        ({5: entry(SECOND, "dialled", 5.5)}, "the next destination was dialled after 2.5 s"),
    ],
)
def test_each_broken_promise_is_a_finding(changed, finding):
    entries = [changed.get(place, each) for place, each in enumerate(WELL)]
    if 2 in changed:
        entries = [each for each in entries if each["call_sid"] != SECOND]
        entries = [e for e in entries if not (e["call_sid"] == FIRST and e["kind"] == "ended")]
    assert any(finding in found for found in findings_of(of(entries)))


def test_a_run_is_summed_up_with_its_counts():
    figures = of_run([Judged(of(WELL)), Judged(of(WELL[:2]), broke=True, lost=True)])
    text = str(figures)
    assert figures.as_json()["asked_to_dial"]["p50_seconds"] == 0.2
    assert text.splitlines()[0] == "2 calls, 1 broke a promise, 1 lost"
    assert "n 1, p50 0.200 s" in text
    assert figures.misses == ("1 calls broke a promise", "callers lost, none: 1")
    assert of_run([Judged(of(WELL))]).misses == ()


def test_every_promise_of_a_run_is_named_with_its_goal():
    named = {
        each["name"]: each["goal"] for each in of_run([Judged(of(WELL))]).as_json()["promises"]
    }
    assert named == {
        "determinant to dial": "p99 within 0.3 s",
        "asked to dial": "never over 5 s",
        "callers alone": "none",
        "callers lost": "none",
        "double dials": "none",
        "next destination after a known failure": "within 2 s",
        "the desk knows": "p99 within 1 s",
    }


BY_DESK = [each for each in WELL if each["kind"] != "pressed"]
ANSWERS_AT_7 = [*BY_DESK[:1], entry(FIRST, "dialled", 7.5), entry(CALLER, "left", 8)]
PATH = "/2010-04-01/Accounts/AC1/Conferences/room-1/Participants.json"
REFUSED = entry(None, "fault", 1.0, kind="rest_fail", path=PATH)
OF_ANOTHER = entry(None, "fault", 1.0, kind="rest_fail", path=PATH.replace("room-1", "room-2"))


@pytest.mark.parametrize(
    ("entries", "asked_at", "missed"),
    [
        (BY_DESK, 0.8, "determinant to dial"),
        ([*BY_DESK, OF_ANOTHER], 0.8, "determinant to dial"),
        ([*BY_DESK, REFUSED], 0.8, None),
        (BY_DESK, 1.0, None),
        (ANSWERS_AT_7, 2.0, "asked to dial"),
        ([*WELL[:5], entry(SECOND, "dialled", 5.5), *WELL[6:]], None, "next destination"),
    ],
    ids=["slow", "another's fault", "refused", "soon", "over the limit", "next one late"],
)
def test_a_promise_missed_by_the_whole_run_is_said(entries, asked_at, missed):
    found = of_run([Judged(of(entries, asked_at=asked_at))])
    assert any(words.startswith(missed or "-") for words in found.misses) is bool(missed)
    assert ("MISSED" in str(found)) is bool(missed)


def test_what_the_machine_was_late_is_not_called_the_products():
    machine = Machine()
    began = BEGAN.timestamp()
    machine.note(began + 7.4, 5.2)
    ordered = sorted(ANSWERS_AT_7, key=lambda each: each["at"])
    seen = Seen(2.0)
    late = measure(ordered, LEGS, CALLER, DESKS, seen, machine.late_between)
    assert (late.dial_seconds, late.dial_net) == pytest.approx((5.5, 0.3))
    assert findings_of(late) == []
    assert findings_of(measure(ordered, LEGS, CALLER, DESKS, seen))
    run = of_run([Judged(late)])
    assert (run.by_machine, run.asked_to_dial.longest) == (1, pytest.approx(0.3))
    assert of_run([Judged(of(ANSWERS_AT_7, asked_at=2.0))]).by_machine == 0


@pytest.mark.parametrize(
    ("start", "end", "late"),
    [(0, 10, 0.5), (0, 4.8, 0.3), (4.6, 4.8, 0.2), (5, 10, 0.0), (0, 4.4, 0.0)],
)
def test_a_late_beat_counts_for_the_part_that_it_overlaps(start, end, late):
    machine = Machine()
    machine.note(5.0, 0.5)
    machine.note(3.0, 0.001)
    assert machine.late_between(start, end) == pytest.approx(late)


@pytest.mark.parametrize(
    ("before", "after", "is_too_busy"),
    [
        ("some avg10=0.00 total=0", "some avg10=99.0 total=900000000", True),
        ("some avg10=0.00 total=5", "some avg10=0.00 total=5", False),
        (None, None, False),
        ("nonsense", "nonsense", False),
    ],
)
def test_the_kernels_own_count_says_whether_the_machine_was_too_busy(
    tmp_path, before, after, is_too_busy
):
    pressure = tmp_path / "cpu"
    if before is not None:
        pressure.write_text(f"{before}\n")
    machine = Machine(pressure)
    machine.begin()
    if after is not None:
        pressure.write_text(f"{after}\n")
    report = machine.end()
    assert report.is_too_busy is is_too_busy
    said = "the machine was too busy" in str(of_run([Judged(of(WELL))], report))
    assert said is is_too_busy
    assert of_run([], report).as_json()["machine"]["too_busy"] is is_too_busy


LATE = entry(FIRST, "fault", 3, kind="callback_delay", event="completed")
LOST = entry(FIRST, "fault", 3, kind="callback_lose", event="completed")
TOLD = entry(FIRST, "callback", 3.2, event="participant-leave")
STARTED = entry(FIRST, "callback", 3.1, event="initiated")


@pytest.mark.parametrize(
    ("reports", "seconds"),
    [
        ([], (0.5,)),
        ([LATE, TOLD], (0.3,)),
        ([LOST, STARTED], ()),
        ([LOST, TOLD], (0.3,)),
        ([entry(FIRST, "fault", 1.3, kind="callback_lose", event="ringing"), TOLD], (0.5,)),
    ],
)
def test_the_next_destination_is_timed_from_the_report_of_the_failure(reports, seconds):
    assert of([*WELL, *reports]).next_seconds == pytest.approx(seconds)


def test_a_caller_whose_report_was_lost_may_be_alone_until_the_line_asks():
    alone = {**dict(enumerate(WELL)), 10: entry(CALLER, "left", 40)}
    assert of(alone.values()).was_alone
    assert not of([*alone.values(), LOST]).was_alone
    longer = {**alone, 10: entry(CALLER, "left", 150)}
    assert of([*longer.values(), LOST]).was_alone


def shown(stage, at, looked_since=0.5):
    began = BEGAN.timestamp()
    return Shown(stage, began + at, began + looked_since)


RANG = [*WELL, entry(FIRST, "ringing", 1.3)]


@pytest.mark.parametrize(
    ("screen", "more", "seconds"),
    [
        ([shown("ringing", 1.5), shown("answered", 6.4)], [], (0.2, 0.4)),
        ([shown("dialling", 1.2), shown("accepted", 6.8)], [], (5.5, 0.8)),
        ([shown("answered", 6.3, looked_since=4)], [], (0.3,)),
        ([], [], ()),
        ([shown("ringing", 1.5), shown("answered", 9)], [LATE], ()),
    ],
)
def test_what_the_desk_shows_is_timed_from_what_911_did(screen, more, seconds):
    assert of([*RANG, *more], shown=screen).known_seconds == pytest.approx(seconds)
