"""What the menu remembers of a caller between turns, and what goes in and out of a turn.

Plain values that survive JSON; knows no graph, no door and no database.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from ivr.rules.actions import Action
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from models.states import EmergencyLevel, Language


@dataclass(frozen=True, slots=True)
class CallerInput:
    """What came from the caller in one turn.

    `digits` and `speech` are None when nothing of the kind came; `confidence` is the recogniser's
    0..1 or None (Twilio may leave it out); `silent` is True when neither came.
    """

    digits: str | None = None
    speech: str | None = None
    confidence: float | None = None
    silent: bool = False


class Pending(StrEnum):
    """A question about danger that stands before everything else."""

    NONE = "none"
    ESCALATION_CONFIRM = "escalation_confirm"
    DANGER_QUESTION = "danger_question"


@dataclass(frozen=True, slots=True)
class MenuState:
    """Where a caller is in the menu and all that was understood so far.

    `asked` is False until the prompt of `node` was spoken. `misses` counts at this prompt,
    `misses_in_call` over the call, `turns` all turns. `words` are the caller's own, newest last.
    `emergency` holds the highest reading so far: it never falls. `ended` names the ending reached.
    """

    node: str
    language: Language = Language.EN
    language_chosen: bool = False
    asked: bool = False
    misses: int = 0
    misses_in_call: int = 0
    turns: int = 0
    readbacks: int = 0
    pending: Pending = Pending.NONE
    emergency: EmergencyReading = field(default_factory=EmergencyReading)
    taken_back: bool = False
    intent: Heard = field(default_factory=Heard)
    place: PlaceFound | None = None
    confirmed: bool = False
    words: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    ended: str = ""

    def to_json(self) -> str:
        """Return the state as one JSON object; personal (words, place): store it encrypted."""
        return json.dumps(_fields(self), default=_fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a state written by `to_json`.

        Raises:
            ValueError, KeyError, TypeError: the text is not such a state.
        """
        return cls(**_revived(json.loads(text)))


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a slotted value; a turn is written often, and `asdict` copies ten times over."""
    return {name: getattr(value, name) for name in value.__slots__}


def _revived(stored: dict[str, Any]) -> dict[str, Any]:
    """Give the JSON values their types back."""
    place = stored["place"]
    return {
        **stored,
        "language": Language(stored["language"]),
        "pending": Pending(stored["pending"]),
        "emergency": _reading(stored["emergency"]),
        "intent": Heard(**{**stored["intent"], **_tuples(stored["intent"])}),
        "place": None if place is None else _place(place),
        "words": tuple(stored["words"]),
        "path": tuple(stored["path"]),
    }


def _reading(stored: dict[str, Any]) -> EmergencyReading:
    return EmergencyReading(
        EmergencyLevel(stored["level"]), stored["reason"], tuple(stored["words"])
    )


def _tuples(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        "alternatives": tuple((slug, share) for slug, share in stored["alternatives"]),
        "decided_by": tuple(stored["decided_by"]),
    }


def _place(stored: dict[str, Any]) -> PlaceFound:
    spoken = stored["spoken"]
    return replace(
        PlaceFound(**stored),
        spoken=SpokenPlace(**{**spoken, "kind": PlaceKind(spoken["kind"])}),
        candidates=tuple(stored["candidates"]),
    )


@dataclass(frozen=True, slots=True)
class JournalNote:
    """One line for the call's journal.

    `data` holds no personal text; `words` are the caller's own and are stored encrypted.
    """

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What the menu does now: the new state, the actions in order, and what to record."""

    state: MenuState
    actions: tuple[Action, ...]
    journal: tuple[JournalNote, ...]


def _always_open(_now: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Readers:
    """The city's readers, closed over its data by whoever composes the door.

    Each takes the caller's words and the language; `is_open` takes an aware moment.
    """

    emergency: Callable[[str, Language], EmergencyReading]
    intent: Callable[[str, Language], Heard]
    place: Callable[[str, Language], PlaceFound | None]
    is_open: Callable[[datetime], bool] = _always_open
