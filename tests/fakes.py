"""Stand-ins for what is outside: a telephone company that records, a bell, a clock that stands.

Shared by the tests of every door; nothing of ours is patched, these are handed in.
"""

import base64
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from config.yaml_text import read_yaml
from ivr.errors import GatewayError, LabelInUseError
from ivr.gateway import CallOut, Dial, Dialled, LegView, Ring
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.menu import Graph, Readers, compile_graph
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from ivr.runtime import Addresses, City, Destination, DirectoryEntry, HumanLine, Runtime, Voice
from models.database import open_sessions
from models.personal import Keyring
from models.states import DestinationKind, EmergencyLevel, Language
from models.turn_store import TurnStore
from tests import databases

TUCSON = Path(__file__).parent.parent / "config" / "tucson"
PUBLIC_URL = "https://311.example.test"
AUTH_TOKEN = "rehearsal-token-one"
NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)


class FakeGateway:
    """Records what is asked of the telephone company; `fail` makes a method refuse.

    `asked` holds (method, arguments) in order. Rooms and labels are kept, so that a label in use
    is refused as Twilio does.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.labels: dict[tuple[str, str], str] = {}
        self.legs: dict[str, str] = {}
        self._failures: dict[str, list[GatewayError]] = {}
        self._count = 0

    def fail(self, method: str, *errors: GatewayError) -> None:
        """Let the next calls of `method` raise these errors, one each."""
        self._failures.setdefault(method, []).extend(errors)

    def of(self, method: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of `method`."""
        return [arguments for name, arguments in self.asked if name == method]

    def dial_into_room(self, dial: Dial) -> Dialled:
        self._ask("dial_into_room", dial)
        if (dial.room, dial.label) in self.labels:
            raise LabelInUseError("label in use", 16026, 400)
        sid = self._sid("CA")
        self.labels[dial.room, dial.label] = sid
        self.legs[sid] = "queued"
        return Dialled(sid, "CF" + uuid.uuid5(uuid.NAMESPACE_URL, dial.room).hex)

    def ring(self, ring: Ring) -> str:
        self._ask("ring", ring)
        sid = self._sid("CA")
        self.legs[sid] = "queued"
        return sid

    def call_out(self, call: CallOut) -> str:
        self._ask("call_out", call)
        sid = self._sid("CA")
        self.legs[sid] = "queued"
        return sid

    def find_in_room(self, room: str, label: str) -> str | None:
        self._ask("find_in_room", room, label)
        return self.labels.get((room, label))

    def labels_in_room(self, room: str) -> Mapping[str, str]:
        self._ask("labels_in_room", room)
        return {label: sid for (where, label), sid in self.labels.items() if where == room}

    def redirect(self, call_sid: str, url: str) -> None:
        self._ask("redirect", call_sid, url)

    def speak_and_end(self, call_sid: str, document: str) -> None:
        self._ask("speak_and_end", call_sid, document)

    def hold(self, conference_sid: str, call_sid: str, url: str | None) -> None:
        self._ask("hold", conference_sid, call_sid, url)

    def remove(self, conference_sid: str, call_sid: str) -> None:
        self._ask("remove", conference_sid, call_sid)

    def end_room(self, conference_sid: str) -> None:
        self._ask("end_room", conference_sid)

    def hang_up(self, call_sid: str) -> None:
        self._ask("hang_up", call_sid)

    def leg(self, call_sid: str) -> LegView | None:
        self._ask("leg", call_sid)
        status = self.legs.get(call_sid)
        return None if status is None else LegView(call_sid, status)

    def send_text(self, to: str, body: str) -> str:
        self._ask("send_text", to, body)
        return self._sid("SM")

    def may_dial(self, to: str) -> bool:
        self._ask("may_dial", to)
        return to.startswith("+1520555")

    def may_call_back(self, to: str) -> bool:
        self._ask("may_call_back", to)
        return to.startswith("+1520555")

    def recording(self, recording_sid: str) -> bytes:
        self._ask("recording", recording_sid)
        return b"RIFF" + recording_sid.encode()

    def softphone_token(self, identity: str, seconds: int) -> str:
        self._ask("softphone_token", identity, seconds)
        return f"token-for-{identity}"

    def _ask(self, method: str, *arguments: Any) -> None:
        self.asked.append((method, arguments))
        if self._failures.get(method):
            raise self._failures[method].pop(0)

    def _sid(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:032x}"


class FakeBell:
    """Counts the rings."""

    def __init__(self) -> None:
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1


class AtOnce(Executor):
    """Runs what is submitted in the caller's thread: what follows a turn is seen at once."""

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*arguments, **named))
        except Exception as broken:  # noqa: BLE001 - a future keeps whatever went wrong
            future.set_exception(broken)
        return future


class StandingClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class PackSentences:
    """The city pack's sentences, straight from the file."""

    def __init__(self) -> None:
        self._texts = _tucsons_sentences()

    def say(self, key: str, language: Language, **names: str) -> str:
        return str(self._texts[key][language.value]).format(**names)


