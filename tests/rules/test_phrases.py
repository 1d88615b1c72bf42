"""Phrases of a city's own: what they change, and that their gate lets none hide a danger."""

from dataclasses import replace
from functools import cache

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.phrase_cases import cases_of
from ivr.errors import CityPackError
from ivr.rules.emergency import clauses, read
from ivr.rules.folding import fold
from ivr.rules.phrase_cases import Case, case, spelt
from ivr.rules.phrase_gate import MOST_READ, MOST_TOUCHED, examine
from ivr.rules.phrases import MOST, MOST_ALIKE, compile_phrases
from models.states import EmergencyLevel, Language
from tests.rules.tucson_pack import PACK, tucson

pytestmark = pytest.mark.rules

NONE, POSSIBLE, EMERGENCY = EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY
FALSE_ALARM = "the choir is choking up the sidewalk"
CANOPY = "the canopy walk let go with my class on it"


def phrase(level: str, words: str | list[str], *examples: str, **more: object) -> dict:
    row = {"language": "en", "level": level, "words": words, "why": "heard twice in July"}
    return {**row, "examples": list(examples), **more}


def document(*phrases: object) -> dict:
    return {"key": "phrases", "phrases": list(phrases)}


def found(*phrases: object, cases: tuple[Case, ...] = ()) -> list[str]:
    """What the gate says of phrases, against no case unless some are given."""
    return [
        f"{one.severity} {one.code} {one.where}: {one.message}"
        for one in examine(document(*phrases), tucson().signs, cases)
    ]


def found_in_all(*phrases: object) -> list[str]:
    return found(*phrases, cases=cases_of(PACK))


def level(text: str, *phrases: object) -> EmergencyLevel:
    return read(text, Language.EN, compile_phrases(document(*phrases), tucson().signs)).level


GOOD = {
    "a danger that the signs have no words for": phrase(
        "emergency", "canopy walk .. let go", CANOPY
    ),
    "a danger in Spanish": phrase(
        "emergency", "cayo a la noria", "se cayó a la noria", language="es"
    ),
    "a harmless thing that a sign reads": phrase("harmless", "choir is choking", FALSE_ALARM),
}


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD.keys())
def test_a_phrase_that_does_what_it_says_passes(good):
    assert found_in_all(good) == []


def test_the_shipped_document_passes_and_changes_nothing():
    assert found_in_all() == []
    signs = compile_phrases(document(), tucson().signs)
    for text in ("my dad can't breathe", "a pothole", FALSE_ALARM):
        assert read(text, Language.EN, signs) == read(text, Language.EN, tucson().signs)


@pytest.mark.parametrize(
    ("text", "one", "before", "after"),
    [
        (CANOPY, GOOD["a danger that the signs have no words for"], NONE, EMERGENCY),
        ("se cayó a la noria", GOOD["a danger in Spanish"], POSSIBLE, EMERGENCY),
        (FALSE_ALARM, GOOD["a harmless thing that a sign reads"], POSSIBLE, NONE),
        (FALSE_ALARM + ". my dad can't breathe", GOOD["a harmless thing that a sign reads"], EMERGENCY, EMERGENCY),
        ("the choir is choking and so is my baby, she is choking", GOOD["a harmless thing that a sign reads"], EMERGENCY, EMERGENCY),
    ],
)  # fmt: skip
def test_a_phrase_changes_its_own_words_and_no_other(text, one, before, after):
    assert level(text) is before
    assert level(text, one) is after


def test_the_second_voter_is_not_asked_about_a_phrase_and_does_not_weigh_harmless_words():
    signs = tucson().signs
    against = replace(signs, voter=replace(signs.voter, bias=-50.0))
    named = compile_phrases(document(phrase("emergency", "blue heron", "x")), against)
    assert read("the blue heron is here", Language.EN, named).level is EMERGENCY
    loud = replace(signs, voter=replace(signs.voter, possible_from=0.5, sure_from=99.0))
    weighed = "he slipped under the garage and is not answering us"
    assert read(weighed, Language.EN, loud).level is not NONE
    quiet = phrase("harmless", "slipped under the garage and is not answering us", "x")
    assert read(weighed, Language.EN, compile_phrases(document(quiet), loud)).level is NONE


