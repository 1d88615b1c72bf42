"""The cases of spoken places, their split, and whether a reading is right.

The split is a hash of a case's id: 30 % are held back from tuning and only measured.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from config.yaml_text import read_yaml
from ivr.rules.spoken_place import PlaceKind, SpokenPlace
from models.states import Language

FILE = Path(__file__).with_name("places.yaml")
HELD_BACK_PERCENT = 30
_KINDS = {
    "address": PlaceKind.ADDRESS,
    "corner": PlaceKind.INTERSECTION,
    "landmark": PlaceKind.LANDMARK,
    "nothing": PlaceKind.NONE,
}
_ADDRESS = re.compile(
    r"(?P<number>\d+) (?:(?P<direction>[NSEW]) )?(?P<street>[^/]+)(?:/(?P<type>\w+))?"
)


@dataclass(frozen=True, slots=True)
class PlaceCase:
    """One utterance and the place in it, as the file writes it."""

    id: str
    language: Language
    text: str
    kind: PlaceKind
    expected: str

    @property
    def is_held_back(self) -> bool:
        return int(sha256(self.id.encode()).hexdigest()[:8], 16) % 100 < HELD_BACK_PERCENT


@cache
def cases() -> tuple[PlaceCase, ...]:
    """Every case of the file."""
    return tuple(_case(row) for row in document()["cases"])


@cache
def document() -> dict:
    return read_yaml(FILE.read_text("utf-8"))


def _case(row: dict) -> PlaceCase:
    kind = next(key for key in _KINDS if key in row)
    return PlaceCase(row["id"], Language(row["language"]), row["text"], _KINDS[kind], row[kind])


def is_right(case: PlaceCase, place: SpokenPlace) -> bool:
    """Whether kind, number, direction, street and corner are what the case expects."""
    if place.kind is not case.kind:
        return False
    match case.kind:
        case PlaceKind.ADDRESS:
            return _same_address(case.expected, place)
        case PlaceKind.INTERSECTION:
            return _same_corner(case.expected, place)
        case PlaceKind.LANDMARK:
            return place.street == case.expected
        case PlaceKind.NONE:
            return True


def _same_address(expected: str, place: SpokenPlace) -> bool:
    wanted = _ADDRESS.fullmatch(expected)
    found = (place.number, place.direction, place.street)
    if found != (wanted["number"], wanted["direction"] or "", wanted["street"]):
        return False
    return wanted["type"] in (None, place.suffix)


def _same_corner(expected: str, place: SpokenPlace) -> bool:
    """The two streets in either order, each with its type where the case names one."""
    wanted = [part.partition("/")[::2] for part in expected.split(" + ")]
    found = [(place.street, place.suffix), (place.cross_street, place.cross_suffix)]
    return _fits(wanted, found) or _fits(wanted, found[::-1])


def _fits(wanted: list[tuple[str, str]], found: list[tuple[str, str]]) -> bool:
    return all(
        name == said and kind in ("", suffix)
        for (name, kind), (said, suffix) in zip(wanted, found, strict=True)
    )
