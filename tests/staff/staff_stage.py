"""A staff door to test against: an application over a real database, people, and callers as rows.

The telephone company records, the clock stands until it is told.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from calltaker.authoring.first import Document, publish_first
from calltaker.doors import register_staff
from calltaker.doorway import DeskDoor, Intent
from calltaker.staff import sessions
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.heard import Heard
from ivr.rules.menu_state import MenuState
from ivr.runtime import Runtime
from models.call import CALLER_NUMBER, MENU_STATE, Call, Leg
from models.journal import ContactFact, JournalEntry
from models.line import LineEntry, Offer
from models.staff import Presence, Staff
from models.states import (
    CallPhase,
    EmergencyLevel,
    Language,
    LegKind,
    LegState,
    LineState,
    NumberPresentation,
    OfferState,
    Origin,
    PresenceState,
    PriorityClass,
    PublicationKind,
    Role,
)
from tests.fakes import FakeGateway, StandingClock, fake_runtime, read_place

PASSWORD = "saguaro lantern ferry ocean"
NUMBER = "+15205550142"
WORDS = "hay un bache muy grande"
LIBRARY = Path(__file__).parents[2] / "protocols" / "library"
BUNDLES = {
    "desk.js": "desk-A.js",
    "menus.js": "menus-A.js",
    "menus.css": "menus-A.css",
    "protocols.js": "protocols-A.js",
    "protocols.css": "protocols-A.css",
    "sheet.css": "sheet-A.css",
    "staff.css": "staff-A.css",
    "favicon.svg": "favicon-A.svg",
}


@dataclass
class Person:
    """A signed-in member of staff at a browser of their own."""

    staff_id: str
    client: FlaskClient
    token: str = ""

    def state(self) -> dict[str, Any]:
        answer = self.client.get("/desk/state")
        assert answer.status_code == 200, answer.text
        self.token = answer.json["csrf_token"]
        return answer.json

    def order(self, path: str, body: Any = None) -> TestResponse:
        if not self.token:
            self.state()
        headers = {"X-CSRFToken": self.token}
        return self.client.post(f"/desk{path}", json=body or {}, headers=headers)

    def ordered(self, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.order(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def form(self, path: str, page: str, **fields: str) -> TestResponse:
        """Post a form with the token of a page."""
        return post_form(self.client, path, page, **fields)


@dataclass
class House:
    """The door with its rows."""

    app: Flask
    runtime: Runtime

    @property
    def clock(self) -> StandingClock:
        return self.runtime.clock

    @property
    def gateway(self) -> FakeGateway:
        return self.runtime.gateway

    def account(self, role: Role = Role.CALL_TAKER, email: str | None = None) -> str:
        """An account without a usable password: `person` signs in by the cookie alone."""
        staff = Staff(
            id=uuid4().hex,
            email=email or f"{uuid4().hex[:8]}@tucson.example",
            name=f"The {role.value}",
            role=role,
            password_hash="none",
            created_at=self.clock(),
        )
        self.add(staff)
        return staff.id

    def person(self, role: Role = Role.CALL_TAKER) -> Person:
        return self.signed_in(self.account(role))

    def signed_in(self, staff_id: str) -> Person:
        client = self.app.test_client()
        with self.runtime.sessions() as session:
            word = sessions.begin(session, staff_id, self.clock())
            session.commit()
        client.set_cookie("oldpueblo", word)
        return Person(staff_id, client)

    def add(self, *rows: Any) -> None:
        with self.runtime.sessions() as session:
            for row in rows:
                session.add(row)
                session.flush()
            session.commit()

    def rows(self, kind: type, *conditions: Any) -> list[Any]:
        with self.runtime.sessions() as session:
            return list(session.scalars(select(kind).where(*conditions)))

    def journal(self, call_id: str) -> list[str]:
        return [row.kind for row in self.rows(JournalEntry, JournalEntry.call_id == call_id)]

    def facts(self, call_id: str, name: str) -> list[str | None]:
        found = self.rows(ContactFact, ContactFact.call_id == call_id, ContactFact.field == name)
        return [row.value for row in found]

    def call(self, phase: CallPhase = CallPhase.LINE, **changes: Any) -> Call:
        """A caller who told the menu of a pothole in Spanish, with a place."""
        call_id = uuid4().hex
        now, keyring = self.clock(), self.runtime.keyring
        words = changes.pop("words", WORDS)
        number = changes.pop("number", NUMBER)
        menu = MenuState(
            node="report_line",
            language=Language.ES,
            intent=Heard("pothole", 0.92, (("loose_dog", 0.2),)),
            emergency=changes.pop("reading", EmergencyReading()),
            place=read_place("1200 East Speedway", Language.EN),
            confirmed=True,
            words=(words,),
        )
        values: dict[str, Any] = {
            "id": call_id,
            "call_sid": "CA" + uuid4().hex,
            "origin": Origin.LINE_311,
            "phase": phase,
            "language": Language.ES,
            "caller_number": keyring.seal(CALLER_NUMBER, call_id, number) if number else None,
            "number_presentation": NumberPresentation.GIVEN,
            "dialled_number": "+15205550100",
            "stir_verstat": "TN-Validation-Passed-A",
            "menu_state": keyring.seal(MENU_STATE, call_id, menu.to_json()),
            "intent": "pothole",
            "emergency_level": EmergencyLevel.NONE,
            "jurisdiction": "tucson",
            "started_at": now,
            "heard_at": now,
        }
        call = Call(**{**values, **changes})
        self.add(call)
        return call

    def waiting(self, call: Call | None = None, **changes: Any) -> LineEntry:
        call = call or self.call()
        values: dict[str, Any] = {
            "id": uuid4().hex,
            "call_id": call.id,
            "priority": PriorityClass.ORDINARY,
            "skill": "general",
            "language": Language.ES,
            "state": LineState.WAITING,
            "joined_at": self.clock(),
            "waiting_since": self.clock() - timedelta(seconds=38),
        }
        entry = LineEntry(**{**values, **changes})
        self.add(entry)
        return entry

    def offered(
        self, staff_id: str, entry: LineEntry, state: OfferState = OfferState.OPEN
    ) -> Offer:
        offer = Offer(
            id=uuid4().hex,
            call_id=entry.call_id,
            entry_id=entry.id,
            staff_id=staff_id,
            state=state,
            offered_at=self.clock(),
            ends_at=self.clock() + timedelta(seconds=15),
        )
        self.add(offer)
        return offer

    def in_room(self, staff_id: str, **changes: Any) -> Call:
        """A call whose caller and call-taker are both in the room, and only they."""
        call = self.call(
            CallPhase.ROOM, staff_id=staff_id, conference_sid="CF" + "1" * 32, **changes
        )
        entry = self.waiting(call, state=LineState.TAKEN, ended_at=self.clock())
        self.offered(staff_id, entry, OfferState.JOINED)
        now = self.clock()
        for kind, sid, who in (
            (LegKind.CALLER, call.call_sid, None),
            (LegKind.CALL_TAKER, "CA" + uuid4().hex, staff_id),
        ):
            self.add(
                Leg(
                    id=uuid4().hex,
                    call_id=call.id,
                    call_sid=sid,
                    kind=kind,
                    state=LegState.IN_ROOM,
                    staff_id=who,
                    dialled_at=now,
                    joined_at=now,
                )
            )
        self.be(staff_id, PresenceState.ON_CALL)
        return call

    def leave_room(self, call: Call) -> None:
        """The call has ended and every leg is gone."""
        with self.runtime.sessions() as session:
            row = session.get(Call, call.id)
            row.phase, row.ended_at = CallPhase.ENDED, self.clock()
            for leg in session.scalars(select(Leg).where(Leg.call_id == call.id)):
                leg.state, leg.left_at = LegState.LEFT, self.clock()
            session.commit()

    def be(self, staff_id: str, state: PresenceState) -> None:
        now = self.clock()
        with self.runtime.sessions() as session:
            row = session.get(Presence, staff_id)
            if row is None:
                session.add(
                    Presence(
                        staff_id=staff_id, state=state, since=now, idle_since=now, heartbeat_at=now
                    )
                )
            else:
                row.state = state
            session.commit()

    def publish_library(self) -> None:
        documents = [
            Document(PublicationKind.PROTOCOL, path.stem, path.read_text(encoding="utf-8"))
            for path in sorted(LIBRARY.glob("*.yaml"))
        ]
        with self.runtime.sessions() as session:
            publish_first(session, documents, self.clock(), lambda: uuid4().hex)
            session.commit()


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def post_form(client: FlaskClient, path: str, page: str, **fields: str) -> TestResponse:
    token = token_of(client.get(page, headers={"Accept": "text/html"}).text)
    return client.post(path, data={**fields, "csrf_token": token}, headers={"Accept": "text/html"})


def sign_in(client: FlaskClient, email: str, password: str) -> TestResponse:
    return post_form(client, "/login", "/login", email=email, password=password)


def built(folder: Path) -> Path:
    """A front end's build, as far as the door looks at it."""
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(BUNDLES))
    for file in BUNDLES.values():
        (folder / file).write_text("/* a bundle */")
    return folder


