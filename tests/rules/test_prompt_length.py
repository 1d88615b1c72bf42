"""How long a prompt takes and how hard it is, before anybody has spoken it."""

import pytest

from ivr.rules.prompt_length import seconds_of, spoken_words, total_seconds
from ivr.rules.reading_grade import grade, syllables_of
from models.states import Language

pytestmark = pytest.mark.rules

LENGTHS = [
    ("", 0),
    ("For a pothole, press 1.", 5),
    ("Tucson 3-1-1. Emergency, press 9.", 7),
    ("Call 311", 4),
    ("22 East Speedway", 3),
    ("2200 East Speedway", 6),
    ("Don't hang up: you're first", 5),
    ("¿Dónde es? Dígalo así.", 4),
    ("I heard {place}.", 8),
]


@pytest.mark.parametrize(("text", "words"), LENGTHS)
def test_words_are_counted_as_a_voice_says_them(text, words):
    assert spoken_words(text) == words


def test_150_words_take_a_minute():
    assert seconds_of("word " * 150) == pytest.approx(60)


def test_a_measured_recording_wins_over_its_transcript():
    parts = [("five words are said here", "ab"), ("two words", "")]
    assert total_seconds(parts, {"ab": 9.5}) == pytest.approx(9.5 + 0.8)


def test_a_recording_that_is_not_known_is_taken_by_its_transcript():
    assert total_seconds([("two words", "ab")], {}) == pytest.approx(0.8)


ENGLISH = {
    "one": 1, "pothole": 2, "emergency": 4, "language": 2, "connecting": 3, "people": 2,
    "table": 2, "police": 2, "violation": 4, "information": 4, "intersection": 4, "moved": 1,
    "wanted": 2, "places": 2, "streets": 1, "changes": 2, "recycle": 3, "vehicle": 3,
    "dangerous": 3, "garbage": 2, "area": 3, "various": 3, "special": 2, "official": 3,
    "available": 4, "municipal": 4, "university": 5, "usually": 4, "february": 4, "client": 2,
    "society": 4, "homes": 1, "services": 3, "offices": 3, "closed": 1, "reaction": 3,
    "basement": 2, "rule": 1, "seeing": 2, "agreed": 2, "people's": 2, "311": 3, "70": 4,
}  # fmt: skip
SPANISH = {
    "uno": 2, "oprima": 3, "emergencia": 4, "bache": 2, "agua": 2, "ciudad": 2, "río": 2,
    "leer": 2, "aéreo": 4, "que": 1, "guerra": 2, "pingüino": 3, "averiguar": 4, "muy": 1,
    "hay": 1, "oír": 2, "país": 2, "recolección": 4, "estación": 3, "teléfono": 4, "y": 1,
    "ayuda": 3, "búho": 2, "energía": 4, "asterisco": 4, "línea": 3, "llueve": 2, "9": 2,
}  # fmt: skip


@pytest.mark.parametrize(("word", "syllables"), sorted(ENGLISH.items()))
def test_english_syllables(word, syllables):
    assert syllables_of(word, Language.EN) == syllables


@pytest.mark.parametrize(("word", "syllables"), sorted(SPANISH.items()))
def test_spanish_syllables(word, syllables):
    assert syllables_of(word, Language.ES) == syllables


PLAIN = "Tell me what you need. For a pothole, press 1. For a loose dog, press 2. " * 2
STIFF = (
    "Municipal administrative representatives coordinate residential infrastructure "
    "modifications, investigating environmental violations and authorizing reconstruction "
    "activities notwithstanding preliminary organizational communications concerning "
    "jurisdictional responsibilities, administrative determinations, supplementary "
    "documentation, and intergovernmental negotiations of extraordinary complexity throughout."
)
LLANO = "Diga lo que necesita. Para un bache, oprima 1. Para un perro suelto, oprima 2. " * 2
TIESO = (
    "Las determinaciones administrativas correspondientes a infraestructura residencial "
    "requieren documentación complementaria proporcionada oportunamente por representantes "
    "municipales debidamente autorizados, independientemente de comunicaciones preliminares "
    "interinstitucionales relacionadas con responsabilidades jurisdiccionales "
    "extraordinarias, investigaciones ambientales y autorizaciones organizacionales."
)


def test_short_plain_sentences_are_plain_in_both_languages():
    assert grade([PLAIN], Language.EN).plain
    assert grade([LLANO], Language.ES).plain
    assert grade([PLAIN], Language.EN).judged
    assert grade([LLANO], Language.ES).judged


def test_official_language_is_not_plain_in_both_languages():
    assert not grade([STIFF], Language.EN).plain
    assert not grade([TIESO], Language.ES).plain


def test_a_short_text_is_graded_but_not_judged():
    short = grade(["Municipal administration."], Language.EN)
    assert short.value > 6
    assert short.plain
    assert not short.judged


def test_texts_are_graded_together_as_one_passage():
    apart = [part + "." for part in PLAIN.split(".") if part.strip()]
    assert grade(apart, Language.EN).value == pytest.approx(grade([PLAIN], Language.EN).value)


def test_nothing_is_not_hard():
    assert grade([], Language.EN).plain
    assert grade(["..."], Language.ES).words == 0
