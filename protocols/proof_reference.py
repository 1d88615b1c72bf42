"""What a protocol is held against: places to go, codes, languages, limits; E13, E14, E16.

All of it is handed in as data, the opening hours as a reader. Knows no city
pack, no directory and no clock.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.proof_findings import Finding, Purpose, Severity
from protocols.script import DestinationKind, Determinant, Protocol

DAYS_AHEAD: Final = 400
QUARTER: Final = timedelta(minutes=15)
BY_JURISDICTION: Final = "by_jurisdiction"

Opening = Callable[[datetime], bool]
Closings = dict[frozenset[Opening], datetime | None]
"""When nobody of several is open, by their openings: looked for once, whoever leads there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a contact can go. `key` is kind and key, such as `referral:crisis_line`.

    `is_open` reads an aware moment; None means day and night. `fallback` is the
    key of the place that takes over. `dialled` places have a number, which
    somebody must have verified on `verified_on` (a moment).
    """

    key: str
    is_open: Opening | None = None
    fallback: str | None = None
    dialled: bool = False
    verified_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What the gate holds a protocol against.

    `places` by key; `targets_of_911` are the answering points of each
    jurisdiction served. `longest_verified` is how long a verified number stays
    so. `grades` is the highest reading grade by language. `jumps` has every
    protocol's id with those it jumps to, `placeholders` the names in texts that
    the desk fills in. `now` is aware and in
    the city's own zone: the quarter hours of 400 days are counted from its midnight.
    """

    now: datetime
    places: Mapping[str, Place]
    targets_of_911: Mapping[str, tuple[Place, ...]]
    common_codes: frozenset[str]
    request_codes: frozenset[str]
    languages: tuple[str, ...] = ("en", "es")
    grades: Mapping[str, float] = field(default_factory=dict)
    danger_question: str | None = "danger_now"
    longest_verified: timedelta = timedelta(days=365)
    jumps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    placeholders: frozenset[str] = frozenset()


def transfers(protocol: Protocol, reference: Reference) -> Iterator[Finding]:
    """E13: find emergencies that nobody takes somewhere, or that come without spoken words."""
    for determinant in protocol.determinants:
        if determinant.emergency:
            yield from _without_target(determinant, reference)
            yield from _without_script(determinant, reference)


def _without_target(determinant: Determinant, reference: Reference) -> Iterator[Finding]:
    key = determinant.destination.key
    if key == BY_JURISDICTION:
        missing = [name for name, targets in reference.targets_of_911.items() if not targets]
        if not reference.targets_of_911:
            missing = ["any"]
    else:
        missing = [] if f"911:{key}" in reference.places else list(reference.targets_of_911)
    for jurisdiction in missing:
        yield _finding(
            "E13",
            determinant,
            f'no transfer target for jurisdiction "{jurisdiction}"',
            "name an answering point for it among the destinations",
        )


def _without_script(determinant: Determinant, reference: Reference) -> Iterator[Finding]:
    for language in reference.languages:
        if not _said(determinant, language):
            mend = f"write the script in {language}"
            yield _finding("E13", determinant, "nothing to say to the caller", mend, language)


def _said(determinant: Determinant, language: str) -> bool:
    try:
        return bool(determinant.script[language].strip())
    except KeyError:  # a language the document's format does not have
        return False


def codes(protocol: Protocol, reference: Reference) -> Iterator[Finding]:
    """E16: find determinants without a common code or with a request code nobody knows."""
    for determinant in protocol.determinants:
        if determinant.common_code not in reference.common_codes:
            message = f"no common code {determinant.common_code!r}"
            yield _finding("E16", determinant, message, "take one of the common incident types")
        request = determinant.request_code
        if request is not None and request not in reference.request_codes:
            message = f"no request code {request!r}"
            yield _finding("E16", determinant, message, "take a category's slug, or none")