@pytest.mark.parametrize(
    "text", ["I need 911 please", "por favor llamen al 911", "help help please"]
)
def test_no_phrase_quiets_words_that_ask_for_911(text):
    quiet = phrase("harmless", [fold(text), "please .. 911", "911 please"], text)
    assert level(text, quiet) is EMERGENCY
    assert [one[:9] for one in found(quiet)] == ["error H03"]


@pytest.mark.parametrize(
    "quiet",
    ["not breathing", "cant breathe", "chest pain", "no respira", "on fire", "help me"],
)
def test_a_phrase_that_hides_a_built_in_danger_is_refused_and_the_case_is_told(quiet):
    [told] = [one for one in found_in_all(phrase("harmless", quiet, quiet)) if " H06 " in one]
    assert told.startswith(f"error H06 phrase 1 ({quiet}): hides the danger of ")
    assert "read as " in told
    assert ", then read as none" in told


def test_the_refusal_names_the_sentence_where_it_stands_and_both_readings():
    danger = case("danger, drains", "the blue heron went down the drain", is_danger=True)
    wide = phrase("emergency", "down the drain", "it went down the drain")
    before = compile_phrases(document(wide), tucson().signs)
    quiet = phrase("harmless", "went down the drain", "it went down the drain")
    [told] = [one for one in examine(document(quiet), before, [danger]) if one.code == "H06"]
    assert told.blocks
    assert (
        '"the blue heron went down the drain" (danger, drains): read as emergency,'
        " the city's own phrase, then read as none"
    ) in told.message


def test_a_phrase_that_alarms_ordinary_calls_is_told_with_how_many_and_which():
    told = found_in_all(phrase("emergency", "my street", "a sinkhole in my street", now=True))
    assert [one[:10] for one in told] == ["warning H0"] * len(told)
    [connects] = [one for one in told if "to 911" in one]
    assert "ordinary calls to 911: " in connects
    assert "my street" in connects.partition("to 911")[2]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("no map", "phrase 1: is not a map"),
        (phrase("grave", "pinned down", "pinned down"), "level: 'grave' is none of emergency, possible, harmless"),
        (phrase("possible", "pinned down", "pinned down", language="fr"), "language: 'fr' is none of en, es"),
        (phrase("possible", "", "x"), "words: there are no words"),
        (phrase("possible", [], "x"), "words: there is none"),
        (phrase("possible", "pinned down"), "examples: there is none"),
        (phrase("possible", "pinned down", "pinned down", why=" "), "why: there are no words"),
        (phrase("possible", "pinned down", "pinned down", now="yes"), "now: is neither true nor false"),
        (phrase("possible", "pinned down", "pinned down", who="me"), "'who' is not known"),
        (phrase("possible", ".. down", "down"), "is empty, or begins or ends with a gap"),
        (phrase("possible", "@nobody down", "down"), "class '@nobody' does not exist"),
        (phrase("possible", "ab* down", "abs down"), "is too short a beginning"),
        (phrase("possible", "semi-truck on top", "semi-truck on top"), "'semi-truck', which is not one word"),
        (phrase("possible", "a .. b .. c .. d", "a b c d"), "has more than 2 gaps"),
        (phrase("possible", " ".join(["very"] * 13), "x"), "has 13 words, at most 12"),
        (phrase("possible", "/".join(["very"] * 21), "x"), "has a place of 21 words, at most 20"),
        (phrase("possible", "a" * 301, "x"), "longer than 300 characters"),
        (phrase("possible", ["pinned down"] * 11, "x"), "words: 11 are too many, at most 10"),
        (phrase("harmless", "choking", "choking"), "is one word: alone it says too little"),
        (phrase("possible", "pinned down", "pinned down, call 520 555-0100"), "holds a long number"),
        (phrase("possible", "pinned down", "he is stuck"), "holds none of its words"),
        (phrase("emergency", "blue heron", "the blue heron came last year"), "is read as possible, the city's own phrase, past"),
        (phrase("harmless", "my dad", "my dad can't breathe"), "is still read as emergency"),
    ],
)  # fmt: skip
def test_every_wrong_phrase_is_refused_with_the_reason(wrong, said):
    assert any(one.startswith("error ") and said in one for one in found(wrong)), found(wrong)


@pytest.mark.parametrize("broken", [None, 1, "text", [], {}, {"phrases": {}}, {"phrases": None}])
def test_what_is_no_document_is_refused(broken):
    assert any(one.blocks for one in examine(broken, tucson().signs, ()))
    with pytest.raises(CityPackError):
        compile_phrases(broken, tucson().signs)


