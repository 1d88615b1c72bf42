"""A town for the simulator's tests: one exchange, one customer's application that records, one loop.

`@in_town(...)` makes an ordinary test of an async one and hands it the `Town`.
"""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.app import EXCHANGE, build_app
from simulator.config import read_config
from simulator.signature import sign

ACCOUNT = "AC" + "1" * 32
OTHER_ACCOUNT = "AC" + "2" * 32
TOKEN = "a token of the tests"
KEY, SECRET = "SK" + "3" * 32, "a secret of the tests, long enough"
APP = "AP" + "4" * 32
LINE = "+15205550100"
OTHER_LINE = "+15205550110"
DESK_911, SECOND_911, HUMAN_LINE, ANA = (
    "+15205550191",
    "+15205550192",
    "+15205550199",
    "+15205550142",
)
PATIENCE_SECONDS = 5.0
XML = "text/xml; charset=utf-8"


def response(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def say(text: str) -> str:
    return f"<Say>{text}</Say>"


def room(name: str = "room", label: str = "caller", dial: str = "", more: str = "") -> str:
    events = 'statusCallback="/room" statusCallbackEvent="start end join leave hold mute modify"'
    return f'<Dial {dial}><Conference beep="false" participantLabel="{label}" {events} {more}>{name}</Conference></Dial>'


class Application:
    """The customer's application: answers from a table, keeps every request with its signature's verdict."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.base = ""
        self.tokens: list[tuple[str, str]] = []

    async def serve(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        good = sign(TOKEN, f"{self.base}{request.path_qs}", form.items())
        verdict = "good" if request.headers.get("X-Twilio-Signature") == good else "bad"
        self.asked.append({"path": request.path, "signature": verdict, **form})
        self.tokens.append((request.path, request.headers["I-Twilio-Idempotency-Token"]))
        answer = self.documents.get(request.path, "")
        if callable(answer):
            answer = answer(form)
        if isinstance(answer, Awaitable):
            answer = await answer
        if isinstance(answer, web.Response):
            return answer
        return web.Response(text=response(answer), headers={"Content-Type": XML})

    def at(self, path: str, **fields: str) -> list[dict[str, str]]:
        """What came to a path with these fields, in the order of its coming."""
        return [one for one in self.asked if one["path"] == path and fields.items() <= one.items()]

    def events(self, path: str = "/room") -> list[str]:
        return [one["StatusCallbackEvent"] for one in self.at(path)]


class Town:
    """What a test does in the town."""

    def __init__(
        self, app: Application, client: aiohttp.ClientSession, base: str, exchange: Any
    ) -> None:
        self.app = app
        self.client = client
        self.base = base
        self.exchange = exchange

    def serve(self, path: str, answer: Any) -> None:
        self.app.documents[path] = answer

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with self.client.request(method, f"{self.base}/simulator{path}", json=body) as answer:
            assert answer.status < 400, (answer.status, await answer.text())
            return await answer.json() if answer.status != 204 else None

    async def refused(self, method: str, path: str, body: Any = None) -> int:
        async with self.client.request(method, f"{self.base}/simulator{path}", json=body) as answer:
            return answer.status

    async def dial(self, caller: str = ANA, to: str = "311", **more: Any) -> str:
        return (await self.control("POST", "/calls", {"from": caller, "to": to, **more}))[
            "call_sid"
        ]

    async def call(self, sid: str) -> dict[str, Any]:
        return await self.control("GET", f"/calls/{sid}")

    async def keys(self, sid: str, digits: str) -> None:
        await self.control("POST", f"/calls/{sid}/keys", {"digits": digits})

    async def says(self, sid: str, text: str, **more: Any) -> None:
        await self.control("POST", f"/calls/{sid}/say", {"text": text, **more})

    async def hang_up(self, sid: str) -> None:
        await self.control("POST", f"/calls/{sid}/hangup")

    async def rest(
        self,
        method: str,
        path: str,
        auth: tuple[str, str] = (ACCOUNT, TOKEN),
        account: str = ACCOUNT,
        **form: Any,
    ) -> tuple[int, Any]:
        url = f"{self.base}/2010-04-01/Accounts/{account}/{path}"
        fields = [
            (name, one)
            for name, value in form.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        headers = {"Authorization": aiohttp.encode_basic_auth(*auth)}
        async with self.client.request(method, url, data=fields or None, headers=headers) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def ring_in(self, name: str = "room", to: str = DESK_911, **form: Any) -> tuple[int, Any]:
        fields = {"From": LINE, "To": to, "Label": "psap-1-1", **form}
        return await self.rest("POST", f"Conferences/{name}/Participants.json", **fields)

    async def until(self, is_so: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        last = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < last:
            found = is_so()
            if found:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"not so in {seconds} s: {inspect.getsource(is_so)}")

    async def until_status(self, sid: str, status: str) -> None:
        await self.until(lambda: self.exchange.leg(sid).status == status)

    async def until_listening(self, sid: str) -> None:
        await self.until(lambda: self.exchange.leg(sid).ear is not None)

    async def until_heard(self, sid: str, text: str) -> None:
        await self.until(lambda: text in self.heard(sid))

    def heard(self, sid: str) -> list[str]:
        return [one.text or one.what.value for one in self.exchange.leg(sid).heard]

    async def asked(self, path: str, count: int = 1, **fields: str) -> list[dict[str, str]]:
        await self.until(lambda: len(self.app.at(path, **fields)) >= count)
        return self.app.at(path, **fields)


def configuration(base: str, **more: Any) -> dict[str, Any]:
    own = {key: more.pop(key) for key in ("calls_per_second", "queue_max_size") if key in more}
    fragment = more.pop("fragment", "")
    return {
        "speech_rate": 60,
        "timer_rate": 10,
        "list_lag_seconds": 0.2,
        "accounts": [
            {
                "name": "tucson",
                "sid": ACCOUNT,
                "auth_token": TOKEN,
                "calls_per_second": 50,
                "api_keys": [{"sid": KEY, "secret": SECRET}],
                "numbers": [
                    {
                        "number": LINE,
                        "dialled_as": ["311"],
                        "voice_url": f"{base}/incoming{fragment}",
                        "voice_fallback_url": f"{base}/fallback",
                        "status_callback": f"{base}/status",
                        "sms_url": f"{base}/texts",
                    }
                ],
                "apps": [{"sid": APP, "voice_url": f"{base}/desk"}],
                **own,
            },
            {
                "name": "other",
                "sid": OTHER_ACCOUNT,
                "auth_token": "another token",
                "numbers": [
                    {"number": OTHER_LINE, "dialled_as": ["411"], "voice_url": f"{base}/other"}
                ],
            },
        ],
        "phones": [
            {"number": DESK_911, "name": "City 911 desk", "kind": "desk911"},
            {
                "number": SECOND_911,
                "name": "County 911 desk",
                "kind": "desk911",
                "on_ring": "answer",
            },
            {"number": HUMAN_LINE, "name": "Human line", "kind": "line"},
        ],
        "residents": [
            {"name": "Ana", "number": ANA, "language": "es", "opening": "hola", "note": ""}
        ],
        **more,
    }


async def _visit(
    story: Callable[..., Awaitable[None]], settings: dict[str, Any], arguments: dict[str, Any]
) -> None:
    application = Application()
    web_app = web.Application()
    web_app.router.add_route("*", "/{tail:.*}", application.serve)
    server = TestServer(web_app)
    await server.start_server()
    application.base = str(server.make_url("")).rstrip("/")
    simulator = await build_app(
        read_config(configuration(application.base, **settings)), with_pages=False
    )
    exchange_server = TestServer(simulator)
    await exchange_server.start_server()
    async with aiohttp.ClientSession() as client:
        town = Town(
            application, client, str(exchange_server.make_url("")).rstrip("/"), simulator[EXCHANGE]
        )
        try:
            await story(town, **arguments)
        finally:
            await exchange_server.close()
            await server.close()


def in_town(**settings: Any) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """Run an async test in a town of its own; further arguments of the test are fixtures as ever."""

    def wrap(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        @functools.wraps(story)
        def run(**arguments: Any) -> None:
            asyncio.run(_visit(story, dict(settings), arguments))

        others = list(inspect.signature(story).parameters.values())[1:]
        run.__signature__ = inspect.Signature(others)  # type: ignore[attr-defined]
        return run

    return wrap
