"""What the journal is taken to say, and how a call is judged by it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.rehearsal.facts import gather
from simulator.rehearsal.judge import findings_of, lost_findings, outcome_of
from simulator.rehearsal.kinship import is_made_for
from simulator.rehearsal.loading import load
from simulator.rehearsal.script import Outcome
from simulator.rehearsal.steps import Ears, contains, folded

pytestmark = pytest.mark.rules

CITY, SECOND, HUMAN = "+15205550191", "+15205550192", "+15205550110"
LEGS = {
    "CAcaller": {"from": "+15205550140", "to": "+15205550100"},
    "CAdesk": {"from": "client:staff-1", "to": ""},
    "CApsap": {"from": "+15205550140", "to": CITY},
    "CAsecond": {"from": "+15205550140", "to": SECOND},
    "CAhuman": {"from": "+15205550140", "to": HUMAN},
    "CAother": {"from": "+15205550199", "to": "+15205550100"},
}
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def entry(at, sid, kind, **data):
    stamp = (
        (BEGAN + timedelta(seconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )
    return {
        "at": stamp,
        "at_seconds": at,
        "call_sid": sid,
        "party": None,
        "kind": kind,
        "data": data,
    }


def told(*entries):
    return gather([entry(0, "CAcaller", "dialled", to="+15205550100"), *entries], LEGS, "CAcaller")


def joined(at, sid, room="CF1"):
    return entry(at, sid, "joined", conference=room, name=f"room of {room[:3]}")


def left(at, sid, room="CF1"):
    return entry(at, sid, "left", conference=room, name=f"room of {room[:3]}")


def outcome(facts, request_number=None, caller_hung_up=False):
    return outcome_of(
        facts,
        frozenset({CITY, SECOND}),
        frozenset({HUMAN}),
        request_number,
        caller_hung_up=caller_hung_up,
    )


WITH_DESK = (joined(10, "CAcaller"), joined(11, "CAdesk"), left(30, "CAdesk"), left(31, "CAcaller"))
WITH_911 = (
    entry(11, "CApsap", "dialled", to=CITY),
    entry(12, "CApsap", "ringing"),
    joined(10, "CAcaller"),
    entry(14, "CApsap", "answered"),
    joined(14, "CApsap"),
)


@pytest.mark.parametrize(
    ("entries", "request_number", "caller_hung_up", "expected"),
    [
        ((), None, True, Outcome.LEFT_MENU),
        ((), None, False, Outcome.CUT_OFF),
        ((entry(5, "CAcaller", "queued", queue="line"),), None, True, Outcome.LEFT_LINE),
        (WITH_DESK, None, True, Outcome.TALKED),
        (WITH_DESK, "311-1", False, Outcome.SERVICE_REQUEST),
        (WITH_911, None, True, Outcome.REACHED_911),
        ((*WITH_DESK, *WITH_911), "311-1", True, Outcome.REACHED_911),
        ((joined(10, "CAcaller"), left(12, "CAcaller"), *WITH_911[:2], entry(14, "CApsap", "answered"), joined(14, "CApsap")),
         None, True, Outcome.REPORTED_TO_911),
        ((entry(3, "CAcaller", "heard", what="ring", text=HUMAN), entry(3, "CAhuman", "dialled", to=HUMAN),
          entry(2, "CAcaller", "answered"), entry(5, "CAhuman", "answered")), None, True, Outcome.HUMAN_LINE),
        ((entry(3, "CAcaller", "heard", what="ring", text=HUMAN), entry(3, "CAhuman", "dialled", to=HUMAN)),
         None, True, Outcome.LEFT_MENU),
    ],
)  # fmt: skip
def test_the_outcome_is_the_weightiest_that_happened(
    entries, request_number, caller_hung_up, expected
):
    assert outcome(told(*entries), request_number, caller_hung_up) is expected


def test_two_in_one_room_at_different_times_were_never_together():
    facts = told(joined(10, "CAdesk"), left(12, "CAdesk"), joined(13, "CAcaller"))
    assert facts.company == frozenset()


def test_somebody_elses_call_is_not_ours():
    facts = told(joined(10, "CAcaller"), joined(11, "CAdesk", "CF2"), joined(11, "CAother", "CF2"))
    assert facts.company == frozenset()


def test_a_room_that_opens_again_under_its_name_is_the_same_calls_room():
    facts = told(
        joined(2, "CApsap", "CF1"), left(3, "CApsap", "CF1"), joined(5, "CAcaller", "CF1b")
    )
    assert facts.rung == ()
    assert facts.company == frozenset()
    dialled = told(
        entry(1, "CApsap", "dialled", to=CITY),
        left(2, "CApsap", "CF1"),
        joined(5, "CAcaller", "CF1b"),
    )
    assert dialled.rung == (CITY,)


def test_another_callers_leg_to_the_same_staffed_line_is_not_ours():
    legs = LEGS | {"CAtheirs": {"from": "+15205550177", "to": HUMAN}}
    entries = [
        entry(0, "CAcaller", "dialled"),
        entry(1, "CAcaller", "answered"),
        entry(2, "CAcaller", "heard", what="ring", text=HUMAN),
        entry(3, "CAtheirs", "dialled", to=HUMAN),
        entry(4, "CAtheirs", "answered"),
    ]
    assert gather(entries, legs, "CAcaller").company == frozenset()


def rung_into(at, sid, room, shows):
    """A telephone that is rung into a room, showing a number."""
    data = {"conference": room, "name": f"room of {room[:3]}", "from": shows, "to": CITY}
    return entry(at, sid, "dialled", **data)


@pytest.mark.parametrize(
    ("shows", "caller_is_there", "rung"),
    [
        ("+15205550100", True, (CITY,)),
        ("+15205550100", False, ()),
        ("+15205550140", False, (CITY,)),
        ("+15205550177", False, ()),
    ],
)
def test_a_telephone_is_ours_when_rung_into_our_room_or_showing_our_number(
    shows, caller_is_there, rung
):
    came = [joined(4, "CAcaller")] if caller_is_there else []
    assert told(rung_into(3, "CApsap", "CF1", shows), *came).rung == rung


def test_two_calls_at_one_telephone_each_know_their_own_leg():
    legs = LEGS | {"CAtheirs": {"from": "+15205550100", "to": CITY}}
    entries = [
        entry(0, "CAcaller", "dialled"),
        joined(1, "CAcaller", "CF1"),
        rung_into(2, "CAtheirs", "CF2", "+15205550100"),
        joined(3, "CAtheirs", "CF2"),
        rung_into(4, "CApsap", "CF1", "+15205550100"),
        entry(9, "CAtheirs", "heard", what="caption", text="not for us"),
    ]
    entries[2]["data"]["name"] = entries[3]["data"]["name"] = "their room"
    facts = gather(entries, legs, "CAcaller")
    assert (facts.rung, facts.answered, facts.company) == ((CITY,), frozenset(), frozenset())
    assert facts.heard_by[CITY] == ()


CALLER = {"call_sid": "CAcaller", "direction": "inbound", "from": "+15205550140", "rooms": ["ours"]}
WITHHELD = CALLER | {"from": "anonymous"}
OUTGOING = {
    "direction": "outbound-api",
    "from": "+15205550100",
    "rooms": [],
    "parent_call_sid": None,
}


@pytest.mark.parametrize(
    ("call", "caller", "is_ours"),
    [
        (OUTGOING, CALLER, False),
        (OUTGOING | {"rooms": ["theirs"]}, WITHHELD, False),
        (OUTGOING | {"rooms": ["ours"]}, WITHHELD, True),
        (OUTGOING | {"from": "+15205550140"}, CALLER, True),
        (OUTGOING | {"from": "anonymous"}, WITHHELD, False),
        (OUTGOING | {"parent_call_sid": "CAcaller"}, WITHHELD, True),
        (OUTGOING | {"parent_call_sid": "CAother"}, WITHHELD, False),
        (OUTGOING | {"direction": "inbound", "rooms": ["ours"]}, CALLER, False),
    ],
)  # fmt: skip
def test_a_call_is_made_for_a_caller_by_room_by_dial_or_by_the_number_it_shows(
    call, caller, is_ours
):
    assert is_made_for(call, caller) is is_ours


def test_a_busy_telephone_counts_as_tried_in_its_order():
    facts = told(
        joined(1, "CAcaller"),
        entry(2, "CApsap", "dialled", to=CITY),
        left(2.1, "CApsap"),
        entry(3, "CAsecond", "dialled", to=SECOND),
        joined(5, "CAsecond"),
    )
    assert facts.rung == (CITY, SECOND)
    assert facts.company == {SECOND}


def test_ring_tones_and_music_are_not_words():
    facts = told(
        entry(1, "CAcaller", "heard", what="ring", text="psap-1"),
        entry(2, "CAcaller", "heard", what="say", text="Hello"),
        entry(3, "CAcaller", "heard", what="caption", text="Hi"),
    )
    assert facts.heard == ("Hello", "Hi")


SCRIPT = """
name: s
title: t
language: en
caller: {from: "+15205550140", steps: [hang_up]}
must_hear: ["press 9", "connecting you"]
expect:
  outcome: reached_911
  rung: ["+15205550191"]
  connected: ["+15205550191"]
  not_connected: [desk]
  heard_by: {"+15205550191": ["help"]}
  limits: [{from: "pressed 9", to: "ringing +15205550191", seconds: 5}]
