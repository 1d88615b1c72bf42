"""Emergency, possible or none: the city's own lists in residents' words, both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import CityPackError
from ivr.rules.emergency import compile_signs, read
from models.states import EmergencyLevel, Language
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

NONE, POSSIBLE, EMERGENCY = EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY

# Rows of the City's "call 911" lists (Public Safety Communications page), in residents' words.
CALL_911 = {
    "shootings": ["someone's been shot outside", "I just heard gunshots", "le dispararon a un señor"],
    "stabbings": ["my neighbor got stabbed", "apuñalaron a mi vecino"],
    "domestic violence": ["my husband is hitting me", "mi esposo me está pegando"],
    "child abuse": ["the guy next door is beating his kid", "está golpeando a su hijo"],
    "sexual assault": ["she was raped", "sexually assaulted", "violaron a mi amiga"],
    "lost children": ["I can't find my son, he is four", "no encuentro a mi hija"],
    "lost vulnerable adults": [
        "my grandmother with dementia wandered off",
        "mi abuelito con alzheimer se salió de la casa",
    ],
    "property crime in progress": [
        "somebody is breaking into my car right now",
        "there is a man trying to get in my window",
        "se están metiendo a robar a la casa de al lado",
    ],
    "fights in progress": ["two guys are fighting in the parking lot", "se están peleando afuera"],
    "suicidal subjects": ["my brother says he will kill himself", "mi hijo se quiere matar"],
    "trouble breathing": ["my dad can't breathe", "mi mamá no puede respirar"],
    "chest pain": ["I have chest pain", "le duele mucho el pecho", "upper stomach pain really bad"],
    "fainting": ["she just passed out", "se desmayó mi esposa"],
    "unresponsive": ["he won't wake up", "no responde", "mi bebé no despierta"],
    "drowning": ["a kid is at the bottom of the pool", "se está ahogando un niño en la alberca"],
    "seizures": ["my daughter is having a seizure", "está convulsionando"],
    "sudden dizziness": ["suddenly really dizzy and weak", "de repente está muy mareado"],
    "sudden weakness": ["she can't move her arm", "no puede mover el brazo"],
    "vision change": ["my vision went blurry all at once", "de repente no ve"],
    "mental change": ["he is confused and doesn't know where he is", "está muy confundida, no sabe dónde está"],
    "severe headache": ["the worst headache of my life", "le duele la cabeza muy fuerte"],
    "sudden intense pain": ["a sudden intense pain in my side", "un dolor muy fuerte de repente"],
}  # fmt: skip

# Rows of the City's "call 311" list: alone they must not raise anything.
CALL_311 = [
    "abandoned shopping carts by the bus stop", "City information please", "Pima Animal Care Center",
    "my neighbor has tall weeds", "a junked car in the yard", "they never take care of the outside of their house",
    "my refuse wasn't collected", "someone dumped tires illegally", "a zoning question",
    "work being done without a permit", "a stop sign is down", "illegal signs on the pole",
    "a non-urgent question for the police", "a question for the fire department about permits",
    "city services", "a homeless encampment behind the store", "a pothole on my street",
    "graffiti on my wall", "street debris after the storm", "pay my water bill",
    "carrito del súper abandonado", "información de la ciudad", "hierba muy alta", "un carro chatarra",
    "no recogieron la basura", "tiraron basura en el arroyo", "pregunta de zonificación",
    "obra sin permiso", "se cayó un letrero", "una pregunta para la policía que no es urgente",
    "campamento de personas sin hogar", "un bache enorme", "grafiti en la barda", "escombro en la calle",
]  # fmt: skip

CONFUSABLES = [
    "the fire hydrant is leaking", "a dead animal in the road", "question about my ambulance bill",
    "what does the fire code say about grills", "my phone is dying", "there's no fire",
    "nobody is hurt", "no one is in danger", "nadie está en peligro", "no hay heridos",
    "this is not an emergency", "no es una emergencia", "a car blocking the fire lane",
    "the gas station has no signs", "smoke detector program", "flu shots for my kids",
    "emergency rental assistance", "perro muerto en la calle", "fuegos artificiales toda la noche",
    "I need an accident report", "the weeds are out of control", "I hit a pothole",
    "an accident last week knocked the sign over", "hubo un incendio la semana pasada y quedó basura",
]  # fmt: skip

CERTAIN = [
    "I smell gas", "huele a gas", "gas smell", "hay fuga de gas", "my house is on fire",
    "la casa se está quemando", "nine one one", "llame al 911", "emergency", "emergencia", "auxilio",
    "he has a gun", "the car flipped over and they are trapped", "my baby is locked in the car",
    "a dog is attacking a kid", "he took too many pills", "hay un señor tirado que no se mueve",
    "there was a fire last week and now the house is burning again", "power line down",
]  # fmt: skip

DOUBTFUL = [
    "help", "please help me", "ayúdenme", "someone is following me", "I smell smoke", "a dog bit me",
    "there was an accident", "un choque", "I don't want to live anymore", "a man lying on the sidewalk",
    "I'd like to order a pizza", "tengo miedo", "screaming next door",
    "police", "nueve",
]  # fmt: skip


def level(text: str, language: Language = Language.EN) -> EmergencyLevel:
    return read(text, language, tucson().signs).level


@pytest.mark.parametrize("text", [text for row in CALL_911.values() for text in row])
def test_every_row_of_the_911_lists_is_read_as_danger(text):
    assert level(text) is not NONE


@pytest.mark.parametrize("text", CALL_311)
def test_every_row_of_the_311_list_alone_is_none(text):
    assert level(text) is NONE


@pytest.mark.parametrize("text", CALL_311)
def test_a_311_matter_joined_with_danger_is_an_emergency(text):
    assert level(f"{text}. Somebody is bleeding") is EMERGENCY


@pytest.mark.parametrize("text", CONFUSABLES)
def test_words_that_only_sound_like_danger_are_none(text):
    assert level(text) is NONE


@pytest.mark.parametrize("text", CERTAIN)
def test_clear_danger_is_an_emergency(text):
    assert level(text) is EMERGENCY


@pytest.mark.parametrize("text", DOUBTFUL)
def test_doubt_is_possible(text):
    assert level(text) is POSSIBLE


@pytest.mark.parametrize(
    "text",
    [
        "no hay agua y hay fuego",
        "not sure but he is bleeding",
        "no one is coming and he can't breathe",
    ],
)
def test_a_no_further_off_denies_nothing(text):
    assert level(text) is EMERGENCY


def test_last_week_alone_never_lowers_an_emergency_to_none():
    assert level("big fire behind my house last week") is POSSIBLE


def test_the_reason_and_the_words_are_given():
    reading = read("I think I smell gas in my kitchen", Language.EN, tucson().signs)
    assert reading.reason == "gas"
    assert reading.words == ("smell", "gas")


CLEAR = st.sampled_from(
    [
        "my house is on fire",
        "he is not breathing",
        "huele a gas",
        "le dispararon",
        "she was stabbed",
    ]
)
ANYTHING = st.one_of(st.text(max_size=300), st.sampled_from(CALL_311 + CONFUSABLES + DOUBTFUL))


@settings(max_examples=80, deadline=None)
@given(ANYTHING, CLEAR)
def test_adding_a_clear_emergency_sentence_never_lowers_a_reading(text, clear):
    before = read(text, Language.EN, tucson().signs).rank
    for joined in (f"{text}. {clear}", f"{clear}. {text}"):
        assert read(joined, Language.ES, tucson().signs).rank >= max(before, 2)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.integers(1, 50))
def test_any_text_up_to_ten_kilobytes_is_read(text, times):
    assert level((text * times)[:10_000]) in EmergencyLevel


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (None, "classes"),
        ({"classes": {}, "signs": [{"reason": "x", "level": "high", "words": []}]}, "'high'"),
        ({"classes": {}, "signs": [{"reason": "x", "level": "none", "words": ["@who"]}]}, "@who"),
        ({"classes": {}, "signs": [{"reason": "x", "level": "none", "words": [".. a"]}]}, "gap"),
        ({"classes": {}, "signs": [{"reason": "x", "level": "none", "words": ["a*"]}]}, "short"),
    ],
)
def test_a_mistake_in_the_signs_is_named(document, named):
    with pytest.raises(CityPackError) as error:
        compile_signs(document)
    assert named in str(error.value)