def test_every_mistake_is_told_at_once_with_its_entry():
    told = found_in_all(
        GOOD["a harmless thing that a sign reads"],
        phrase("grave", "pinned down", "pinned down"),
        phrase("harmless", "not breathing", "not breathing"),
    )
    assert {one.split(":")[0] for one in told if one.startswith("error")} == {
        "error H01 phrase 2 (pinned down)",
        "error H06 phrase 3 (not breathing)",
    }


def test_a_phrase_that_stands_nearly_everywhere_is_refused():
    [told] = found_in_all(phrase("emergency", "the", "the scaffold"))
    assert f"built-in cases, at most {MOST_TOUCHED}" in told


def test_a_document_is_bounded_as_a_whole():
    row = phrase("possible", "pinned down", "pinned down")
    assert f"at most {MOST}" in " ".join(found(*[row] * (MOST + 1)))
    alike = [phrase("possible", f"pinned word{one}", "x") for one in range(MOST_ALIKE + 1)]
    assert f"same word, at most {MOST_ALIKE}" in " ".join(found(*alike))
    cases = [case("many", f"word{one % 9} here", is_danger=False) for one in range(MOST_READ + 1)]
    rows = [phrase("possible", f"word{one}", f"word{one}") for one in range(9)]
    assert f"at most {MOST_READ}" in " ".join(found(*rows, cases=tuple(cases)))


def test_a_phrase_that_is_not_needed_is_told():
    for one in (
        phrase("emergency", "cant breathe", "my dad can't breathe"),
        phrase("harmless", "trash can", "my trash can is full"),
    ):
        assert [told[:11] for told in found(one)] == ["warning H04"]


def test_the_words_of_a_sign_are_spelt_with_every_choice_once():
    classes = {"who": ["he", "she"]}
    assert list(spelt("@who .. isn't/not breath*", classes)) == [
        "he isnt breath",
        "he not breath",
    ]


@cache
def dangers() -> tuple[Case, ...]:
    """Every sentence of danger that the line reads as one; a share of them, for its cost."""
    return tuple(one for one in cases_of(PACK) if one.is_danger)[::12]


@st.composite
def harmless(draw) -> dict:
    """Some words out of a real danger, called harmless: as bad a phrase as anybody could write."""
    words = draw(st.sampled_from([list(c) for one in dangers() for c in clauses(one.text)]))
    begin = draw(st.integers(0, max(0, len(words) - 2)))
    cut = words[begin : begin + draw(st.integers(2, 5))]
    gap = [".."] if draw(st.booleans()) and len(cut) > 2 else []
    pattern = " ".join([cut[0], *gap, *(cut[2:] if gap else cut[1:])])
    return phrase("harmless", pattern, " ".join(words))


@st.composite
def raising(draw) -> dict:
    words = draw(st.sampled_from([list(c) for one in dangers() for c in clauses(one.text)]))
    return phrase(draw(st.sampled_from(["possible", "emergency"])), " ".join(words[:3]), "x")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(harmless(), raising()), min_size=1, max_size=3))
def test_no_accepted_set_of_phrases_lowers_a_case_below_what_it_requires(phrases):
    cases, signs = dangers(), tucson().signs
    hides = [one for one in examine(document(*phrases), signs, cases) if one.code in ("H05", "H06")]
    after = compile_phrases_or_none(phrases)
    if after is None:
        return
    lowered = [
        one.text
        for one in cases
        if any(
            set(" ".join(map(" ".join, one.clauses)).split()) & set(row["words"].split())
            for row in phrases
        )
        and read(one.text, Language.EN, after).rank < required(one.text)
    ]
    assert bool(lowered) <= bool(hides), lowered


def compile_phrases_or_none(phrases: list[dict]):
    try:
        return compile_phrases(document(*phrases), tucson().signs)
    except CityPackError:
        return None


@cache
def required(text: str) -> int:
    return read(text, Language.EN, tucson().signs).rank


def test_the_entry_that_the_shipped_document_shows_passes():
    text = (PACK / "first/phrases.yaml").read_text("utf-8")
    shown = [line[1:] for line in text.splitlines() if line.startswith("#   ")]
    given = yaml.safe_load("phrases:\n" + "\n".join(shown))
    assert examine(given, tucson().signs, cases_of(PACK)) == ()
