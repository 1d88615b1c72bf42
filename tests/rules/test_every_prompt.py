"""At every prompt of the shipped menu, in each language: danger, its taking back, 9 and 0."""

import pytest

from ivr.rules.actions import Escalate, JoinLine
from ivr.rules.menu import CallerInput, MenuState, Turn, answer
from ivr.rules.menu_nodes import LanguageNode, Listening
from ivr.rules.menu_state import Link, Pending
from models.states import EmergencyLevel, EscalationCause, Language, PriorityClass
from tests.rules.tucson_pack import NOW, SILENCE, heard, last, readers, tucson

pytestmark = pytest.mark.rules

PROMPTS = [name for name, node in tucson().menu.nodes.items() if isinstance(node, Listening)]
DANGER = {Language.EN: "my husband is not breathing", Language.ES: "mi esposo no respira"}
DOUBT = {Language.EN: "someone is following me", Language.ES: "tengo miedo"}
YES_NO = {Language.EN: ("yes", "no"), Language.ES: ("sí", "no")}


def asked_at(node: str, language: Language) -> MenuState:
    """A caller who was asked there, with a place that was heard and a link that was sent."""
    chosen = not isinstance(tucson().menu.nodes[node], LanguageNode)
    place = readers().place("Speedway and Campbell", language)
    return MenuState(
        node, language, chosen, asked=True, place=place, link=Link.SENT, readbacks={"place": 1}
    )


def says(state: MenuState, *inputs: str | CallerInput) -> Turn:
    turn = None
    for one in inputs:
        given = heard(one) if isinstance(one, str) and one else one or SILENCE
        turn = answer(tucson().menu, state, given, NOW, readers())
        state = turn.state
    assert turn is not None
    return turn


@pytest.mark.parametrize("language", list(Language))
def test_danger_is_asked_about_at_every_prompt_and_dials_unless_it_is_taken_back(language):
    yes, no = YES_NO[language]
    assert len(PROMPTS) > 30
    for node in PROMPTS:
        state = asked_at(node, language)
        turn = says(state, DANGER[language])
        assert turn.state.pending is Pending.ESCALATION_CONFIRM, node
        assert turn.state.emergency.level is EmergencyLevel.EMERGENCY, node
        assert last(turn).timeout_seconds == 3.0, node
        for reply in ("", yes, "what"):
            assert isinstance(last(says(turn.state, reply)), Escalate), (node, reply)
        for reply in (no, "*"):
            back = last(says(turn.state, reply))
            assert isinstance(back, JoinLine), (node, reply)
            assert back.priority is PriorityClass.POSSIBLE, (node, reply)


@pytest.mark.parametrize("language", list(Language))
def test_doubt_is_asked_about_at_every_prompt_and_the_answer_decides(language):
    yes, no = YES_NO[language]
    for node in PROMPTS:
        turn = says(asked_at(node, language), DOUBT[language])
        assert turn.state.pending is Pending.DANGER_QUESTION, node
        assert isinstance(last(says(turn.state, yes)), Escalate), node
        denied, silent = last(says(turn.state, no)), last(says(turn.state, ""))
        assert denied.priority is PriorityClass.PRIORITY, node
        assert (silent.priority, silent.dial_when_untaken) == (PriorityClass.POSSIBLE, True), node


@pytest.mark.parametrize("language", list(Language))
def test_9_dials_and_0_is_a_person_at_every_prompt(language):
    for node in PROMPTS:
        state = asked_at(node, language)
        assert last(says(state, "9")).cause is EscalationCause.KEY, node
        assert isinstance(last(says(state, "0")), JoinLine), node
