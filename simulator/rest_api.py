"""Twilio's REST API of 2010-04-01, as far as it is served here: forms in, JSON out.

Authenticates, finds the resource's handler, turns refusals into Twilio's error object. What a
resource does stands in `rest_calls`, `rest_conferences` and `rest_others`.
"""

import asyncio
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from aiohttp import web
from multidict import MultiDict

from simulator.config import Account
from simulator.errors import RestError, TwimlError
from simulator.exchange import Exchange
from simulator.faults import FaultKind
from simulator.journal import Kind
from simulator.rest_form import Form
from simulator.rest_shapes import ROOT, page

NOT_FOUND, NOT_AUTHENTICATED = 20404, 20003


@dataclass(frozen=True, slots=True)
class Query:
    """One authenticated request: whose, what its form and its path say."""

    exchange: Exchange
    account: Account
    form: Form
    names: Mapping[str, str]
    path: str
    query: Mapping[str, str]

    def missing(self) -> RestError:
        """Twilio's answer for something that is not there."""
        return RestError(404, NOT_FOUND, f"The requested resource {self.path} was not found")

    def listed(self, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A page of a list."""
        return page(name, rows, self.path, self.query)


Handler = Callable[[Query], Awaitable[tuple[int, Mapping[str, Any] | None]]]


def add_resource(app: web.Application, exchange: Exchange, path: str, **methods: Handler) -> None:
    """Serve a resource below an account: `get`, `post` and `delete` handlers."""
    for method, handler in methods.items():
        served = _Resource(exchange, handler).serve
        app.router.add_route(method.upper(), f"{ROOT}/{{account}}/{path}.json", served)


def add_not_found(app: web.Application, exchange: Exchange) -> None:
    """Answer every other path of the API in Twilio's shape; to be added last."""
    app.router.add_route("*", "/2010-04-01{tail:.*}", _Resource(exchange, _not_found).serve)


async def _not_found(query: Query) -> tuple[int, None]:
    raise query.missing()


class _Resource:
    """One handler behind authentication, faults and the error object."""

    def __init__(self, exchange: Exchange, handler: Handler) -> None:
        self._exchange = exchange
        self._handler = handler

    async def serve(self, request: web.Request) -> web.Response:
        fields = await request.post()
        form = Form(MultiDict((name, str(value)) for name, value in fields.items()))
        try:
            status, body = await self._answer(request, form)
        except RestError as error:
            status, body = error.status, error_object(error)
        except TwimlError as error:
            status, body = 400, error_object(RestError(400, error.code, str(error)))
        self._note(request, form, status, body)
        return _response(status, body)

    async def _answer(
        self, request: web.Request, form: Form
    ) -> tuple[int, Mapping[str, Any] | None]:
        account = account_of(request, self._exchange)
        await self._faults(request, account, form)
        names = dict(request.match_info)
        path = request.path
        return await self._handler(
            Query(self._exchange, account, form, names, path, dict(request.query))
        )

    async def _faults(self, request: web.Request, account: Account, form: Form) -> None:
        exchange, family = self._exchange, self._family(request, account, form)
        slow = exchange.faults.take(FaultKind.REST_SLOW, family, path=request.path)
        failing = exchange.faults.take(FaultKind.REST_FAIL, family, path=request.path)
        for fault in (slow, failing):
            if fault is not None:
                told = {"kind": fault.kind.value, "path": request.path}
                exchange.scribe.note(None, Kind.FAULT, told)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if failing is not None:
            code = 20429 if failing.status == 429 else 20500
            raise RestError(failing.status, code, "A fault that was asked for")

    def _family(self, request: web.Request, account: Account, form: Form) -> set[str] | None:
        """The calls that the path names, or whose number is shown; None when none of them is known."""
        room = self._exchange.rooms.find(account, request.match_info.get("room", ""))
        leg = self._exchange.calls.find(request.match_info.get("call", ""), account)
        kin: set[str] = set(room.family) if room else set()
        if leg is not None:
            kin |= set(self._exchange.family(leg) or {leg.sid})
        return kin or self._exchange.showing(form.text("From") or "") or None

    def _note(
        self, request: web.Request, form: Form, status: int, body: Mapping[str, Any] | None
    ) -> None:
        leg = self._exchange.calls.find(
            request.match_info.get("call", "") or str((body or {}).get("call_sid"))
        )
        told = {
            "method": request.method,
            "path": request.path,
            "params": form.shown(),
            "status": status,
            "code": (body or {}).get("code") if status >= 400 else None,
        }
        self._exchange.scribe.note(leg, Kind.REST, told)


def account_of(request: web.Request, exchange: Exchange) -> Account:
    """The account that the path names and the password proves.

    Raises:
        RestError: no such account, or not its password.
    """
    if not request.path.startswith(f"{ROOT}/"):
        raise RestError(404, NOT_FOUND, f"The requested resource {request.path} was not found")
    sid = request.path.removeprefix(f"{ROOT}/").split("/")[0].removesuffix(".json")
    account = next((one for one in exchange.config.accounts if one.sid == sid), None)
    name, password = _credentials(request.headers.get("Authorization", ""))
    secrets = account.secrets() if account else {}
    if (
        account is None
        or not compare_digest(secrets.get(name, "").encode(), password.encode())
        or not password
    ):
        raise RestError(401, NOT_AUTHENTICATED, "Authenticate")
    return account


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, packed = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = b64decode(packed, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return "", ""
    return name, password


def error_object(error: RestError) -> dict[str, Any]:
    """Twilio's own form of a refusal."""
    return {
        "code": error.code,
        "message": str(error),
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }


def _response(status: int, body: Mapping[str, Any] | None) -> web.Response:
    if status == 204:
        return web.Response(status=204)
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else None
    return web.json_response(body, status=status, headers=headers)
