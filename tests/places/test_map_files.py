"""Files from elsewhere: whatever is in them, the importer says what is wrong and takes no harm."""

import struct
import zipfile

import pytest
import shapefile
from hypothesis import given, settings
from hypothesis import strategies as st

from config import map_file, map_records, shapefiles
from config.importing import ImportRefusedError
from config.importing_outlines import Wishes, import_outlines
from config.importing_roads import import_roads
from config.map_records import open_map
from tests.places.drawn_maps import box, geojson, line, shapefile_parts, zipped
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

ROADS = [
    ({"FULLNAME": "E Quailrun St", "MTFCC": "S1400"}, line((-110.62, 32.2), (-110.6, 32.2))),
    ({"FULLNAME": "N Cañada Ave", "MTFCC": "S1400"}, line((-110.61, 32.1), (-110.61, 32.3))),
]
PARTS = shapefile_parts(ROADS, shapefile.POLYLINE)


def at(data: bytes, offset: int, new: bytes) -> bytes:
    return data[:offset] + new + data[offset + len(new) :]


def names(opened):
    return [record.fields.get("FULLNAME") for record in opened.records]


def test_a_zip_a_shp_and_a_geojson_hold_the_same(tmp_path):
    zipped_file = zipped(tmp_path, PARTS)
    for part, data in PARTS.items():
        (tmp_path / f"bare.{part.upper()}").write_bytes(data)
    found = [
        [(record.number, dict(record.fields), record.shape["type"]) for record in opened.records]
        for opened in (
            open_map(zipped_file),
            open_map(tmp_path / "bare.SHP"),
            open_map(geojson(tmp_path, ROADS)),
        )
    ]
    assert found[0] == found[1] == found[2]
    assert found[0][1][1]["FULLNAME"] == "N Cañada Ave"


def test_an_encoding_is_taken_from_the_cpg_or_the_command(tmp_path):
    parts = shapefile_parts(ROADS, shapefile.POLYLINE, "latin-1")
    assert "N Cañada Ave" in names(open_map(zipped(tmp_path, {**parts, "cpg": b"ISO-8859-1"})))
    assert "N Cañada Ave" in names(open_map(zipped(tmp_path, {**parts, "cpg": b"1252\r\n"})))
    assert "N Cañada Ave" in names(open_map(zipped(tmp_path, parts), "latin-1"))


def test_a_name_in_another_encoding_is_told_by_its_record(tmp_path):
    opened = open_map(zipped(tmp_path, shapefile_parts(ROADS, shapefile.POLYLINE, "latin-1")))
    done = import_roads(opened, tmp_path)
    assert (done.taken, done.refused) == (1, 1)
    assert done.faults[0].at == 2
    assert "--encoding" in done.faults[0].what


SHP, DBF = PARTS["shp"], PARTS["dbf"]
BAD_PARTS = {
    "no dbf": ({"shp": SHP}, "dbf"),
    "no shp": ({"dbf": DBF}, "must hold one .shp; it holds none"),
    "empty shp": ({"shp": b"", "dbf": DBF}, "no shapefile"),
    "a picture": ({"shp": b"\x89PNG" * 100, "dbf": DBF}, "no shapefile"),
    "only a header": ({"shp": SHP[:100], "dbf": DBF}, "0 records"),
    "cut short": ({"shp": SHP[:-20], "dbf": DBF}, "damaged at its record 2"),
    "a length below nothing": (
        {"shp": at(SHP, 104, struct.pack(">i", -4)), "dbf": DBF},
        "damaged at its record 1",
    ),
    "a length without end": (
        {"shp": at(SHP, 104, struct.pack(">i", 2**31 - 1)), "dbf": DBF},
        "damaged at its record 1",
    ),
    "empty dbf": ({"shp": SHP, "dbf": b""}, "damaged"),
    "dbf cut in its header": ({"shp": SHP, "dbf": DBF[:40]}, "damaged"),
    "rows without end": ({"shp": SHP, "dbf": at(DBF, 4, b"\xff" * 4)}, "do not belong together"),
    "projected": ({**PARTS, "prj": b'PROJCS["NAD_1983_HARN_StatePlane"]'}, "in degrees"),
    "unknown encoding": ({**PARTS, "cpg": b"klingon"}, "--encoding"),
}


@pytest.mark.parametrize(("parts", "what"), BAD_PARTS.values(), ids=BAD_PARTS)
def test_a_shapefile_that_cannot_be_read_is_refused_with_the_reason(tmp_path, parts, what):
    with pytest.raises(ImportRefusedError, match=what):
        import_roads(open_map(zipped(tmp_path, parts)), tmp_path)


def test_a_shape_that_claims_too_many_points_is_told_by_its_record(tmp_path):
    lied = at(SHP, 100 + 8 + 40, struct.pack("<i", 2**31 - 1))
    [first, second] = open_map(zipped(tmp_path, {**PARTS, "shp": lied})).records
    assert "cannot be read" in first.wrong
    assert second.fields["FULLNAME"] == "N Cañada Ave"


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 50])
def test_what_is_no_zip_is_refused(tmp_path, data):
    path = tmp_path / "roads.zip"
    path.write_bytes(data)
    with pytest.raises(ImportRefusedError, match="not a zip that can be read"):
        open_map(path)


