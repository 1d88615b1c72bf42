"""A scripted seat's page: read once for all who wait, never older than what it showed, and it ends when told."""

import asyncio

import pytest

from simulator.rehearsal import desk_page as module
from simulator.rehearsal.desk_page import DeskPage
from simulator.rehearsal.errors import RefusedError, StepError
from simulator.rehearsal.news import News

pytestmark = pytest.mark.rules

LONG = 3_600.0


class Door:
    """A product that answers with what `shows` holds, once it `may_answer`."""

    def __init__(self, *shows):
        self.shows = list(shows)
        self.reads = 0
        self.ordered = []
        self.refusals = 0

    async def state(self):
        self.reads += 1
        await asyncio.sleep(0)
        if self.refusals:
            self.refusals -= 1
            raise RefusedError("GET /desk/state", 503)
        return self.shows.pop(0) if len(self.shows) > 1 else self.shows[0]

    async def post(self, path, _body=None):
        self.ordered.append(path)
        return {"as_of_event": 1, "call": path} if path == "/answers" else {}


async def silent():
    await asyncio.sleep(LONG)
    yield ""


def page_of(door):
    news = News(silent)
    return DeskPage("desk1", door, news), news


async def turns(number=30):
    for _ in range(number):
        await asyncio.sleep(0)


def test_many_who_wait_cost_one_reading():
    async def play():
        door = Door({"call": None}, {"call": "here"})
        page, _ = page_of(door)
        await page.read()
        waiting = [
            asyncio.create_task(page.until("it", LONG, lambda state: bool(state["call"])))
            for _ in range(5)
        ]
        await turns()
        await page.read()
        await asyncio.wait_for(asyncio.gather(*waiting), 5)
        assert door.reads == 2

    asyncio.run(play())


def test_an_order_shows_its_own_answer_and_reads_where_there_is_none():
    async def play():
        door = Door({"call": "read"})
        page, _ = page_of(door)
        await page.order("/answers")
        assert (page.state["call"], door.reads) == ("/answers", 0)
        await page.order("/notes")
        assert (page.state["call"], door.reads) == ("read", 1)

    asyncio.run(play())


def test_a_slow_answer_shows_nothing_older_than_what_is_shown():
    page, _ = page_of(Door({}))
    first, second = page._next(), page._next()
    page._show(second, {"call": "newer"})
    page._show(first, {"call": "older"})
    assert page.state == {"call": "newer"}


def test_what_does_not_come_is_named():
    page, _ = page_of(Door({"call": None}))
    with pytest.raises(StepError, match="waited 0 s for the call"):
        asyncio.run(page.until("the call", 0.0, lambda state: bool(state.get("call"))))


def test_a_waiter_ends_though_the_page_turns_at_that_very_moment():
    async def play():
        page, _ = page_of(Door({"call": None}))

        async def watch():
            while True:
                await page.turned(LONG)

        watching = asyncio.create_task(watch())
        await turns()
        await page.read()
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(watching, 5)

    asyncio.run(play())


def test_a_door_that_fails_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)

    async def play():
        door = Door({"call": "here"})
        door.refusals = 2
        page, _ = page_of(door)
        keeping = asyncio.create_task(page.keep())
        await asyncio.wait_for(page.until("it", 5, lambda state: bool(state.get("call"))), 5)
        keeping.cancel()

    asyncio.run(play())
