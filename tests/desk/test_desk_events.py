"""The stream of live news: what happened after an event, once, in order, for whom it is meant."""

import json
import threading
import time

import pytest

from calltaker.desk import event_hub, events
from calltaker.desk.event_hub import Hub
from calltaker.desk.events import Streams, follow
from calltaker.staff import sessions
from calltaker.staff.sessions import SignedIn
from config.belt import RedisWakeup
from models.effects import DeskEvent
from models.states import Role
from tests.staff.staff_stage import House

pytestmark = pytest.mark.database


class HandHub(Hub):
    """A hub without a thread: whoever hears makes it look, after `then` has happened."""

    def __init__(self, runtime, then=lambda: None) -> None:
        super().__init__(runtime, None)
        self.then = then
        self.waits = 0

    def _begin(self) -> None:
        """Nobody looks by themselves."""

    def hear(self, listener, seconds):
        self.waits += 1
        self.then()
        self.look()
        return super().hear(listener, 0)


class Ticking:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def news(house: House, kind: str = "line_changed", staff_id: str | None = None, **data) -> int:
    event = DeskEvent(at=house.clock(), kind=kind, staff_id=staff_id, call_id=None, data=data)
    house.add(event)
    return event.id


def someone(house: House) -> SignedIn:
    staff_id = house.account()
    with house.runtime.sessions() as session:
        word = sessions.begin(session, staff_id, house.clock())
        session.commit()
        return sessions.find(session, word, house.clock())


def heard(lines: list[str]) -> list[tuple[int, str, dict]]:
    found = []
    for line in "".join(lines).split("\n\n"):
        if line.startswith("id:"):
            number, kind, data = (part.split(": ", 1)[1] for part in line.split("\n"))
            found.append((int(number), kind, json.loads(data)))
    return found


def listen(house: House, person: SignedIn, after: int, rounds: int = 2, then=lambda n: None):
    """Follow the stream for some looks at the table."""
    hub = HandHub(house.runtime)

    def next_round() -> None:
        then(hub.waits)
        if hub.waits >= rounds:
            hub.stopping.set()

    hub.then = next_round
    return list(follow(Streams(house.runtime, hub), person, after))


def test_a_stream_replays_everything_after_the_last_event_once_and_in_order(house: House):
    person = someone(house)
    numbers = [news(house, entry=n) for n in range(5)]
    house.clock.pass_by(60)
    told = heard(listen(house, person, after=numbers[1]))
    assert [number for number, _, _ in told] == numbers[2:]
    assert [data["entry"] for _, _, data in told] == [2, 3, 4]


def test_a_stream_tells_each_person_their_own_news_and_everybodys(house: House):
    mine, theirs = someone(house), someone(house)
    news(house, "offer_made", mine.staff_id)
    news(house, "offer_made", theirs.staff_id)
    news(house, "line_changed")
    told = heard(listen(house, mine, after=0))
    assert [(kind, data["staff_id"]) for _, kind, data in told] == [
        ("offer_made", mine.staff_id),
        ("line_changed", None),
    ]


def test_news_of_the_present_comes_at_the_next_look(house: House):
    person = someone(house)
    told = heard(listen(house, person, 0, rounds=3, then=lambda n: news(house, n=n)))
    assert [data["n"] for _, _, data in told] == [1, 2, 3]


def test_an_event_that_became_visible_late_is_told_late_and_the_number_never_goes_back(
    house: House,
):
    person = someone(house)
    first = news(house, n=1)
    house.add(DeskEvent(id=first + 2, at=house.clock(), kind="line_changed", data={"n": 3}))

    def commit_the_slow_one(round_: int) -> None:
        if round_ == 1:
            row = DeskEvent(id=first + 1, at=house.clock(), kind="line_changed", data={"n": 2})
            house.add(row)

    told = heard(listen(house, person, 0, rounds=3, then=commit_the_slow_one))
    assert [data["n"] for _, _, data in told] == [1, 3, 2]
    assert [number for number, _, _ in told] == [first, first + 2, first + 2]


