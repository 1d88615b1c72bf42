"""Who is offered which caller, and what the order may never do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.waiting import (
    ABOVE_ALL,
    CallTaker,
    Match,
    Waiting,
    choose,
    in_order,
    is_staffed,
    position,
)
from models.states import Language, PresenceState, PriorityClass

pytestmark = pytest.mark.rules

NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
BOTH = frozenset(Language)
EN = frozenset({Language.EN})


def caller(name, priority=PriorityClass.ORDINARY, waited=10.0, **more):
    since = NOON - timedelta(seconds=waited)
    return Waiting(name, priority, more.pop("language", Language.EN), since, **more)


def taker(name, idle=60.0, state=PresenceState.AVAILABLE, languages=BOTH, engaged=False):
    return CallTaker(name, state, languages, NOON - timedelta(seconds=idle), engaged)


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ([caller("b", waited=5), caller("a", waited=9)], ["a", "b"]),
        ([caller("a", waited=9), caller("b", PriorityClass.PRIORITY, 1)], ["b", "a"]),
        ([caller("a", waited=300), caller("b", PriorityClass.PRIORITY, 1)], ["a", "b"]),
        ([caller("a", waited=9999), caller("b", PriorityClass.RETURNING, 1)], ["b", "a"]),
        ([caller("a", waited=9999), caller("b", PriorityClass.FROM_911, 1)], ["b", "a"]),
        (
            [
                caller("r", PriorityClass.RETURNING),
                caller("p", PriorityClass.POSSIBLE, 1),
                caller("e", PriorityClass.EMERGENCY, 0),
            ],
            ["e", "p", "r"],
        ),
    ],
)
def test_the_most_urgent_is_served_first_and_waiting_makes_urgent(line, order):
    assert [waiting.entry_id for waiting in in_order(line, NOON)] == order
    assert [position(line, name, NOON) for name in order] == list(range(1, len(order) + 1))


def test_somebody_who_does_not_wait_has_no_place():
    assert position([caller("a")], "b", NOON) is None


def test_the_longest_idle_is_offered_first():
    takers = [taker("new", 5), taker("old", 500), taker("middle", 50)]
    assert choose([caller("a")], takers, NOON) == (Match("a", "old"),)


@pytest.mark.parametrize(
    "busy",
    [
        taker("x", engaged=True),
        taker("x", state=PresenceState.ON_CALL),
        taker("x", state=PresenceState.WRAP_UP),
        taker("x", state=PresenceState.BREAK),
        taker("x", state=PresenceState.OFFLINE),
    ],
)
def test_only_the_free_are_offered_an_ordinary_call(busy):
    assert choose([caller("a")], [busy], NOON) == ()


def test_a_language_is_kept_to_who_speaks_it():
    line = [caller("a", language=Language.ES)]
    assert choose(line, [taker("en", 500, languages=EN), taker("es", 5)], NOON) == (
        Match("a", "es"),
    )
    speaker_busy = taker("es", state=PresenceState.ON_CALL)
    assert choose(line, [taker("en", languages=EN), speaker_busy], NOON) == ()


def test_a_language_that_nobody_on_shift_speaks_is_no_reason_to_wait_for_ever():
    line = [caller("a", language=Language.ES)]
    assert choose(line, [taker("en", languages=EN)], NOON) == (Match("a", "en"),)


def test_who_passed_a_caller_over_comes_last():
    line = [caller("a", passed_over=frozenset({"old"}))]
    assert choose(line, [taker("old", 500), taker("new", 5)], NOON) == (Match("a", "new"),)
    assert choose(line, [taker("old", 500)], NOON) == (Match("a", "old"),)


def test_a_returning_caller_goes_to_who_had_them_for_ten_seconds():
    until = NOON + timedelta(seconds=10)
    line = [caller("a", PriorityClass.RETURNING, first_for="had", first_for_until=until)]
    takers = [taker("old", 500), taker("had", 1)]
    assert choose(line, takers, NOON) == (Match("a", "had"),)
    assert choose(line, takers, until) == (Match("a", "old"),)
    gone = taker("had", state=PresenceState.OFFLINE)
    assert choose(line, [takers[0], gone], NOON) == (Match("a", "old"),)


@pytest.mark.parametrize("priority", sorted(ABOVE_ALL))
def test_an_emergency_is_offered_to_everybody_signed_in(priority):
    takers = [
        taker("free"),
        taker("busy", state=PresenceState.ON_CALL),
        taker("break", state=PresenceState.BREAK, languages=EN),
        taker("gone", state=PresenceState.OFFLINE),
    ]
    made = choose([caller("a", priority, language=Language.ES)], takers, NOON)
    assert {match.staff_id for match in made} == {"free", "busy", "break"}


def test_an_emergency_that_all_have_passed_over_is_offered_to_all_again():
    passed = frozenset({"x", "y"})
    takers = [taker("x"), taker("y")]
    again = choose([caller("a", PriorityClass.EMERGENCY, passed_over=passed)], takers, NOON)
    assert {match.staff_id for match in again} == passed
    one = choose([caller("a", PriorityClass.EMERGENCY, passed_over=frozenset({"x"}))], takers, NOON)
    assert one == (Match("a", "y"),)


def test_offered_again_to_all_who_passed_it_over_it_is_offered_to_none_twice():
    passed, asked = frozenset({"x", "y"}), frozenset({"y"})
    line = [caller("a", PriorityClass.EMERGENCY, passed_over=passed, offered_to=asked)]
    assert choose(line, [taker("x"), taker("y")], NOON) == (Match("a", "x"),)
    line = [caller("a", PriorityClass.EMERGENCY, passed_over=passed, offered_to=passed)]
    assert choose(line, [taker("x"), taker("y")], NOON) == ()


def test_an_open_offer_is_not_made_twice():
    takers = [taker("x"), taker("y")]
    line = [
        caller("a", offered_to=frozenset({"x"})),
        caller("e", PriorityClass.EMERGENCY, offered_to=frozenset({"x", "y"})),
    ]
    assert choose(line, takers, NOON) == ()


@pytest.mark.parametrize(
    ("states", "staffed"),
    [
        ([], False),
        ([PresenceState.OFFLINE, PresenceState.BREAK], False),
        ([PresenceState.AVAILABLE], True),
        ([PresenceState.ON_CALL], True),
        ([PresenceState.OFFLINE, PresenceState.WRAP_UP], True),
    ],
)
def test_a_line_is_staffed_by_whoever_takes_the_next_call(states, staffed):
    assert is_staffed([taker(str(n), state=state) for n, state in enumerate(states)]) is staffed


takers_of = st.lists(
    st.builds(
        taker,
        st.sampled_from([f"t{n}" for n in range(6)]),
        st.floats(0, 3600),
        st.sampled_from(PresenceState),
        st.sampled_from([EN, BOTH]),
        st.booleans(),
    ),
    unique_by=lambda who: who.staff_id,
)
line_of = st.lists(
    st.builds(
        caller,
        st.sampled_from([f"c{n}" for n in range(8)]),
        st.sampled_from(PriorityClass),
        st.floats(0, 3600),
        language=st.sampled_from(Language),
        passed_over=st.frozensets(st.sampled_from([f"t{n}" for n in range(6)]), max_size=3),
    ),
    unique_by=lambda waiting: waiting.entry_id,
)


@given(line_of, takers_of)
@settings(max_examples=150, deadline=None)
def test_nobody_is_offered_two_ordinary_callers_and_none_is_offered_twice(line, takers):
    made = choose(line, takers, NOON)
    ordinary = {each.entry_id for each in line if each.priority not in ABOVE_ALL}
    offered = [match for match in made if match.entry_id in ordinary]
    assert len({match.staff_id for match in offered}) == len(offered)
    assert len({match.entry_id for match in offered}) == len(offered)
    assert len(set(made)) == len(made)


@given(line_of, takers_of)
@settings(max_examples=150, deadline=None)
def test_an_emergency_never_stays_unoffered_while_anybody_is_signed_in(line, takers):
    made = {match.entry_id for match in choose(line, takers, NOON)}
    signed_in = any(who.state is not PresenceState.OFFLINE for who in takers)
    for each in line:
        if each.priority in ABOVE_ALL:
            assert (each.entry_id in made) is signed_in


@given(line_of, takers_of)
@settings(max_examples=150, deadline=None)
def test_no_free_speaker_stays_idle_while_somebody_waits_for_them(line, takers):
    made = choose(line, takers, NOON)
    offered = {match.entry_id for match in made}
    used = {match.staff_id for match in made}
    for each in line:
        if each.priority in ABOVE_ALL or each.entry_id in offered:
            continue
        for who in takers:
            is_free = who.state is PresenceState.AVAILABLE and not who.engaged
            assert not (
                is_free and each.language in who.languages and who.staff_id not in used
            ) or (
                any(
                    match.staff_id == who.staff_id and match.entry_id != each.entry_id
                    for match in made
                )
            )


@given(line_of)
@settings(max_examples=100, deadline=None)
def test_everybody_in_line_has_one_place_and_nobody_starves(line):
    places = sorted(position(line, each.entry_id, NOON) for each in line)
    assert places == list(range(1, len(line) + 1))
    later = NOON + timedelta(hours=1)
    fresh = caller("fresh", PriorityClass.PRIORITY, waited=-3600.0)
    ahead = [each.entry_id for each in in_order([*line, fresh], later)]
    assert ahead[-1] == "fresh" or not line
