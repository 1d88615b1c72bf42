"""Official roads: brought in from the Census's file, placed by their lines, heard by their names."""

import json

import pytest
import shapefile
from click.testing import CliRunner

from config.cli import main
from config.importing import ImportRefusedError, write_whole
from config.importing_roads import IMPORTED, import_roads, imported_streets
from config.map_records import open_map
from ivr.errors import CityPackError
from ivr.places.finder import place_reader
from ivr.places.gazetteer import with_streets
from ivr.places.road_names import road_name
from ivr.places.streets import metres_between
from models.states import Language
from tests.places.drawn_maps import geojson, line, roads_zip, shapefile_parts, zipped
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules


def road(name: str, *points, kind: str = "S1400"):
    return {"FULLNAME": name, "RTTYP": "M", "MTFCC": kind}, line(*points)


# A little town east of Tucson. Quail and Gila meet; a second Quail lies far off; Zorro bends.
QUAIL = road("E Quailrun St", (-110.62, 32.20), (-110.60, 32.20))
GILA = road("N Gilaflat Ave", (-110.61, 32.19), (-110.61, 32.21))
ZORRO = road("N Zorrito Loop", (-110.605, 32.199), (-110.604, 32.2), (-110.604, 32.205))
SIDE = road("N Sidewinder Ct", (-110.615, 32.2001), (-110.615, 32.203))
TOWN = [QUAIL, GILA, ZORRO, SIDE]


def imported(tmp_path, rows, **more):
    return import_roads(open_map(roads_zip(tmp_path, rows)), tmp_path, **more)


def finder(tmp_path):
    gazetteer = with_streets(tucson().gazetteer, imported_streets(tmp_path))
    return place_reader(gazetteer, tucson().jurisdictions)


def test_a_zip_with_all_that_the_census_puts_in_is_read_again_and_again(tmp_path):
    rows = [
        (
            {"LINEARID": f"1105{number:09d}", "FULLNAME": name, "RTTYP": kind, "MTFCC": "S1400"},
            shape,
        )
        for number, (name, kind, shape) in enumerate(
            [(QUAIL[0]["FULLNAME"], "M", QUAIL[1]), ("I- 10", "I", GILA[1]), ("", "", ZORRO[1])]
        )
    ]
    beside = {"prj": b'GEOGCS["GCS_North_American_1983"]', "cpg": b"UTF-8"}
    beside |= {"shp.iso.xml": b"<a/>", "shp.ea.iso.xml": b"<b/>"}
    zipped_up = zipped(tmp_path, {**shapefile_parts(rows, shapefile.POLYLINE), **beside})
    done = [import_roads(open_map(zipped_up), tmp_path) for _ in range(2)]
    assert [(one.taken, one.passed_over, one.refused) for one in done] == [(2, 1, 0)] * 2
    assert {street.name for street in imported_streets(tmp_path)} == {"Quailrun", "Interstate 10"}


def test_official_streets_whose_lines_lie_apart_are_known_to_be_no_corner(tmp_path):
    imported(tmp_path, TOWN)
    find = finder(tmp_path)
    apart = find("the corner of Gilaflat Avenue and Zorrito Loop", Language.EN)
    assert apart.latitude is None
    assert apart.apart
    assert not find("the corner of Quailrun and Sidewinder", Language.EN).apart


@pytest.mark.parametrize(
    ("written", "name", "kind", "direction"),
    [
        ("E Speedway Blvd", "Speedway", "Boulevard", "E"),
        ("S 6th Ave", "6th", "Avenue", "S"),
        ("N First Ave", "1st", "Avenue", "N"),
        ("E 22ND ST", "22nd", "Street", "E"),
        ("S Cherrybell Stra", "Cherrybell", "Stravenue", "S"),
        ("W Camino de Oeste", "Camino de Oeste", "", "W"),
        ("W Cam de Oeste", "Camino de Oeste", "", "W"),
        ("E Cll Alegria", "Calle Alegria", "", "E"),
        ("W St Marys Rd", "Saint Marys", "Road", "W"),
        ("Saguaro Vw", "Saguaro View", "", ""),
        ("N Oracle Rd S", "Oracle", "Road", "N"),
        ("I- 10", "Interstate 10", "", ""),
        ("I- 19 Bus", "Interstate 19 Business", "", ""),
        ("State Rte 86", "State Route 86", "", ""),
        ("US Hwy 80", "US Highway 80", "", ""),
        ("Avenue A", "Avenue A", "", ""),
        ("E", "E", "", ""),
    ],
)
def test_a_name_is_taken_apart_as_callers_say_it(written, name, kind, direction):
    found = road_name(written)
    assert (found.name, found.type, found.direction) == (name, kind, direction)


@pytest.mark.parametrize("written", ["", "   ", "-", "¿?"])
def test_a_name_without_words_is_none(written):
    assert road_name(written) is None


