"""Geocoders over HTTP: read in their own shapes, never waited for too long, never believed blindly.

The answers have the shapes that the services give; every place in them is invented.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.places.finder import Betterment, place_reader
from ivr.places.geocoder import Geocoded, GeocoderError
from ivr.places.guarded_geocoder import AT_ONCE, GuardedGeocoder, Patience
from ivr.places.http_geocoders import SERVICES, UNREADABLE, HttpGeocoder
from ivr.rules.menu import CallerInput, MenuState, answer
from models.states import Language
from tests.rules.tucson_pack import tucson

pytestmark = pytest.mark.rules

CENSUS = {
    "result": {
        "input": {"benchmark": {"benchmarkName": "Public_AR_Current"}},
        "addressMatches": [
            {
                "tigerLine": {"side": "L", "tigerLineId": "1"},
                "coordinates": {"x": -110.9391, "y": 32.2361},
                "matchedAddress": "2200 E SPEEDWAY BLVD, TUCSON, AZ, 85719",
            }
        ],
    }
}
NOMINATIM = [
    {
        "place_id": 1,
        "lat": "32.2361",
        "lon": "-110.9391",
        "category": "place",
        "type": "house",
        "addresstype": "house",
        "display_name": "2200, East Speedway Boulevard, Tucson",
    }
]
PELIAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [-110.9391, 32.2361]},
            "properties": {"accuracy": "point", "confidence": 1, "label": "2200 E Speedway Blvd"},
        }
    ],
}
ARCGIS = {
    "spatialReference": {"wkid": 4326},
    "candidates": [
        {
            "address": "2200 E SPEEDWAY BL",
            "location": {"x": -110.9391, "y": 32.2361},
            "score": 98.5,
            "attributes": {"Addr_type": "PointAddress"},
        }
    ],
}
ANSWERS = {
    "census": (CENSUS, "address", False),
    "nominatim": (NOMINATIM, "q", True),
    "pelias": (PELIAS, "text", True),
    "arcgis": (ARCGIS, "SingleLine", True),
}
NOTHING = {
    "census": {"result": {"addressMatches": []}},
    "nominatim": [],
    "pelias": {"features": []},
    "arcgis": {"candidates": []},
}


@contextmanager
def served(body: bytes, status: int = 200):
    """A service on a free port of this machine; yields its address and the questions it got."""
    asked: list[dict] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked.append({"path": parts.path, **parse_qs(parts.query)})
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_asked_and_read_in_its_own_shape(name):
    answer, parameter, is_exact = ANSWERS[name]
    with served(json.dumps(answer).encode()) as (url, asked):
        found = HttpGeocoder(SERVICES[name], url).locate("2200 E Speedway, Tucson, AZ")
    assert (found.latitude, found.longitude) == (32.2361, -110.9391)
    assert found.is_exact is is_exact
    assert asked[0]["path"] == SERVICES[name].path
    assert asked[0][parameter] == ["2200 E Speedway, Tucson, AZ"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_place_that_the_service_does_not_know_is_none(name):
    with served(json.dumps(NOTHING[name]).encode()) as (url, _):
        assert HttpGeocoder(SERVICES[name], url).locate("nowhere") is None


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (302, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b"3"),
        (200, b'{"error": {}}'),
    ],
)
def test_an_answer_that_cannot_be_used_is_an_error(name, status, body):
    with served(body, status) as (url, _), pytest.raises(GeocoderError):
        HttpGeocoder(SERVICES[name], url).locate("2200 E Speedway")


def test_an_answer_nested_beyond_reading_is_an_error():
    with served(b"[" * 100_000) as (url, _), pytest.raises(GeocoderError, match="unreadable"):
        HttpGeocoder(SERVICES["pelias"], url).locate("2200 E Speedway")


def test_an_endless_answer_is_cut():
    with served(b"[" * 300_000) as (url, _), pytest.raises(GeocoderError, match="too long"):
        HttpGeocoder(SERVICES["nominatim"], url).locate("2200 E Speedway")


def test_a_service_that_is_not_there_is_an_error():
    with served(b"") as (url, _):
        pass
    with pytest.raises(GeocoderError):
        HttpGeocoder(SERVICES["pelias"], url).locate("2200 E Speedway")


@pytest.mark.parametrize("name", SERVICES)
@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["result", "addressMatches", "features", "candidates", "lat", "lon"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    )
)
def test_no_answer_whatever_gives_a_point_off_the_globe(name, answer):
    try:
        found = SERVICES[name].read(json.loads(json.dumps(answer)))
    except UNREADABLE:
        return
    assert found is None or (abs(found.latitude) <= 90 and abs(found.longitude) <= 180)


# Waiting, breaking, remembering.

HERE = Geocoded(32.2361, -110.9391, 50.0, is_exact=True, matched="here")


@dataclass
class Scripted:
    """A geocoder that records what it is asked and answers as it is told."""

    answer: Geocoded | None = HERE
    fails: bool = False
    asked: list[str] = field(default_factory=list)
    opened: Event = field(default_factory=Event)

    def __post_init__(self):
        self.opened.set()

    def locate(self, text):
        self.asked.append(text)
        self.opened.wait(20)
        if self.fails:
            raise GeocoderError("refused")
        return self.answer


def test_an_answer_is_remembered():
    inner = Scripted()
    guarded = GuardedGeocoder(inner)
    assert [guarded.locate("a"), guarded.locate("a")] == [HERE, HERE]
    assert inner.asked == ["a"]


def test_a_slow_service_is_not_waited_for_and_its_late_answer_serves_the_next():
    inner = Scripted()
    inner.opened.clear()
    guarded = GuardedGeocoder(inner, Patience(limit_seconds=0.02))
    assert guarded.locate("a") is None
    inner.opened.set()
    guarded._threads.shutdown(wait=True)
    assert guarded.locate("a") == HERE


def test_a_hanging_service_takes_no_more_than_a_few_threads():
    inner = Scripted()
    inner.opened.clear()
    guarded = GuardedGeocoder(inner, Patience(limit_seconds=0.01, failures=100))
    assert [guarded.locate(str(number)) for number in range(AT_ONCE + 3)] == [None] * (AT_ONCE + 3)
    inner.opened.set()
    guarded._threads.shutdown(wait=True)
    assert len(inner.asked) == AT_ONCE


def test_a_failing_service_is_left_alone_for_a_while_and_then_tried_again():
    now = [0.0]
    inner = Scripted(fails=True)
    patience = Patience(failures=3, rest_seconds=30)
    guarded = GuardedGeocoder(inner, patience, clock=lambda: now[0])
    for number in range(5):
        assert guarded.locate(str(number)) is None
    assert len(inner.asked) == 3
    now[0], inner.fails = 30.0, False
    assert guarded.locate("again") == HERE


def test_a_fault_of_the_adapter_costs_the_caller_nothing():
    class Broken:
        def locate(self, text):
            raise ZeroDivisionError

    assert GuardedGeocoder(Broken()).locate("a") is None


# What becomes of the answer.


def found_with(answer: Geocoded | None, text: str):
    inner = Scripted(answer)
    reader = place_reader(
        tucson().gazetteer, tucson().jurisdictions, Betterment(GuardedGeocoder(inner), "Tucson, AZ")
    )
    return reader(text, Language.EN), inner.asked


def test_a_better_point_takes_the_place_of_the_approximate_one():
    found, asked = found_with(HERE, "2200 east speedway")
    assert (found.latitude, found.uncertainty_metres, found.approximate) == (32.2361, 50.0, False)
    assert found.text == "2200 East Speedway Boulevard"
    assert asked == ["2200 East Speedway Boulevard, Tucson, AZ"]


def test_without_an_answer_the_embedded_one_stands():
    found, _ = found_with(None, "2200 east speedway")
    assert found.approximate
    assert found.latitude == pytest.approx(32.2360)


def test_a_point_of_the_same_name_elsewhere_is_not_believed():
    elsewhere = Geocoded(33.45, -112.07, 50.0, is_exact=True, matched="another town")
    found, _ = found_with(elsewhere, "2200 east speedway")
    assert found.approximate
    assert found.jurisdiction == "tucson"
    unknown, _ = found_with(elsewhere, "415 west calle alegria")
    assert unknown.latitude is None


@contextmanager
def never_in_time():
    """A service that takes every question and answers when all is over; yields its address."""
    over, asked = Event(), []

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            over.wait(5)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def test_a_slow_geocoder_leaves_the_call_with_the_embedded_answer_and_is_then_left_alone():
    said = [f"{number} east speedway" for number in (2200, 2300, 2400, 2500, 2600)]
    with never_in_time() as (url, asked):
        guarded = GuardedGeocoder(HttpGeocoder(SERVICES["nominatim"], url), Patience(0.05))
        pack = replace(tucson(), betterment=Betterment(guarded, "Tucson, AZ"))
        menu, around = pack.menu, pack.readers()
        for address in said:
            state = MenuState("where", language_chosen=True, asked=True)
            turn = answer(menu, state, CallerInput(speech=address), datetime.now(UTC), around)
            assert turn.state.node == "read_back"
            assert turn.state.place.approximate
            assert turn.state.place.jurisdiction == "tucson"
        assert len(asked) <= Patience().failures
    assert Patience().limit_seconds == 1.5


def test_a_street_that_only_the_geocoder_knows_gets_its_point_and_jurisdiction():
    found, _ = found_with(HERE, "415 west calle alegria")
    assert (found.latitude, found.jurisdiction) == (32.2361, "tucson")


@pytest.mark.parametrize("text", ["2200 speedway", "near reid park", "casino del sol", "no place"])
def test_a_geocoder_is_not_asked_to_guess(text):
    assert found_with(HERE, text)[1] == []


def test_a_point_on_tribal_land_is_handed_to_a_person():
    tribal = Geocoded(32.107, -111.008, 50.0, is_exact=True, matched="somewhere")
    found, _ = found_with(tribal, "415 west calle alegria")
    assert found.tribal
    assert not found.certain
