"""A line with the exchange beside it: calls are moved by Twilio's posts, 911 speaks at its door."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import select

from calltaker.authoring.first import Document, publish_first
from calltaker.doors import TEMPLATES
from calltaker.handoff import ledger, tokens
from calltaker.handoff.blueprint import handoff_blueprint
from calltaker.handoff.exchange import Exchange
from calltaker.handoff.ledger import Writing
from calltaker.handoff.tokens import OwnKey
from calltaker.intake import protocol_sessions
from calltaker.intake.published import PublishedProtocols
from calltaker.intake.record import Record
from ivr.rules.emergency_reading import EmergencyReading
from ivr.rules.menu_state import MenuState
from models.call import MENU_STATE, Call
from models.handoff import Handoff, HandoffMessage, HandoffPacket
from models.states import EmergencyLevel, PublicationKind
from tests.fakes import read_place
from tests.handoff.handoff_samples import AGENCIES, COMMON
from tests.line.conftest import Stage, patient, runtime

__all__ = ["patient", "runtime"]

LIBRARY = ("gas_smell", "dog_bite")


def made_key(kid="one"):
    raw = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.Raw,
        serialization.PrivateFormat.Raw,
        serialization.NoEncryption(),
    )
    return OwnKey.from_text(f"{kid}:{base64.b64encode(raw).decode()}")


KEYS = {"city-911": made_key(), "county-911": made_key("two")}


def with_keys(agencies=AGENCIES, **changes):
    """The published agencies, two of them with a key."""
    known = dict(agencies.agencies)
    for name, key in KEYS.items():
        public = base64.b64decode(key.public)
        known[name] = replace(known[name], keys={key.kid: public}, **changes.get(name, {}))
    return replace(agencies, agencies=known)


class Centre(Stage):
    """A line whose ledger is kept, and 911 beside it with tokens of its own."""

    def __init__(self, runtime):
        super().__init__(runtime)
        self.agencies = with_keys()
        self.exchange = Exchange(
            runtime=runtime,
            published=lambda: self.agencies,
            common_types=COMMON,
            protocols=PublishedProtocols(),
            secret="s" * 32,
        )
        app = Flask("handoff", template_folder=str(TEMPLATES), static_folder=None)
        app.register_blueprint(handoff_blueprint(self.exchange))
        app.jinja_env.globals.update(bundle=lambda name: f"/static/{name}")
        self.door = app.test_client()

    def token(self, agency="city-911", **changes):
        own = self.agencies.agencies[agency]
        return tokens.issue(
            changes.get("key", KEYS[agency]),
            changes.get("issuer", own.domain),
            changes.get("audience", self.agencies.ourselves.domain),
            changes.get("now", self.now),
            self.runtime.new_id,
            changes.get("lasts", timedelta(minutes=5)),
        )

    def ask(self, path, agency="city-911", token=None, **headers):
        word = {"Authorization": f"Bearer {token or self.token(agency)}"}
        return self.door.get(path, headers=word | headers)

    def say(self, path, body, agency="city-911", token=None, raw=None):
        word = {"Authorization": f"Bearer {token or self.token(agency)}"}
        data = raw if raw is not None else json.dumps(body).encode()
        return self.door.post(path, data=data, headers=word, content_type="application/json")

    def known_caller(self, word="ana"):
        """A caller who said what and where, in the room with a call-taker, protocol begun."""
        caller, staff_id, _ = self.talk(word)
        text = MenuState(
            node="",
            words=("huele a gas en mi cocina",),
            place=read_place("1200 east speedway", None),
            emergency=EmergencyReading(EmergencyLevel.EMERGENCY, "gas", ("gas",)),
        ).to_json()
        with self.runtime.sessions() as session:
            call = session.get(Call, caller.call_id)
            call.menu_state = self.runtime.keyring.seal(MENU_STATE, call.id, text)
            call.jurisdiction = "tucson"
            session.commit()
        return caller, staff_id

    def publish_library(self):
        documents = [
            Document(
                PublicationKind.PROTOCOL,
                name,
                open(f"protocols/library/{name}.yaml", encoding="utf-8").read(),  # noqa: SIM115, PTH123
            )
            for name in LIBRARY
        ]
        with self.runtime.sessions() as session:
            publish_first(session, documents, self.now, self.runtime.new_id)
            session.commit()

    def answers(self, caller, staff_id, protocol, **values):
        with self.runtime.sessions() as session:
            record = Record(session, caller.call_id, staff_id, self.now, self.runtime.new_id)
            version = self.exchange.protocols.live_one(session, protocol)
            run = protocol_sessions.begin(
                record, self.runtime.keyring, self.exchange.protocols, version, None
            )
            for question, value in values.items():
                self.runtime.clock.pass_by(5)
                record = replace(record, now=self.now)
                run = protocol_sessions.answer(record, self.runtime.keyring, run, question, value)
            session.commit()

    def facts_of(self, handoff_id):
        with self.runtime.sessions() as session:
            return [each.fact.value for each in ledger.events_of(session, handoff_id)]

    def handoff(self, handoff_id):
        with self.runtime.sessions() as session:
            return session.get(Handoff, handoff_id)

    def count(self, kind=HandoffPacket):
        with self.runtime.sessions() as session:
            return len(session.scalars(select(kind)).all())

    def messages(self):
        return self.count(HandoffMessage)

    def writing(self, session):
        return Writing(session, self.now, self.runtime.new_id)


@pytest.fixture
def centre(runtime):
    return Centre(runtime)