"""
GOOD = (
    entry(1, "CAcaller", "heard", what="say", text="Emergency, press 9."),
    entry(8, "CAcaller", "pressed", digits="9"),
    entry(9, "CAcaller", "heard", what="say", text="I am connecting you to 911."),
    *WITH_911,
    entry(20, "CApsap", "heard", what="caption", text="Help!"),
)


def findings(*entries):
    facts = told(*entries)
    return findings_of(load(SCRIPT, "s"), facts, outcome(facts))


def without(kind, sid):
    return [one for one in GOOD if not (one["kind"] == kind and one["call_sid"] == sid)]


def test_a_call_that_went_as_scripted_has_no_findings():
    assert findings(*GOOD) == []


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        (without("heard", "CApsap"), f"{CITY} did not hear “help”"),
        (without("heard", "CAcaller"), "the caller did not hear “press 9”"),
        (without("pressed", "CAcaller"), "“pressed 9” did not happen"),
        (without("ringing", "CApsap"), f"“ringing {CITY}” did not happen after “pressed 9”"),
        (without("joined", "CApsap"), f"the caller was never together with {CITY}"),
        ([*GOOD, joined(12, "CAdesk")], "the caller was together with desk"),
        (
            [*GOOD, entry(13, "CAsecond", "dialled"), joined(15, "CAsecond")],
            f"rang {CITY}, {SECOND}, not {CITY}",
        ),
        (
            [*without("ringing", "CApsap"), entry(13.5, "CApsap", "ringing")],
            "5.5 s from “pressed 9”",
        ),
    ],
)
def test_each_difference_is_named(entries, finding):
    assert any(finding in found for found in findings(*entries))


def test_a_request_number_must_be_heard_not_only_made():
    script = load(
        SCRIPT.replace(
            "outcome: reached_911", "outcome: reached_911\n  request_number_heard: true"
        ),
        "s",
    )
    facts = told(*GOOD)
    assert "the caller did not hear a request number" in findings_of(script, facts, outcome(facts))
    spoken = told(
        *GOOD, entry(25, "CAcaller", "heard", what="say", text="El número de su reporte es 3 1 1.")
    )
    assert findings_of(script, spoken, outcome(spoken)) == []


@pytest.mark.parametrize("way", list(Outcome))
def test_with_faults_at_random_only_a_lost_caller_is_a_failure(way):
    lost = way in (Outcome.CUT_OFF, Outcome.LEFT_LINE, Outcome.LEFT_MENU)
    assert bool(lost_findings(way)) is lost


@pytest.mark.parametrize(
    ("text", "part", "is_in"),
    [
        ("Emergencia, oprima 9.", "emergencia oprima 9", True),
        ("¿Dónde es?", "donde es", True),
        ("Tucson 3-1-1.", "3-1-1", True),
        ("press 90", "press 9", False),
        ("I can not", "cannot", False),
    ],
)
def test_words_are_compared_whole_without_case_accents_and_marks(text, part, is_in):
    assert contains(text, part) is is_in


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)


def test_what_was_waited_for_once_is_not_heard_again():
    ears = Ears()
    heard = [{"text": "press 1"}, {"text": "welcome"}, {"text": "press 1"}]
    assert ears.find(heard, "press 1")
    assert ears.find(heard, "press 1")
    assert not ears.find(heard, "welcome")
    assert not ears.find(heard, "press 1")
