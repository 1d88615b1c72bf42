"""Into a protocol and out of it: one session whatever comes at once, and no emergency left undialled."""

import threading
from contextlib import suppress

import pytest

from calltaker.intake.published import PublishedProtocols
from models.intake import ProtocolSession
from tests.intake.protocol_calls import answer, begin
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


@pytest.fixture
def together(monkeypatch):
    """Both orders have looked at the call before either of them begins anything."""
    met, live_one = threading.Barrier(2), PublishedProtocols.live_one

    def after_both(self, session, protocol):
        with suppress(threading.BrokenBarrierError):  # SQLite: the other has not even looked
            met.wait(timeout=0.3)
        return live_one(self, session, protocol)

    def race(house: House, call, protocols: tuple[str, str]) -> list[int]:
        monkeypatch.setattr(PublishedProtocols, "live_one", after_both)
        people = [house.signed_in(call.staff_id) for _ in protocols]
        for person in people:
            person.state()
        answers: list[int] = []

        def order(person, protocol):
            told = {"protocol": protocol}
            answers.append(person.order(f"/calls/{call.id}/protocol", told).status_code)

        pairs = zip(people, protocols, strict=True)
        threads = [threading.Thread(target=order, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(answers)

    return race


def open_ones(house: House) -> list[str]:
    return [row.protocol for row in house.rows(ProtocolSession) if row.ended_at is None]


@pytest.mark.parametrize("before", [None, "running", "ended"])
def test_the_same_protocol_begun_twice_at_once_is_one_session(stage: House, together, before):
    person = stage.person()
    call = stage.in_room(person.staff_id)
    if before:
        begin(person, call)
    if before == "ended":
        person.ordered(f"/calls/{call.id}/protocol/leave")
    assert together(stage, call, ("pothole", "pothole")) == [200, 200]
    assert open_ones(stage) == ["pothole"]
    assert len(stage.rows(ProtocolSession)) == (2 if before else 1)


def test_of_two_protocols_begun_at_once_one_runs(stage: House, together):
    person = stage.person()
    call = stage.in_room(person.staff_id)
    answers = together(stage, call, ("pothole", "loose_dog"))
    assert answers in ([200, 409], [200, 200])  # on SQLite the second comes after: it goes on to it
    assert len(open_ones(stage)) == 1


@pytest.mark.parametrize(
    ("path", "told"), [("protocol/leave", {}), ("protocol", {"protocol": "pothole"})]
)
def test_an_emergency_that_nobody_dialled_is_not_left(desk, dialled, path, told):
    house, person, call = desk
    answer(
        person, call, {"danger_now": "yes"}
    )  # `dialled` takes the order, and nothing comes of it
    refused = person.order(f"/calls/{call.id}/{path}", told)
    assert refused.status_code == 409
    assert "F9" in refused.json["what_to_do"]
    assert open_ones(house) == ["everything"]


def test_an_emergency_is_left_once_911_was_dialled(desk):
    house, person, call = desk
    answer(person, call, {"danger_now": "yes"})
    shown = person.ordered(f"/calls/{call.id}/protocol/leave")["call"]["protocol"]
    assert shown["ended"] == "early_exit"
    assert open_ones(house) == []
