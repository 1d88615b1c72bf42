"""Geocoders over HTTP: US Census, Nominatim, Pelias and ArcGIS-style locators.

Each is an address, the parameters of a question and a reader of the answer. What comes back is
foreign: a shape that does not fit is an error, never a point. Sends the place alone, nothing of
the caller. Knows no call; waiting, breaking and remembering are `guarded_geocoder`'s.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from ivr.places.geocoder import Geocoded, GeocoderError

CONNECT_SECONDS = 0.7
READ_SECONDS = 1.2
LARGEST_ANSWER = 200_000
"""Bytes of an answer that are read."""
_HEADERS = {"User-Agent": "OldPueblo311 (municipal 311 line)", "Accept": "application/json"}

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What a foreign shape raises in a reader."""
EXACT_METRES = 50.0
ALONG_STREET_METRES = 120.0
"""A house number placed along its block, as the Census does it."""
VAGUE_METRES = 1000.0
"""The middle of a street or a town: better than nothing and said to be so."""


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of geocoder: path, parameters of a question, and the reader of its answer."""

    path: str
    parameters: Callable[[str], Mapping[str, str]]
    read: Callable[[Any], Geocoded | None]


@dataclass(frozen=True, slots=True)
class HttpGeocoder:
    """A geocoder at `url`, spoken to as `service` is spoken to."""

    service: Service
    url: str

    def locate(self, text: str) -> Geocoded | None:
        """Ask the service.

        Raises:
            GeocoderError: not reached, not in time, not 200, or not the shape it should be.
        """
        answer = self._asked(text)
        try:
            return self.service.read(json.loads(answer))
        except UNREADABLE as wrong:
            raise GeocoderError(f"geocoder: unreadable answer ({type(wrong).__name__})") from wrong

    def _asked(self, text: str) -> bytes:
        try:
            with requests.get(
                self.url.rstrip("/") + self.service.path,
                params=dict(self.service.parameters(text)),
                headers=_HEADERS,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise GeocoderError(f"geocoder: status {response.status_code}")
                return _body(response)
        except requests.RequestException as lost:
            raise GeocoderError(f"geocoder: {type(lost).__name__}") from lost


def _body(response: requests.Response) -> bytes:
    body = b""
    for part in response.iter_content(16_384):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise GeocoderError("geocoder: the answer is too long")
    return body


def _point(latitude: object, longitude: object, metres: float, matched: object) -> Geocoded:
    """A point out of foreign numbers.

    Raises:
        ValueError, TypeError: not numbers, or not on the globe.
    """
    north, east = float(str(latitude)), float(str(longitude))
    if not (math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        raise ValueError("not on the globe")
    return Geocoded(north, east, metres, metres <= EXACT_METRES, str(matched)[:200])


# US Census: house numbers along TIGER lines; no corners.


def _census(answer: Any) -> Geocoded | None:
    matches = answer["result"]["addressMatches"]
    if not matches:
        return None
    at = matches[0]["coordinates"]
    return _point(at["y"], at["x"], ALONG_STREET_METRES, matches[0].get("matchedAddress", ""))


# Nominatim: OpenStreetMap.

_NOMINATIM_METRES = {"house": EXACT_METRES, "building": EXACT_METRES, "place": EXACT_METRES}


def _nominatim(answer: Any) -> Geocoded | None:
    if not isinstance(answer, list):
        raise TypeError("not a list")
    if not answer:
        return None
    best = answer[0]
    kind = best.get("addresstype") or best.get("type") or ""
    metres = _NOMINATIM_METRES.get(kind, VAGUE_METRES)
    return _point(best["lat"], best["lon"], metres, best.get("display_name", ""))


# Pelias.

_PELIAS_METRES = {"point": EXACT_METRES, "interpolated": ALONG_STREET_METRES}
_PELIAS_SURE = 0.8


def _pelias(answer: Any) -> Geocoded | None:
    features = answer["features"]
    if not features:
        return None
    told = features[0]["properties"]
    longitude, latitude = features[0]["geometry"]["coordinates"][:2]
    metres = _PELIAS_METRES.get(told.get("accuracy", ""), VAGUE_METRES)
    if float(told.get("confidence", 0)) < _PELIAS_SURE:
        metres = VAGUE_METRES
    return _point(latitude, longitude, metres, told.get("label", ""))


# ArcGIS GeocodeServer, as cities and counties run it.

_ARCGIS_METRES = {
    "PointAddress": EXACT_METRES,
    "Subaddress": EXACT_METRES,
    "StreetInt": EXACT_METRES,
    "StreetAddress": ALONG_STREET_METRES,
}
_ARCGIS_SURE = 85.0


def _arcgis(answer: Any) -> Geocoded | None:
    if "error" in answer:
        raise ValueError("an error in the answer")
    candidates = answer["candidates"]
    if not candidates or float(candidates[0].get("score", 0)) < _ARCGIS_SURE:
        return None
    best = candidates[0]
    kind = best.get("attributes", {}).get("Addr_type", "")
    metres = _ARCGIS_METRES.get(kind, VAGUE_METRES)
    return _point(best["location"]["y"], best["location"]["x"], metres, best.get("address", ""))


SERVICES: Mapping[str, Service] = {
    "census": Service(
        "/geocoder/locations/onelineaddress",
        lambda text: {"address": text, "benchmark": "Public_AR_Current", "format": "json"},
        _census,
    ),
    "nominatim": Service(
        "/search",
        lambda text: {"q": text, "format": "jsonv2", "limit": "1", "countrycodes": "us"},
        _nominatim,
    ),
    "pelias": Service("/v1/search", lambda text: {"text": text, "size": "1"}, _pelias),
    "arcgis": Service(
        "/findAddressCandidates",
        lambda text: {
            "SingleLine": text,
            "f": "json",
            "maxLocations": "1",
            "outSR": "4326",
            "outFields": "Addr_type",
        },
        _arcgis,
    ),
}
"""By the name that a city pack gives under `geocoder: service`."""
