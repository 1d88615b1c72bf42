"""The control interface: what people at telephones, pages, rehearsals and tests do and see.

JSON below `/simulator`, and the live feed. Has no part in Twilio's interfaces.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import dropwhile
from typing import Any

from aiohttp import web

from simulator import texts_in
from simulator.config import read_behaviour
from simulator.errors import CallStateError, ConfigError, NoSuchThingError, TokenError
from simulator.exchange import Exchange
from simulator.faults import read_fault
from simulator.legs import Answer, Leg
from simulator.live_feed import serve_feed
from simulator.parameters import rfc2822
from simulator.phones import OutsidePhone

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, exchange: Exchange) -> None:
    """Serve the control interface."""
    control = Control(exchange)
    routes: Mapping[str, Handler] = {
        "POST /calls": control.dial,
        "GET /calls": control.calls,
        "GET /calls/{sid}": control.call,
        "POST /calls/{sid}/keys": control.keys,
        "POST /calls/{sid}/say": control.say,
        "POST /calls/{sid}/hangup": control.hang_up,
        "POST /calls/{sid}/answer": control.answer,
        "POST /calls/{sid}/busy": control.busy,
        "POST /calls/{sid}/decline": control.busy,
        "POST /calls/{sid}/ignore": control.ignore,
        "GET /phones": control.phones,
        "GET /phones/{number}": control.phone,
        "PUT /phones/{number}": control.set_phone,
        "POST /softphones": control.register,
        "POST /softphones/{identity}/connect": control.connect,
        "POST /softphones/{identity}/drop": control.drop,
        "POST /faults": control.add_faults,
        "GET /journal": control.journal,
        "GET /messages": control.messages,
        "POST /messages": control.text,
    }
    for route, handler in routes.items():
        method, path = route.split()
        app.router.add_route(method, f"/simulator{path}", answered(handler))
    app.router.add_get("/simulator/live", control.live)


def answered(handler: Handler) -> Handler:
    """Turn the package's errors into JSON answers."""

    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NoSuchThingError as error:
            return _refusal(404, str(error))
        except CallStateError as error:
            return _refusal(409, str(error))
        except TokenError as error:
            return _refusal(401, str(error), error.code)
        except ConfigError as error:
            return _refusal(400, str(error))

    return serve


def _refusal(status: int, why: str, code: int | None = None) -> web.Response:
    return web.json_response({"error": why, "code": code}, status=status)


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise ConfigError(["the body is no JSON"]) from error
    if not isinstance(body, Mapping):
        raise ConfigError(["the body is to be a JSON object"])
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ConfigError([f"{name} is needed, as text"])
    return value


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise ConfigError([f"{name} is to be a list"])
    return value