def test_a_quiet_stream_gives_a_sign_of_life_every_five_seconds(house: House):
    person, clock = someone(house), Ticking()
    hub = HandHub(house.runtime)

    def tick() -> None:
        clock.at += 1
        if clock.at >= 12:
            hub.stopping.set()

    hub.then = tick
    lines = list(follow(Streams(house.runtime, hub), person, 0, clock))
    assert lines.count(": keep-alive\n\n") == 2
    assert lines[0].startswith("retry:")


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_stream_ends_within_a_sign_of_life_of_signing_out(house: House, is_busy: bool):
    person, clock = someone(house), Ticking()

    def tick() -> None:
        clock.at += 1
        if is_busy:
            news(house)
        if clock.at == 2:
            with house.runtime.sessions() as session:
                sessions.end_all(session, person.staff_id, house.clock())
                session.commit()
        assert clock.at < 20, "the stream goes on after signing out"

    hub = HandHub(house.runtime, tick)
    lines = list(follow(Streams(house.runtime, hub), person, 0, clock))
    assert lines[0] == f"retry: {events.RECONNECT_MS}\n\n"
    assert clock.at == events.KEEP_ALIVE_SECONDS


def test_without_a_bell_a_stream_looks_every_second(house: House):
    person = someone(house)
    streams = Streams(house.runtime, Hub(house.runtime, None))
    stream = follow(streams, person, 0)
    next(stream)
    threading.Timer(0.2, lambda: news(house, n=1)).start()
    began = time.monotonic()
    assert "line_changed" in next(stream)
    assert time.monotonic() - began < 30
    streams.stopping.set()
    assert list(stream) == []


def test_one_look_at_the_table_serves_every_stream_and_none_is_made_for_nobody(house: House):
    looks = []

    class Counting(Hub):
        def look(self) -> bool:
            looks.append(1)
            return super().look()

    hub = Counting(house.runtime, None)
    assert looks == []
    with hub.listening() as one, hub.listening() as other:
        news(house, n=1)
        assert [len(hub.hear(listener, 30)) for listener in (one, other)] == [1, 1]
    assert len(looks) <= 4


def test_a_stream_that_takes_nothing_is_let_go_and_holds_up_nobody(house: House, monkeypatch):
    monkeypatch.setattr(event_hub, "MOST_UNHEARD", 2)
    hub = HandHub(house.runtime)
    with hub.listening() as stuck, hub.listening() as quick:
        for n in range(4):
            news(house, n=n)
            assert len(hub.hear(quick, 0)) == 1
        assert (stuck.is_lost, quick.is_lost) == (True, False)


def test_the_stream_of_a_listener_that_was_let_go_ends(house: House):
    hub = HandHub(house.runtime, lambda: news(house))
    stream = follow(Streams(house.runtime, hub), someone(house), 0)
    next(stream)
    next(stream)
    for listener in hub._listeners:
        listener.is_lost = True
    assert list(stream) == []


def test_a_ring_between_a_look_and_the_wait_after_it_is_not_lost():
    bell = RedisWakeup.__new__(RedisWakeup)
    bell._rung = threading.Event()
    bell._rung.set()
    began = time.monotonic()
    bell.wait(30)
    assert time.monotonic() - began < 20
    assert not bell._rung.is_set()


def test_a_stream_over_http_begins_where_the_page_left_off(house: House):
    person = house.person()
    numbers = [news(house, n=n) for n in range(3)]
    house.clock.pass_by(60)
    headers = {"Last-Event-ID": str(numbers[0])}
    answer = person.client.get(f"/events?after={numbers[1]}", headers=headers, buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    chunks = iter(answer.response)
    next(chunks)
    assert f"id: {numbers[1]}\n" in next(chunks).decode()
    answer.close()


@pytest.mark.parametrize("word", ["", "-1", "x", "²", "9" * 40])
def test_a_position_that_is_no_number_begins_at_the_beginning(house: House, word: str):
    person = house.person()
    first = news(house)
    answer = person.client.get(f"/events?after={word}", buffered=False)
    chunks = iter(answer.response)
    next(chunks)
    assert f"id: {first}\n" in next(chunks).decode()
    answer.close()


def test_the_fifth_page_of_one_person_is_told_to_come_back_later(house: House):
    person = house.person()
    opened = [person.client.get("/events", buffered=False) for _ in range(4)]
    refused = person.client.get("/events", buffered=False)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert house.person(Role.SENIOR).client.get("/events", buffered=False).status_code == 200
    opened.pop().close()
    assert person.client.get("/events", buffered=False).status_code == 200


def test_a_process_has_at_most_a_hundred_streams_and_counts_each_out_once(house: House):
    streams = Streams(house.runtime, Hub(house.runtime, None))
    for n in range(100):
        streams.enter(f"staff-{n % 30}")
    with pytest.raises(events.TooManyError):
        streams.enter("another")
    body = events._Stream(streams, someone(house), 0)
    body._leave = lambda: streams.leave("staff-0")
    body.close()
    body.close()
    streams.enter("another")
    with pytest.raises(events.TooManyError):
        streams.enter("another")
