"""Whose call it is by topic and agency, and how the wait opens it to others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.skills import (
    EVERYBODY,
    GENERAL,
    OVERFLOW_SECONDS,
    GroupKind,
    Opening,
    SkillGroup,
    from_text,
    open_to,
    overflow_of,
    skill_of,
)
from ivr.rules.waiting import CallTaker, Match, Waiting, choose
from models.states import Language, PresenceState, PriorityClass

pytestmark = pytest.mark.rules

NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
FREE, BUSY, BREAK = PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.BREAK
AWAY = PresenceState.OFFLINE


def group(key, seconds, then=None, kind=GroupKind.TOPIC, **chosen_by):
    found = {name: frozenset(words) for name, words in chosen_by.items()}
    return SkillGroup(key, kind, {}, seconds, then, **found)


GROUPS = {
    one.key: one
    for one in (
        group("general", 120),
        group("water", 60, "county", intents=["water_leak"]),
        group("county", 30, "general", GroupKind.AGENCY, jurisdictions=["pima_county"]),
        group("round", 10, "trip"),
        group("trip", 10, "round"),
        group("lost", 10, "nowhere"),
    )
}


@pytest.mark.parametrize(
    ("asked", "intent", "jurisdiction", "skill"),
    [
        ("general", None, None, "general"),
        ("general", "pothole", "tucson", "general"),
        ("general", "water_leak", "tucson", "water"),
        ("general", "water_leak", "pima_county", "county"),
        ("general", None, "pima_county", "county"),
        ("water", "pothole", "pima_county", "water"),
        ("unheard_of", "water_leak", None, "unheard_of"),
    ],
)
def test_a_call_is_for_its_agency_then_for_its_topic_unless_the_menu_says(
    asked, intent, jurisdiction, skill
):
    assert skill_of(GROUPS.values(), asked, intent, jurisdiction) == skill


@pytest.mark.parametrize(
    ("skill", "steps"),
    [
        ("general", [("general", 0), (EVERYBODY, 120)]),
        ("water", [("water", 0), ("county", 60), ("general", 90), (EVERYBODY, 210)]),
        ("round", [("round", 0), ("trip", 10), (EVERYBODY, 20)]),
        ("lost", [("lost", 0), (EVERYBODY, 10)]),
        ("unheard_of", [("unheard_of", 0), (EVERYBODY, OVERFLOW_SECONDS)]),
    ],
)
def test_every_way_ends_with_everybody(skill, steps):
    assert overflow_of(GROUPS, skill) == tuple(Opening(*step) for step in steps)


ALL, WATER, COUNTY, NOTHING = (from_text(text) for text in ("all", "water", "county", ""))
OPENED = [
    # waited  on shift           open to
    (0, [WATER, COUNTY], ["water"]),
    (59, [WATER, COUNTY], ["water"]),
    (60, [WATER, COUNTY], ["water", "county"]),
    (209, [WATER], ["water", "county", "general"]),
    (210, [WATER], ["water", "county", "general", EVERYBODY]),
    (0, [COUNTY], ["water", "county"]),
    (0, [NOTHING], ["water", "county", "general", EVERYBODY]),
    (0, [], ["water", "county", "general", EVERYBODY]),
    (0, [ALL], ["water"]),
    (-5, [WATER], ["water"]),
]


@pytest.mark.parametrize(("waited", "on_shift", "opened"), OPENED)
def test_the_wait_opens_a_call_to_others_and_an_empty_group_is_not_waited_for(
    waited, on_shift, opened
):
    assert open_to(overflow_of(GROUPS, "water"), waited, on_shift) == opened


def test_skills_are_read_from_an_account_whatever_its_commas():
    assert from_text(" water ,county,, ") == {"water", "county"}
    assert from_text("") == frozenset()


def taker(name, skills, state=FREE, idle=60.0, languages="en es"):
    spoken = frozenset(Language(word) for word in languages.split())
    since = NOON - timedelta(seconds=idle)
    return CallTaker(name, state, spoken, since, skills=from_text(skills))


def caller(waited, skill="water", language=Language.EN, **more):
    since = NOON - timedelta(seconds=waited)
    overflow = overflow_of(GROUPS, skill)
    return Waiting(
        "a", PriorityClass.ORDINARY, language, since, skill=skill, overflow=overflow, **more
    )


CHOSEN = [
    # what                                    caller        call-takers                            who
    ("has the skill, however fresh", caller(0), [taker("w", "water", idle=1), taker("g", "general", idle=900)], "w"),
    ("all is every skill", caller(0), [taker("x", "all", idle=90), taker("w", "water")], "x"),
    ("busy, and not opened yet", caller(59), [taker("w", "water", BUSY), taker("c", "county")], None),
    ("busy, and the next group asked", caller(60), [taker("w", "water", BUSY), taker("c", "county")], "c"),
    ("the own group still comes first", caller(60), [taker("w", "water", idle=1), taker("c", "county")], "w"),
    ("on break is on shift", caller(0), [taker("w", "water", BREAK), taker("g", "general")], None),
    ("signed out is nobody", caller(0), [taker("w", "water", AWAY), taker("g", "general")], "g"),
    ("nobody has any of it", caller(0), [taker("g", "weeds")], "g"),
    ("the language comes before the skill", caller(0, language=Language.ES),
     [taker("w", "water", languages="en"), taker("g", "general", languages="es")], "g"),
    ("who passed over comes last", caller(60, passed_over=frozenset({"w"})),
     [taker("w", "water"), taker("c", "county")], "c"),
    ("general callers are kept from specialists too", caller(119, GENERAL),
     [taker("g", "general", BUSY), taker("w", "water")], None),
    ("but not for long", caller(120, GENERAL), [taker("g", "general", BUSY), taker("w", "water")], "w"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "line", "takers", "who"), CHOSEN, ids=[row[0] for row in CHOSEN])
def test_a_caller_is_offered_to(what, line, takers, who):
    assert choose([line], takers, NOON) == (() if who is None else (Match("a", who),))


words = st.sampled_from(["all", "water", "county", "general", "weeds", ""])
states = st.sampled_from([FREE, BUSY, BREAK, AWAY])


@given(
    st.lists(st.tuples(words, states, st.sampled_from(["en", "es", "en es"])), max_size=5),
    st.sampled_from(sorted(GROUPS)),
    st.sampled_from(Language),
    st.floats(0, 400),
)
@settings(max_examples=80, deadline=None)
def test_nobody_waits_past_the_last_step_while_somebody_on_shift_who_can_is_free(
    shift, skill, language, more
):
    takers = [taker(str(n), *row[:2], languages=row[2]) for n, row in enumerate(shift)]
    line = caller(overflow_of(GROUPS, skill)[-1].after_seconds + more, skill, language)
    on_shift = [who for who in takers if who.state is not AWAY]
    speaking = [who for who in on_shift if language in who.languages] or on_shift
    free = {who.staff_id for who in speaking if who.state is FREE}
    assert {match.staff_id for match in choose([line], takers, NOON)} <= free
    assert bool(choose([line], takers, NOON)) is bool(free)
