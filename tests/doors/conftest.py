"""The voice door over a migrated database of each engine, and a Twilio that signs."""

import base64
import hashlib
import hmac
import os
import uuid
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.migrating import upgrade
from ivr.runtime import Runtime
from ivr.webhooks import voice_blueprint
from models.database import open_engine
from models.publication import Publication
from models.states import PublicationKind, PublicationState
from tests.fakes import AUTH_TOKEN, NOON, PUBLIC_URL, FakeGateway, OneMenu, fake_runtime

SCRATCH = "postgresql://postgres@127.0.0.1:55432/postgres"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def voice_database(request, tmp_path_factory) -> Iterator[str]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('voice') / 'voice.db'}"
        _migrate(url)
        yield url
        return
    given = os.environ.get("TEST_DATABASE_URL", SCRATCH)
    name = f"voice_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    url = given.rpartition("/")[0] + f"/{name}"
    _migrate(url)
    yield url
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(url: str) -> None:
    engine = open_engine(url, patient=True)
    upgrade(engine)
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


class Twilio:
    """Asks the voice door as Twilio does: a form, signed for the public address."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def post(self, path: str, fields=(), token: str = AUTH_TOKEN, **named):
        pairs = [*dict(fields).items()] if not isinstance(fields, list) else fields
        return self.client.post(
            path, data=_encoded(pairs), headers={"X-Twilio-Signature": sign(path, pairs, token)},
            content_type="application/x-www-form-urlencoded", **named,
        )  # fmt: skip

    def says(self, path: str, **fields: str) -> "Heard":
        return Heard(self.post(path, fields))


def _encoded(pairs) -> bytes:
    from urllib.parse import urlencode

    return urlencode(pairs).encode()


def sign(path: str, pairs, token: str = AUTH_TOKEN) -> str:
    text = PUBLIC_URL + path.partition("#")[0]
    text += "".join(name + value for name, value in sorted({(n, v) for n, v in pairs}))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Heard:
    """A document as a telephone would take it."""

    def __init__(self, response) -> None:
        assert response.status_code == 200, (response.status_code, response.data)
        assert response.content_type == "text/xml; charset=utf-8"
        self.bytes = response.data
        self.root = ET.fromstring(response.data)
        assert self.root.tag == "Response"

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.root]

    @property
    def words(self) -> str:
        return " ".join(say.text or "" for say in self.root.iter("Say"))

    def one(self, tag: str):
        found = list(self.root.iter(tag))
        assert len(found) == 1, (tag, self.bytes)
        return found[0]

    @property
    def next_path(self) -> str:
        """Where the Gather's answer goes, as a path."""
        return path_of(self.one("Gather").get("action"))


def path_of(url: str) -> str:
    assert url.startswith(PUBLIC_URL + "/voice/"), url
    return url.removeprefix(PUBLIC_URL).partition("#")[0]


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


def door(runtime: Runtime) -> Twilio:
    app = Flask("voice-test")
    app.register_blueprint(voice_blueprint(runtime))
    return Twilio(app)


@pytest.fixture
def twilio(voice_runtime) -> Twilio:
    return door(voice_runtime)


__all__ = ["OneMenu"]
