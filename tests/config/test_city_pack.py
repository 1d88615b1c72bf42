"""The city pack: the shipped one is whole, and a broken one names every fault at once."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from config.city import load
from config.city_parts import at_the_desk_of
from config.stack import outside_telephones
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from models.states import Language
from tests.rules.tucson_pack import PACK, tucson

pytestmark = pytest.mark.rules

FICTION = re.compile(r"\+1520555(01\d\d)")
NEEDED_SENTENCES = [
    "connecting_911",
    "escalation_confirm",
    "danger_question",
    "line_welcome",
    "line_position",
    "line_returning",
    "line_emergency_window",
    "joining_room",
    "call_taker_delayed",
    "hold_consulting",
    "hold_reason",
    "psap_ended",
    "goodbye",
    "technical_trouble_human_line",
    "human_line_ringing",
    "human_line_unanswered",
    "line_full",
    "unattended_briefing",
    "left_briefing",
    "request_text",
    "request_read",
    "still_there",
    "nobody_in_line",
    "desk_call_ended",
    "softphone_refused",
    "one_moment",
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK, tmp_path / "city"))


def change(pack: Path, name: str, **changes: object) -> None:
    file = pack / name
    document = read_yaml(file.read_text("utf-8"))
    file.write_text(yaml.safe_dump(document | changes, allow_unicode=True), "utf-8")


def pack_yaml() -> dict:
    return read_yaml((PACK / "pack.yaml").read_text("utf-8"))


def faults(pack: Path) -> str:
    with pytest.raises(CityPackError) as error:
        load(pack)
    return "\n".join(error.value.mistakes)


def test_the_shipped_pack_loads():
    pack = tucson()
    assert pack.time_zone == "America/Phoenix"
    assert set(pack.first) == {"menu", "hours", "destinations", "agencies", "categories", "phrases"}
    assert set(pack.city.languages) == set(Language)


@pytest.mark.parametrize("key", NEEDED_SENTENCES)
@pytest.mark.parametrize("language", list(Language))
def test_every_needed_sentence_is_there(key, language):
    assert tucson().city.sentences.say(key, language)


def test_names_are_filled_in_and_what_is_filled_in_is_left_alone():
    say = tucson().city.sentences.say
    briefing = say("unattended_briefing", Language.EN, place="{number}", number="5550142")
    assert "Place: {number}." in briefing
    assert "5550142" in briefing
    assert say("line_position", Language.ES, position="3") == (
        "Usted es el número 3 en la fila. Para una emergencia, oprima 9."
    )


def test_every_number_of_the_pack_is_fictional():
    text = "\n".join(path.read_text("utf-8") for path in PACK.rglob("*.*ml"))
    numbers = re.findall(r"\+\d{8,}", text)
    assert numbers
    assert all(FICTION.fullmatch(number) for number in numbers)


def test_an_unknown_place_still_reaches_the_city():
    city = tucson().city
    assert city.answering_points(None)[0].key == "city-911"
    assert city.answering_points("outside")[0].key == "city-911"
    assert city.answering_points("oro_valley")[0].key == "oro-valley-911"


def test_every_jurisdiction_that_is_not_tribal_has_someone_to_dial():
    keys = {area.key for area in tucson().jurisdictions.areas if area.kind != "tribal"}
    assert keys <= set(tucson().city.destinations)
    for points in tucson().city.destinations.values():
        assert len(points) >= 2


def test_intents_and_categories_use_one_list_of_slugs():
    intents = set(tucson().intents.names) - {"human"}
    assert intents <= set(tucson().categories)


def test_every_intent_of_a_menu_key_is_in_the_catalogue():
    menu = read_yaml(tucson().first["menu"])
    said = {
        o["intent"] for n in menu["nodes"].values() for o in n.get("options", []) if "intent" in o
    }
    cases = set(menu["nodes"]["by_intent"]["cases"])
    assert said | cases <= set(tucson().intents.names)


def test_the_departments_of_the_directory_are_telephones_of_the_rehearsal_only():
    rows = read_yaml(tucson().first["destinations"])["directory"]
    numbers = [entry["number"] for entry in rows.values()]
    assert len(set(numbers)) == len(numbers) >= 8
    assert set(numbers) <= tucson().rehearsal_numbers
    for entry in rows.values():
        assert entry["verified_on"] is None
        assert entry["fall_back"] == "human_line"
        assert all(entry["name"][language.value] for language in Language)


def test_a_draft_on_trial_has_a_number_of_its_own_that_nobody_dials():
    pack = pack_yaml()
    assert FICTION.fullmatch(pack["trial_number"])
    assert pack["trial_number"] != pack["line_number"]
    assert pack["trial_number"] not in tucson().rehearsal_numbers


def test_the_telephone_company_of_the_demonstration_has_every_number():
    telephones = {phone["number"]: phone["kind"] for phone in outside_telephones(pack_yaml())}
    rows = read_yaml(tucson().first["destinations"])["directory"]
    assert {telephones[entry["number"]] for entry in rows.values()} == {"line"}
    assert telephones[tucson().city.human_line.number] == "line"
    assert telephones["+15205550191"] == "desk911"


def test_the_fallback_document_rings_the_human_line_and_needs_nothing_else():
    document = tucson().city.fallback_document
    assert tucson().city.human_line.number in document
    assert "http" not in document
    assert "Gather" not in document


def test_every_fault_is_named_at_once(copy):
    change(
        copy, "pack.yaml", time_zone="Mars/Olympus", line_number="311", retention_days={"call": 0}
    )
    change(copy, "sentences.yaml", goodbye={"en": "Bye"})
    (copy / "areas.geojson").write_text("{", "utf-8")
    (copy / "intents.yaml").unlink()
    named = faults(copy)
    for fault in (
        "Mars/Olympus",
        "'311'",
        "call: 0",
        "goodbye: no sentence in es",
        "areas.geojson",
        "intents.yaml",
    ):
        assert fault in named


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"line_position": {"en": "Number {position}", "es": "Número"}}, "different names"),
        ({"line_position": "You are next"}, "no sentence in en"),
    ],
)
def test_sentences_use_the_same_names_in_every_language(copy, changes, named):
    change(copy, "sentences.yaml", **changes)
    assert named in faults(copy)


def test_a_destination_outside_the_rehearsal_numbers_is_refused(copy):
    change(copy, "pack.yaml", rehearsal_numbers=["+15205550110"])
    assert "not among rehearsal_numbers" in faults(copy)


def test_a_destination_that_rings_too_short_is_refused(copy):
    rows = read_yaml((copy / "first/destinations.yaml").read_text("utf-8"))["jurisdictions"]
    rows["tucson"][0]["ring_seconds"] = 5
    change(copy, "first/destinations.yaml", jurisdictions=rows)
    assert "at least 10" in faults(copy)


def test_a_folder_without_a_pack_says_so(tmp_path):
    assert "pack.yaml" in faults(tmp_path)


def test_a_pack_without_a_geocoder_asks_nobody():
    assert tucson().betterment is None


def test_a_geocoder_of_the_pack_is_made_ready(copy):
    row = {"service": "census", "url": "https://geocoder.example", "around": "Tucson, AZ"}
    change(copy, "pack.yaml", geocoder=row)
    assert load(copy).betterment.around == "Tucson, AZ"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"service": "oracle", "url": "https://a.example", "around": "Tucson, AZ"}, "service"),
        ({"service": "census", "url": "http://a.example", "around": "Tucson, AZ"}, "https"),
        ({"service": "census", "url": "https://a.example"}, "around"),
        ("census", "service"),
    ],
)
def test_a_geocoder_that_cannot_be_used_is_named(copy, row, named):
    change(copy, "pack.yaml", geocoder=row)
    with pytest.raises(CityPackError, match=f"geocoder: .*{named}"):
        load(copy)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, ""),
        ({"breaks": {}}, "breaks"),
        ({"breaks": ["lunch"]}, "breaks"),
        ({"breaks": {"lunch": ""}}, "breaks"),
        ({"breaks": {"l" * 41: "Lunch"}}, "breaks"),
        ({"after_call_seconds": "60"}, "after_call_seconds"),
        ({"more_minutes": True}, "more_minutes"),
        ({"hold_warning_seconds": 0}, "hold_warning_seconds"),
        ({"ring_seconds": 600}, "ring_seconds"),
        ({"rings_an_hour": None}, "rings_an_hour"),
    ],
)
def test_a_shift_that_cannot_be_kept_is_named(changes, named):
    found: list[str] = []
    at_the_desk_of(pack_yaml()["at_the_desk"] | changes, found)
    assert [named in fault for fault in found] == ([True] if changes else [])
