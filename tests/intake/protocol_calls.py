"""Calls in the middle of a protocol, and the orders a call-taker gives about it, for this folder's tests."""

from pathlib import Path
from uuid import uuid4

import pytest

from calltaker.authoring.first import Document, publish_first
from calltaker.handoff import gathering
from calltaker.handoff.known import Known
from calltaker.intake import answers, session_events
from calltaker.intake.published import PublishedProtocols
from models.call import Call
from models.intake import DeterminantSet, ProtocolEvent
from models.states import PublicationKind, Role
from tests.staff.staff_stage import LIBRARY, House, Person

HERE = Path(__file__).parent
SMALL = {"danger_now": "no", "seen": ["noise"], "width": 3}
ORDER = "a" * 32


@pytest.fixture
def dialled(monkeypatch) -> list[tuple]:
    """What was asked of the warm transfer; its own tests say what becomes of it."""
    asked: list[tuple] = []
    monkeypatch.setattr(
        "calltaker.intake.questioning.warm_transfer.escalate", lambda *ask: asked.append(ask)
    )
    return asked


@pytest.fixture
def stage(house: House) -> House:
    """Three protocols: one that asks every kind of question, and two of the city's."""
    files = [HERE / "everything.yaml", LIBRARY / "pothole.yaml", LIBRARY / "loose_dog.yaml"]
    documents = [
        Document(PublicationKind.PROTOCOL, file.stem, file.read_text(encoding="utf-8"))
        for file in files
    ]
    with house.runtime.sessions() as session:
        publish_first(session, documents, house.clock(), lambda: uuid4().hex)
        session.commit()
    return house


@pytest.fixture
def desk(stage: House) -> tuple[House, Person, Call]:
    return at_the_desk(stage, Role.CALL_TAKER)


def at_the_desk(house: House, role: Role) -> tuple[House, Person, Call]:
    person = house.person(role)
    call = house.in_room(person.staff_id)
    begin(person, call)
    return house, person, call


def begin(person: Person, call: Call, protocol: str = "everything") -> dict:
    return person.ordered(f"/calls/{call.id}/protocol", {"protocol": protocol})["call"]["protocol"]


def answer(person: Person, call: Call, given: dict) -> dict:
    for question, value in given.items():
        told = {"question": question, "value": value}
        shown = person.ordered(f"/calls/{call.id}/answers", told)
    return shown["call"]


def choose(person: Person, call: Call, determinant: str, kind="retriage", reason="", order=ORDER):
    told = {"determinant": determinant, "kind": kind, "reason": reason, "escalation_id": order}
    return person.order(f"/calls/{call.id}/determinant", told)


def kinds(house: House) -> list[str]:
    rows = sorted(house.rows(ProtocolEvent), key=lambda row: row.id)
    return [row.kind.value for row in rows]


def sets(house: House) -> list[tuple]:
    rows = sorted(house.rows(DeterminantSet), key=lambda row: row.id)
    return [(row.determinant, row.source.value, row.computed, row.final) for row in rows]


def story(house: House, call: Call) -> list:
    """The events of the call's newest session, as the pure session takes them."""
    with house.runtime.sessions() as session:
        row = answers.newest_session(session, call.id)
        return session_events.read(session, house.runtime.keyring, row)


def packet_of(house: House, call: Call) -> Known:
    """What 911 is told of a call."""
    keyring = house.runtime.keyring
    with house.runtime.sessions() as session:
        sources = gathering.Sources(keyring, PublishedProtocols(), {}, "Tucson 3-1-1")
        return gathering.gather(session, sources, session.get(Call, call.id), "a" * 32)