def test_a_zip_cut_short_or_changed_is_refused(tmp_path):
    path = zipped(tmp_path, PARTS)
    whole = path.read_bytes()
    for spoilt in (whole[:-30], whole[:60] + bytes(40) + whole[100:]):
        path.write_bytes(spoilt)
        with pytest.raises(ImportRefusedError, match="not a zip that can be read"):
            open_map(path)


def test_a_zip_of_two_maps_is_not_guessed_between(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.shp", "b.shp"):
            archive.writestr(name, SHP)
    with pytest.raises(ImportRefusedError, match=r"holds a\.shp, b\.shp"):
        open_map(path)


def test_names_in_a_zip_lead_nowhere(tmp_path):
    path = tmp_path / "inner" / "roads.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in PARTS.items():
            archive.writestr(f"../../escaped.{part}", data)
    assert len(names(open_map(path))) == 2
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["inner", "roads.zip"]


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    path = zipped(tmp_path, {**PARTS, "shp": SHP + bytes(3_000_000)})
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(shapefiles, "LARGEST", 1_000_000)
    with pytest.raises(ImportRefusedError, match="larger than 1000000 bytes"):
        open_map(path)


def test_a_zip_that_claims_less_than_it_holds_is_refused(tmp_path):
    path = zipped(tmp_path, {**PARTS, "shp": SHP + bytes(3_000_000)})
    claimed = struct.pack("<I", len(SHP) + 3_000_000)
    path.write_bytes(path.read_bytes().replace(claimed, struct.pack("<I", len(SHP))))
    with pytest.raises(ImportRefusedError, match="not a zip that can be read"):
        open_map(path)


def test_a_bare_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    for part, data in PARTS.items():
        (tmp_path / f"bare.{part}").write_bytes(data)
    monkeypatch.setattr(shapefiles, "LARGEST", 50)
    with pytest.raises(ImportRefusedError, match="larger"):
        open_map(tmp_path / "bare.shp")
    monkeypatch.setattr(map_records, "LARGEST", 50)
    with pytest.raises(ImportRefusedError, match="larger"):
        open_map(geojson(tmp_path, ROADS))


def test_too_many_records_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(map_file, "MOST_RECORDS", 1)
    for path in (zipped(tmp_path, PARTS), geojson(tmp_path, ROADS)):
        with pytest.raises(ImportRefusedError, match="2 records; 1 to 1"):
            open_map(path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "FeatureCollection"),
        (b'{"features": {}}', "FeatureCollection"),
        (b'{"features": []}', "0 records"),
        (b'{"features": ["\xff"]}', "UTF-8"),
        (b'{"crs": {"properties": {"name": "EPSG:2868"}}, "features": [1]}', "EPSG:2868"),
        (b'{"crs": 7, "features": [1]}', "without a name"),
    ],
)
def test_a_geojson_that_cannot_be_read_is_refused_with_the_reason(tmp_path, text, what):
    path = tmp_path / "map.geojson"
    path.write_bytes(text)
    with pytest.raises(ImportRefusedError, match=what):
        open_map(path)


def test_features_that_are_none_are_told_by_their_number(tmp_path):
    path = tmp_path / "map.json"
    path.write_text('{"features": [1, null, {"properties": 3, "geometry": 4}, {}]}', "utf-8")
    records = list(open_map(path).records)
    assert [bool(record.wrong) for record in records] == [True, True, False, False]
    assert [record.shape for record in records] == [None] * 4


@settings(max_examples=60, deadline=None)
@given(part=st.sampled_from(["shp", "dbf"]), offset=st.integers(0, 500), new=st.binary(max_size=8))
def test_whatever_bytes_are_spoilt_nothing_but_a_refusal_comes_out(
    tmp_path_factory, part, offset, new
):
    folder = tmp_path_factory.mktemp("spoilt")
    parts = {**PARTS, part: at(PARTS[part], min(offset, len(PARTS[part])), new)}
    try:
        done = import_roads(open_map(zipped(folder, parts)), folder)
    except ImportRefusedError:
        return
    assert done.taken + done.refused + done.passed_over >= 1


def test_roads_are_no_outlines_and_outlines_no_roads(tmp_path):
    area = [({"FULLNAME": "E Quailrun St", "NAMELSAD": "x"}, box(-110.62, 32.2, -110.6, 32.3))]
    with pytest.raises(ImportRefusedError, match="Polygon, not lines"):
        import_roads(open_map(geojson(tmp_path, area)), tmp_path)
    with pytest.raises(ImportRefusedError, match="LineString, not a polygon"):
        import_outlines(
            open_map(geojson(tmp_path, [({"NAME": "x"}, ROADS[0][1])])),
            tmp_path,
            Wishes(named={"x": "tucson"}),
            tucson().jurisdictions.areas,
        )
