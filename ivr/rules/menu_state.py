"""What the menu remembers of a caller between turns, and what goes in and out of a turn.

Plain values that survive JSON; knows no graph, no door and no database.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self

from ivr.rules.actions import Action, Effect
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.hours import MAIN, Opening
from ivr.rules.menu_nodes import Text
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from models.states import EmergencyLevel, Language


@dataclass(frozen=True, slots=True)
class CallerInput:
    """What came from the caller in one turn.

    `digits` and `speech` are None when nothing of the kind came; `confidence` is the recogniser's
    0..1 or None (Twilio may leave it out); `silent` is True when neither came. `event` names what
    ended a handover (`Event`), "" otherwise; keys may come with it.
    """

    digits: str | None = None
    speech: str | None = None
    confidence: float | None = None
    silent: bool = False
    event: str = ""


class Event(StrEnum):
    """How a caller comes back from a transfer or a voicemail."""

    TRANSFER_FAILED = "transfer_failed"
    TRANSFER_ENDED = "transfer_ended"
    RECORDED = "recorded"


class Link(StrEnum):
    """What became of the link by which this caller's telephone may tell where it is."""

    NONE = ""
    SENT = "sent"
    TAKEN = "taken"


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
    `readbacks` counts by what is read back, `answers` are those of ask nodes by name; `given_time`
    says that a first silence at a prompt of several digits was let pass. `promised` are the effects
    that were asked for, so that none is asked for twice. `hours_line` is the line whose hours were
    looked at last. `between` are the two wishes that the caller was just asked to choose from.
    `unmet` are the two streets last named that do not meet. `link` is the location link's fate, `link_rounds` the silences in which it was waited for.
    """

    node: str
    language: Language = Language.EN
    language_chosen: bool = False
    asked: bool = False
    misses: int = 0
    misses_in_call: int = 0
    turns: int = 0
    readbacks: Mapping[str, int] = field(default_factory=dict)
    pending: Pending = Pending.NONE
    emergency: EmergencyReading = field(default_factory=EmergencyReading)
    taken_back: bool = False
    intent: Heard = field(default_factory=Heard)
    place: PlaceFound | None = None
    confirmed: bool = False
    words: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    ended: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    announced: bool = False
    given_time: bool = False
    promised: tuple[str, ...] = ()
    hours_line: str = MAIN
    between: tuple[str, ...] = ()
    link: Link = Link.NONE
    link_rounds: int = 0
    unmet: SpokenPlace | None = None

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


_VALUES = attrgetter(*MenuState.__slots__)
"""All fields of a state in the order in which it is made."""


def copied(state: MenuState) -> MenuState:
    """A copy for a walk to change; `dataclasses.replace` takes four times as long."""
    return MenuState(*_VALUES(state))


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a slotted value; a turn is written often, and `asdict` copies ten times over."""
    return {name: getattr(value, name) for name in value.__slots__}


def _revived(stored: dict[str, Any]) -> dict[str, Any]:
    """Give the JSON values their types back; a field that is younger than the text has its default."""
    place, readbacks = stored["place"], stored["readbacks"]
    return {
        **stored,
        "language": Language(stored["language"]),
        "pending": Pending(stored["pending"]),
        "emergency": _reading(stored["emergency"]),
        "intent": Heard(**{**stored["intent"], **_tuples(stored["intent"])}),
        "place": None if place is None else _place(place),
        "words": tuple(stored["words"]),
        "path": tuple(stored["path"]),
        "readbacks": {"place": readbacks} if isinstance(readbacks, int) else readbacks,
        "promised": tuple(stored.get("promised", ())),
        "between": tuple(stored.get("between", ())),
        "link": Link(stored.get("link", "")),
        "unmet": None if stored.get("unmet") is None else _spoken(stored["unmet"]),
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
    return replace(
        PlaceFound(**stored),
        spoken=_spoken(stored["spoken"]),
        candidates=tuple(stored["candidates"]),
    )


def _spoken(stored: dict[str, Any]) -> SpokenPlace:
    return SpokenPlace(**{**stored, "kind": PlaceKind(stored["kind"])})


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
    """What the menu does now: the new state, the actions in order, and what to record.

    `effects` are set going after the turn was written. `path` are the nodes entered in this turn,
    in order, those that nobody hears included.
    """

    state: MenuState
    actions: tuple[Action, ...]
    journal: tuple[JournalNote, ...]
    effects: tuple[Effect, ...] = ()
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """How far a request is, as a caller may be told: its number, service and state, said."""

    number: str
    service: Mapping[Language, str]
    status: Mapping[Language, str]


def _always_open(_line: str, _now: datetime) -> Opening:
    return Opening(is_open=True)


def _off(_switch: str) -> bool:
    return False


def _nobody_waits() -> int:
    return 0


def _not_seen() -> bool:
    return False


def _no_request(_number: str) -> RequestStatus | None:
    return None


def _never() -> bool:
    return False


def _no_place() -> PlaceFound | None:
    return None


def _not_amended(_earlier: SpokenPlace, _words: str, _language: Language) -> PlaceFound | None:
    return None


def _nowhere(_latitude: float, _longitude: float, _metres: float) -> PlaceFound | None:
    return None


def _nothing_announced(_now: datetime) -> tuple[Text, ...]:
    return ()


def _unknown_wait() -> float | None:
    return None


def _slug_as_words(slug: str, _language: Language) -> str:
    return slug.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Readers:
    """The city's readers and the facts around one caller, closed over by whoever composes the door.

    The first three take the caller's words and the language. None may raise or wait.

    Attributes:
        opening: A line's name and an aware moment: whether it is open, and when it opens.
        switch: A switch's name: whether a supervisor has set it.
        line_length: Callers who wait now.
        wait_seconds: What a caller who joins now will wait; None: nothing is promised.
        seen_before: Whether this number has called before.
        can_text: Whether a text message can reach the number that the caller rings from.
        own_number: The tail of that number as it is said; "" when it was withheld.
        request_status: A request's number, digits only: how far it is, None if there is none.
        announcements: What is announced at a moment.
        intent_name: An intent's name as it is read back.
        amended: A place, and words that change a part of it: the place as it is now, None if they
            do not.
        can_link: Whether that number may be a mobile telephone that takes a location link.
        texted_place: The place that came by this call's link, None until it has come.
        place_at: The place at a point (WGS84 degrees) that is as sure as some metres.
    """

    emergency: Callable[[str, Language], EmergencyReading]
    intent: Callable[[str, Language], Heard]
    place: Callable[[str, Language], PlaceFound | None]
    opening: Callable[[str, datetime], Opening] = _always_open
    switch: Callable[[str], bool] = _off
    line_length: Callable[[], int] = _nobody_waits
    wait_seconds: Callable[[], float | None] = _unknown_wait
    seen_before: Callable[[], bool] = _not_seen
    can_text: bool = False
    own_number: str = ""
    request_status: Callable[[str], RequestStatus | None] = _no_request
    announcements: Callable[[datetime], tuple[Text, ...]] = _nothing_announced
    intent_name: Callable[[str, Language], str] = _slug_as_words
    amended: Callable[[SpokenPlace, str, Language], PlaceFound | None] = _not_amended
    can_link: Callable[[], bool] = _never
    texted_place: Callable[[], PlaceFound | None] = _no_place
    place_at: Callable[[float, float, float], PlaceFound | None] = _nowhere
