"""Loads a city pack: everything that makes this line one city's, checked whole at the start.

The pack is data in a folder; nothing in it is trusted. Every fault is named at once, with its
file. Hands down plain values: the line never reads the pack itself.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from calltaker.handoff import agencies
from calltaker.handoff.agencies import Agencies, AgenciesError
from config.base_map import base_map
from config.city_parts import SentenceBook, at_the_desk_of, human_line_of, sentences_of, voices_of
from config.directory import Destinations, read_destinations
from config.geocoding import betterment_of
from config.holidays import hours_of
from config.importing_addresses import address_points
from config.importing_outlines import imported_outlines, with_imported
from config.importing_roads import imported_streets
from config.music import Music, music_of
from config.skill_groups import skill_groups_of
from config.tags import tags_of
from config.yaml_text import read_yaml
from ivr.errors import CityPackError, MenuError
from ivr.places.finder import Betterment, place_amender, place_at, place_reader
from ivr.places.gazetteer import Gazetteer, replace_points, with_streets
from ivr.places.gazetteer_document import build
from ivr.places.jurisdictions import Jurisdictions, area_of
from ivr.rules import emergency, hours, understanding
from ivr.rules.danger_parts import compile_meanings
from ivr.rules.danger_voter import compile_voter
from ivr.rules.menu import Graph, Readers, compile_graph
from ivr.rules.phrases import compile_phrases
from ivr.rules.skills import SkillGroup
from ivr.runtime import City
from models.states import Language

PUBLISHED = ("menu", "hours", "destinations", "categories", "agencies", "phrases")
"""Files of `first/` that become a city's first publications."""
_E164 = re.compile(r"\+[1-9]\d{7,14}")

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class CityPack:
    """A whole, checked city pack.

    `city` is what the telephone's door needs; `first` the text of each document to publish first,
    by kind; `rehearsal_numbers` all that may be dialled outside production. `hours` and
    `destinations` are where the line starts from: what the city publishes takes their place.
    """

    path: Path
    name: str
    time_zone: str
    city: City
    rehearsal_numbers: frozenset[str]
    retention_days: Mapping[str, int]
    first: Mapping[str, str]
    base_map: Mapping[str, Any]
    menu: Graph
    hours: hours.Hours
    destinations: Destinations
    categories: Mapping[str, Mapping[str, Any]]
    gazetteer: Gazetteer
    jurisdictions: Jurisdictions
    signs: emergency.Signs
    intents: understanding.Catalogue
    agencies: Agencies
    common_types: frozenset[str]
    tags: Mapping[str, str]
    betterment: Betterment | None = None
    music: Music | None = None

    def readers(self) -> Readers:
        """The readers of speech, closed over this city's data."""
        return Readers(
            emergency=lambda text, language: emergency.read(text, language, self.signs),
            intent=lambda text, language: understanding.read(text, language, self.intents),
            place=place_reader(self.gazetteer, self.jurisdictions, self.betterment),
            amended=place_amender(self.gazetteer, self.jurisdictions),
            place_at=place_at(self.gazetteer, self.jurisdictions),
            opening=lambda line, now: hours.opening(self.hours, line, now),
            intent_name=self.intent_name,
        )

    def intent_name(self, slug: str, language: Language) -> str:
        """An intent's name as it is read back; its slug in words where the city has none."""
        names = self.categories.get(slug, {}).get("names", {})
        return str(names.get(language.value) or slug.replace("_", " "))

    def jurisdiction_at(
        self, latitude: float, longitude: float, uncertainty_metres: float
    ) -> tuple[str | None, bool]:
        """Whose a point is, and whether that is certain; None outside every outline."""
        found = self.jurisdictions.at(latitude, longitude, uncertainty_metres)
        return found.key or None, found.certain


def load(path: Path) -> CityPack:
    """Load and check a city pack.

    Raises:
        CityPackError: `mistakes` lists every fault of every file.
    """
    return _Loader(path).pack()