@cache
def _tucsons_menu() -> Graph:
    document = read_yaml((TUCSON / "first" / "menu.yaml").read_text(encoding="utf-8"))
    return compile_graph(document)


@cache
def _tucsons_sentences() -> Mapping[str, Mapping[str, str]]:
    return read_yaml((TUCSON / "sentences.yaml").read_text(encoding="utf-8"))


class OneMenu:
    """The city pack's menu as the only published one."""

    def __init__(self, publication_id: str | None = "1" * 32) -> None:
        self._publication_id = publication_id
        self._graph = _tucsons_menu()

    def live(self) -> tuple[str, Graph]:
        return self._publication_id, self._graph  # type: ignore[return-value]

    def pinned(self, publication_id: str) -> Graph:
        return self._graph

    def trial(self) -> tuple[str, Graph] | None:
        return None


def fake_keyring() -> Keyring:
    return Keyring.from_text("k1:" + base64.b64encode(b"k" * 32).decode())


def fake_city(**changes: Any) -> City:
    points = {
        "": [_point("city-911", "191"), _point("city-911-second", "192")],
        "pima_county": [_point("county-911", "193"), _point("city-911", "191")],
    }
    city = City(
        line_number="+15205550100",
        line_name="Tucson 3-1-1",
        languages={
            Language.EN: Voice("en-US", "Polly.Joanna-Neural"),
            Language.ES: Voice("es-US", "Polly.Lupe-Neural"),
        },
        human_line=HumanLine("+15205550110", 60),
        sentences=PackSentences(),
        destinations=points,
        longest_wait_seconds=900.0,
        hold_seconds=60.0,
        fallback_document=(TUCSON / "fallback.xml").read_text(encoding="utf-8"),
        directory={
            "crisis_line": _entry("crisis_line", "28", DestinationKind.CRISIS, stay=True),
            "interpreter": _entry("interpreter", "30", DestinationKind.INTERPRETER),
            "water": _entry("water", "21", DestinationKind.DEPARTMENT),
        },
    )
    return replace(city, **changes)


def _entry(key: str, last: str, kind: DestinationKind, *, stay: bool = False) -> DirectoryEntry:
    names = {Language.EN: key, Language.ES: key}
    number = f"+152055501{last}"
    return DirectoryEntry(key, names, number, 25, kind=kind, stay_until_accepted=stay)


def _point(key: str, last: str) -> Destination:
    return Destination(key, {Language.EN: key, Language.ES: key}, f"+15205550{last}", 25)


SIGNS: Mapping[str, EmergencyLevel] = {
    "fire": EmergencyLevel.EMERGENCY,
    "fuego": EmergencyLevel.EMERGENCY,
    "gas": EmergencyLevel.EMERGENCY,
    "smoke": EmergencyLevel.POSSIBLE,
    "humo": EmergencyLevel.POSSIBLE,
}


def read_emergency(text: str, language: Language) -> EmergencyReading:
    """A reader of one word, enough for the doors: what words mean is tested with the rules."""
    for word, level in SIGNS.items():
        if word in text.lower():
            return EmergencyReading(level, "a sign", (word,))
    return EmergencyReading()


def read_intent(text: str, language: Language) -> Heard:
    return Heard("pothole", 0.9) if "pothole" in text.lower() else Heard()


def read_place(text: str, language: Language) -> PlaceFound | None:
    if "speedway" not in text.lower():
        return None
    spoken = SpokenPlace(PlaceKind.ADDRESS, "1200", "E", "Speedway", "Boulevard", text=text)
    said = {"en": "1200 East Speedway Boulevard", "es": "1200 East Speedway Boulevard"}
    return PlaceFound(spoken, said, 32.236, -110.952, 40.0, jurisdiction="tucson", certain=True)


def fake_runtime(database_url: str, spool: Path, **changes: Any) -> Runtime:
    """A runtime over a migrated database, with a gateway that records and a clock that stands."""
    engine = changes.pop("engine", None) or databases.engine_of(database_url)
    intents: Engine = changes.pop("intent_engine", None) or engine
    keyring = fake_keyring()
    runtime = Runtime(
        sessions=open_sessions(engine),
        turn_engine=databases.turn_engine_of(database_url),
        turns=TurnStore(keyring),
        intent_sessions=open_sessions(intents),
        keyring=keyring,
        gateway=FakeGateway(),
        clock=StandingClock(),
        new_id=lambda: uuid.uuid4().hex,
        dialler=AtOnce(),
        city=fake_city(),
        menus=OneMenu(),
        readers=Readers(read_emergency, read_intent, read_place),
        addresses=Addresses(PUBLIC_URL),
        bell=FakeBell(),
        spool=spool,
        auth_tokens=(AUTH_TOKEN,),
    )
    return replace(runtime, **changes)
