"""The values that speak of a place: what was said, and what was found for it.

Plain data shared by the menu, the address reader and the places; knows no gazetteer.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class PlaceKind(StrEnum):
    """What kind of place a caller named."""

    ADDRESS = "address"
    INTERSECTION = "intersection"
    LANDMARK = "landmark"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SpokenPlace:
    """A place as the caller said it, in canonical parts; "" where nothing was said.

    `number` is digits; `direction` one of N S E W; `street` and `cross_street` are names in
    title case without type; `suffix` the canonical type of `street` (Road, Avenue ...);
    `cross_suffix` that of the cross street; `text` the caller's own words for the place.
    """

    kind: PlaceKind = PlaceKind.NONE
    number: str = ""
    direction: str = ""
    street: str = ""
    suffix: str = ""
    cross_street: str = ""
    cross_suffix: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A spoken place with what the city's data knows of it.

    `text` is the place as one writes it, `said` how to read it back, by language; latitude and longitude are WGS84 degrees or None
    when the place could not be put on the map; `jurisdiction` is a key of the city pack or "";
    `certain` is False near a line or when only words are known. `tribal` leads to a person.
    `source` is "" for a place that was spoken, else how it came. `apart`: it is the corner of two
    streets that are known not to meet.
    """

    spoken: SpokenPlace
    said: dict[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    uncertainty_metres: float | None = None
    approximate: bool = True
    candidates: tuple[str, ...] = ()
    jurisdiction: str = ""
    certain: bool = False
    tribal: bool = False
    text: str = ""
    source: str = ""
    apart: bool = False