def test_a_corner_of_imported_streets_is_placed_by_their_lines(tmp_path):
    imported(tmp_path, TOWN)
    found = finder(tmp_path)("gilaflat and quailrun", Language.EN)
    assert metres_between((found.latitude, found.longitude), (32.20, -110.61)) < 10
    assert found.uncertainty_metres == 50
    assert found.said["es"] == "Gilaflat Avenue y Quailrun Street"


def test_streets_that_do_not_reach_each_other_have_no_corner(tmp_path):
    imported(tmp_path, TOWN)
    assert finder(tmp_path)("zorrito loop and gilaflat avenue", Language.EN).latitude is None


def test_a_side_street_that_ends_just_before_the_other_meets_it(tmp_path):
    imported(tmp_path, TOWN)
    found = finder(tmp_path)("sidewinder court and quailrun street", Language.EN)
    assert metres_between((found.latitude, found.longitude), (32.20, -110.615)) < 20


def test_two_carriageways_are_one_corner_in_their_middle(tmp_path):
    second = road("W Quailrun St", (-110.60, 32.2004), (-110.62, 32.2004))
    imported(tmp_path, [QUAIL, second, GILA])
    found = finder(tmp_path)("gilaflat and quailrun", Language.EN)
    assert found.latitude == pytest.approx(32.2002, abs=1e-5)
    assert 60 < found.uncertainty_metres < 90


def test_one_name_in_two_far_places_is_no_certain_corner(tmp_path):
    far = road("E Quailrun St", (-110.62, 32.10), (-110.60, 32.10))
    crossed = road("N Gilaflat Ave", (-110.61, 32.09), (-110.61, 32.11))
    imported(tmp_path, [*TOWN, far, crossed])
    found = finder(tmp_path)("gilaflat and quailrun", Language.EN)
    assert found.uncertainty_metres > 5000
    assert not found.certain


def test_an_imported_street_meets_one_of_our_own(tmp_path):
    crossing = road("N Gilaflat Ave", (-110.80, 32.20), (-110.80, 32.25))
    imported(tmp_path, [crossing])
    found = finder(tmp_path)("speedway and gilaflat", Language.EN)
    assert (found.latitude, found.longitude) == pytest.approx((32.2360, -110.80))
    assert found.uncertainty_metres == tucson().gazetteer.errors.straight


def test_a_house_number_lies_on_the_street_where_the_grid_has_it(tmp_path):
    imported(tmp_path, [road("E Quailrun St", (-110.75, 32.20), (-110.73, 32.21))])
    find = finder(tmp_path)
    found = find("12300 east quailrun street", Language.EN)
    assert found.approximate
    assert -110.75 < found.longitude < -110.73
    assert found.latitude == pytest.approx(32.20 + (found.longitude + 110.75) / 2, abs=1e-4)
    assert find("2000 east quailrun street", Language.EN).latitude is None


def test_a_last_house_number_that_the_grid_puts_beyond_its_street_is_at_its_end(tmp_path):
    imported(tmp_path, [road("E Quailrun St", (-110.7445, 32.20), (-110.73, 32.20))])
    found = finder(tmp_path)("12300 east quailrun street", Language.EN)
    assert (found.latitude, found.longitude) == pytest.approx((32.20, -110.7445))


def test_an_official_line_takes_our_street_s_place_and_keeps_what_people_call_it(tmp_path):
    imported(tmp_path, [road("E Speedway Blvd", (-110.95, 32.2365), (-110.80, 32.2365))])
    found = finder(tmp_path)("speed way and campbell", Language.EN)
    assert found.latitude == pytest.approx(32.2365)


def test_what_callers_do_not_name_is_passed_over(tmp_path):
    unnamed = road("", (-110.62, 32.2), (-110.6, 32.2))
    path = road("Rillito Bike Path", (-110.62, 32.2), (-110.6, 32.2), kind="S1820")
    done = imported(tmp_path, [QUAIL, unnamed, path])
    assert (done.taken, done.refused, done.passed_over) == (1, 0, 2)


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (None, "no shape"),
        ({"type": "Point", "coordinates": [-110.6, 32.2]}, "is a Point, not lines"),
        (line((-110.6, 32.2), (-110.6, 32.2)), "no length"),
        (line((500_000.0, 3_560_000.0), (500_100.0, 3_560_000.0)), "no point in degrees"),
        (line((-200, 32), (-199, 32)), "no point in degrees"),
        (line((32.2, -110.6), (32.3, -110.6)), "no point in degrees"),
        (line((-110, 32), (-110, 95)), "no point in degrees"),
        (line((-110, 32), (float("nan"), 32)), "is no number"),
        (line((-110, 32), (-110, float("inf"))), "is no number"),
        (line((-110, 32), (-110.0000001, 32)), "too short"),
        (line((0, 0), (1, 1)), "no point at all"),
        ({"type": "LineString", "coordinates": [[-110.6, 32.2]]}, "damaged"),
        ({"type": "LineString", "coordinates": [["a", "b"], ["c", "d"]]}, "damaged"),
        ({"type": "LineString", "coordinates": None}, "no points"),
        ({"type": "LineString", "coordinates": []}, "no points"),
        ({"type": "GeometryCollection", "geometries": []}, "not lines"),
    ],
)
def test_a_wrong_shape_is_told_by_its_record_and_the_rest_is_taken(tmp_path, shape, what):
    rows = [QUAIL, ({"FULLNAME": "N Wrong Way", "MTFCC": "S1400"}, shape)]
    done = import_roads(open_map(geojson(tmp_path, rows)), tmp_path)
    assert (done.taken, done.refused) == (1, 1)
    assert done.faults[0].at == 2
    assert what in done.faults[0].what


