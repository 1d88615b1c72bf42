"""A small staff door for the desk page alone: serves the built page, the contract's JSON, live events and a telephone line.

It answers orders the way the contract says and records them; tests set what it shows, make it hang, or cut its feed.
It runs in a thread of its own and knows nothing of the product.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.browser.desk import desk_card, desk_states
from tests.browser.desk.mock_telephone import answer_telephone, hang_up, keys

BUILD = Path(__file__).parents[3] / "calltaker" / "static" / "build"
ORDER_SECONDS = 10.0
SHIM = """
const Real = WebSocket;
WebSocket = class extends Real {
  constructor(url, ...rest) { super(String(url).replace(/^wss:/, 'ws:'), ...rest); }
};
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Desk</title><link rel="icon" type="image/svg+xml" href="/static/build/{favicon}">
<link rel="stylesheet" href="/static/build/{css}"><meta name="csrf-token" content="mock-token">
<script src="/shim.js"></script><script type="module" src="/static/build/{js}"></script></head>
<body class="desk-page"><main id="desk"
data-pages='{pages}'><h1 class="visually-hidden">Desk</h1></main></body></html>"""
PAGES = [{"title": "Menus", "address": "/menus"}, {"title": "Quality", "address": "/quality"}]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://127.0.0.1:*; media-src 'self' mediastream:; base-uri 'none'; form-action 'self'"
)


class MockDoor:
    """What the door shows (`state`), what was ordered (`orders`), and its faults."""

    def __init__(self) -> None:
        self.state = desk_states.idle()
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.hangs: set[str] = set()
        self.slow: dict[str, float] = {}
        self.refuses: dict[str, int] = {}
        self.refusal_says: dict[str, Any] = {}
        self.is_signed_out = False
        self.feed_is_down = False
        self.has_map = True
        self.nearby = desk_states.NEARBY
        self.card = desk_card.CARD
        self.address = ""
        self.after: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.streams = 0
        self._event = 1
        self._woken: list[asyncio.Event] = []
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()

    # What tests do

    def show(self, state: dict[str, Any]) -> None:
        """Show another state and tell every page of it."""
        self._event += 1
        self.state = {**state, "as_of_event": self._event, "notes": None}
        self._wake()

    def cut_feed(self) -> None:
        """End every stream and refuse new ones."""
        self.feed_is_down = True
        self._wake()

    def restore_feed(self) -> None:
        """Take streams again."""
        self.feed_is_down = False

    def hang_up_telephone(self) -> None:
        """The desk's leg ends from the other side."""
        asyncio.run_coroutine_threadsafe(hang_up(), self._loop).result(5)

    def keys(self) -> str:
        """The keys that came by telephone, in order."""
        return "".join(keys)

    def ordered(self, ending: str) -> list[dict[str, Any]]:
        """The bodies of all orders whose path ends so."""
        return [body for path, body in self.orders if path.endswith(ending)]

    def comes_to(self, ending: str, bodies: list[dict[str, Any]]) -> bool:
        """Whether these orders come, and no other of their kind before them: an order takes its time."""
        until = time.monotonic() + ORDER_SECONDS
        while self.ordered(ending) != bodies and time.monotonic() < until:
            time.sleep(0.02)
        return self.ordered(ending) == bodies

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(lambda: [event.set() for event in self._woken])

    # The door itself

    def start(self) -> None:
        """Serve on a free port of the loopback."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """Close the door and wait until it is closed."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)

    def _serve(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serving(ready))

    async def _serving(self, ready: threading.Event) -> None:
        runner = web.AppRunner(self._application(), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await self._closing.wait()
        await hang_up()
        await runner.cleanup()

    def _application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/desk", self._page),
                web.get("/desk/state", self._state),
                web.get("/desk/map.json", self._map),
                web.get("/desk/calls/{call_id}/nearby", self._nearby),
                web.get("/desk/calls/{call_id}/card", self._card),
                web.post("/desk/{path:.+}", self._order),
                web.get("/events", self._events),
                web.get("/shim.js", self._shim),
                web.get("/signal", self._telephone),
                web.static("/static/build", BUILD),
            ]
        )
        return app

    async def _page(self, _request: web.Request) -> web.Response:
        names = json.loads((BUILD / "manifest.json").read_text())
        text = PAGE.format(
            js=names["desk.js"],
            css=names["staff.css"],
            favicon=names["favicon.svg"],
            pages=json.dumps(PAGES),
        )
        return web.Response(
            text=text, content_type="text/html", headers={"Content-Security-Policy": POLICY}
        )

    async def _shim(self, _request: web.Request) -> web.Response:
        return web.Response(text=SHIM, content_type="text/javascript")

    async def _map(self, _request: web.Request) -> web.Response:
        return web.json_response(desk_states.MAP) if self.has_map else web.Response(status=404)

    async def _nearby(self, _request: web.Request) -> web.Response:
        return web.json_response({"within_metres": 300.0, "requests": self.nearby})

    async def _card(self, _request: web.Request) -> web.Response:
        return web.json_response(self.card)

    async def _state(self, _request: web.Request) -> web.Response:
        if self.is_signed_out:
            return web.json_response({"problem": "x", "what_to_do": "y"}, status=401)
        return web.json_response(self._now())

    def _now(self) -> dict[str, Any]:
        return {**self.state, "now": desk_states.ago(0), "as_of_event": self._event}

    async def _order(self, request: web.Request) -> web.Response:
        path, body = request.match_info["path"], await request.json()
        name = path.rsplit("/", 1)[-1]
        if name != "heartbeat":
            self.orders.append((path, body))
        if name in self.hangs:
            await asyncio.sleep(30)
        await asyncio.sleep(self.slow.get(name, 0.0))
        if self.is_signed_out:
            return web.json_response({"problem": "x", "what_to_do": "y"}, status=401)
        if request.headers.get("X-CSRFToken") != "mock-token":
            return web.json_response({"problem": "stale", "what_to_do": "reload"}, status=403)
        if name in self.refuses:
            problem = {
                "problem": "Somebody else has taken this call.",
                "what_to_do": "Wait for the next.",
            }
            return web.json_response(problem | self.refusal_says, status=self.refuses[name])
        return web.json_response(self._after(name, body, request))

    def _after(self, name: str, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        if name == "softphone-token":
            return {
                "token": "a.b.c",
                "identity": "staff-a",
                "expires_at": desk_states.ago(-3600),
                "signalling": request.host,
                "shim": "/shim.js",
            }
        if name == "heartbeat":
            return self._now()
        if "/earlier/" in request.path:
            return desk_card.CONTACT
        self._event += 1
        if name in self.after:
            self.after[name](body)
        return self._now()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self.feed_is_down:
            return web.Response(status=503, headers={"Retry-After": "1"})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        woken = asyncio.Event()
        self._woken.append(woken)
        self.streams += 1
        try:
            await self._tell(response, woken, int(request.query.get("after", 0)))
        finally:
            self.streams -= 1
            self._woken.remove(woken)
        return response

    async def _tell(self, response: web.StreamResponse, woken: asyncio.Event, after: int) -> None:
        await response.write(b": hello\n\n")
        while not self.feed_is_down:
            if after < self._event:
                after = self._event
                await response.write(f"id: {after}\nevent: call_changed\ndata: {{}}\n\n".encode())
            try:
                await asyncio.wait_for(woken.wait(), 5)
            except TimeoutError:
                await response.write(b": keep-alive\n\n")
            woken.clear()

    async def _telephone(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await answer_telephone(socket, message.data)
        return socket
