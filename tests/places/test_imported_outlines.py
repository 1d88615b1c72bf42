"""Official outlines: whose they are is said once, and tribal land is always a person's to decide."""

import shutil

import pytest
from click.testing import CliRunner

from config.city import load
from config.cli import main
from config.importing import ImportRefusedError
from config.importing_outlines import (
    IMPORTED,
    OFFICIAL_ERROR_METRES,
    Wishes,
    import_outlines,
    imported_outlines,
    named_of,
    own_outlines,
    with_imported,
)
from config.map_records import open_map
from ivr.errors import CityPackError
from ivr.places.jurisdictions import Jurisdictions, area_of
from models.states import Language
from tests.places.drawn_maps import box, geojson, line, outlines_zip, polygon, roads_zip
from tests.rules.tucson_pack import PACK

pytestmark = pytest.mark.rules

TUCSON = ({"NAME": "Tucson", "NAMELSAD": "Tucson city"}, box(-111.0, 32.1, -110.8, 32.3))
MARANA = ({"NAME": "Marana", "NAMELSAD": "Marana town"}, box(-111.3, 32.35, -111.1, 32.5))
VAIL = ({"NAME": "Vail", "NAMELSAD": "Vail CDP"}, box(-110.7, 32.0, -110.6, 32.1))
PASCUA = (
    {"AIANNHCE": "2680", "NAME": "Pascua Pueblo Yaqui", "MTFCC": "G2101"},
    box(-111.09, 32.09, -111.06, 32.13),
)
FAR = ({"AIANNHCE": "2430", "NAME": "Navajo Nation", "MTFCC": "G2101"}, box(-111, 35, -110, 36))
BOW_TIE = polygon((-111.0, 32.1), (-110.8, 32.3), (-110.8, 32.1), (-111.0, 32.3))


def imported(tmp_path, rows, *named, **wishes):
    opened = open_map(outlines_zip(tmp_path, rows))
    return import_outlines(
        opened, tmp_path, Wishes(named=named_of(named), **wishes), tucson_s_own()
    )


def tucson_s_own():
    return own_outlines(PACK)


def jurisdictions(folder) -> Jurisdictions:
    features = [
        {
            "properties": {
                "key": area.key,
                "kind": area.kind,
                "name": area.name,
                "error_metres": area.error_metres,
            },
            "geometry": area.outline.__geo_interface__,
        }
        for area in tucson_s_own()
    ]
    merged = with_imported({"features": features}, imported_outlines(folder))
    return Jurisdictions(area_of(feature) for feature in merged["features"])


def test_an_official_outline_takes_our_own_one_s_place_with_a_smaller_error(tmp_path):
    done = imported(tmp_path, [TUCSON, MARANA, VAIL], "Tucson city=tucson", "marana=marana")
    assert (done.taken, done.passed_over) == (2, 1)
    areas = {area.key: area for area in jurisdictions(tmp_path).areas}
    assert areas["tucson"].error_metres == OFFICIAL_ERROR_METRES
    assert areas["tucson"].outline.bounds == (-111.0, 32.1, -110.8, 32.3)
    assert areas["tucson"].name == {"en": "City of Tucson", "es": "Ciudad de Tucson"}
    assert areas["oro_valley"].error_metres == 1000


def test_a_point_near_an_official_line_may_be_certain(tmp_path):
    near = (32.22, -110.802, 50)  # some 190 m inside
    imported(tmp_path, [TUCSON], "Tucson city=tucson", error_metres=200)
    assert not jurisdictions(tmp_path).at(*near).certain
    imported(tmp_path, [TUCSON], "Tucson city=tucson")
    assert jurisdictions(tmp_path).at(*near).certain


def test_nothing_is_left_of_our_own_outline_below_the_official_one(tmp_path):
    near_our_line = (32.14, -110.855, 50)
    assert not jurisdictions(tmp_path).at(*near_our_line).certain
    imported(tmp_path, [TUCSON], "Tucson city=tucson")
    found = jurisdictions(tmp_path)
    assert found.at(*near_our_line).certain
    assert [area.key for area in found.areas].count("tucson") == 1