def unmet(
    protocols: Iterable[Protocol], reference: Reference
) -> Iterator[tuple[Protocol, Finding]]:
    """Find where other places, hours or codes leave protocols without one: E13, E14, E16.

    For protocols that stand, while the city changes around them. Reads no answers, so all of a
    city's are held in one go. That a number's verification grows old is no change of the city's,
    and is left out.
    """
    closings: Closings = {}
    for protocol in protocols:
        found = (
            *transfers(protocol, reference),
            *destinations(protocol, reference, Purpose.DEMONSTRATION, closings),
            *codes(protocol, reference),
        )
        for one in found:
            if one.severity is Severity.ERROR:
                yield protocol, one


def destinations(
    protocol: Protocol,
    reference: Reference,
    purpose: Purpose,
    closings: Closings | None = None,
) -> Iterator[Finding]:
    """E14: find destinations unknown, closed with nobody in their place, or unverified."""
    chains: dict[str, list[Place]] = {}
    known: Closings = {} if closings is None else closings
    for determinant in protocol.determinants:
        for key in _places(determinant, reference):
            if key not in chains:
                chains[key], fault = _chain(key, reference)
                closed = None if fault else _closed(chains[key], reference.now, known)
                yield from _faults(fault, closed, chains[key], determinant)
    places = {place.key: place for chain in chains.values() for place in chain}
    yield from _unverified(list(places.values()), reference, purpose)


def _places(determinant: Determinant, reference: Reference) -> tuple[str, ...]:
    destination = determinant.destination
    if destination.kind is DestinationKind.NINE_ONE_ONE and destination.key == BY_JURISDICTION:
        targets = [place for row in reference.targets_of_911.values() for place in row]
        return tuple(dict.fromkeys(place.key for place in targets))
    return (f"{destination.kind}:{destination.key}",)


def _faults(
    fault: str, closed: datetime | None, chain: list[Place], determinant: Determinant
) -> Iterator[Finding]:
    if fault:
        yield _finding("E14", determinant, fault, "add it to the directory, or mend its fall-back")
    if closed is not None:
        keys = " and ".join(place.key for place in chain)
        message = f"{keys} closed {closed:%a %Y-%m-%d %H:%M}"
        yield _finding("E14", determinant, message, "name a fall-back that is open then")


def _chain(key: str, reference: Reference) -> tuple[list[Place], str]:
    """Follow the fall-backs; what is wrong with them comes second."""
    chain: list[Place] = []
    following: str | None = key
    while following is not None:
        place = reference.places.get(following)
        if place is None:
            return chain, f'no destination "{following}"'
        if place in chain:
            return chain, f"fall-backs turn in a circle: {' → '.join(p.key for p in chain)}"
        chain.append(place)
        following = place.fallback
    return chain, ""


def _closed(chain: list[Place], now: datetime, known: Closings) -> datetime | None:
    """Find the first quarter hour of the 400 days at which nobody of the chain is open."""
    readers = [place.is_open for place in chain if place.is_open is not None]
    if len(readers) < len(chain):
        return None
    openings = frozenset(readers)
    if openings not in known:
        known[openings] = _first_closed(openings, now)
    return known[openings]


def _first_closed(openings: frozenset[Opening], now: datetime) -> datetime | None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight.astimezone(UTC)
    for quarter in range(DAYS_AHEAD * 24 * 4):
        moment = start + quarter * QUARTER
        if not any(is_open(moment) for is_open in openings):
            return moment.astimezone(now.tzinfo)
    return None


def _unverified(places: list[Place], reference: Reference, purpose: Purpose) -> Iterator[Finding]:
    """Tell of all numbers at once: one telephone call to the directory's keeper mends them."""
    since = {place.key: place.verified_on for place in places if place.dialled}
    oldest = reference.now - reference.longest_verified
    stale = [key for key, on in since.items() if on is None or on < oldest]
    if stale:
        severity = Severity.ERROR if purpose is Purpose.LIVE else Severity.WARNING
        message = f"numbers never verified, or too long ago: {', '.join(stale)}"
        mend = "have somebody verify them, and enter the day"
        yield Finding("E14", severity, "destinations", message, mend)


def _finding(
    code: str,
    determinant: Determinant,
    message: str,
    mend: str,
    language: str = "",
) -> Finding:
    where = f"determinant {determinant.id}"
    return Finding(code, Severity.ERROR, where, message, mend, language)
