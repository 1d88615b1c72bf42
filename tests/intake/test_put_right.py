"""What a call-taker puts right of the record: the language of a call, and how it ended."""

from datetime import timedelta

import pytest

from ivr.webhooks import room_documents
from models.call import Call
from models.journal import JournalEntry
from models.states import Language, PresenceState
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


@pytest.fixture
def desk(house: House):
    person = house.person()
    return house, person, house.in_room(person.staff_id)


@pytest.fixture
def ended(desk):
    house, person, call = desk
    house.be(person.staff_id, PresenceState.WRAP_UP)
    house.leave_room(call)
    person.ordered(f"/calls/{call.id}/wrap-up", {"disposition": "information"})
    return house, person, call


def test_the_language_is_put_right_and_what_is_spoken_afterwards_follows(desk):
    house, person, call = desk
    say = house.runtime.city.sentences.say
    before = room_documents.caller_enters(house.runtime, call.call_sid).decode()
    assert say("joining_room", Language.ES) in before
    for _ in range(2):
        shown = person.ordered(f"/calls/{call.id}/language", {"language": "en"})
        assert shown["call"]["language"] == "en"
    spoken = room_documents.caller_enters(house.runtime, call.call_sid).decode()
    assert say("joining_room", Language.EN) in spoken
    assert say("joining_room", Language.ES) not in spoken
    assert house.facts(call.id, "language") == ["en"]
    kept = house.rows(JournalEntry, JournalEntry.kind == "language_corrected")
    assert [entry.data for entry in kept] == [{"was": "es", "language": "en"}]


@pytest.mark.parametrize("wrong", ["fr", "", "EN", "español", None, 7])
def test_a_language_that_the_line_does_not_speak_is_refused(desk, wrong):
    house, person, call = desk
    answer = person.order(f"/calls/{call.id}/language", {"language": wrong})
    assert answer.status_code == 422
    assert answer.json["what_to_do"]
    assert house.rows(Call, Call.id == call.id)[0].language is Language.ES


def test_how_a_call_ended_is_put_right_and_both_words_stay(ended):
    house, person, call = ended
    last = person.state()["last_contact"]
    assert (last["call_id"], last["disposition"]) == (call.id, "information")
    assert (last["title"], last["until"]) == ("Information given", "2026-03-02T19:10:00.000Z")
    house.clock.pass_by(timedelta(minutes=9).total_seconds())
    for _ in range(2):
        told = {"disposition": "report_taken"}
        last = person.ordered(f"/calls/{call.id}/disposition", told)["last_contact"]
        assert last["title"] == "Report taken"
    assert house.facts(call.id, "disposition") == ["information", "report_taken"]
    assert house.facts(call.id, "disposition_code") == ["13", "01"]
    assert house.journal(call.id).count("disposition_corrected") == 1


def test_after_ten_minutes_it_stands(ended):
    house, person, call = ended
    house.clock.pass_by(timedelta(minutes=10, seconds=1).total_seconds())
    assert person.state()["last_contact"] is None
    answer = person.order(f"/calls/{call.id}/disposition", {"disposition": "report_taken"})
    assert answer.status_code == 409
    assert "supervisor" in answer.json["what_to_do"]
    assert house.facts(call.id, "disposition") == ["information"]


def test_putting_it_right_again_does_not_begin_the_ten_minutes_anew(ended):
    house, person, call = ended
    house.clock.pass_by(timedelta(minutes=9).total_seconds())
    person.ordered(f"/calls/{call.id}/disposition", {"disposition": "report_taken"})
    house.clock.pass_by(timedelta(minutes=2).total_seconds())
    answer = person.order(f"/calls/{call.id}/disposition", {"disposition": "duplicate"})
    assert answer.status_code == 409


def test_what_was_not_wrapped_up_has_no_outcome_to_put_right(desk):
    _, person, call = desk
    answer = person.order(f"/calls/{call.id}/disposition", {"disposition": "report_taken"})
    assert answer.status_code == 409


@pytest.mark.parametrize("wrong", ["", "settled", None])
def test_what_is_no_outcome_is_refused(ended, wrong):
    house, person, call = ended
    answer = person.order(f"/calls/{call.id}/disposition", {"disposition": wrong})
    assert answer.status_code == 422
    assert house.facts(call.id, "disposition") == ["information"]


def test_somebody_elses_call_is_not_there_to_put_right(ended):
    house, _, call = ended
    other = house.person()
    for path, told in (
        ("language", {"language": "en"}),
        ("disposition", {"disposition": "cancelled"}),
    ):
        assert other.order(f"/calls/{call.id}/{path}", told).status_code == 404
    assert other.state()["last_contact"] is None
