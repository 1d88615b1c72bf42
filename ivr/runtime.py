"""What a door hands down: the database, the telephone company, the clock and the city's facts.

Built once by the composition root (`config.app`). Nothing below keeps a global of its own; tests
build one with a recording gateway and a clock that stands still.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ivr.gateway import Gateway
from ivr.rules.menu import Graph, Readers
from ivr.rules.skills import SkillGroup
from ivr.twiml import RoomLeg
from models.database import Sessions, reading
from models.personal import Keyring
from models.states import DestinationKind, Language
from models.turn_store import TurnStore

HUMAN_LINE = "human_line"
"""The fall-back of a directory entry that means the staffed number outside."""


@dataclass(frozen=True, slots=True)
class Destination:
    """One answering point. `name` per language; `ring_seconds` its own ring time (25-35)."""

    key: str
    name: Mapping[Language, str]
    number: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class HumanLine:
    """The staffed number outside this system that rings when nobody here can answer."""

    number: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A telephone outside that a menu may transfer to, and a call-taker call in; `name` per language.

    `stay_until_accepted`: a call-taker leaves the caller with them only once they say that they have
    them. `line` names the opening hours that it keeps, "" for one that is always open. Not answered,
    busy or closed, its `fall_back` is rung: the key of another entry, or `HUMAN_LINE`.
    """

    key: str
    name: Mapping[Language, str]
    number: str
    ring_seconds: int
    line: str = ""
    fall_back: str = HUMAN_LINE
    kind: DestinationKind = DestinationKind.DEPARTMENT
    stay_until_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """How a language sounds: Twilio's locale and voice names."""

    locale: str
    voice: str


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """What a city has settled for its call-takers' shifts.

    `breaks` gives each kind of break its title, in order. `after_call_seconds` is the time for
    writing up a call, prolonged a minute at a time, `more_minutes` times at most.
    `hold_warning_seconds` before a hold ends by itself the desk is told. A desk telephone rings
    for `ring_seconds`, and at most `rings_an_hour` times for one person.
    """

    breaks: Mapping[str, str] = field(default_factory=lambda: {"rest": "Rest"})
    after_call_seconds: float = 60.0
    more_minutes: int = 3
    hold_warning_seconds: float = 15.0
    ring_seconds: int = 20
    rings_an_hour: int = 20


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that we hand to Twilio, all below the configured public one.

    Voice turns carry short limits, so that a fault reaches the fallback before a caller notices;
    callbacks carry retries (`telephony`, overrides in the fragment).
    """

    public_url: str

    def voice(self, path: str) -> str:
        """A voice document: `path` begins with a slash."""
        return f"{self.public_url}{path}#ct=1500&rt=3500&tt=5000&rc=1&rp=ct,5xx"

    def callback(self, path: str) -> str:
        """An asynchronous callback."""
        return f"{self.public_url}{path}#rc=2&rp=ct,rt,5xx"

    def turn(self, call_sid: str, step: int) -> str:
        """The numbered step of the menu that is answered next."""
        return self.voice(f"/voice/t/{call_sid}/{step}")

    def wait(self, call_sid: str, n: int) -> str:
        """The nth document of a caller who waits in the line (`<Enqueue waitUrl>`)."""
        return self.voice(f"/voice/wait/{call_sid}/{n}")

    def line_left(self, call_sid: str) -> str:
        """Asked when a caller leaves the queue (`<Enqueue action>`)."""
        return self.voice(f"/voice/line/{call_sid}/left")

    def room_left(self, call_id: str) -> str:
        """Asked when a leg leaves the room (`<Dial action>`); the leg is the request's CallSid."""
        return self.voice(f"/voice/room/{call_id}/left")

    def room_wait(self, call_id: str) -> str:
        """What a leg alone in the room hears (`<Conference waitUrl>`)."""
        return self.voice(f"/voice/room/{call_id}/wait")

    def room_events(self, call_id: str) -> str:
        """Every event of the call's room."""
        return self.callback(f"/voice/room/{call_id}/events")

    def room_leg(self, call_id: str, room: str, label: str) -> RoomLeg:
        """How any leg enters the call's room by a document; `label` is unique in the room."""
        return RoomLeg(
            room=room,
            label=label,
            action=self.room_left(call_id),
            wait_url=self.room_wait(call_id),
            callback=self.room_events(call_id),
        )

    def recording(self, recording: str, signature: str) -> str:
        """Where a prompt that the city recorded is played from."""
        return f"{self.public_url}/voice/recordings/{recording}/{signature}"

    def recorded(self, call_sid: str, step: int) -> str:
        """Told when the recording of a voicemail is there (`<Record recordingStatusCallback>`)."""
        return self.callback(f"/voice/voicemail/{call_sid}/{step}")

    def before_tone(self, call_sid: str, step: int, longest_seconds: int) -> str:
        """Asked when a caller acts before the tone of a message."""
        return self.voice(f"/voice/voicemail/{call_sid}/{step}/{longest_seconds}")

    def transferred(self, call_sid: str, step: int, entry: str, attempt: int) -> str:
        """Asked when an entry of the directory was rung; `attempt` counts its fall-backs."""
        return self.voice(f"/voice/transfer/{call_sid}/{step}/{entry}/{attempt}")

    def transfer_leg(self, call_sid: str, step: int, entry: str, attempt: int) -> str:
        """Told when an entry of the directory answers."""
        return self.callback(f"/voice/transfer/{call_sid}/{step}/{entry}/{attempt}/leg")

    def call_back(self, contact_id: str, n: int) -> str:
        """Asked by a resident's telephone that we have rung; `n` counts our questions."""
        return self.voice(f"/voice/call-back/{contact_id}/{n}")

    def wish(self, call_sid: str, asked: str) -> str:
        """Where a caller who asked to be called back says where; `asked` is what they were asked."""
        return self.voice(f"/voice/wish/{call_sid}/{asked}")

    def here(self, token: str) -> str:
        """The page by which a caller's telephone may tell where it is."""
        return f"{self.public_url}/here/{token}"

    def human(self, call_sid: str, step: int) -> str:
        """Asked when the human line was rung; `step` counts the tries."""
        return self.voice(f"/voice/human/{call_sid}/{step}")


