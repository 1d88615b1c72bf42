"""Intents: residents' words, honest confidence, no guesses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import CityPackError
from ivr.rules.understanding import SURE_ENOUGH, compile_catalogue, read
from models.states import Language
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

SAID = [
    ("pothole", "there's a huge pothole at Speedway and Campbell that keeps popping tires"),
    ("loose_dog", "a stray pit bull is roaming my neighborhood"),
    ("illegal_dumping", "somebody dumped a bunch of tires and a couch in the alley"),
    ("trash_missed", "they didn't pick up my trash yesterday"),
    ("water_bill", "I need to pay my water bill"),
    ("water_leak", "there's water gushing out of the street"),
    ("graffiti", "some kids spray painted graffiti on the wall"),
    ("abandoned_vehicle", "a car has been parked in front of my house for weeks with no plates"),
    ("shopping_cart", "shopping carts all over"),
    ("encampment", "there's a homeless camp in the wash behind my house"),
    ("weeds", "my neighbor's weeds are like six feet tall"),
    ("streetlight", "the streetlight outside my house is out"),
    ("traffic_signal", "the traffic light at Grant and Oracle is not working"),
    ("sign", "a stop sign got knocked down"),
    ("noise", "my neighbor is playing loud music"),
    ("dead_animal", "there's a dead cat in the road"),
    ("code_violation", "someone is building an addition without a permit"),
    ("human", "can I talk to a real person"),
    ("police_report", "I need to file a police report, my bike got stolen"),
    ("request_status", "I want to check on a report I made"),
    ("brush_bulky", "when do they pick up brush and bulky"),
    ("trash_day", "what day do you pick up trash on my street"),
    ("trash_missed", "they never came for my trash on tuesday"),
    ("pet_license", "I need a license for my dog"),
    ("pothole", "hay un bache enorme en la calle seis"),
    ("loose_dog", "anda un perro suelto por mi casa"),
    ("trash_missed", "no pasaron por mi basura esta semana"),
    ("water_bill", "quiero pagar mi recibo de agua"),
    ("graffiti", "me rayaron la barda con grafiti"),
    ("human", "quiero hablar con una persona"),
    ("encampment", "hay gente acampando en el parque"),
    ("water_leak", "se está tirando mucha agua en la calle"),
    ("housing_food", "necesito ayuda para pagar la renta"),
    ("trash_day", "¿qué día pasan por la basura?"),
    ("pet_license", "se me perdió mi perro"),
]

SLUGS = [
    "pothole",
    "street_debris",
    "sidewalk",
    "streetlight",
    "traffic_signal",
    "sign",
    "graffiti",
    "illegal_dumping",
    "trash_missed",
    "trash_day",
    "brush_bulky",
    "recycling",
    "abandoned_vehicle",
    "parking",
    "shopping_cart",
    "encampment",
    "weeds",
    "code_violation",
    "noise",
    "loose_dog",
    "animal_welfare",
    "pet_license",
    "dead_animal",
    "water_leak",
    "water_bill",
    "sewer",
    "flooding",
    "tree",
    "park",
    "needle",
    "welfare_check",
    "crisis",
    "housing_food",
    "police_report",
    "found_property",
    "fireworks",
    "civil_question",
    "bus_transit",
    "request_status",
    "city_info",
    "human",
    "other",
]


@pytest.mark.parametrize(("slug", "said"), SAID)
@pytest.mark.parametrize("language", list(Language))
def test_a_need_is_understood_whatever_language_was_chosen(slug, said, language):
    heard = read(said, language, tucson().intents)
    assert heard.intent == slug
    assert heard.confidence >= SURE_ENOUGH
    assert heard.decided_by


@pytest.mark.parametrize(
    "said",
    ["", "banana telephone", "I have a question", "asdkjh", "the thing with the thing", "¿?"],
)
def test_what_is_not_clear_is_not_guessed(said):
    heard = read(said, Language.EN, tucson().intents)
    assert heard.intent == ""
    assert heard.confidence < SURE_ENOUGH


def test_a_misspelt_telling_word_is_mended():
    assert read("a pothoele", Language.EN, tucson().intents).intent == "pothole"


def test_the_catalogue_holds_every_slug_in_both_languages():
    assert list(tucson().intents.names) == SLUGS
    for language in Language:
        assert {phrase.slug for phrase in tucson().intents.phrases[language]} == set(SLUGS)


def test_every_example_is_understood_as_its_own_intent():
    wrong = [
        (phrase.text, found)
        for language in Language
        for phrase in tucson().intents.phrases[language]
        if (found := read(phrase.text, language, tucson().intents).intent) not in (phrase.slug, "")
    ]
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_with_a_confidence_between_0_and_1(text):
    heard = read(text, Language.ES, tucson().intents)
    assert 0.0 <= heard.confidence <= 1.0
    assert all(0.0 <= share <= 1.0 for _, share in heard.alternatives)


@pytest.mark.parametrize(
    "document", [None, {}, {"intents": {"x": {"name": {"en": "X"}, "en": ["the"]}}}]
)
def test_a_mistake_in_the_catalogue_is_named(document):
    with pytest.raises(CityPackError):
        compile_catalogue(document)
