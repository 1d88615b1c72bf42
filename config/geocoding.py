"""The geocoder that a city pack names, made ready for calls: off unless the pack has one.

Chooses the real service; what a geocoder is and may cost a call is `ivr.places`' own.
"""

from collections.abc import Mapping

from ivr.places.finder import Betterment
from ivr.places.guarded_geocoder import GuardedGeocoder
from ivr.places.http_geocoders import SERVICES, HttpGeocoder


def betterment_of(given: object, faults: list[str]) -> Betterment | None:
    """Read `geocoder: {service, url, around}` of pack.yaml; None when the pack has none."""
    if given is None:
        return None
    row = given if isinstance(given, Mapping) else {}
    service, url, around = (str(row.get(key) or "") for key in ("service", "url", "around"))
    found = []
    if service not in SERVICES:
        found.append(f"service {service!r} is none of {', '.join(SERVICES)}")
    if not url.startswith(("https://", "http://127.0.0.1:")):
        found.append(f"url {url!r} does not begin with https://")
    if not around:
        found.append("around is missing: the city and state that follow a street")
    faults.extend(f"pack.yaml: geocoder: {fault}" for fault in found)
    if found:
        return None
    return Betterment(GuardedGeocoder(HttpGeocoder(SERVICES[service], url)), around)
