"""Addresses, corners and landmarks as people say them and as recognisers write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.numbers_spoken import house_number, ordinal
from ivr.rules.spoken_address import NO_NAMES, PlaceKind, SpokenPlace, read
from models.states import Language
from tests.cases.understanding.places import cases, is_right
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

NUMBERS = [
    ("twenty two hundred", "2200"), ("22 100", "2200"), ("to 200", "2200"), ("2200", "2200"),
    ("22 hundred", "2200"), ("twenty two oh five", "2205"), ("one twenty three", "123"),
    ("four four two one", "4421"), ("twelve thirty four", "1234"), ("three thousand oh five", "3005"),
    ("ten thousand four hundred fifty", "10450"), ("two hundred and five", "205"),
    ("seven oh one", "701"), ("nine oh oh one", "9001"), ("forty three twenty one", "4321"),
    ("dos mil doscientos", "2200"), ("ciento veintitres", "123"), ("mil doscientos", "1200"),
    ("dos mil doscientos cinco", "2205"), ("doce treinta y cuatro", "1234"), ("tres mil cinco", "3005"),
    ("veintidos cero cinco", "2205"), ("uno dos tres", "123"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "digits"), NUMBERS)
def test_a_house_number_is_read_in_every_spoken_form(said, digits):
    words = said.split()
    assert house_number(words, 0) == (digits, len(words))


UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["x", "x", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def pair(value: int) -> str:
    if value < 10:
        return f"oh {UNITS[value]}"
    if value < 20:
        return TEENS[value - 10]
    return TENS[value // 10] + (f" {UNITS[value % 10]}" if value % 10 else "")


@given(st.integers(1000, 9999))
def test_numbers_said_in_pairs_round_trip(number):
    head, tail = divmod(number, 100)
    said = f"{pair(head)} hundred" if tail == 0 else f"{pair(head)} {pair(tail)}"
    assert house_number(said.split(), 0) == (str(number), len(said.split()))


@given(st.integers(1, 999_999))
def test_digits_round_trip(number):
    assert house_number([str(number)], 0) == (str(number), 1)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("sixth", "6th"),
        ("twenty second", "22nd"),
        ("22nd", "22nd"),
        ("sexta", "6th"),
        ("11th", "11th"),
    ],
)
def test_a_numbered_street_keeps_its_ordinal(said, name):
    assert ordinal(said.split(), 0) == (name, len(said.split()))


def address(number, direction, street, suffix=""):
    return ("address", number, direction, street, suffix, "")


def corner(street, cross, suffix=""):
    return ("intersection", "", "", street, suffix, cross)


PLACES = [
    ("pothole on twenty two hundred east speedway", address("2200", "E", "Speedway")),
    ("2200 E Speedway", address("2200", "E", "Speedway")),
    ("2,200 E. Speedway Blvd.", address("2200", "E", "Speedway", "Boulevard")),
    ("22 100 east speedway boulevard", address("2200", "E", "Speedway", "Boulevard")),
    ("to 200 East Speedway", address("2200", "E", "Speedway")),
    ("dos mil doscientos este speedway", address("2200", "E", "Speedway")),
    ("forty three twenty one twenty second street", address("4321", "", "22nd", "Street")),
    ("1234 north cambell", address("1234", "N", "Campbell")),
    ("the 400 block of north stone avenue", address("400", "N", "Stone", "Avenue")),
    ("la cuadra 400 de la stone", address("400", "", "Stone")),
    ("415 West Calle Alegria", address("415", "W", "Calle Alegria")),
    ("3425 S Pinkhaven Stravenue", address("3425", "S", "Pinkhaven", "Stravenue")),
    ("twenty two oh five north country club road apartment 5", address("2205", "N", "Country Club", "Road")),
    ("2200 east speedway no wait 2300 east broadway", address("2300", "E", "Broadway")),
    ("Speedway número 2200", address("2200", "", "Speedway")),
    ("there's a big pothole at Speedway and Campbell", corner("Speedway", "Campbell")),
    ("corner of 22nd and Kolb", corner("22nd", "Kolb")),
    ("at cambell and speedway", corner("Campbell", "Speedway")),
    ("on broadway near wilmot", corner("Broadway", "Wilmot")),
    ("speedway between swan and craycroft", corner("Speedway", "Swan")),
    ("en la esquina de Speedway con Campbell", corner("Speedway", "Campbell")),
    ("hay un bache en la Speedway y la Campbell", corner("Speedway", "Campbell")),
    ("calle sexta y avenida stone", corner("6th", "Stone", "Street")),
    ("en la calle veintidós y la Kolb", corner("22nd", "Kolb", "Street")),
    ("Sixth Street and Stone, I mean Sixth Avenue and Congress", corner("6th", "Congress", "Avenue")),
    ("Park and Speedway", corner("Park", "Speedway")),
    ("22nd street and I-10", corner("22nd", "Interstate 10", "Street")),
    ("a needle near Reid Park", ("landmark", "", "", "Reid Park", "", "")),
    ("I'm in Green Valley", ("landmark", "", "", "Green Valley", "", "")),
    ("2200 Speedway East", address("2200", "E", "Speedway")),
    ("1234 West Elm Grove Lane", address("1234", "W", "Elm Grove", "Lane")),
    ("six ten south paseo del norte please", address("610", "S", "Paseo Del Norte")),
    ("apartment 12 1200 north euclid", address("1200", "N", "Euclid")),
    ("one oh five and a half north fourth avenue", address("105", "N", "4th", "Avenue")),
    ("a pothole at for 15 west congress", address("415", "W", "Congress")),
    ("setenta sur décima avenida", address("70", "S", "10th", "Avenue")),
    ("block 2200 of east speedway", address("2200", "E", "Speedway")),
    ("2200 east speedway, sorry, west speedway", address("2200", "W", "Speedway")),
    ("2200 east speedway i mean 2205", address("2205", "E", "Speedway")),
    ("2200 east speedway no wait west", address("2200", "W", "Speedway")),
    ("2200 east broadway I mean road no boulevard", address("2200", "E", "Broadway", "Boulevard")),
    ("1200 south sixth street no sixth avenue", address("1200", "S", "6th", "Avenue")),
    ("fifteen hundred no fifteen fifty north stone", address("1550", "N", "Stone")),
    ("2200 east speedway there is no water on broadway", address("2200", "E", "Speedway")),
    ("grant y campbell, no, glenn y campbell", corner("Glenn", "Campbell")),
    ("campbell and grant no I mean glenn", corner("Campbell", "Glenn")),
    ("on swan, south of sunrise", corner("Swan", "Sunrise")),
    ("north of grant on stone", corner("Grant", "Stone")),
    ("en la silverbell a una cuadra de la grant", corner("Silverbell", "Grant")),
    ("heading east on speedway coming up to wilmot", corner("Speedway", "Wilmot")),
    ("valencia y la doce", corner("Valencia", "12th")),
    ("la seis y la cuarta", corner("6th", "4th")),
    ("valensia con la campel", corner("Valencia", "Campbell")),
    ("on broadway at houten", corner("Broadway", "Houghton")),
    ("415 1/2 E 9th St", address("415", "E", "9th", "Street")),
    ("Speedway/Stone", corner("Speedway", "Stone")),
    ("Oracle Rd @ Prince Rd", corner("Oracle", "Prince", "Road")),
    ("thirty two hundred something east grant", address("3200", "E", "Grant")),
    ("I'm on craycroft heading north I just passed pima", corner("Craycroft", "Pima")),
    ("speedway and kreycroft", corner("Speedway", "Craycroft")),  # by sound alone
    ("grant and huten", corner("Grant", "Houghton")),
    ("alverno and grant", corner("Alvernon", "Grant")),
    ("#4 1030 n alvernon", address("1030", "N", "Alvernon")),
    ("for oh for north fourth avenue", address("404", "N", "4th", "Avenue")),
    ("just off speedway on norris", corner("Speedway", "Norris")),
    ("speedway and swan wait pima and swan", corner("Pima", "Swan")),
    ("vivo en la dos mil tres este lee", address("2003", "E", "Lee")),
    ("la 22 y la kolb", corner("22nd", "Kolb")),
    ("por la craicroft con veintidós", corner("Craycroft", "22nd")),
    ("por la i diez y la congress", corner("Interstate 10", "Congress")),
    ("estoy por el aeropuerto", ("landmark", "", "", "Tucson International Airport", "", "")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), PLACES)
def test_a_place_is_read_out_of_words(said, expected):
    place = read(said, Language.EN, tucson().gazetteer.names())
    found = (
        place.kind,
        place.number,
        place.direction,
        place.street,
        place.suffix,
        place.cross_street,
    )
    assert found == expected


NO_PLACE = [
    "", "my dog died", "the park", "first I want to say there's trash", "on fire", "yes", "no", "3 dogs",
    "there are 3 dogs on speedway", "street light out on first avenue", "my water bill is 200 dollars",
    "the first and second time I called", "la primera y la segunda vez", "a swan and a cardinal",
    "the church and the park", "my daughter helen and my son scott", "I have two broadway tickets",
    "tengo dos perros y veintidós gatos en la speedway", "la cinco de mayo", "fue a la una",
    "se me perdió la cartera", "six people and two cars",
]  # fmt: skip


@pytest.mark.parametrize("said", NO_PLACE)
def test_no_place_is_made_up(said):
    assert read(said, Language.EN, tucson().gazetteer.names()).kind is PlaceKind.NONE


def test_a_street_named_alone_is_kept_but_is_no_place():
    place = read("the light is out on Speedway", Language.EN, tucson().gazetteer.names())
    assert (place.kind, place.street) == (PlaceKind.NONE, "Speedway")


def test_the_words_of_an_address_keep_its_apartment():
    place = read("it is 2205 north country club apartment 5 please", Language.EN, NO_NAMES)
    assert place.text == "2205 north country club apartment 5"


def test_an_address_is_found_without_knowing_any_street():
    place = read("I live at 1234 West Elm Grove Lane", Language.EN, NO_NAMES)
    assert (place.number, place.direction, place.street, place.suffix) == (
        "1234", "W", "Elm Grove", "Lane",
    )  # fmt: skip


def test_the_cases_that_the_reader_was_tuned_on_stay_right():
    names = tucson().gazetteer.names()
    tuned = [case for case in cases() if not case.is_held_back]
    wrong = [c.id for c in tuned if not is_right(c, read(c.text, c.language, names))]
    assert len(wrong) <= 2, wrong


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_place_or_none(text):
    assert isinstance(read(text, Language.ES, tucson().gazetteer.names()), SpokenPlace)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["2200", "twenty", "hundred", "east", "speedway", "and", "campbell", "street", "of", "y", "calle", "sexta", "no", "wait", "oh", "avenue", "park"]), max_size=25))  # fmt: skip
def test_any_heap_of_address_words_is_read(words):
    place = read(" ".join(words), Language.EN, tucson().gazetteer.names())
    assert place.number == "" or place.number.isdigit()
