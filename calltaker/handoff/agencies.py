"""The agencies beside us, as the city publishes them: who they are, what they may know, their keys.

A document of the city pack (`first/agencies.yaml`), published like every other; every mistake is
named. Knows no row and no request.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from calltaker.handoff import identifiers, registries
from ivr.rules.dialling import is_domestic
from models.states import Language

Word = TypeVar("Word", bound=StrEnum)


LEVELS = ("emergency", "urgent", "routine", "information")


class Right(StrEnum):
    """What a receiver may know beyond place, type and priority."""

    NUMBER = "number"
    WORDS = "words"
    ANSWERS = "answers"
    NOTES = "notes"
    HEALTH = "health"
    """Words, answers and notes of a contact about somebody's health."""


class AgenciesError(ValueError):
    """The document cannot be used; `mistakes` names every one."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Ourselves:
    """How we name ourselves and our city in a packet. `civic` holds what every place here shares."""

    domain: str
    agency_type: str
    element: str
    civic: Mapping[str, str]
    cities: Mapping[str, str]
    """Names of towns by jurisdiction."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A centre that calls are handed to or come from.

    `keys` are Ed25519 public keys (32 bytes) by key id; `address` is the origin of their own door,
    "" where they have none; `trunks` are numbers of ours that only they ring; `header` the secret
    that their SIP trunk sends; `return_to` the destination that a call of theirs goes back to.
    """

    key: str
    domain: str
    name: Mapping[Language, str]
    agency_type: str
    destinations: tuple[str, ...]
    rights: frozenset[Right]
    trunks: tuple[str, ...] = ()
    return_to: str = ""
    address: str = ""
    keys: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agencies:
    """The whole document. Seconds are waits; `levels` give each level's least and most priority."""

    ourselves: Ourselves
    agencies: Mapping[str, Agency]
    levels: Mapping[str, tuple[int, int]]
    unknown_type: str
    health_types: frozenset[str]
    acknowledge_within_seconds: float
    answer_within_seconds: float
    announced_for_seconds: float
    clock_skew_seconds: float

    def by_domain(self, domain: str) -> Agency | None:
        """The agency of this name, None where we do not know it."""
        return next((each for each in self.agencies.values() if each.domain == domain), None)

    def by_destination(self, destination: str) -> Agency | None:
        """Whose line a destination of the transfer is."""
        found = (a for a in self.agencies.values() if destination in a.destinations)
        return next(found, None)

    def by_trunk(self, number: str) -> Agency | None:
        """Who rings a number that only one agency rings."""
        return next((a for a in self.agencies.values() if number in a.trunks), None)


_RIGHTS = frozenset(right.value for right in Right)
_TOP = {"key", "us", "agencies", "levels", "unknown_type", "health_types", "seconds"}
_WAITS = ("acknowledge_within", "answer_within", "announced_for", "clock_skew")
_AGENCY = {"domain", "name", "agency_type", "destinations", "rights", "trunks", "return_to"} | {
    "address",
    "keys",
}


def read(document: object) -> Agencies:
    """Check the document and make it values.

    Raises:
        AgenciesError: naming every mistake.
    """
    reader = _Reader()
    agencies = reader.whole(document)
    if reader.mistakes:
        raise AgenciesError(reader.mistakes)
    return agencies