def test_tribal_land_nearby_is_taken_unasked_and_a_person_decides_there(tmp_path):
    land = ({"NAME": "Little Mesa", "MTFCC": "G2102"}, box(-110.65, 32.2, -110.6, 32.25))
    point = (32.22, -110.62, 10)
    assert not jurisdictions(tmp_path).at(*point).tribal
    done = imported(tmp_path, [land, FAR])
    assert (done.taken, done.passed_over) == (1, 1)
    found = jurisdictions(tmp_path).at(*point)
    assert (found.key, found.tribal) == ("little_mesa", True)


def test_a_tribe_s_land_of_several_records_is_one_outline(tmp_path):
    trust = (
        {"AIANNHCE": "2680", "NAME": "Pascua Pueblo Yaqui", "MTFCC": "G2102"},
        box(-111.05, 32.09, -111.04, 32.1),
    )
    imported(tmp_path, [PASCUA, trust], "pascua pueblo yaqui=pascua_yaqui")
    [feature] = imported_outlines(tmp_path).values()
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"]["name"]["es"] == "Tribu Pascua Yaqui"


def test_tribal_land_wins_over_the_city_around_it(tmp_path):
    inside = ({"AIANNHCE": "1", "NAME": "Inside"}, box(-110.92, 32.2, -110.9, 32.22))
    imported(tmp_path, [TUCSON], "Tucson city=tucson")
    imported(tmp_path, [inside])
    assert jurisdictions(tmp_path).at(32.21, -110.91, 10).tribal
    assert not jurisdictions(tmp_path).at(32.15, -110.91, 10).tribal


@pytest.mark.parametrize(
    ("rows", "named", "wishes", "what"),
    [
        ([TUCSON], ["Tuscon city=tucson"], {}, "names in the file: .*'Tucson city'"),
        ([TUCSON], ["Tucson city=tuscon"], {}, "the pack knows no tuscon: it has"),
        ([TUCSON], [], {}, "no outline was named with --as"),
        ([VAIL], [], {}, "no outline was named with --as"),
        ([PASCUA], ["pascua pueblo yaqui=tucson"], {}, "is tribal land and cannot be tucson"),
        ([TUCSON], ["tucson=tucson"], {"tribal": True}, "is tribal land"),
        ([TUCSON], ["tucson=tucson"], {"error_metres": 0}, "--error-metres"),
        ([TUCSON], ["tucson=tucson"], {"error_metres": float("nan")}, "--error-metres"),
        ([TUCSON], ["tucson=tucson"], {"name_column": "TOWN"}, "no column TOWN"),
        ([({"NAME": "Tucson"}, None)], ["tucson=tucson"], {}, "record 2, Tucson: there is no"),
        ([({"NAME": "Tucson"}, FAR[1])], ["tucson=tucson"], {}, "nowhere near"),
        (
            [({"NAME": "Tucson"}, box(500_000, 3_500_000, 500_100, 3_500_100))],
            ["tucson=tucson"],
            {},
            "no point in degrees",
        ),
    ],
)
def test_what_would_send_calls_wrong_is_refused_whole(tmp_path, rows, named, wishes, what):
    imported(tmp_path, [MARANA], "marana town=marana")
    before = (tmp_path / IMPORTED).read_bytes()
    with pytest.raises(ImportRefusedError, match=what):
        imported(tmp_path, [MARANA, *rows] if named else rows, *named, **wishes)
    assert (tmp_path / IMPORTED).read_bytes() == before


@pytest.mark.parametrize(
    "given", ["tucson", "=tucson", "Tucson city=", "Tucson=a b", "Tucson=../x"]
)
def test_a_mapping_that_is_none_is_refused(given):
    with pytest.raises(ImportRefusedError, match="write it as"):
        named_of([given])


def test_an_outline_that_crosses_itself_is_mended_and_told(tmp_path):
    opened = open_map(geojson(tmp_path, [({"NAME": "Tucson"}, BOW_TIE)]))
    done = import_outlines(opened, tmp_path, Wishes(named={"tucson": "tucson"}), tucson_s_own())
    assert done.faults[0].at == 1
    assert "Tucson crossed itself and was mended" in done.faults[0].what
    found = jurisdictions(tmp_path)
    assert found.at(32.2, -110.98, 10).key == found.at(32.2, -110.82, 10).key == "tucson"


