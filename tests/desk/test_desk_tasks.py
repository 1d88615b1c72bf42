"""What callers left for the desk: who sees it, who hears it, and that it is done once."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from ivr.errors import AlreadyEndedError, GatewayError
from models.call import Call
from models.call_back import CALL_BACK_NOTE, CALL_BACK_NUMBER, CallBack
from models.states import CallPhase, Language, Role
from models.voicemail import VOICEMAIL_NOTE, Voicemail
from tests.staff.staff_stage import NUMBER, WORDS, House

pytestmark = pytest.mark.database


def message(house: House, **changes) -> Voicemail:
    values = {
        "id": uuid4().hex,
        "call_id": house.call(CallPhase.ENDED).id,
        "recording_sid": "RE" + uuid4().hex,
        "seconds": 12,
        "language": Language.ES,
        "left_at": house.clock(),
        "kept_at": house.clock(),
    }
    row = Voicemail(**{**values, **changes})
    house.add(row)
    return row


def wish(house: House, **changes) -> CallBack:
    row_id = uuid4().hex
    values = {
        "id": row_id,
        "call_id": house.call(CallPhase.ENDED).id,
        "number": house.runtime.keyring.seal(CALL_BACK_NUMBER, row_id, NUMBER),
        "language": Language.ES,
        "node": "call_me",
        "asked_at": house.clock() - timedelta(seconds=60),
    }
    row = CallBack(**{**values, **changes})
    house.add(row)
    return row


def test_tasks_are_shown_the_oldest_first_with_number_words_and_place(house: House):
    person = house.person()
    left, asked = message(house), wish(house)
    shown = person.state()["tasks"]
    assert [task["task_id"] for task in shown] == [asked.id, left.id]
    assert shown[0]["kind"] == "call_back"
    assert {name: shown[1][name] for name in ("kind", "caller", "words", "place", "seconds")} == {
        "kind": "voicemail",
        "caller": "(520) 555-0142",
        "words": WORDS,
        "place": "1200 East Speedway Boulevard",
        "seconds": 12,
    }
    assert shown[1]["is_there"]


@pytest.mark.parametrize(
    ("role", "number", "may_act"),
    [
        (Role.CALL_TAKER, "(520) 555-0142", True),
        (Role.SUPERVISOR, "(520) 555-0142", True),
        (Role.MENU_ADMIN, "hidden", False),
        (Role.SYSTEM_ADMIN, "hidden", False),
        (Role.AUDITOR, "(•••) •••-••42", False),
    ],
)
def test_a_role_sees_and_does_what_is_its_business(house: House, role, number, may_act):
    person, left = house.person(role), message(house)
    answer = person.client.get("/desk/state")
    assert answer.json["tasks"][0]["caller"] == number
    assert (WORDS in answer.text) is may_act
    person.token = answer.json["csrf_token"]
    done = person.order(f"/tasks/voicemail/{left.id}/done", {"note": "called"})
    heard = person.client.get(f"/desk/voicemails/{left.id}/recording")
    assert (done.status_code, heard.status_code) == ((200, 200) if may_act else (403, 403))


@pytest.mark.parametrize("kind", ["voicemail", "call_back"])
def test_a_task_is_done_with_a_sealed_note_and_recorded(house: House, kind):
    person = house.person()
    row = message(house) if kind == "voicemail" else wish(house)
    for _ in range(2):
        desk = person.ordered(f"/tasks/{kind}/{row.id}/done", {"note": " Told her the day. "})
        assert desk["tasks"] == []
    model, column = (
        (Voicemail, VOICEMAIL_NOTE) if kind == "voicemail" else (CallBack, CALL_BACK_NOTE)
    )
    [done] = house.rows(model, model.id == row.id)
    assert (done.done_by, done.done_at) == (person.staff_id, house.clock())
    assert house.runtime.keyring.unseal(column, row.id, done.note) == "Told her the day."
    assert house.journal(row.call_id).count(f"{kind}_done") == 1
    assert house.facts(row.call_id, "clock.closed") == [None]


def test_of_two_who_do_it_one_is_told_that_it_was_done(house: House):
    first, second, row = house.person(), house.person(), wish(house)
    first.ordered(f"/tasks/call_back/{row.id}/done", {"note": "reached him"})
    answer = second.order(f"/tasks/call_back/{row.id}/done", {"note": "reached him too"})
    assert answer.status_code == 409
    assert house.rows(CallBack, CallBack.id == row.id)[0].done_by == first.staff_id


REFUSED = [
    ("voicemail", {"note": ""}, 422),
    ("voicemail", {"note": "   "}, 422),
    ("voicemail", {}, 422),
    ("voicemail", {"note": 7}, 422),
    ("voicemail", {"note": "x" * 2001}, 422),
    ("call_back", {"note": "done"}, 404),
    ("elsewhere", {"note": "done"}, 404),
]


@pytest.mark.parametrize(("kind", "told", "status"), REFUSED)
def test_what_is_no_proper_end_of_a_task_changes_nothing(house: House, kind, told, status):
    person, row = house.person(), message(house)
    assert person.order(f"/tasks/{kind}/{row.id}/done", told).status_code == status
    assert house.rows(Voicemail, Voicemail.id == row.id)[0].done_at is None


def test_a_message_is_heard_through_us_alone_and_every_hearing_is_recorded(house: House):
    person, row = house.person(), message(house)
    answer = person.client.get(f"/desk/voicemails/{row.id}/recording")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    assert row.recording_sid not in answer.headers["Content-Disposition"]
    assert house.gateway.of("recording") == [(row.recording_sid,)]
    assert house.journal(row.call_id) == ["voicemail_heard"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(AlreadyEndedError("gone", 20404, 404), 404), (GatewayError("no", 20500, 500), 502)],
)
def test_a_recording_that_cannot_be_had_is_told_in_words(house: House, error, status):
    person, row = house.person(), message(house)
    house.gateway.fail("recording", error)
    answer = person.client.get(f"/desk/voicemails/{row.id}/recording")
    assert answer.status_code == status
    assert answer.json["what_to_do"]


@pytest.mark.parametrize("wrong", ["x", "0" * 32, "..%2f..", "RE" + "1" * 32])
def test_no_other_address_fetches_anything(house: House, wrong):
    person = house.person()
    assert person.client.get(f"/desk/voicemails/{wrong}/recording").status_code == 404
    assert house.gateway.of("recording") == []


@pytest.mark.parametrize("order", ["hang-up", "hold", "leave"])
def test_an_order_about_a_held_row_waits_or_says_so_and_is_never_an_error_page(house: House, order):
    """Somebody else holds the call's row for longer than anybody waits."""
    person = house.person()
    call = house.in_room(person.staff_id)
    person.state()
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with house.runtime.sessions() as session:
            session.execute(text("UPDATE call SET step = step WHERE id = :id"), {"id": call.id})
            held.set()
            free.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    answer = person.order(f"/calls/{call.id}/{order}", {"on": True})
    free.set()
    holder.join()
    assert answer.status_code == 503, answer.text
    assert answer.json["what_to_do"] == "Try again."
    assert house.rows(Call, Call.id == call.id)[0].end_commanded_at is None