class _Reader:
    """Reads the document and collects what is wrong with it."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def whole(self, document: object) -> Agencies:
        given = self._map("agencies.yaml", document)
        self._only("agencies.yaml", given, _TOP)
        waits = self._map("seconds", given.get("seconds"))
        rows = self._map("agencies", given.get("agencies"))
        agencies = {str(key): self._agency(str(key), row) for key, row in rows.items()}
        self._once(agencies)
        return Agencies(
            ourselves=self._ourselves(given.get("us")),
            agencies=agencies,
            levels=dict(self._levels(given.get("levels"))),
            unknown_type=self._text("unknown_type", given.get("unknown_type")),
            health_types=frozenset(self._texts("health_types", given.get("health_types"))),
            **{f"{name}_seconds": self._wait(name, waits) for name in _WAITS},
        )

    def _ourselves(self, row: object) -> Ourselves:
        given = self._map("us", row)
        return Ourselves(
            domain=self._domain("us", given.get("domain")),
            agency_type=self._agency_type("us", given.get("agency_type")),
            element=self._text("us: element", given.get("element")),
            civic=self._text_map("us: civic", given.get("civic")),
            cities=self._text_map("us: cities", given.get("cities")),
        )

    def _agency(self, key: str, row: object) -> Agency:
        given = self._map(key, row)
        self._only(key, given, _AGENCY)
        destinations = self._texts(f"{key}: destinations", given.get("destinations"))
        return_to = str(given.get("return_to") or (destinations[0] if destinations else ""))
        if return_to and return_to not in destinations:
            self.mistakes.append(f"{key}: return_to {return_to!r} is not one of its destinations")
        names = self._text_map(f"{key}: name", given.get("name"))
        if any(not names.get(each.value) for each in Language):
            self.mistakes.append(f"{key}: has no name in every language")
        return Agency(
            key=key,
            domain=self._domain(key, given.get("domain")),
            name={each: names.get(each.value, "") for each in Language},
            agency_type=self._agency_type(key, given.get("agency_type")),
            destinations=tuple(destinations),
            rights=frozenset(self._rights(key, given.get("rights"))),
            trunks=tuple(self._trunks(key, given.get("trunks", []))),
            return_to=return_to,
            address=self._address(key, given.get("address", "")),
            keys=dict(self._keys(key, given.get("keys", {}))),
        )

    def _once(self, agencies: Mapping[str, Agency]) -> None:
        """A name, a trunk or a destination that two agencies share would name neither."""
        seen: dict[str, str] = {}
        for agency in agencies.values():
            for word in (agency.domain, *agency.trunks, *agency.destinations):
                if word and seen.setdefault(word, agency.key) != agency.key:
                    self.mistakes.append(f"{agency.key}: {word} belongs to {seen[word]} already")

    def _levels(self, given: object) -> Iterator[tuple[str, tuple[int, int]]]:
        for level, pair in self._map("levels", given).items():
            whole = isinstance(pair, list) and [type(each) for each in pair] == [int, int]
            if not whole or not 0 <= pair[0] <= pair[1] <= 10:
                self.mistakes.append(f"levels: {level}: write [least, most], from 0 to 10")
                continue
            yield str(level), (pair[0], pair[1])
        known = given if isinstance(given, Mapping) else {}
        self.mistakes.extend(f"levels: {each} is missing" for each in LEVELS if each not in known)

    def _rights(self, key: str, given: object) -> Iterator[Right]:
        for word in self._texts(f"{key}: rights", given):
            if word not in _RIGHTS:
                known = ", ".join(Right)
                self.mistakes.append(f"{key}: right {word!r} is not one of {known}")
                continue
            yield Right(word)

    def _trunks(self, key: str, given: object) -> Iterator[str]:
        for number in self._texts(f"{key}: trunks", given):
            if not is_domestic(number):
                self.mistakes.append(f"{key}: trunk {number!r} is no number like +15205550104")
            yield number

    def _keys(self, key: str, given: object) -> Iterator[tuple[str, bytes]]:
        for name, text in self._map(f"{key}: keys", given).items():
            try:
                raw = base64.b64decode(str(text), validate=True)
            except (binascii.Error, ValueError):
                raw = b""
            if len(raw) != 32:
                self.mistakes.append(f"{key}: key {name!r}: write base64 of 32 bytes (Ed25519)")
                continue
            yield str(name), raw

    def _address(self, key: str, given: object) -> str:
        address = str(given or "")
        parts = urlsplit(address)
        local = parts.hostname in ("127.0.0.1", "localhost")
        bad = parts.scheme != "https" and not (parts.scheme == "http" and local)
        if address and (bad or not parts.netloc or parts.path.strip("/") or parts.username):
            self.mistakes.append(
                f"{key}: address {address!r} is no origin like https://911.example"
            )
        return address.rstrip("/")

    def _domain(self, where: str, given: object) -> str:
        if not identifiers.is_agency(given):
            self.mistakes.append(f"{where}: domain {given!r} is no name like 911.example.gov")
        return str(given)

    def _agency_type(self, where: str, given: object) -> str:
        if not isinstance(given, str) or given not in registries.AGENCY_TYPES:
            known = ", ".join(sorted(registries.AGENCY_TYPES))
            self.mistakes.append(f"{where}: agency_type {given!r} is not one of {known}")
        return str(given)

    def _wait(self, name: str, waits: Mapping[str, Any]) -> float:
        value = waits.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self.mistakes.append(f"seconds: {name}: {value!r} is no number of seconds")
            return 1.0
        return float(value)

    def _map(self, where: str, given: object) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self.mistakes.append(f"{where}: is not a map")
            return {}
        return given

    def _only(self, where: str, given: Mapping[str, Any], known: set[str]) -> None:
        self.mistakes.extend(
            f"{where}: {each!r} is not known" for each in given if each not in known
        )

    def _text(self, where: str, given: object) -> str:
        if not isinstance(given, str) or not given:
            self.mistakes.append(f"{where}: is missing")
        return str(given or "")

    def _texts(self, where: str, given: object) -> list[str]:
        if not isinstance(given, list) or any(not isinstance(each, str) for each in given):
            self.mistakes.append(f"{where}: is not a list of texts")
            return []
        return given

    def _text_map(self, where: str, given: object) -> dict[str, str]:
        return {str(key): str(value) for key, value in self._map(where, given).items()}