def test_an_outline_without_ground_is_refused_by_its_name(tmp_path):
    flat = polygon((-111.0, 32.1), (-110.9, 32.1), (-110.8, 32.1))
    opened = open_map(geojson(tmp_path, [({"NAME": "Tucson"}, flat)]))
    with pytest.raises(ImportRefusedError, match="record 1, Tucson: the outline holds no ground"):
        import_outlines(opened, tmp_path, Wishes(named={"tucson": "tucson"}), tucson_s_own())


def test_a_new_key_needs_its_kind_said(tmp_path):
    done = imported(tmp_path, [VAIL], "Vail CDP=vail", kind="municipality")
    assert done.taken == 1
    assert jurisdictions(tmp_path).at(32.05, -110.65, 10).key == "vail"


def test_every_outline_of_a_city_s_own_file_can_be_its(tmp_path):
    rows = [({"WARD": "1"}, TUCSON[1]), ({"WARD": "2"}, box(-110.8, 32.1, -110.7, 32.3))]
    opened = open_map(geojson(tmp_path, rows))
    wishes = Wishes(named=named_of(["*=tucson"]))
    assert import_outlines(opened, tmp_path, wishes, tucson_s_own()).taken == 1
    [feature] = imported_outlines(tmp_path).values()
    assert feature["geometry"]["type"] == "Polygon"


def test_running_it_again_gives_the_same_bytes_and_keeps_what_other_files_brought(tmp_path):
    imported(tmp_path, [TUCSON], "Tucson city=tucson")
    imported(tmp_path, [PASCUA])
    first = (tmp_path / IMPORTED).read_bytes()
    imported(tmp_path, [TUCSON], "Tucson city=tucson")
    imported(tmp_path, [PASCUA])
    assert (tmp_path / IMPORTED).read_bytes() == first
    assert set(imported_outlines(tmp_path)) == {"tucson", "pascua_pueblo_yaqui"}


@pytest.mark.parametrize("text", ["", "[]", '{"features": [1]}', '{"features": [{}]}'])
def test_a_damaged_import_is_named_at_the_start(tmp_path, text):
    path = tmp_path / IMPORTED
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(CityPackError) as found:
        imported_outlines(tmp_path)
    assert IMPORTED in found.value.mistakes[0]


def test_a_little_town_is_imported_by_command_and_answers_a_caller(tmp_path):
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("imported"))
    roads = roads_zip(
        tmp_path,
        [
            ({"FULLNAME": "E Quailrun St"}, line((-110.68, 32.05), (-110.62, 32.05))),
            ({"FULLNAME": "N Gilaflat Ave"}, line((-110.65, 32.03), (-110.65, 32.07))),
        ],
    )
    places = outlines_zip(tmp_path, [VAIL])
    before = load(pack).readers().place("gilaflat and quailrun", Language.EN)
    for arguments in (
        ["import-roads", str(roads)],
        ["import-outlines", str(places), "--as", "Vail CDP=littleville", "--kind", "municipality"],
    ):
        ran = CliRunner().invoke(main, [*arguments, "--pack", str(pack)])
        assert ran.exit_code == 0, ran.output
    town = load(pack)
    found = town.readers().place("gilaflat and quailrun", Language.EN)
    assert before is None or before.latitude is None
    assert (found.latitude, found.longitude) == pytest.approx((32.05, -110.65))
    assert (found.jurisdiction, found.certain) == ("littleville", True)
    assert "littleville" in {
        feature["properties"].get("key") for feature in town.base_map["features"]
    }


def test_the_command_refuses_with_what_to_do(tmp_path):
    ran = CliRunner().invoke(
        main, ["import-outlines", str(outlines_zip(tmp_path, [TUCSON])), "--pack", str(tmp_path)]
    )
    assert ran.exit_code == 1
    assert "name a city pack with --pack" in ran.output
