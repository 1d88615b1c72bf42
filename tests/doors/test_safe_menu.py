"""The menu of last resort: every input at every stage has an answer, and 9 is always 911."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.actions import Escalate, Listen, RingHumanLine
from ivr.rules.menu import CallerInput
from ivr.safe_menu import SafeMenu, Stage
from models.states import EscalationCause, Language
from tests.fakes import PackSentences, read_emergency

pytestmark = pytest.mark.rules

MENU = SafeMenu(PackSentences().say, (Language.EN, Language.ES), read_emergency)

CASES = [
    # asked,          keys,   words,            action,        stage or cause
    (Stage.NOTHING, "", "", Listen, Stage.OFFERED),
    (Stage.NOTHING, "4", "", Listen, Stage.OFFERED),
    (Stage.NOTHING, "", "a pothole", Listen, Stage.OFFERED),
    (Stage.NOTHING, "9", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "911", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "95", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "9110", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "911911", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "99", "", Escalate, EscalationCause.KEY),
    (Stage.NOTHING, "91104567", "", Listen, Stage.OFFERED),
    (Stage.NOTHING, "95112345", "", Listen, Stage.OFFERED),
    (Stage.NOTHING, "1911", "", Listen, Stage.OFFERED),
    (Stage.NOTHING, "", "fire", Listen, Stage.CONFIRM),
    (Stage.NOTHING, "", "fuego", Listen, Stage.CONFIRM),
    (Stage.NOTHING, "", "smoke", Listen, Stage.DANGER),
    (Stage.OFFERED, "", "", RingHumanLine, None),
    (Stage.OFFERED, "1", "", RingHumanLine, None),
    (Stage.OFFERED, "0", "", RingHumanLine, None),
    (Stage.OFFERED, "9", "", Escalate, EscalationCause.KEY),
    (Stage.OFFERED, "", "fire", Listen, Stage.CONFIRM),
    (Stage.CONFIRM, "", "", Escalate, EscalationCause.WORDS),
    (Stage.CONFIRM, "", "hurry", Escalate, EscalationCause.WORDS),
    (Stage.CONFIRM, "", "no, fire", Escalate, EscalationCause.WORDS),
    (Stage.CONFIRM, "", "no", RingHumanLine, None),
    (Stage.CONFIRM, "*", "", RingHumanLine, None),
    (Stage.CONFIRM, "9", "", Escalate, EscalationCause.KEY),
    (Stage.DANGER, "1", "", Escalate, EscalationCause.POSSIBLE_CONFIRMED),
    (Stage.DANGER, "9", "", Escalate, EscalationCause.KEY),
    (Stage.DANGER, "", "yes", Escalate, EscalationCause.POSSIBLE_CONFIRMED),
    (Stage.DANGER, "", "sí", Escalate, EscalationCause.POSSIBLE_CONFIRMED),
    (Stage.DANGER, "", "fire", Escalate, EscalationCause.POSSIBLE_CONFIRMED),
    (Stage.DANGER, "", "", RingHumanLine, None),
    (Stage.DANGER, "2", "", RingHumanLine, None),
]


@pytest.mark.parametrize(("stage", "keys", "words", "action", "then"), CASES)
def test_each_input_leads_where_it_was_agreed(stage, keys, words, action, then):
    turn = MENU.answer(stage, CallerInput(keys or None, words or None))
    assert type(turn.action) is action
    if isinstance(turn.action, Escalate):
        assert turn.action.cause is then
    if isinstance(turn.action, Listen):
        assert turn.stage is then


def test_a_no_that_was_not_clearly_heard_still_dials():
    unclear = CallerInput(speech="no", confidence=0.1)
    assert isinstance(MENU.answer(Stage.CONFIRM, unclear).action, Escalate)


def test_it_speaks_every_language():
    spoken = MENU.answer(Stage.NOTHING, CallerInput(silent=True)).action.prompt
    assert [say.language for say in spoken] == [Language.EN, Language.ES]


@settings(max_examples=80)
@given(
    stage=st.sampled_from(Stage),
    keys=st.none() | st.text("0123456789*#", max_size=5),
    words=st.none() | st.text(max_size=30),
)
def test_nobody_is_asked_a_third_time(stage, keys, words):
    turn, asked = MENU.answer(stage, CallerInput(keys, words)), 0
    while isinstance(turn.action, Listen):
        asked += 1
        turn = MENU.answer(turn.stage, CallerInput(silent=True))
    assert asked <= 2
    assert isinstance(turn.action, Escalate | RingHumanLine)
