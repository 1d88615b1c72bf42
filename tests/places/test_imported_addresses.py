"""Official address points: read from a CSV, faults by line, and exact where they are known."""

import pytest

from config.importing import ImportRefusedError
from config.importing_addresses import IMPORTED, address_points, import_addresses
from ivr.places.address_points import AddressPoint, AddressPoints
from ivr.places.finder import place_reader
from ivr.places.gazetteer import replace_points
from models.states import Language
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

HEADER = "ADDRNUM,PRE,NAME,SUF,Y,X\n"
COLUMNS = (
    "number=ADDRNUM",
    "direction=PRE",
    "street=NAME",
    "type=SUF",
    "latitude=Y",
    "longitude=X",
)
SOUND = "2200,E,SPEEDWAY,BL,32.23601,-110.93951\n415,N,6TH,AV,32.22681,-110.96881\n"


def imported(tmp_path, text: str, columns=COLUMNS):
    source = tmp_path / "points.csv"
    source.write_text(text, "utf-8")
    return import_addresses(source, tmp_path, columns)


def test_sound_lines_are_taken_in_one_form(tmp_path):
    assert imported(tmp_path, HEADER + SOUND).taken == 2
    [found] = address_points(tmp_path).find(2200, "E", "speedway", "Boulevard")
    assert (found.latitude, found.longitude) == (32.23601, -110.93951)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("x,E,SPEEDWAY,BL,32.2,-110.9", "number 'x'"),
        ("0,E,SPEEDWAY,BL,32.2,-110.9", "no house number"),
        ("12.5,E,SPEEDWAY,BL,32.2,-110.9", "no house number"),
        ("1,E,,BL,32.2,-110.9", "no street"),
        ("1,Q,SPEEDWAY,BL,32.2,-110.9", "direction 'Q'"),
        ("1,E,SPEEDWAY,ZZ,32.2,-110.9", "type 'ZZ'"),
        ("1,E,SPEEDWAY,BL,,-110.9", "latitude ''"),
        ("1,E,SPEEDWAY,BL,999999.2,442211.0", "no point in degrees"),
        ("1,E,SPEEDWAY,BL,0,0", "no point in degrees"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_the_rest_is_taken(tmp_path, line, what):
    done = imported(tmp_path, f"{HEADER}{SOUND}{line}\n")
    assert (done.taken, done.refused) == (2, 1)
    assert done.faults[0].at == 4
    assert what in done.faults[0].what


def test_running_it_again_replaces_the_older_file(tmp_path):
    imported(tmp_path, HEADER + SOUND)
    first = (tmp_path / IMPORTED).read_bytes()
    imported(tmp_path, HEADER + SOUND)
    assert (tmp_path / IMPORTED).read_bytes() == first
    imported(tmp_path, HEADER + "7,E,SPEEDWAY,BL,32.2,-110.9\n")
    assert address_points(tmp_path).count == 1


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", COLUMNS),
        (HEADER, COLUMNS),
        (HEADER + SOUND, ()),
        (HEADER + SOUND, (*COLUMNS, "number=NOPE")),
        (HEADER + SOUND, (*COLUMNS, "colour=PRE")),
        (HEADER + "x,E,SPEEDWAY,BL,32.2,-110.9\n", COLUMNS),
    ],
)
def test_a_file_of_which_nothing_can_be_used_leaves_the_pack_as_it_was(tmp_path, text, columns):
    imported(tmp_path, HEADER + SOUND)
    before = (tmp_path / IMPORTED).read_bytes()
    with pytest.raises(ImportRefusedError):
        imported(tmp_path, text, columns)
    assert (tmp_path / IMPORTED).read_bytes() == before


POINTS = AddressPoints(
    [
        AddressPoint(415, "N", "6th", "Avenue", 32.2268, -110.9688),
        AddressPoint(415, "S", "6th", "Avenue", 32.2153, -110.9688),
        AddressPoint(77, "W", "Quiquiriqui", "Lane", 32.24, -111.01),
        AddressPoint(5, "", "Elm", "Street", 32.1, -110.9),
    ]
)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ((415, "N", "6th", "Avenue"), 1),
        ((415, "", "6TH", ""), 2),
        ((415, "N", "6th", "Street"), 0),
        ((416, "N", "6th", "Avenue"), 0),
        ((5, "", "elm", ""), 1),
        ((1, "", "nowhere", ""), 0),
    ],
)
def test_a_number_is_found_by_what_was_said_of_it(asked, count):
    assert len(POINTS.find(*asked)) == count


def test_an_imported_house_number_is_exact_and_read_back():
    find = place_reader(replace_points(tucson().gazetteer, POINTS), tucson().jurisdictions)
    found = find("415 north sixth avenue", Language.EN)
    assert not found.approximate
    assert (found.latitude, found.uncertainty_metres) == (32.2268, 25.0)
    assert "6th Avenue" in found.said["en"]


def test_a_street_that_only_the_import_knows_is_heard():
    find = place_reader(replace_points(tucson().gazetteer, POINTS), tucson().jurisdictions)
    assert find("77 west quiquiriqui lane", Language.EN).latitude == 32.24


def test_two_that_fit_are_not_decided_between():
    find = place_reader(replace_points(tucson().gazetteer, POINTS), tucson().jurisdictions)
    assert find("415 sixth avenue", Language.EN).approximate
