"""A protocol in a call: asked, answered, decided, and what follows."""

import json

import pytest
import yaml
from sqlalchemy.exc import OperationalError

from calltaker.intake import protocol_sessions
from calltaker.intake.published import NotReadAheadError, PublishedProtocols
from ivr import briefing
from models import request_number
from models.call import Call
from models.effects import DeskEvent, OutboxEntry
from models.intake import (
    ANSWER_VALUE,
    NOTE_TEXT,
    REQUEST_PLACE,
    CallNote,
    DeterminantSet,
    ProtocolAnswer,
    ProtocolSession,
    ServiceRequest,
    TextMessage,
)
from models.publication import Publication
from models.states import NumberPresentation, PublicationKind, PublicationState
from protocols import loading
from tests.staff.staff_stage import LIBRARY, NUMBER, House, Person

pytestmark = pytest.mark.database

POTHOLE = {
    "danger_now": "no",
    "crash": "no",
    "swerving": "no",
    "object_in_lane": "no",
    "hole_place": "traffic_lane",
    "hole_size": "yes",
    "find_it": "frente a la escuela",
}


@pytest.fixture
def desk(house: House) -> tuple[House, Person, Call]:
    house.publish_library()
    person = house.person()
    return house, person, house.in_room(person.staff_id)


def answer_all(person: Person, call: Call, answers: dict[str, str]) -> dict:
    for question, value in answers.items():
        told = {"question": question, "value": value}
        state = person.ordered(f"/calls/{call.id}/answers", told)
    return state["call"]


def test_the_protocols_of_the_city_can_be_chosen_the_suggested_one_first(desk):
    _, person, _ = desk
    listed = person.state()["call"]["protocols"]
    assert listed[0]["protocol"] == "pothole"
    assert listed[0]["suggested"]
    assert {choice["protocol"] for choice in listed} == {
        path.stem for path in LIBRARY.glob("*.yaml")
    }


def test_a_protocol_asks_its_first_question_in_both_languages(desk):
    _, person, call = desk
    run = person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})["call"]["protocol"]
    assert run["question"]["id"] == "danger_now"
    assert run["question"]["text"]["en"].startswith("Right now")
    assert run["question"]["text"]["es"].startswith("En este momento")
    ids = [option["id"] for option in run["question"]["options"]]
    assert ids == ["yes", "no", "unknown", "refused"]
    assert run["approval"] == "pending"
    assert (run["version"], run["answered"], run["determinant"]) == (1, [], None)