class Address(Rule):
    """An address of the door, compiled once a process: every test has a door with all of them."""

    _compiled: ClassVar[dict[tuple[str, str, bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self._compiled:
            self._compiled[key] = super()._compile_builder(append_unknown)
        return self._compiled[key]


class Templates(BytecodeCache):
    """Templates compiled once a process, and again when their text changes."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


class Application(Flask):
    url_rule_class = Address
    jinja_options: ClassVar[dict[str, Any]] = {"bytecode_cache": Templates()}


def open_door(runtime: Runtime, folder: Path, **changes: Any) -> Flask:
    app = Application("oldpueblo", static_folder=None)
    values: dict[str, Any] = {
        "runtime": runtime,
        "public_url": "http://127.0.0.1:3110",
        "secret_key": "s" * 40,
        "build": built(folder / "build"),
        "intents": {"pothole": Intent("Pothole", "pothole")},
        "retention_days": {"call": 1095, "words": 180},
        "tags": {"bus_stop": "Bus stop", "monsoon": "Monsoon", "thanks": "Thanks"},
    }
    register_staff(app, DeskDoor(**{**values, **changes}))
    return app


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    # A busy machine must not turn tests of the desk into tests of the spool.
    monkeypatch.setattr("ivr.transfer_intent.INTENT_SECONDS", 20.0)
    runtime = fake_runtime(database_url, tmp_path / "spool")
    yield House(open_door(runtime, tmp_path), runtime)
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()
