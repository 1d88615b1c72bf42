"""Recorded sessions on a new version: which change, and which would not have reached 911."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import (
    answers_to,
    choice,
    generated_protocols,
    is_,
    library,
    number,
    protocol,
    text,
)

from protocols.engine import determine
from protocols.levels import Level
from protocols.replay import Outcome, replay

pytestmark = pytest.mark.rules

SMOKE = choice("smoke", "yes", "no", danger=("yes",))
COLOUR = choice("colour", "black", "white")
OLD = protocol(
    [SMOKE, COLOUR],
    [("fire", is_("smoke", "yes"), "emergency_9"), ("black", is_("colour", "black"), "urgent_1")],
)
SESSIONS = [
    ("burning", {"smoke": "yes"}),
    ("unsure", {"smoke": "unknown"}),
    ("black", {"smoke": "no", "colour": "black"}),
    ("white", {"smoke": "no", "colour": "white"}),
    ("early", {"smoke": "no"}),
]


def ids(sessions):
    return [session.session_id for session in sessions]


def with_rules(*rules, questions=(SMOKE, COLOUR)):
    return protocol(questions, rules)


def test_must_have_27_the_same_version_changes_nothing():
    found = replay(OLD, replace(OLD), SESSIONS)
    assert (found.sessions, found.unchanged, found.changed) == (5, 5, ())
    assert (found.lost_911, found.gained_911, found.illegal, found.skipped) == ((), (), (), ())


def test_must_have_27_callers_who_would_not_have_reached_911_are_named_first():
    weaker = with_rules(("black", is_("colour", "black"), "emergency_1"))
    found = replay(OLD, weaker, SESSIONS)
    assert ids(found.lost_911) == ["burning", "unsure"]
    assert ids(found.gained_911) == ["black"]
    # An emergency ends the questions: nothing was left open by it.
    assert found.lost_911[0].old == Outcome("emergency_9", Level.EMERGENCY, True, ())
    assert ids(found.changed) == ["burning", "unsure", "black"]
    assert found.unchanged == 2


def test_the_outcome_on_both_versions_is_kept_with_each_change():
    milder = with_rules(
        ("fire", is_("smoke", "yes"), "emergency_9"), ("black", is_("colour", "black"), "routine_1")
    )
    (session,) = replay(OLD, milder, SESSIONS).changed
    assert session.old == Outcome("urgent_1", Level.URGENT, False, ())
    assert session.new == Outcome("routine_1", Level.ROUTINE, False, ())
    assert not session.lost_911


def test_a_determinant_that_keeps_its_name_and_loses_its_level_has_changed():
    calmer = replace(
        OLD,
        determinants=tuple(
            replace(d, level=Level.URGENT) if d.id == "emergency_9" else d for d in OLD.determinants
        ),
    )
    assert ids(replay(OLD, calmer, SESSIONS).lost_911) == ["burning", "unsure"]


def test_a_caller_who_would_first_be_asked_something_new_counts_as_lost():
    both = choice("smell", "yes", "no", danger=("yes",))
    asks_more = protocol(
        [SMOKE, COLOUR, both],
        [
            ("fire", is_("smoke", "yes"), "emergency_9"),
            ("smell", is_("smell", "yes"), "emergency_1"),
        ],
    )
    later = replace(asks_more, rules=asks_more.rules[1:])
    burning, *_ = replay(OLD, later, SESSIONS).lost_911
    assert burning.new == Outcome(None, None, False, ("colour", "smell"))


def test_answers_that_the_new_version_does_not_take_are_named_and_left_out():
    renamed = with_rules(
        ("fire", is_("smoke", "yes"), "emergency_9"),
        questions=(SMOKE, choice("colour", "dark", "white"), number("minutes")),
    )
    found = replay(OLD, renamed, SESSIONS)
    assert [(s.session_id, s.illegal) for s in found.illegal] == [("black", ("colour",))]
    assert found.illegal[0].new.open == ("colour", "minutes")


def test_a_question_that_is_gone_takes_its_answers_along_and_nothing_breaks():
    found = replay(OLD, protocol([text("where")], []), SESSIONS)
    assert {name for session in found.illegal for name in session.illegal} == {"smoke", "colour"}


def test_a_session_that_even_its_own_version_does_not_take_is_told_and_not_counted():
    found = replay(OLD, OLD, [*SESSIONS, ("broken", {"smoke": "perhaps"})])
    assert (found.skipped, found.sessions, found.unchanged) == (("broken",), 6, 5)


def test_no_sessions_are_no_changes():
    assert replay(OLD, OLD, []).sessions == 0


@given(generated_protocols(), generated_protocols(), st.data())
@settings(max_examples=15)
def test_i14_replay_tells_of_each_version_what_the_engine_says_of_it(old, new, data):
    sessions = [(str(n), data.draw(answers_to(old))) for n in range(3)]
    found = replay(old, new, sessions)
    assert found.unchanged + len(found.changed) == len(sessions)
    for session in found.changed:
        answers = dict(sessions)[session.session_id]
        kept = {k: v for k, v in answers.items() if k not in session.illegal}
        for outcome, script, said in ((session.old, old, answers), (session.new, new, kept)):
            verdict = determine(script, said)
            assert outcome.determinant == (verdict.determinant and verdict.determinant.id)
            assert outcome.emergency == verdict.emergency


def test_i14_every_author_test_of_the_library_replays_to_itself():
    script = library("encampment")
    sessions = [(test.id, dict(test.answers)) for test in script.tests]
    assert replay(script, script, sessions).changed == ()
