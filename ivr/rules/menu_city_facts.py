"""What the gate must know of a city to examine its menu: hours, numbers, switches, words.

Plain values, handed in whole; a fact that is not known is None and is not examined. Knows no
city pack, no file and no database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from ivr.rules.hours import ALWAYS, Hours
from models.states import EmergencyLevel, Language

HUMAN_LINE = "human_line"
"""The fall-back of an entry that means the staffed number outside."""


@dataclass(frozen=True, slots=True)
class Outside:
    """An entry of the directory as the gate sees it.

    `line` names the hours that it keeps, "" for always open; `fall_back` is the key of another
    entry, `HUMAN_LINE`, or "" for none; `verified_on` None: nobody has tried the number yet.
    """

    key: str
    line: str = ""
    fall_back: str = HUMAN_LINE
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class CityFacts:
    """A city, for the gate.

    `intents` are example phrases by slug and language; `jurisdictions`, `switches`, `skills` and
    `directory` are all that exist. `danger` reads a word for an emergency. `recordings` are
    measured seconds by id. `voices` are the languages with a locale and a voice of their own.
    `places` are words for a place in each jurisdiction, for examples that can be played.
    `usage` counts the callers of the last 30 days by node and key.
    """

    hours: Hours = field(default_factory=lambda: Hours(ZoneInfo("America/Phoenix"), ALWAYS))
    intents: Mapping[str, Mapping[Language, Sequence[str]]] | None = None
    jurisdictions: frozenset[str] | None = None
    switches: frozenset[str] | None = None
    skills: frozenset[str] | None = None
    directory: Mapping[str, Outside] | None = None
    recordings: Mapping[str, float] | None = None
    danger: Callable[[str, Language], EmergencyLevel] | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    voices: frozenset[Language] = frozenset(Language)
    usage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
