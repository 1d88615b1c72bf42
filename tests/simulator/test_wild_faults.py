"""Faults at random moments: repeatable, bounded, and all of the simulator's own words."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.faults import FaultKind, read_fault
from simulator.rehearsal.loading import load_all
from simulator.rehearsal.rehearsal import CALLERS
from simulator.rehearsal.script import Wave
from simulator.rehearsal.wild_faults import (
    MOST_FAULTS,
    SLOW_SECONDS,
    TO_911,
    UNANSWERED_SECONDS,
    choose,
    plan,
)

pytestmark = pytest.mark.rules

SCRIPTS = Path(__file__).parents[2] / "simulator/rehearsal/scripts"
FIRST = "+15205550191"
SEEDS = range(400)


@pytest.fixture(scope="module")
def able():
    every = load_all([SCRIPTS])
    return [one for one in every if one.wave is Wave.STAFFED and one.reaches_somebody]


@given(st.integers(0, 10**9))
@settings(max_examples=50)
def test_a_seed_always_makes_the_same_bounded_faults(seed):
    assert plan(seed, FIRST) == plan(seed, FIRST)
    for fault in plan(seed, FIRST):
        longest = UNANSWERED_SECONDS if fault["kind"] == "rest_slow" else SLOW_SECONDS[1]
        assert fault.get("seconds", 0) <= longest


def test_a_seed_makes_the_same_faults_and_the_same_call_again(able):
    assert [plan(seed, FIRST) for seed in SEEDS] == [plan(seed, FIRST) for seed in SEEDS]
    names = [choose(seed, able).name for seed in SEEDS]
    assert names == [choose(seed, able).name for seed in SEEDS]
    assert len({str(plan(seed, FIRST)) for seed in SEEDS}) > len(SEEDS) * 0.9


def test_every_plan_is_short_and_one_that_the_telephone_company_can_carry_out():
    for seed in SEEDS:
        faults = [read_fault(fault) for fault in plan(seed, FIRST)]
        assert 1 <= len(faults) <= MOST_FAULTS
        assert all(fault.to == FIRST for fault in faults if fault.kind.startswith("leg_"))


def test_every_kind_of_fault_comes_and_each_can_come_late():
    seen = Counter(fault["kind"] for seed in SEEDS for fault in plan(seed, FIRST))
    assert set(seen) == set(FaultKind) - {FaultKind.TURN_DUPLICATE}
    once = [f for seed in SEEDS for f in plan(seed, FIRST) if f["kind"].startswith("rest_")]
    assert {fault["probability"] for fault in once} == {0.3, 0.6, 1.0}


def test_nothing_fails_for_ever_but_what_is_reported_in_disorder():
    for seed in SEEDS:
        for fault in plan(seed, FIRST):
            disorder = fault["kind"] in {
                "callback_duplicate",
                "callback_delay",
                "callback_reorder",
            }
            assert disorder or fault["times"] in (1, 2)


def test_most_calls_go_to_911(able):
    share = sum(choose(seed, able).expect.outcome in TO_911 for seed in SEEDS) / len(SEEDS)
    assert 0.65 < share < 0.85


def test_what_a_telephone_does_becomes_a_fault_of_the_one_call(able):
    busy = next(one for one in able if one.name == "busy_911_then_second").in_haste(30)
    assert busy.phones == {}
    assert {"kind": "leg_busy", "to": FIRST, "times": None} in busy.faults


def test_a_call_shows_the_number_it_is_made_from_and_a_withheld_one_none(able):
    shown = {one.called_from("+15205550188").caller for one in able}
    assert len(shown) == 2
    assert "+15205550188" in shown


def test_every_caller_can_be_called_back_and_is_no_telephone_of_the_town():
    city = Path(__file__).parents[2] / "config/tucson"
    pack = yaml.safe_load((city / "pack.yaml").read_text())
    town = (city / "first/destinations.yaml").read_text() + (
        city / "first/agencies.yaml"
    ).read_text()
    assert set(CALLERS) <= set(pack["rehearsal_numbers"])
    assert not any(number in town for number in CALLERS)
