"""A session as the fold of its events: what stands, who may change it, and what nothing changes."""

import pytest
from hypothesis import given, settings
from protocol_samples import choice, is_, protocol, text
from session_samples import PANEL, states, streams

from protocols import engine, session
from protocols.conditions import Always
from protocols.errors import AnswerError, ChoiceError, EndingError, RoleError, SessionError
from protocols.session import (
    Answered,
    By,
    Ended,
    How,
    Overridden,
    RedFlagRaised,
    Retriaged,
    Shown,
    Times,
)

pytestmark = pytest.mark.rules

SCRIPT = protocol(
    [
        choice("danger", "yes", "no", danger=("yes",)),
        choice("kind", "big", "small", "odd"),
        text("where", ask_if=is_("kind", "big", "small")),
    ],
    [
        ("danger", is_("danger", "yes"), "emergency_9"),
        ("big", is_("kind", "big"), "urgent_1"),
        ("small", is_("kind", "small"), "routine_1"),
    ],
)
CALM = Answered(2, "danger", "no")
BIG = Answered(5, "kind", "big")
SMALL = Answered(5, "kind", "small")


def folded(*events):
    return session.fold(SCRIPT, events, PANEL)


def standing(*events):
    now = folded(*events)
    return (now.standing and now.standing.id, now.standing_by)


def override(to, at=9, reason="I hear it", role="call_taker"):
    return Overridden(at, to, reason, role)


def retriage(to, at=9, reason="", role="call_taker"):
    return Retriaged(at, to, reason, role)


STANDING = [
    # what happened                                         what stands              because of
    ([],                                                    None,                    By.RULES),
    ([CALM],                                                None,                    By.RULES),
    ([CALM, BIG],                                           "urgent_1",              By.RULES),
    ([CALM, BIG, Answered(7, "kind", "small")],             "routine_1",             By.RULES),
    ([CALM, BIG, Answered(7, "kind", "odd")],               "information_1",         By.RULES),
    ([Answered(1, "danger", "unknown")],                    "emergency_9",           By.RULES),
    ([RedFlagRaised(1, "weapon")],                          "red_flag_weapon",       By.RED_FLAG),
    ([CALM, SMALL, RedFlagRaised(6, "weapon")],             "red_flag_weapon",       By.RED_FLAG),
    ([RedFlagRaised(1, "weapon"), RedFlagRaised(2, "suicide")], "red_flag_suicide",  By.RED_FLAG),
    ([CALM, SMALL, retriage("urgent_1")],                   "urgent_1",              By.RETRIAGE),
    ([CALM, SMALL, override("urgent_9")],                   "urgent_9",              By.OVERRIDE),
    # a choice stands until the rules, on later facts, come to more
    ([CALM, SMALL, override("urgent_9"), Answered(12, "kind", "odd")], "urgent_9",   By.OVERRIDE),
    ([CALM, SMALL, override("information_1"), Answered(12, "kind", "big")], "urgent_1", By.RULES),
    ([CALM, BIG, override("routine_1", role="senior")],     "routine_1",             By.OVERRIDE),
    ([CALM, BIG, override("routine_1"), Answered(12, "where", "x")], "routine_1",    By.OVERRIDE),
    ([CALM, override("routine_9"), BIG],                    "urgent_1",              By.RULES),
    ([CALM, BIG, override("routine_1"), Answered(12, "danger", "yes")], "emergency_9", By.RULES),
    # an emergency once standing stays
    ([Answered(1, "danger", "yes"), Answered(2, "danger", "no")], "emergency_9",     By.RULES),
    ([Answered(1, "danger", "yes"), Answered(2, "danger", "no"), SMALL], "emergency_9", By.RULES),
    ([RedFlagRaised(1, "weapon"), CALM, SMALL],             "red_flag_weapon",       By.RED_FLAG),
    ([CALM, SMALL, override("emergency_1"), Answered(12, "kind", "odd")], "emergency_1", By.OVERRIDE),
    ([RedFlagRaised(1, "weapon"), override("routine_1", role="supervisor")], "red_flag_weapon", By.RED_FLAG),
    ([RedFlagRaised(1, "weapon"), override("emergency_1")], "emergency_1",           By.OVERRIDE),
    # how it ended
    ([CALM, BIG, Ended(9, How.EARLY_EXIT)],                 "urgent_1",              By.RULES),
    ([CALM, Ended(9, How.CALLER_GONE)],                     "information_1",         By.RULES),
    ([Ended(9, How.CALLER_GONE)],                           "emergency_9",           By.RULES),
    ([Ended(9, How.EARLY_EXIT)],                            None,                    By.RULES),
]  # fmt: skip


@pytest.mark.parametrize(("events", "determinant", "by"), STANDING)
def test_what_stands_follows_from_what_happened(events, determinant, by):
    assert standing(*events) == (determinant, by)


def test_must_have_07_later_facts_upgrade_at_once_whatever_was_chosen():
    before = folded(CALM, SMALL, override("information_1", role="supervisor"))
    assert before.standing.id == "information_1"
    after = session.after(before, Answered(12, "danger", "yes"))
    assert (after.standing.id, after.emergency) == ("emergency_9", True)


