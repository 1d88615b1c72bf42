"""Earlier contacts from the number that calls: found, told of, read one at a time, and to whom."""

import ast
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from calltaker.intake import earlier_contacts
from models import request_number
from models.call_tag import TAG_WORD, CallTag
from models.escalation import Escalation
from models.follow_up import FOLLOW_UP_WHAT, FollowUp
from models.intake import NOTE_TEXT, CallNote, ServiceRequest
from models.journal import ContactFact, JournalEntry
from models.states import (
    CallPhase,
    EmergencyLevel,
    EscalationCause,
    NumberPresentation,
    RequestState,
    Role,
    TransferState,
)
from tests.staff.staff_stage import NUMBER, WORDS, House

pytestmark = pytest.mark.database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(house: House):
    person = house.person()
    index = house.runtime.keyring.blind_index(NUMBER)
    return house, person, house.in_room(person.staff_id, caller_number_index=index)


def before(house: House, days: float = 1, **changes):
    """A contact from the same number, so many days ago."""
    index = house.runtime.keyring.blind_index(NUMBER)
    at = house.clock() - timedelta(days=days)
    values = {"caller_number_index": index, "started_at": at, "heard_at": at, "ended_at": at}
    return house.call(CallPhase.ENDED, **{**values, **changes})


def beside(person, call) -> dict:
    answer = person.client.get(f"/desk/calls/{call.id}/card")
    assert answer.status_code == 200, answer.text
    return answer.json["earlier"]


def test_the_list_says_when_about_what_and_how_it_ended_and_not_what_was_said(desk):
    house, person, call = desk
    other = before(house, 3)
    house.add(
        ContactFact(call_id=other.id, at=house.clock(), field="disposition", value="report_taken"),
        ServiceRequest(
            id=uuid4().hex,
            number=request_number.of(1),
            call_id=other.id,
            category="pothole",
            department="transportation",
            state=RequestState.OPEN,
            created_by="somebody",
            created_at=house.clock(),
        ),
    )
    told = beside(person, call)
    assert told["count"] == 1
    assert told["contacts"] == [
        {
            "call_id": other.id,
            "at": "2026-02-27T19:00:00.000Z",
            "intent_title": "Pothole",
            "outcome": None,
            "disposition": "Report taken",
            "request": request_number.of(1),
            "emergency": False,
        }
    ]
    assert house.journal(other.id) == []


NOT_TOLD = [
    ("another number", {"caller_number_index": "0" * 64}),
    ("a withheld number", {"caller_number_index": None}),
    ("longer ago than contacts are kept", {"days": 1096}),
    ("a call that came later", {"days": -0.01}),
]


@pytest.mark.parametrize("changes", [row[1] for row in NOT_TOLD], ids=[row[0] for row in NOT_TOLD])
def test_what_is_no_earlier_contact_is_not_told(desk, changes):
    house, person, call = desk
    before(house, **changes)
    assert beside(person, call) == {"count": 0, "contacts": []}


def test_a_caller_whose_number_is_withheld_has_no_earlier_contacts(house: House):
    person = house.person()
    withheld = {"number": None, "number_presentation": NumberPresentation.WITHHELD}
    call = house.in_room(person.staff_id, **withheld)
    before(house, number=None, caller_number_index=None)
    assert beside(person, call) == {"count": 0, "contacts": []}


def test_the_newest_ten_are_told_and_all_are_counted(desk):
    house, person, call = desk
    made = [before(house, days) for days in range(1, 13)]
    told = beside(person, call)
    assert told["count"] == 12
    assert [one["call_id"] for one in told["contacts"]] == [one.id for one in made[:10]]


def test_an_emergency_that_stood_is_marked_by_911_or_by_the_words(desk):
    house, person, call = desk
    read = before(house, 1, emergency_level=EmergencyLevel.EMERGENCY)
    dialled = before(house, 2)
    possible = before(house, 3, emergency_level=EmergencyLevel.POSSIBLE)
    house.add(escalation_of(house, dialled))
    told = {one["call_id"]: one["emergency"] for one in beside(person, call)["contacts"]}
    assert told == {read.id: True, dialled.id: True, possible.id: False}


def escalation_of(house: House, call) -> Escalation:
    return Escalation(
        id=uuid4().hex,
        call_id=call.id,
        cause=EscalationCause.RED_BUTTON,
        actor="line",
        destinations=[],
        state=TransferState.ENDED,
        requested_at=house.clock(),
    )