def test_a_name_without_end_is_refused(tmp_path):
    done = import_roads(
        open_map(geojson(tmp_path, [QUAIL, road("N " + "A" * 200, (-110, 32), (-111, 32))])),
        tmp_path,
    )
    assert done.faults[0].at == 2


def test_the_same_input_gives_the_same_bytes_and_replaces_the_older(tmp_path):
    imported(tmp_path, TOWN)
    first = (tmp_path / IMPORTED).read_bytes()
    imported(tmp_path, TOWN)
    assert (tmp_path / IMPORTED).read_bytes() == first
    imported(tmp_path, [QUAIL])
    assert [street.name for street in imported_streets(tmp_path)] == ["Quailrun"]
    assert not list((tmp_path / IMPORTED).parent.glob("*.new"))


@pytest.mark.parametrize("rows", [[road("", (-110, 32), (-111, 32))], [({"FULLNAME": "A"}, None)]])
def test_a_file_of_which_nothing_can_be_used_leaves_the_pack_as_it_was(tmp_path, rows):
    imported(tmp_path, TOWN)
    before = (tmp_path / IMPORTED).read_bytes()
    with pytest.raises(ImportRefusedError, match="no record"):
        import_roads(open_map(geojson(tmp_path, rows)), tmp_path)
    assert (tmp_path / IMPORTED).read_bytes() == before


def test_a_city_names_its_own_column(tmp_path):
    rows = [({"STREET_NAM": "E QUAILRUN ST"}, QUAIL[1])]
    with pytest.raises(ImportRefusedError, match=r"no column FULLNAME.*STREET_NAM"):
        import_roads(open_map(geojson(tmp_path, rows)), tmp_path)
    done = import_roads(open_map(geojson(tmp_path, rows)), tmp_path, "street_nam")
    assert done.taken == 1
    assert imported_streets(tmp_path)[0].name == "Quailrun"


def test_a_disk_that_is_full_leaves_the_older_file_and_nothing_beside_it(tmp_path):
    def lines():
        yield "half"
        raise OSError("no space left")

    imported(tmp_path, TOWN)
    before = (tmp_path / IMPORTED).read_bytes()
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / IMPORTED, lines())
    assert (tmp_path / IMPORTED).read_bytes() == before
    assert [one.name for one in (tmp_path / IMPORTED).parent.iterdir()] == ["streets.json"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[1]", '{"streets": [{"name": "A"}]}', '{"streets": [7]}', '{"streets": 7}'),
        '{"streets": [{"name": "A", "lines": []}]}',
        '{"streets": [{"name": "A", "lines": [[[1, 2]]]}]}',
        '{"streets": [{"name": "A", "lines": [[[1, 2], ["x", 2]]]}]}',
        '{"streets": [{"name": "A", "lines": [[[1, 2], [1]]]}]}',
    ],
)
def test_a_damaged_import_is_named_at_the_start(tmp_path, text):
    path = tmp_path / IMPORTED
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(CityPackError) as found:
        imported_streets(tmp_path)
    assert "import-roads" in found.value.mistakes[0]


def test_the_command_says_what_it_took_and_what_is_wrong(tmp_path):
    wrong = ({"FULLNAME": "N Wrong Way", "MTFCC": "S1400"}, None)
    ran = CliRunner().invoke(
        main,
        ["import-roads", str(geojson(tmp_path, [*TOWN, wrong])), "--pack", str(tmp_path)],
    )
    assert ran.exit_code == 0
    assert "record 5: there is no shape" in ran.output
    assert "4 streets taken, 0 records passed over, 1 refused" in ran.output
    assert len(json.loads((tmp_path / IMPORTED).read_text("utf-8"))["streets"]) == 4


def test_the_command_refuses_with_what_to_do(tmp_path):
    path = tmp_path / "roads.csv"
    path.write_text("a,b\n", "utf-8")
    ran = CliRunner().invoke(main, ["import-roads", str(path), "--pack", str(tmp_path)])
    assert ran.exit_code == 1
    assert "Not imported: roads.csv: give a .zip or .shp" in ran.output
