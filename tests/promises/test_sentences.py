"""Every sentence that the line says stands in the city pack, in every language, and none is there unused."""

import re
from pathlib import Path

import pytest

from config.yaml_text import read_yaml

pytestmark = [pytest.mark.promise, pytest.mark.rules]

ROOT = Path(__file__).parent.parent.parent
SENTENCES = read_yaml((ROOT / "config/tucson/sentences.yaml").read_text())
SOURCES = {
    path: path.read_text()
    for package in ("ivr", "calltaker", "config")
    for path in (ROOT / package).rglob("*.py")
}
PURE = ROOT / "ivr/rules"
"""Rules speak the texts of menus, never the pack's sentences; there `say` is a caller's word."""
NAMES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_a_sentence_is_said_somewhere(key):
    assert [path for path, text in SOURCES.items() if f'"{key}"' in text]


def test_every_key_that_is_said_is_a_sentence():
    said = {
        key
        for path, text in SOURCES.items()
        if not path.is_relative_to(PURE)
        for key in re.findall(r"""\bsay\(\s*(?:\w+(?:\.\w+)*,\s*)?"([a-z_0-9]+)\"""", text)
    }
    assert len(said) > 5
    assert said <= set(SENTENCES)


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_a_sentence_is_whole_in_both_languages_with_the_same_names(key):
    sentence = SENTENCES[key]
    assert set(sentence) == {"en", "es"}
    assert all(text.strip() for text in sentence.values())
    assert set(NAMES.findall(sentence["en"])) == set(NAMES.findall(sentence["es"]))
