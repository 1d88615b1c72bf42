"""Editors, supervisors and a menu that is live: the stage of every test of publishing.

Documents of the kind `hours` are small here: the gate of these tests knows a city of two words, so
that what is tested is who may publish what, and what is live at the end.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from calltaker.authoring.first import Document, publish_first
from ivr.errors import CityPackError
from models.publication import Publication
from models.states import PublicationKind, PublicationState, Role
from tests.staff.staff_stage import House, Person

TUCSON = Path(__file__).parents[2] / "config" / "tucson" / "first"
MENU = "/menus/api/menu/menu"
HOURS = "/menus/api/hours/hours"


def read_hours(document: object) -> object:
    """A gate of one rule: hours that say `strands: true` may not go live."""
    if isinstance(document, dict) and document.get("strands"):
        raise CityPackError(["hours: main: nobody would ever answer"])
    return document


@dataclass
class Editor:
    """A signed-in person who sends orders as the editor's page does."""

    person: Person
    token: str = ""

    @property
    def staff_id(self) -> str:
        return self.person.staff_id

    @property
    def client(self) -> FlaskClient:
        return self.person.client

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        if not self.token:
            self.person.state()
            self.token = self.person.token
        return self.client.open(
            path, method=method, json=body or {}, headers={"X-CSRFToken": self.token}
        )

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.send("POST", path, body)

    def state(self, path: str = HOURS) -> dict[str, Any]:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def save(self, document: Any, path: str = HOURS, revision: int | None = None) -> TestResponse:
        if revision is None:
            revision = self.state(path)["draft"]["revision"]
        return self.send("PUT", f"{path}/draft", {"revision": revision, "document": document})

    def propose(self, path: str = HOURS, **more: Any) -> TestResponse:
        revision = self.state(path)["draft"]["revision"]
        order = {"revision": revision, "reason": "a new service", "publish_at": None}
        return self.post(f"{path}/propose", {**order, **more})

    def approve(self, path: str = HOURS, **more: Any) -> TestResponse:
        draft = self.state(path)["draft"]
        seen = {"revision": draft["revision"], "digest": draft["digest"]}
        return self.post(f"{path}/approve", {**seen, **more})


@dataclass
class City:
    """The staff door with a live version of each document."""

    house: House

    def editor(self, role: Role = Role.MENU_ADMIN) -> Editor:
        return Editor(self.house.person(role))

    def supervisor(self) -> Editor:
        return self.editor(Role.SUPERVISOR)

    def publish_first(self, **texts: str) -> None:
        kinds = [Document(PublicationKind(kind), kind, text) for kind, text in texts.items()]
        with self.house.runtime.sessions() as session:
            publish_first(session, kinds, self.house.clock(), lambda: uuid4().hex)
            session.commit()

    def published(self, document: Any, path: str = HOURS) -> dict[str, Any]:
        """Take a document all the way: saved and proposed by one, approved by another."""
        writer, second = self.editor(), self.supervisor()
        for answer in (writer.save(document, path), writer.propose(path), second.approve(path)):
            assert answer.status_code == 200, answer.text
        return second.state(path)

    def live(self, kind: PublicationKind = PublicationKind.HOURS) -> list[Publication]:
        return self.house.rows(
            Publication, Publication.kind == kind, Publication.state == PublicationState.LIVE
        )

    def live_version(self) -> int:
        [live] = self.live()
        return live.version


def hours(**fields: Any) -> dict[str, Any]:
    return {"key": "hours", **fields}


def menu() -> dict[str, Any]:
    """The city pack's menu as plain data, as the page gets it."""
    from calltaker.authoring import documents

    return documents.read((TUCSON / "menu.yaml").read_text(encoding="utf-8"))


def as_yaml(document: Any) -> str:
    return yaml.safe_dump(json.loads(json.dumps(document)), allow_unicode=True, sort_keys=False)
