"""A scripted seat looks when the product tells it something, and by itself when there is no stream."""

import asyncio
import json

import aiohttp
import pytest

from simulator.rehearsal import news as module
from simulator.rehearsal.errors import RefusedError
from simulator.rehearsal.news import News

pytestmark = pytest.mark.rules

LONG = 3_600.0
MINE, OTHERS = "a-call", "another-call"


def told(**data):
    return f"data: {json.dumps({'staff_id': None, 'call_id': None, **data})}"


def stream(*lines):
    """A stream that tells these lines and stays open."""

    async def events():
        for line in lines:
            yield line
        await asyncio.sleep(LONG)

    return events


async def turns(number=20):
    for _ in range(number):
        await asyncio.sleep(0)


def woken(lines, about=None):
    """Whether a seat that waits is woken by these lines."""

    async def play():
        news = News(stream("retry: 1500", "", *lines))
        news.about = about
        tasks = [asyncio.create_task(news.follow()), asyncio.create_task(news.wait(LONG))]
        await turns()
        done = tasks[1].done()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return done

    return asyncio.run(play())


@pytest.fixture(autouse=True)
def nobody_looks_by_the_clock(monkeypatch):
    monkeypatch.setattr(module, "AT_LEAST_EVERY_SECONDS", LONG)
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("line", "about", "wakes"),
    [
        (told(staff_id="me"), None, True),
        (told(call_id=MINE), MINE, True),
        (told(call_id=OTHERS), MINE, False),
        (told(call_id=MINE), None, False),
        (told(), None, False),
        (": keep-alive", MINE, False),
        ("event: line_changed", MINE, False),
    ],
)
def test_a_seat_is_woken_by_its_own_news_alone(line, about, wakes):
    assert woken([line], about) is wakes


def test_news_that_came_while_the_seat_looked_is_not_lost():
    async def play():
        news = News(stream(told(staff_id="me")))
        following = asyncio.create_task(news.follow())
        await turns()
        await asyncio.wait_for(news.wait(LONG), 5)
        following.cancel()

    asyncio.run(play())


@pytest.mark.parametrize(
    "loss",
    [RefusedError("GET /events", 404), aiohttp.ClientError("gone"), TimeoutError(), None],
    ids=["refused", "gone", "silent", "ended"],
)
def test_a_stream_that_is_lost_is_opened_again(loss):
    opened = []

    async def events():
        opened.append(True)
        if len(opened) == 1:
            yield "retry: 1500"
            if loss is not None:
                raise loss
            return
        yield told(staff_id="me")
        await asyncio.sleep(LONG)

    async def play():
        news = News(events)
        following = asyncio.create_task(news.follow())
        await asyncio.wait_for(news.wait(LONG), 5)
        following.cancel()

    asyncio.run(play())
    assert len(opened) == 2


@pytest.mark.parametrize("lines", [["data: no json"], []], ids=["unreadable", "silent"])
def test_without_a_stream_a_seat_looks_as_often_as_it_says(lines):
    async def events():
        for line in lines:
            yield line

    async def play():
        news = News(events)
        following = asyncio.create_task(news.follow())
        await turns()
        assert not following.done()
        assert not news.is_live
        await asyncio.wait_for(news.wait(0.0), 5)
        following.cancel()

    asyncio.run(play())