def test_must_have_14_an_override_keeps_its_reason_and_both_values():
    change = folded(CALM, SMALL, override("urgent_9", role="senior")).changes[-1]
    assert (change.determinant.id, change.computed.id) == ("urgent_9", "routine_1")
    assert (change.reason, change.role, change.by) == ("I hear it", "senior", By.OVERRIDE)


def test_must_have_15_every_change_of_the_determinant_is_listed_with_its_time():
    now = folded(
        CALM,
        SMALL,
        retriage("urgent_1", at=8),
        RedFlagRaised(11, "weapon"),
        Ended(20, How.EMERGENCY),
    )
    told = [(c.at_seconds, c.determinant.id, c.by, c.computed.id) for c in now.changes]
    assert told == [
        (5, "routine_1", By.RULES, "routine_1"),
        (8, "urgent_1", By.RETRIAGE, "routine_1"),
        (11, "red_flag_weapon", By.RED_FLAG, "routine_1"),
    ]
    assert (now.flags, now.ended, now.ended_at_seconds) == (("weapon",), How.EMERGENCY, 20)


def test_a_determinant_that_a_changed_answer_leaves_open_again_is_a_change_too():
    script = protocol([choice("q", "a", "b"), text("t")], [("r", is_("q", "a"), "urgent_1")])
    now = session.fold(script, [Answered(1, "q", "a"), Answered(3, "q", "b")])
    assert [(c.at_seconds, c.determinant and c.determinant.id) for c in now.changes] == [
        (1, "urgent_1"),
        (3, None),
    ]


def test_the_same_choice_made_again_keeps_its_new_reason():
    now = folded(CALM, SMALL, override("urgent_9"), override("urgent_9", at=11, reason="still"))
    assert [c.reason for c in now.changes] == [None, "I hear it", "still"]


def test_must_have_08_answers_off_the_path_are_kept_and_do_not_count():
    now = folded(CALM, BIG, Answered(8, "where", "alley"), Answered(9, "kind", "odd"))
    assert now.answers == {"danger": "no", "kind": "odd", "where": "alley"}
    assert now.on_path == {"danger": "no", "kind": "odd"}
    assert now.off_path == {"where": "alley"}


def test_must_have_17_each_question_has_the_seconds_it_was_first_shown_and_answered():
    now = folded(
        Shown(0.5, "danger"), CALM, Shown(2.1, "kind"), BIG, Shown(6, "danger"),
        Answered(8, "danger", "no"), Answered(9, "where", "alley", carried=True),
    )  # fmt: skip
    assert now.times == {
        "danger": Times(0.5, 2),
        "kind": Times(2.1, 5),
        "where": Times(None, 9, carried=True),
    }


TO_DETERMINANT = [
    ([], None),
    ([CALM, BIG], None),
    ([CALM, BIG, Answered(8, "where", "alley")], 8),
    ([CALM, BIG, Answered(8, "where", "alley"), Answered(12, "kind", "odd")], 8),
    ([Answered(1, "danger", "refused")], 1),
    ([CALM, RedFlagRaised(4, "weapon")], 4),
    ([CALM, BIG, override("urgent_9")], 9),
    ([CALM, BIG, Ended(9, How.EARLY_EXIT)], None),
]


@pytest.mark.parametrize(("events", "seconds"), TO_DETERMINANT)
def test_must_have_17_the_time_to_the_determinant_is_when_it_was_first_settled(events, seconds):
    assert folded(*events).seconds_to_determinant == seconds


def test_a_protocol_that_decides_without_a_question_stands_from_the_beginning():
    always = protocol([text("t")], [("r", Always(), "emergency_9")])
    now = session.begin(always)
    assert (now.emergency, now.seconds_to_determinant, now.changes[0].at_seconds) == (True, 0, 0)


