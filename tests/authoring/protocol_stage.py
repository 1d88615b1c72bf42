"""A city with one live protocol, those who write on it, and the calls that ran on it.

The city is small: one answering point, two departments, three common codes. Its protocol is the
smallest that can be proven, with a question about a dog that bites.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from calltaker.authoring import protocol_beginning
from calltaker.authoring.first import Document, publish_first
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.intake import answers
from models.intake import ProtocolSession
from models.publication import Publication
from models.states import PublicationKind, PublicationState, Role
from protocols.proof_reference import Place, Reference
from tests.authoring.authoring_stage import Editor
from tests.fakes import NOON
from tests.staff.staff_stage import House

A = "/protocols/api/dog"
PLACES = (
    Place("911:city-911", dialled=True),
    Place("department:line"),
    Place("department:animal_care"),
)
REFERENCE = Reference(
    now=NOON.astimezone(UTC),
    places={place.key: place for place in PLACES},
    targets_of_911={"tucson": (PLACES[0],)},
    common_codes=frozenset({"TROUBLE", "INFO", "BITE"}),
    request_codes=frozenset({"loose_dog"}),
    grades={"en": 8, "es": 8},
)
NAMED = ProtocolGrounds(
    REFERENCE,
    {"department:animal_care": {"en": "Animal care", "es": "Centro de animales"}},
    {"loose_dog": {"en": "Loose dog", "es": "Perro suelto"}},
)
GROUNDS = Grounds(protocols=lambda _now, _instead: NAMED)

_QUESTION = """
  # Ask before anything about the owner.
  - id: biting
    kind: choice
    safety: true
    text:
      en: Is the dog biting anyone right now?
      es: ¿El perro está mordiendo a alguien ahora?
    options:
      - id: "yes"
        danger: true
        text: {en: "Yes", es: "Sí"}
      - id: "no"
        danger: false
        text: {en: "No", es: "No"}

rules:
  - id: bite
    when: {question: biting, is: "yes"}
    determinant: danger_to_911
"""
_TESTS = """
  - id: bites
    answers: {danger_now: "no", biting: "yes"}
    determinant: danger_to_911
  - id: perhaps_bites
    answers: {danger_now: "no", biting: unknown}
    determinant: danger_to_911
  - id: will_not_say_bites
    answers: {danger_now: "no", biting: refused}
    determinant: danger_to_911
"""


def dog() -> str:
    """The live text."""
    text = protocol_beginning.smallest("dog", {"en": "Loose dog", "es": "Perro suelto"})
    text = text.replace("\nrules:\n", _QUESTION)
    text = text.replace('answers: {danger_now: "no"}', 'answers: {danger_now: "no", biting: "no"}')
    return text.rstrip("\n") + _TESTS


def calmer() -> str:
    """A text in which not knowing whether the dog bites leads to nobody: the proof stops it."""
    kept = dog().replace(
        '    when: {question: biting, is: "yes"}',
        '    when: {all: [{question: biting, is: "yes"}, {not: {question: biting, is: unknown}}]}',
    )
    assert kept != dog()
    return kept


def reworded(words: str = "Is the dog hurting anyone right now?") -> str:
    return dog().replace("Is the dog biting anyone right now?", words)


def without_the_bite() -> str:
    """A text that asks of biting no more: calls that went to 911 for it would not."""
    text = dog()
    first, last = text.index("\n  # Ask before"), text.index("\nrules:")
    text = text[:first] + "\n" + text[last:].lstrip("\n")
    first, last = text.index("  - id: bite\n"), text.index("  - id: danger\n")
    text = text[:first] + text[last:]
    return text[: text.index("\n  - id: bites")].replace(', biting: "no"', "") + "\n"


@dataclass
class Author(Editor):
    """Somebody who writes protocols as the editor's page does."""

    reasons: dict[str, str] = field(default_factory=dict)

    def write(self, text: str, at: str = A, revision: int | None = None) -> TestResponse:
        if revision is None:
            revision = self.state(at)["draft"]["revision"]
        return self.send("PUT", f"{at}/draft", {"revision": revision, "text": text})

    def check(self, text: str, at: str = A) -> dict[str, Any]:
        answer = self.post(f"{at}/check", {"text": text})
        assert answer.status_code == 200, answer.text
        return answer.json

    def accepting(self, text: str, at: str = A) -> list[dict[str, str]]:
        """Every warning of a text, accepted."""
        findings = self.check(text, at)["findings"]
        return [
            {"finding": one["id"], "reason": "known until the city approves"}
            for one in findings
            if one["severity"] == "warning"
        ]

    def put_forward(self, text: str, at: str = A, **more: Any) -> TestResponse:
        """Write a text and propose it with all its warnings accepted."""
        assert self.write(text, at).status_code == 200
        return self.propose(at, accepted=self.accepting(text, at), **more)

    def agree(self, at: str = A, **more: Any) -> TestResponse:
        """Look at the replay and approve what it says."""
        if "replay" not in more and self.state(at)["live"]:
            more["replay"] = self.client.get(f"{at}/replay").json
        return self.approve(at, **more)


@dataclass
class Kennel:
    """The staff door of that city."""

    house: House

    def author(self, role: Role = Role.MENU_ADMIN) -> Author:
        return Author(self.house.person(role))

    def supervisor(self) -> Author:
        return self.author(Role.SUPERVISOR)

    def publish_first(self, key: str = "dog", text: str | None = None) -> None:
        document = Document(PublicationKind.PROTOCOL, key, text or dog())
        with self.house.runtime.sessions() as session:
            publish_first(session, [document], self.house.clock(), lambda: uuid4().hex)
            session.commit()

    def live(self, key: str = "dog") -> Publication:
        [found] = self.house.rows(
            Publication, Publication.key == key, Publication.state == PublicationState.LIVE
        )
        return found

    def call(self, *given: Mapping[str, Any]) -> str:
        """A call that ran on what is live, with these answers, later ones last; returns its id."""
        house, live = self.house, self.live()
        call, staff_id = house.call(), house.account()
        row = ProtocolSession(
            id=uuid4().hex,
            call_id=call.id,
            publication_id=live.id,
            protocol=live.key,
            version=live.version,
            staff_id=staff_id,
            started_at=house.clock(),
        )
        house.add(row)
        with house.runtime.sessions() as session:
            for question, value in (pair for answered in given for pair in answered.items()):
                self._answer(session, row, question, value)
            session.commit()
        return call.id

    def _answer(self, session: Any, row: ProtocolSession, question: str, value: Any) -> None:
        now, new_id = self.house.clock(), uuid4().hex
        keyring = self.house.runtime.keyring
        times = {"shown_at": now, "now": now, "new_id": new_id}
        answers.append(session, keyring, row, question, value, **times)