def test_one_is_read_whole_and_its_journal_keeps_who_read_it(desk):
    house, person, call = desk
    other = before(house)
    note_id = uuid4().hex
    text = house.runtime.keyring.seal(NOTE_TEXT, note_id, "Second report of the same hole.")
    house.add(
        CallNote(
            id=note_id,
            call_id=other.id,
            staff_id=person.staff_id,
            text=text,
            saved_at=house.clock(),
        )
    )
    told = person.ordered(f"/calls/{call.id}/earlier/{other.id}")
    assert (told["words"], told["words_kept"]) == (WORDS, True)
    assert told["notes"] == "Second report of the same hole."
    assert told["place"] == "1200 East Speedway Boulevard"
    assert (told["tags"], told["follow_ups"], told["service_request"]) == ([], [], None)
    [entry] = house.rows(JournalEntry, JournalEntry.call_id == other.id)
    assert (entry.kind, entry.actor) == ("contact_opened", person.staff_id)
    assert entry.data == {"from_call": call.id}


def test_words_and_notes_are_told_no_longer_than_they_are_kept(desk):
    house, person, call = desk
    other = before(house, 181)
    leave_words(house, other, person.staff_id)
    answer = person.order(f"/calls/{call.id}/earlier/{other.id}")
    assert (answer.json["words"], answer.json["notes"]) == (None, "")
    assert [one["title"] for one in answer.json["tags"]] == ["Monsoon"]
    assert answer.json["follow_ups"] == []
    assert not answer.json["words_kept"]
    assert WORDS not in answer.text


def leave_words(house: House, call, staff_id: str) -> None:
    """A tag of the list, a proposal and a follow-up on a contact."""
    tag_id, task_id, keyring, now = uuid4().hex, uuid4().hex, house.runtime.keyring, house.clock()
    by = {"call_id": call.id, "staff_id": staff_id, "tagged_at": now}
    house.add(
        CallTag(id=uuid4().hex, tag="monsoon", **by),
        CallTag(id=tag_id, word=keyring.seal(TAG_WORD, tag_id, "a name"), **by),
        FollowUp(
            id=task_id,
            call_id=call.id,
            what=keyring.seal(FOLLOW_UP_WHAT, task_id, "ring her son"),
            due_at=now,
            made_by=staff_id,
            made_at=now,
        ),
    )


def test_nothing_is_read_that_is_no_earlier_contact_of_an_own_call(desk):
    house, person, call = desk
    other, strange = before(house), before(house, caller_number_index="0" * 64)
    stranger = house.person()
    assert stranger.order(f"/calls/{call.id}/earlier/{other.id}").status_code == 404
    assert stranger.client.get(f"/desk/calls/{call.id}/card").status_code == 404
    for wrong in (strange.id, call.id, "0" * 32):
        assert person.order(f"/calls/{call.id}/earlier/{wrong}").status_code == 404
    assert house.journal(strange.id) == house.journal(other.id) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MENU_ADMIN, Role.SYSTEM_ADMIN])
def test_who_answers_no_calls_reads_no_contact(desk, role):
    house, _, call = desk
    other, person = before(house), house.person(role)
    assert person.client.get(f"/desk/calls/{call.id}/card").status_code == 403
    assert person.order(f"/calls/{call.id}/earlier/{other.id}").status_code == 403


def test_a_ringing_call_is_told_with_a_count_alone(house: House):
    person = house.person()
    index = house.runtime.keyring.blind_index(NUMBER)
    before(house, 2, words="algo muy privado")
    house.offered(person.staff_id, house.waiting(house.call(caller_number_index=index)))
    answer = person.client.get("/desk/state")
    assert answer.json["offers"][0]["earlier_contacts"] == 1
    assert "algo muy privado" not in answer.text


def test_nothing_but_the_desk_asks_for_earlier_contacts():
    """Never spoken, never routed by: neither the telephone nor the line knows of them."""
    name = earlier_contacts.__name__.rpartition(".")[2]
    asking = {
        file.relative_to(ROOT).as_posix()
        for folder in ("calltaker", "ivr", "config", "models")
        for file in (ROOT / folder).rglob("*.py")
        if name in file.read_text(encoding="utf-8") and name in imported(file)
    }
    assert asking == {"calltaker/desk/waiting_view.py", "calltaker/intake/card.py"}


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    return {part for node in found for alias in node.names for part in alias.name.split(".")}
