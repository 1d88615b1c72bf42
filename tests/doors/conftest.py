"""The voice door over a migrated database of each engine."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ivr.runtime import Runtime
from models.database import open_engine
from models.publication import Publication
from models.states import PublicationKind, PublicationState
from tests import databases
from tests.doors.telephone import Twilio, door
from tests.fakes import NOON, FakeGateway, fake_runtime


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def voice_database(request, tmp_path_factory) -> Iterator[str]:
    """One database an engine for all of these tests: every call has a CallSid of its own."""
    url = databases.fresh(request.param, tmp_path_factory.mktemp("voice"))
    engine = open_engine(url, patient=True)
    with Session(engine) as session:
        session.add(
            Publication(
                id="1" * 32,
                kind=PublicationKind.MENU,
                key="menu",
                version=1,
                state=PublicationState.LIVE,
                digest="0" * 64,
                document="",
                author="city pack",
                approver=None,
                reason="tests",
                created_at=NOON,
                published_at=NOON,
            )
        )
        session.commit()
    engine.dispose()
    yield url
    databases.drop(url)


@pytest.fixture
def call_sid() -> str:
    return "CA" + uuid.uuid4().hex


@pytest.fixture
def voice_runtime(voice_database, tmp_path) -> Iterator[Runtime]:
    engine: Engine = open_engine(voice_database, pool_size=4)
    runtime = fake_runtime(voice_database, tmp_path / "spool", engine=engine)
    yield runtime
    engine.dispose()
    runtime.turn_engine.dispose()


@pytest.fixture
def gateway(voice_runtime) -> FakeGateway:
    return voice_runtime.gateway  # type: ignore[return-value]


@pytest.fixture
def twilio(voice_runtime) -> Twilio:
    return door(voice_runtime)
