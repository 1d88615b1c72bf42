"""What the danger voter's patterns say: always the same, every choice filled, from the shipped files."""

import pytest

from config.danger_grammar import SAID, Grammar, compile_grammar
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from models.states import Language
from tests.rules.tucson_pack import PACK

pytestmark = pytest.mark.rules

GRAMMAR = compile_grammar(
    {
        "lists": {"kid": "my son|the baby"},
        "openings": {"en": "hello", "es": "oiga"},
        "endings": {"en": "please", "es": "por favor"},
    }
)


def shipped() -> Grammar:
    return compile_grammar(read_yaml((PACK / "danger/grammar_words.yaml").read_text("utf-8")))


def said(pattern: str, language: Language = Language.EN) -> list[str]:
    return list(GRAMMAR.say(pattern, language))


def test_a_pattern_says_the_same_each_time_and_no_sentence_twice():
    once = said("@kid [fell|slipped] [in the tub|off the bed|]")
    assert once == said("@kid [fell|slipped] [in the tub|off the bed|]")
    assert len(set(once)) == len(once) == SAID


def test_what_is_said_is_made_of_the_choices():
    bare = [
        text.removeprefix("hello ").removesuffix(" please") for text in said("@kid [fell|slid]")
    ]
    assert set(bare) <= {"my son fell", "my son slid", "the baby fell", "the baby slid"}
    assert len(set(bare)) == len(bare) > 1


def test_a_pattern_without_a_choice_is_said_once():
    assert len(said("no one answers")) == 1


def test_a_list_that_is_not_there_is_named():
    with pytest.raises(CityPackError, match="@nobody"):
        said("@nobody fell")


@pytest.mark.parametrize("name", ["grammar_dangers", "grammar_ordinary"])
def test_every_shipped_pattern_is_filled(name):
    grammar = shipped()
    topics = read_yaml((PACK / f"danger/{name}.yaml").read_text("utf-8"))
    for topic in topics["topics"]:
        for language in Language:
            for pattern in topic.get(language.value, "").splitlines():
                for text in grammar.say(pattern, language):
                    assert text
                    assert not set("[]|@") & set(text), pattern