def test_a_pothole_ends_as_one_request_with_a_number_to_read_aloud(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    shown = answer_all(person, call, POTHOLE)
    assert shown["protocol"]["determinant"]["id"] == "pothole_soon"
    assert shown["protocol"]["determinant"]["final"]
    assert shown["protocol"]["question"] is None
    request = shown["service_request"]
    assert request_number.is_right(request["number"])
    assert request["spoken"].replace(" ", "").replace(",", "") == request["number"]
    assert (request["category"], request["department"]) == ("pothole", "transportation")
    assert request["text_message"] == "pending"
    assert len(house.rows(ServiceRequest)) == 1


def test_the_request_its_message_and_the_outbox_are_one_and_hold_no_open_text(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    answer_all(person, call, POTHOLE)
    request = house.rows(ServiceRequest)[0]
    message, effect = house.rows(TextMessage)[0], house.rows(OutboxEntry)[0]
    assert effect.payload == {"text_message_id": message.id}
    assert effect.kind == "send_text"
    assert NUMBER.encode() not in message.to_number
    assert b"Speedway" not in request.place
    place = house.runtime.keyring.unseal(REQUEST_PLACE, request.id, request.place)
    assert json.loads(place)["text"] == "1200 East Speedway Boulevard"


def test_asking_for_the_request_again_gives_the_same_one(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    first = answer_all(person, call, POTHOLE)["service_request"]
    again = person.ordered(f"/calls/{call.id}/request")["call"]["service_request"]
    changed = answer_all(person, call, {"find_it": "junto al parque"})["service_request"]
    assert first == again == changed
    assert (len(house.rows(ServiceRequest)), len(house.rows(OutboxEntry))) == (1, 1)


def test_a_request_waits_for_the_last_question(desk):
    house, person, call = desk
    assert person.order(f"/calls/{call.id}/request").status_code == 404
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    assert person.order(f"/calls/{call.id}/request").status_code == 409
    assert house.rows(ServiceRequest) == []


def test_a_withheld_number_gets_no_message(house: House):
    house.publish_library()
    person = house.person()
    call = house.in_room(
        person.staff_id, number=None, number_presentation=NumberPresentation.WITHHELD
    )
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    shown = answer_all(person, call, POTHOLE)
    assert shown["caller"] == "withheld"
    assert shown["service_request"]["text_message"] == "none"
    assert house.rows(OutboxEntry) == []


def test_a_number_in_use_is_drawn_again(desk, monkeypatch):
    house, person, call = desk
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("calltaker.intake.questioning.secrets.randbelow", lambda _: next(drawn))
    for taken in (call, house.in_room(person.staff_id)):
        person.ordered(f"/calls/{taken.id}/protocol", {"protocol": "pothole"})
        for question, value in POTHOLE.items():
            told = {"question": question, "value": value}
            person.ordered(f"/calls/{taken.id}/answers", told)
    numbers = {row.number for row in house.rows(ServiceRequest)}
    assert numbers == {request_number.of(7), request_number.of(8)}


def test_every_change_of_the_determinant_is_kept(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    answer_all(person, call, POTHOLE)
    shown = answer_all(person, call, {"hole_size": "no"})
    assert shown["protocol"]["determinant"]["id"] == "pothole_request"
    sets = [(row.determinant, row.final) for row in house.rows(DeterminantSet)]
    assert sets == [("pothole_soon", False), ("pothole_soon", True), ("pothole_request", True)]
    assert house.facts(call.id, "determinant") == ["pothole_soon", "pothole_request"]
    assert house.facts(call.id, "priority") == ["5", "2"]
    assert house.facts(call.id, "common_code") == ["PUBWKS", "PUBWKS"]
    assert house.facts(call.id, "clock.determinant_set") == [None, None]


def test_answers_are_added_and_never_changed_and_sealed(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    for value in ("no", "no"):
        answer_all(person, call, {"crash": value})
    rows = house.rows(ProtocolAnswer)
    assert [row.question for row in rows] == ["crash", "crash"]
    opened = [house.runtime.keyring.unseal(ANSWER_VALUE, row.answer_id, row.value) for row in rows]
    assert opened == ['"no"', '"no"']
    assert rows[0].shown_at <= rows[0].answered_at


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("danger_now", "maybe"),
        ("danger_now", None),
        ("danger_now", ["yes"]),
        ("danger_now", {"yes": 1}),
        ("no_such_question", "yes"),
        ("find_it", "x" * 3000),
        ("find_it", 7),
    ],
)
def test_an_answer_the_protocol_does_not_allow_is_refused(desk, question, value):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    answer = person.order(f"/calls/{call.id}/answers", {"question": question, "value": value})
    assert answer.status_code == 422
    assert answer.json["problem"]
    assert house.rows(ProtocolAnswer) == []


@pytest.mark.parametrize("value", ["yes", "unknown", "refused"])
def test_danger_or_doubt_of_it_dials_911_once_after_the_commit(desk, dialled, value):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "gas_smell"})
    shown = answer_all(person, call, {"danger_now": value})
    assert shown["protocol"]["determinant"]["emergency"]
    assert [ask[1:3] for ask in dialled] == [(call.id, "determinant")]
    assert len(house.facts(call.id, "clock.first_red_flag")) == 1
    assert house.rows(ServiceRequest) == []


def test_a_repeated_answer_asks_for_the_same_escalation(desk, dialled):
    _, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "gas_smell"})
    for _ in range(3):
        answer_all(person, call, {"danger_now": "yes"})
    assert len({ask[4] for ask in dialled}) == 1
    assert all(len(ask[4]) == 32 for ask in dialled)


def test_no_danger_dials_nobody(desk, dialled):
    _, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    answer_all(person, call, POTHOLE)
    assert dialled == []


