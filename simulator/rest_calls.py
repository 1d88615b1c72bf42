"""REST's Calls: create, fetch, list, redirect, end; and messages to a softphone."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from simulator import rest_shapes
from simulator.config import VoiceUrls
from simulator.errors import RestError
from simulator.exchange import Exchange
from simulator.legs import CallStatus, Direction, Leaving, Leg, new_sid
from simulator.parameters import rfc2822
from simulator.rest_api import Query, add_resource
from simulator.rest_form import BAD_PARAMETER, called, caller
from simulator.steps import GoTo, Inline
from simulator.twiml import LONGEST_INLINE, read_document

Body = Mapping[str, Any] | None
NO_URL, NOT_IN_PROGRESS = 21205, 21220


def add_routes(app: web.Application, exchange: Exchange) -> None:
    """Serve Calls."""
    add_resource(app, exchange, "Calls", get=_list, post=_create)
    add_resource(app, exchange, "Calls/{call}", get=_fetch, post=_update)
    add_resource(app, exchange, "Calls/{call}/UserDefinedMessages", post=_message)


def leg_of(query: Query) -> Leg:
    """The leg that the path names; raises RestError(404)."""
    leg = query.exchange.calls.find(query.names["call"], query.account)
    if leg is None:
        raise query.missing()
    return leg


async def _list(query: Query) -> tuple[int, Body]:
    wanted: Mapping[str, Callable[[Leg], str | None]] = {
        "Status": lambda leg: leg.status.value,
        "To": lambda leg: leg.to,
        "From": lambda leg: leg.from_,
        "ParentCallSid": lambda leg: leg.parent_sid,
    }
    legs = [leg for leg in reversed(query.exchange.calls.all()) if leg.account is query.account]
    for name, of in wanted.items():
        if name in query.query:
            legs = [leg for leg in legs if of(leg) == query.query[name]]
    return 200, query.listed("calls", [rest_shapes.call(leg) for leg in legs])


async def _fetch(query: Query) -> tuple[int, Body]:
    return 200, rest_shapes.call(leg_of(query))


async def _create(query: Query) -> tuple[int, Body]:
    exchange, form = query.exchange, query.form
    to, from_ = called(form), caller(form, query.account, exchange.calls.all())
    first, seconds = _first(query), form.ring_seconds()
    url = form.text("Url") or ""
    leg = exchange.calls.originate(
        query.account, to, from_, Direction.OUTBOUND_API,
        progress=form.progress(), urls=VoiceUrls(url, form.text("FallbackUrl")),
    )  # fmt: skip

    async def then() -> None:
        await exchange.player(leg).run(first)

    exchange.calls.place(leg, seconds, then)
    return 201, rest_shapes.call(leg)


def _first(query: Query) -> GoTo | Inline:
    """What a leg is to run: Url wins over Twiml."""
    url, twiml = query.form.text("Url"), query.form.text("Twiml")
    if url:
        if not url.startswith(("http://", "https://")):
            raise RestError(400, NO_URL, f"Url is not a valid URL: {url}")
        return GoTo(url, query.form.method("Method"))
    if not twiml:
        raise RestError(400, NO_URL, "Url parameter is required.")
    if len(twiml) > LONGEST_INLINE:
        raise RestError(400, BAD_PARAMETER, f"Twiml is longer than {LONGEST_INLINE} characters.")
    return Inline(read_document(twiml.encode()))


async def _update(query: Query) -> tuple[int, Body]:
    leg, status = leg_of(query), query.form.text("Status")
    if status is not None:
        await _end(query, leg, status)
    elif "Url" in query.form or "Twiml" in query.form:
        if "FallbackUrl" in query.form:
            voice_url = leg.urls.voice_url if leg.urls else ""
            status_callback = leg.urls.status_callback if leg.urls else None
            leg.urls = VoiceUrls(voice_url, query.form.text("FallbackUrl"), status_callback)
        await query.exchange.calls.redirect(leg, _first(query))
    else:
        raise RestError(400, NO_URL, "Nothing to update: Url, Twiml or Status is required.")
    return 200, rest_shapes.call(leg)


async def _end(query: Query, leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise RestError(400, BAD_PARAMETER, "Status must be completed or canceled.")
    if leg.is_over or (status == "canceled" and leg.is_live):
        raise RestError(400, NOT_IN_PROGRESS, f"Call is {leg.status.value}. Cannot be {status}.")
    ended = None if leg.is_live else CallStatus.CANCELED
    await query.exchange.calls.end(leg, ended, Leaving.UPDATED)


async def _message(query: Query) -> tuple[int, Body]:
    leg, content = leg_of(query), query.form.needed("Content")
    if leg.is_over:
        raise query.missing()
    if leg.softphone is not None:
        leg.softphone.message(leg, content)
    return 201, {
        "account_sid": query.account.sid,
        "call_sid": leg.sid,
        "sid": new_sid("KX"),
        "date_created": rfc2822(leg.created_at),
    }