REFUSED = [
    # before                          the event                                     refused as    says
    ([],                              Shown(1, "smel"),                             AnswerError,  "no question 'smel'"),
    ([],                              Answered(1, "danger", "maybe"),               AnswerError,  "'maybe' is not an option"),
    ([],                              Answered(1, "smel", "yes"),                   AnswerError,  "no question 'smel'"),
    ([],                              RedFlagRaised(1, "volcano"),                  ChoiceError,  "no red flag 'volcano'"),
    ([],                              override("nothing_1"),                        ChoiceError,  "no determinant 'nothing_1'"),
    ([],                              retriage("nothing_1"),                        ChoiceError,  "no determinant 'nothing_1'"),
    ([CALM, SMALL],                   override("urgent_9", reason=""),              ChoiceError,  "needs a reason"),
    ([CALM, SMALL],                   override("urgent_9", reason=" \n"),           ChoiceError,  "needs a reason"),
    ([CALM, SMALL],                   override("urgent_9", reason="x" * 2001),      ChoiceError,  "at most 2000; shorten"),
    ([CALM, BIG],                     override("routine_1"),                        RoleError,    "senior or a supervisor"),
    ([CALM, BIG],                     retriage("routine_1", reason="it is small"),  RoleError,    "senior or a supervisor"),
    ([CALM, BIG],                     retriage("routine_1", role="senior"),         ChoiceError,  "needs a reason"),
    ([CALM, BIG],                     override("routine_1", role="auditor"),        RoleError,    "senior or a supervisor"),
    ([Answered(1, "danger", "yes")],  override("urgent_9", role="supervisor"),      ChoiceError,  "911 is dialled"),
    ([RedFlagRaised(1, "weapon")],    retriage("urgent_9", reason="x", role="senior"),    ChoiceError,  "911 is dialled"),
    ([override("emergency_1")],       override("urgent_9", role="senior"),          ChoiceError,  "911 is dialled"),
    ([CALM, BIG],                     Ended(9, How.COMPLETED),                      EndingError,  "still open: where"),
    ([CALM, BIG],                     Ended(9, How.EMERGENCY),                      EndingError,  "No emergency stands"),
    ([Ended(9, How.EARLY_EXIT)],      CALM,                                         EndingError,  "ended (early_exit)"),
    ([Ended(9, How.JUMPED)],          Ended(9, How.CALLER_GONE),                    EndingError,  "ended (jumped)"),
    ([Ended(9, How.JUMPED)],          RedFlagRaised(10, "weapon"),                  EndingError,  "ended (jumped)"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "event", "kind", "says"), REFUSED)
def test_what_may_not_happen_is_refused_before_it_is_kept(before, event, kind, says):
    now = folded(*before)
    with pytest.raises(kind) as refused:
        session.legal(SCRIPT, now, event)
    assert says in str(refused.value)


ALLOWED = [
    ([],                              Shown(1, "where")),
    ([],                              Answered(1, "where", "unknown")),
    ([],                              RedFlagRaised(1, "weapon")),
    ([Answered(1, "danger", "yes")],  RedFlagRaised(2, "weapon")),
    ([],                              retriage("information_1")),
    ([CALM, SMALL],                   retriage("urgent_1")),
    ([CALM, SMALL],                   retriage("emergency_1")),
    ([CALM, SMALL],                   override("routine_9")),
    ([CALM, BIG],                     override("routine_1", role="senior")),
    ([CALM, BIG],                     retriage("routine_1", reason="small", role="supervisor")),
    ([RedFlagRaised(1, "weapon")],    override("emergency_1")),
    ([Answered(1, "danger", "yes")],  Answered(2, "danger", "no")),
    ([CALM, Answered(5, "kind", "odd")], Ended(9, How.COMPLETED)),
    ([Answered(1, "danger", "yes")],  Ended(9, How.COMPLETED)),
    ([RedFlagRaised(1, "weapon")],    Ended(9, How.EMERGENCY)),
    ([CALM],                          Ended(9, How.EARLY_EXIT)),
    ([],                              Ended(9, How.CALLER_GONE)),
    ([],                              Ended(9, How.JUMPED)),
    ([],                              Ended(9, How.WRAPPED_UP)),
]  # fmt: skip


@pytest.mark.parametrize(("before", "event"), ALLOWED)
def test_what_may_happen_is_let_through(before, event):
    session.legal(SCRIPT, folded(*before), event)


def test_the_next_question_is_the_engines_until_the_end():
    assert folded().question.id == "danger"
    assert folded(CALM).question.id == "kind"
    assert folded(CALM, Ended(9, How.EARLY_EXIT)).question is None


@given(streams())
@settings(max_examples=30)
def test_nothing_in_any_record_takes_an_emergency_back(made):
    emergencies = [now.emergency for now in states(*made)]
    assert emergencies == sorted(emergencies)


@given(streams())
@settings(max_examples=20)
def test_must_have_18_a_session_is_exactly_what_its_events_amount_to(made):
    script, events = made
    *_, now = states(script, events)
    again = session.fold(script, list(events), PANEL)
    assert again == now
    assert len(again.changes) <= len(events) + 1


@given(streams())
@settings(max_examples=30)
def test_the_last_change_tells_what_stands_and_the_rules_are_never_hidden(made):
    script, events = made
    *_, now = states(script, events)
    if now.changes:
        assert (now.changes[-1].determinant, now.changes[-1].by) == (now.standing, now.standing_by)
    closed = now.ended is How.CALLER_GONE
    gone_at = next((i for i, e in enumerate(events) if isinstance(e, Ended)), len(events))
    if not any(isinstance(event, Answered) for event in events[gone_at:]):
        assert now.verdict == engine.determine(script, now.answers, closed=closed)


@given(streams())
@settings(max_examples=30)
def test_must_have_07_whatever_is_lawful_never_lowers_what_stands_without_a_senior(made):
    script, events = made
    now = session.begin(script, PANEL)
    for event in events:
        try:
            session.legal(script, now, event)
        except SessionError:
            continue
        after = session.after(now, event)
        chosen = isinstance(event, Overridden | Retriaged | RedFlagRaised)
        if chosen and now.standing and after.standing.level < now.standing.level:
            assert event.role in session.MAY_LOWER
            assert event.reason.strip()
        now = after
