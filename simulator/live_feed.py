"""The live feed: a WebSocket that tells of every entry of the journal as it is written.

`?call_sid=` narrows it to a call, `?phone=` to the calls from or to a number.
"""

import asyncio
import contextlib

from aiohttp import WSMsgType, web

from simulator.journal import Entry, Journal

MOST_UNSENT = 10_000


async def serve_feed(request: web.Request, journal: Journal) -> web.WebSocketResponse:
    """Serve one listener until it goes; one too slow to follow is let go, not waited for."""
    socket = web.WebSocketResponse(heartbeat=30)
    await socket.prepare(request)
    call_sid = request.query.get("call_sid")
    # A plus sign that nobody escaped arrives as a blank.
    number = request.query.get("phone", "").replace(" ", "+") or None
    unsent: asyncio.Queue[Entry] = asyncio.Queue(MOST_UNSENT)

    def listen(entry: Entry) -> None:
        fits = call_sid in (None, entry.call_sid) and (number is None or number in entry.numbers)
        if fits:
            with contextlib.suppress(asyncio.QueueFull):
                unsent.put_nowait(entry)

    with journal.listening(listen):
        sending = asyncio.ensure_future(_send(socket, unsent))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            sending.cancel()
    return socket


async def _send(socket: web.WebSocketResponse, unsent: "asyncio.Queue[Entry]") -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):
        while True:
            await socket.send_json((await unsent.get()).as_json())