class Sentences(Protocol):
    """The city's spoken sentences outside menus and protocols."""

    def say(self, key: str, language: Language, **names: str) -> str:
        """The sentence, with its names filled in."""
        ...


@dataclass(frozen=True, slots=True)
class City:
    """The facts of one city that the line needs while it runs."""

    line_number: str
    line_name: str
    languages: Mapping[Language, Voice]
    human_line: HumanLine
    sentences: Sentences
    destinations: Mapping[str, Sequence[Destination]]
    """By jurisdiction, in order; the key '' serves an unknown place."""
    longest_wait_seconds: float
    hold_seconds: float
    fallback_document: str
    directory: Mapping[str, DirectoryEntry] = field(default_factory=dict)
    """Where a menu may transfer to, by key."""
    trunks: Mapping[str, str] = field(default_factory=dict)
    """Numbers of ours that only 911 rings, each with the key of its agency."""
    trunk_header: str = ""
    """The secret that 911's SIP trunk sends in its header; empty where none is agreed."""
    trial_number: str = ""
    """Calls to this number of ours run the draft that is being tried, if there is one."""
    at_the_desk: AtTheDesk = field(default_factory=AtTheDesk)
    call_back_pauses_seconds: Sequence[float] = (600.0, 2700.0)
    """Between the end of a try to ring a resident back and the next one."""
    skill_groups: Mapping[str, SkillGroup] = field(default_factory=dict)
    """The desk's topics and agencies, by skill."""
    music: str = ""
    """The recording that waiting callers hear between announcements; "" for silence."""
    music_plays: int = 1
    """How often it is played in one half of the time between two announcements."""

    def answering_points(self, jurisdiction: str | None) -> Sequence[Destination]:
        """Where 911 is dialled for a place, in order; an unknown place still reaches somebody."""
        return self.destinations.get(jurisdiction or "") or self.destinations[""]


class Menus(Protocol):
    """Published menus by publication id; the live one is what a new call begins with."""

    def live(self) -> tuple[str, Graph]:
        """Publication id and graph of the live menu (kept in memory, refreshed on publishing)."""
        ...

    def pinned(self, publication_id: str) -> Graph:
        """The graph a call began with: a published version, or the snapshot of a trial."""
        ...

    def trial(self) -> tuple[str, Graph] | None:
        """Id and graph of the draft that is being tried by telephone; None when there is none."""
        ...


class Sounds(Protocol):
    """The city's own recordings of prompts (`ivr.sounds`)."""

    def address(self, recording: str) -> str | None:
        """Where Twilio plays it from; None when it is not there and its text must be spoken."""
        ...

    def opened(self, recording: str, signature: str) -> "Sound | None":
        """The recording of a signed address; None for a wrong signature or none of ours."""
        ...


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording's bytes and what they are (`audio/mpeg`, `audio/wav`)."""

    media_type: str
    content: bytes


class NoSounds:
    """A line without recordings: every prompt is spoken."""

    def address(self, recording: str) -> str | None:  # noqa: ARG002 - as `Sounds`
        """Nothing can be played."""
        return None

    def opened(self, recording: str, signature: str) -> Sound | None:  # noqa: ARG002 - as `Sounds`
        """Nothing is there."""
        return None


class Bell(Protocol):
    """Tells push doors that there is news; never needed for correctness, never slower than 0.5 s."""

    def ring(self) -> None:
        """Say that desk events were committed."""
        ...


@dataclass(frozen=True)
class Runtime:
    """Everything a telephone door works with."""

    sessions: Sessions
    """The staff side's and the line's sessions: one request, one commit."""
    turn_engine: Engine
    """Autocommit engine of voice turns (`models.turn_store`)."""
    turns: TurnStore
    intent_sessions: Sessions
    """Own connections with a 150 ms limit, for the 911 intent alone."""
    keyring: Keyring
    gateway: Gateway
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    dialler: Executor
    """Threads of this door that carry REST requests an answer must not wait for."""
    city: City
    menus: Menus
    readers: Readers
    addresses: Addresses
    bell: Bell
    spool: Path
    """Append-only file for 911 intents that the database did not take in time."""
    auth_tokens: tuple[str, ...]
    """Twilio's auth token; two during rotation."""
    sounds: Sounds = field(default_factory=NoSounds)
    metrics: Any = field(default=None, compare=False)

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that only reads: it waits for no writer and makes none wait."""
        return reading(self.sessions)