def test_another_protocol_keeps_what_was_asked_in_the_same_words(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "loose_dog"})
    answer_all(person, call, {"danger_now": "no"})
    run = person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})["call"]["protocol"]
    assert [answered["question"] for answered in run["answered"]] == ["danger_now"]
    assert run["question"]["id"] == "crash"
    ended = {row.protocol: row.ended_at is not None for row in house.rows(ProtocolSession)}
    assert ended == {"loose_dog": True, "pothole": False}


def test_a_session_stays_on_its_version_when_a_new_one_is_published(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/protocol", {"protocol": "pothole"})
    document = yaml.safe_load((LIBRARY / "pothole.yaml").read_text())
    document["questions"][0]["text"]["en"] = "Is this the new version?"
    with house.runtime.sessions() as session:
        old = session.query(Publication).filter_by(key="pothole").one()
        old.state = PublicationState.SUPERSEDED
        session.flush()
        text = yaml.safe_dump(document, allow_unicode=True)
        session.add(
            Publication(
                id="9" * 32,
                kind=PublicationKind.PROTOCOL,
                key="pothole",
                version=2,
                state=PublicationState.LIVE,
                digest="d" * 64,
                document=text,
                author="somebody",
                reason="new words",
                created_at=house.clock(),
                published_at=house.clock(),
            )
        )
        session.commit()
    run = person.state()["call"]["protocol"]
    assert run["version"] == 1
    assert run["question"]["text"]["en"].startswith("Right now")
    other = house.in_room(person.staff_id)
    begun = person.order(f"/calls/{other.id}/protocol", {"protocol": "pothole"})
    assert begun.status_code == 200
    assert {row.version for row in house.rows(ProtocolSession)} == {1, 2}


def test_a_protocol_that_is_not_published_cannot_be_begun(desk):
    _, person, call = desk
    assert person.order(f"/calls/{call.id}/protocol", {"protocol": "dragons"}).status_code == 404


def test_notes_are_saved_as_typed_and_the_last_write_wins(desk):
    house, person, call = desk
    for text in ("ha", "hay un ", "hay un bache", ""):
        notes = person.ordered(f"/calls/{call.id}/notes", {"text": text})["call"]["notes"]
        assert notes["text"] == text
        assert notes["saved_at"] == "2026-03-02T19:00:00.000Z"
    person.ordered(f"/calls/{call.id}/notes", {"text": "junto al árbol"})
    row = house.rows(CallNote)[0]
    assert "árbol".encode() not in row.text
    assert house.runtime.keyring.unseal(NOTE_TEXT, row.id, row.text) == "junto al árbol"
    assert house.journal(call.id).count("notes_begun") == 1


def test_notes_too_long_are_refused_and_the_old_ones_stay(desk):
    _, person, call = desk
    person.ordered(f"/calls/{call.id}/notes", {"text": "short"})
    assert person.order(f"/calls/{call.id}/notes", {"text": "x" * 20_001}).status_code == 422
    assert person.state()["call"]["notes"]["text"] == "short"


def test_protocols_read_ahead_are_loaded_by_no_call(desk, monkeypatch):
    house, _, _ = desk
    protocols = PublishedProtocols()
    protocols.read_ahead(house.runtime.reading)
    monkeypatch.setattr(loading, "load", lambda *_: pytest.fail("loaded while a call waits"))
    with house.runtime.reading() as session:
        assert len(protocols.live(session)) > 1


def test_a_door_is_ready_only_with_its_protocols_in_memory(desk):
    house, _, _ = desk
    protocols = PublishedProtocols()
    with pytest.raises(NotReadAheadError):
        protocols.require_read_ahead()
    protocols.read_ahead(house.runtime.reading)
    protocols.require_read_ahead()


def test_a_database_that_is_away_keeps_no_door_from_being_ready():
    def away():
        raise OperationalError("select", {}, Exception("away"))

    protocols = PublishedProtocols()
    protocols.read_ahead(away)
    protocols.require_read_ahead()


def test_a_place_put_right_wins_over_what_the_menu_heard(desk):
    house, person, call = desk
    shown = person.ordered(f"/calls/{call.id}/place", {"text": "  behind the   school "})
    place = shown["call"]["place"]
    assert place["text"] == "behind the school"
    assert place["confirmed"]
    assert (place["latitude"], place["jurisdiction"]) == (None, "tucson")
    assert not place["jurisdiction_certain"]
    assert house.facts(call.id, "location_method") == ["call_taker"]


def test_a_pin_is_kept_where_the_hand_put_it(desk):
    _, person, call = desk
    told = {"text": "the alley", "latitude": 32.25, "longitude": -110.9}
    place = person.ordered(f"/calls/{call.id}/place", told)["call"]["place"]
    assert (place["latitude"], place["longitude"]) == (32.25, -110.9)


@pytest.mark.parametrize(
    "told",
    [
        {"text": ""},
        {"text": "x", "latitude": 1},
        {"text": "x", "latitude": 91, "longitude": 0},
        {"text": "x", "latitude": "32", "longitude": "-110"},
        {"text": "x" * 301},
        {"latitude": 1, "longitude": 1},
    ],
)
def test_a_place_that_cannot_be_is_refused(desk, told):
    house, person, call = desk
    assert person.order(f"/calls/{call.id}/place", told).status_code == 422
    assert house.rows(Call, Call.id == call.id)[0].place is None


def test_a_better_number_is_kept_sealed_told_to_911_and_taken_away_again(desk):
    house, person, call = desk
    path = f"/calls/{call.id}/better-number"
    shown = person.ordered(path, {"number": "520-555-0143"})["call"]
    assert shown["better_number"] == "(520) 555-0143"
    assert shown["caller"] != shown["better_number"]
    with house.runtime.reading() as session:
        row = session.get(Call, call.id)
        assert b"5550143" not in row.better_number
        known = briefing.snapshot(house.runtime.keyring, session, row)
    assert known["better_number"] == "+15205550143"
    for wrong in ("five two oh", "555-0143", "+525512345678", "1" * 39):
        assert person.order(path, {"number": wrong}).status_code == 422
    assert person.ordered(path, {"number": ""})["call"]["better_number"] is None
    assert house.gateway.asked == []


def test_the_intent_put_right_is_kept_beside_the_first(desk):
    house, person, call = desk
    shown = person.ordered(f"/calls/{call.id}/intent", {"intent": "loose_dog"})["call"]
    assert (shown["intent"], shown["confidence"]) == ("loose_dog", None)
    assert house.facts(call.id, "entry_type") == ["loose_dog"]
    assert person.order(f"/calls/{call.id}/intent", {"intent": "../x"}).status_code == 422


def test_a_contact_is_not_closed_while_the_caller_is_there(desk):
    _, person, call = desk
    told = {"disposition": "information"}
    assert person.order(f"/calls/{call.id}/wrap-up", told).status_code == 409
    told = {"disposition": "nonsense"}
    assert person.order(f"/calls/{call.id}/wrap-up", told).status_code == 422


def test_every_change_is_told_to_this_persons_pages_alone(desk):
    house, person, call = desk
    person.ordered(f"/calls/{call.id}/intent", {"intent": "pothole"})
    event = house.rows(DeskEvent, DeskEvent.kind == "call_changed")[-1]
    assert (event.staff_id, event.call_id) == (person.staff_id, call.id)
    assert house.runtime.bell.rings == 1


@pytest.fixture
def dialled(monkeypatch) -> list[tuple]:
    """What was asked of the warm transfer; its own tests say what becomes of it."""
    asked: list[tuple] = []
    monkeypatch.setattr(
        "calltaker.intake.questioning.warm_transfer.escalate", lambda *ask: asked.append(ask)
    )
    return asked


def test_the_escalation_of_a_session_has_one_id():
    row = ProtocolSession(id="a" * 32)
    run = protocol_sessions.Run(row, None)
    assert run.escalation_id == protocol_sessions.Run(row, None).escalation_id
    other = protocol_sessions.Run(ProtocolSession(id="b" * 32), None)
    assert run.escalation_id != other.escalation_id