class _Loader:
    """Reads the pack's files and collects what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._faults: list[str] = []

    def pack(self) -> CityPack:
        head = self._head()
        files = head["files"]
        parts = self._parts(files)
        music = music_of(self._path, head.get("music"), self._faults)
        city = self._city(head, files, parts, music)
        numbers = frozenset(self._numbers(head))
        self._check_dialled(city, numbers)
        betterment = betterment_of(head.get("geocoder"), self._faults)
        if self._faults or city is None or any(part is None for part in parts.values()):
            raise CityPackError(self._faults)
        return CityPack(
            path=self._path,
            name=str(head["name"]),
            time_zone=str(head["time_zone"]),
            city=city,
            rehearsal_numbers=numbers,
            retention_days={str(k): int(v) for k, v in head["retention_days"].items()},
            base_map=base_map(
                parts["gazetteer"], self._with_outlines(self._yaml(str(files["areas"])))
            ),
            first={kind: self._text(str(files[kind])) for kind in PUBLISHED},
            betterment=betterment,
            music=music,
            **{**parts, "gazetteer": self._with_imported(parts["gazetteer"])},
        )

    def _with_imported(self, gazetteer: Gazetteer) -> Gazetteer:
        """The city's own streets, with the streets and house numbers that it has imported."""
        streets = imported_streets(self._path)
        if streets:
            gazetteer = with_streets(gazetteer, streets)
        points = address_points(self._path)
        return replace_points(gazetteer, points) if points.count else gazetteer

    def _with_outlines(self, document: object) -> object:
        return with_imported(document, imported_outlines(self._path))

    def _parts(self, files: Mapping[str, Any]) -> dict[str, Any]:
        """The compiled parts by their field; None where a part has faults."""
        return {
            "menu": self._made("menu", files, compile_graph),
            "hours": self._made("hours", files, _hours),
            "destinations": self._made("destinations", files, read_destinations),
            "categories": self._made("categories", files, _categories),
            "gazetteer": self._made("gazetteer", files, build),
            "jurisdictions": self._made(
                "areas", files, lambda document: _areas(self._with_outlines(document))
            ),
            "signs": self._signs(files),
            "intents": self._made("intents", files, understanding.compile_catalogue),
            "agencies": self._made("agencies", files, _agencies),
            "common_types": self._made("protocol_gate", files, _common_types),
            "tags": self._made("tags", files, tags_of),
        }

    def _signs(self, files: Mapping[str, Any]) -> emergency.Signs | None:
        """The signs of danger with the second voter beside them."""
        signs = self._made("emergency_signs", files, emergency.compile_signs)
        meanings = self._made("danger_meanings", files, compile_meanings)
        if signs is None or meanings is None:
            return None
        voter = self._made(
            "danger_weights", files, lambda weights: compile_voter(weights, meanings)
        )
        self._made("phrases", files, lambda document: compile_phrases(document, signs))
        return None if voter is None else replace(signs, voter=voter)

    def _head(self) -> dict[str, Any]:
        """pack.yaml, with what is missing named and put in empty so that the rest is checked."""
        head = self._yaml("pack.yaml")
        head = dict(head) if isinstance(head, Mapping) else {}
        kinds: dict[str, type] = {
            "name": str,
            "line_name": str,
            "time_zone": str,
            "languages": dict,
            "line_number": str,
            "human_line": dict,
            "rehearsal_numbers": list,
            "retention_days": dict,
            "limits": dict,
            "files": dict,
        }
        for key, kind in kinds.items():
            if not isinstance(head.get(key), kind):
                self._fault("pack.yaml", f"{key} is missing, or not a {kind.__name__}")
                head[key] = kind()
        self._check_zone(head["time_zone"])
        self._check_days(head["retention_days"])
        return head

    def _check_zone(self, name: str) -> None:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            self._fault("pack.yaml", f"time_zone {name!r} is not one")

    def _check_days(self, days: Mapping[str, Any]) -> None:
        for key, value in days.items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                self._fault(
                    "pack.yaml", f"retention_days: {key}: {value!r} is not a number of days"
                )

    def _numbers(self, head: Mapping[str, Any]) -> list[str]:
        numbers = [str(number) for number in head["rehearsal_numbers"]]
        trial = [str(head["trial_number"])] if head.get("trial_number") else []
        for number in (*numbers, head["line_number"], *trial):
            if not _E164.fullmatch(number):
                self._fault("pack.yaml", f"{number!r} is not a number like +15205550100")
        return numbers

    def _city(
        self,
        head: Mapping[str, Any],
        files: Mapping[str, Any],
        parts: Mapping[str, Any],
        music: Music | None,
    ) -> City | None:
        faults = self._faults
        sentences = self._made("sentences", files, sentences_of)
        destinations: Destinations | None = parts["destinations"]
        human_line = human_line_of(head["human_line"], faults)
        voices = voices_of(head["languages"], faults)
        limits = head["limits"]
        at_the_desk = at_the_desk_of(head.get("at_the_desk"), faults)
        fallback = self._text(str(files.get("fallback", "fallback.xml")))
        longest_wait = self._limit(limits, "longest_wait_seconds")
        skill_groups = self._skill_groups(files, parts, longest_wait)
        if sentences is None or destinations is None or human_line is None:
            return None
        return City(
            line_number=str(head["line_number"]),
            line_name=str(head["line_name"]),
            languages=voices,
            human_line=human_line,
            sentences=sentences,
            destinations=destinations.answering_points,
            directory=destinations.directory,
            trial_number=str(head.get("trial_number") or ""),
            longest_wait_seconds=longest_wait,
            hold_seconds=self._limit(limits, "hold_seconds"),
            at_the_desk=at_the_desk,
            call_back_pauses_seconds=self._pauses(limits),
            fallback_document=fallback,
            skill_groups=skill_groups or {},
            music=music.recording if music else "",
            music_plays=music.plays if music else 1,
        )

    def _skill_groups(
        self, files: Mapping[str, Any], parts: Mapping[str, Any], longest_wait: float
    ) -> dict[str, SkillGroup] | None:
        intents, areas = parts["intents"], parts["jurisdictions"]
        if intents is None or areas is None:
            return None
        slugs, keys = set(intents.names), {area.key for area in areas.areas}
        return self._made(
            "skills", files, lambda given: skill_groups_of(given, slugs, keys, longest_wait)
        )

    def _pauses(self, limits: Mapping[str, Any]) -> tuple[float, ...]:
        """Between two tries to ring a resident back: one figure after the first, one after the second."""
        name, given = "call_back_pauses_seconds", limits.get("call_back_pauses_seconds")
        if not isinstance(given, list) or len(given) != 2:
            self._fault("pack.yaml", f"limits: {name}: {given!r} is not two numbers of seconds")
            return (1.0, 1.0)
        return tuple(self._limit({name: value}, name) for value in given)

    def _limit(self, limits: Mapping[str, Any], name: str) -> float:
        value = limits.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self._fault("pack.yaml", f"limits: {name}: {value!r} is not a number of seconds")
            return 1.0
        return float(value)

    def _check_dialled(self, city: City | None, allowed: frozenset[str]) -> None:
        """Whatever the rehearsal dials must be a rehearsal number: the gateway refuses others."""
        if city is None:
            return
        named = {city.human_line.number: "human_line"}
        for points in city.destinations.values():
            named.update({point.number: f"destination {point.key}" for point in points})
        for entry in city.directory.values():
            named[entry.number] = f"directory {entry.key}"
        for number, what in named.items():
            if number not in allowed:
                self._fault("pack.yaml", f"{what}: {number} is not among rehearsal_numbers")

    # Files.

    def _made(
        self, name: str, files: Mapping[str, Any], make: Callable[[object], Made]
    ) -> Made | None:
        if not isinstance(files.get(name), str):
            self._fault("pack.yaml", f"files: {name} is missing")
            return None
        try:
            return make(self._yaml(files[name]))
        except (CityPackError, MenuError) as error:
            self._faults.extend(f"{files[name]}: {mistake}" for mistake in error.mistakes)
            return None

    def _yaml(self, name: str) -> object:
        text = self._text(name)
        try:
            return json.loads(text) if name.endswith("json") else read_yaml(text)
        except (yaml.YAMLError, ValueError) as error:
            self._fault(name, f"cannot be read: {error}")
            return None

    def _text(self, name: str) -> str:
        try:
            return (self._path / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._fault(name, f"cannot be opened: {type(error).__name__}")
            return ""

    def _fault(self, file: str, what: str) -> None:
        fault = f"{file}: {what}"
        if fault not in self._faults:
            self._faults.append(fault)


def _hours(document: object) -> hours.Hours:
    return hours_of(document, datetime.now(UTC).date())


def _agencies(document: object) -> Agencies:
    try:
        return agencies.read(document)
    except AgenciesError as wrong:
        raise CityPackError(wrong.mistakes) from wrong


def _common_types(document: object) -> frozenset[str]:
    """The common incident types that protocols here may use."""
    codes = document.get("common_codes") if isinstance(document, Mapping) else None
    if not isinstance(codes, list) or not codes:
        raise CityPackError(["common_codes are missing"])
    return frozenset(str(code) for code in codes)


def _categories(document: object) -> Mapping[str, Mapping[str, Any]]:
    """Categories by slug, each with its department's names filled in."""
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    departments, rows = given.get("departments"), given.get("categories")
    if not isinstance(departments, Mapping) or not isinstance(rows, list):
        raise CityPackError(["departments or categories are missing"])
    mistakes = [
        f"category {row.get('slug')!r}: department {row.get('department')!r} does not exist"
        for row in rows
        if row.get("department") not in departments
    ]
    if mistakes:
        raise CityPackError(mistakes)
    return {
        str(row["slug"]): {**row, "department_names": departments[row["department"]]}
        for row in rows
    }


def _areas(document: object) -> Jurisdictions:
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list) or not features:
        raise CityPackError(["there are no features"])
    areas, mistakes = [], []
    for number, feature in enumerate(features, start=1):
        try:
            areas.append(area_of(feature))
        except (KeyError, TypeError, ValueError) as error:
            mistakes.append(f"feature {number}: {error!r}")
    if mistakes:
        raise CityPackError(mistakes)
    return Jurisdictions(areas)


__all__ = ["PUBLISHED", "CityPack", "SentenceBook", "load"]
