"""Menu documents: what is accepted, and that every mistake is named at once."""

import copy

import pytest

from config.yaml_text import read_yaml
from ivr.errors import MenuError
from ivr.rules.menu import compile_graph
from tests.rules.tucson_pack import PACK

pytestmark = pytest.mark.rules

SHIPPED = read_yaml((PACK / "first/menu.yaml").read_text("utf-8"))


def broken(change) -> tuple[str, ...]:
    document = copy.deepcopy(SHIPPED)
    change(document)
    with pytest.raises(MenuError) as error:
        compile_graph(document)
    return error.value.mistakes


def put(*path_and_value):
    *path, last, value = path_and_value

    def change(document):
        at = document
        for step in path:
            at = at[step]
        at[last] = value

    return change


def remove(*path):
    def change(document):
        at = document
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


MISTAKES = [
    (put("start", "nowhere"), "nowhere"),
    (put("nodes", "need", "next", "nowhere"), "nowhere"),
    (put("nodes", "need", "kind", "dance"), "dance"),
    (put("nodes", "need", "colour", "red"), "colour"),
    (put("nodes", "need", "options", 0, "key", "9"), "'9'"),
    (put("nodes", "need", "options", 0, "key", "0"), "'0'"),
    (put("nodes", "need", "options", 1, "key", "1"), "twice"),
    (remove("nodes", "need", "prompt", "text", "es"), "(es)"),
    (remove("nodes", "need", "options", 0, "words", "es"), "no words in es"),
    (put("nodes", "need", "prompt", "reprompts", []), "two re-prompts"),
    (put("nodes", "need", "prompt", "timeout_seconds", 2), "5 to 10"),
    (put("nodes", "read_back", "prompt", "text", "en", "Is it right?"), "placeholders"),
    (put("nodes", "need", "prompt", "text", "en", "Hello {name}"), "placeholders"),
    (put("nodes", "need", "prompt", "text", "en", "Hello <Dial>911</Dial>"), "cannot be spoken"),
    (put("nodes", "need", "prompt", "text", "en", "x" * 2000), "too long"),
    (put("nodes", "by_intent", "by", "weather"), "weather"),
    (put("nodes", "report_line", "priority", "first"), "first"),
    (remove("sentences", "danger_question"), "danger_question"),
    (put("nodes", []), "not a map"),
    (put("nodes", "greeting", "options", 0, "language", "fr"), "fr"),
]


@pytest.mark.parametrize(("change", "named"), MISTAKES)
def test_a_mistake_is_named_with_its_node(change, named):
    assert any(named in mistake for mistake in broken(change))


def test_every_mistake_is_named_at_once():
    def change(document):
        for one, _ in (MISTAKES[0], MISTAKES[4], MISTAKES[9], MISTAKES[14]):
            one(document)

    assert len(broken(change)) >= 4


def test_two_reprompts_must_differ():
    same = {"en": "Again?", "es": "¿Otra vez?"}
    mistakes = broken(put("nodes", "need", "prompt", "reprompts", [same, same]))
    assert any("the same" in mistake for mistake in mistakes)


@pytest.mark.parametrize(
    "document", [None, 7, "menu", [], {}, {"nodes": {"a": None}}, {"nodes": 3}]
)
def test_what_is_no_menu_at_all_is_refused_with_mistakes(document):
    with pytest.raises(MenuError) as error:
        compile_graph(document)
    assert error.value.mistakes


def test_the_sentences_of_danger_are_those_of_the_line():
    sentences = read_yaml((PACK / "sentences.yaml").read_text("utf-8"))
    for key in ("escalation_confirm", "danger_question", "connecting_911"):
        assert SHIPPED["sentences"][key] == sentences[key]