class Control:
    """The handlers."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def _leg(self, request: web.Request) -> Leg:
        return self._exchange.leg(request.match_info["sid"])

    async def dial(self, request: web.Request) -> web.Response:
        """A resident dials."""
        body = await _body(request)
        faults = [read_fault(fault) for fault in _list(body, "faults")]
        fields = {str(name): str(value) for name, value in dict(body.get("fields") or {}).items()}
        leg = self._exchange.dial(_text(body, "from"), _text(body, "to"), faults, fields)
        return web.json_response({"call_sid": leg.sid}, status=201)

    async def calls(self, request: web.Request) -> web.Response:
        """Every leg there was, oldest first; with `?since=SID` that one and those made after it."""
        since = self._since(request)
        legs = dropwhile(lambda leg: since not in (None, leg.sid), self._exchange.calls.all())
        return web.json_response({"calls": [_brief(leg) for leg in legs]})

    def _since(self, request: web.Request) -> str | None:
        """The call from whose beginning on somebody asks; a day's worth is no answer for one call."""
        since = request.query.get("since")
        return None if since is None else self._exchange.leg(since).sid

    async def call(self, request: web.Request) -> web.Response:
        """One leg as it is now, with all that its party has heard."""
        return web.json_response(_full(self._leg(request)))

    async def keys(self, request: web.Request) -> web.Response:
        """Press keys."""
        leg, digits = self._live(request), _text(await _body(request), "digits")
        if set(digits) - set("0123456789*#"):
            raise ConfigError([f"digits {digits!r} are not all keys"])
        self._exchange.pressed(leg, digits)
        return web.Response(status=204)

    async def say(self, request: web.Request) -> web.Response:
        """Say words."""
        leg, body = self._live(request), await _body(request)
        confidence = body.get("confidence", 0.9)
        self._exchange.said(
            leg, _text(body, "text"), None if confidence is None else float(confidence)
        )
        return web.Response(status=204)

    def _live(self, request: web.Request) -> Leg:
        leg = self._leg(request)
        if leg.is_over:
            raise CallStateError(f"the call is {leg.status.value}")
        return leg

    async def hang_up(self, request: web.Request) -> web.Response:
        """Hang up; one that has ended stays so."""
        leg = self._leg(request)
        self._exchange.hung_up(leg)
        await leg.over.wait()
        return web.Response(status=204)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a ringing leg at its telephone."""
        return self._responded(request, Answer.ANSWERED)

    async def busy(self, request: web.Request) -> web.Response:
        """Refuse a ringing leg."""
        return self._responded(request, Answer.BUSY)

    async def ignore(self, request: web.Request) -> web.Response:
        """Let it ring until the caller's time is out."""
        self._live(request)
        return web.Response(status=204)

    def _responded(self, request: web.Request, answer: Answer) -> web.Response:
        leg = self._leg(request)
        if not self._exchange.respond(leg, answer):
            raise CallStateError(f"the call does not ring, it is {leg.status.value}")
        return web.Response(status=204)

    async def phones(self, _request: web.Request) -> web.Response:
        """Every outside telephone."""
        return web.json_response(
            {"phones": [_phone(phone) for phone in self._exchange.phones.all()]}
        )

    async def phone(self, request: web.Request) -> web.Response:
        """One outside telephone."""
        phone = self._exchange.phones.find(request.match_info["number"])
        if phone is None:
            raise NoSuchThingError(f"there is no telephone {request.match_info['number']!r}")
        return web.json_response(_phone(phone))

    async def set_phone(self, request: web.Request) -> web.Response:
        """Say how a telephone behaves at its next rings, and otherwise; makes it if it is new."""
        body = await _body(request)
        coming = [read_behaviour(row) for row in _list(body, "next")]
        otherwise = read_behaviour(body["otherwise"]) if body.get("otherwise") else None
        phone = self._exchange.phones.know(request.match_info["number"])
        phone.coming.clear()
        phone.coming.extend(coming)
        phone.otherwise = otherwise or phone.otherwise
        return web.json_response(_phone(phone))

    async def register(self, request: web.Request) -> web.Response:
        """Register a softphone without a browser."""
        softphone = self._exchange.headless.register(_text(await _body(request), "token"))
        return web.json_response({"identity": softphone.grant.identity}, status=201)

    async def connect(self, request: web.Request) -> web.Response:
        """Call the softphone's TwiML App."""
        params = dict((await _body(request)).get("params") or {})
        softphone = self._exchange.headless.find(request.match_info["identity"])
        named = {str(name): str(value) for name, value in params.items()}
        leg = self._exchange.connect_softphone(softphone, named)
        return web.json_response({"call_sid": leg.sid}, status=201)

    async def drop(self, request: web.Request) -> web.Response:
        """The softphone's browser is gone."""
        self._exchange.headless.drop(request.match_info["identity"])
        return web.Response(status=204)

    async def add_faults(self, request: web.Request) -> web.Response:
        """Ask for faults on a call, on the next call (null), or on any (`*`)."""
        body = await _body(request)
        self._exchange.faults.add(
            body.get("call_sid"), [read_fault(row) for row in _list(body, "faults")]
        )
        return web.Response(status=204)

    async def journal(self, request: web.Request) -> web.Response:
        """What every party heard and did; with `?since=SID` from that call's beginning on."""
        since, kept = self._since(request), self._exchange.journal.entries
        entries = dropwhile(
            lambda entry: since not in (None, entry.call_sid), kept(request.query.get("call_sid"))
        )
        return web.json_response({"entries": [entry.as_json() for entry in entries]})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """The live feed."""
        return await serve_feed(request, self._exchange.journal)

    async def text(self, request: web.Request) -> web.Response:
        """A resident sends a text message to a number."""
        body = await _body(request)
        from_, to, words = (_text(body, name) for name in ("from", "to", "body"))
        sid = await texts_in.send(self._exchange, from_, to, words)
        return web.json_response({"sid": sid}, status=201)

    async def messages(self, request: web.Request) -> web.Response:
        """The text messages that a telephone (`?to=`) has received."""
        number = request.query.get("to", "").replace(" ", "+") or None
        rows = [
            {"sid": text.sid, "from": text.from_, "to": text.to, "body": text.body, "status": text.status,
             "at": rfc2822(text.created_at)}
            for text in self._exchange.texts.to(number)
        ]  # fmt: skip
        return web.json_response({"messages": rows})


def _brief(leg: Leg) -> dict[str, Any]:
    return {
        "call_sid": leg.sid,
        "from": leg.from_,
        "to": leg.to,
        "direction": leg.direction.value,
        "status": leg.status.value,
        "kind": leg.party.value,
        "rooms": list(leg.rooms),
        "parent_call_sid": leg.parent_sid,
    }


def _full(leg: Leg) -> dict[str, Any]:
    here = leg.participant
    return _brief(leg) | {
        "conference": here.room.sid if here is not None and here.joined else None,
        "conference_name": here.room.name if here is not None and here.joined else None,
        "label": here.label if here is not None else None,
        "queue": leg.member.queue.name if leg.member is not None else None,
        "on_hold": here.hold if here is not None else False,
        "muted": here.muted if here is not None else False,
        "bridged_to": leg.bridged_to.sid if leg.bridged_to is not None else None,
        "listening": leg.ear.described() if leg.ear is not None else None,
        "duration_seconds": leg.duration_seconds,
        "heard": [heard.as_json() for heard in leg.heard],
        "documents": [asked.as_json() for asked in leg.documents],
    }


def _phone(phone: OutsidePhone) -> dict[str, Any]:
    return {
        "number": phone.number,
        "name": phone.name,
        "kind": phone.kind.value,
        "ringing": phone.ringing(),
        "live": phone.live(),
    }
