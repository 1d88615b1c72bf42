"""Calls taken at a real desk and wrapped up, for the tests of quality."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from calltaker.authoring.first import Document, publish_first
from calltaker.intake.published import PublishedProtocols
from calltaker.quality import review_form, scores
from models.call import Call
from models.intake import ProtocolSession
from models.quality import CaseScore
from models.states import PublicationKind, Role
from tests.staff.staff_stage import LIBRARY, House, Person, token_of

HTML = {"Accept": "text/html"}
POTHOLE = {
    "danger_now": "no",
    "crash": "no",
    "swerving": "no",
    "object_in_lane": "no",
    "hole_place": "traffic_lane",
    "hole_size": "yes",
    "find_it": "frente a la casa de Elena",
}
REVIEW = {
    **dict.fromkeys(review_form.QUESTIONS, "yes"),
    "triage": "right",
    "grade": "meets",
    "comment": "Heard the whole call.",
}


@dataclass
class Floor:
    """A call-taker, a senior and a supervisor, and what has happened at the desk."""

    house: House
    taker: Person
    senior: Person
    supervisor: Person
    published: PublishedProtocols

    @classmethod
    def open(cls, house: House) -> "Floor":
        documents = [
            Document(PublicationKind.PROTOCOL, name, (LIBRARY / f"{name}.yaml").read_text("utf-8"))
            for name in ("gas_smell", "pothole")
        ]
        with house.runtime.sessions() as session:
            publish_first(session, documents, house.clock(), lambda: uuid4().hex)
            session.commit()
        people = (house.person(), house.person(Role.SENIOR), house.person(Role.SUPERVISOR))
        return cls(house, *people, PublishedProtocols())

    def publish(self, name: str, file: Path | None = None) -> None:
        """One more protocol that calls can begin with."""
        text = (file or LIBRARY / f"{name}.yaml").read_text("utf-8")
        runtime, document = self.house.runtime, Document(PublicationKind.PROTOCOL, name, text)
        with runtime.sessions() as session:
            publish_first(session, [document], runtime.clock(), runtime.new_id)
            session.commit()

    def call(self, **changes: Any) -> Call:
        """A call that the call-taker is in."""
        return self.house.in_room(self.taker.staff_id, **changes)

    def begin(self, call: Call, protocol: str = "pothole") -> None:
        self.taker.ordered(f"/calls/{call.id}/protocol", {"protocol": protocol})

    def answer(self, call: Call, answers: dict[str, Any]) -> None:
        for question, value in answers.items():
            self.wait(4)
            self.taker.ordered(f"/calls/{call.id}/answers", {"question": question, "value": value})

    def wrap_up(self, call: Call, disposition: str = "report_taken") -> ProtocolSession:
        """The call-taker hangs up and closes the contact."""
        with self.house.runtime.sessions() as session:
            session.get_one(Call, call.id).end_commanded_at = self.house.clock()
            session.commit()
        self.house.leave_room(call)
        self.wait(10)
        self.taker.ordered(f"/calls/{call.id}/wrap-up", {"disposition": disposition})
        return self.house.rows(ProtocolSession, ProtocolSession.call_id == call.id)[-1]

    def case(self, answers: dict[str, Any] | None = None, **changes: Any) -> ProtocolSession:
        """A pothole that was reported as it should be, or with these answers."""
        call = self.call(**changes)
        self.begin(call)
        self.answer(call, POTHOLE if answers is None else answers)
        return self.wrap_up(call)

    def wait(self, seconds: float) -> None:
        self.house.clock.pass_by(seconds)

    def score(self) -> int:
        runtime = self.house.runtime
        return scores.run_due(runtime, self.published, runtime.clock())

    def scored(self, run: ProtocolSession) -> CaseScore:
        self.score()
        return self.house.rows(CaseScore, CaseScore.session_id == run.id)[0]

    def page(self, person: Person, path: str) -> str:
        answer = person.client.get(path, headers=HTML)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, person: Person, path: str, **fields: str) -> TestResponse:
        token = token_of(self.page(person, "/quality"))
        return person.client.post(path, data={**fields, "csrf_token": token}, headers=HTML)

    def review(self, person: Person, run: ProtocolSession, **changes: str) -> TestResponse:
        return self.post(person, f"/quality/cases/{run.id}/review", **{**REVIEW, **changes})


def result_of(score: CaseScore, item: str) -> str:
    return next(check["result"] for check in score.checks if check["item"] == item)
